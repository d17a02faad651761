#include "millwright/engine/dispatcher.hpp"

#include <algorithm>

#include "engine/channel.hpp"
#include "engine/periods.hpp"
#include "millwright/base/log.hpp"

namespace millwright {
namespace {

constexpr int kBreakerFailures = 5;
constexpr Duration kBreakerWait = seconds(30);
constexpr std::size_t kHttpAtOnce = 16;  // announced attempts under way
// At the mean of full jitter a retry comes every kRetryLongest / 2.
constexpr std::int32_t kAttemptsMost =
    std::int32_t(limits::kRetryGiveUp.ns() / (limits::kRetryLongest.ns() / 2));

EffectReport started(const Effect& effect) {
  EffectReport report;
  report.id = effect.id;
  report.kind = effect.kind;
  report.task = effect.task;
  report.outcome = EffectOutcome::kStarted;
  return report;
}

}  // namespace

Duration retry_delay(std::int32_t attempts, Rng& rng) {
  std::int64_t most = limits::kRetryFirst.ns();
  for (std::int32_t i = 0; i < attempts && most < limits::kRetryLongest.ns(); ++i) most *= 2;
  most = std::min(most, limits::kRetryLongest.ns());
  return Duration(std::int64_t(rng.below(std::uint64_t(most) + 1)));
}

Dispatcher::Dispatcher(Setup setup) : setup_(std::move(setup)) {
  for (const Runner& runner : setup_.runners) {
    auto channel = std::make_unique<Channel>();
    channel->runner = runner;
    channel->status.kind = runner.kind;
    channel->rng = Rng(setup_.seed).fork(std::uint64_t(runner.kind) + 1);
    channels_.push_back(std::move(channel));
  }
  publish_status();
}

Dispatcher::~Dispatcher() = default;

bool Dispatcher::turn(Instant now) noexcept {
  did_work_ = false;
  for (auto& channel : channels_) turn_channel(*channel, now);
  publish_status();
  return did_work_;
}

bool Dispatcher::idle() const {
  return std::all_of(channels_.begin(), channels_.end(),
                     [](const auto& channel) { return channel->busy.empty(); });
}

void Dispatcher::turn_channel(Channel& channel, Instant now) {
  read_answers(channel);
  if (!flush(channel)) return;
  if (!stopping_ && !channel.status.recovered && !recover(channel, now)) return;
  if (!channel.ready.empty()) {
    send(channel, std::exchange(channel.ready, {}), now);
  } else if (!stopping_) {
    announce_or_send(channel, now);
  }
  (void)flush(channel);
}

// Fence, then scan: nothing is sent before it is known what an earlier process had sent.
bool Dispatcher::recover(Channel& channel, Instant now) {
  if (channel.recover_tries > 0 && !reached(now, channel.recover_at, limits::kRetryLongest))
    return false;
  const auto failed = [&](const Error& error) {
    channel.recover_at = now + retry_delay(channel.recover_tries++, channel.rng);
    channel.status.problem = error.message;
    return false;
  };
  const auto marks = setup_.reader.delivered_up_to();
  if (!marks) return failed(marks.error());
  Result<std::vector<EffectReport>> found = channel.runner.runner->recover(*marks);
  if (!found) return failed(found.error());
  channel.status.recovered = true;
  channel.status.problem.clear();
  did_work_ = true;
  if (found->empty()) return true;
  log::info("effects found that were sent before", {{"count", found->size()}});
  Channel::Sent sent;
  for (EffectReport& report : *found) {
    report.kind = channel.runner.kind;
    channel.busy.insert(report.id);
    sent.ids.push_back(report.id);
  }
  sent.reports.reports = std::move(*found);
  sent.reply = sent.reports.reply;
  channel.unsent.push_back(std::move(sent));
  return true;
}

void Dispatcher::announce_or_send(Channel& channel, Instant now) {
  const bool open = channel.failures >= kBreakerFailures;
  if (open && !reached(now, channel.closed_until, kBreakerWait)) return;
  const bool announces = channel.runner.runner->announces_attempts();
  const std::size_t most = open ? 1 : announces ? kHttpAtOnce : limits::kEffectBatch;
  // Where attempts are not announced, one batch at a time keeps the order of marks and records.
  if (announces ? channel.busy.size() >= most : !channel.busy.empty()) return;
  const std::int64_t anchored = setup_.board.anchored();
  if (anchored <= 0) return;
  const std::size_t look = limits::kEffectBatch + channel.busy.size();
  Result<std::vector<Effect>> due =
      setup_.reader.due_effects(channel.runner.kind, anchored, now, look);
  if (!due) {
    channel.status.problem = due.error().message;
    return;
  }
  std::vector<Effect> chosen;
  std::set<std::string> keys;  // announced attempts: one at a time for each key, in order
  for (const EffectId& id : channel.busy) {
    for (const Effect& effect : *due) {
      if (effect.id == id) keys.insert(effect.key);
    }
  }
  for (Effect& effect : *due) {
    if (channel.busy.size() + chosen.size() >= most) break;
    if (channel.busy.count(effect.id) != 0) continue;
    if (announces) {
      const auto wall = channel.blocked.find(effect.key);
      if (wall != channel.blocked.end() && wall->second != effect.id) continue;
      if (!keys.insert(effect.key).second) continue;
    }
    chosen.push_back(std::move(effect));
  }
  if (chosen.empty()) return;
  did_work_ = true;
  for (const Effect& effect : chosen) channel.busy.insert(effect.id);
  if (!announces) return send(channel, std::move(chosen), now);
  Channel::Sent sent;
  for (const Effect& effect : chosen) {
    sent.reports.reports.push_back(started(effect));
    channel.blocked[effect.key] = effect.id;
  }
  sent.reply = sent.reports.reply;
  sent.announced = std::move(chosen);
  channel.unsent.push_back(std::move(sent));
}

void Dispatcher::send(Channel& channel, std::vector<Effect> effects, Instant now) {
  did_work_ = true;
  std::vector<EffectReport> reports = channel.runner.runner->perform(effects, now);
  MW_CHECK(reports.size() == effects.size());
  bool failed = false;
  Channel::Sent sent;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const Effect& effect = effects[i];
    EffectReport& report = reports[i];
    sent.ids.push_back(effect.id);
    report.kind = effect.kind;
    report.task = effect.task;
    // An ERP that never answers is for a person; a topic waits for its broker.
    if (report.outcome == EffectOutcome::kRetryLater && effect.kind == EffectKind::kErp &&
        effect.attempts >= kAttemptsMost) {
      report.outcome = EffectOutcome::kRefused;
      report.detail = "given up after 72 hours: " + report.detail;
    }
    switch (report.outcome) {
      case EffectOutcome::kStarted:
        MW_CHECK(false);  // only this worker announces
        break;
      case EffectOutcome::kDelivered:
        ++channel.status.delivered;
        channel.blocked.erase(effect.key);
        break;
      case EffectOutcome::kRetryLater:
        ++channel.status.retries;
        failed = true;
        report.not_before =
            std::max(report.not_before, now + retry_delay(effect.attempts, channel.rng));
        channel.status.problem = report.detail;
        break;
      case EffectOutcome::kUnknown:
        ++channel.status.unknown;
        break;
      case EffectOutcome::kRefused:
        ++channel.status.refused;
        break;
    }
  }
  if (failed) {
    ++channel.failures;
    if (channel.failures >= kBreakerFailures) channel.closed_until = now + kBreakerWait;
  } else {
    channel.failures = 0;
    channel.status.problem.clear();
  }
  sent.reports.reports = std::move(reports);
  sent.reply = sent.reports.reply;
  channel.unsent.push_back(std::move(sent));
}

void Dispatcher::read_answers(Channel& channel) {
  while (!channel.sent.empty()) {
    Channel::Sent& first = channel.sent.front();
    const std::optional<Result<void>> answer = first.reply.take();
    if (!answer) return;
    did_work_ = true;
    if (!*answer) {
      // The ledger has stopped: what was not announced is not sent.
      channel.status.problem = answer->error().message;
      for (const Effect& effect : first.announced) channel.busy.erase(effect.id);
      channel.sent.pop_front();
      continue;
    }
    for (Effect& effect : first.announced) {
      ++effect.attempts;
      channel.ready.push_back(std::move(effect));
    }
    for (const EffectId& id : first.ids) channel.busy.erase(id);
    channel.sent.pop_front();
  }
}

bool Dispatcher::flush(Channel& channel) {
  while (!channel.unsent.empty()) {
    Channel::Sent& first = channel.unsent.front();
    LedgerItem item(std::move(first.reports));
    if (!setup_.ledger.try_push(item)) {
      first.reports = std::move(std::get<EffectReports>(item));
      return false;
    }
    first.reports = EffectReports();
    channel.sent.push_back(std::move(first));
    channel.unsent.pop_front();
  }
  return true;
}

void Dispatcher::publish_status() {
  auto status = std::make_shared<DispatcherStatus>();
  for (const auto& channel : channels_) {
    RunnerStatus one = channel->status;
    one.healthy = one.recovered && channel->runner.runner->healthy();
    one.breaker_open = channel->failures >= kBreakerFailures;
    one.in_flight = channel->busy.size();
    status->runners.push_back(std::move(one));
  }
  status_.publish(std::move(status));
}

}  // namespace millwright
