// What became of a signature that did not go through, and what to do.
import type { ApiError } from "../api/errors";
import type { TaskDetail } from "../api/types";
import { t, word } from "../i18n";
import { errorText, roleNames } from "../lib/errors";
import { Icon } from "../parts/icons";
import { ChangeList } from "../task/changes";
import type { Phase } from "./use-decide";

export function Outcome({ phase, task }: { phase: Phase; task: TaskDetail }) {
  if (phase.name !== "failed") return task.state === "PROPOSED" ? null : <Elsewhere task={task} />;
  const { error } = phase;
  const changes = error.problem?.changes ?? [];
  return (
    <div class="sign" role="alert">
      <p class="failed-lead">
        <Icon name="error" />
        <b>{lead(error)}</b>
      </p>
      {error.code !== "stale_revision" && <p class="small">{advice(error)}</p>}
      {changes.length > 0 && <ChangeList changes={changes} task={error.problem?.task ?? task} />}
      {error.requestId && (
        <p class="small muted">
          <code>{t("request", { id: error.requestId })}</code>
        </p>
      )}
    </div>
  );
}

/** Decided while this sheet was open. */
function Elsewhere({ task }: { task: TaskDetail }) {
  const how = word("state", task.state);
  return (
    <div class="sign" role="alert">
      <p class="failed-lead">
        <Icon name="error" />
        <b>{t("fail.decided")}</b>
      </p>
      <p class="small">{task.decided ? `${how}, ${task.decided.who}` : how}</p>
    </div>
  );
}

function lead(error: ApiError): string {
  if (error.unanswered) return t("fail.unanswered");
  switch (error.status) {
    case 409:
      return t("fail.decided");
    case 412:
      return t("changed.title");
    case 403:
      return t("fail.denied");
    default:
      return t("fail.other");
  }
}

function advice(error: ApiError): string {
  if (error.unanswered) return t("fail.unanswered.advice");
  const roles = error.problem?.mayDo ?? [];
  const who = roles.length > 0 ? t("maynot.who", { roles: roleNames(roles) }) : "";
  const more = error.status === 503 ? t("fail.unavailable.advice") : who;
  return [errorText(error), more].filter(Boolean).join(" ");
}
