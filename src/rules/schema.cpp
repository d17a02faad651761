#include "rules/schema.hpp"

#include "rules/functions.hpp"

namespace millwright::rules {
namespace {

constexpr std::array<ExtraSpec, kExtraCount> kExtras{{
    {Extra::kEventType, "event.type", cel::TypeKind::kString,
     "type of the event, or tick when silence is looked for"},
    {Extra::kEventTime, "event.time", cel::TypeKind::kTimestamp, "time of the event, UTC"},
    {Extra::kEventSource, "event.source", cel::TypeKind::kString, "who sent it; absent on a tick"},
    {Extra::kEventSubject, "event.subject", cel::TypeKind::kString,
     "its path in the plant; absent on a tick"},
    {Extra::kEventEntity, "event.entity", cel::TypeKind::kString,
     "what cases and cooldowns hang on"},
    {Extra::kModelId, "model.id", cel::TypeKind::kString,
     "the model that scored the reading; absent if none"},
    {Extra::kModelVersion, "model.version", cel::TypeKind::kString, "its version"},
    {Extra::kCalendarShift, "calendar.shift", cel::TypeKind::kString,
     "the shift at the event's time: early, late, night; absent between shifts"},
    {Extra::kCalendarHoliday, "calendar.holiday", cel::TypeKind::kBool,
     "a holiday of the plant, by its local date"},
    {Extra::kCalendarWorking, "calendar.working", cel::TypeKind::kBool,
     "a shift is on, it is no holiday, and no stop of the line is planned"},
}};

cel::TypeKind type_of(FeatureType type) {
  switch (type) {
    case FeatureType::kNumber:
      return cel::TypeKind::kDouble;
    case FeatureType::kFlag:
      return cel::TypeKind::kBool;
    case FeatureType::kText:
      return cel::TypeKind::kString;
  }
  return cel::TypeKind::kDyn;
}

cel::Schema build() {
  cel::Schema schema;
  for (const FeatureSpec& spec : feature_table()) {
    schema.add(std::string(spec.name), type_of(spec.type));
  }
  for (const ExtraSpec& spec : kExtras) schema.add(std::string(spec.name), spec.type);
  for (const cel::FunctionSpec& function : rule_functions()) schema.add_function(function);
  return schema;
}

cel::Value text_or_absent(std::string_view text) {
  return text.empty() ? cel::Value::absent() : cel::Value::string(text);
}

cel::Value extra_value(const Observation& observation, Extra extra) {
  const Event* event = observation.event;
  const PlantMoment* moment = observation.moment;
  switch (extra) {
    case Extra::kEventType:
      return cel::Value::string(event_type(observation));
    case Extra::kEventTime:
      return cel::Value::timestamp(observation.at);
    case Extra::kEventSource:
      return event == nullptr ? cel::Value::absent() : cel::Value::string(event->key.source);
    case Extra::kEventSubject:
      return event == nullptr ? cel::Value::absent() : text_or_absent(event->subject);
    case Extra::kEventEntity:
      return cel::Value::string(observation.entity);
    case Extra::kModelId:
      return text_or_absent(observation.model.id.str());
    case Extra::kModelVersion:
      return text_or_absent(observation.model.version);
    case Extra::kCalendarShift:
      return moment == nullptr ? cel::Value::absent() : text_or_absent(moment->shift);
    case Extra::kCalendarHoliday:
      return moment == nullptr ? cel::Value::absent() : cel::Value::boolean(moment->holiday);
    case Extra::kCalendarWorking:
      return moment == nullptr ? cel::Value::absent() : cel::Value::boolean(moment->working);
    case Extra::kCount:
      break;
  }
  return cel::Value::absent();
}

}  // namespace

const std::array<ExtraSpec, kExtraCount>& extra_table() {
  return kExtras;
}

const cel::Schema& rule_schema() {
  static const cel::Schema kSchema = build();
  return kSchema;
}

std::string_view event_type(const Observation& observation) {
  if (observation.event == nullptr || observation.event->type == nullptr) return "tick";
  return observation.event->type->name;
}

cel::Value slot_value(const Observation& observation, std::size_t slot) {
  if (slot >= kFeatureCount) return extra_value(observation, Extra(slot - kFeatureCount));
  const FeatureSpec& spec = feature_table()[slot];
  if (!observation.features.has(spec.id)) return cel::Value::absent();
  switch (spec.type) {
    case FeatureType::kNumber:
      return cel::Value::number(observation.features.number(spec.id, 0.0));
    case FeatureType::kFlag:
      return cel::Value::boolean(observation.features.flag(spec.id));
    case FeatureType::kText:
      return cel::Value::string(observation.features.text(spec.id));
  }
  return cel::Value::absent();
}

}  // namespace millwright::rules
