// Who is here decides what is shown; the address decides which page.

import { useEffect, useState } from "preact/hooks";
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from "preact-iso";
import { ApiError } from "./api/errors";
import { catalogue, t } from "./i18n";
import { Inbox } from "./inbox/inbox";
import { useLate } from "./lib/clock";
import { session } from "./lib/session";
import { useStore } from "./lib/store";
import { restore } from "./login/actions";
import { Login } from "./login/login";
import { Failed, Skeleton, State } from "./parts/panel";
import { Shell } from "./shell/shell";

const TaskPage = lazy(() => import("./task/page").then((m) => m.TaskPage));

export function App() {
  // A change of language draws everything anew.
  useStore(catalogue);
  const who = useStore(session);
  if (who === undefined) return <Restore />;
  if (who === null) return <Login />;
  return (
    <LocationProvider>
      <ErrorBoundary>
        <Pages key={who.user} />
      </ErrorBoundary>
    </LocationProvider>
  );
}

function Pages() {
  const { path } = useLocation();
  return (
    <Shell focus={path.startsWith("/tasks/")}>
      <Router>
        <Route path="/" component={Inbox} />
        <Route path="/tasks/:id" component={TaskPage} />
        <Route default component={NotFound} />
      </Router>
    </Shell>
  );
}

function NotFound() {
  useEffect(() => {
    document.title = `${t("missing.title")} · Millwright`;
  }, []);
  return (
    <div class="page">
      <div class="card">
        <State icon="error" title={t("missing.title")}>
          <a class="btn" href="/">
            {t("missing.home")}
          </a>
        </State>
      </div>
    </div>
  );
}

function Restore() {
  const [error, setError] = useState<ApiError | null>(null);
  const late = useLate(error === null);
  function attempt(): void {
    setError(null);
    restore().catch((cause) => {
      if (session.get() === undefined) setError(cause instanceof ApiError ? cause : null);
    });
  }
  useEffect(attempt, []);
  return (
    <main class="page" id="main">
      {error && <Failed error={error} retry={attempt} />}
      {late && <Skeleton label={t("loading")} lines={["w-50", "w-90", "w-30"]} />}
    </main>
  );
}
