// Reject and Approve: of equal weight, as far apart as the bar allows.
import { live } from "../api/live";
import type { TaskDetail } from "../api/types";
import { t } from "../i18n";
import { useStore } from "../lib/store";

export type Verb = "approve" | "reject";

interface ActionsProps {
  task: TaskDetail;
  /** It changed since it was read: nothing to sign until it has been read again. */
  held: boolean;
  decide: (verb: Verb) => void;
}

export function Actions({ task, held, decide }: ActionsProps) {
  const offline = useStore(live).status === "offline";
  const { approve, reject } = task.allowed;
  const why = reasons(task, held, offline);
  return (
    <section class="actions" aria-label={t("actions")}>
      <button
        class="btn btn-strong"
        type="button"
        disabled={held || offline || !reject.allowed}
        onClick={() => decide("reject")}
      >
        {t("reject.open")} <kbd>r</kbd>
      </button>
      <p class="actions-mid small">{why}</p>
      <button
        class="btn btn-strong"
        type="button"
        disabled={held || offline || !approve.allowed}
        onClick={() => decide("approve")}
      >
        {t("approve.open")} <kbd>a</kbd>
      </button>
    </section>
  );
}

function reasons(task: TaskDetail, held: boolean, offline: boolean): string {
  if (offline) return t("actions.offline");
  if (held) return t("actions.changed");
  const { approve, reject } = task.allowed;
  if (!approve.allowed) return approve.why;
  return reject.allowed ? "" : reject.why;
}
