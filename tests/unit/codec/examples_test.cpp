#include <gtest/gtest.h>

#include "unit/codec/examples.hpp"
#include "unit/codec/samples.hpp"

namespace millwright::codec {
namespace {

using namespace test;

class Examples : public testing::Test {
 protected:
  Event example(std::size_t i) {
    auto result = decoder_.decode(structured(kExamples[i]), kIngested);
    if (const auto* reject = std::get_if<Reject>(&result)) {
      ADD_FAILURE() << reject->detail;
      return {};
    }
    return std::get<Event>(std::move(result));
  }
  static Quantity quantity(const Event& event, std::string_view name) {
    const auto* found = std::get_if<Quantity>(&event.at(name).value);
    return found == nullptr ? Quantity{} : *found;
  }
  static Instant at(std::string_view text) { return *parse_rfc3339(text); }

  Decoder decoder_;
};

TEST_F(Examples, Vibration) {
  const Event e = example(0);
  ASSERT_EQ(e.type->name, "iot.vibration.features");
  EXPECT_EQ(e.key.id, "01JD8Q0V7M3K");
  EXPECT_EQ(e.key.source, "/lyon/edge/vib-gw-02");
  EXPECT_EQ(e.subject, "acme/lyon/utilities/cooling/p-101");
  EXPECT_EQ(e.sequence, "0000184211");
  EXPECT_EQ(e.entity, "P-101");
  EXPECT_EQ(e.time, at("2026-03-02T06:10:00Z"));
  EXPECT_EQ(e.ingested, kIngested);
  EXPECT_EQ(e.position.offset, Offset(17));
  EXPECT_EQ(e.text("point"), "DE");
  EXPECT_EQ(e.text("axis"), "H");
  EXPECT_EQ(quantity(e, "vRms"), (Quantity{3.24, "mm/s", 3.24, "mm/s"}));
  EXPECT_EQ(quantity(e, "aPk"), (Quantity{41.2, "m/s2", 41.2, "m/s2"}));
  EXPECT_EQ(e.number("kurtosis", 0), 6.1);
  EXPECT_EQ(e.number("rpm", 0), 1482);
  EXPECT_EQ(e.number("load", 0), 78);
  EXPECT_FALSE(e.flag("historical", true));
  EXPECT_EQ(e.extra, R"({"vRms":{"band":"10-1000Hz"}})");
  const auto* bands = std::get_if<FieldList>(&e.at("bands").value);
  ASSERT_NE(bands, nullptr);
  ASSERT_EQ(bands->size(), 2U);
  const auto& first = std::get<FieldRecord>((*bands)[0].value);
  ASSERT_EQ(first.size(), 4U);
  EXPECT_EQ(first[0], (NamedField{"name", {std::string("BPFO")}}));
  EXPECT_EQ(first[1], (NamedField{"hz", {75.7}}));
  EXPECT_EQ(first[2], (NamedField{"amp", {0.92}}));
}

TEST_F(Examples, EquipmentState) {
  const Event e = example(1);
  EXPECT_EQ(e.time, at("2026-03-02T05:12:31Z"));
  EXPECT_EQ(e.entity, "L2-FILLER");
  EXPECT_EQ(e.text("state"), "NotExecuting");
  EXPECT_EQ(e.text("mode"), "Processing");
  EXPECT_EQ(e.text("previousState"), "Executing");
  EXPECT_TRUE(e.at("planned").present());
  EXPECT_FALSE(e.flag("planned", true));
  EXPECT_TRUE(e.extra.empty());
}

TEST_F(Examples, WorkOrder) {
  const Event e = example(2);
  EXPECT_EQ(e.correlation, "case-2026-00317");
  EXPECT_EQ(e.entity, "P-101");
  EXPECT_EQ(e.text("status"), "TECO");
  EXPECT_EQ(e.instant("actualEnd"), at("2026-03-05T12:20:00Z"));
  EXPECT_EQ(quantity(e, "downtime").value, 3.25);
  EXPECT_EQ(quantity(e, "cost"), (Quantity{1180.5, "EUR", 1180.5, "EUR"}));
  EXPECT_EQ(e.text("externalRef"), "task-7f3a");
  EXPECT_TRUE(e.extra.empty());
}

TEST_F(Examples, InspectionResult) {
  const Event e = example(3);
  EXPECT_EQ(e.entity, "030000123");
  EXPECT_EQ(e.text("specVersion"), "7");
  EXPECT_EQ(e.text("unit"), "mL");
  const auto* values = std::get_if<FieldList>(&e.at("values").value);
  ASSERT_NE(values, nullptr);
  ASSERT_EQ(values->size(), 5U);
  EXPECT_EQ(std::get<double>((*values)[2].value), 501.1);
  EXPECT_EQ(e.number("nonconforming", -1), 0);
  EXPECT_TRUE(e.extra.empty());
}

TEST_F(Examples, SupplierConfirmation) {
  const Event e = example(4);
  EXPECT_EQ(e.entity, "4500012345");
  EXPECT_EQ(e.text("item"), "10");
  EXPECT_EQ(quantity(e, "qty"), (Quantity{2, "C62", 2, "C62"}));
  EXPECT_EQ(e.instant("confirmedDate"), at("2026-03-09T00:00:00Z"));
  EXPECT_EQ(e.text("reason"), "CAPACITY");
}

TEST_F(Examples, EnergyInterval) {
  const Event e = example(5);
  EXPECT_EQ(e.entity, "EM-07");
  EXPECT_EQ(quantity(e, "energy"), (Quantity{48.6, "kW.h", 48.6, "kW.h"}));
  EXPECT_EQ(quantity(e, "reactive").unit, "kvar.h");
  EXPECT_EQ(e.instant("to") - e.instant("from"), minutes(15));
}

TEST_F(Examples, HashIsOfTheContent) {
  const Event a = example(0);
  std::string again(kExamples[0]);
  again.replace(again.find("\"kurtosis\":6.1,"), 15, "");
  again.insert(again.find("\"rpm\""), "\"kurtosis\": 6.10, ");
  const auto b = std::get<Event>(decoder_.decode(structured(again), kIngested));
  EXPECT_EQ(a.payload_hash, b.payload_hash) << "order and spacing do not matter";
  again.replace(again.find("6.10"), 4, "6.11");
  const auto c = std::get<Event>(decoder_.decode(structured(again), kIngested));
  EXPECT_NE(a.payload_hash, c.payload_hash);
  EXPECT_EQ(a.payload_hash, 2434784530467852020U)
      << "recorded, so that it stays the same from release to release";
}

}  // namespace
}  // namespace millwright::codec
