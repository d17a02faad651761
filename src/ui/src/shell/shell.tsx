// The frame: top bar, navigation, and the page that scrolls inside it.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { live, onChanges, startLive, tryNow } from "../api/live";
import { queries } from "../api/query";
import { t } from "../i18n";
import { useFormat, usePlant } from "../lib/plant";
import { useStore } from "../lib/store";
import { Icon } from "../parts/icons";
import { Top } from "./top";

interface ShellProps {
  /** On a task the navigation makes room on small screens. */
  focus: boolean;
  children: ComponentChildren;
}

export function Shell({ focus, children }: ShellProps) {
  useEffect(startLive, []);
  useEffect(
    () =>
      onChanges((changes) => {
        void queries.invalidateQueries({ queryKey: ["plant"] });
        void queries.invalidateQueries({ queryKey: ["tasks"] });
        if (changes === "reload") void queries.invalidateQueries();
        else
          for (const { id } of changes) void queries.invalidateQueries({ queryKey: ["task", id] });
      }),
    [],
  );
  return (
    <div class={focus ? "app app-focus" : "app"}>
      <Top focus={focus} />
      <Nav />
      <main class="main" id="main" tabIndex={-1}>
        <OfflineBar />
        {children}
      </main>
    </div>
  );
}

function Nav() {
  const open = usePlant().data?.counts.open ?? 0;
  return (
    <nav class="nav" aria-label={t("nav.main")}>
      <ul>
        <li>
          <a class="nav-item" href="/" aria-current="page">
            <Icon name="inbox" />
            {t("nav.inbox")}
            {open > 0 && (
              <span class="nav-count">
                {open}
                <span class="hide"> {t("nav.open")}</span>
              </span>
            )}
          </a>
        </li>
      </ul>
    </nav>
  );
}

function OfflineBar() {
  const { status, since, heardAt } = useStore(live);
  const format = useFormat();
  if (status !== "offline") return null;
  const lost = since ?? Date.now();
  return (
    <div class="offline-bar" role="status">
      <Icon name="offline" />
      <p>
        <b>{t("offline.since", { time: format.seconds(lost) })}</b>{" "}
        {t("offline.copy", { time: format.clock(heardAt ?? lost) })}
      </p>
      <button class="btn btn-on-strong" type="button" onClick={tryNow}>
        {t("offline.try")}
      </button>
    </div>
  );
}
