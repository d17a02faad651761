#pragma once
// The members of tasks and of what belongs to them, by the names they have in JSON; goes on where
// records_decision.hpp ends. Pure.

#include "codec/records_decision.hpp"

namespace millwright::codec {

template <class Io, Is<CraftHours> T>
void fields(Io& io, T& c) {
  io("craft", c.craft);
  io("hours", c.hours);
}

template <class Io, Is<PartLine> T>
void fields(Io& io, T& p) {
  io("material", p.material);
  io("name", p.name);
  io("quantity", p.quantity);
  io("unit", p.unit);
  io("on_hand", p.on_hand);
  io("reserved", p.reserved);
  io("blocked", p.blocked);
  io("short_by", p.short_by);
  io("unit_cost", p.unit_cost);
}

template <class Io, Is<Approval> T>
void fields(Io& io, T& a) {
  io("user", a.user);
  io("name", a.name);
  io("role", a.role);
  io("at", a.at);
  io("revision", a.revision);
  io("meaning", a.meaning);
  io("reason_code", a.reason_code);
  io("comment", a.comment);
  io("idempotency_key", a.idempotency_key);
}

template <class Io, Is<ReleasedRule> T>
void fields(Io& io, T& r) {
  io("ref", r.ref);
  io("owner", r.owner);
}

template <class Io, Is<Release> T>
void fields(Io& io, T& r) {
  io("bundle", r.bundle);
  io("rules", r.rules);
  io("owners", r.owners);
  io("changes", r.changes);
  io("report", r.report);
  io("asked_by", r.asked_by);
  io("asked_by_name", r.asked_by_name);
}

template <class Io, Is<RuleBundle> T>
void fields(Io& io, T& b) {
  io("hash", b.hash);
  io("rules", b.rules);
  io("how", b.how);
  io("task", b.task);
  io("at", b.at);
  io("loaded", b.loaded);
}

template <class Io, Is<Task> T>
void fields(Io& io, T& t) {
  io("id", t.id);
  io("case", t.case_id);
  io("kind", t.kind);
  io("state", t.state);
  io("revision", t.revision);
  io("priority", t.priority);
  io("asset", t.asset);
  io("asset_path", t.asset_path);
  io("criticality", t.criticality);
  io("mode", t.mode);
  io("title", t.title);
  io("symptom", t.symptom);
  io("cause", t.cause);
  io("point", t.point);
  io("signal", t.signal);
  io("confidence", t.confidence);
  io("rung", t.rung);
  io("rationale", t.rationale);
  io("rule", t.rule);
  io("model", t.model);
  io("order_text", t.order_text);
  io("equipment_number", t.equipment_number);
  io("work_center", t.work_center);
  io("crafts", t.crafts);
  io("parts", t.parts);
  io("duration_h", t.duration_h);
  io("permit", t.permit);
  io("cost", t.cost);
  io("avoided_cost", t.avoided_cost);
  io("due", t.due);
  io("window_from", t.window_from);
  io("opened_at", t.opened_at);
  io("proposed_at", t.proposed_at);
  io("changed_at", t.changed_at);
  io("decide_by", t.decide_by);
  io("opened_by", t.opened_by);
  io("evidence", t.evidence);
  io("evidence_count", t.evidence_count);
  io("changes", t.changes);
  io("last_seen", t.last_seen);
  io("approvals_needed", t.approvals_needed);
  io("approvals", t.approvals);
  io("external_number", t.external_number);
  io("failure", t.failure);
  io("outcome", t.outcome);
  io("outcome_detail", t.outcome_detail);
  io("release", t.release);
}

template <class Io, Is<Case> T>
void fields(Io& io, T& c) {
  io("id", c.id);
  io("asset", c.asset);
  io("entity", c.entity);
  io("mode", c.mode);
  io("state", c.state);
  io("opened_by", c.opened_by);
  io("opened_at", c.opened_at);
  io("closed_at", c.closed_at);
  io("recurring", c.recurring);
  io("tasks", c.tasks);
}

template <class Io, Is<Reservation> T>
void fields(Io& io, T& r) {
  io("task", r.task);
  io("material", r.material);
  io("quantity", r.quantity);
  io("state", r.state);
  io("until", r.until);
}

template <class Io, Is<Effect> T>
void fields(Io& io, T& e) {
  io("id", e.id);
  io("kind", e.kind);
  io("target", e.target);
  io("key", e.key);
  io("type", e.type);
  io("body", e.body);
  io("headers", e.headers);
  io("task", e.task);
  io("audit", e.audit);
  io("state", e.state);
  io("attempts", e.attempts);
  io("not_before", e.not_before);
}

}  // namespace millwright::codec
