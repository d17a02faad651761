#include "millwright/effect/erp_runner.hpp"

#include <atomic>
#include <chrono>
#include <fstream>

#include "effect/erp_protocol.hpp"
#include "millwright/effect/http_client.hpp"

namespace millwright::effect {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTokenBytesMax = 8 << 10;

EffectReport later(const Effect& effect, std::string detail) {
  EffectReport out;
  out.id = effect.id;
  out.outcome = EffectOutcome::kRetryLater;
  out.detail = std::move(detail);
  return out;
}

EffectReport decided(const Effect& effect, EffectOutcome outcome, std::string detail) {
  EffectReport out = later(effect, std::move(detail));
  out.outcome = outcome;
  return out;
}

Result<std::string> read_token(const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream in(path, std::ios::binary);
  std::string token(kTokenBytesMax, '\0');
  in.read(token.data(), std::streamsize(token.size()));
  token.resize(std::size_t(in.gcount()));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' ')) {
    token.pop_back();
  }
  if (token.empty()) {
    return fail(Errc::kUnavailable, "the ERP's token cannot be read from " + path);
  }
  for (const char c : token) {
    if (c <= ' ' || c > '~') {
      return fail(Errc::kInvalid, path + " holds more than one token of printable characters");
    }
  }
  return token;
}

class ErpRunner final : public EffectRunner {
 public:
  ErpRunner(ErpRunnerConfig config, HttpPeer peer)
      : config_(std::move(config)), peer_(std::move(peer)) {}

  Result<std::vector<EffectReport>> recover(const std::map<TopicPartition, Offset>&) override {
    return std::vector<EffectReport>();  // each effect is looked up before it is sent again
  }
  std::vector<EffectReport> perform(const std::vector<Effect>& effects, Instant now) override;
  bool announces_attempts() const override { return true; }
  bool healthy() const override { return healthy_; }
  void give_up() noexcept override { give_up_ = true; }

 private:
  [[nodiscard]] EffectReport perform_one(const Effect& effect, const std::string& token,
                                         Instant now);
  [[nodiscard]] HttpAnswer call(HttpCall request, const std::string& token);

  const ErpRunnerConfig config_;
  const HttpPeer peer_;
  std::atomic<bool> give_up_{false};
  bool healthy_ = true;    // the last request was answered
  bool reachable_ = true;  // in the batch at hand
};

std::vector<EffectReport> ErpRunner::perform(const std::vector<Effect>& effects, Instant now) {
  std::vector<EffectReport> out;
  out.reserve(effects.size());
  const Result<std::string> token = read_token(config_.token_file);
  const auto enough = Clock::now() + std::chrono::nanoseconds(config_.answer_within.ns());
  reachable_ = true;
  for (const Effect& effect : effects) {
    if (!token) {
      out.push_back(later(effect, token.error().message));
    } else if (give_up_) {
      out.push_back(later(effect, "not tried: Millwright was ended"));
    } else if (!reachable_ || Clock::now() > enough) {
      // One time-out for a batch, not one for each order.
      out.push_back(later(effect, "not tried: the ERP does not answer, or is slow"));
    } else {
      out.push_back(perform_one(effect, *token, now));
    }
  }
  return out;
}

EffectReport ErpRunner::perform_one(const Effect& effect, const std::string& token, Instant now) {
  const std::string path(erp_path(effect.target));
  if (path.empty()) {
    return decided(effect, EffectOutcome::kRefused,
                   "the ERP has no operation '" + effect.target + "'");
  }
  if (config_.endpoint == ErpClass::kC && effect.state == EffectState::kInFlight) {
    return decided(effect, EffectOutcome::kUnknown,
                   "it was being sent when Millwright stopped; look in the ERP whether it has the "
                   "order");
  }
  Result<std::string> body = with_reference(effect);
  if (!body) return decided(effect, EffectOutcome::kRefused, body.error().message);
  if (config_.endpoint == ErpClass::kB) {
    HttpCall search;
    search.target = path + "?externalRef=" + url_encoded(external_ref(effect));
    const HttpAnswer found = call(std::move(search), token);
    if (std::optional<EffectReport> known = judge_search(effect, config_, found, now)) {
      return *std::move(known);
    }
  }
  HttpCall write;
  write.method = "POST";
  write.target = path;
  write.body = *std::move(body);
  write.headers = {{"Content-Type", "application/json"},
                   {"Idempotency-Key", "\"" + effect.id.str() + "\""}};
  return judge_write(effect, config_, call(std::move(write), token), now);
}

HttpAnswer ErpRunner::call(HttpCall request, const std::string& token) {
  request.peer = peer_;
  if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
  request.connect_within = config_.connect_within;
  request.total_within = config_.answer_within;
  request.answer_bytes_max = limits::kErpAnswerBytes;
  // What cannot be asked for later is waited for.
  if (config_.endpoint != ErpClass::kC) request.give_up = &give_up_;
  HttpAnswer answer = http_exchange(request);
  reachable_ = healthy_ = answer.state == HttpAnswer::State::kAnswered;
  return answer;
}

}  // namespace

Result<std::unique_ptr<EffectRunner>> make_erp_runner(const ErpRunnerConfig& config) {
  Result<HttpPeer> peer = parse_url(config.url);
  if (!peer) return fail(peer.error().code, "erp.url: " + peer.error().message);
  return std::unique_ptr<EffectRunner>(std::make_unique<ErpRunner>(config, *std::move(peer)));
}

}  // namespace millwright::effect
