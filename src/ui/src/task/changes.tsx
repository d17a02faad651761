// Before and after, field by field.
import type { Change, TaskDetail } from "../api/types";
import { t, word } from "../i18n";
import type { Format } from "../lib/format";
import { useFormat } from "../lib/plant";
import { Icon } from "../parts/icons";

/** The daemon gives numbers, times and text alike as text; "" is none. */
export function changeText(field: string, value: string, task: TaskDetail, format: Format): string {
  if (value === "") return t("none");
  if (field === "due") return format.dayTime(value);
  if (field === "cost") {
    const currency = task.cost?.currency ?? task.effects.money?.currency;
    return currency ? format.money(Number(value), currency) : value;
  }
  return value;
}

export function ChangeList({ changes, task }: { changes: Change[]; task: TaskDetail }) {
  const format = useFormat();
  return (
    <ul class="changes">
      {changes.map(({ field, before, after }) => (
        <li key={field}>
          <span>{word("field", field)}</span>
          <s>{changeText(field, before, task, format)}</s>
          <Icon name="next" size="s" />
          <b>{changeText(field, after, task, format)}</b>
        </li>
      ))}
    </ul>
  );
}
