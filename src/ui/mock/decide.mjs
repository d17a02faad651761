// Approve and reject as the contract has them: revision, rights, two signatures, repeats.
import { iso } from "./data.mjs";

/** @typedef {import("./data.mjs").TaskDetail} TaskDetail */
/** @typedef {import("./data.mjs").User} User */
/** @typedef {{ status: number, code: string, detail: string, more?: object }} Refusal */

/** @type {Set<string>} */
const done = new Set();

/**
 * @param {TaskDetail} task
 * @param {"approve" | "reject"} verb
 * @param {{ meaning?: string, reasonCode?: string, comment?: string }} body
 * @param {User} who
 * @param {{ ifMatch: string | undefined, key: string }} sent
 * @returns {Refusal | null}
 */
export function decide(task, verb, body, who, { ifMatch, key }) {
  if (key && done.has(key)) return null;
  const refusal = refuse(task, verb, body, who, ifMatch);
  if (refusal) return refusal;
  if (key) done.add(key);
  if (verb === "approve") approve(task, body, who);
  else reject(task, body, who);
  return null;
}

/**
 * @param {TaskDetail} task
 * @param {"approve" | "reject"} verb
 * @param {{ reasonCode?: string, comment?: string }} body
 * @param {User} who
 * @param {string | undefined} ifMatch
 * @returns {Refusal | null}
 */
function refuse(task, verb, body, who, ifMatch) {
  if (!who.roles.some((role) => task.approvers.includes(role))) {
    const detail = "The maintenance supervisor or the plant manager decides this.";
    return { status: 403, code: "denied", detail, more: { mayDo: task.approvers } };
  }
  if (ifMatch === undefined) {
    return { status: 428, code: "revision_missing", detail: "If-Match is missing." };
  }
  if (task.state !== "PROPOSED") {
    const detail = `${task.decided?.who ?? "Somebody"} decided it already.`;
    return { status: 409, code: "already_decided", detail, more: { task } };
  }
  if (ifMatch !== `"${task.revision}"`) {
    const detail = `The task is at revision ${task.revision}; you saw ${ifMatch}.`;
    return { status: 412, code: "stale_revision", detail, more: { task } };
  }
  if (verb === "reject" && body.reasonCode === "OTHER" && !body.comment) {
    return { status: 400, code: "reason_missing", detail: "OTHER needs a comment." };
  }
  if (verb === "approve" && task.signed.some((s) => s.user === who.user)) {
    return { status: 403, code: "denied", detail: "You have signed it already." };
  }
  return null;
}

/** @param {TaskDetail} task @param {{ meaning?: string, comment?: string }} body @param {User} who */
function approve(task, body, who) {
  const at = iso(Date.now());
  task.signed.push({
    user: who.user,
    name: who.name,
    role: who.roles[0] ?? "operator",
    at,
    revision: task.revision,
    meaning: body.meaning ?? "approval",
    reasonCode: "",
    comment: body.comment ?? "",
  });
  task.approvals.have += 1;
  const last = task.approvals.have >= task.approvals.need;
  task.timeline.push({
    at,
    who: who.name,
    what: last ? "approved" : "signed",
    revision: task.revision,
    detail: body.comment ?? "",
  });
  if (!last) return;
  task.state = "APPROVED";
  task.decided = { at, who: who.name, how: "approved" };
}

/** @param {TaskDetail} task @param {{ reasonCode?: string, comment?: string }} body @param {User} who */
function reject(task, body, who) {
  const at = iso(Date.now());
  task.state = "REJECTED";
  task.decided = {
    at,
    who: who.name,
    how: "rejected",
    reasonCode: body.reasonCode ?? "OTHER",
    comment: body.comment ?? "",
  };
  task.timeline.push({
    at,
    who: who.name,
    what: "rejected",
    revision: task.revision,
    detail: body.comment ?? "",
  });
}
