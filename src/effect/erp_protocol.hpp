#pragma once
// What an ERP's answers mean, and how it is asked. Pure functions, any thread.

#include <optional>
#include <string>
#include <string_view>

#include "millwright/domain/task.hpp"
#include "millwright/effect/erp_runner.hpp"
#include "millwright/effect/http_client.hpp"

namespace millwright::effect {

// Path of an operation: work_order, reservation; "" if there is none of that name.
[[nodiscard]] std::string_view erp_path(std::string_view operation);

// By which the ERP's document is known to be ours: the task, or the effect where there is none.
[[nodiscard]] std::string external_ref(const Effect& effect);
// The body with our reference in it; kInvalid if it is no JSON object.
[[nodiscard]] Result<std::string> with_reference(const Effect& effect);

// Retry-After: seconds, or an HTTP date. An hour at most.
[[nodiscard]] std::optional<Instant> parse_retry_after(std::string_view text, Instant now);

// What a write's answer says about the effect.
[[nodiscard]] EffectReport judge_write(const Effect& effect, const ErpRunnerConfig& config,
                                       const HttpAnswer& answer, Instant now);

// What a search says: a report when the effect is decided by it, nothing when the ERP has no such
// document and the write may go.
[[nodiscard]] std::optional<EffectReport> judge_search(const Effect& effect,
                                                       const ErpRunnerConfig& config,
                                                       const HttpAnswer& answer, Instant now);

}  // namespace millwright::effect
