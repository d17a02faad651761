import { describe, expect, it } from "vitest";
import type { Series } from "../src/api/types";
import { diffTask } from "../src/lib/diff";
import { columns, scale, strokes, valueRange } from "../src/lib/series";
import { task } from "./tasks";

const series: Series = {
  signal: "P-101/DE-H",
  label: "Vibration",
  unit: "mm/s",
  points: [
    ["2026-03-02T05:50:00Z", 1],
    ["2026-03-02T06:00:00Z", 2],
    ["2026-03-02T06:10:00Z", null],
    ["2026-03-02T06:20:00Z", 3],
    ["2026-03-02T06:30:00Z", 4],
  ],
  band: [
    ["2026-03-02T05:55:00Z", 0.9, 1.3],
    ["2026-03-02T06:30:00Z", 0.9, 1.3],
  ],
  limits: [
    { name: "B/C", value: 2.8, crossed: true },
    { name: "C/D", value: 4.5, crossed: false },
    { name: "far", value: 400, crossed: false },
  ],
  event: { at: "2026-03-02T06:30:00Z", value: 4 },
  forecast: null,
};

describe("a signal", () => {
  it("is never joined over a gap", () => {
    const { x, y } = scale(series);
    const path = strokes(series, x, y);
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path.match(/L/g)).toHaveLength(2);
  });

  it("shows the next limit, but is not pressed flat by a far one", () => {
    const [low, high] = valueRange(series);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeGreaterThan(4.5);
    expect(high).toBeLessThan(6);
  });

  it("has a picture even when nothing is known", () => {
    const empty = { ...series, points: [], band: [], limits: [], event: null };
    const [low, high] = valueRange(empty);
    expect(high).toBeGreaterThan(low);
  });

  it("lays the band between the readings without making gaps of its own", () => {
    const { seconds, values, low } = columns(series);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(values).toEqual([1, undefined, 2, null, 3, 4]);
    expect(low).toEqual([undefined, 0.9, undefined, undefined, undefined, 0.9]);
  });
});

describe("what changed", () => {
  it("lists field by field, as the daemon does", () => {
    const after = task({ revision: 3, cost: { amount: 1034, currency: "EUR" }, due: null });
    expect(diffTask(task(), after)).toEqual([
      { field: "due", before: "2026-03-06T22:00:00Z", after: "" },
      { field: "cost", before: "966", after: "1034" },
    ]);
  });

  it("names at least the revision", () => {
    expect(diffTask(task(), task({ revision: 3 }))).toEqual([
      { field: "revision", before: "2", after: "3" },
    ]);
    expect(diffTask(task(), task())).toEqual([]);
  });
});
