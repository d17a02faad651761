// From a signal to coordinates; a gap is never joined.
import type { Series } from "../api/types";

export interface Scale {
  x: (at: string) => number;
  y: (value: number) => number;
  top: number;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The values that must be seen: all readings, the band, the crossed limits and the next one. */
export function valueRange(series: Series): [number, number] {
  const values: number[] = [];
  for (const [, value] of series.points) if (value !== null) values.push(value);
  for (const [, low, high] of series.band) values.push(low, high);
  if (series.event?.value != null) values.push(series.event.value);
  const most = values.length > 0 ? Math.max(...values) : 1;
  const open = series.limits.filter((limit) => !limit.crossed && limit.value > most);
  const nearest = open.length > 0 ? Math.min(...open.map((limit) => limit.value)) : null;
  for (const limit of series.limits) if (limit.crossed) values.push(limit.value);
  // A limit so far away that it would press the curve flat is left to the table.
  if (nearest !== null && nearest < most * 2.5) values.push(nearest);
  const low = Math.min(...values, most);
  const high = Math.max(...values, most);
  const pad = (high - low || Math.abs(high) || 1) * 0.08;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

/** Percent of the picture, from the top left. */
export function scale(series: Series): Scale {
  const times = series.points.map(([at]) => Date.parse(at));
  const from = times[0] ?? 0;
  const to = times[times.length - 1] ?? 1;
  const [low, high] = valueRange(series);
  return {
    x: (at) => round((100 * (Date.parse(at) - from)) / (to - from || 1)),
    y: (value) => round(100 - (100 * (value - low)) / (high - low)),
    top: high,
  };
}

export function strokes(
  series: Series,
  x: (at: string) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let drawing = false;
  for (const [at, value] of series.points) {
    if (value === null) {
      drawing = false;
      continue;
    }
    path += `${drawing ? "L" : "M"}${x(at)} ${y(value)}`;
    drawing = true;
  }
  return path;
}

type Cell = number | null | undefined;

interface Moment {
  value: Cell;
  low: Cell;
  high: Cell;
}

/**
 * Columns for the chart: seconds, readings, and the band. Where one of them has nothing to say at a
 * time of another it is undefined, which is no gap; null is one.
 */
export function columns(series: Series) {
  const at = new Map<number, Moment>();
  const slot = (time: string): Moment => {
    const second = Date.parse(time) / 1000;
    let found = at.get(second);
    if (!found) {
      found = { value: undefined, low: undefined, high: undefined };
      at.set(second, found);
    }
    return found;
  };
  for (const [time, value] of series.points) slot(time).value = value;
  for (const [time, low, high] of series.band) Object.assign(slot(time), { low, high });
  const rows = [...at].sort(([a], [b]) => a - b);
  return {
    seconds: rows.map(([second]) => second),
    values: rows.map(([, row]) => row.value),
    low: rows.map(([, row]) => row.low),
    high: rows.map(([, row]) => row.high),
  };
}
