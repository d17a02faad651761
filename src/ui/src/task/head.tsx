// The task's name and place, and the few numbers that a decision hangs on.
import type { ComponentChildren } from "preact";
import type { TaskDetail } from "../api/types";
import { t, word } from "../i18n";
import { useNow } from "../lib/clock";
import { useFormat, usePlant } from "../lib/plant";
import { costText, place, stopText, sureness } from "../lib/words";
import { Glyph } from "../parts/glyph";
import { Icon } from "../parts/icons";
import { Title } from "../parts/title";

export function Head({ task, neighbours }: { task: TaskDetail; neighbours: ComponentChildren }) {
  const site = usePlant().data?.site.name;
  return (
    <header class="task-head">
      <a class="btn btn-quiet btn-icon" href="/" aria-label={t("back")}>
        <Icon name="back" />
      </a>
      <Glyph priority={task.priority} size="l" />
      <div>
        <h1>
          <Title text={task.title} />
        </h1>
        <p class="task-meta">
          <span>{[site, place(task)].filter(Boolean).join(" › ")}</span>
          {!task.release && <span>{t("class", { name: task.asset.criticality })}</span>}
          <span>{t("task.revision", { id: shortId(task.id), revision: task.revision })}</span>
          {task.recurring && (
            <span>
              <Icon name="retry" />
              {t("recurring")}
            </span>
          )}
        </p>
      </div>
      {neighbours}
    </header>
  );
}

/** Enough of an id to say it aloud. */
export function shortId(id: string): string {
  return id.replace(/^([0-9a-f]{8})-[0-9a-f-]+$/, "$1");
}

export function Facts({ task }: { task: TaskDetail }) {
  const format = useFormat();
  const { failureCost, approvals, confidence } = task;
  return (
    <dl class="facts">
      <TimeFact task={task} />
      {!task.release && (
        <div>
          <dt>{t("fact.cost")}</dt>
          <dd>
            {costText(task, format)} <small>{stopText(task, format)}</small>
          </dd>
        </div>
      )}
      {failureCost && (
        <div>
          <dt>{t("fact.failure")}</dt>
          <dd>
            {format.money(failureCost.amount, failureCost.currency)}{" "}
            <small>{t("fact.failure.note")}</small>
          </dd>
        </div>
      )}
      {!task.release && (
        <div>
          <dt>{t("fact.confidence")}</dt>
          <dd>
            {sureness(confidence)}{" "}
            <small>{t(confidence.calibrated ? "fact.right" : "fact.estimate")}</small>
          </dd>
        </div>
      )}
      <div>
        <dt>{t("fact.signatures")}</dt>
        <dd>
          {t("signatures.of", { have: approvals.have, need: approvals.need })}{" "}
          <small>{approvals.need > 1 ? t("fact.two") : t("fact.one")}</small>
        </dd>
      </div>
    </dl>
  );
}

function TimeFact({ task }: { task: TaskDetail }) {
  const format = useFormat();
  const now = useNow(10_000);
  if (task.state !== "PROPOSED" || task.decideBy === null) {
    return (
      <div>
        <dt>{t("fact.state")}</dt>
        <dd>
          {word("state", task.state)}{" "}
          <small>{t("fact.since", { at: format.stamp(task.changedAt, now) })}</small>
        </dd>
      </div>
    );
  }
  const left = format.left(task.decideBy, now);
  return (
    <div>
      <dt>{t("fact.left")}</dt>
      <dd>
        {left.soon ? <span class="soon">{left.text}</span> : left.text}{" "}
        <small>{t("due.expires", { at: format.when(task.decideBy, now) })}</small>
      </dd>
    </div>
  );
}
