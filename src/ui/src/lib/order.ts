// Which task comes first, and what a list that is being read does with news.
import type { Priority, TaskState, TaskSummary } from "../api/types";

const time = (at: string | null) => (at === null ? Number.POSITIVE_INFINITY : Date.parse(at));

function difference(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** The most urgent first; equal ones oldest first, then by id, so that the order never flickers. */
export function byUrgency(a: TaskSummary, b: TaskSummary): number {
  return (
    a.priority - b.priority ||
    difference(time(a.decideBy), time(b.decideBy)) ||
    difference(time(a.due), time(b.due)) ||
    difference(Date.parse(a.proposedAt), Date.parse(b.proposedAt)) ||
    (a.id < b.id ? -1 : 1)
  );
}

export function byNewestChange(a: TaskSummary, b: TaskSummary): number {
  return difference(Date.parse(b.changedAt), Date.parse(a.changedAt)) || (a.id < b.id ? -1 : 1);
}

/** A place in the list on the screen: it keeps its group until the reader asks for the news. */
export interface Slot {
  id: string;
  group: Priority;
}

export interface Row {
  task: TaskSummary;
  group: Priority;
  /** Not in this view any more; the row stays where it was until the reader asks for the news. */
  gone: boolean;
}

export interface Merged {
  rows: Row[];
  fresh: string[];
}

export function slotsOf(tasks: TaskSummary[], decided: boolean): Slot[] {
  const order = decided ? byNewestChange : byUrgency;
  return [...tasks].sort(order).map((task) => ({ id: task.id, group: task.priority }));
}

/**
 * Lays the newest answer over the list being read: rows change in place, new ones wait, and those
 * that left stay as they were last known, with the state the stream told.
 */
export function merge(
  slots: Slot[],
  latest: TaskSummary[],
  known: ReadonlyMap<string, TaskSummary>,
  told: ReadonlyMap<string, TaskState>,
): Merged {
  const now = new Map(latest.map((task) => [task.id, task]));
  const rows: Row[] = [];
  for (const { id, group } of slots) {
    const current = now.get(id);
    const old = known.get(id);
    if (current) rows.push({ task: current, group, gone: false });
    else if (old) {
      rows.push({ task: { ...old, state: told.get(id) ?? old.state }, group, gone: true });
    }
  }
  const shown = new Set(slots.map((slot) => slot.id));
  const fresh = latest.filter((task) => !shown.has(task.id)).map((task) => task.id);
  return { rows, fresh };
}

export interface Group {
  priority: Priority;
  rows: Row[];
}

export function groups(rows: Row[]): Group[] {
  const found = new Map<Priority, Row[]>();
  for (const row of rows) {
    const list = found.get(row.group);
    if (list) list.push(row);
    else found.set(row.group, [row]);
  }
  return [...found].map(([priority, list]) => ({ priority, rows: list }));
}
