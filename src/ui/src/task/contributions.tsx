// What moved the score, as bars around zero with a number each; and the readings themselves.
import type { TaskDetail } from "../api/types";
import { t } from "../i18n";
import { useFormat } from "../lib/plant";
import { Card } from "../parts/panel";

export function Contributions({ task }: { task: TaskDetail }) {
  const { contributions } = task;
  if (contributions.length === 0) return null;
  const weights = contributions.map((c) => c.weight);
  const low = Math.min(0, ...weights);
  const high = Math.max(0, ...weights);
  const width = high - low || 1;
  const percent = (value: number) => `${((100 * value) / width).toFixed(1)}%`;
  const zero = percent(-low);
  return (
    <Card id="contributions" title={t("contributions")} note={t("contributions.note")}>
      <div class="card-body">
        <ul class="contrib">
          {contributions.map(({ name, weight, detail }) => (
            <li key={name}>
              <span lang="en">
                {name}
                {detail && <small>{detail}</small>}
              </span>
              <svg aria-hidden="true">
                <rect
                  class={weight < 0 ? "bar-soft" : "bar"}
                  x={percent(Math.min(weight, 0) - low)}
                  width={percent(Math.abs(weight))}
                  height="100%"
                />
                <line class="axis-line" x1={zero} x2={zero} y1="-30%" y2="130%" />
              </svg>
              <Weight value={weight} />
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function Weight({ value }: { value: number }) {
  return <b class="num">{useFormat().signed(value)}</b>;
}

/** What stands elsewhere on the page is no reading. */
const said = /^(asset\.(id|name|criticality)|signal\.(name|unit|point)|cause\.(text|mode|part))$/;

export function Readings({ task }: { task: TaskDetail }) {
  const format = useFormat();
  const readings = task.readings.filter((reading) => !said.test(reading.name));
  if (readings.length === 0) return null;
  const limits = readings.some((reading) => reading.limit !== null);
  return (
    <Card id="readings" title={t("readings")}>
      <div class="table-wrap">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t("readings.what")}</th>
              <th scope="col" class="num">
                {t("readings.value")}
              </th>
              {limits && (
                <th scope="col" class="num">
                  {t("readings.limit")}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {readings.map(({ name, label, text, value, unit, limit }) => (
              <tr key={name}>
                <th scope="row" lang="en" title={name}>
                  {label}
                </th>
                <td class="num">
                  <b>{value === null ? text : format.reading(value)}</b> {unit}
                </td>
                {limits && <td class="num">{limit === null ? "" : format.reading(limit)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
