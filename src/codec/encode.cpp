#include "millwright/codec/encode.hpp"

#include <simdjson.h>

#include "codec/json_text.hpp"
#include "millwright/base/digest.hpp"

namespace millwright::codec {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

void set_header(Headers& headers, std::string_view name, std::string_view value) {
  for (auto& header : headers) {
    if (header.first == name) {
      header.second = value;
      return;
    }
  }
  headers.emplace_back(std::string(name), std::string(value));
}

// Our own bodies may be longer and deeper than an event's, but not without bound.
constexpr std::size_t kBodyDepth = 64;

// Writes "body" or, for what is no JSON object, "body_base64". Called where its place in the order
// of members is.
void write_body(const std::string& body, JsonWriter& out) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const bool ready = parser.allocate(body.size() + 64, kBodyDepth) == simdjson::SUCCESS;
  if (ready && parser.parse(body).get(root) == simdjson::SUCCESS && root.is_object()) {
    out.key("body");
    write_canonical(root, out);
    return;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(body.data());
  out.field("body_base64", to_base64({bytes, body.size()}));
}

// Texts in a record must be UTF-8 to be JSON; a byte that is not stands as U+FFFD.
std::string utf8(const std::string& text) {
  if (simdjson::validate_utf8(text)) return text;
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80) {
      out += c;
    } else {
      out += "\xEF\xBF\xBD";
    }
  }
  return out;
}

}  // namespace

OutgoingRecord outgoing_record(const Effect& effect, std::string_view source, Instant time) {
  OutgoingRecord out{effect.key, effect.body, {}};
  if (effect.type.empty()) {
    out.headers = effect.headers;
    set_header(out.headers, kEffectHeader, effect.id.str());
    return out;
  }
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out.headers.emplace_back(std::string(name), std::string(value));
  };
  add("content-type", "application/json");
  add("ce_specversion", "1.0");
  add("ce_id", effect.id.str());
  add("ce_source", source);
  add("ce_type", effect.type);
  if (time.is_set()) add("ce_time", format_rfc3339(time));
  add("ce_subject", effect.task.str());
  add("ce_partitionkey", effect.key);
  for (const auto& [name, value] : effect.headers) set_header(out.headers, name, value);
  return out;
}

std::string canonical_record(AuditSeq seq, const AuditRecord& record) {
  JsonWriter out;
  out.begin_object();
  // In the order of RFC 8785, which for these names is that of their letters.
  out.field_if("actor", utf8(record.actor));
  out.field("at", record.at);
  if (!record.body.empty()) write_body(record.body, out);
  out.field_if("case", utf8(record.case_id.str()));
  out.field_if("decision", utf8(record.decision.str()));
  out.field("seq", seq.get());
  out.field_if("task", utf8(record.task.str()));
  out.field_if("type", utf8(record.type));
  out.end_object();
  return std::move(out).text();
}

}  // namespace millwright::codec
