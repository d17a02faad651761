// Sentences that more than one screen says about a task.
import type { Confidence, TaskSummary } from "../api/types";
import { t, word } from "../i18n";
import { type Format, pathWords } from "./format";

export function place(task: TaskSummary): string {
  // The site stands in the top bar already.
  return [...pathWords(task.asset.path).slice(1), task.asset.id].filter(Boolean).join(" › ");
}

export function kindAndPlace(task: TaskSummary): string {
  return [word("kind", task.kind), place(task)].filter(Boolean).join(" · ");
}

export function sureness({ value, calibrated }: Confidence): string {
  if (calibrated) return t("confidence.of", { right: calibrated.right, of: calibrated.of });
  return t("confidence.of", { right: Math.round(value * 100), of: 100 });
}

export function share({ value, calibrated }: Confidence): number {
  return calibrated ? calibrated.right / calibrated.of : value;
}

export function costText(task: TaskSummary, format: Format): string {
  return task.cost ? format.money(task.cost.amount, task.cost.currency) : t("cost.none");
}

export function stopText(task: TaskSummary, format: Format): string {
  if (task.stopHours === null) return "";
  if (task.stopHours === 0) return t("stop.none");
  return t("stop.hours", { h: format.number(task.stopHours, 1) });
}
