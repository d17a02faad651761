#include "rules/watch/memory.hpp"

#include <algorithm>

namespace millwright::rules {
namespace {

template <class Items, class Key, class Member>
auto place_of(Items& items, const Key& key, Member member) {
  return std::lower_bound(items.begin(), items.end(), key,
                          [&](const auto& item, const Key& k) { return item.*member < k; });
}

}  // namespace

const WatchCell* WatchSubject::find(std::uint64_t key) const {
  const auto at = place_of(cells, key, &WatchCell::key);
  return at == cells.end() || at->key != key ? nullptr : &*at;
}

void WatchSubject::begin(std::vector<WatchCell> fresh_cells) {
  cells = std::move(fresh_cells);
  std::sort(cells.begin(), cells.end(),
            [](const WatchCell& a, const WatchCell& b) { return a.key < b.key; });
}

WatchCell& WatchSubject::cell(const WatchPlan& plan, std::uint64_t key) {
  auto at = place_of(cells, key, &WatchCell::key);
  if (at == cells.end() || at->key != key) at = cells.insert(at, fresh(plan, key));
  return *at;
}

const WatchSubject* WatchMemory::Impl::find(std::string_view signal) const {
  const auto at = place_of(subjects, signal, &WatchSubject::signal);
  return at == subjects.end() || at->signal != signal ? nullptr : &*at;
}

WatchSubject& WatchMemory::Impl::subject(std::string_view signal) {
  auto at = place_of(subjects, signal, &WatchSubject::signal);
  if (at == subjects.end() || at->signal != signal) {
    at = subjects.insert(at, WatchSubject{std::string(signal), {}, {}});
  }
  return *at;
}

WatchMemory::WatchMemory() = default;
WatchMemory::~WatchMemory() = default;
WatchMemory::WatchMemory(WatchMemory&&) noexcept = default;
WatchMemory& WatchMemory::operator=(WatchMemory&&) noexcept = default;

bool WatchMemory::empty() const {
  return impl_ == nullptr;
}

void WatchMemory::clear() {
  impl_.reset();
}

WatchMemory::Impl& WatchMemory::impl() {
  if (impl_ == nullptr) impl_ = std::make_unique<Impl>();
  return *impl_;
}

void WatchMemory::start_anew() {
  if (impl_ == nullptr) return;
  for (WatchSubject& subject : impl_->subjects) {
    for (WatchCell& cell : subject.cells) {
      if (auto* change = std::get_if<ChangeCell>(&cell.state)) *change = ChangeCell{};
    }
  }
}

void WatchMemory::save(ByteWriter& out) const {
  out.put(std::uint32_t(impl_ == nullptr ? 0 : impl_->subjects.size()));
  if (impl_ == nullptr) return;
  for (const WatchSubject& subject : impl_->subjects) {
    out.put(subject.signal);
    out.put(subject.newest.source);
    out.put(subject.newest.id);
    out.put(std::uint32_t(subject.cells.size()));
    for (const WatchCell& cell : subject.cells) rules::save(cell, out);
  }
}

bool WatchMemory::load(ByteReader& in) {
  impl_.reset();
  for (std::size_t n = in.count(16); n > 0; --n) {
    const auto signal = in.take<std::string>();
    WatchSubject& subject = impl().subject(signal);
    in.get(subject.newest.source);
    in.get(subject.newest.id);
    subject.cells.resize(in.count(33));
    for (WatchCell& cell : subject.cells) {
      if (!rules::load(cell, in)) return false;
    }
  }
  return in.ok();
}

std::size_t WatchMemory::bytes() const {
  if (impl_ == nullptr) return 0;
  std::size_t sum = sizeof(Impl);
  for (const WatchSubject& subject : impl_->subjects) {
    sum += sizeof(subject) + subject.signal.size() + subject.newest.source.size() +
           subject.newest.id.size();
    for (const WatchCell& cell : subject.cells) sum += rules::bytes(cell);
  }
  return sum;
}

void save(const SpentMap& spent, ByteWriter& out) {
  out.put(std::uint32_t(spent.size()));
  for (const auto& [rule, times] : spent) {
    out.put(rule);
    out.put(std::uint32_t(times.size()));
    for (const Spending& each : times) {
      out.put(each.at);
      out.put(each.decision);
    }
  }
}

void load(SpentMap& spent, ByteReader& in) {
  spent.clear();
  for (std::size_t n = in.count(8); n > 0; --n) {
    std::vector<Spending>& times = spent[in.take<std::string>()];
    times.resize(in.count(12));
    for (Spending& each : times) {
      in.get(each.at);
      in.get(each.decision);
    }
  }
}

}  // namespace millwright::rules
