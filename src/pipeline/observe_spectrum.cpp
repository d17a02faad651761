// Vibration spectra and the life of sensors: the rarer half of the observer.
#include <algorithm>

#include "pipeline/observer.hpp"

namespace millwright::pipeline {
namespace {

using F = Feature;
constexpr double kKurtosisSign = 4.0;
constexpr std::uint16_t kHealthyRoom = 64;

// A field of one band: {name, hz, amp, spectrum}; hz and amp as numbers or as {value}.
const FieldValue* member(const FieldRecord& record, std::string_view name) {
  for (const NamedField& field : record) {
    if (field.name == name) return &field.value;
  }
  return nullptr;
}

double number_of(const FieldValue* field) {
  if (field == nullptr) return 0.0;
  if (const auto* plain = std::get_if<double>(&field->value)) return *plain;
  if (const auto* quantity = std::get_if<Quantity>(&field->value)) return quantity->value;
  const auto* record = std::get_if<FieldRecord>(&field->value);
  return record == nullptr ? 0.0 : number_of(member(*record, "value"));
}

std::string_view text_of(const FieldValue* field) {
  const auto* text = field == nullptr ? nullptr : std::get_if<std::string>(&field->value);
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

// Healthy amplitudes are means over readings that nothing speaks against.
void learn_healthy(SignalState& state, const Lines& lines) {
  if (state.healthy_n < kHealthyRoom) ++state.healthy_n;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    state.healthy[i] += (lines[i] - state.healthy[i]) / float(state.healthy_n);
  }
}

bool low_suction(const Entity& entity) {
  for (std::size_t i = 0; i < entity.signals.size(); ++i) {
    const SignalState* state = entity.signals[i].get();
    const Signal& signal = *entity.plan->signals[i].signal;
    if (state == nullptr || signal.kind != SignalKind::kPressure) continue;
    if (signal.tag.find("suction") == std::string::npos) continue;
    if (signal.range_low && state->value < *signal.range_low) return true;
    // Models are fed in their own time; an anomalous low reading shows against the learned level.
    if (state->baseline.known && state->value < 0.7 * state->baseline.value) return true;
  }
  return false;
}

}  // namespace

void Observer::collect_peaks(const Event& event, const TypeUse& use) {
  spectrum_.peaks.clear();
  const auto* bands = std::get_if<FieldList>(&use.at(event, Slot::kBands).value);
  if (bands == nullptr) return;
  for (const FieldValue& band : *bands) {
    const auto* record = std::get_if<FieldRecord>(&band.value);
    if (record == nullptr) continue;
    spectrum_.peaks.push_back({text_of(member(*record, "name")), number_of(member(*record, "hz")),
                               number_of(member(*record, "amp")),
                               text_of(member(*record, "spectrum")) == "envelope"});
  }
}

void Observer::judge_spectrum(Entity& entity, const TypeUse& use, Reading& reading,
                              Observation& out) {
  const SignalPlan& plan = entity.plan->signals[reading.index];
  SignalState& state = entity.signal(reading.index);
  collect_peaks(*reading.event, use);
  Spectrum& s = spectrum_;
  s.asset = entity.plan->asset;
  s.bearing = plan.bearing;
  s.axis = plan.signal->axis.empty() ? use.text(*reading.event, Slot::kAxis)
                                     : std::string_view(plan.signal->axis);
  s.point = plan.signal->point;
  s.rpm = reading.rpm;
  s.v_rms = reading.value;
  s.kurtosis.reset();
  const double kurtosis = use.number(*reading.event, Slot::kKurtosis, 0.0);
  if (kurtosis > 0.0) s.kurtosis = kurtosis;
  const Lines lines = lines_of(s);
  state.now_2x = lines[std::size_t(Line::k2x)];
  const bool symptom = reading.raised || kurtosis > kKurtosisSign || state.anomalous_in_row > 0;
  if (!symptom) {
    learn_healthy(state, lines);
    return;
  }
  const bool in_zone = plan.zones.limits && reading.value > plan.zones.limits->bc;
  const bool in_d = in_zone && reading.value > plan.zones.limits->cd;
  s.raised = in_d ? "in zone D" : in_zone ? "in zone C" : reading.raised ? "above ALARM" : "";
  // Fewer readings than this say little about what is usual.
  s.healthy = state.healthy_n >= 8 ? state.healthy : Lines{};
  s.radial_2x = s.axial_2x = 0.0;
  for (std::size_t i = 0; i < entity.signals.size(); ++i) {
    const Signal& other = *entity.plan->signals[i].signal;
    if (i == reading.index || entity.signals[i] == nullptr || !other.tag.empty()) continue;
    if (other.point != plan.signal->point) continue;
    double& most = other.axis == "A" ? s.axial_2x : s.radial_2x;
    most = std::max(most, double(entity.signals[i]->now_2x));
  }
  s.low_suction = low_suction(entity);
  adopt_cause(best_cause(s), out);
}

Disposition Observer::lifecycle(Entity& entity, const Event& event, const TypeUse& use,
                                Observation& out) {
  observed_.clear();
  describe_asset(entity, out);
  if (entity.plan == nullptr) return Disposition::kUnmapped;
  const std::string_view change = use.text(event, Slot::kChange);
  const std::string_view tag = use.text(event, Slot::kTag);
  const std::string_view sensor = use.text(event, Slot::kSensorId);
  const std::string_view old_sensor = use.text(event, Slot::kOldSensorId);
  bool found = false;
  for (std::size_t i = 0; i < entity.plan->signals.size(); ++i) {
    const Signal& signal = *entity.plan->signals[i].signal;
    const std::string& own = signal.sensor.str();
    const bool by_tag = !tag.empty() && (signal.tag == tag || signal.id.str() == tag);
    const bool by_sensor = !own.empty() && (own == sensor || own == old_sensor);
    if (!by_tag && !by_sensor) continue;
    found = true;
    observed_.push_back(i);
    out.signal = signal.id;
    SignalState& state = entity.signal(i);
    if (change == "replaced" || change == "calibrated" || change == "rescaled") {
      state.start_anew(event.time);
      const double scale = use.number(event, Slot::kScale, 0.0);
      if (scale > 0.0) {
        state.scale = scale;
      } else if (change == "replaced") {
        state.scale = 1.0;
      }
    } else if (change == "stale") {
      // The gateway knows before the interval has passed; the next tick tells the rules.
      state.stale_at = state.order.at.is_set() ? event.time : Instant();
    }
  }
  return found ? Disposition::kObserved : Disposition::kUnmapped;
}

}  // namespace millwright::pipeline
