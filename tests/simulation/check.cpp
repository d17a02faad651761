// What must hold once a run has come to rest, against an oracle that never crashed.
#include <algorithm>
#include <set>

#include "millwright/base/digest.hpp"
#include "millwright/base/json.hpp"
#include "millwright/codec/decode.hpp"
#include "millwright/workflow/settle.hpp"
#include "simulation/run.hpp"

namespace millwright::simulation {
namespace {

std::string text_of(const Decision& d) {
  JsonWriter json;
  json.begin_array();
  json.value(d.id.str());
  json.value(d.at);
  json.value(d.asset.str());
  json.value(d.mode.str());
  json.value(to_text(d.task));
  json.value(int(d.priority));
  json.value(d.title);
  json.value(d.symptom);
  json.value(d.evidence.confidence);
  json.value(d.evidence.rationale);
  for (const Reading& r : d.evidence.readings) json.value(r.name + "=" + r.text);
  for (const EventKey& key : d.evidence.events) json.value(key.id);
  for (const SeriesPoint& p : d.series) json.value(double(p.value));
  json.end_array();
  return std::move(json).text();
}

struct Oracle {
  std::vector<Decision> decisions;
  std::map<TopicPartition, std::int64_t> rejects;
  std::set<std::string> letters;  // where the records lay that go to the dead-letter topic
  DispositionCounts counts{};
};

// The same log, fed to one Partition in order, and never disturbed. Where decisions read what other
// topics said, under the views and at the plant times that were recorded.
Oracle ask_oracle(const Remains& remains) {
  Oracle oracle;
  codec::Decoder decoder;
  for (const auto& [where, log] : remains.broker.logs()) {
    const std::vector<CursorAdvance>& history = remains.disk.parts[where].history;
    pipeline::Partition partition(where, remains.setup);
    std::vector<CursorAdvance> batches = history;
    if (remains.gating == Gating::kNone) {
      CursorAdvance all;
      all.next = Offset(std::int64_t(log.records.size()));
      batches = {all};
    }
    std::int64_t at = 0;
    for (const CursorAdvance& batch : batches) {
      std::vector<pipeline::Decoded> records;
      for (; at < batch.next.get(); ++at) {
        if (log.unreadable.count(at) != 0) {
          ++oracle.counts[std::size_t(Disposition::kDeadLetter)];
          ++oracle.rejects[where];
        } else {
          records.push_back(decoder.decode(log.records[std::size_t(at)], kStart));
        }
      }
      LaneView view;
      for (const LaneView& v : remains.disk.lane_views) {
        if (v.number <= batch.view) view = v;
      }
      pipeline::StepResult result =
          partition.step(std::move(records), batch.next, view, batch.plant_now,
                         pipeline::Partition::Mode::kDecide);
      oracle.rejects[where] += std::int64_t(result.rejects.size());
      for (const Reject& r : result.rejects) {
        oracle.letters.insert(std::to_string(where.partition) + "@" +
                              std::to_string(r.record.position.offset.get()));
      }
      for (std::size_t i = 0; i < result.counts.size(); ++i) oracle.counts[i] += result.counts[i];
      for (auto& outcome : result.outcomes) {
        auto* decision = std::get_if<Decision>(&outcome);
        if (decision != nullptr) oracle.decisions.push_back(std::move(*decision));
      }
    }
  }
  return oracle;
}

void check_cursors(const Remains& remains, const Oracle& oracle, Report& report) {
  DispositionCounts counts{};
  for (const auto& [where, log] : remains.broker.logs()) {
    const std::string name = "partition " + std::to_string(where.partition);
    std::int64_t at = 0;
    for (const CursorAdvance& batch : remains.disk.parts[where].history) {
      if (batch.first.get() != at) {
        report.problems.push_back(name + ": a batch begins at " +
                                  std::to_string(batch.first.get()) + " instead of " +
                                  std::to_string(at));
        break;
      }
      at = batch.next.get();
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += batch.counts[i];
    }
    if (at != std::int64_t(log.records.size())) report.problems.push_back(name + " not read whole");
    const auto dead = remains.disk.dead_letters.find(where);
    const auto expected = oracle.rejects.find(where);
    const std::int64_t have = dead == remains.disk.dead_letters.end() ? 0 : dead->second;
    const std::int64_t want = expected == oracle.rejects.end() ? 0 : expected->second;
    if (have != want) {
      report.problems.push_back(name + ": " + std::to_string(have) + " dead letters, not " +
                                std::to_string(want));
    }
  }
  if (counts != oracle.counts) report.problems.push_back("dispositions differ from the oracle's");
}

void check_decisions(const Remains& remains, const Oracle& oracle, Report& report) {
  std::multiset<std::string> want, have;
  for (const Decision& d : oracle.decisions) want.insert(text_of(d));
  std::set<DecisionId> ids;
  for (const Decision& d : remains.disk.decisions) {
    have.insert(text_of(d));
    if (!ids.insert(d.id).second) report.problems.push_back("doubled decision " + d.id.str());
  }
  std::vector<std::string> lost, extra;
  std::set_difference(want.begin(), want.end(), have.begin(), have.end(), std::back_inserter(lost));
  std::set_difference(have.begin(), have.end(), want.begin(), want.end(),
                      std::back_inserter(extra));
  if (!lost.empty()) {
    report.problems.push_back(std::to_string(lost.size()) + " decisions lost: " + lost.front());
  }
  if (!extra.empty()) {
    report.problems.push_back(std::to_string(extra.size()) + " too many: " + extra.front());
  }
}

// The bytes of each record that was refused are on their way, once.
void check_dead_letters(const Remains& remains, const Oracle& oracle, Report& report) {
  std::set<std::string> have;
  for (const Effect& effect : remains.disk.effects) {
    std::string place, offset;
    for (const auto& [name, value] : effect.headers) {
      if (name == "x-orig-partition") place = value;
      if (name == "x-orig-offset") offset = value;
    }
    if (!offset.empty()) have.insert(place + "@" + offset);
  }
  if (have != oracle.letters) {
    report.problems.push_back(std::to_string(have.size()) + " dead letters were kept, not " +
                              std::to_string(oracle.letters.size()));
    for (const std::string& place : oracle.letters) {
      if (have.count(place) == 0) report.problems.push_back("no dead letter of " + place);
    }
  }
}

// Silence is only where nothing lay unread and the broker answered.
void check_ticks(const Remains& remains, Report& report) {
  for (const auto& [where, part] : remains.disk.parts) {
    for (const CursorAdvance& batch : part.history) {
      if (batch.first != batch.next || !batch.plant_now) continue;
      ++report.ticks;
      const auto [from, to] = remains.moments.equal_range(*batch.plant_now);
      const int appended = remains.producer.turn_of(where, batch.next);
      const bool good = std::any_of(from, to, [&](const auto& at) {
        return at.second.may_tick && appended >= at.second.turn;
      });
      if (!good) {
        report.problems.push_back("partition " + std::to_string(where.partition) +
                                  " was called silent at offset " +
                                  std::to_string(batch.next.get()) + " and was not");
      }
    }
  }
}

// What people were told was done is there, whatever happened since; and nothing waits for ever.
void check_people(const Remains& remains, Report& report) {
  for (const People::Promise& promise : remains.promises) {
    const Task* task = remains.disk.view.tasks.find(promise.task);
    const bool there =
        task != nullptr &&
        std::any_of(task->approvals.begin(), task->approvals.end(), [&](const Approval& a) {
          return a.user == promise.user && a.idempotency_key == promise.key &&
                 a.revision == promise.revision && (a.meaning == "rejection") == promise.rejection;
        });
    if (!there) report.problems.push_back("told that it was done, and it is not: " + promise.key);
  }
  report.promises = std::int64_t(remains.promises.size());
  remains.disk.view.tasks.for_each([&](const TaskId&, const Task& task) {
    report.expired += task.state == TaskState::kExpired ? 1 : 0;
    if (task.state == TaskState::kProposed && task.decide_by &&
        *task.decide_by + minutes(1) < remains.now) {
      report.problems.push_back("nobody decided in time, and it still waits: " + task.title);
    }
    for (const Approval& a : task.approvals) {
      if (task.decide_by && a.at >= *task.decide_by) {
        report.problems.push_back("signed after its time: " + task.title);
      }
    }
    return true;
  });
}

void check_effects(const Remains& remains, Report& report) {
  std::set<EffectId> ids;
  std::map<EffectId, int> sent;
  for (const auto& [topic, log] : remains.world.topics) {
    for (const auto& one : log) ++sent[one.id];
  }
  for (const auto& order : remains.world.orders) ++sent[order.reference];
  for (const Effect& effect : remains.disk.effects) {
    report.redelivered += std::max(0, int(effect.attempts) - 1);
    if (!ids.insert(effect.id).second) {
      report.problems.push_back("doubled effect " + effect.type + effect.target);
    }
    const auto found = sent.find(effect.id);
    const int times = found == sent.end() ? 0 : found->second;
    if (times != 1) {
      report.problems.push_back("effect " + effect.target + " " + effect.type + " sent " +
                                std::to_string(times) + " times");
    }
  }
  if (sent.size() != ids.size()) report.problems.push_back("something unknown was sent");
  if (remains.world.sent_before_anchored > 0) report.problems.push_back("sent before anchored");
}

// What the tasks say, without when people and the ERP did what.
std::string shape(const PlantView& view) {
  std::string out;
  view.tasks.for_each([&](const TaskId& id, const Task& task) {
    out += id.str() + ' ' + std::string(to_text(task.kind)) + ' ' + task.mode.str() + ' ' +
           std::to_string(task.evidence_count) + ' ' + task.opened_by.str() + '\n';
    return true;
  });
  return out;
}

void check_tasks(const Remains& remains, const Oracle& oracle, Report& report) {
  std::map<std::string, int> open;
  remains.disk.view.cases.for_each([&](const CaseId&, const Case& c) {
    if (c.state == CaseState::kOpen) ++open[c.entity + " " + c.mode.str()];
    return true;
  });
  for (const auto& [key, count] : open) {
    if (count > 1) report.problems.push_back("two open cases of " + key);
  }
  remains.disk.view.tasks.for_each([&](const TaskId&, const Task& task) {
    // Only signatures under the revision that stands count, each person once.
    std::set<UserId> people;
    int signatures = 0;
    for (const Approval& a : task.approvals) {
      if (a.meaning == "rejection" || a.revision != task.revision) continue;
      ++signatures;
      people.insert(a.user);
    }
    if (int(people.size()) != signatures) report.problems.push_back("one person signed twice");
    if (task.state != TaskState::kProposed && task.state != TaskState::kRejected &&
        task.state != TaskState::kWithdrawn && task.state != TaskState::kExpired &&
        int(task.approvals.size()) < task.approvals_needed) {
      report.problems.push_back("went on without its approvals: " + task.title);
    }
    return true;
  });
  // Nothing is promised twice: what proposals hold softly was there.
  std::map<MaterialId, double> soft, all;
  remains.disk.view.reservations.for_each([&](const std::string&, const Reservation& r) {
    all[r.material] += r.quantity;
    if (r.state == ReservationState::kSoft) soft[r.material] += r.quantity;
    return true;
  });
  for (const auto& [material, held] : soft) {
    const Stock* stock = remains.disk.view.stock.find(material);
    if (held > 0.0 && (stock == nullptr || all[material] > stock->on_hand)) {
      report.problems.push_back("more is held of " + material.str() + " than there is");
    }
  }
  // Work orders that people refuse or CMMS closes end cases at moments of their own.
  if (remains.people_shape_tasks || remains.gating == Gating::kMes) return;
  PlantView view;
  const workflow::Context context{*remains.setup.plant, remains.policy};
  for (const Decision& decision : oracle.decisions) {
    const Result<Change> change = workflow::settle(view, decision, kStart, context);
    if (!change) {
      report.problems.push_back("settle refused a decision: " + change.error().message);
    } else {
      apply(*change, view);
    }
  }
  if (shape(view) != shape(remains.disk.view)) {
    report.problems.push_back("tasks differ from the oracle's:\n" + shape(remains.disk.view) +
                              "instead of\n" + shape(view));
  }
}

}  // namespace

void check(const Remains& remains, Report& report) {
  const Oracle oracle = ask_oracle(remains);
  check_cursors(remains, oracle, report);
  check_decisions(remains, oracle, report);
  check_dead_letters(remains, oracle, report);
  check_ticks(remains, report);
  check_people(remains, report);
  check_effects(remains, report);
  check_tasks(remains, oracle, report);
  std::string all = shape(remains.disk.view);
  for (const Decision& d : remains.disk.decisions) all += text_of(d) + '\n';
  for (const AuditRecord& a : remains.disk.audit) {
    all += a.type + format_rfc3339(a.at) + a.actor + a.body + '\n';
  }
  for (const Effect& e : remains.disk.effects) all += e.id.str() + e.body + '\n';
  report.hash = to_hex(sha256(all));
  report.decisions = std::int64_t(remains.disk.decisions.size());
  report.silences =
      std::count_if(remains.disk.decisions.begin(), remains.disk.decisions.end(),
                    [](const Decision& d) { return d.task == TaskKind::kSensorCheck; });
  report.tasks = std::int64_t(remains.disk.view.tasks.size());
  report.effects = std::int64_t(remains.disk.effects.size());
}

}  // namespace millwright::simulation
