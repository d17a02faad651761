#pragma once
// Ring: the newest readings of a window, oldest first, in one piece of memory. Value; part of a
// watch's state.

#include <span>
#include <vector>

#include "rules/watch/moments.hpp"

namespace millwright::rules {

class Ring {
 public:
  void push(const Sample& sample) { samples_.push_back(sample); }
  // Leaves the `most` newest of those that `cut` does not lie behind.
  void keep(std::size_t most, Instant cut) {
    while (size() > most || (size() > 0 && samples_[head_].at <= cut)) ++head_;
    if (head_ > samples_.size() / 2) {
      samples_.erase(samples_.begin(), samples_.begin() + std::ptrdiff_t(head_));
      head_ = 0;
    }
  }
  [[nodiscard]] std::size_t size() const { return samples_.size() - head_; }
  [[nodiscard]] std::span<const Sample> all() const { return {samples_.data() + head_, size()}; }
  // Those that came after `cut`.
  [[nodiscard]] std::span<const Sample> after(Instant cut) const {
    std::size_t first = head_;
    while (first < samples_.size() && samples_[first].at <= cut) ++first;
    return {samples_.data() + first, samples_.size() - first};
  }
  [[nodiscard]] std::size_t bytes() const { return samples_.capacity() * sizeof(Sample); }

  void save(ByteWriter& out) const {
    out.put(std::uint32_t(size()));
    for (const Sample& each : all()) {
      out.put(each.at);
      out.put(each.x);
    }
  }
  void load(ByteReader& in) {
    head_ = 0;
    samples_.resize(in.count(16));
    for (Sample& each : samples_) {
      in.get(each.at);
      in.get(each.x);
    }
  }

 private:
  std::vector<Sample> samples_;
  std::size_t head_ = 0;  // those before it are gone
};

}  // namespace millwright::rules
