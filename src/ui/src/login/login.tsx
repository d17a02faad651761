// Log-in: name and password.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/errors";
import { t } from "../i18n";
import { errorText } from "../lib/errors";
import { choose, prefs } from "../lib/prefs";
import { useStore } from "../lib/store";
import { Icon, Mark } from "../parts/icons";
import { logIn } from "./actions";

export function Login() {
  useEffect(() => {
    document.title = `${t("login.title")} · Millwright`;
  });
  return (
    <div class="login">
      <header class="login-top">
        <p class="brand">
          <Mark />
          <span class="brand-name">Millwright</span>
        </p>
      </header>
      <main class="login-main" id="main">
        <h1>{t("login.title")}</h1>
        <LoginForm />
      </main>
      <footer class="login-foot">
        <p>{t("login.drafts")}</p>
        <Language />
      </footer>
    </div>
  );
}

function Language() {
  const { language } = useStore(prefs);
  return (
    <label class="push lang">
      <Icon name="globe" size="s" />
      <span class="hide">{t("menu.language")}</span>
      <select
        class="input"
        value={language}
        onChange={(event) => choose({ language: event.currentTarget.value === "de" ? "de" : "en" })}
      >
        <option value="en" lang="en">
          English
        </option>
        <option value="de" lang="de">
          Deutsch
        </option>
      </select>
    </label>
  );
}

/** Seconds until another attempt is allowed, counted down. */
function useWait(): [number, (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [, tick] = useState(0);
  const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => tick((n) => n + 1), 1_000);
    return () => clearTimeout(timer);
  });
  return [left, (seconds) => setUntil(Date.now() + seconds * 1000)];
}

function loginError(error: unknown): string {
  if (error instanceof ApiError && error.code === "bad_credentials") return t("login.wrong");
  if (error instanceof ApiError && error.code === "too_many") return "";
  return errorText(error);
}

function LoginForm() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [wait, startWait] = useWait();
  const password = useRef<HTMLInputElement>(null);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy || wait > 0) return;
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem("");
    try {
      await logIn(String(form.get("user")).trim(), String(form.get("password")));
    } catch (error) {
      setBusy(false);
      setProblem(loginError(error));
      if (error instanceof ApiError && error.code === "too_many") startWait(error.retryAfter ?? 60);
      if (password.current) {
        password.current.value = "";
        password.current.focus();
      }
    }
  }

  const message = wait > 0 ? t("login.wait", { seconds: wait }) : problem;
  return (
    <form class="login-form" onSubmit={submit}>
      <div class="field">
        <label class="label" for="user">
          {t("login.user")}
        </label>
        <input
          class="input"
          id="user"
          name="user"
          type="text"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          maxLength={64}
          required
        />
      </div>
      <div class="field">
        <label class="label" for="password">
          {t("login.password")}
        </label>
        <input
          class={message ? "input input-error" : "input"}
          ref={password}
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          maxLength={256}
          aria-invalid={message !== ""}
          aria-describedby="login-error"
          required
        />
      </div>
      <p class="help is-p1" id="login-error" role="alert">
        {message && <span class="bad">✕ {message}</span>}
      </p>
      <button class="btn btn-strong btn-tall" type="submit" disabled={busy || wait > 0}>
        {t(busy ? "login.busy" : "login.submit")}
      </button>
    </form>
  );
}
