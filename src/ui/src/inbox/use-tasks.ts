// The list as it is read: it changes in place, and new rows wait until they are asked for.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { api, call } from "../api/client";
import { onChanges } from "../api/live";
import { type Result, useQuery } from "../api/query";
import type { TaskState, TaskSummary, View } from "../api/types";
import { type Merged, merge, type Slot, slotsOf } from "../lib/order";
import { createStore } from "../lib/store";

const pageSize = 100;

export interface Page {
  items: TaskSummary[];
  more: boolean;
}

async function readPages(view: View, q: string, pages: number): Promise<Page> {
  const items: TaskSummary[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const query = { view, q: q || undefined, cursor, limit: pageSize };
    const got = await call(api.GET("/api/v1/tasks", { params: { query } }));
    items.push(...got.items);
    if (got.next === null) return { items, more: false };
    cursor = got.next;
  }
  return { items, more: true };
}

/** The order in which tasks were last listed: previous and next on a task follow it. */
export const lastListed = createStore<string[]>([]);

interface Shown {
  of: string;
  pages: number;
  slots: Slot[];
}

export interface TaskList extends Merged {
  result: Result<Page>;
  showNews: () => void;
  showMore: () => void;
}

const nothing: Shown = { of: "", pages: 1, slots: [] };
const noTasks: TaskSummary[] = [];

export function useTasks(view: View, q: string): TaskList {
  const of = `${view} ${q}`;
  const [shown, setShown] = useState<Shown>(nothing);
  const pages = shown.of === of ? shown.pages : 1;
  const known = useRef(new Map<string, TaskSummary>());
  const told = useRef(new Map<string, TaskState>());
  const result = useQuery({
    key: ["tasks", view, q, pages],
    read: () => readPages(view, q, pages),
    every: 60_000,
  });
  const latest = result.data?.items ?? noTasks;
  const apply = () => setShown({ of, pages, slots: slotsOf(latest, view === "decided") });

  useEffect(
    () =>
      onChanges((changes) => {
        if (changes !== "reload") for (const c of changes) told.current.set(c.id, c.state);
      }),
    [],
  );
  const loaded = result.data !== undefined;
  const other = shown.of !== of || shown.slots.length === 0;
  useEffect(() => {
    // Where nothing is shown yet, nothing can move under a finger.
    if (loaded && other && !(shown.of === of && latest.length === 0)) apply();
  }, [loaded, other, of, latest]);

  const slots = shown.of === of ? shown.slots : slotsOf(latest, view === "decided");
  const merged = useMemo(() => merge(slots, latest, known.current, told.current), [slots, latest]);
  useEffect(() => {
    for (const task of latest) known.current.set(task.id, task);
    lastListed.set(merged.rows.map((row) => row.task.id));
  }, [latest, merged]);

  return {
    ...merged,
    result,
    showNews: apply,
    showMore: () => setShown({ of, pages: pages + 1, slots: [] }),
  };
}
