// What the task stands on and beside: events, decisions, sibling tasks, and what happened when.
import type { TaskDetail } from "../api/types";
import { t, tn, word } from "../i18n";
import { useNow } from "../lib/clock";
import { useFormat } from "../lib/plant";
import { Glyph } from "../parts/glyph";
import { Icon } from "../parts/icons";
import { Card } from "../parts/panel";

const shownEvents = 8;

export function Evidence({ task }: { task: TaskDetail }) {
  const format = useFormat();
  const now = useNow(60_000);
  const note = t("evidence.note", { at: format.stamp(task.lastSeen, now) });
  return (
    <Card id="evidence" title={tn("evidence", task.evidenceCount)} note={note}>
      <div class="card-body stack-s">
        <h3 class="label">{t("evidence.events")}</h3>
        <ul class="refs">
          {task.events.slice(0, shownEvents).map((event) => (
            <li key={`${event.source} ${event.id}`}>
              <code>{event.id}</code> <span class="muted">{event.source}</span>
            </li>
          ))}
        </ul>
        {task.events.length > shownEvents && (
          <p class="small muted">{t("evidence.more", { n: task.events.length - shownEvents })}</p>
        )}
        <h3 class="label">{t("evidence.decisions")}</h3>
        <ul class="refs">
          {task.decisions.slice(0, shownEvents).map((id) => (
            <li key={id}>
              <code>{id}</code>
            </li>
          ))}
        </ul>
        <p class="small muted">
          {t("evidence.rule")} <code>{task.rule.hash}</code>
        </p>
      </div>
    </Card>
  );
}

export function Siblings({ task }: { task: TaskDetail }) {
  if (task.siblings.length === 0) return null;
  return (
    <Card id="siblings" title={t("siblings")} note={t("siblings.note")}>
      <ul class="siblings">
        {task.siblings.map((sibling) => (
          <li key={sibling.id}>
            <a href={`/tasks/${sibling.id}`}>
              <Glyph priority={sibling.priority} size="s" />
              <span lang="en">{sibling.title}</span>
              <span class="muted small">{word("state", sibling.state)}</span>
              <Icon name="next" size="s" />
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function whoText(who: string): string {
  if (who === "erp" || who === "timer") return t(`who.${who}`);
  const rule = /^rule:(.+)$/.exec(who);
  return rule ? t("who.rule", { rule: rule[1] ?? "" }) : who;
}

export function Timeline({ task }: { task: TaskDetail }) {
  const format = useFormat();
  const now = useNow(10_000);
  const open = task.state === "PROPOSED";
  return (
    <Card id="timeline" title={t("timeline")}>
      <div class="card-body">
        <ol class="timeline">
          {task.timeline.map((entry) => (
            <li key={`${entry.at} ${entry.what} ${entry.who}`}>
              <time dateTime={entry.at}>{format.stamp(entry.at, now)}</time>
              <span>
                <b>{word("what", entry.what)}</b>
                {entry.revision !== null && `, ${t("revision", { n: entry.revision })}`}
                {`, ${whoText(entry.who)}`}
                {entry.detail && (
                  <>
                    : <span lang="en">{entry.detail}</span>
                  </>
                )}
              </span>
            </li>
          ))}
          {open && (
            <li class="is-now">
              <time>{format.clock(now)}</time>
              <span>{t(task.approvals.have > 0 ? "timeline.second" : "timeline.now")}</span>
            </li>
          )}
          {open && task.decideBy && (
            <li class="is-next">
              <time dateTime={task.decideBy}>{format.stamp(task.decideBy, now)}</time>
              <span>{t("timeline.expires")}</span>
            </li>
          )}
        </ol>
      </div>
    </Card>
  );
}
