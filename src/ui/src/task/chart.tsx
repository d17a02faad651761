// The chart: uPlot draws it, this mounts it, keeps its width and moves its cursor by arrow keys.
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { Priority, Series } from "../api/types";
import { t } from "../i18n";
import { useMedia } from "../lib/clock";
import { useFormat } from "../lib/plant";
import { prefs } from "../lib/prefs";
import { useStore } from "../lib/store";
import { drawChart, readings } from "./plot";

const height = 280;

export function Chart({ series, priority }: { series: Series; priority: Priority }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const format = useFormat();
  const { theme, contrast } = useStore(prefs);
  const dark = useMedia("(prefers-color-scheme: dark)");

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const drawn = drawChart(element, { series, priority, format, height, moved: setAt });
    plot.current = drawn;
    const watch = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [series, priority, format, theme, contrast, dark]);

  function onKey(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
    if (by === undefined || !plot.current) return;
    event.preventDefault();
    moveCursor(plot.current, by);
  }

  return (
    <>
      <div
        class="plot"
        ref={box}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move its cursor
        tabIndex={0}
        aria-label={t("chart.label", { label: series.label })}
        onKeyDown={onKey}
      />
      <p class="plot-at small" aria-live="polite">
        {at === null ? t("chart.hint") : <Cursor series={series} plot={plot.current} at={at} />}
      </p>
    </>
  );
}

function moveCursor(plot: uPlot, by: number): void {
  const times = plot.data[0];
  const from = plot.cursor.idx ?? (by > 0 ? -1 : times.length);
  const to = Math.min(times.length - 1, Math.max(0, from + by));
  const value = plot.data[readings]?.[to];
  plot.setCursor({
    left: plot.valToPos(times[to] ?? 0, "x"),
    top: value == null ? 0 : plot.valToPos(value, "y"),
  });
}

function Cursor({ series, plot, at }: { series: Series; plot: uPlot | null; at: number }) {
  const format = useFormat();
  const time = plot?.data[0][at];
  if (!plot || time === undefined) return null;
  const value = plot.data[readings]?.[at];
  const when = `${format.dayName(time * 1000)} ${format.seconds(time * 1000)}`;
  return (
    <>
      {when}: <b>{value == null ? t("none") : `${format.reading(value)} ${series.unit}`}</b>
    </>
  );
}
