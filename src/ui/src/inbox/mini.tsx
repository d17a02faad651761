// A small picture of the signal, drawn by hand so that the list needs no chart library.
import type { Priority, Series } from "../api/types";
import { t } from "../i18n";
import { useFormat } from "../lib/plant";
import { scale, strokes } from "../lib/series";
import { useSignal } from "../task/use-task";

export function MiniChart({ id, priority }: { id: string; priority: Priority }) {
  const series = useSignal(id).data;
  if (!series || series.points.length < 2) return null;
  return <Mini series={series} priority={priority} />;
}

function Mini({ series, priority }: { series: Series; priority: Priority }) {
  const format = useFormat();
  const { x, y, top } = scale(series);
  const curve = strokes(series, x, y);
  const crossed = series.limits.filter((limit) => limit.crossed).map((limit) => limit.value);
  const lowest = crossed.length > 0 ? Math.min(...crossed) : null;
  const { event } = series;
  const eventY = event?.value == null ? null : y(event.value);
  return (
    <figure class={`stack-s is-p${priority}`}>
      <svg class="chart" height="152" role="img" aria-label={summary(series, format.reading)}>
        <svg
          width="100%"
          height="100%"
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {lowest !== null && (
            <clipPath id="mini-over">
              <rect width="100" height={Math.max(0, y(lowest))} />
            </clipPath>
          )}
          <path class="area-band" d={bandPath(series, x, y)} />
          {series.limits.map((limit) => (
            <path
              key={limit.name}
              class={limit.crossed ? "limit limit-over" : "limit"}
              d={`M0 ${y(limit.value)}H100`}
            />
          ))}
          <path class="curve" d={curve} />
          {lowest !== null && (
            <path class="curve curve-bad" clip-path="url(#mini-over)" d={curve} />
          )}
        </svg>
        {event && eventY !== null && (
          <circle class="dot dot-bad" cx={`${x(event.at)}%`} cy={`${eventY}%`} r="5.5" />
        )}
        {series.limits
          .filter((limit) => limit.value <= top)
          .map((limit) => (
            <text
              key={limit.name}
              class={limit.crossed ? "t-bad t-halo" : "t-halo"}
              x="0"
              y={`${y(limit.value)}%`}
              dy="-6"
            >
              {limit.name} {format.reading(limit.value)}
            </text>
          ))}
      </svg>
    </figure>
  );
}

function bandPath(series: Series, x: (at: string) => number, y: (value: number) => number): string {
  if (series.band.length < 2) return "";
  const upper = series.band.map(([at, , high]) => `${x(at)} ${y(high)}`);
  const lower = series.band.map(([at, low]) => `${x(at)} ${y(low)}`).reverse();
  return `M${[...upper, ...lower].join("L")}Z`;
}

export function summary(series: Series, number: (value: number) => string): string {
  const values = series.points.map(([, value]) => value).filter((value) => value !== null);
  if (values.length === 0) return series.label;
  return t("chart.summary", {
    label: series.label,
    low: number(Math.min(...values)),
    high: number(Math.max(...values)),
    unit: series.unit,
  });
}
