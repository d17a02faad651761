// How the chart looks: band, curve, limits that are grey until they are crossed, and the event.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Priority, Series } from "../api/types";
import { t } from "../i18n";
import type { Format } from "../lib/format";
import { columns, valueRange } from "../lib/series";

export interface PlotOptions {
  series: Series;
  priority: Priority;
  format: Format;
  height: number;
  moved: (at: number | null) => void;
}

interface Colours {
  data: string;
  band: string;
  grid: string;
  line: string;
  text: string;
  surface: string;
  bad: string;
  badText: string;
  font: string;
}

function coloursOf(element: HTMLElement): Colours {
  // light-dark() is resolved only in a real property, so each token goes through `color` once.
  const probe = element.appendChild(document.createElement("span"));
  const read = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    data: read("--data"),
    band: read("--band"),
    grid: read("--grid"),
    line: read("--line-2"),
    text: read("--ink-2"),
    surface: read("--surface"),
    bad: read("--bad"),
    badText: read("--bad-text"),
    font: `13px ${getComputedStyle(element).fontFamily}`,
  };
  probe.remove();
  return colours;
}

/** The column of the readings: the band is drawn first, so that it lies below the curve. */
export const readings = 3;

/** Canvas pixels for one CSS pixel. */
const ratio = () => devicePixelRatio || 1;

function drawLimit(plot: uPlot, limit: Series["limits"][number], colours: Colours): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(limit.value, "y", true));
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.strokeStyle = limit.crossed ? colours.bad : colours.line;
  ctx.lineWidth = 1.5 * ratio();
  ctx.setLineDash([7 * ratio(), 4 * ratio()]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
}

function labelLimit(
  plot: uPlot,
  limit: Series["limits"][number],
  colours: Colours,
  text: string,
): void {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(limit.value, "y", true));
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  ctx.font = `${limit.crossed ? "600 " : ""}${13 * ratio()}px ${colours.font.slice(5)}`;
  ctx.fillStyle = limit.crossed ? colours.badText : colours.text;
  ctx.strokeStyle = colours.surface;
  ctx.lineWidth = 4 * ratio();
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  const [x, above] = [bbox.left + 6 * ratio(), y - 6 * ratio()];
  ctx.strokeText(text, x, above);
  ctx.fillText(text, x, above);
}

/** The part of the curve over the lowest crossed limit takes the colour of the priority. */
function drawOver(plot: uPlot, limits: Series["limits"], colours: Colours): void {
  const crossed = limits.filter((limit) => limit.crossed).map((limit) => limit.value);
  if (crossed.length === 0) return;
  const { ctx, bbox } = plot;
  const y = plot.valToPos(Math.min(...crossed), "y", true);
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, Math.max(0, y - bbox.top));
  ctx.clip();
  ctx.strokeStyle = colours.bad;
  ctx.lineWidth = 3 * ratio();
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.beginPath();
  let drawing = false;
  const values = plot.data[readings] ?? [];
  plot.data[0].forEach((second, i) => {
    const value = values[i];
    if (value === undefined) return;
    if (value === null) {
      drawing = false;
      return;
    }
    const [px, py] = [plot.valToPos(second, "x", true), plot.valToPos(value, "y", true)];
    if (drawing) ctx.lineTo(px, py);
    else ctx.moveTo(px, py);
    drawing = true;
  });
  ctx.stroke();
}

function drawEvent(plot: uPlot, { event }: Series, colours: Colours, text: string): void {
  if (!event) return;
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(Date.parse(event.at) / 1000, "x", true));
  ctx.strokeStyle = colours.text;
  ctx.lineWidth = ratio();
  ctx.setLineDash([2 * ratio(), 3 * ratio()]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  if (event.value === null) return;
  ctx.setLineDash([]);
  ctx.fillStyle = colours.bad;
  ctx.strokeStyle = colours.surface;
  ctx.lineWidth = 2 * ratio();
  ctx.beginPath();
  ctx.arc(x, plot.valToPos(event.value, "y", true), 6 * ratio(), 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  labelEvent(plot, x, event.value, colours, text);
}

function labelEvent(plot: uPlot, x: number, value: number, colours: Colours, text: string): void {
  const { ctx, bbox } = plot;
  const left = x < bbox.left + bbox.width / 2;
  ctx.font = `600 ${16 * ratio()}px ${colours.font.slice(5)}`;
  ctx.fillStyle = colours.badText;
  ctx.lineWidth = 4 * ratio();
  ctx.lineJoin = "round";
  ctx.textAlign = left ? "left" : "right";
  ctx.textBaseline = "alphabetic";
  const at = x + (left ? 12 : -12) * ratio();
  const y = plot.valToPos(value, "y", true) - 8 * ratio();
  ctx.strokeText(text, at, y);
  ctx.fillText(text, at, y);
}

function kept(plot: uPlot, draw: () => void): void {
  plot.ctx.save();
  draw();
  plot.ctx.restore();
}

function axes(colours: Colours, format: Format): uPlot.Axis[] {
  const look: uPlot.Axis = {
    stroke: colours.text,
    font: colours.font,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { stroke: colours.grid, width: 1 },
  };
  return [
    { ...look, space: 90, values: (_, seconds) => timeTicks(seconds, format) },
    { ...look, size: 52, values: (_, values) => values.map((v) => format.number(v, 3)) },
  ];
}

/** The day is named where it changes. */
function timeTicks(seconds: number[], format: Format): string[] {
  let day = "";
  return seconds.map((second) => {
    const ms = second * 1000;
    const key = format.dayKey(ms);
    const time = format.clock(ms);
    if (key === day) return time;
    day = key;
    return `${format.dayName(ms)}\n${time}`;
  });
}

export function drawChart(element: HTMLElement, options: PlotOptions): uPlot {
  const { series, format, height, moved } = options;
  const colours = coloursOf(element);
  const { seconds, values, low, high } = columns(series);
  const text = (limit: Series["limits"][number]) => `${limit.name} ${format.reading(limit.value)}`;
  const tipped = series.event?.value == null ? "" : format.reading(series.event.value);
  return new uPlot(
    {
      width: element.clientWidth,
      height,
      tzDate: (second) => uPlot.tzDate(new Date(second * 1000), format.timeZone),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
      scales: { y: { range: () => valueRange(series) } },
      axes: axes(colours, format),
      bands: [{ series: [2, 1], fill: colours.band }],
      series: [
        {},
        { label: "low", stroke: "transparent", points: { show: false } },
        { label: "high", stroke: "transparent", points: { show: false } },
        { label: t("signal"), stroke: colours.data, width: 2, points: { show: false } },
      ],
      hooks: {
        setCursor: [(plot) => moved(plot.cursor.idx ?? null)],
        draw: [
          (plot) => {
            for (const limit of series.limits) kept(plot, () => drawLimit(plot, limit, colours));
            kept(plot, () => drawOver(plot, series.limits, colours));
            kept(plot, () => drawEvent(plot, series, colours, tipped));
            for (const limit of series.limits) {
              kept(plot, () => labelLimit(plot, limit, colours, text(limit)));
            }
          },
        ],
      },
    },
    [seconds, low, high, values] as uPlot.AlignedData,
    element,
  );
}
