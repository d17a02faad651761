#include "simulator/outbox.hpp"

#include <algorithm>
#include <cmath>

namespace millwright::simulator {
namespace {

std::string padded(std::int64_t number) {
  std::string digits = std::to_string(number);
  return std::string(digits.size() < 10 ? 10 - digits.size() : 0, '0') + digits;
}

std::string topic_of(std::string_view family) {
  return family == "iot" ? "iot.telemetry" : std::string(family) + ".events";
}

}  // namespace

Outbox::Draft Outbox::begin(std::string_view type, std::string_view key, Instant at,
                            std::string_view correlation) {
  const std::string family(type.substr(0, type.find('.')));
  const std::int64_t number = ++running_[family];
  Draft draft{{at, topic_of(family), std::string(key), {}}, {}};
  JsonWriter& json = draft.json;
  json.begin_object();
  json.field("specversion", "1.0");
  json.field("id", family + "-" + padded(number));
  json.field("source", "/" + site_ + "/" + family);
  json.field("type", prefix_ + "." + std::string(type) + ".v1");
  json.field("time", at);
  json.field("partitionkey", key);
  json.field("sequence", padded(number));
  json.field_if("correlationid", correlation);
  json.field("datacontenttype", "application/json");
  json.key("data");
  json.begin_object();
  return draft;
}

void Outbox::finish(Draft draft) {
  draft.json.end_object();
  draft.json.end_object();
  draft.record.value = std::move(draft.json).text();
  waiting_.push_back(std::move(draft.record));
}

void Outbox::quantity(JsonWriter& json, std::string_view name, double value,
                      std::string_view unit) {
  json.key(name);
  json.begin_object();
  json.field("value", std::round(value * 1000.0) / 1000.0);
  json.field("unit", unit);
  json.end_object();
}

std::vector<SimulatedRecord> Outbox::take(Instant to) {
  std::stable_sort(waiting_.begin(), waiting_.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  const auto end = std::find_if(waiting_.begin(), waiting_.end(),
                                [&](const SimulatedRecord& r) { return r.at > to; });
  std::vector<SimulatedRecord> out(std::make_move_iterator(waiting_.begin()),
                                   std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return out;
}

}  // namespace millwright::simulator
