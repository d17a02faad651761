// Checkpoint and restore of a partition.
#include <algorithm>

#include "pipeline/partition_state.hpp"

namespace millwright::pipeline {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kWithoutBudgets = 1;
constexpr std::string_view kTelemetry = "t:";
constexpr std::string_view kTransactions = "x:";

std::string chunk_name(std::string_view kind, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(kind) + std::string(12 - std::min<std::size_t>(digits.size(), 12), '0') +
         digits;
}

bool is_chunk(std::string_view name) {
  return name.starts_with(kTelemetry) || name.starts_with(kTransactions);
}

}  // namespace

std::string Partition::State::save_whole() const {
  ByteWriter out;
  out.put(kFormat);
  out.put(next.get());
  out.put(clock);
  out.put(last_tick);
  out.put(rounds);
  telemetry.save(out);
  transactions.save(out);
  rules::save(spent, out);
  return std::move(out).bytes();
}

bool Partition::State::load_whole(std::string_view bytes) {
  ByteReader in(bytes);
  const auto format = in.take<std::uint8_t>();
  if (format != kFormat && format != kWithoutBudgets) return false;
  next = Offset(in.take<std::int64_t>());
  in.get(clock);
  in.get(last_tick);
  in.get(rounds);
  telemetry.load(in);
  transactions.load(in);
  if (format == kFormat) rules::load(spent, in);
  return in.done();
}

void Partition::State::begin_round() {
  ++rounds;
  round = Round{};
  round.open = round.first = true;
  round.begun = next;
  round_clock = clock;
  stepped = false;
  round.names = entities.begin_round(next.get());
  for (auto& [kind, seen] :
       {std::pair(kTelemetry, &telemetry), std::pair(kTransactions, &transactions)}) {
    seen->begin_round(clock);
    for (const std::uint64_t n : seen->take_dropped()) round.names.push_back(chunk_name(kind, n));
    for (const std::uint64_t n : seen->changed()) round.names.push_back(chunk_name(kind, n));
  }
  // As of X, and only after the rounds above were taken note of.
  round.partition_state = save_whole();
}

std::string Partition::State::blob_of(const std::string& name) {
  if (is_chunk(name)) {
    Seen& seen = name.starts_with(kTelemetry) ? telemetry : transactions;
    return seen.save_chunk(std::stoull(name.substr(2)));
  }
  return entities.save(name);
}

std::optional<CheckpointSlice> Partition::next_slice(std::size_t bytes_max) {
  State& s = *state_;
  if (!s.round.open) {
    const bool time_only = s.clock - s.round_clock < kSilentCheckpoint;
    if (!s.stepped && !s.entities.dirty() && time_only) return std::nullopt;
    s.begin_round();
  }
  State::Round& round = s.round;
  CheckpointSlice slice;
  slice.where = s.where;
  slice.round = s.rounds;
  slice.begun_at = round.begun;
  if (round.first) slice.partition_state = std::move(round.partition_state);
  round.first = false;
  std::size_t bytes = slice.partition_state.size();
  while (round.at < round.names.size() && bytes < bytes_max) {
    const std::string& name = round.names[round.at++];
    EntityState state{name, s.next, s.blob_of(name)};
    bytes += state.entity.size() + state.blob.size();
    slice.entities.push_back(std::move(state));
  }
  slice.completes = round.at == round.names.size();
  if (slice.completes) s.round = State::Round{};
  return slice;
}

void Partition::State::restore(const RestoredPartition& restored) {
  const bool whole = !restored.partition_state.empty() && load_whole(restored.partition_state);
  next = restored.reobserve_from;
  round_clock = clock;
  if (!whole) return;  // damaged: state is built anew from what is stepped over
  for (const EntityState& entity : restored.entities) {
    if (entity.blob.empty()) continue;
    if (is_chunk(entity.entity)) {
      Seen& seen = entity.entity.starts_with(kTelemetry) ? telemetry : transactions;
      (void)seen.load_chunk(entity.blob);
    } else {
      // A damaged one starts anew, as if the entity were new.
      (void)entities.restore(entity.blob, entity.at.get(), next.get());
    }
  }
  telemetry.finish_load();
  transactions.finish_load();
  entities.finish_restore();
}

}  // namespace millwright::pipeline
