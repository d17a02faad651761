#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kNotificationCreated[] = {
    text("notifId", kRequired), text("assetId", kRequired), text("class", kRequired),
    text("priority"),           flag("objectDown"),         instant("malfunctionStart")};
constexpr FieldSpec kWorkorderStatuschanged[] = {text("woId", kRequired),
                                                 text("assetId", kRequired),
                                                 text("type"),
                                                 text("status", kRequired),
                                                 instant("plannedStart"),
                                                 instant("plannedEnd"),
                                                 instant("actualStart"),
                                                 instant("actualEnd"),
                                                 text("problem"),
                                                 text("cause"),
                                                 text("remedy"),
                                                 quantity("downtime", "h"),
                                                 money("cost"),
                                                 text("externalRef")};
constexpr FieldSpec kPlanDue[] = {text("planId", kRequired), text("assetId", kRequired),
                                  instant("due", kRequired), any_quantity("meter"),
                                  quantity("tolerance", "%")};
constexpr FieldSpec kCapacityChanged[] = {text("craft", kRequired), text("shiftId", kRequired),
                                          number("hours", "h", kRequired)};

constexpr EventType kTypes[] = {
    {"cmms.notification.created", 1, SourceFamily::kCmms, "assetId",
     "Somebody reported a request, a breakdown or an activity.", kNotificationCreated},
    {"cmms.workorder.statuschanged", 1, SourceFamily::kCmms, "assetId",
     "A work order went on: CRTD, REL, STRT, TECO, CLSD, CANC.", kWorkorderStatuschanged},
    {"cmms.plan.due", 1, SourceFamily::kCmms, "assetId", "A maintenance plan has come due.",
     kPlanDue},
    {"cmms.capacity.changed", 1, SourceFamily::kCmms, "craft",
     "Hours of a craft in a shift; crew level, no persons.", kCapacityChanged},
};

}  // namespace

std::span<const EventType> cmms_events() {
  return kTypes;
}

}  // namespace millwright::codec
