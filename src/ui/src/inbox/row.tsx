// One task as a row; the whole row is the link.
import type { TaskSummary } from "../api/types";
import { t, word } from "../i18n";
import type { Format } from "../lib/format";
import type { Row } from "../lib/order";
import { costText, kindAndPlace, share, stopText, sureness } from "../lib/words";
import { Glyph } from "../parts/glyph";
import { Icon } from "../parts/icons";
import { Meter } from "../parts/panel";
import { Title } from "../parts/title";

interface RowProps {
  row: Row;
  format: Format;
  now: number;
  on: boolean;
  choose: (event: MouseEvent) => void;
  focus: () => void;
}

export function TaskRow({ row, format, now, on, choose, focus }: RowProps) {
  const { task, gone } = row;
  return (
    <li class={`task${on ? " task-on" : ""}${gone ? " task-gone" : ""}`}>
      <Glyph priority={task.priority} />
      <div class="task-what">
        <a
          class="task-link"
          href={`/tasks/${task.id}`}
          data-task={task.id}
          aria-current={on ? "true" : undefined}
          onClick={choose}
          onFocus={focus}
        >
          <Title text={task.title} />
        </a>
        <p class="task-path">{kindAndPlace(task)}</p>
      </div>
      <p class="task-due">
        <Due task={task} gone={gone} format={format} now={now} />
      </p>
      <div class="task-rest">
        <p class="task-cost">
          <b>{costText(task, format)}</b>
          <i>{task.stopHours === null ? "" : ", "}</i>
          {stopText(task, format)}
        </p>
        <p class="task-conf">
          {task.kind !== "rule_release" && (
            <>
              <b>{sureness(task.confidence)}</b>
              <Meter share={share(task.confidence)} />
            </>
          )}
        </p>
        <p class="task-who">
          <Signed task={task} />
        </p>
      </div>
    </li>
  );
}

interface DueProps {
  task: TaskSummary;
  gone: boolean;
  format: Format;
  now: number;
}

function Due({ task, gone, format, now }: DueProps) {
  if (task.state !== "PROPOSED") {
    const { decided } = task;
    return (
      <>
        <b>{word("state", task.state)}</b>{" "}
        <span>
          {decided ? t("due.by", { who: decided.who, at: format.stamp(decided.at, now) }) : ""}
        </span>
      </>
    );
  }
  if (gone) return <b>{t("row.elsewhere")}</b>;
  if (task.decideBy === null) return <b>{t("due.none")}</b>;
  const left = format.left(task.decideBy, now);
  return (
    <>
      <b>{left.soon ? <span class="soon">{left.text}</span> : left.text}</b>{" "}
      <span>{t("due.expires", { at: format.clock(task.decideBy) })}</span>
    </>
  );
}

function Signed({ task }: { task: TaskSummary }) {
  const { have, need } = task.approvals;
  if (task.externalNumber) return <>{task.externalNumber}</>;
  if (need < 2) return <>{task.recurring ? t("row.recurring") : ""}</>;
  return (
    <>
      {have > 0 && <Icon name="pen" />}
      {t("row.signed", { have, need })}
    </>
  );
}
