#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kInspectionlotCreated[] = {text("lotId", kRequired),
                                               text("materialId", kRequired),
                                               text("batch"),
                                               text("origin"),
                                               number("lotSize", "C62", kRequired),
                                               text("level"),
                                               number("aql"),
                                               text("severity"),
                                               number("n", "C62"),
                                               number("ac", "C62")};
constexpr FieldSpec kInspectionResult[] = {text("lotId", kRequired),
                                           text("materialId"),
                                           text("batch"),
                                           text("charId", kRequired),
                                           text("specVersion"),
                                           text("unit", kRequired),
                                           number("nominal"),
                                           number("lsl"),
                                           number("usl"),
                                           numbers("values", kRequired),
                                           number("nonconforming", "C62"),
                                           text("gaugeId")};
constexpr FieldSpec kUsagedecisionMade[] = {text("lotId", kRequired), text("code", kRequired),
                                            any_quantity("qtyAccepted")};
constexpr FieldSpec kNonconformanceOpened[] = {
    text("ncId", kRequired),       text("materialId", kRequired),  text("lotId"),
    text("defectCode", kRequired), any_quantity("qty", kRequired), text("class")};
constexpr FieldSpec kGaugeStatuschanged[] = {text("gaugeId", kRequired), text("status", kRequired),
                                             instant("lastGood")};

constexpr EventType kTypes[] = {
    {"qms.inspectionlot.created", 1, SourceFamily::kQms, "materialId", "A lot is to be inspected.",
     kInspectionlotCreated},
    {"qms.inspection.result", 1, SourceFamily::kQms, "lotId",
     "Measured values of one characteristic of a lot.", kInspectionResult},
    {"qms.usagedecision.made", 1, SourceFamily::kQms, "lotId", "A lot was accepted or rejected.",
     kUsagedecisionMade},
    {"qms.nonconformance.opened", 1, SourceFamily::kQms, "materialId",
     "A defect was found, by a customer, at a supplier or inside.", kNonconformanceOpened},
    {"qms.gauge.statuschanged", 1, SourceFamily::kQms, "gaugeId",
     "A gauge is ok, due, or out of tolerance.", kGaugeStatuschanged},
};

}  // namespace

std::span<const EventType> qms_events() {
  return kTypes;
}

}  // namespace millwright::codec
