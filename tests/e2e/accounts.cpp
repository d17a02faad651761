#include "e2e/accounts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "millwright/codec/encode.hpp"
#include "millwright/codec/records.hpp"

namespace millwright::e2e {
namespace {

// Times of the ledger's own clock are no part of what was decided.
std::string task_without_times(std::string_view json) {
  auto task = codec::task_from_json(json);
  if (!task) return "unreadable: " + task.error().message;
  task->proposed_at = task->changed_at = Instant();
  if (task->decide_by) task->decide_by = Instant();
  for (Approval& approval : task->approvals) approval.at = Instant();
  return codec::to_json(*task);
}

std::string reservation_without_times(std::string_view json) {
  auto reservation = codec::reservation_from_json(json);
  if (!reservation) return "unreadable: " + reservation.error().message;
  reservation->until = Instant();
  return codec::to_json(*reservation);
}

std::string effect_without_times(Effect effect) {
  effect.audit = AuditSeq();
  effect.not_before = Instant();
  effect.state = EffectState::kPending;
  effect.attempts = 0;
  return codec::to_json(effect);
}

std::string_view header_of(const RawRecord& record, std::string_view name) {
  for (const auto& [key, value] : record.headers) {
    if (key == name) return value;
  }
  return {};
}

std::string place_of(const RawRecord& record) {
  const Position& at = record.position;
  return at.where.topic + "[" + std::to_string(at.where.partition) + "]@" +
         std::to_string(at.offset.get());
}

DispositionCounts sum_of(const std::map<TopicPartition, DispositionCounts>& counts) {
  DispositionCounts out{};
  for (const auto& [where, some] : counts) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += some[i];
  }
  return out;
}

// Where two texts part, with a little of what is around it.
std::string parting(const std::string& ours, const std::string& theirs) {
  const auto [a, b] = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  const auto at = std::size_t(a - ours.begin());
  const std::size_t from = at < 80 ? 0 : at - 80;
  return "..." + ours.substr(from, 240) + "\nand should be\n  ..." + theirs.substr(from, 240);
}

// The same names and values; the first few differences are shown.
template <class Map>
void expect_same(const Map& ours, const Map& theirs, const std::string& what) {
  int shown = 0;
  const auto miss = [&](const std::string& text) {
    if (++shown <= 3) ADD_FAILURE() << what << ": " << text;
  };
  for (const auto& [name, value] : theirs) {
    const auto found = ours.find(name);
    if (found == ours.end()) {
      miss("'" + name + "' is not in the ledger: " + value);
    } else if (found->second != value) {
      miss("'" + name + "' is\n  " + parting(found->second, value));
    }
  }
  for (const auto& [name, value] : ours) {
    if (theirs.count(name) == 0) miss("'" + name + "' should not be there: " + value);
  }
  EXPECT_EQ(shown, 0) << what;
}

bool asks_the_plant(const Brain& brain, const RuleId& rule) {
  const std::vector<std::string> reads = brain.rules->reads(rule);
  return std::find(reads.begin(), reads.end(), "plant") != reads.end();
}

}  // namespace

void expect_every_record(const LedgerRows& rows, const Log& inputs, const MixedLoad& load) {
  std::int64_t produced = 0;
  for (const auto& [where, records] : inputs) {
    produced += std::int64_t(records.size());
    const auto cursor = rows.cursors.find(where);
    ASSERT_NE(cursor, rows.cursors.end()) << where.topic << "[" << where.partition << "]";
    const Offset end = records.empty() ? Offset() : records.back().position.offset.next();
    EXPECT_EQ(cursor->second, end) << where.topic << "[" << where.partition << "]";
    const auto counts = rows.counts.at(where);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t(0)),
              std::int64_t(records.size()))
        << where.topic << "[" << where.partition << "]";
  }
  EXPECT_EQ(produced, std::int64_t(load.records.size()));
  const DispositionCounts sum = sum_of(rows.counts);
  EXPECT_EQ(std::accumulate(sum.begin(), sum.end(), std::int64_t(0)), produced);
  const auto conflicts = load.dead_letters.find("conflict");
  const std::int64_t conflicting = conflicts == load.dead_letters.end() ? 0 : conflicts->second;
  EXPECT_EQ(sum[std::size_t(Disposition::kDuplicate)], load.duplicates);
  EXPECT_EQ(sum[std::size_t(Disposition::kConflict)], conflicting);
  EXPECT_EQ(sum[std::size_t(Disposition::kDeadLetter)], load.dead() - conflicting);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (sum[i] == 0) continue;
    std::printf("  %-12s %8ld\n", std::string(to_text(Disposition(i))).c_str(), long(sum[i]));
  }
}

void expect_dead_letters(const Log& outputs, const Log& inputs, const MixedLoad& load,
                         const std::string& suffix) {
  std::map<std::string, std::int64_t> reasons;
  std::set<Position> seen;
  for (const auto& [where, records] : outputs) {
    if (!where.topic.ends_with(suffix)) continue;
    for (const RawRecord& letter : records) {
      ++reasons[std::string(header_of(letter, "x-error-class"))];
      const Position from{
          {std::string(header_of(letter, "x-orig-topic")),
           std::atoi(std::string(header_of(letter, "x-orig-partition")).c_str())},
          Offset(std::atoll(std::string(header_of(letter, "x-orig-offset")).c_str()))};
      EXPECT_EQ(from.where.topic + suffix, where.topic);
      EXPECT_TRUE(seen.insert(from).second) << "twice: " << place_of(letter);
      const auto log = inputs.find(from.where);
      ASSERT_NE(log, inputs.end()) << place_of(letter);
      const auto original = std::find_if(
          log->second.begin(), log->second.end(),
          [&](const RawRecord& record) { return record.position.offset == from.offset; });
      ASSERT_NE(original, log->second.end()) << place_of(letter);
      EXPECT_EQ(letter.value, original->value) << place_of(letter);
      EXPECT_EQ(letter.key, original->key) << place_of(letter);
      EXPECT_FALSE(header_of(letter, "x-error").empty()) << place_of(letter);
    }
  }
  EXPECT_EQ(reasons, load.dead_letters);
}

void expect_delivered_once(const LedgerRows& rows, const Log& outputs) {
  std::map<std::string, const RawRecord*> records;
  std::map<std::string, std::string> twice;
  for (const auto& [where, log] : outputs) {
    for (const RawRecord& record : log) {
      std::string id(header_of(record, codec::kEffectHeader));
      if (id.empty()) id = header_of(record, "ce_id");
      EXPECT_FALSE(id.empty()) << place_of(record) << " is none of ours";
      if (!records.emplace(id, &record).second) twice[id] = place_of(record);
    }
  }
  EXPECT_TRUE(twice.empty()) << twice.size() << " records twice, first " << twice.begin()->second;
  std::size_t kafka = 0;
  std::map<std::string, std::pair<Offset, std::string>> last;  // partition and key
  for (const EffectRow& row : rows.effects) {
    EXPECT_EQ(row.state, "done") << row.id << ": " << row.detail;
    if (row.kind != 0) continue;
    ++kafka;
    const auto found = records.find(row.id);
    ASSERT_NE(found, records.end()) << row.id << " was never sent; " << row.external;
    const RawRecord& record = *found->second;
    const auto effect = codec::effect_from_json(row.json);
    ASSERT_TRUE(effect) << row.json;
    EXPECT_EQ(record.position.where.topic, effect->target);
    EXPECT_EQ(place_of(record), row.external);
    EXPECT_EQ(record.value, effect->body) << row.id;
    EXPECT_EQ(record.key, effect->key) << row.id;
    auto& before = last[record.position.where.topic + "\n" + record.key];
    if (!before.second.empty()) {
      EXPECT_LT(before.first, record.position.offset)
          << row.id << " lies before " << before.second << ", which was settled earlier";
    }
    before = {record.position.offset, row.id};
  }
  EXPECT_EQ(records.size(), kafka) << "records that no effect asked for";
}

void expect_as_replica(const LedgerRows& rows, const Replica& replica) {
  EXPECT_EQ(replica.refused(), 0);
  ASSERT_EQ(rows.decisions.size(), replica.decisions().size());
  for (std::size_t i = 0; i < rows.decisions.size(); ++i) {
    const Decision& d = replica.decisions()[i];
    const std::string again =
        codec::to_json_without_series(d) + "\n" + codec::pack_series(d.series);
    ASSERT_TRUE(rows.decisions[i] == again)
        << "decision " << i << " is\n  " << parting(rows.decisions[i], again);
  }
  EXPECT_EQ(rows.cursors, replica.cursors());
  EXPECT_EQ(rows.counts, replica.counts());
  // Of what was thinned out the end is left.
  for (const auto& [name, history] : rows.view_changes) {
    const auto whole = replica.view_changes().find(name);
    ASSERT_NE(whole, replica.view_changes().end()) << name;
    ASSERT_LE(history.size(), whole->second.size()) << name;
    EXPECT_TRUE(std::equal(history.rbegin(), history.rend(), whole->second.rbegin())) << name;
  }
  std::map<std::string, std::string> ours;
  std::map<std::string, std::string> theirs;
  for (const auto& [id, json] : rows.tasks) ours[id] = task_without_times(json);
  replica.view().tasks.for_each([&](const TaskId& id, const Task& task) {
    theirs[id.str()] = task_without_times(codec::to_json(task));
    return true;
  });
  expect_same(ours, theirs, "tasks");
  theirs.clear();
  replica.view().cases.for_each([&](const CaseId& id, const Case& c) {
    theirs[id.str()] = codec::to_json(c);
    return true;
  });
  expect_same(rows.cases, theirs, "cases");
  theirs.clear();
  replica.view().stock.for_each([&](const MaterialId& id, const Stock& stock) {
    theirs[id.str()] = codec::to_json(stock);
    return true;
  });
  expect_same(rows.stock, theirs, "stock");
  ours.clear();
  theirs.clear();
  for (const auto& [name, json] : rows.held) ours[name] = reservation_without_times(json);
  replica.view().reservations.for_each([&](const std::string&, const Reservation& held) {
    theirs[held.task.str() + " " + held.material.str()] =
        reservation_without_times(codec::to_json(held));
    return true;
  });
  expect_same(ours, theirs, "held parts");
  ours.clear();
  theirs.clear();
  for (const EffectRow& row : rows.effects) {
    auto effect = codec::effect_from_json(row.json);
    ASSERT_TRUE(effect) << row.json;
    const bool letter = effect->kind == EffectKind::kKafka && effect->type.empty();
    if (!letter) ours[row.id] = effect_without_times(*std::move(effect));
  }
  for (const Effect& effect : replica.effects()) {
    theirs[effect.id.str()] = effect_without_times(effect);
  }
  expect_same(ours, theirs, "effects");
}

void expect_orders_once(const LedgerRows& rows, const std::vector<std::string>& documents) {
  std::map<std::string, std::string> number_of;  // by our reference
  for (const std::string& line : documents) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    EXPECT_TRUE(
        number_of.emplace(line.substr(last + 1), line.substr(first + 1, last - first - 1)).second)
        << "the ERP has it twice: " << line;
  }
  std::size_t orders = 0;
  for (const EffectRow& row : rows.effects) {
    if (row.kind != 1) continue;
    ++orders;
    const auto effect = codec::effect_from_json(row.json);
    ASSERT_TRUE(effect) << row.json;
    EXPECT_EQ(number_of[effect->task.str()], row.external) << row.detail;
    const auto task = codec::task_from_json(rows.tasks.at(effect->task.str()));
    ASSERT_TRUE(task);
    EXPECT_EQ(task->external_number, row.external);
  }
  EXPECT_EQ(documents.size(), orders);
  EXPECT_GT(orders, 0U);
}

Agreement expect_same_but_for_plant_state(const LedgerRows& a, const LedgerRows& b,
                                          const Brain& brain) {
  EXPECT_EQ(a.counts, b.counts);
  EXPECT_EQ(a.cursors, b.cursors);
  const PlantModel& plant = *brain.configuration.plant;
  const auto reads_plant_state = [&](const Decision& d) {
    if (asks_the_plant(brain, d.evidence.rule.id)) return true;
    const auto asset = plant.assets.find(d.asset);
    if (asset == plant.assets.end()) return false;
    return asset->second.gate.by == GateBy::kMes || a.view_changes.count("1 " + d.asset.str()) != 0;
  };
  // What differs from run to run by nature: the number of the view, and the settings' own version.
  const auto split = [&](const LedgerRows& rows, std::map<std::string, std::string>& free,
                         std::set<std::string>& bound) {
    for (const std::string& text : rows.decisions) {
      const auto end = text.find('\n');
      auto d = codec::decision_from_json(std::string_view(text).substr(0, end));
      ASSERT_TRUE(d) << d.error().message;
      if (reads_plant_state(*d)) {
        bound.insert(d->id.str());
        continue;
      }
      d->evidence.view = ViewNumber();
      d->evidence.config_version.clear();
      free[d->id.str()] = codec::to_json_without_series(*d) + text.substr(end);
    }
  };
  std::map<std::string, std::string> free_a;
  std::map<std::string, std::string> free_b;
  std::set<std::string> bound_a;
  std::set<std::string> bound_b;
  split(a, free_a, bound_a);
  split(b, free_b, bound_b);
  expect_same(free_b, free_a, "decisions that read no changing plant state");
  Agreement out{free_a.size(), bound_a.size(), 0};
  for (const std::string& id : bound_a) out.bound_same += bound_b.count(id);
  return out;
}

std::int64_t duplicates_avoided(const LedgerRows& rows) {
  return std::count_if(rows.effects.begin(), rows.effects.end(), [](const EffectRow& row) {
    return row.detail == "sent by an earlier process" || row.detail == "sent before" ||
           row.detail == "the ERP had it already";
  });
}

}  // namespace millwright::e2e
