// Recorded events, one JSON a line.

#include <nlohmann/json.hpp>

#include "millwright/base/digest.hpp"
#include "millwright/base/limits.hpp"
#include "source/recorded.hpp"

namespace millwright::source {
namespace {

using Json = nlohmann::ordered_json;

// Deeper nesting than any event may have is not worth the parser's stack: such a line stays bytes.
bool too_deep(std::string_view line) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limits::kJsonDepth * 2) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

std::string text_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

RecordedLine cloud_event(std::string_view line, const Json& event, const TopicPartition& where) {
  RecordedLine out{where, {}};
  out.record.key = text_at(event, "partitionkey");
  out.record.value = line;
  out.record.headers.emplace_back("content-type", "application/cloudevents+json");
  if (const auto at = parse_rfc3339(text_at(event, "time"))) out.record.broker_time = at.value();
  return out;
}

// The broker's time if it was kept; else the event's own, in either mode; unset where neither is
// said.
Instant time_in(const RawRecord& record, const Json& object) {
  std::string text = text_at(object, "timestamp");
  if (const auto at = parse_rfc3339(text)) return at.value();
  text.clear();
  for (const auto& [name, value] : record.headers) {
    if (name == "ce_time") text = value;
  }
  const auto value = object.find("value");
  if (text.empty() && value != object.end() && value->is_object()) text = text_at(*value, "time");
  const auto at = parse_rfc3339(text);
  return at ? at.value() : Instant();
}

std::string as_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

RecordedLine record(std::string_view line, const Json& object, const TopicPartition& fallback) {
  RecordedLine out{fallback, {}};
  out.where.topic = text_at(object, "topic");
  const auto partition = object.find("partition");
  out.where.partition = 0;
  if (partition != object.end() && partition->is_number_integer()) {
    out.where.partition = partition->get<std::int32_t>();
  }
  out.record.key = text_at(object, "key");
  if (const auto headers = object.find("headers");
      headers != object.end() && headers->is_object()) {
    for (const auto& [name, value] : headers->items()) {
      out.record.headers.emplace_back(name, as_text(value));
    }
  }
  out.record.broker_time = time_in(out.record, object);
  const auto value = object.find("value");
  if (value != object.end() && !value->is_null()) {
    out.record.value = as_text(*value);
  } else if (const auto bytes = from_base64(text_at(object, "value_base64"));
             object.contains("value_base64") && bytes) {
    out.record.value = bytes.value();
  } else if (object.contains("value_base64")) {
    out.record.value = line;  // not base64: refused by the decoder, with the line to look at
  } else {
    out.record.null_value = true;
  }
  return out;
}

}  // namespace

RecordedLine parse_line(std::string_view line, const TopicPartition& fallback) {
  RecordedLine bytes{fallback, {}};
  bytes.record.value = line;
  if (too_deep(line)) return bytes;
  const Json json = Json::parse(line.begin(), line.end(), nullptr, false);
  if (!json.is_object()) return bytes;
  if (json.contains("specversion")) return cloud_event(line, json, fallback);
  if (!text_at(json, "topic").empty()) return record(line, json, fallback);
  return bytes;
}

Result<std::unique_ptr<FileSource>> make_file_source(const FileSourceConfig& config) {
  Result<std::string> read = read_whole_file(config);
  if (!read) return read.error();
  struct Line {
    std::size_t begin;
    std::size_t size;
  };
  auto text = std::make_shared<const std::string>(*std::move(read));
  auto lines = std::make_shared<std::vector<Line>>();
  Recording recording;
  for (std::size_t begin = 0; begin < text->size();) {
    std::size_t end = text->find('\n', begin);
    if (end == std::string::npos) end = text->size();
    std::size_t size = end - begin;
    if (size > 0 && (*text)[begin + size - 1] == '\r') --size;
    const std::string_view line(text->data() + begin, size);
    if (line.find_first_not_of(" \t") != std::string_view::npos) {
      lines->push_back({begin, size});
      const RecordedLine parsed = parse_line(line, config.where);
      recording.place_of.push_back(recording.place(parsed.where));
      recording.at.push_back(parsed.record.broker_time);
    }
    begin = end + 1;
  }
  if (lines->empty()) return fail(Errc::kInvalid, config.path + ": holds no events");
  recording.make = [text, lines, fallback = config.where](std::size_t i) {
    const Line& line = (*lines)[i];
    return parse_line(std::string_view(*text).substr(line.begin, line.size), fallback).record;
  };
  return play(std::move(recording), config.clock);
}

}  // namespace millwright::source
