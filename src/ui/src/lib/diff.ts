// What changed in a task between the revision that was read and the one that stands now.
import type { Change, TaskDetail } from "../api/types";

type Field = Change["field"];

function parts(task: TaskDetail): string {
  return task.effects.parts
    .map((p) => `${p.quantity} × ${p.material} (${p.shortBy > 0 ? `−${p.shortBy}` : p.available})`)
    .join(", ");
}

const fields: [Field, (task: TaskDetail) => string][] = [
  ["cause", (task) => task.cause],
  ["priority", (task) => String(task.priority)],
  ["due", (task) => task.due ?? ""],
  ["parts", parts],
  ["cost", (task) => (task.cost ? String(task.cost.amount) : "")],
];

/** In the form in which the daemon lists changes. */
export function diffTask(before: TaskDetail, after: TaskDetail): Change[] {
  const changes: Change[] = [];
  for (const [field, text] of fields) {
    const [a, b] = [text(before), text(after)];
    if (a !== b) changes.push({ field, before: a, after: b });
  }
  if (changes.length === 0 && before.revision !== after.revision) {
    changes.push({
      field: "revision",
      before: String(before.revision),
      after: String(after.revision),
    });
  }
  return changes;
}
