// What decoding one event takes, from the bytes of a record to the Event; and what one copy of a
// record takes, for comparison.
#include <benchmark/benchmark.h>

#include <string>

#include "unit/codec/examples.hpp"
#include "unit/codec/samples.hpp"

namespace millwright::codec {
namespace {

using namespace test;

constexpr const char* kMeasurement =
    R"({"specversion":"1.0","id":"iot-00000184211","source":"/lyon/iot",)"
    R"("type":"com.acme.iot.measurement.sampled.v1","time":"2026-03-02T06:10:00.500Z",)"
    R"("partitionkey":"F-201","datacontenttype":"application/json","data":{"assetId":"F-201",)"
    R"("tag":"bearing-temp-de","sensorId":"TT-2011","value":{"value":61.4,"unit":"Cel"},)"
    R"("quality":"GOOD","historical":false}})";

RawRecord measurement_binary() {
  return binary("com.acme.iot.measurement.sampled.v1",
                R"({"assetId":"F-201","tag":"bearing-temp-de","sensorId":"TT-2011",)"
                R"("value":{"value":61.4,"unit":"Cel"},"quality":"GOOD","historical":false})");
}

void decode_all(benchmark::State& state, const RawRecord& record) {
  Decoder decoder;
  if (std::holds_alternative<Reject>(decoder.decode(record, kIngested))) {
    state.SkipWithError("the sample does not decode");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(decoder.decode(record, kIngested));
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * std::int64_t(record.value.size()));
}

void copy_only(benchmark::State& state) {
  const RawRecord record = structured(kExamples[0]);
  for (auto _ : state) {
    RawRecord copy = record;
    benchmark::DoNotOptimize(copy);
  }
}

BENCHMARK_CAPTURE(decode_all, vibration_structured, structured(kExamples[0]));
BENCHMARK_CAPTURE(decode_all, measurement_structured, structured(kMeasurement));
BENCHMARK_CAPTURE(decode_all, measurement_binary, measurement_binary());
BENCHMARK_CAPTURE(decode_all, equipment_state_structured, structured(kExamples[1]));
BENCHMARK_CAPTURE(decode_all, work_order_structured, structured(kExamples[2]));
BENCHMARK(copy_only);

}  // namespace
}  // namespace millwright::codec

BENCHMARK_MAIN();
