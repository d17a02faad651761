#include "millwright/codec/decode.hpp"

#include <array>
#include <string>

#include "codec/envelope.hpp"
#include "codec/fields.hpp"
#include "codec/values.hpp"
#include "millwright/codec/catalog.hpp"

namespace millwright::codec {
namespace {

// The last types seen, by their full name: a topic carries few.
class TypeMemo {
 public:
  const EventType* find(std::string_view ce_type) {
    const std::size_t n = ce_type.size();
    const auto mix = n == 0 ? std::size_t(0)
                            : n * 31 + static_cast<unsigned char>(ce_type[n / 2]) * 7 +
                                  static_cast<unsigned char>(ce_type[n > 4 ? n - 4 : 0]);
    Slot& slot = slots_[mix % slots_.size()];
    if (slot.name != ce_type) {
      const EventType* found = find_event_type(ce_type);
      if (found == nullptr) return nullptr;
      slot = Slot{std::string(ce_type), found};
    }
    return slot.type;
  }

 private:
  struct Slot {
    std::string name;
    const EventType* type = nullptr;
  };
  std::array<Slot, 64> slots_;
};

MaybeFailure check_id(std::string_view what, std::string_view text) {
  if (text.size() > limits::kIdBytes) {
    return Failure{RejectReason::kTooLarge, std::string(what) + " is longer than " +
                                                std::to_string(limits::kIdBytes) +
                                                " bytes; shorten it"};
  }
  if (has_control_characters(text)) {
    return Failure{RejectReason::kWrongField,
                   std::string(what) + " has control characters; take them out"};
  }
  return std::nullopt;
}

Failure unknown_type(std::string_view ce_type) {
  std::string detail = "type " + in_quotes(ce_type) + " is not in the catalogue";
  const std::size_t dot = ce_type.rfind(".v");
  const EventType* other =
      dot == std::string_view::npos ? nullptr : find_event_type(ce_type.substr(0, dot));
  if (other != nullptr) {
    detail += " in this version; it is known as " + std::string(other->name) + ".v" +
              std::to_string(other->version);
  } else {
    detail += "; docs/asyncapi.yaml lists the types";
  }
  return {RejectReason::kUnknownType, std::move(detail)};
}

MaybeFailure read_attributes(const EnvelopeView& view, Instant untimed, Event& event) {
  if (auto f = check_id("id", view.id)) return f;
  if (auto f = check_id("source", view.source)) return f;
  if (auto f = check_id("sequence", view.sequence)) return f;
  if (auto f = check_id("correlationid", view.correlation)) return f;
  if (auto f = check_id("traceparent", view.traceparent)) return f;
  if (view.subject.size() > limits::kTextBytes) {
    return Failure{
        RejectReason::kTooLarge,
        "subject is longer than " + std::to_string(limits::kTextBytes) + " bytes; shorten it"};
  }
  event.key.id = view.id;
  event.key.source = view.source;
  event.subject = view.subject;
  event.sequence = view.sequence;
  event.correlation = view.correlation;
  event.traceparent = view.traceparent;
  if (view.time.empty()) {
    event.time = untimed;
    return std::nullopt;
  }
  const auto time = parse_rfc3339(view.time);
  if (!time) return Failure{RejectReason::kWrongField, "attribute time: " + time.error().message};
  event.time = *time;
  return std::nullopt;
}

// The key field; where the data does not have it, the partition key or the record's key.
MaybeFailure read_entity(const EnvelopeView& view, const RawRecord& record, Event& event) {
  const std::string_view key_field = event.type->key_field;
  std::string_view entity = event.text(key_field);
  if (entity.empty()) entity = view.partitionkey;
  const bool by_key = entity.empty();
  if (by_key) entity = record.key;
  if (entity.empty()) {
    return Failure{RejectReason::kMissingField,
                   "nothing names the entity: send " + std::string(key_field) +
                       (event.tombstone ? " as the record's key" : " in data, or as the key")};
  }
  if (by_key && !simdjson::validate_utf8(entity.data(), entity.size())) {
    return Failure{RejectReason::kWrongField, "the record's key is not UTF-8; encode it as UTF-8"};
  }
  if (auto f = check_id("key " + std::string(key_field), entity)) return f;
  event.entity = entity;
  if (const auto i = event.type->index_of(key_field); i && !event.tombstone) {
    if (!event.fields[*i].present()) event.fields[*i].value = event.entity;
  }
  return std::nullopt;
}

}  // namespace

struct Decoder::Impl {
  Impl(std::size_t event_bytes_max, Untimed time) : bytes_max(event_bytes_max), untimed(time) {}

  MaybeFailure read(const RawRecord& record, Event& event) {
    if (record.value.size() > bytes_max) {
      return Failure{RejectReason::kTooLarge, "value has " + std::to_string(record.value.size()) +
                                                  " bytes, at most " + std::to_string(bytes_max) +
                                                  " are read; send less in one event"};
    }
    EnvelopeView view;
    if (auto f = envelopes.read(record, view)) return f;
    event.type = types.find(view.type);
    if (event.type == nullptr) return unknown_type(view.type);
    const bool by_broker = untimed == Untimed::kBrokerTime && record.broker_time.is_set();
    const Instant stands_in = by_broker ? record.broker_time : event.ingested;
    if (auto f = read_attributes(view, stands_in, event)) return f;
    event.tombstone = view.tombstone;
    if (view.tombstone) {
      event.fields.resize(event.type->fields.size());
    } else if (auto f = read_fields(*view.data, event)) {
      return f;
    }
    return read_entity(view, record, event);
  }

  std::size_t bytes_max;
  Untimed untimed;
  EnvelopeReader envelopes;
  TypeMemo types;
};

Decoder::Decoder(std::size_t event_bytes_max, Untimed untimed)
    : impl_(std::make_unique<Impl>(event_bytes_max, untimed)) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

std::variant<Event, Reject> Decoder::decode(const RawRecord& record, Instant ingested) {
  std::variant<Event, Reject> out(std::in_place_type<Event>);
  Event& event = std::get<Event>(out);
  event.ingested = ingested;
  event.position = record.position;
  if (auto failure = impl_->read(record, event)) {
    out.emplace<Reject>(Reject{record, failure->reason, std::move(failure->detail)});
  }
  return out;
}

}  // namespace millwright::codec
