#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kOrderConfirmed[] = {text("poId", kRequired),
                                         text("item", kRequired),
                                         text("supplierId"),
                                         text("materialId"),
                                         any_quantity("qty", kRequired),
                                         instant("requestedDate"),
                                         instant("firstConfirmedDate"),
                                         instant("confirmedDate", kRequired),
                                         text("replaces"),
                                         text("reason")};
constexpr FieldSpec kShipmentNotified[] = {
    text("poId", kRequired),        text("item", kRequired), text("supplierId"),
    any_quantity("qty", kRequired), texts("SSCC"),           instant("shipDate"),
    instant("eta", kRequired)};
constexpr FieldSpec kRiskChanged[] = {text("supplierId", kRequired), text("riskType", kRequired),
                                      number("score", "", kRequired), instant("validTo")};

constexpr EventType kTypes[] = {
    {"supplier.order.confirmed", 1, SourceFamily::kSupplier, "poId",
     "A supplier confirmed an order item, or moved its date.", kOrderConfirmed},
    {"supplier.shipment.notified", 1, SourceFamily::kSupplier, "poId", "A supplier has shipped.",
     kShipmentNotified},
    {"supplier.risk.changed", 1, SourceFamily::kSupplier, "supplierId",
     "The risk of a supplier, 0 to 1.", kRiskChanged},
};

}  // namespace

std::span<const EventType> supplier_events() {
  return kTypes;
}

}  // namespace millwright::codec
