// What happens on approve: exactly this and nothing else.
import type { ComponentChildren } from "preact";
import type { Effects as EffectsOf, Part, TaskDetail } from "../api/types";
import { t, tn, word } from "../i18n";
import { useFormat } from "../lib/plant";
import { Icon, type IconName } from "../parts/icons";
import { Card } from "../parts/panel";

export function Effects({ task }: { task: TaskDetail }) {
  const { effects } = task;
  const open = task.state === "PROPOSED";
  const none = !effects.workOrder && !effects.money && effects.parts.length === 0;
  const note = open && task.approvals.need > 1 ? t("effects.two") : null;
  return (
    <Card id="effects" title={t(open ? "effects.title" : "effects.was")} note={note}>
      <ol class="effects">
        {effects.workOrder && <WorkOrder effects={effects} />}
        {effects.parts.length > 0 && <Parts effects={effects} priority={task.priority} />}
        {effects.money && <Money effects={effects} />}
        {none && (
          <Effect icon="check" title={nothingElse(task)} note={word("effects.kind", task.kind)} />
        )}
      </ol>
    </Card>
  );
}

function nothingElse({ effects }: TaskDetail): string {
  return effects.system ? t("effects.sent", { system: effects.system }) : t("effects.nothing");
}

interface EffectProps {
  icon: IconName;
  title: string;
  note?: string;
  children?: ComponentChildren;
}

function Effect({ icon, title, note, children }: EffectProps) {
  return (
    <li>
      <Icon name={icon} />
      <div>
        <h3>
          {title} {note && <span>{note}</span>}
        </h3>
        {children}
      </div>
    </li>
  );
}

function Cell({
  name,
  wide,
  children,
}: {
  name: string;
  wide?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class={wide ? "wide" : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function WorkOrder({ effects }: { effects: EffectsOf }) {
  const format = useFormat();
  const order = effects.workOrder;
  if (!order) return null;
  const title = effects.system
    ? t("effects.order.in", { system: effects.system })
    : t("effects.order");
  return (
    <Effect icon="order" title={title} note={order.planned ? t("effects.planned") : undefined}>
      <dl class="cells">
        <Cell name={t("order.text")} wide>
          {order.text}
        </Cell>
        <Cell name={t("order.equipment")}>{order.equipment ?? t("none")}</Cell>
        <Cell name={t("order.centre")}>{order.workCentre ?? t("none")}</Cell>
        <Cell name={t("order.when")} wide>
          {order.start && order.end ? format.span(order.start, order.end) : t("order.unplanned")}
        </Cell>
        {order.crafts.map((craft) => (
          <Cell name={craft.name} key={craft.craft}>
            {t("hours", { h: format.number(craft.hours, 1) })}
          </Cell>
        ))}
        {order.permit && <Cell name={t("order.permit")}>{order.permit}</Cell>}
      </dl>
    </Effect>
  );
}

function Parts({ effects, priority }: { effects: EffectsOf; priority: number }) {
  const { parts, reservesParts } = effects;
  const short = parts.some((part) => part.shortBy > 0);
  const note = short ? t("parts.short") : reservesParts ? undefined : t("parts.sibling");
  const title = reservesParts
    ? tn("effects.reserve", parts.length)
    : tn("effects.need", parts.length);
  return (
    <Effect icon="box" title={title} note={note}>
      <dl class={`cells is-p${priority}`}>
        {parts.map((part) => (
          <Cell name={`${part.material}, ${part.name}`} wide key={part.material}>
            <PartLine part={part} reserves={reservesParts} />
          </Cell>
        ))}
      </dl>
    </Effect>
  );
}

function PartLine({ part, reserves }: { part: Part; reserves: boolean }) {
  const format = useFormat();
  const unit = word("unit", part.unit);
  const quantity = format.number(part.quantity);
  if (part.shortBy > 0) {
    return (
      <span class="bad">
        ✕ {t("part.short", { quantity, unit, short: format.number(part.shortBy) })}
      </span>
    );
  }
  const free = format.number(part.available);
  return (
    <>
      {reserves
        ? t("part.leaves", { quantity, unit, free, after: format.number(part.after) })
        : t("part.free", { quantity, unit, free })}
      {part.held && <span class="muted"> {t("part.held")}</span>}
    </>
  );
}

function Money({ effects }: { effects: EffectsOf }) {
  const format = useFormat();
  const { money } = effects;
  if (!money) return null;
  const amount = (value: number) => format.money(value, money.currency);
  const note = t("effects.money.of", { parts: amount(money.parts), labour: amount(money.labour) });
  return (
    <Effect icon="cost" title={t("effects.money", { sum: amount(money.total) })} note={note} />
  );
}
