#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kStockChanged[] = {text("materialId", kRequired),
                                       text("loc", kRequired),
                                       text("bin"),
                                       text("batch"),
                                       any_quantity("onHand", kRequired),
                                       any_quantity("reserved"),
                                       any_quantity("blocked"),
                                       flag("snapshot")};
constexpr FieldSpec kHandlingunitMoved[] = {text("SSCC", kRequired), records("contents"),
                                            text("from", kRequired), text("to", kRequired)};

constexpr EventType kTypes[] = {
    {"wms.stock.changed", 1, SourceFamily::kWms, "materialId",
     "Stock of a material at a place, as a change or a snapshot.", kStockChanged},
    {"wms.handlingunit.moved", 1, SourceFamily::kWms, "SSCC",
     "A pallet or box went from one place to another.", kHandlingunitMoved},
};

}  // namespace

std::span<const EventType> wms_events() {
  return kTypes;
}

}  // namespace millwright::codec
