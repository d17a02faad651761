#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kOperationStatuschanged[] = {
    text("orderId", kRequired), text("opNo", kRequired), text("workUnitId", kRequired),
    text("status", kRequired), text("reason")};
constexpr FieldSpec kProductionReported[] = {
    text("orderId", kRequired), text("workUnitId", kRequired),    instant("from", kRequired),
    instant("to", kRequired),   number("good", "C62", kRequired), number("scrap", "C62"),
    number("rework", "C62"),    quantity("idealCycle", "s")};
constexpr FieldSpec kEquipmentStatechanged[] = {text("workUnitId", kRequired),
                                                text("state", kRequired),
                                                text("mode", kRequired),
                                                text("previousState"),
                                                text("reasonCode"),
                                                flag("planned"),
                                                text("orderId")};
constexpr FieldSpec kMaterialConsumed[] = {text("orderId", kRequired), text("opNo"),
                                           texts("inLots", kRequired), text("outLot", kRequired),
                                           any_quantity("qty", kRequired)};
constexpr FieldSpec kLotDisposition[] = {text("lotId", kRequired), text("disposition", kRequired),
                                         text("reason")};

constexpr EventType kTypes[] = {
    {"mes.operation.statuschanged", 1, SourceFamily::kMes, "orderId",
     "An operation of a production order started, paused or ended.", kOperationStatuschanged},
    {"mes.production.reported", 1, SourceFamily::kMes, "workUnitId",
     "Counts of a work unit over a span of time.", kProductionReported},
    {"mes.equipment.statechanged", 1, SourceFamily::kMes, "workUnitId",
     "A work unit changed its state (Executing, ...) or mode (Processing, ...).",
     kEquipmentStatechanged},
    {"mes.material.consumed", 1, SourceFamily::kMes, "outLot", "Lots that went into a lot.",
     kMaterialConsumed},
    {"mes.lot.disposition", 1, SourceFamily::kMes, "lotId",
     "A lot was restricted, freed or closed.", kLotDisposition},
};

}  // namespace

std::span<const EventType> mes_events() {
  return kTypes;
}

}  // namespace millwright::codec
