#include "millwright/engine/ledger.hpp"

#include "engine/ledger_work.hpp"
#include "engine/periods.hpp"
#include "millwright/base/log.hpp"

namespace millwright {
namespace {

constexpr Duration kTimersEvery = seconds(1);
constexpr std::size_t kTimersAtOnce = 64;
constexpr Duration kTidyWhenIdle = seconds(10);
constexpr Duration kTidyAtLast = minutes(1);
constexpr Duration kStatusEvery = milliseconds(200);
constexpr Duration kKeepFinal = days(1);

}  // namespace

Ledger::Ledger(Setup setup) : setup_(std::move(setup)) {
  state_.outbox = setup_.effects_pending;
  status_.publish(std::make_shared<LedgerStatus>(state_));
}

Ledger::~Ledger() = default;

Result<void> Ledger::open(Instant now) {
  Result<PlantView> view = setup_.store.load_view();
  if (!view) return view.error();
  view_ = std::move(*view);
  view_.tasks.for_each([&](const TaskId&, const Task& task) {
    state_.open_tasks += is_final(task.state) ? 0 : 1;
    return true;
  });
  const Notice started{"ledger.started", {{"view", std::to_string(view_.lane.number.get())}}};
  // The first commit also tells how long the audit log is, on which effects hang.
  for (const Intent& intent : {Intent(started), Intent(setup_.config)}) {
    auto work = std::make_unique<Work>();
    work->now = now;
    work->view = view_;
    work->audit_size = state_.audit_size;
    settle_into(intent, *work);
    const std::optional<Error> refused = work->refused;
    if (!commit(std::move(work))) {
      return fail(Errc::kExhausted, "the disk is full: free some space, then start again");
    }
    if (state_.stopped) return fail(Errc::kUnavailable, state_.problem);
    if (refused) return *refused;  // the audit log has it by now
  }
  const auto closed = setup_.store.close_dead_letter_minutes(now);
  if (!closed) return closed.error();
  state_.audit_size = closed->audit_size;
  anchor(now, true);
  if (state_.stopped) return fail(Errc::kUnavailable, state_.problem);
  state_.open = true;
  setup_.board.publish(std::make_shared<const PlantView>(view_));
  last_minute_ = last_tidy_ = now;
  publish_status(now);
  return {};
}

void Ledger::turn(Instant now) noexcept {
  if (state_.stopped) {
    refuse_all();
    publish_status(now);
    return;
  }
  if (held_ != nullptr) {
    if (!commit(std::move(held_))) {
      publish_status(now);
      return;
    }
  }
  std::vector<LedgerItem> items =
      waiting_.empty() ? setup_.inbox.pop_some(limits::kCommitItems, setup_.idle_wait)
                       : std::exchange(waiting_, {});
  const bool idle = items.empty();
  std::size_t at = 0;
  bool timers = true;
  do {
    auto work = std::make_unique<Work>();
    work->now = now;
    work->view = view_;
    work->audit_size = state_.audit_size;
    if (std::exchange(timers, false)) add_timers(*work, now);
    // An adoption is a transaction of its own, between what came before it and after.
    for (; at < items.size() && !std::holds_alternative<AdoptRequest>(items[at]); ++at) {
      gather(items[at], *work);
    }
    if (!commit(std::move(work))) {
      for (; at < items.size(); ++at) waiting_.push_back(std::move(items[at]));
      break;
    }
    if (at < items.size()) adopt(std::get<AdoptRequest>(items[at++]));
  } while (at < items.size());
  if (held_ == nullptr && !state_.stopped) {
    look_after_time(now, idle);
    anchor(now, false);
  }
  publish_status(now);
}

void Ledger::close(Instant now) noexcept {
  if (state_.stopped || !state_.open) return;
  if (const auto closed = setup_.store.close_dead_letter_minutes(now)) {
    state_.audit_size = closed->audit_size;
  } else {
    log::error("dead-letter counts not closed", {{"error", closed.error().message}});
  }
  anchor(now, true);
  publish_status(now);
}

void Ledger::adopt(const AdoptRequest& request) {
  Result<RestoredPartition> restored =
      state_.stopped ? Result<RestoredPartition>(fail(Errc::kUnavailable, state_.problem))
                     : setup_.store.adopt(request.where);
  Adopted adopted{request.where, std::move(restored), {}};
  if (adopted.restored) {
    const RestoredPartition& state = *adopted.restored;
    fences_[request.where] = Fence{state.epoch, state.cursor};
    std::vector<ViewNumber> numbers;
    numbers.reserve(state.batches.size());
    for (const CursorAdvance& batch : state.batches) numbers.push_back(batch.view);
    Result<std::vector<LaneView>> views = setup_.store.lane_views(std::move(numbers));
    if (views) {
      adopted.views = std::move(*views);
    } else {
      adopted.restored = views.error();
    }
  }
  if (!adopted.restored && adopted.restored.error().code == Errc::kUnavailable) {
    stop(adopted.restored.error());
  }
  LaneReply reply(std::move(adopted));
  MW_CHECK(request.reply->try_push(reply));
}

void Ledger::anchor(Instant now, bool force) {
  const std::int64_t behind = state_.audit_size - state_.anchored_size;
  if (!force && behind <= 0) return;
  const bool due = force || behind >= std::int64_t(limits::kAnchorEntries) ||
                   passed(now, last_anchor_, limits::kAnchorEvery) ||
                   (effects_wait_ && passed(now, last_anchor_, limits::kEffectAnchorEvery));
  if (!due) return;
  last_anchor_ = now;
  const Result<std::string> note = setup_.store.checkpoint(now);
  if (!note) {
    // A full disk passes; until then nothing is sent.
    if (note.error().code != Errc::kExhausted) return stop(note.error());
    return anchor_failed(note.error());
  }
  if (const auto published = setup_.anchor.publish(*note); !published) {
    return anchor_failed(published.error());
  }
  state_.anchor_problem.clear();
  state_.anchored_size = state_.audit_size;
  effects_wait_ = false;
  setup_.board.set_anchored(state_.anchored_size);
}

void Ledger::anchor_failed(const Error& error) {
  if (state_.anchor_problem.empty()) {
    log::error("checkpoint not anchored; nothing is sent until it is", {{"error", error.message}});
  }
  state_.anchor_problem = error.message;
}

void Ledger::look_after_time(Instant now, bool idle) {
  if (passed(now, last_minute_, minutes(1))) {
    last_minute_ = now;
    prune(now);
    if (dead_letters_open_) {
      const auto closed = setup_.store.close_dead_letter_minutes(now);
      if (!closed) {
        if (closed.error().code == Errc::kExhausted) return;  // at the next minute, then
        return stop(closed.error());
      }
      state_.audit_size = closed->audit_size;
      // Those of the minute that has just begun are closed at the next one.
      dead_letters_open_ = now - last_dead_letter_ < minutes(2);
      anchor(now, true);
    }
  }
  if (passed(now, last_tidy_, idle ? kTidyWhenIdle : kTidyAtLast)) {
    last_tidy_ = now;
    if (const auto tidied = setup_.store.tidy(); !tidied) {
      if (tidied.error().code == Errc::kUnavailable) return stop(tidied.error());
      log::warn("the ledger could not tidy up", {{"error", tidied.error().message}});
    }
  }
}

void Ledger::add_timers(Work& work, Instant now) {
  if (!passed(now, last_timers_, kTimersEvery)) return;
  last_timers_ = now;
  const std::vector<TimerDue> due = workflow::timers_due(view_, now, kTimersAtOnce);
  for (const TimerDue& timer : due) settle_into(timer, work);
  if (due.size() == kTimersAtOnce) last_timers_ = Instant();  // there are more: at the next turn
}

// Throws out of the view what has been over for a day. The store keeps it for ever.
void Ledger::prune(Instant now) {
  std::vector<TaskId> tasks;
  view_.tasks.for_each([&](const TaskId& id, const Task& task) {
    if (is_final(task.state) && now - task.changed_at >= kKeepFinal) tasks.push_back(id);
    return true;
  });
  if (tasks.empty()) return;
  for (const TaskId& id : tasks) view_.tasks.erase(id);
  std::vector<CaseId> cases;
  std::vector<std::string> keys;
  view_.cases.for_each([&](const CaseId& id, const Case& c) {
    if (c.state == CaseState::kOpen) return true;
    for (const TaskId& task : c.tasks) {
      if (view_.tasks.find(task) != nullptr) return true;
    }
    cases.push_back(id);
    const std::string key = c.entity + '\n' + c.mode.str();
    const CaseId* newest = view_.case_of.find(key);
    if (newest != nullptr && *newest == id) keys.push_back(key);
    return true;
  });
  for (const CaseId& id : cases) view_.cases.erase(id);
  for (const std::string& key : keys) view_.case_of.erase(key);
}

void Ledger::stop(const Error& error) {
  if (state_.stopped) return;
  state_.stopped = true;
  state_.problem =
      "The ledger has stopped and this program must be started again: " + error.message;
  log::error("ledger stopped", {{"error", error.message}});
}

void Ledger::publish_status(Instant now) {
  const bool red = state_.stopped || !state_.problem.empty() || !state_.anchor_problem.empty();
  // Trouble, and its end, are seen at once.
  if (red == shown_red_ && status_.read()->open && !passed(now, last_status_, kStatusEvery)) return;
  shown_red_ = red;
  last_status_ = now;
  state_.queue = setup_.inbox.size();
  status_.publish(std::make_shared<LedgerStatus>(state_));
}

}  // namespace millwright
