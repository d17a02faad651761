#include "codec/envelope.hpp"

#include <array>

#include "millwright/base/digest.hpp"
#include "millwright/base/limits.hpp"

namespace millwright::codec {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kFirstBuffer = 16 << 10;
constexpr std::size_t kAttributesMax = 256;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

bool same_ignoring_case(std::string_view text, std::string_view lower_case) {
  if (text.size() != lower_case.size()) return false;
  if (text == lower_case) return true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower(text[i]) != lower_case[i]) return false;
  }
  return true;
}

bool starts_ignoring_case(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         same_ignoring_case(text.substr(0, lower_case.size()), lower_case);
}

bool ends_ignoring_case(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         same_ignoring_case(text.substr(text.size() - lower_case.size()), lower_case);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Media type without its parameters.
std::string_view essence(std::string_view media) {
  return trimmed(media.substr(0, media.find(';')));
}

// JSON in UTF-8, by its media type.
bool is_json(std::string_view media) {
  const std::string_view type = essence(media);
  if (!same_ignoring_case(type, "application/json") && !same_ignoring_case(type, "text/json") &&
      !ends_ignoring_case(type, "+json")) {
    return false;
  }
  for (std::size_t at = media.find(';'); at != std::string_view::npos;) {
    const std::size_t next = media.find(';', at + 1);
    std::string_view parameter = trimmed(media.substr(at + 1, next - at - 1));
    if (starts_ignoring_case(parameter, "charset=")) {
      parameter.remove_prefix(8);
      if (parameter.size() > 1 && parameter.front() == '"') {
        parameter = parameter.substr(1, parameter.size() - 2);
      }
      if (!same_ignoring_case(parameter, "utf-8") && !same_ignoring_case(parameter, "us-ascii")) {
        return false;
      }
    }
    at = next;
  }
  return true;
}

Failure not_an_event(std::string detail) {
  return {RejectReason::kNotACloudEvent, std::move(detail)};
}

struct Attribute {
  std::string_view name;
  std::string_view EnvelopeView::*member;
};
// What we keep of an envelope; extensions that are not here are read past.
constexpr std::array kAttributes{
    Attribute{"specversion", &EnvelopeView::specversion},
    Attribute{"id", &EnvelopeView::id},
    Attribute{"source", &EnvelopeView::source},
    Attribute{"type", &EnvelopeView::type},
    Attribute{"subject", &EnvelopeView::subject},
    Attribute{"time", &EnvelopeView::time},
    Attribute{"sequence", &EnvelopeView::sequence},
    Attribute{"correlationid", &EnvelopeView::correlation},
    Attribute{"traceparent", &EnvelopeView::traceparent},
    Attribute{"partitionkey", &EnvelopeView::partitionkey},
    Attribute{"datacontenttype", &EnvelopeView::datacontenttype},
};
constexpr std::size_t kData = kAttributes.size();
constexpr std::size_t kBase64 = kData + 1;
constexpr std::size_t kOther = kData + 2;

std::size_t index_of(std::string_view name) {
  for (std::size_t i = 0; i < kAttributes.size(); ++i) {
    if (kAttributes[i].name == name) return i;
  }
  return name == "data" ? kData : (name == "data_base64" ? kBase64 : kOther);
}

// Remembers the names of one envelope, so that none comes twice.
class Seen {
 public:
  explicit Seen(std::vector<std::string_view>& others) : others_(others) { others_.clear(); }
  // False if the name was there before.
  bool add(std::size_t index, std::string_view name) {
    if (index == kOther) {
      for (const std::string_view other : others_) {
        if (other == name) return false;
      }
      others_.push_back(name);
      return true;
    }
    const std::uint32_t bit = 1U << index;
    const bool fresh = (known_ & bit) == 0;
    known_ |= bit;
    return fresh;
  }

 private:
  std::uint32_t known_ = 0;
  std::vector<std::string_view>& others_;
};

Failure too_many(std::string_view what) {
  return {RejectReason::kTooLarge, "more than " + std::to_string(kAttributesMax) + " " +
                                       std::string(what) + "; leave out what is not needed"};
}

bool required(std::string_view name) {
  return name == "specversion" || name == "id" || name == "source" || name == "type";
}

MaybeFailure check_required(const EnvelopeView& view, std::string_view where) {
  const auto missing = [&](std::string_view name, std::string_view value) -> MaybeFailure {
    if (!value.empty()) return std::nullopt;
    return not_an_event(
        "required attribute " + std::string(where) + std::string(name) +
        " is missing or empty; CloudEvents 1.0 needs specversion, id, source, type");
  };
  if (auto f = missing("specversion", view.specversion)) return f;
  if (view.specversion != "1.0") {
    return not_an_event("specversion is " + in_quotes(view.specversion) + "; send \"1.0\"");
  }
  if (auto f = missing("id", view.id)) return f;
  if (auto f = missing("source", view.source)) return f;
  return missing("type", view.type);
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string out = "'";
  for (const char c : text.substr(0, kShown)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  // Not in the middle of a character.
  if (text.size() > kShown) {
    while ((static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
    if (static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
    out += "...";
  }
  return out + "'";
}

bool has_control_characters(std::string_view text) {
  // Without a way out of the loop it is done many bytes at a time; there are hardly ever any.
  unsigned found = 0;
  for (const char c : text) {
    found |= unsigned(static_cast<unsigned char>(c) < 0x20) | unsigned(c == 0x7F);
  }
  return found != 0;
}

EnvelopeReader::EnvelopeReader() {
  const bool ok = parser_.allocate(kFirstBuffer, limits::kJsonDepth) == simdjson::SUCCESS &&
                  data_parser_.allocate(1 << 10, limits::kJsonDepth) == simdjson::SUCCESS;
  MW_CHECK(ok);
}

MaybeFailure EnvelopeReader::read(const RawRecord& record, EnvelopeView& out) {
  const std::string* media = nullptr;
  for (const auto& header : record.headers) {
    if (!same_ignoring_case(header.first, "content-type")) continue;
    if (media != nullptr) return not_an_event("header content-type is there twice; send it once");
    media = &header.second;
  }
  if (media != nullptr &&
      (*media == structured_media_ || starts_ignoring_case(*media, "application/cloudevents"))) {
    return structured(record, *media, out);
  }
  return binary(record, media == nullptr ? std::string_view() : std::string_view(*media), out);
}

MaybeFailure EnvelopeReader::parse(dom::parser& parser, std::string_view json,
                                   std::string_view what, dom::element& out) {
  const auto error = parser.parse(json.data(), json.size()).get(out);
  if (error == simdjson::SUCCESS) return std::nullopt;
  std::string detail(what);
  if (json.empty()) {
    detail += " is empty; send a JSON object, or null for a tombstone";
  } else if (error == simdjson::DEPTH_ERROR) {
    detail += " is nested deeper than " + std::to_string(limits::kJsonDepth) + "; flatten it";
  } else {
    detail += " is not valid JSON: ";
    detail += simdjson::error_message(error);
  }
  return Failure{RejectReason::kNotJson, std::move(detail)};
}

MaybeFailure EnvelopeReader::structured(const RawRecord& record, std::string_view media,
                                        EnvelopeView& out) {
  if (media != structured_media_) {
    const std::string_view type = essence(media);
    if (starts_ignoring_case(type, "application/cloudevents-batch")) {
      return not_an_event("batches do not exist in the Kafka binding; send one event a record");
    }
    if (!is_json(media) && !same_ignoring_case(type, "application/cloudevents")) {
      return not_an_event("content-type " + in_quotes(media) +
                          " cannot be read; send application/cloudevents+json in UTF-8");
    }
    structured_media_ = media;
  }
  if (record.null_value) {
    return not_an_event("a structured event has a value; a tombstone is binary, with ce_ headers");
  }
  dom::element root;
  if (auto f = parse(parser_, record.value, "value", root)) return f;
  dom::object top;
  if (root.get(top) != simdjson::SUCCESS) {
    return not_an_event("value is not a JSON object; a structured CloudEvent is one");
  }
  if (top.size() > kAttributesMax) return too_many("attributes");
  std::optional<dom::element> data;
  std::optional<dom::element> base64;
  Seen seen(others_);
  for (const auto& member : top) {
    const std::size_t index = index_of(member.key);
    if (!seen.add(index, member.key)) {
      return not_an_event("attribute " + in_quotes(member.key) + " is there twice; send it once");
    }
    if (index == kOther || member.value.is_null()) continue;
    if (index == kData) {
      data = member.value;
    } else if (index == kBase64) {
      base64 = member.value;
    } else if (member.value.get(out.*kAttributes[index].member) != simdjson::SUCCESS) {
      return Failure{
          required(member.key) ? RejectReason::kNotACloudEvent : RejectReason::kWrongField,
          "attribute " + in_quotes(member.key) + " is not a string; send it as one"};
    }
  }
  if (auto f = check_required(out, "")) return f;
  return structured_data(data, base64, out);
}

MaybeFailure EnvelopeReader::structured_data(std::optional<dom::element> data,
                                             std::optional<dom::element> base64,
                                             EnvelopeView& out) {
  if (data && base64) return not_an_event("data and data_base64 are both there; send one of them");
  if (!out.datacontenttype.empty() && !is_json(out.datacontenttype)) {
    return not_an_event("datacontenttype " + in_quotes(out.datacontenttype) +
                        " cannot be read; send application/json");
  }
  if (base64) {
    std::string_view text;
    if (base64->get(text) != simdjson::SUCCESS) {
      return not_an_event("data_base64 is not a string; send base64 text");
    }
    const auto bytes = from_base64(text);
    if (!bytes) return not_an_event("data_base64 is not base64; encode it again");
    dom::element root;
    if (auto f = parse(data_parser_, *bytes, "data_base64", root)) return f;
    data = root;
  }
  if (!data) {
    return Failure{RejectReason::kMissingField,
                   "data is missing; a tombstone is a binary record with a null value"};
  }
  out.data = data;
  return std::nullopt;
}

MaybeFailure EnvelopeReader::binary(const RawRecord& record, std::string_view media,
                                    EnvelopeView& out) {
  if (record.headers.size() > kAttributesMax) return too_many("headers");
  bool any = false;
  Seen seen(others_);
  for (const auto& header : record.headers) {
    if (!header.first.starts_with("ce_")) continue;
    any = true;
    const std::string_view name = std::string_view(header.first).substr(3);
    const std::size_t index = index_of(name);
    if (!seen.add(index, name)) {
      return not_an_event("header " + in_quotes(header.first) + " is there twice; send it once");
    }
    if (!simdjson::validate_utf8(header.second)) {
      return not_an_event("header " + in_quotes(header.first) +
                          " is not UTF-8; encode it as UTF-8");
    }
    // In binary mode the content type is the record's own; ce_datacontenttype does not exist.
    if (index >= kAttributes.size() || name == "datacontenttype") continue;
    out.*kAttributes[index].member = header.second;
  }
  if (!any) {
    const bool looks_structured = record.value.find("\"specversion\"") != std::string::npos;
    return not_an_event(looks_structured
                            ? "no CloudEvents headers, but the value looks like a structured event;"
                              " add the header content-type: application/cloudevents+json"
                            : "no CloudEvents headers; send ce_specversion, ce_id, ce_source and"
                              " ce_type, or a structured event");
  }
  if (auto f = check_required(out, "ce_")) return f;
  if (record.null_value) {
    out.tombstone = true;
    return std::nullopt;
  }
  if (!media.empty() && !is_json(media)) {
    return not_an_event("content-type " + in_quotes(media) +
                        " cannot be read; send application/json");
  }
  dom::element root;
  if (auto f = parse(parser_, record.value, "value", root)) return f;
  out.data = root;
  return std::nullopt;
}

}  // namespace millwright::codec
