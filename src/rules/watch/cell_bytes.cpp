// Cells as bytes, for the checkpoint.
#include "rules/watch/watch.hpp"

namespace millwright::rules {
namespace {

void put(ByteWriter& out, const std::optional<double>& x) {
  out.put(std::uint8_t(x.has_value()));
  out.put(x.value_or(0.0));
}
void get(ByteReader& in, std::optional<double>& x) {
  const bool has = in.take<std::uint8_t>() != 0;
  const auto number = in.take<double>();
  x = has ? std::optional<double>(number) : std::nullopt;
}

struct Saver {
  ByteWriter& out;
  void operator()(const HeldCell& cell) const {
    out.put(cell.since);
    out.put(cell.newest);
    out.put(cell.n);
  }
  void operator()(const RingCell& cell) const { cell.ring.save(out); }
  void operator()(const PaneCell& cell) const {
    cell.open.save(out);
    out.put(cell.from);
    out.put(cell.newest);
    out.put(cell.closed);
    put(out, cell.result);
  }
  void operator()(const AbsentCell& cell) const {
    out.put(cell.since);
    out.put(cell.floor);
  }
  void operator()(const SequenceCell& cell) const {
    for (const Instant each : cell.begun) out.put(each);
    out.put(std::uint8_t(cell.complete));
  }
  void operator()(const ChangeCell& cell) const {
    cell.ring.save(out);
    cell.learning.save(out);
    out.put(cell.begun);
    put(out, cell.baseline);
    put(out, cell.deviation);
  }
  void operator()(const SwitchCell& cell) const { out.put(std::uint8_t(cell.on)); }
  void operator()(const BandCell& cell) const { put(out, cell.value); }
  void operator()(const LadderCell& cell) const {
    for (const Instant each : cell.since) out.put(each);
    for (const std::uint8_t each : cell.n) out.put(each);
    out.put(cell.level);
  }
};

struct Loader {
  ByteReader& in;
  void operator()(HeldCell& cell) const {
    in.get(cell.since);
    in.get(cell.newest);
    in.get(cell.n);
  }
  void operator()(RingCell& cell) const { cell.ring.load(in); }
  void operator()(PaneCell& cell) const {
    cell.open.load(in);
    in.get(cell.from);
    in.get(cell.newest);
    in.get(cell.closed);
    get(in, cell.result);
  }
  void operator()(AbsentCell& cell) const {
    in.get(cell.since);
    in.get(cell.floor);
  }
  void operator()(SequenceCell& cell) const {
    for (Instant& each : cell.begun) in.get(each);
    cell.complete = in.take<std::uint8_t>() != 0;
  }
  void operator()(ChangeCell& cell) const {
    cell.ring.load(in);
    cell.learning.load(in);
    in.get(cell.begun);
    get(in, cell.baseline);
    get(in, cell.deviation);
  }
  void operator()(SwitchCell& cell) const { cell.on = in.take<std::uint8_t>() != 0; }
  void operator()(BandCell& cell) const { get(in, cell.value); }
  void operator()(LadderCell& cell) const {
    for (Instant& each : cell.since) in.get(each);
    for (std::uint8_t& each : cell.n) in.get(each);
    in.get(cell.level);
    cell.level = std::uint8_t(std::min<std::size_t>(cell.level, limits::kWatchSteps));
  }
};

// The alternative of that number, fresh.
template <std::size_t I = 0>
bool choose(decltype(WatchCell::state)& state, std::size_t index) {
  if constexpr (I < std::variant_size_v<std::remove_reference_t<decltype(state)>>) {
    if (index != I) return choose<I + 1>(state, index);
    state.emplace<I>();
    return true;
  }
  return false;
}

}  // namespace

void save(const WatchCell& cell, ByteWriter& out) {
  out.put(cell.key);
  out.put(cell.seen);
  out.put(cell.last);
  out.put(cell.look_again);
  out.put(std::uint8_t(cell.state.index()));
  std::visit(Saver{out}, cell.state);
}

bool load(WatchCell& cell, ByteReader& in) {
  in.get(cell.key);
  in.get(cell.seen);
  in.get(cell.last);
  in.get(cell.look_again);
  if (!choose(cell.state, in.take<std::uint8_t>())) return false;
  std::visit(Loader{in}, cell.state);
  return in.ok();
}

std::size_t bytes(const WatchCell& cell) {
  std::size_t sum = sizeof(cell);
  if (const auto* ring = std::get_if<RingCell>(&cell.state)) sum += ring->ring.bytes();
  if (const auto* change = std::get_if<ChangeCell>(&cell.state)) sum += change->ring.bytes();
  return sum;
}

}  // namespace millwright::rules
