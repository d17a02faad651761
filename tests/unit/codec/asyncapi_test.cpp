// The events' part of docs/asyncapi.yaml is written from the catalogue. With MILLWRIGHT_UPDATE=1
// in the environment the test writes it; otherwise it compares.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "unit/codec/samples.hpp"

namespace millwright::codec {
namespace {

using namespace test;

// Topics that the families use by default (config/millwright.yaml).
std::string topic_of(SourceFamily family) {
  return family == SourceFamily::kIot ? "iot.telemetry" : std::string(to_text(family)) + ".events";
}

std::string name_of(const EventType& type) {
  return std::string(type.name) + ".v" + std::to_string(type.version);
}

constexpr SourceFamily kFamilies[] = {
    SourceFamily::kErp, SourceFamily::kMes,      SourceFamily::kIot,
    SourceFamily::kWms, SourceFamily::kCmms,     SourceFamily::kPlm,
    SourceFamily::kQms, SourceFamily::kSupplier, SourceFamily::kEnergy};

std::string channels() {
  std::string out;
  for (const SourceFamily family : kFamilies) {
    const std::string topic = topic_of(family);
    out += "  " + topic + ":\n    address: " + topic + "\n    messages:\n";
    for (const EventType& type : event_types()) {
      if (type.family != family) continue;
      const std::string name = name_of(type);
      out += "      " + name + ": {$ref: '#/components/messages/" + name + "'}\n";
    }
  }
  return out;
}

std::string operations() {
  std::string out;
  for (const SourceFamily family : kFamilies) {
    std::string name(to_text(family));
    name[0] = char(name[0] - 'a' + 'A');
    out += "  read" + name + ":\n    action: receive\n    channel: {$ref: '#/channels/" +
           topic_of(family) + "'}\n";
  }
  return out;
}

std::string schema_of(const FieldSpec& spec) {
  const auto ref = [&](const std::string& name) {
    std::string out = "{allOf: [{$ref: '#/components/schemas/" + name + "'}]";
    if (spec.kind == FieldKind::kQuantity) {
      out += ", description: kept in " +
             (spec.unit.empty() ? "the canonical unit of its kind" : std::string(spec.unit));
    }
    return out + "}";
  };
  switch (spec.kind) {
    case FieldKind::kText:
      return ref("text");
    case FieldKind::kNumber:
      return spec.unit.empty()
                 ? "{type: number}"
                 : "{type: [number, object], description: in " + std::string(spec.unit) + "}";
    case FieldKind::kQuantity:
      return ref("quantity");
    case FieldKind::kMoney:
      return ref("money");
    case FieldKind::kBool:
      return "{type: boolean}";
    case FieldKind::kTime:
      return ref("time");
    case FieldKind::kTextList:
      return ref("texts");
    case FieldKind::kNumberList:
      return ref("numbers");
    case FieldKind::kRecordList:
      return ref("records");
  }
  return "{}";
}

std::string messages() {
  std::string out;
  for (const EventType& type : event_types()) {
    const std::string name = name_of(type);
    out += "    " + name + ":\n      name: " + name + "\n      title: " + std::string(type.name) +
           "\n      summary: \"" + std::string(type.doc) +
           "\"\n      traits: [{$ref: '#/components/messageTraits/cloudEvent'}]\n"
           "      bindings: {kafka: {key: {type: string, description: " +
           std::string(type.key_field) +
           "}}}\n      payload:\n        type: object\n"
           "        required:\n";
    for (const FieldSpec& spec : type.fields) {
      if (spec.required) out += "          - " + std::string(spec.name) + "\n";
    }
    out += "        properties:\n";
    for (const FieldSpec& spec : type.fields) {
      out += "          " + std::string(spec.name) + ": " + schema_of(spec) + "\n";
    }
  }
  return out;
}

std::string with_region(const std::string& text, const std::string& name, const std::string& body) {
  const std::string begin = "# generated: begin " + name + "\n";
  const std::string end = "# generated: end " + name;
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find(end);
  if (from == std::string::npos || to == std::string::npos) {
    ADD_FAILURE() << "docs/asyncapi.yaml has lost its region " << name;
    return text;
  }
  const std::size_t line = text.rfind('\n', to) + 1;
  return text.substr(0, from + begin.size()) + body + text.substr(line);
}

TEST(AsyncApi, TellsWhatTheCatalogueHolds) {
  const std::string path = std::string(MILLWRIGHT_SOURCE_DIR) + "/docs/asyncapi.yaml";
  std::ostringstream in;
  in << std::ifstream(path, std::ios::binary).rdbuf();
  const std::string is = in.str();
  std::string should = with_region(is, "channels", channels());
  should = with_region(should, "operations", operations());
  should = with_region(should, "messages", messages());
  if (std::getenv("MILLWRIGHT_UPDATE") != nullptr) {
    std::ofstream(path, std::ios::binary) << should;
  }
  EXPECT_TRUE(is == should) << "run unit_codec with MILLWRIGHT_UPDATE=1 and look at the change";
}

}  // namespace
}  // namespace millwright::codec
