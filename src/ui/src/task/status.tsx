// Where the task stands, in one sentence; and what changed while it was being read.
import type { ComponentChildren } from "preact";
import type { Change, TaskDetail } from "../api/types";
import { t, word } from "../i18n";
import { useNow } from "../lib/clock";
import { roleNames } from "../lib/errors";
import { useFormat } from "../lib/plant";
import { Icon, type IconName } from "../parts/icons";
import { Banner } from "../parts/panel";
import { ChangeList } from "./changes";

interface StatusProps {
  task: TaskDetail;
  changes: Change[];
  read: () => void;
}

export function Status({ task, changes, read }: StatusProps) {
  return (
    <div class="stack statuses" role="status">
      {changes.length > 0 && (
        <section class="card" aria-labelledby="changed">
          <div class="state">
            <h2 id="changed">{t("changed.title")}</h2>
            <ChangeList changes={changes} task={task} />
            <p>{t("changed.draft")}</p>
            <button class="btn" type="button" onClick={read}>
              <Icon name="eye" />
              {t("changed.read", { n: task.revision })}
            </button>
          </div>
        </section>
      )}
      <Standing task={task} />
      <MayNot task={task} />
    </div>
  );
}

interface Said {
  icon: IconName;
  lead: string;
  rest?: ComponentChildren;
}

const system = (task: TaskDetail) => task.effects.system ?? t("system");

/** What to say of each state; nothing of a fresh proposal. */
function standing(task: TaskDetail, at: (time: string) => string): Said | null {
  const { decided, failure, externalNumber } = task;
  const who = decided ? t("due.by", { who: decided.who, at: at(decided.at) }) : "";
  switch (task.state) {
    case "PROPOSED":
      return task.approvals.have > 0 ? firstSigned(task, at) : null;
    case "APPROVED":
      return {
        icon: "clock",
        lead: t(task.effects.system ? "now.approved" : "now.approved.here", {
          system: system(task),
        }),
        rest: failure ?? who,
      };
    case "DISPATCHED":
      return { icon: "clock", lead: t("now.dispatched", { system: system(task) }), rest: who };
    case "ACKNOWLEDGED":
      return {
        icon: "check",
        lead: t("now.acknowledged", { system: system(task), number: externalNumber ?? "" }),
        rest: who,
      };
    case "FAILED":
      return { icon: "error", lead: t("now.failed", { system: system(task) }), rest: failure };
    case "REJECTED":
      return { icon: "cross", lead: t("now.rejected"), rest: rejection(task, who) };
    case "EXPIRED":
      return { icon: "clock", lead: t("now.expired", { at: decided ? at(decided.at) : "" }) };
    case "WITHDRAWN":
      return { icon: "cross", lead: t("now.withdrawn"), rest: lastDetail(task) || who };
    default:
      return { icon: "check", lead: word("now", task.state), rest: outcome(task) };
  }
}

function firstSigned(task: TaskDetail, at: (time: string) => string): Said {
  const { have, need } = task.approvals;
  const names = task.signed.map((s) => t("due.by", { who: s.name, at: at(s.at) })).join(", ");
  return {
    icon: "pen",
    lead: t("now.signed", { have, need }),
    rest: `${names}. ${t("now.second")}`,
  };
}

function rejection({ decided }: TaskDetail, who: string): string {
  const reason = decided?.reasonCode ? word("reason", decided.reasonCode) : "";
  return [who, reason, decided?.comment].filter(Boolean).join(". ");
}

function lastDetail(task: TaskDetail): string {
  return task.timeline[task.timeline.length - 1]?.detail ?? "";
}

function outcome({ outcome: { result, detail }, externalNumber }: TaskDetail): string {
  const found = result === "unknown" ? "" : word("outcome", result);
  return [externalNumber, found, detail].filter(Boolean).join(". ");
}

function Standing({ task }: { task: TaskDetail }) {
  const format = useFormat();
  const now = useNow(60_000);
  const said = standing(task, (at) => format.stamp(at, now));
  if (!said) return null;
  return (
    <Banner icon={said.icon}>
      <p>
        <b>{said.lead}</b> {said.rest}
      </p>
    </Banner>
  );
}

/** Seen before starting, not after: who may decide, when this person may not. */
function MayNot({ task }: { task: TaskDetail }) {
  const { approve, reject } = task.allowed;
  if (task.state !== "PROPOSED" || (approve.allowed && reject.allowed)) return null;
  const why = approve.allowed ? reject.why : approve.why;
  return (
    <Banner icon="people">
      <p>
        <b>{why || t("maynot")}</b> {t("maynot.who", { roles: roleNames(task.approvers) })}
      </p>
    </Banner>
  );
}
