// Decisions, and the signal as it was when one was taken.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "http/scene.hpp"
#include "millwright/codec/catalog.hpp"

namespace millwright::http {
namespace {

void write_position(JsonWriter& json, const Decision& decision) {
  const Evidence& evidence = decision.evidence;
  const Position& position = evidence.position;
  json.key("position");
  if (position.where.topic.empty()) {
    json.null();
  } else {
    json.begin_object();
    json.field("topic", position.where.topic);
    json.field("partition", position.where.partition);
    json.field("offset", position.offset.get());
    json.end_object();
  }
  json.key("event");
  if (evidence.event.id.empty()) {  // silence
    json.null();
  } else {
    json.begin_object();
    json.field("source", evidence.event.source);
    json.field("id", evidence.event.id);
    json.end_object();
  }
}

// 3.24 rather than 3.240000009536743: the double nearest to what the float means in decimals.
double decimal(float value) {
  if (!std::isfinite(value)) return std::nan("");
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  double out = 0.0;
  std::from_chars(text.data(), written.ptr, out);
  return out;
}

struct Limit {
  std::string name;
  double value;
};

// The signal's own limits; where it has none, those that the decision's readings were held against.
std::vector<Limit> limits_of(const Decision& decision, const Signal* signal,
                             const std::string& unit) {
  std::vector<Limit> out;
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (value) out.push_back({name, *value});
  };
  if (signal != nullptr) {
    add("Zone B/C", signal->limit_bc);
    add("Zone C/D", signal->limit_cd);
    add("Warning", signal->warn);
    add("Alarm", signal->alarm);
  }
  if (!out.empty()) return out;
  for (const Reading& reading : decision.evidence.readings) {
    if (!reading.limit || reading.unit != unit) continue;
    const bool again = std::any_of(out.begin(), out.end(),
                                   [&](const Limit& l) { return l.value == *reading.limit; });
    if (!again) out.push_back({"Limit", *reading.limit});
  }
  return out;
}

void write_points(JsonWriter& json, const std::vector<SeriesPoint>& series) {
  json.key("points");
  json.begin_array();
  for (const SeriesPoint& point : series) {
    json.begin_array();
    json.value(point.at);
    json.value(decimal(point.value));
    json.end_array();
  }
  json.end_array();
  json.key("band");
  json.begin_array();
  for (const SeriesPoint& point : series) {
    if (!std::isfinite(point.low) || !std::isfinite(point.high)) continue;
    json.begin_array();
    json.value(point.at);
    json.value(decimal(point.low));
    json.value(decimal(point.high));
    json.end_array();
  }
  json.end_array();
}

// Null of decisions that were made before traces were kept.
void write_trace(JsonWriter& json, const Evidence& evidence) {
  const Trace& trace = evidence.trace;
  json.key("trace");
  if (trace == Trace{}) return json.null();
  json.begin_object();
  json.field("row", evidence.row);
  write_text(json, "matched", trace.matched);
  write_reasons(json, trace.reasons);
  const Counterfactual& other = trace.counterfactual;
  json.key("counterfactual");
  json.begin_object();
  write_text(json, "input", other.input);
  json.field("was", other.was);
  json.field("would", other.would);
  json.field("outcome", other.outcome);
  json.field("text", other.text);
  json.end_object();
  json.end_object();
}

}  // namespace

void write_reasons(JsonWriter& json, const std::vector<Reason>& reasons) {
  json.key("reasons");
  json.begin_array();
  for (const Reason& reason : reasons) {
    json.begin_object();
    json.field("source", reason.source);
    json.field("values", reason.values);
    json.end_object();
  }
  json.end_array();
}

void write_decision(JsonWriter& json, const Decision& decision) {
  const Evidence& evidence = decision.evidence;
  json.begin_object();
  json.field("id", decision.id.str());
  json.field("at", decision.at);
  json.field("shadow", decision.shadow);
  write_text(json, "asset", decision.asset.str());
  write_text(json, "signal", decision.signal.str());
  json.field("entity", decision.entity);
  json.field("failureMode", decision.mode.str());
  json.field("kind", to_text(decision.task));
  json.field("priority", int(decision.priority));
  json.field("title", decision.title);
  json.field("symptom", decision.symptom);
  json.field("cause", decision.cause);
  write_time(json, "due", decision.due);
  json.field("rationale", evidence.rationale);
  json.field("confidence", evidence.confidence);
  json.field("rung", to_text(evidence.rung));
  write_rule(json, evidence.rule);
  write_model(json, evidence.model);
  json.field("configVersion", evidence.config_version);
  json.field("view", evidence.view.get());
  write_position(json, decision);
  write_event_keys(json, evidence.events);
  write_readings(json, evidence.readings);
  write_contributions(json, evidence.contributions);
  write_trace(json, evidence);
  json.end_object();
}

std::string series_json(const Decision& decision, const PlantModel& plant) {
  const auto found = plant.signals.find(decision.signal);
  const Signal* signal = found == plant.signals.end() ? nullptr : &found->second;
  const std::string unit(signal != nullptr ? codec::printed_unit(signal->unit) : "");
  const double last =
      decision.series.empty() ? std::nan("") : decimal(decision.series.back().value);
  JsonWriter json;
  json.begin_object();
  json.field("signal", decision.signal.str());
  json.field("label", signal != nullptr ? signal->name : decision.signal.str());
  json.field("unit", unit);
  write_points(json, decision.series);
  json.key("limits");
  json.begin_array();
  for (const Limit& limit : limits_of(decision, signal, unit)) {
    json.begin_object();
    json.field("name", limit.name);
    json.field("value", limit.value);
    json.field("crossed", last > limit.value);
    json.end_object();
  }
  json.end_array();
  json.key("event");
  json.begin_object();
  json.field("at", decision.at);
  json.field("value", last);
  json.end_object();
  json.key("forecast");
  json.null();
  json.end_object();
  return std::move(json).text();
}

}  // namespace millwright::http
