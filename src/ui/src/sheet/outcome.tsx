// What became of a signature that did not go through, and what to do.
import type { ApiError } from "../api/errors";
import type { TaskDetail } from "../api/types";
import { t } from "../i18n";
import { errorText, roleNames } from "../lib/errors";
import { Icon } from "../parts/icons";
import { ChangeList } from "../task/changes";
import type { Phase } from "./use-decide";

export function Outcome({ phase, task }: { phase: Phase; task: TaskDetail }) {
  if (phase.name !== "failed") return null;
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

function lead(error: ApiError): string {
  if (error.unanswered) return t("fail.unanswered");
  switch (error.status) {
    case 409:
      return t("fail.decided");
    case 412:
      return t("changed.title");
    case 403:
      return t("fail.denied");
    case 503:
      return t("fail.unavailable");
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
