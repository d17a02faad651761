// Any bytes, in both modes: the decoder must answer with an event or a reject, and the answer must
// hold what it promises. Header bytes come from the input too.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "millwright/base/check.hpp"
#include "millwright/codec/catalog.hpp"
#include "millwright/codec/decode.hpp"

namespace {

using namespace millwright;

RawRecord record_of(std::string_view input) {
  RawRecord record;
  const auto mode = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  const std::size_t cut = input.find('\n');
  if (mode % 4 == 0) {
    record.headers = {{"content-type", "application/cloudevents+json"}};
  } else {
    const auto types = codec::event_types();
    record.headers = {{"content-type", "application/json"},
                      {"ce_specversion", "1.0"},
                      {"ce_id", "1"},
                      {"ce_source", "/f"},
                      {"ce_type", std::string(types[(mode / 4U) % types.size()].name) + ".v1"}};
    if (mode % 4 == 2 && cut != std::string_view::npos) {
      record.headers.emplace_back("ce_time", std::string(input.substr(0, cut)));
      input.remove_prefix(cut + 1);
    }
    if (mode % 4 == 3 && cut != std::string_view::npos) {
      record.key = input.substr(0, cut);
      input.remove_prefix(cut + 1);
    }
  }
  record.value = input;
  record.null_value = input.empty();
  return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static codec::Decoder decoder(1 << 16);
  if (size == 0) return 0;
  const RawRecord record = record_of({reinterpret_cast<const char*>(data), size});
  const auto result = decoder.decode(record, Instant(1));
  if (const auto* event = std::get_if<Event>(&result)) {
    MW_CHECK(event->type != nullptr);
    MW_CHECK(event->fields.size() == event->type->fields.size());
    MW_CHECK(!event->entity.empty());
  } else {
    MW_CHECK(!std::get<Reject>(result).detail.empty());
    MW_CHECK(std::get<Reject>(result).record.value == record.value);
  }
  return 0;
}
