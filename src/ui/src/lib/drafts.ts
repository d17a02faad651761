// A decision that was begun and not signed: kept on this device, apart for each person and task.
import type { Meaning, RejectReason } from "../api/types";
import { readStored, writeStored } from "./prefs";

export interface Draft {
  verb: "approve" | "reject";
  meaning: Meaning;
  reasonCode: RejectReason | "";
  comment: string;
}

export const emptyDraft: Draft = {
  verb: "approve",
  meaning: "approval",
  reasonCode: "",
  comment: "",
};

const name = (user: string, task: string) => `millwright.draft.${user}.${task}`;

export function readDraft(user: string, task: string): Draft | null {
  const stored = readStored<Partial<Draft>>(name(user, task));
  return stored ? { ...emptyDraft, ...stored } : null;
}

export function keepDraft(user: string, task: string, draft: Draft): void {
  const worthIt = draft.comment !== "" || draft.reasonCode !== "" || draft.meaning !== "approval";
  writeStored(name(user, task), worthIt ? draft : null);
}

export function dropDraft(user: string, task: string): void {
  writeStored(name(user, task), null);
}
