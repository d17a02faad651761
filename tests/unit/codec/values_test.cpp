#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "codec/units.hpp"
#include "unit/codec/samples.hpp"

namespace millwright::codec {
namespace {

using namespace test;
using R = RejectReason;

std::variant<Event, Reject> decode(std::string_view type, std::string_view data) {
  Decoder decoder;
  return decoder.decode(binary(type, data), kIngested);
}

// A measurement whose data hold these members besides the ids.
std::variant<Event, Reject> measurement(const std::string& members) {
  return decode("iot.measurement.sampled.v1", R"({"assetId":"P-101","tag":"t",)" + members + "}");
}
std::variant<Event, Reject> vibration(const std::string& members) {
  return decode("iot.vibration.features.v1",
                R"({"assetId":"P-101","point":"DE","axis":"H",)" + members + "}");
}

Quantity quantity(const std::variant<Event, Reject>& result, std::string_view field) {
  if (const auto* reject = std::get_if<Reject>(&result)) {
    ADD_FAILURE() << reject->detail;
    return {};
  }
  const auto* found = std::get_if<Quantity>(&std::get<Event>(result).at(field).value);
  return found == nullptr ? Quantity{} : *found;
}

void refused(const std::variant<Event, Reject>& result, R reason, const std::string& part) {
  const auto* reject = std::get_if<Reject>(&result);
  ASSERT_NE(reject, nullptr) << part;
  EXPECT_EQ(to_text(reject->reason), to_text(reason)) << reject->detail;
  EXPECT_THAT(reject->detail, testing::HasSubstr(part));
}

TEST(Units, KnownConversions) {
  struct Row {
    const char* unit;
    double value;
    const char* canonical;
    double expected;
  };
  for (const Row& row : {Row{"mm/s", 3.24, "mm/s", 3.24},
                         {"in/s", 0.1, "mm/s", 2.54},
                         {"[in_i]/s", 1, "mm/s", 25.4},
                         {"m/s", 0.003, "mm/s", 3},
                         {"[g]", 1, "m/s2", 9.80665},
                         {"[degF]", 212, "Cel", 100},
                         {"degF", 32, "Cel", 0},
                         {"K", 273.15, "Cel", 0},
                         {"\xC2\xB0"
                          "C",
                          20, "Cel", 20},
                         {"psi", 14.5, "bar", 0.99973980751},
                         {"kPa", 250, "bar", 2.5},
                         {"MPa", 0.6, "bar", 6},
                         {"mbar", 1'500, "bar", 1.5},
                         {"rpm", 1'482, "r/min", 1'482},
                         {"1/min", 60, "r/min", 60},
                         {"kHz", 1.5, "Hz", 1'500},
                         {"mA", 20, "A", 0.02},
                         {"MW", 1.2, "kW", 1'200},
                         {"W", 500, "kW", 0.5},
                         {"[HP]", 1, "kW", 0.745699872},
                         {"kWh", 3, "kW.h", 3},
                         {"MW.h", 0.5, "kW.h", 500},
                         {"MJ", 3.6, "kW.h", 1},
                         {"GJ", 3.6, "kW.h", 1'000},
                         {"var.h", 1'500, "kvar.h", 1.5},
                         {"P1", 78, "%", 78},
                         {"ms", 1'500, "s", 1.5},
                         {"MIN", 90, "min", 90},
                         {"HUR", 2, "h", 2},
                         {"cm", 2, "mm", 20},
                         {"t", 1.2, "kg", 1'200},
                         {"TNE", 1.5, "KGM", 1'500},
                         {"GRM", 250, "KGM", 0.25},
                         {"mL", 330, "L", 0.33},
                         {"L/min", 100, "m3/h", 6},
                         {"L/s", 1, "m3/h", 3.6},
                         {"EA", 4, "C62", 4},
                         {"DZN", 2, "C62", 24},
                         {"kN.m", 1, "N.m", 1'000}}) {
    const Quantity q = quantity(
        measurement("\"value\":" + std::to_string(row.value) + ",\"unit\":\"" + row.unit + "\""),
        "value");
    EXPECT_EQ(q.unit, row.canonical) << row.unit;
    EXPECT_NEAR(q.value, row.expected, 1e-9 * std::max(1.0, std::fabs(row.expected))) << row.unit;
    EXPECT_EQ(q.original_unit, row.unit);
    EXPECT_NEAR(q.original_value, row.value, 1e-9);
  }
}

TEST(Units, EveryRowConvertsToItsCanonicalUnitAndBack) {
  for (const Unit& unit : units()) {
    const UnitLookup canonical = find_unit(unit.canonical, unit.canonical);
    ASSERT_NE(canonical.row, nullptr) << unit.code;
    EXPECT_EQ(canonical.row->dimension, unit.dimension) << unit.code;
    EXPECT_EQ(canonical.row->canonical, unit.canonical) << unit.code << ": one step suffices";
    for (const double value : {-40.0, 0.0, 1.0, 1234.5}) {
      const double there = convert(value, unit, *canonical.row);
      EXPECT_NEAR(convert(there, *canonical.row, unit), value, 1e-9 * std::fabs(value) + 1e-10)
          << unit.code;
    }
    const bool once = find_unit(unit.code, "").row != nullptr || find_unit(unit.code, "").ambiguous;
    EXPECT_TRUE(once) << unit.code;
  }
}

TEST(Units, PeakAndRmsAreNeverMixed) {
  EXPECT_EQ(quantity(vibration(R"("vRms":{"value":1,"unit":"mm/s rms"})"), "vRms").value, 1);
  EXPECT_EQ(quantity(vibration(R"("vRms":{"value":0.1,"unit":"in/s rms"})"), "vRms").unit, "mm/s");
  for (const char* unit : {"mm/s pk", "mm/s peak", "in/s pk-pk", "mm/s[peak]", "mm/s_pp"}) {
    refused(vibration(R"("vRms":{"value":1,"unit":")" + std::string(unit) + "\"}"), R::kNoUnit,
            "peak and r.m.s. are not converted");
  }
  const std::string v = R"("vRms":{"value":1,"unit":"mm/s"},)";
  EXPECT_EQ(quantity(vibration(v + R"("aPk":{"value":2,"unit":"g pk"})"), "aPk").value,
            2 * 9.80665);
  refused(vibration(v + R"("aPk":{"value":2,"unit":"m/s2 rms"})"), R::kNoUnit, "field aPk");
}

TEST(Units, GMeansGravityOnlyWhereTheFieldSaysSo) {
  const std::string v = R"("vRms":{"value":1,"unit":"mm/s"},)";
  EXPECT_EQ(quantity(vibration(v + R"("aPk":{"value":1,"unit":"g"})"), "aPk").value, 9.80665);
  refused(measurement(R"("value":1,"unit":"g")"), R::kNoUnit, "means several things");
}

TEST(Units, MissingUnknownAndForeignOnes) {
  refused(measurement(R"("value":1)"), R::kNoUnit, "field value: has no unit");
  refused(measurement(R"("value":{"value":1})"), R::kNoUnit, "has no unit");
  refused(measurement(R"("value":1,"unit":"furlong")"), R::kNoUnit, "'furlong' is not known");
  refused(measurement(R"("value":1,"unit":7)"), R::kWrongField, "field unit: is not a string");
  refused(measurement(R"("value":1,"unit":"A","uom":"V")"), R::kWrongField, "contradicts");
  refused(vibration(R"("vRms":{"value":1,"unit":"Cel"})"), R::kNoUnit,
          "cannot be converted to mm/s");
  refused(vibration(R"("vRms":3.2)"), R::kNoUnit, R"("unit": "mm/s")");
  EXPECT_EQ(quantity(vibration(R"("vRms":3.2,"uom":"mm/s")"), "vRms").value, 3.2);
  refused(decode("energy.interval.metered.v1",
                 R"({"meterId":"E","from":"2026-03-02","to":"2026-03-03",
                     "energy":{"value":1,"unit":"kW"}})"),
          R::kNoUnit, "cannot be converted to kW.h");
}

TEST(Values, QuantitiesInAllTheirShapes) {
  EXPECT_EQ(quantity(measurement(R"("value":{"value":5,"unit":"bar"})"), "value").value, 5);
  EXPECT_EQ(quantity(measurement(R"("value":{"value":5,"uom":"bar"})"), "value").value, 5);
  EXPECT_EQ(quantity(measurement(R"("uom":"bar","value":5)"), "value").value, 5);
  EXPECT_EQ(quantity(measurement(R"("value":{"value":5},"unit":"bar")"), "value").value, 5);
  refused(measurement(R"("value":{"value":5,"value":6,"unit":"bar"})"), R::kWrongField,
          "two members 'value'");
  refused(measurement(R"("value":{"unit":"bar"})"), R::kWrongField, "no member 'value'");
  refused(measurement(R"("value":{"value":"5","unit":"bar"})"), R::kWrongField, "no number");
  refused(measurement(R"("value":"5","unit":"bar")"), R::kWrongField, "neither a number nor");
  refused(measurement(R"("value":5,"value":6,"unit":"bar")"), R::kWrongField, "there twice");
  refused(measurement(R"("value":1e999,"unit":"bar")"), R::kNotJson, "not valid JSON");
}

TEST(Values, MoneyNeedsACurrency) {
  const std::string base = R"({"woId":"1","assetId":"P","status":"TECO",)";
  const auto cost = [&](const std::string& members) {
    return decode("cmms.workorder.statuschanged.v1", base + members + "}");
  };
  EXPECT_EQ(quantity(cost(R"("cost":{"value":5,"currency":"EUR"})"), "cost").unit, "EUR");
  EXPECT_EQ(quantity(cost(R"("cost":5,"currency":"USD")"), "cost").unit, "USD");
  refused(cost(R"("cost":5)"), R::kNoUnit, "has no currency");
  refused(cost(R"("cost":{"value":5,"currency":"euro"})"), R::kNoUnit, "ISO 4217");
}

TEST(Values, NumbersOfAFixedUnitMayCarryIt) {
  const std::string v = R"("vRms":{"value":1,"unit":"mm/s"},)";
  const auto rpm = [&](const std::string& text) {
    const auto result = vibration(v + "\"rpm\":" + text);
    return std::get<Event>(result).number("rpm", -1);
  };
  EXPECT_EQ(rpm("1482"), 1'482);
  EXPECT_EQ(rpm(R"({"value":1482,"unit":"rpm"})"), 1'482);
  EXPECT_DOUBLE_EQ(rpm(R"({"value":25,"unit":"Hz"})"), 1'500);
  refused(vibration(v + R"("rpm":{"value":1,"unit":"Cel"})"), R::kNoUnit, "converted to r/min");
  refused(vibration(v + R"("kurtosis":{"value":1,"unit":"1"})"), R::kWrongField, "not a number");
}

TEST(Values, TimesAndDates) {
  const auto due = [&](const std::string& text) {
    return decode("cmms.plan.due.v1", R"({"planId":"1","assetId":"P","due":)" + text + "}");
  };
  const auto instant = [](const std::variant<Event, Reject>& result) {
    return format_rfc3339(std::get<Event>(result).instant("due"));
  };
  EXPECT_EQ(instant(due(R"("2026-03-04")")), "2026-03-04T00:00:00.000Z");
  EXPECT_EQ(instant(due(R"("2026-03-04T10:00:00+01:00")")), "2026-03-04T09:00:00.000Z");
  for (const char* bad : {R"("2026-02-30")", R"("04.03.2026")", R"("2026-03-04T10:00")", R"("")"}) {
    refused(due(bad), R::kWrongField, "field due:");
  }
  refused(due("20260304"), R::kWrongField, "not a string");
}

TEST(Values, TextsListsAndUnknownFields) {
  const auto lot = [](const std::string& members) {
    return decode("mes.lot.disposition.v1", R"({"lotId":"L",)" + members + "}");
  };
  EXPECT_EQ(std::get<Event>(lot(R"("disposition":"Whatever")")).text("disposition"), "Whatever")
      << "unknown values of enumerations are kept";
  EXPECT_EQ(std::get<Event>(lot(R"("disposition":18446744073709551615)")).text("disposition"),
            "18446744073709551615");
  refused(lot(R"("disposition":1.5)"), R::kWrongField, "is not a string");
  refused(lot(R"("disposition":null)"), R::kMissingField, "required field disposition");
  refused(lot(R"("disposition":")" + std::string(8'193, 'x') + "\""), R::kTooLarge, "8192 bytes");
  const auto extra = std::get<Event>(
      lot(R"("disposition":"x","unit":"bar","n":[1, {"a":true}],"z":-1.50,"e":"\u00e9\"")"));
  EXPECT_EQ(extra.extra, R"({"unit":"bar","n":[1,{"a":true}],"z":-1.5,"e":")"
                         "\xC3\xA9"
                         R"(\""})");
  refused(decode("mes.material.consumed.v1",
                 R"({"orderId":"1","inLots":["a",["b"]],"outLot":"x","qty":1,"uom":"C62"})"),
          R::kWrongField, "field inLots");
  const auto nested = decode("wms.handlingunit.moved.v1",
                             R"({"SSCC":"3","from":"a","to":"b",
                                 "contents":[{"gtin":"1","qty":{"value":2,"unit":"C62"},"n":null,
                                              "l":[1,true,"x"]}]})");
  const auto& contents = std::get<FieldList>(std::get<Event>(nested).at("contents").value);
  const auto& record = std::get<FieldRecord>(contents.at(0).value);
  ASSERT_EQ(record.size(), 4U);
  EXPECT_EQ(std::get<FieldRecord>(record[1].value.value)[0], (NamedField{"value", {2.0}}));
  EXPECT_FALSE(record[2].value.present());
  EXPECT_EQ(std::get<FieldList>(record[3].value.value)[1], (FieldValue{true}));
}

TEST(Limits, OfSizeDepthAndCount) {
  const auto result_of = [](std::string_view values) {
    return decode("qms.inspection.result.v1",
                  R"({"lotId":"L","charId":"C","unit":"mL","values":)" + std::string(values) + "}");
  };
  const auto list = [](std::size_t n) {
    std::string out = "[";
    for (std::size_t i = 0; i < n; ++i) out += i == 0 ? "1" : ",1";
    return out + "]";
  };
  EXPECT_TRUE(std::holds_alternative<Event>(result_of(list(1'000))));
  refused(result_of(list(1'001)), R::kTooLarge, "has 1001 items");

  const auto nested = [](std::size_t n) {
    return R"({"lotId":"L","disposition":"x","deep":)" + std::string(n, '[') + std::string(n, ']') +
           "}";
  };
  EXPECT_TRUE(std::holds_alternative<Event>(decode("mes.lot.disposition.v1", nested(30))));
  refused(decode("mes.lot.disposition.v1", nested(40)), R::kNotJson, "nested deeper than 32");

  Decoder small(200);
  refused(small.decode(binary("mes.lot.disposition.v1", std::string(201, ' ')), kIngested),
          R::kTooLarge, "value has 201 bytes, at most 200");

  std::string many = R"({"lotId":"L","disposition":"x")";
  for (int i = 0; i < 1'000; ++i) many += ",\"f" + std::to_string(i) + "\":1";
  refused(decode("mes.lot.disposition.v1", many + "}"), R::kTooLarge, "more than 1000 members");

  RawRecord record = binary("mes.lot.disposition.v1", "{}");
  for (int i = 0; i < 300; ++i) record.headers.emplace_back("ce_x" + std::to_string(i), "1");
  Decoder decoder;
  refused(decoder.decode(record, kIngested), R::kTooLarge, "more than 256 headers");
}

}  // namespace
}  // namespace millwright::codec
