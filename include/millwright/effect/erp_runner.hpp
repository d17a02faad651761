#pragma once
// The EffectRunner of kind kErp: maintenance orders and reservations over HTTP/1.1. Owned and
// called by the dispatcher thread; blocks it for the time-outs at most.

#include <memory>
#include <string>

#include "millwright/base/limits.hpp"
#include "millwright/base/result.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::effect {

// How the ERP can be asked again after an answer was lost.
enum class ErpClass {
  kA,  // honours Idempotency-Key: the same request may be repeated
  kB,  // can be searched by our reference, and is, before every request
  kC,  // neither: a lost answer is for a person to look up
};

struct ErpRunnerConfig {
  std::string url;  // http://host:port[/path]
  ErpClass endpoint = ErpClass::kB;
  std::string token_file;               // "" : none. Read before every batch, so it can be rotated
  std::string number_field = "number";  // of the answer: the ERP's own number
  Duration connect_within = limits::kErpConnect;
  Duration answer_within = limits::kErpTotal;
};

// perform() takes effects in the state they had before the attempt at hand was announced: kInFlight
// means that an earlier one was begun and its outcome is not known. When to come again is left to
// the caller unless the ERP said so (Retry-After). An ERP that does not answer ends the batch: the
// effects behind it are reported as to be tried later.
[[nodiscard]] Result<std::unique_ptr<EffectRunner>> make_erp_runner(const ErpRunnerConfig& config);

}  // namespace millwright::effect
