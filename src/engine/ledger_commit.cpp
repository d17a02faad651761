// What becomes part of a transaction, and what follows from its end.
#include "engine/ledger_work.hpp"
#include "millwright/base/json.hpp"
#include "millwright/base/log.hpp"

namespace millwright {
namespace {

void send(const std::shared_ptr<LaneBox>& box, LaneReply reply) {
  // The lane keeps a place for each answer it waits for.
  MW_CHECK(box->try_push(reply));
}

std::string refusal_body(const Error& error) {
  JsonWriter json;
  json.begin_object();
  json.field("detail", error.message);
  json.end_object();
  return std::move(json).text();
}

AuditRecord refusal(std::string type, std::string actor, const Error& error, Instant now) {
  AuditRecord record;
  record.type = std::move(type);
  record.at = now;
  record.actor = std::move(actor);
  record.body = refusal_body(error);
  return record;
}

bool done_with(EffectOutcome outcome) {
  return outcome == EffectOutcome::kDelivered || outcome == EffectOutcome::kRefused ||
         outcome == EffectOutcome::kUnknown;
}

}  // namespace

void Ledger::gather(LedgerItem& item, Work& work) {
  work.asked.push_back({std::move(item), std::nullopt, std::nullopt});
  LedgerItem& mine = work.asked.back().item;
  if (auto* batch = std::get_if<LaneBatch>(&mine)) {
    gather_batch(*batch, work);
  } else if (const auto* submission = std::get_if<Submission>(&mine)) {
    gather_command(*submission, work);
  } else if (const auto* reports = std::get_if<EffectReports>(&mine)) {
    for (const EffectReport& report : reports->reports) settle_into(report, work);
  } else if (const auto* notice = std::get_if<Notice>(&mine)) {
    settle_into(*notice, work);
  } else if (const auto* config = std::get_if<ConfigLoaded>(&mine)) {
    settle_into(*config, work);
  }
}

// Whoever adopted the partition later has the higher epoch: older owners are refused. A cursor that
// does not continue the durable one would lose or double records.
std::optional<Error> Ledger::fence(const CursorAdvance& cursor, const Work& work) const {
  const auto durable = fences_.find(cursor.where);
  if (durable == fences_.end()) return fail(Errc::kStale, "the partition was not adopted");
  const auto working = work.fences.find(cursor.where);
  const Fence& now = working == work.fences.end() ? durable->second : working->second;
  if (cursor.epoch != now.epoch) return fail(Errc::kStale, "the partition was adopted anew since");
  if (now.cursor && *now.cursor != cursor.first) {
    return fail(Errc::kStale, "the batch does not begin where the last one ended");
  }
  return std::nullopt;
}

void Ledger::gather_batch(LaneBatch& batch, Work& work) {
  if (std::optional<Error> error = fence(batch.cursor, work)) {
    work.asked.back().error = std::move(error);
    ++state_.refused;
    return;
  }
  work.fences[batch.cursor.where] = Fence{batch.cursor.epoch, batch.cursor.next};
  batch.cursor.audit = work.audit_size;
  work.batch.cursors.push_back(batch.cursor);
  for (auto& outcome : batch.outcomes) {
    if (auto* decision = std::get_if<Decision>(&outcome)) {
      settle_into(std::move(*decision), work);
    } else {
      settle_into(std::move(std::get<Fact>(outcome)), work);
    }
  }
  for (DeadLetterCount& count : batch.dead_letters) {
    work.batch.dead_letters.push_back(std::move(count));
  }
  if (!batch.effects.empty()) {
    Change letters;
    letters.effects = std::move(batch.effects);
    add_change(std::move(letters), work);
  }
  if (batch.checkpoint) work.batch.checkpoints.push_back(std::move(*batch.checkpoint));
}

void Ledger::gather_command(const Submission& submission, Work& work) {
  const Command& command = submission.command;
  Result<Change> change = workflow::settle(work.view, command, work.now,
                                           workflow::Context{*setup_.plant, setup_.policy});
  Work::Asked& asked = work.asked.back();
  if (!change) {
    asked.error = change.error();
    if (change.error().code == Errc::kDenied) {
      AuditRecord record = refusal("command.refused", command.user.str(), change.error(), work.now);
      record.task = command.task;
      Change refused;
      refused.audit.push_back(std::move(record));
      add_change(std::move(refused), work);
    }
    return;
  }
  const bool repeated = change->empty();
  if (!repeated) add_change(std::move(*change), work);
  CommandAnswer answer;
  if (const Task* task = work.view.tasks.find(command.task)) answer.task = *task;
  answer.audit = AuditSeq(work.audit_size - 1);
  answer.committed_now = !repeated;
  asked.answer = std::move(answer);
}

void Ledger::settle_into(const Intent& intent, Work& work) {
  Result<Change> change = workflow::settle(work.view, intent, work.now,
                                           workflow::Context{*setup_.plant, setup_.policy});
  if (!change) {
    // No asker hears of it, so the audit log must.
    log::error("an intent was refused", {{"error", change.error().message}});
    Change refused;
    refused.audit.push_back(refusal("intent.refused", "ledger", change.error(), work.now));
    add_change(std::move(refused), work);
    work.refused = change.error();
    return;
  }
  if (std::holds_alternative<Decision>(intent)) ++work.decisions;
  if (!change->empty()) add_change(std::move(*change), work);
}

void Ledger::add_change(Change change, Work& work) {
  apply(change, work.view);
  work.audit_size += std::int64_t(change.audit.size());
  // An effect may leave once the last record of its own change is covered.
  for (Effect& effect : change.effects) effect.audit = AuditSeq(work.audit_size - 1);
  work.outbox += std::int64_t(change.effects.size());
  work.adds_effects = work.adds_effects || !change.effects.empty();
  for (const EffectReport& report : change.reports) work.outbox -= done_with(report.outcome);
  for (const Task& task : change.tasks) {
    if (view_.tasks.find(task.id) == nullptr && work.tasks.count(task.id) == 0) ++work.opened;
    work.tasks[task.id] = task;
  }
  work.batch.changes.push_back(std::move(change));
}

bool Ledger::commit(std::unique_ptr<Work> work) {
  if (state_.stopped) {
    answer(*work, fail(Errc::kUnavailable, state_.problem));
    return true;
  }
  if (work->empty()) {
    answer(*work, std::nullopt);
    return true;
  }
  work->batch.view_after = work->view.lane.number;
  work->batch.at = work->now;
  const Result<CommitReceipt> receipt = setup_.store.commit(work->batch);
  if (receipt) {
    on_committed(*work, *receipt);
    return true;
  }
  switch (receipt.error().code) {
    case Errc::kStale:
      on_stale(*work);
      return true;
    case Errc::kExhausted:
      // Nothing was written: the same transaction is tried until there is room.
      if (state_.problem.empty()) {
        log::error("the ledger waits for space", {{"error", receipt.error().message}});
      }
      state_.problem = receipt.error().message;
      held_ = std::move(work);
      return false;
    default:
      stop(receipt.error());
      answer(*work, fail(Errc::kUnavailable, state_.problem));
      return true;
  }
}

void Ledger::on_committed(Work& work, const CommitReceipt& receipt) {
  for (const auto& [id, task] : work.tasks) {
    const Task* before = view_.tasks.find(id);
    state_.open_tasks += is_final(task.state) ? 0 : 1;
    state_.open_tasks -= before == nullptr || is_final(before->state) ? 0 : 1;
  }
  view_ = std::move(work.view);
  for (auto& [where, fence] : work.fences) fences_[where] = fence;
  state_.problem.clear();
  state_.audit_size = receipt.audit_size;
  state_.outbox += work.outbox;
  state_.commits += 1;
  state_.items += std::int64_t(work.asked.size());
  state_.decisions += work.decisions;
  state_.tasks_opened += work.opened;
  state_.last_commit = work.now;
  if (!work.batch.dead_letters.empty()) {
    dead_letters_open_ = true;
    last_dead_letter_ = work.now;
  }
  effects_wait_ = effects_wait_ || work.adds_effects;
  setup_.board.set_outbox(state_.outbox);
  setup_.board.publish(std::make_shared<const PlantView>(view_));
  answer(work, std::nullopt);
  if (!work.tasks.empty() && setup_.on_tasks) {
    std::vector<Task> changed;
    changed.reserve(work.tasks.size());
    for (auto& [id, task] : work.tasks) changed.push_back(std::move(task));
    setup_.on_tasks(changed);
  }
}

// The database knows a newer owner than this process does. Lanes adopt anew; what people and the
// dispatcher said is settled again without them.
void Ledger::on_stale(Work& work) {
  log::error("the ledger's database refused a batch of this process as stale", {});
  auto again = std::make_unique<Work>();
  again->now = work.now;
  again->view = view_;
  again->audit_size = state_.audit_size;
  for (Work::Asked& asked : work.asked) {
    if (auto* batch = std::get_if<LaneBatch>(&asked.item)) {
      ++state_.refused;
      send(batch->reply, BatchDone{batch->cursor.where, batch->cursor.epoch, batch->cursor.next,
                                   fail(Errc::kStale, "the partition was adopted elsewhere")});
    } else {
      gather(asked.item, *again);
    }
  }
  (void)commit(std::move(again));
}

// Answers everyone who asked: with `error` if the whole transaction failed.
void Ledger::answer(Work& work, const std::optional<Error>& error) {
  for (Work::Asked& asked : work.asked) {
    const std::optional<Error>& mine = error ? error : asked.error;
    if (const auto* batch = std::get_if<LaneBatch>(&asked.item)) {
      send(batch->reply,
           BatchDone{batch->cursor.where, batch->cursor.epoch, batch->cursor.next, mine});
    } else if (const auto* submission = std::get_if<Submission>(&asked.item)) {
      if (mine) {
        submission->reply.send(*mine);
      } else {
        submission->reply.send(std::move(*asked.answer));
      }
    } else if (const auto* reports = std::get_if<EffectReports>(&asked.item)) {
      reports->reply.send(mine ? Result<void>(*mine) : Result<void>());
    }
  }
}

// After it has stopped, everyone is told so at once instead of being left waiting.
void Ledger::refuse_all() {
  Work work;
  for (LedgerItem& item : std::exchange(waiting_, {})) {
    work.asked.push_back({std::move(item), std::nullopt, std::nullopt});
  }
  for (LedgerItem& item : setup_.inbox.pop_some(limits::kCommitItems, setup_.idle_wait)) {
    work.asked.push_back({std::move(item), std::nullopt, std::nullopt});
  }
  if (held_ != nullptr) {
    answer(*held_, fail(Errc::kUnavailable, state_.problem));
    held_.reset();
  }
  for (Work::Asked& asked : work.asked) {
    if (const auto* request = std::get_if<AdoptRequest>(&asked.item)) adopt(*request);
  }
  answer(work, fail(Errc::kUnavailable, state_.problem));
}

}  // namespace millwright
