#include "daemon/config/schema.hpp"
#include "millwright/base/json.hpp"

namespace millwright::daemon {
namespace {

void write_section(const Section& section, JsonWriter& out);

void write_choices(const Key& key, JsonWriter& out) {
  if (key.choices.empty()) return;
  out.key("enum");
  out.begin_array();
  for (const std::string_view choice : key.choices) out.value(choice);
  out.end_array();
}

void write_text(const Key& key, JsonWriter& out) {
  out.field("type", "string");
  write_choices(key, out);
  if (key.high) out.field("maxLength", std::int64_t(*key.high));
  if (key.presence == Presence::kRequired || key.low) out.field("minLength", 1);
}

void write_range(const Key& key, JsonWriter& out) {
  if (key.low) out.field("minimum", *key.low);
  if (key.high) out.field("maximum", *key.high);
}

void write_pattern(std::string_view pattern, JsonWriter& out) {
  out.field("type", "string");
  out.field("pattern", pattern);
}

void write_map(const Key& key, std::string_view type, JsonWriter& out) {
  out.field("type", "object");
  out.key("additionalProperties");
  out.begin_object();
  out.field("type", type);
  if (type == "number") write_range(key, out);
  if (type == "string") write_choices(key, out);
  out.end_object();
}

void write_list_map(JsonWriter& out) {
  out.field("type", "object");
  out.key("additionalProperties");
  out.raw(R"({"type":"array","minItems":1,"items":{"type":["string","number","boolean"]}})");
}

void write_value_map(JsonWriter& out) {
  out.field("type", "object");
  out.key("additionalProperties");
  out.raw(R"({"type":["string","number","boolean","array","object"],)"
          R"("items":{"type":["string","number","boolean"]},)"
          R"("additionalProperties":{"type":["string","number","boolean"]}})");
}

void write_text_list(const Key& key, JsonWriter& out) {
  out.field("type", "array");
  out.key("items");
  out.begin_object();
  write_text(key, out);
  out.end_object();
}

void write_either(const Key& key, JsonWriter& out) {
  out.key("oneOf");
  out.begin_array();
  out.begin_object();
  write_text(key, out);
  out.end_object();
  out.begin_object();
  write_text_list(key, out);
  out.end_object();
  out.end_array();
}

void write_word_or_section(const Key& key, JsonWriter& out) {
  out.key("oneOf");
  out.begin_array();
  out.begin_object();
  write_choices(key, out);
  out.end_object();
  out.begin_object();
  write_section(*key.section, out);
  out.end_object();
  out.end_array();
}

void write_type(const Key& key, JsonWriter& out) {
  switch (key.kind) {
    case KeyKind::kText:
    case KeyKind::kChoice:
      return write_text(key, out);
    case KeyKind::kNumber:
      out.field("type", "number");
      return write_range(key, out);
    case KeyKind::kInteger:
      out.field("type", "integer");
      return write_range(key, out);
    case KeyKind::kExpression:
      out.key("type");
      return out.raw(R"(["string","number","boolean"])");
    case KeyKind::kBool:
      return out.field("type", "boolean");
    case KeyKind::kDuration:
      return write_pattern("^([0-9]+(d|h|m|s|ms))+$", out);
    case KeyKind::kBytes:
      return write_pattern("^[1-9][0-9]*(B|KB|MB|GB)$", out);
    case KeyKind::kDate:
      return write_pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", out);
    case KeyKind::kTimeOfDay:
      return write_pattern("^[0-2][0-9]:[0-5][0-9]$", out);
    case KeyKind::kLocalTime:
      return write_pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-5][0-9]$", out);
    case KeyKind::kTextList:
      return write_text_list(key, out);
    case KeyKind::kNumberList:
    case KeyKind::kExpressionList:
      out.field("type", "array");
      out.key("items");
      out.begin_object();
      out.key("type");
      out.raw(key.kind == KeyKind::kNumberList ? R"("number")"
                                               : R"(["string","number","boolean"])");
      return out.end_object();
    case KeyKind::kSectionMap:
      out.field("type", "object");
      out.key("additionalProperties");
      out.begin_object();
      write_section(*key.section, out);
      return out.end_object();
    case KeyKind::kTextOrList:
      return write_either(key, out);
    case KeyKind::kTextMap:
      return write_map(key, "string", out);
    case KeyKind::kNumberMap:
      return write_map(key, "number", out);
    case KeyKind::kListMap:
      return write_list_map(out);
    case KeyKind::kValueMap:
      return write_value_map(out);
    case KeyKind::kWordOrSection:
      return write_word_or_section(key, out);
    case KeyKind::kSection:
      return write_section(*key.section, out);
    case KeyKind::kSectionList:
      out.field("type", "array");
      out.key("items");
      out.begin_object();
      write_section(*key.section, out);
      return out.end_object();
  }
}

void write_section(const Section& section, JsonWriter& out) {
  out.field("type", "object");
  out.field("additionalProperties", false);
  bool any_required = false;
  for (const Key& key : section.keys) any_required |= key.presence == Presence::kRequired;
  if (any_required) {
    out.key("required");
    out.begin_array();
    for (const Key& key : section.keys) {
      if (key.presence == Presence::kRequired) out.value(key.name);
    }
    out.end_array();
  }
  out.key("properties");
  out.begin_object();
  for (const Key& key : section.keys) {
    out.key(key.name);
    out.begin_object();
    std::string doc(key.doc);
    if (!key.fallback.empty()) doc += " Default: " + std::string(key.fallback);
    out.field("description", doc);
    write_type(key, out);
    out.end_object();
  }
  out.end_object();
}

// One member a line, two spaces a level: for people and for diffs.
std::string indented(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  bool in_text = false;
  const auto newline = [&] { (out += '\n').append(depth * 2, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      out += c;
      if (c == '\\') {
        out += json[++i];
      } else if (c == '"') {
        in_text = false;
      }
      continue;
    }
    if (c == '}' || c == ']') {
      --depth;
      newline();
    }
    out += c;
    if (c == '"') in_text = true;
    if (c == ':') out += ' ';
    if (c == '{' || c == '[') ++depth;
    if (c == '{' || c == '[' || c == ',') newline();
  }
  return out + "\n";
}

}  // namespace

std::string json_schema(const Section& section, std::string_view title) {
  JsonWriter out;
  out.begin_object();
  out.field("$schema", "http://json-schema.org/draft-07/schema#");
  out.field("title", title);
  out.field("description", section.doc);
  write_section(section, out);
  out.end_object();
  return indented(out.text());
}

}  // namespace millwright::daemon
