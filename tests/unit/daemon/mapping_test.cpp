#include "daemon/mapping.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/daemon/config_files.hpp"

namespace millwright::daemon {
namespace {

using namespace test;
using testing::HasSubstr;

constexpr const char* kGood =
    "config: plant/millwright.yaml\n"
    "separator: ;\n"
    "time_column: at\n"
    "zone: Europe/Paris\n"
    "asset: P-1\n"
    "signals:\n"
    "  - {column: Pressure, tag: pressure, unit: kPa}\n"
    "  - {column: Flow, tag: flow, unit: L/min, asset: LOOP-1}\n";

class MappingFile : public testing::Test {
 protected:
  [[nodiscard]] Result<Mapping> load(const std::string& text) {
    folder_.write("map.yaml", text);
    return load_mapping((folder_ / "map.yaml").string());
  }
  // The message without the folder's name.
  [[nodiscard]] std::string error_of(const std::string& text) {
    const auto loaded = load(text);
    EXPECT_FALSE(loaded);
    return loaded ? "" : without_folder(loaded.error().message);
  }
  [[nodiscard]] std::string without_folder(std::string text) {
    const std::string folder = (folder_ / "").string();
    for (std::size_t at = 0; (at = text.find(folder)) != std::string::npos;) {
      text.erase(at, folder.size());
    }
    return text;
  }

  Folder folder_;
};

TEST_F(MappingFile, SaysWhatTheColumnsMean) {
  const auto loaded = load(kGood);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config, (folder_ / "plant/millwright.yaml").string());
  const source::CsvMapping& csv = loaded->csv;
  EXPECT_EQ(csv.separator, ';');
  EXPECT_EQ(csv.time_column, "at");
  EXPECT_EQ(csv.time_format, "%Y-%m-%d %H:%M:%S");
  EXPECT_EQ(csv.zone, "Europe/Paris");
  ASSERT_EQ(csv.signals.size(), 2U);
  EXPECT_EQ(csv.signals[0].asset, "P-1");
  EXPECT_EQ(csv.signals[1].asset, "LOOP-1");
  EXPECT_EQ(csv.signals[1].unit, "L/min");
  EXPECT_EQ(without_folder(csv.signals[1].place), "map.yaml:8:14");
}

TEST_F(MappingFile, EveryMistakeHasItsPlace) {
  EXPECT_EQ(load_mapping((folder_ / "none.yaml").string()).error().code, Errc::kNotFound);
  EXPECT_EQ(
      error_of("time_column: at\nsignals:\n  - {colum: a, tag: b, unit: bar}\n"),
      "map.yaml:3:6: 'colum' is not a key of a signal of a mapping; did you mean 'column'?\n"
      "map.yaml:3:5: a signal of a mapping needs the key 'column': name of the column, as the "
      "first line spells it");
  EXPECT_THAT(error_of("signals: []\n"), HasSubstr("needs the key 'time_column'"));
  EXPECT_THAT(error_of("time_column: at\nsignals: []\n"),
              HasSubstr("map.yaml:2:10: a mapping has at least one signal"));
  const std::string head = "time_column: at\nsignals:\n  - ";
  EXPECT_EQ(error_of(head + "{column: a, tag: b, unit: bar}\n"),
            "map.yaml:3:14: no asset: give this signal one, or the whole mapping");
  EXPECT_EQ(error_of(head + "{column: a, tag: b, unit: stone, asset: X}\n"),
            "map.yaml:3:31: unit 'stone' is not known; write UCUM (mm/s, Cel, bar)");
  EXPECT_THAT(error_of("separator: tab\n" + head + "{column: a, tag: b, unit: bar, asset: X}\n"),
              HasSubstr("map.yaml:1:12: the separator is one character"));
  EXPECT_THAT(error_of("asset: X\n" + head + "{column: a, tag: b, unit: bar}\n" +
                       "  - {column: c, tag: b, unit: bar}\n"),
              HasSubstr("map.yaml:5:22: tag 'b' of X has a column already"));
}

TEST_F(MappingFile, MustFitThePlant) {
  PlantModel plant;
  for (const char* id : {"P-1", "LOOP-1"}) plant.assets[AssetId(id)].id = AssetId(id);
  const auto loaded = load(kGood);
  ASSERT_TRUE(loaded);
  const auto error = [&] {
    const auto fits = check_mapping(*loaded, plant, "millwright.yaml");
    return fits ? std::string() : without_folder(fits.error().message);
  };
  EXPECT_THAT(error(),
              HasSubstr("map.yaml:7:14: asset P-1 has no signal with the tag 'pressure' in "
                        "the plant of millwright.yaml"));
  plant.signals[SignalId("P-1/pressure")].unit = "bar";
  plant.signals[SignalId("LOOP-1/flow")].unit = "kg/h";
  EXPECT_EQ(error(), "map.yaml:8:14: 'L/min' becomes m3/h, but LOOP-1/flow is kept in kg/h");
  plant.signals[SignalId("LOOP-1/flow")].unit = "m3/h";
  EXPECT_EQ(error(), "");
  plant.assets.erase(AssetId("P-1"));
  EXPECT_THAT(error(), HasSubstr("asset 'P-1' is not in the plant of millwright.yaml"));
}

}  // namespace
}  // namespace millwright::daemon
