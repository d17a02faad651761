// The inbox: what waits for a person, most urgent first, filled live.

import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { View } from "../api/types";
import { t, tn } from "../i18n";
import { useMedia } from "../lib/clock";
import { useKeys } from "../lib/keys";
import { usePlant } from "../lib/plant";
import { Icon } from "../parts/icons";
import { TaskListView } from "./list";
import { Peek } from "./peek";
import { useTasks } from "./use-tasks";

const views: View[] = ["open", "mine", "expiring", "decided"];

function viewOf(text: string | undefined): View {
  return views.find((view) => view === text) ?? "open";
}

export function Inbox() {
  const { query, route } = useLocation();
  const view = viewOf(query.view);
  const q = query.q ?? "";
  const list = useTasks(view, q);
  const peeks = useMedia("(min-width: 80rem)");
  const [on, setOn] = useState<string | null>(null);
  const ids = list.rows.map((row) => row.task.id);
  const current = on !== null && ids.includes(on) ? on : null;
  const peeked = current ?? ids[0] ?? null;

  useEffect(() => {
    document.title = `${t("nav.inbox")} · Millwright`;
  }, []);
  useKeys({
    j: () => step(ids, current, 1, setOn),
    k: () => step(ids, current, -1, setOn),
    "/": () => document.getElementById("search")?.focus(),
    a: () => peeks && peeked && route(`/tasks/${peeked}#approve`),
    r: () => peeks && peeked && route(`/tasks/${peeked}#reject`),
  });

  return (
    <div class="inbox">
      <div class="inbox-main">
        <header class="inbox-head">
          <h1 class="page-title">{t("nav.inbox")}</h1>
          <Tabs view={view} q={q} />
        </header>
        <div class="inbox-tools">
          <Search view={view} q={q} />
          <News count={list.fresh.length} show={list.showNews} />
        </div>
        <TaskListView list={list} view={view} q={q} on={peeks ? peeked : current} setOn={setOn} />
      </div>
      {peeks && peeked && <Peek id={peeked} />}
    </div>
  );
}

function step(
  ids: string[],
  current: string | null,
  by: number,
  setOn: (id: string) => void,
): void {
  const at = current === null ? -1 : ids.indexOf(current);
  const next = ids[Math.min(ids.length - 1, Math.max(0, at + by))];
  if (next === undefined) return;
  setOn(next);
  const link = document.querySelector<HTMLElement>(`[data-task="${CSS.escape(next)}"]`);
  link?.focus();
}

function address(view: View, q: string): string {
  const query = new URLSearchParams();
  if (view !== "open") query.set("view", view);
  if (q) query.set("q", q);
  const text = query.toString();
  return text ? `/?${text}` : "/";
}

function Tabs({ view, q }: { view: View; q: string }) {
  const counts = usePlant().data?.counts;
  return (
    <nav class="tabs" aria-label={t("views")}>
      {views.map((name) => (
        <a
          class="tab"
          href={address(name, q)}
          aria-current={name === view ? "page" : undefined}
          key={name}
        >
          {t(`view.${name}`)}
          {name !== "decided" && counts && <span class="tab-count">{counts[name]}</span>}
        </a>
      ))}
    </nav>
  );
}

function Search({ view, q }: { view: View; q: string }) {
  const { route } = useLocation();
  const timer = useRef(0);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // An address that changed by other means than this field shows in it.
    if (input.current && document.activeElement !== input.current) input.current.value = q;
  }, [q]);
  function search(text: string): void {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => route(address(view, text.trim()), true), 250);
  }
  return (
    <search class="search">
      <Icon name="search" />
      <input
        class="input"
        ref={input}
        id="search"
        type="search"
        maxLength={200}
        aria-label={t("search.label")}
        placeholder={t("search")}
        defaultValue={q}
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <kbd>/</kbd>
    </search>
  );
}

function News({ count, show }: { count: number; show: () => void }) {
  return (
    <div class="news" role="status">
      {count > 0 && (
        <button class="pill" type="button" onClick={show}>
          <Icon name="plus" size="s" />
          <span>{tn("news", count)}</span>
        </button>
      )}
    </div>
  );
}
