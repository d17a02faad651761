// Why the task exists, and how sure that is.
import type { TaskDetail } from "../api/types";
import { t, word } from "../i18n";
import { useFormat } from "../lib/plant";
import { Card } from "../parts/panel";

export function Why({ task }: { task: TaskDetail }) {
  const { rule, model } = task;
  return (
    <Card id="why" title={t("why")}>
      <div class="card-body">
        <p lang="en">{task.rationale}</p>
        <dl class="pairs card-rule">
          <dt>{t(task.release ? "release.rules" : "why.symptom")}</dt>
          <dd lang="en">{task.symptom}</dd>
          {task.cause !== "" && (
            <>
              <dt>{t("why.cause")}</dt>
              <dd lang="en">{task.cause}</dd>
            </>
          )}
        </dl>
        {task.reasons.length > 0 && (
          <div class="card-rule">
            <b>{t("why.reasons")}</b>
            <ul>
              {task.reasons.map((reason) => (
                <li key={reason.source + reason.values}>
                  <code>{reason.source}</code> <span class="muted">{reason.values}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
        {task.counterfactual !== null && (
          <p class="card-rule">
            <b>{t("why.counterfactual")}</b> <span lang="en">{task.counterfactual}</span>
          </p>
        )}
        {!task.release && (
          <p class="card-rule small muted">
            {t("why.rule")} <code>{`${rule.id}@${rule.version}`}</code>
            {model && (
              <>
                , {t("why.model")} <code>{`${model.id}@${model.version}`}</code>
              </>
            )}
            . {word("rung", task.confidence.rung)}
          </p>
        )}
      </div>
    </Card>
  );
}

export function ConfidenceCard({ task }: { task: TaskDetail }) {
  const format = useFormat();
  const { value, calibrated, rung } = task.confidence;
  const share = calibrated ? calibrated.right / calibrated.of : value;
  const lead = calibrated
    ? t("confidence.calibrated", { right: calibrated.right, of: calibrated.of })
    : t("confidence.estimate", { value: format.number(value, 2) });
  return (
    <Card id="confidence" title={t("fact.confidence")}>
      <div class="card-body">
        <div class="conf">
          <Dots share={share} />
          <div class="stack-s">
            <p class="big">
              {calibrated ? calibrated.right : Math.round(value * 100)}{" "}
              <small>{t("of", { n: calibrated ? calibrated.of : 100 })}</small>
            </p>
            <p class="small muted">{lead}</p>
            {rung !== "model" && <p class="small">{word("rung.note", rung)}</p>}
          </div>
        </div>
      </div>
    </Card>
  );
}

/** A hundred dots say it better than a decimal. */
function Dots({ share }: { share: number }) {
  const filled = Math.round(share * 100);
  let right = "";
  let wrong = "";
  for (let i = 0; i < 100; i += 1) {
    const x = 5.2 + 10.4 * (i % 10);
    const y = 5.2 + 10.4 * Math.floor(i / 10);
    const r = i < filled ? 4 : 3.5;
    const half = `a${r} ${r} 0 1 0`;
    const start = `M${(x - r).toFixed(1)} ${y.toFixed(1)}`;
    const dot = `${start}${half} ${2 * r} 0${half}-${2 * r} 0`;
    if (i < filled) right += dot;
    else wrong += dot;
  }
  return (
    <svg class="conf-dots" viewBox="0 0 104 104" role="img" aria-label={t("dots", { n: filled })}>
      <path class="conf-right" d={right} />
      <path class="conf-wrong" d={wrong} />
    </svg>
  );
}
