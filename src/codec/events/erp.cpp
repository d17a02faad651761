#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kProductionorderReleased[] = {text("orderId", kRequired),
                                                  text("materialId", kRequired),
                                                  any_quantity("qty", kRequired),
                                                  text("routingVer"),
                                                  text("bomVer"),
                                                  instant("release"),
                                                  instant("due", kRequired),
                                                  number("priority"),
                                                  text("lineId")};
constexpr FieldSpec kDemandChanged[] = {text("materialId", kRequired), text("period", kRequired),
                                        any_quantity("qty", kRequired), text("kind", kRequired),
                                        instant("customerDue")};
constexpr FieldSpec kPurchaseorderChanged[] = {text("poId", kRequired),
                                               text("item", kRequired),
                                               text("supplierId", kRequired),
                                               text("materialId", kRequired),
                                               any_quantity("qtyOrdered", kRequired),
                                               any_quantity("qtyOpen"),
                                               money("price"),
                                               instant("requestedDate"),
                                               instant("firstConfirmedDate"),
                                               instant("confirmedDate")};
constexpr FieldSpec kGoodsmovementPosted[] = {text("docId", kRequired),
                                              text("item", kRequired),
                                              text("materialId", kRequired),
                                              text("batch"),
                                              text("movementType", kRequired),
                                              any_quantity("qty", kRequired),
                                              text("orderRef")};
constexpr FieldSpec kMasterdataChanged[] = {text("objectType", kRequired),
                                            text("objectId", kRequired), text("version", kRequired),
                                            instant("validFrom")};

constexpr EventType kTypes[] = {
    {"erp.productionorder.released", 1, SourceFamily::kErp, "orderId",
     "A production order may be started.", kProductionorderReleased},
    {"erp.demand.changed", 1, SourceFamily::kErp, "materialId",
     "Orders or forecast for a material and period have changed.", kDemandChanged},
    {"erp.purchaseorder.changed", 1, SourceFamily::kErp, "poId",
     "A purchase order item was opened or changed.", kPurchaseorderChanged},
    {"erp.goodsmovement.posted", 1, SourceFamily::kErp, "materialId",
     "Goods receipt (101), issue (261), transfer (311) or scrap (551).", kGoodsmovementPosted},
    {"erp.masterdata.changed", 1, SourceFamily::kErp, "objectId",
     "A material, supplier, BOM, routing or calendar has a new version.", kMasterdataChanged},
};

}  // namespace

std::span<const EventType> erp_events() {
  return kTypes;
}

}  // namespace millwright::codec
