#pragma once
// The members of each record, by the names they have in JSON: the one list that writing and reading
// share, up to the decision. Renaming one is a migration of every ledger. Pure.

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>

#include "codec/records_writer.hpp"
#include "millwright/domain/observation.hpp"
#include "millwright/domain/task.hpp"
#include "millwright/domain/view.hpp"

namespace millwright::codec {

template <class E, E kLast>
struct DomainTexts {
  static constexpr int kCount = int(kLast) + 1;
  static std::string_view text(E value) { return to_text(value); }
};
template <>
struct EnumTexts<TaskState> : DomainTexts<TaskState, TaskState::kVerified> {};
template <>
struct EnumTexts<TaskKind> : DomainTexts<TaskKind, TaskKind::kRuleRelease> {};
template <>
struct EnumTexts<Rung> : DomainTexts<Rung, Rung::kInspection> {};
template <>
struct EnumTexts<Outcome> : DomainTexts<Outcome, Outcome::kOtherCause> {};
template <>
struct EnumTexts<Role> : DomainTexts<Role, Role::kIntegration> {};

template <std::size_t kN>
using Texts = std::array<std::string_view, kN>;
inline constexpr Texts<3> kCriticalities = {"A", "B", "C"};
inline constexpr Texts<2> kCaseStates = {"open", "closed"};
inline constexpr Texts<4> kReservationStates = {"soft", "hard", "released", "consumed"};
inline constexpr Texts<2> kEffectKinds = {"kafka", "erp"};
inline constexpr Texts<6> kEffectStates = {"pending", "in_flight", "retry",
                                           "done",    "unknown",   "parked"};

template <class E, const auto& kTexts>
struct OwnTexts {
  static constexpr int kCount = int(kTexts.size());
  static std::string_view text(E value) { return kTexts[std::size_t(value)]; }
};
template <>
struct EnumTexts<Criticality> : OwnTexts<Criticality, kCriticalities> {};
template <>
struct EnumTexts<CaseState> : OwnTexts<CaseState, kCaseStates> {};
template <>
struct EnumTexts<ReservationState> : OwnTexts<ReservationState, kReservationStates> {};
template <>
struct EnumTexts<EffectKind> : OwnTexts<EffectKind, kEffectKinds> {};
template <>
struct EnumTexts<EffectState> : OwnTexts<EffectState, kEffectStates> {};

template <class T, class Record>
concept Is = std::same_as<std::remove_const_t<T>, Record>;

template <class Io, Is<ModelRef> T>
void fields(Io& io, T& m) {
  io("id", m.id);
  io("version", m.version);
}

template <class Io, Is<RuleRef> T>
void fields(Io& io, T& r) {
  io("id", r.id);
  io("version", r.version);
  io("hash", r.hash);
}

template <class Io, Is<Contribution> T>
void fields(Io& io, T& c) {
  io("name", c.name);
  io("weight", c.weight);
  io("detail", c.detail);
}

template <class Io, Is<Reading> T>
void fields(Io& io, T& r) {
  io("name", r.name);
  io("text", r.text);
  io("unit", r.unit);
  io("value", r.value);
  io("limit", r.limit);
}

template <class Io, Is<EventKey> T>
void fields(Io& io, T& k) {
  io("source", k.source);
  io("id", k.id);
}

template <class Io, Is<Position> T>
void fields(Io& io, T& p) {
  io("topic", p.where.topic);
  io("partition", p.where.partition);
  io("offset", p.offset);
}

template <class Io, Is<Reason> T>
void fields(Io& io, T& r) {
  io("source", r.source);
  io("values", r.values);
}

template <class Io, Is<Counterfactual> T>
void fields(Io& io, T& c) {
  io("input", c.input);
  io("was", c.was);
  io("would", c.would);
  io("outcome", c.outcome);
  io("text", c.text);
}

template <class Io, Is<Trace> T>
void fields(Io& io, T& t) {
  io("matched", t.matched);
  io("reasons", t.reasons);
  io("counterfactual", t.counterfactual);
}

template <class Io, Is<Evidence> T>
void fields(Io& io, T& e) {
  io("event", e.event);
  io("position", e.position);
  io("events", e.events);
  io("readings", e.readings);
  io("contributions", e.contributions);
  io("rule", e.rule);
  io("model", e.model);
  io("config", e.config_version);
  io("view", e.view);
  io("rung", e.rung);
  io("confidence", e.confidence);
  io("rationale", e.rationale);
  io.later("row", e.row);
  io.later("trace", e.trace);
}

// The series is kept apart: see pack_series().
template <class Io, Is<Decision> T>
void fields(Io& io, T& d) {
  io("id", d.id);
  io("at", d.at);
  io("asset", d.asset);
  io("signal", d.signal);
  io("entity", d.entity);
  io("mode", d.mode);
  io("task", d.task);
  io("priority", d.priority);
  io("title", d.title);
  io("symptom", d.symptom);
  io("cause", d.cause);
  io("point", d.point);
  io("due", d.due);
  io.later("shadow", d.shadow);
  io("evidence", d.evidence);
}

}  // namespace millwright::codec
