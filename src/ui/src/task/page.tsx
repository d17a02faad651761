// One task: what happens on approve first, then why, then how sure.

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { TaskDetail } from "../api/types";
import { t } from "../i18n";
import { lastListed } from "../inbox/use-tasks";
import { useLate } from "../lib/clock";
import { diffTask } from "../lib/diff";
import { useKeys } from "../lib/keys";
import { useStore } from "../lib/store";
import { Icon } from "../parts/icons";
import { Failed, Skeleton } from "../parts/panel";
import { DecisionSheet } from "../sheet/sheet";
import { Actions, type Verb } from "./actions";
import { Contributions, Readings } from "./contributions";
import { Effects } from "./effects";
import { Evidence, Siblings, Timeline } from "./evidence";
import { Facts, Head } from "./head";
import { ReleaseCards } from "./release";
import { Signal } from "./signal";
import { Status } from "./status";
import { useTask } from "./use-task";
import { ConfidenceCard, Why } from "./why";

export function TaskPage({ id }: { id?: string }) {
  return <Loaded key={id} id={id ?? ""} />;
}

function Loaded({ id }: { id: string }) {
  const result = useTask(id);
  const late = useLate(result.isPending);
  if (result.data) return <Task task={result.data} />;
  return (
    <div class="page">
      <div class="card">
        {result.error && <Failed error={result.error} retry={() => void result.refetch()} />}
        {late && <Skeleton label={t("loading")} lines={["w-50", "w-90", "h-chart", "w-90"]} />}
      </div>
    </div>
  );
}

/** The revision that was read; while it is open it moves on only when the person says so. */
function useSeen(task: TaskDetail): [TaskDetail, () => void] {
  const [seen, setSeen] = useState(task);
  const current = seen.revision === task.revision || task.state !== "PROPOSED" ? task : seen;
  return [current, () => setSeen(task)];
}

function wanted(): Verb | null {
  const name = location.hash.slice(1);
  return name === "approve" || name === "reject" ? name : null;
}

function Task({ task }: { task: TaskDetail }) {
  const [seen, read] = useSeen(task);
  const [verb, setVerb] = useState<Verb | null>(wanted);
  const changes = seen === task ? [] : diffTask(seen, task);
  const open = task.state === "PROPOSED";
  const decide = (chosen: Verb) => open && changes.length === 0 && setVerb(chosen);

  useEffect(() => {
    document.title = `${task.title} · Millwright`;
  }, [task.title]);
  useKeys({
    a: () => task.allowed.approve.allowed && decide("approve"),
    r: () => task.allowed.reject.allowed && decide("reject"),
  });
  return (
    <>
      <div class="page">
        <Head task={task} neighbours={<Neighbours id={task.id} />} />
        <Status task={task} changes={changes} read={read} />
        <Facts task={task} />
        <Panels task={task} />
      </div>
      {open && <Actions task={task} held={changes.length > 0} decide={decide} />}
      {verb && (
        <DecisionSheet
          task={seen}
          newer={seen === task ? null : task}
          read={read}
          verb={verb}
          close={() => setVerb(null)}
        />
      )}
    </>
  );
}

function Panels({ task }: { task: TaskDetail }) {
  if (task.release !== null) {
    return (
      <div class="grid-2 task-grid">
        <Effects task={task} />
        <Why task={task} />
        <ReleaseCards release={task.release} />
        <Timeline task={task} />
      </div>
    );
  }
  return (
    <div class="grid-2 task-grid">
      <Effects task={task} />
      <div class="stack">
        <Why task={task} />
        <ConfidenceCard task={task} />
      </div>
      {task.signal !== null && <Signal task={task} />}
      <Contributions task={task} />
      <Readings task={task} />
      <Siblings task={task} />
      <Evidence task={task} />
      <Timeline task={task} />
    </div>
  );
}

function Neighbours({ id }: { id: string }) {
  const { route } = useLocation();
  const ids = useStore(lastListed);
  const at = ids.indexOf(id);
  const before = at > 0 ? ids[at - 1] : undefined;
  const after = at >= 0 ? ids[at + 1] : undefined;
  useKeys({
    "[": () => before && route(`/tasks/${before}`),
    "]": () => after && route(`/tasks/${after}`),
    Escape: () => route("/"),
  });
  if (at < 0) return null;
  return (
    <div class="btn-row">
      <span class="task-of">{t("task.of", { n: at + 1, of: ids.length })}</span>
      <Neighbour id={before} back />
      <Neighbour id={after} />
    </div>
  );
}

function Neighbour({ id, back }: { id: string | undefined; back?: boolean }) {
  const label = t(back ? "task.previous" : "task.next");
  return (
    <a
      class="btn btn-icon"
      href={id ? `/tasks/${id}` : undefined}
      aria-disabled={id ? undefined : "true"}
      role={id ? undefined : "link"}
    >
      <span class="hide">{label}</span>
      <Icon name={back ? "prev" : "next"} />
    </a>
  );
}
