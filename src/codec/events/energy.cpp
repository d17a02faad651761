#include "codec/events/events.hpp"

namespace millwright::codec {
namespace {

constexpr FieldSpec kIntervalMetered[] = {text("meterId", kRequired),
                                          text("assetId"),
                                          instant("from", kRequired),
                                          instant("to", kRequired),
                                          quantity("energy", "kW.h", kRequired),
                                          quantity("reactive", "kvar.h"),
                                          flag("estimated")};
constexpr FieldSpec kTariffChanged[] = {text("site", kRequired), text("period", kRequired),
                                        money("energyPrice"), money("demandPrice"),
                                        quantity("contractLimit", "kW")};

constexpr EventType kTypes[] = {
    {"energy.interval.metered", 1, SourceFamily::kEnergy, "meterId",
     "Energy of one metering interval.", kIntervalMetered},
    {"energy.tariff.changed", 1, SourceFamily::kEnergy, "site",
     "Prices and contract limit of a period.", kTariffChanged},
};

}  // namespace

std::span<const EventType> energy_events() {
  return kTypes;
}

}  // namespace millwright::codec
