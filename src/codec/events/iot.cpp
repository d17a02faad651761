#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kMeasurementSampled[] = {
    text("assetId", kRequired),       text("tag", kRequired), text("sensorId"),
    any_quantity("value", kRequired), text("quality"),        flag("historical")};
constexpr FieldSpec kVibrationFeatures[] = {text("assetId", kRequired),
                                            text("sensorId"),
                                            text("point", kRequired),
                                            text("axis", kRequired),
                                            quantity("vRms", "mm/s", kRequired),
                                            quantity("aPk", "m/s2"),
                                            number("kurtosis"),
                                            records("bands"),
                                            number("rpm", "r/min"),
                                            quantity("load", "%"),
                                            text("quality"),
                                            flag("historical")};
constexpr FieldSpec kAlarmTransition[] = {
    text("alarmId", kRequired), text("assetId", kRequired),        text("tag", kRequired),
    text("state", kRequired),   number("priority", "", kRequired), any_quantity("value"),
    any_quantity("limit")};
constexpr FieldSpec kSensorLifecycle[] = {text("sensorId", kRequired), text("tag", kRequired),
                                          text("assetId", kRequired),  text("change", kRequired),
                                          text("oldSensorId"),         number("scale")};

constexpr EventType kTypes[] = {
    {"iot.measurement.sampled", 1, SourceFamily::kIot, "assetId", "One value of one tag.",
     kMeasurementSampled},
    {"iot.vibration.features", 1, SourceFamily::kIot, "assetId",
     "Features of one vibration measurement at one point and direction.", kVibrationFeatures},
    {"iot.alarm.transition", 1, SourceFamily::kIot, "assetId",
     "An alarm of the control system changed its state.", kAlarmTransition},
    {"iot.sensor.lifecycle", 1, SourceFamily::kIot, "assetId",
     "A sensor came, went, or was replaced, calibrated or rescaled.", kSensorLifecycle},
};

}  // namespace

std::span<const EventType> iot_events() {
  return kTypes;
}

}  // namespace millwright::codec
