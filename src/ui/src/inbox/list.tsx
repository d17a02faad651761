// The rows, in groups; or what stands in their place.

import type { View } from "../api/types";
import { t, tn, word } from "../i18n";
import { useLate, useNow } from "../lib/clock";
import { errorText } from "../lib/errors";
import { groups, type Row } from "../lib/order";
import { useFormat, usePlant } from "../lib/plant";
import { Banner, Failed, Skeleton, State } from "../parts/panel";
import { TaskRow } from "./row";
import type { TaskList } from "./use-tasks";

interface ListProps {
  list: TaskList;
  view: View;
  q: string;
  on: string | null;
  setOn: (id: string) => void;
}

export function TaskListView(props: ListProps) {
  const { list, view, q } = props;
  const { result } = list;
  const late = useLate(result.isPending);
  if (result.isPending && result.failureCount === 0) {
    return late ? <Waiting /> : null;
  }
  if (result.data === undefined) {
    return (
      <div class="card">
        {result.error ? (
          <Failed error={result.error} retry={() => void result.refetch()} />
        ) : (
          <Waiting />
        )}
      </div>
    );
  }
  return (
    <>
      {result.error && <OldData list={list} />}
      {list.rows.length === 0 ? <Empty view={view} q={q} /> : <Groups {...props} />}
      {result.data.more && (
        <button class="btn more-rows" type="button" onClick={list.showMore}>
          {t("more")}
        </button>
      )}
    </>
  );
}

function Waiting() {
  return (
    <div class="tasks">
      <Skeleton
        label={t("loading.tasks")}
        lines={["w-50", "w-90", "w-50", "w-90", "w-50", "w-90"]}
      />
    </div>
  );
}

/** The last good list stays; this says how old it is and why. */
function OldData({ list }: { list: TaskList }) {
  const format = useFormat();
  const { error, dataUpdatedAt, refetch } = list.result;
  const retry = (
    <button class="btn" type="button" onClick={() => void refetch()}>
      {t("retry")}
    </button>
  );
  return (
    <Banner icon="clock" hatch status action={retry}>
      <p>
        <b>{t("stale.since", { time: format.seconds(dataUpdatedAt) })}</b> {errorText(error)}
      </p>
    </Banner>
  );
}

function Groups({ list, view, on, setOn }: ListProps) {
  const decided = view === "decided";
  const all = decided ? [{ priority: 0 as const, rows: list.rows }] : groups(list.rows);
  return (
    <>
      {all.map((group, i) => (
        <Group
          key={group.priority}
          name={group.priority === 0 ? "decided" : String(group.priority)}
          rows={group.rows}
          first={i === 0}
          decided={decided}
          on={on}
          setOn={setOn}
        />
      ))}
    </>
  );
}

interface GroupProps {
  name: string;
  rows: Row[];
  first: boolean;
  decided: boolean;
  on: string | null;
  setOn: (id: string) => void;
}

function Group({ name, rows, first, decided, on, setOn }: GroupProps) {
  const format = useFormat();
  const now = useNow(10_000);
  const shift = usePlant().data?.shift;
  const note =
    name === "2" && shift
      ? t("group.note.shift", { time: format.clock(shift.to) })
      : word("group.note", name);
  const columns = decided ? "cols.decided" : "cols.left";
  return (
    <>
      <div class="tasks-group">
        <h2 id={`group-${name}`}>
          {word("group", name)} <span>{note}</span>
        </h2>
        {first && (
          <p class="tasks-cols" aria-hidden="true">
            <span>{t(columns)}</span>
            <span>{t("cols.cost")}</span>
            <span>{t("cols.confidence")}</span>
            <span>{t("cols.signatures")}</span>
          </p>
        )}
      </div>
      <ul class="tasks" aria-labelledby={`group-${name}`}>
        {rows.map((row) => (
          <TaskRow
            key={row.task.id}
            row={row}
            format={format}
            now={now}
            on={row.task.id === on}
            choose={(event) => pick(event, row.task.id, on, setOn)}
            focus={() => setOn(row.task.id)}
          />
        ))}
      </ul>
    </>
  );
}

/** With a preview beside the list, a first click shows the task there; the keyboard opens it. */
function pick(event: MouseEvent, id: string, on: string | null, setOn: (id: string) => void): void {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const pointer = event.detail > 0;
  if (!plain || !pointer || !matchMedia("(min-width: 80rem)").matches) return;
  if (event.detail > 1 || id === on) return;
  event.preventDefault();
  event.stopPropagation();
  setOn(id);
}

function Empty({ view, q }: { view: View; q: string }) {
  const plant = usePlant().data;
  const format = useFormat();
  const now = useNow(1_000);
  const title = q ? t("empty.search", { q }) : word("empty", view);
  const last = plant?.lastEventAt ? format.age(now - Date.parse(plant.lastEventAt)) : null;
  return (
    <div class="card">
      <State icon="empty" title={title}>
        <p>
          {last ? t("alive.last", { age: last }) : t("alive.none")}{" "}
          {plant && tn("alive.rules", plant.rulesActive)}
        </p>
        {(view !== "open" || q) && (
          <a class="btn" href="/">
            {t("empty.all")}
          </a>
        )}
      </State>
    </div>
  );
}
