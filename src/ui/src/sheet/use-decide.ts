// Signing: one request, what became of it, and the draft that outlives both.
import { useRef, useState } from "preact/hooks";
import { api, call, idempotencyKey } from "../api/client";
import { type ApiError, errorOfThrow } from "../api/errors";
import { queries } from "../api/query";
import type { TaskDetail } from "../api/types";
import { type Draft, dropDraft, emptyDraft, keepDraft, readDraft } from "../lib/drafts";

export type Phase = { name: "writing" } | { name: "signing" } | { name: "failed"; error: ApiError };

export interface Deciding {
  draft: Draft;
  write: (change: Partial<Draft>) => void;
  phase: Phase;
  sign: (task: TaskDetail) => Promise<boolean>;
}

function send(task: TaskDetail, draft: Draft, key: string): Promise<TaskDetail> {
  const params = {
    path: { id: task.id },
    header: { "If-Match": `"${task.revision}"`, "Idempotency-Key": key },
  };
  const comment = draft.comment.trim() || undefined;
  if (draft.verb === "approve") {
    const body = { meaning: draft.meaning, comment };
    return call(api.POST("/api/v1/tasks/{id}/approve", { params, body }));
  }
  const body = { reasonCode: draft.reasonCode || ("OTHER" as const), comment };
  return call(api.POST("/api/v1/tasks/{id}/reject", { params, body }));
}

/** The newest the daemon said about the task, with whatever came as an answer. */
function learn(id: string, task: TaskDetail | undefined): void {
  if (task) queries.setQueryData(["task", id], task);
  void queries.invalidateQueries({ queryKey: ["task", id] });
  void queries.invalidateQueries({ queryKey: ["tasks"] });
  void queries.invalidateQueries({ queryKey: ["plant"] });
}

export function useDecide(user: string, id: string, verb: Draft["verb"]): Deciding {
  const [draft, setDraft] = useState<Draft>(() => ({
    ...(readDraft(user, id) ?? emptyDraft),
    verb,
  }));
  const [phase, setPhase] = useState<Phase>({ name: "writing" });
  const key = useRef(idempotencyKey());
  const busy = useRef(false);

  async function sign(task: TaskDetail): Promise<boolean> {
    if (busy.current) return false;
    busy.current = true;
    setPhase({ name: "signing" });
    try {
      const after = await send(task, draft, key.current);
      dropDraft(user, id);
      learn(id, after);
      return true;
    } catch (cause) {
      const error = errorOfThrow(cause);
      // Without an answer the same key goes out again, so that nothing can be signed twice.
      if (!error.unanswered) key.current = idempotencyKey();
      learn(id, error.problem?.task);
      setPhase({ name: "failed", error });
      return false;
    } finally {
      busy.current = false;
    }
  }

  /** Kept at once: the sheet may close before the next drawing. */
  function write(change: Partial<Draft>): void {
    const next = { ...draft, ...change };
    keepDraft(user, id, next);
    setDraft(next);
    setPhase((before) => (before.name === "failed" ? { name: "writing" } : before));
  }

  return { draft, write, phase, sign };
}
