#pragma once
// The operating-mode gate: only a machine at work is judged. Pure, any thread.

#include <string_view>

#include "millwright/base/bytes.hpp"
#include "millwright/domain/asset.hpp"
#include "millwright/domain/view.hpp"

namespace millwright::pipeline {

// What the asset's own speed or current said last.
struct Running {
  bool running = false;
  Instant since;
  double rpm = 0.0;
  Instant rpm_at;

  void note(bool now_running, Instant at);
  void note_speed(double speed_rpm, const Gate& gate, Instant at);
  void save(ByteWriter& out) const;
  void load(ByteReader& in);
};

struct GateResult {
  bool gated = false;
  std::string_view reason;
  bool maintenance = false;
  Instant open_since;  // when the machine began to run; unset while gated or without a gate
};

// Plant state of one asset under one view; null where nothing is known.
struct PlantState {
  const EquipmentState* equipment = nullptr;
  const ServiceState* service = nullptr;
};

// `rpm`: speed in the reading itself, 0 if it has none.
[[nodiscard]] GateResult judge_gate(const Asset& asset, const Running& own, const PlantState& plant,
                                    Instant at, double rpm);

}  // namespace millwright::pipeline
