#include "effect/erp_protocol.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>

#include "millwright/base/json.hpp"

namespace millwright::effect {
namespace {

using Json = nlohmann::json;
using State = HttpAnswer::State;

constexpr std::size_t kExcerptBytes = 200;
constexpr Duration kRetryAfterMost = hours(1);

EffectReport report(const Effect& effect, EffectOutcome outcome, std::string detail) {
  EffectReport out;
  out.id = effect.id;
  out.outcome = outcome;
  out.detail = std::move(detail);
  return out;
}

// The beginning of an answer, printable, for a person.
std::string excerpt(const std::string& body) {
  std::string out = body.substr(0, kExcerptBytes);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = ' ';
  }
  return out;
}

std::string said(const HttpAnswer& answer) {
  return "the ERP answered " + std::to_string(answer.status) +
         (answer.body.empty() ? "" : ": " + excerpt(answer.body));
}

// A number of the ERP's may be written as text or as a number.
std::string number_in(const Json& object, const std::string& field) {
  const auto found = object.find(field);
  if (found == object.end()) return "";
  if (found->is_string()) return found->get<std::string>().substr(0, kExcerptBytes);
  if (found->is_number_integer()) return found->dump();
  return "";
}

bool asks_again(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

// Of a status that asks to come again: was anything done? A gateway or a crash cannot say.
bool may_have_happened(int status) {
  return status >= 500 && status != 501 && status != 503;
}

EffectReport taken(const Effect& effect, const ErpRunnerConfig& config, const HttpAnswer& answer) {
  const Json json = Json::parse(answer.body, nullptr, false);
  const std::string number = json.is_object() ? number_in(json, config.number_field) : "";
  if (!number.empty()) {
    EffectReport out = report(effect, EffectOutcome::kDelivered, "");
    out.external_number = number;
    return out;
  }
  const std::string detail = said(answer) + "; there is no '" + config.number_field + "' in it";
  const bool can_ask = config.endpoint != ErpClass::kC;
  return report(effect, can_ask ? EffectOutcome::kRetryLater : EffectOutcome::kUnknown, detail);
}

}  // namespace

std::string_view erp_path(std::string_view operation) {
  if (operation == "work_order") return "/api/maintenance-orders";
  if (operation == "reservation") return "/api/reservations";
  return "";
}

std::string external_ref(const Effect& effect) {
  return effect.task.empty() ? effect.id.str() : effect.task.str();
}

Result<std::string> with_reference(const Effect& effect) {
  const Json json = Json::parse(effect.body, nullptr, false);
  if (!json.is_object()) return fail(Errc::kInvalid, "the order's body is no JSON object");
  if (json.contains("externalRef")) return effect.body;
  JsonWriter own;
  own.value(external_ref(effect));
  const std::size_t at = effect.body.find('{') + 1;
  std::string out = effect.body;
  out.insert(at, "\"externalRef\":" + own.text() + (json.empty() ? "" : ","));
  return out;
}

std::optional<Instant> parse_retry_after(std::string_view text, Instant now) {
  const auto at_most = [&](Instant t) { return std::min(std::max(t, now), now + kRetryAfterMost); };
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && rest == text.data() + text.size() && number >= 0) {
    return at_most(now + seconds(std::min<std::int64_t>(number, 1'000'000)));
  }
  // Wed, 21 Oct 2015 07:28:00 GMT (RFC 9110 5.6.7)
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t size) {
    int value = -1;
    const auto [end, wrong] = std::from_chars(text.data() + at, text.data() + at + size, value);
    return wrong == std::errc() && end == text.data() + at + size ? value : -1;
  };
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(part(12, 4)),
                                         std::chrono::month(unsigned(month / 3 + 1)),
                                         std::chrono::day(unsigned(std::max(0, part(5, 2)))));
  const int h = part(17, 2);
  const int m = part(20, 2);
  const int s = part(23, 2);
  if (!date.ok() || h < 0 || m < 0 || s < 0) return std::nullopt;
  const std::int64_t day = std::chrono::sys_days(date).time_since_epoch().count();
  return at_most(Instant() + days(day) + hours(h) + minutes(m) + seconds(s));
}

EffectReport judge_write(const Effect& effect, const ErpRunnerConfig& config,
                         const HttpAnswer& answer, Instant now) {
  const bool can_ask = config.endpoint != ErpClass::kC;
  if (answer.state == State::kNotSent) {
    return report(effect, EffectOutcome::kRetryLater, answer.detail);
  }
  if (answer.state == State::kLost) {
    if (can_ask) return report(effect, EffectOutcome::kRetryLater, answer.detail);
    return report(effect, EffectOutcome::kUnknown,
                  answer.detail + "; look in the ERP whether it has the order");
  }
  if (answer.status >= 200 && answer.status < 300) return taken(effect, config, answer);
  // 409 to an idempotency key: the first request is still under way.
  const bool under_way = answer.status == 409 && config.endpoint == ErpClass::kA;
  if (!asks_again(answer.status) && !under_way) {
    return report(effect, EffectOutcome::kRefused, said(answer));
  }
  if (!can_ask && may_have_happened(answer.status)) {
    return report(effect, EffectOutcome::kUnknown,
                  said(answer) + "; look in the ERP whether it has the order");
  }
  EffectReport out = report(effect, EffectOutcome::kRetryLater, said(answer));
  out.not_before = parse_retry_after(answer.retry_after, now).value_or(Instant());
  return out;
}

std::optional<EffectReport> judge_search(const Effect& effect, const ErpRunnerConfig& config,
                                         const HttpAnswer& answer, Instant now) {
  const std::string what = "the ERP could not be searched for our reference: ";
  if (answer.state != State::kAnswered) {
    return report(effect, EffectOutcome::kRetryLater, what + answer.detail);
  }
  if (asks_again(answer.status)) {
    EffectReport out = report(effect, EffectOutcome::kRetryLater, what + said(answer));
    out.not_before = parse_retry_after(answer.retry_after, now).value_or(Instant());
    return out;
  }
  if (answer.status != 200) {
    return report(effect, EffectOutcome::kRefused,
                  what + said(answer) + ". Is erp.class B right for it?");
  }
  const Json json = Json::parse(answer.body, nullptr, false);
  if (!json.is_object() || !json.contains("items") || !json["items"].is_array()) {
    return report(effect, EffectOutcome::kRetryLater, what + said(answer));
  }
  const std::string reference = external_ref(effect);
  for (const Json& item : json["items"]) {
    if (!item.is_object() || number_in(item, "externalRef") != reference) continue;
    EffectReport out = report(effect, EffectOutcome::kDelivered, "the ERP had it already");
    out.external_number = number_in(item, config.number_field);
    return out;
  }
  return std::nullopt;
}

}  // namespace millwright::effect
