#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kChangeReleased[] = {text("ecoId", kRequired), text("materialId", kRequired),
                                         texts("items", kRequired), text("bomVer"),
                                         instant("effectiveFrom", kRequired)};
constexpr FieldSpec kSpecificationChanged[] = {text("materialId", kRequired),
                                               text("charId", kRequired),
                                               number("nominal"),
                                               number("lsl"),
                                               number("usl"),
                                               text("unit", kRequired),
                                               text("version", kRequired)};

constexpr EventType kTypes[] = {
    {"plm.change.released", 1, SourceFamily::kPlm, "materialId",
     "An engineering change takes effect.", kChangeReleased},
    {"plm.specification.changed", 1, SourceFamily::kPlm, "materialId",
     "Nominal value and limits of a characteristic have changed.", kSpecificationChanged},
};

}  // namespace

std::span<const EventType> plm_events() {
  return kTypes;
}

}  // namespace millwright::codec
