// The preview beside the list on wide screens: enough to know whether to open it.
import type { TaskDetail } from "../api/types";
import { t, word } from "../i18n";
import { useLate } from "../lib/clock";
import { useFormat } from "../lib/plant";
import { sureness } from "../lib/words";
import { Glyph } from "../parts/glyph";
import { Key } from "../parts/key";
import { Failed, Skeleton } from "../parts/panel";
import { Title } from "../parts/title";
import { EffectSteps } from "../task/steps";
import { useTask } from "../task/use-task";
import { MiniChart } from "./mini";

export function Peek({ id }: { id: string }) {
  const result = useTask(id);
  const late = useLate(result.isPending);
  return (
    <aside class="peek" aria-label={t("peek")}>
      {result.data ? (
        <PeekTask task={result.data} />
      ) : (
        <div class="peek-body">
          {result.error && <Failed error={result.error} retry={() => void result.refetch()} />}
          {late && <Skeleton label={t("loading")} lines={["w-90", "w-50", "h-chart", "w-90"]} />}
        </div>
      )}
    </aside>
  );
}

function PeekTask({ task }: { task: TaskDetail }) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section class="peek-body" tabIndex={0} aria-labelledby="peek-title">
        <h2 class="peek-title" id="peek-title">
          <Glyph priority={task.priority} />
          <Title text={task.title} />
        </h2>
        <p lang="en">{task.rationale}</p>
        {task.signal !== null && <MiniChart id={task.id} priority={task.priority} />}
        <PeekFacts task={task} />
        {task.state === "PROPOSED" && (
          <div class="stack-s">
            <h3 class="label">{t("effects.title")}</h3>
            <EffectSteps effects={task.effects} />
          </div>
        )}
      </section>
      <div class="peek-foot">
        <a class="btn" href={`/tasks/${task.id}`}>
          {t("open")} <Key name="Enter" />
        </a>
        {task.state === "PROPOSED" && task.allowed.approve.allowed && (
          <a class="btn push" href={`/tasks/${task.id}#approve`}>
            {t("approve.open")} <Key name="a" />
          </a>
        )}
      </div>
    </>
  );
}

function PeekFacts({ task }: { task: TaskDetail }) {
  const format = useFormat();
  const { failureCost, due, approvals } = task;
  return (
    <dl class="pairs">
      <dt>{t("fact.state")}</dt>
      <dd>{word("state", task.state)}</dd>
      {failureCost && (
        <>
          <dt>{t("fact.failure")}</dt>
          <dd>{format.money(failureCost.amount, failureCost.currency)}</dd>
        </>
      )}
      {due && (
        <>
          <dt>{t("fact.before")}</dt>
          <dd>
            <b>{format.dayTime(due)}</b>
          </dd>
        </>
      )}
      <dt>{t("fact.signatures")}</dt>
      <dd>{t("signatures.of", { have: approvals.have, need: approvals.need })}</dd>
      {task.kind !== "rule_release" && (
        <>
          <dt>{t("fact.confidence")}</dt>
          <dd>{sureness(task.confidence)}</dd>
        </>
      )}
    </dl>
  );
}
