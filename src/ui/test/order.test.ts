import { describe, expect, it } from "vitest";
import type { TaskState, TaskSummary } from "../src/api/types";
import { byNewestChange, byUrgency, groups, merge, slotsOf } from "../src/lib/order";
import { task } from "./tasks";

const ids = (tasks: { id: string }[]) => tasks.map(({ id }) => id);
const known = (...tasks: TaskSummary[]) => new Map(tasks.map((t) => [t.id, t]));
const none = new Map<string, TaskState>();

describe("urgency", () => {
  it("is priority, then the time to decide, then due, then age", () => {
    const a = task({ id: "a", priority: 1, decideBy: "2026-03-02T09:00:00Z" });
    const b = task({ id: "b", priority: 2, decideBy: "2026-03-02T07:00:00Z" });
    const c = task({ id: "c", priority: 2, decideBy: "2026-03-02T08:00:00Z" });
    const d = task({ id: "d", priority: 2, decideBy: null, due: "2026-03-03T00:00:00Z" });
    const e = task({ id: "e", priority: 2, decideBy: null, due: null });
    const f = { ...e, id: "f", proposedAt: "2026-03-01T00:00:00Z" };
    expect(ids([e, d, f, c, b, a].sort(byUrgency))).toEqual(["a", "b", "c", "d", "f", "e"]);
  });

  it("settles ties by id, so that the list never flickers", () => {
    const tied = ["c", "a", "b"].map((id) => task({ id }));
    expect(ids(tied.sort(byUrgency))).toEqual(["a", "b", "c"]);
    expect(ids(tied.sort(byNewestChange))).toEqual(["a", "b", "c"]);
  });

  it("lists the decided by their newest change", () => {
    const old = task({ id: "old", changedAt: "2026-03-02T06:00:00Z" });
    const young = task({ id: "young", changedAt: "2026-03-02T07:00:00Z", priority: 4 });
    expect(ids(slotsOf([old, young], true))).toEqual(["young", "old"]);
  });
});

describe("news in a list that is being read", () => {
  const a = task({ id: "a", priority: 1 });
  const b = task({ id: "b", priority: 2 });
  const slots = slotsOf([a, b], false);

  it("changes rows in place, even when they would now belong elsewhere", () => {
    const urgent = { ...b, priority: 1 as const, decideBy: "2026-03-02T06:30:00Z" };
    const { rows, fresh } = merge(slots, [urgent, a], known(a, b), none);
    expect(rows.map((row) => [row.task.id, row.task.priority, row.group])).toEqual([
      ["a", 1, 1],
      ["b", 1, 2],
    ]);
    expect(fresh).toEqual([]);
  });

  it("keeps new rows waiting, however urgent", () => {
    const { rows, fresh } = merge(slots, [task({ id: "c", priority: 1 }), a, b], known(a, b), none);
    expect(ids(rows.map((row) => row.task))).toEqual(["a", "b"]);
    expect(fresh).toEqual(["c"]);
  });

  it("keeps a row that left where it was, with the state the stream told", () => {
    const told = new Map<string, TaskState>([["a", "APPROVED"]]);
    const { rows } = merge(slots, [b], known(a, b), told);
    expect(rows[0]).toMatchObject({ gone: true, group: 1, task: { id: "a", state: "APPROVED" } });
    expect(rows[1]).toMatchObject({ gone: false });
  });

  it("drops a row it knows nothing about", () => {
    expect(merge(slots, [], new Map(), none).rows).toEqual([]);
  });

  it("groups by the place in the list, in its order", () => {
    const { rows } = merge(slots, [a, b], known(), none);
    expect(groups(rows).map((group) => [group.priority, group.rows.length])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });
});
