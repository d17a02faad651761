// What happens on approve, in as few lines as it takes.
import type { Effects } from "../api/types";
import { t, tn } from "../i18n";
import { useFormat } from "../lib/plant";
import { Icon } from "../parts/icons";

export function EffectSteps({ effects }: { effects: Effects }) {
  const format = useFormat();
  const { workOrder, parts, reservesParts, system, money } = effects;
  const when = workOrder?.start && workOrder.end ? format.span(workOrder.start, workOrder.end) : "";
  return (
    <ol class="steps">
      {workOrder && (
        <li>
          <Icon name="order" />
          <span>
            {system ? t("effects.order.in", { system }) : t("effects.order")}
            {when && `, ${when}`}
          </span>
        </li>
      )}
      {reservesParts && parts.length > 0 && (
        <li>
          <Icon name="box" />
          <span>{tn("effects.reserve", parts.length)}</span>
        </li>
      )}
      {money && (
        <li>
          <Icon name="cost" />
          <span>{t("effects.money", { sum: format.money(money.total, money.currency) })}</span>
        </li>
      )}
      {!workOrder && !reservesParts && !money && (
        <li>
          <Icon name="check" />
          <span>{system ? t("effects.sent", { system }) : t("effects.nothing")}</span>
        </li>
      )}
    </ol>
  );
}
