#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "unit/codec/samples.hpp"

namespace millwright::codec {
namespace {

using namespace test;

Event decoded(RawRecord record) {
  Decoder decoder;
  auto result = decoder.decode(std::move(record), kIngested);
  if (const auto* reject = std::get_if<Reject>(&result)) {
    ADD_FAILURE() << to_text(reject->reason) << ": " << reject->detail;
    return {};
  }
  return std::get<Event>(std::move(result));
}

Reject rejected(RawRecord record) {
  Decoder decoder;
  auto result = decoder.decode(std::move(record), kIngested);
  if (std::holds_alternative<Event>(result)) {
    ADD_FAILURE() << "was accepted";
    return {};
  }
  return std::get<Reject>(std::move(result));
}

TEST(Catalog, HoldsThe32TypesByFamily) {
  std::map<std::string, int> by_family;
  std::set<std::string_view> names;
  for (const EventType& type : event_types()) {
    by_family[std::string(to_text(type.family))]++;
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    EXPECT_TRUE(type.name.starts_with(std::string(to_text(type.family)) + ".")) << type.name;
  }
  const std::map<std::string, int> expected{{"erp", 5}, {"mes", 5},      {"iot", 4},
                                            {"wms", 2}, {"cmms", 4},     {"plm", 2},
                                            {"qms", 5}, {"supplier", 3}, {"energy", 2}};
  EXPECT_EQ(by_family, expected);
}

TEST(Catalog, EveryRowIsWhole) {
  for (const EventType& type : event_types()) {
    const auto key = type.index_of(type.key_field);
    ASSERT_TRUE(key) << type.name;
    EXPECT_EQ(type.fields[*key].kind, FieldKind::kText) << type.name;
    EXPECT_TRUE(type.fields[*key].required) << type.name;
    EXPECT_TRUE(type.doc.ends_with(".")) << type.name;
    std::set<std::string_view> names;
    for (const FieldSpec& spec : type.fields) {
      EXPECT_TRUE(names.insert(spec.name).second) << type.name << " " << spec.name;
      if (!spec.unit.empty()) {
        EXPECT_EQ(canonical_unit(spec.unit), spec.unit) << type.name << " " << spec.name;
      }
    }
  }
}

TEST(Catalog, FindsATypeBehindAnyPrefix) {
  const EventType* vibration = find_event_type("iot.vibration.features.v1");
  ASSERT_NE(vibration, nullptr);
  EXPECT_EQ(vibration->name, "iot.vibration.features");
  EXPECT_EQ(find_event_type("com.acme.iot.vibration.features.v1"), vibration);
  EXPECT_EQ(find_event_type("iot.vibration.features"), vibration);
  for (const char* unknown :
       {"", ".", ".v1", "v1", "iot.vibration.features.v2", "iot.vibration.features.v",
        "iot.vibration.features.v1x", "xiot.vibration.features.v1", ".iot.vibration.features.v1",
        "iot.vibration.feature.v1", "vibration.features.v1", "iot.vibration.features.v1.v1",
        "iot.vibration.features.v99999999999"}) {
    EXPECT_EQ(find_event_type(unknown), nullptr) << unknown;
  }
}

TEST(Catalog, EveryTypeDecodesMinimalAndFullInBothModes) {
  for (const EventType& type : event_types()) {
    for (const bool full : {false, true}) {
      const Event a = decoded(binary(full_type(type), sample_data(type, full)));
      const Event b = decoded(structured(sample_structured(type, full)));
      ASSERT_EQ(a.type, &type);
      EXPECT_EQ(a.fields, b.fields) << type.name;
      EXPECT_EQ(a.payload_hash, b.payload_hash) << type.name;
      EXPECT_EQ(a.entity, std::string(type.key_field) + "-1") << type.name;
      EXPECT_TRUE(a.extra.empty()) << a.extra;
      ASSERT_EQ(a.fields.size(), type.fields.size());
      for (std::size_t i = 0; i < a.fields.size(); ++i) {
        EXPECT_EQ(a.fields[i].present(), full || type.fields[i].required)
            << type.name << " " << type.fields[i].name;
      }
    }
  }
}

TEST(Catalog, EveryRequiredFieldIsDemandedByName) {
  for (const EventType& type : event_types()) {
    for (const FieldSpec& spec : type.fields) {
      if (!spec.required) continue;
      const Reject reject = rejected(binary(full_type(type), sample_data(type, true, spec.name)));
      EXPECT_EQ(reject.reason,
                spec.name == "unit" ? RejectReason::kNoUnit : RejectReason::kMissingField)
          << type.name << " " << spec.name;
      EXPECT_THAT(reject.detail, testing::HasSubstr(std::string(spec.name)));
    }
  }
}

TEST(Catalog, AWrongKindIsRefusedForEveryField) {
  for (const EventType& type : event_types()) {
    for (const FieldSpec& spec : type.fields) {
      std::string data = sample_data(type, true, spec.name);
      // A list of a list is right for no kind of field.
      data.insert(1, "\"" + std::string(spec.name) + "\":[[true]],");
      const Reject reject = rejected(binary(full_type(type), data));
      EXPECT_EQ(reject.reason, RejectReason::kWrongField) << type.name << " " << spec.name;
      EXPECT_THAT(reject.detail, testing::HasSubstr("field " + std::string(spec.name)));
    }
  }
}

}  // namespace
}  // namespace millwright::codec
