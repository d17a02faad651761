// The shipped plant, brought to life: all that its machines and systems say must be decoded, and
// every reading must belong to a signal of the model.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "millwright/codec/decode.hpp"
#include "millwright/simulator/plant_simulator.hpp"
#include "unit/daemon/config_files.hpp"

namespace millwright::daemon {
namespace {

using namespace test;

TEST(DemoPlant, EverythingItSaysIsUnderstood) {
  Folder folder;
  fs::copy(fs::path(MILLWRIGHT_SOURCE_DIR) / "config", folder / "", fs::copy_options::recursive);
  const auto loaded = load_configuration((folder / "millwright.yaml").string(), {}, nullptr);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const PlantModel& plant = *loaded->plant;

  simulator::SimulatorOptions options;
  options.seed = 11;
  options.live_from = *parse_rfc3339("2026-03-02T06:00:00Z");
  options.from = options.live_from - hours(6);
  simulator::PlantSimulator simulated(loaded->plant, options);
  codec::Decoder decoder;
  std::map<std::string, int> types;
  std::set<SignalId> heard;
  for (auto& said : simulated.advance(options.live_from)) {
    RawRecord record;
    record.key = said.key;
    record.value = said.value;
    record.headers = {{"content-type", "application/cloudevents+json"}};
    auto result = decoder.decode(std::move(record), said.at);
    const auto* reject = std::get_if<Reject>(&result);
    ASSERT_EQ(reject, nullptr) << reject->detail << "\n" << said.value;
    const Event& event = std::get<Event>(result);
    ++types[std::string(event.type->name)];
    EXPECT_EQ(event.entity, said.key) << said.value;
    const std::string asset(event.text("assetId"));
    if (event.type->name == "iot.measurement.sampled") {
      const auto signal =
          plant.signals.find(SignalId(asset + "/" + std::string(event.text("tag"))));
      ASSERT_NE(signal, plant.signals.end()) << said.value;
      EXPECT_EQ(std::get<Quantity>(event.at("value").value).unit, signal->second.unit);
      const double value = event.number("value", 0.0);
      EXPECT_GE(value, signal->second.range_low.value_or(value)) << said.value;
      EXPECT_LE(value, signal->second.range_high.value_or(value)) << said.value;
      heard.insert(signal->first);
    } else if (event.type->name == "iot.vibration.features") {
      const SignalId id(asset + "/" + std::string(event.text("point")) + "-" +
                        std::string(event.text("axis")));
      ASSERT_TRUE(plant.signals.contains(id)) << said.value;
      heard.insert(id);
    }
  }
  EXPECT_EQ(heard.size(), plant.signals.size()) << "every signal of the model reports";
  EXPECT_GE(types.size(), 7U);
}

}  // namespace
}  // namespace millwright::daemon
