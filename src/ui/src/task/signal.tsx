// The signal behind the task: a chart, a sentence that says the same, and a table.
import { useRef, useState } from "preact/hooks";
import type { Series, TaskDetail } from "../api/types";
import { t } from "../i18n";
import { summary } from "../inbox/mini";
import { useLate } from "../lib/clock";
import { useKeys } from "../lib/keys";
import { useFormat } from "../lib/plant";
import { Icon } from "../parts/icons";
import { Card, Failed, Skeleton } from "../parts/panel";
import { Chart } from "./chart";
import { useSignal } from "./use-task";

export function Signal({ task }: { task: TaskDetail }) {
  const result = useSignal(task.id);
  const late = useLate(result.isPending);
  if (result.data === null) return null;
  if (result.data) return <Loaded series={result.data} task={task} />;
  return (
    <Card id="signal" title={t("signal")} wide>
      {result.error && <Failed error={result.error} retry={() => void result.refetch()} />}
      {late && <Skeleton label={t("loading")} lines={["h-chart", "w-90"]} />}
    </Card>
  );
}

function Loaded({ series, task }: { series: Series; task: TaskDetail }) {
  const format = useFormat();
  const table = useRef<HTMLDetailsElement>(null);
  useKeys({
    t: () => {
      if (table.current) table.current.open = !table.current.open;
    },
  });
  const note = `${series.unit}, ${series.signal}`;
  return (
    <Card id="signal" title={series.label || t("signal")} note={note} wide>
      <div class={`card-body is-p${task.priority}`}>
        <figure>
          <Chart series={series} priority={task.priority} />
          <figcaption class="figure-note">
            {summary(series, format.reading)} {sentences(series, format.reading)}{" "}
            {t("chart.zone", { zone: format.timeZone.replace("_", " ") })}
          </figcaption>
        </figure>
        <details class="more" ref={table}>
          <summary>
            <Icon name="next" size="s" />
            {t("chart.table")} <kbd>t</kbd>
          </summary>
          <Readings series={series} />
        </details>
      </div>
    </Card>
  );
}

/** The facts of the picture, in words. */
function sentences(series: Series, number: (value: number) => string): string {
  const said = series.limits.map((limit) =>
    t(limit.crossed ? "chart.crossed" : "chart.under", {
      name: limit.name,
      value: number(limit.value),
    }),
  );
  if (series.event?.value != null) {
    said.push(t("chart.event", { value: number(series.event.value), unit: series.unit }));
  }
  if (series.points.some(([, value]) => value === null)) said.push(t("chart.gaps"));
  return said.join(" ");
}

const pageRows = 50;

function Readings({ series }: { series: Series }) {
  const format = useFormat();
  const [rows, setRows] = useState(pageRows);
  const newest = series.points.slice(-rows).reverse();
  const band = new Map(series.band.map(([at, low, high]) => [at, { low, high }]));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section class="table-wrap table-high" tabIndex={0} aria-label={t("readings")}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("chart.time")}</th>
              <th scope="col" class="num">
                {series.unit || t("readings.value")}
              </th>
              <th scope="col" class="num">
                {t("chart.expected")}
              </th>
            </tr>
          </thead>
          <tbody>
            {newest.map(([at, value]) => {
              const expected = band.get(at);
              return (
                <tr key={at}>
                  <td>{`${format.dayName(at)} ${format.seconds(at)}`}</td>
                  <td class="num">{value === null ? t("none") : <b>{format.reading(value)}</b>}</td>
                  <td class="num">
                    {expected &&
                      t("chart.range", {
                        low: format.reading(expected.low),
                        high: format.reading(expected.high),
                      })}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {series.points.length > rows && (
        <button class="btn" type="button" onClick={() => setRows(rows + 4 * pageRows)}>
          {t("chart.more", { n: series.points.length - rows })}
        </button>
      )}
    </>
  );
}
