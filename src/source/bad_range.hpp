#pragma once
// BadRange: the search for the first readable offset behind a batch that cannot be read. A value,
// owned by the reading of one partition; no I/O.

#include <cstdint>

namespace millwright::source {

// Gallops +1, +2, +4, ... from the first bad offset until something can be read, then halves the
// way back, so that the first readable offset is found in few steps. Where a readable batch lies
// hidden between two bad ones inside one leap it is passed over with them.
class BadRange {
 public:
  explicit BadRange(std::int64_t first) : first_(first), bad_(first), next_(first + 1) {}

  [[nodiscard]] std::int64_t first() const noexcept { return first_; }
  // The offset to try now; at most the topic's end.
  [[nodiscard]] std::int64_t candidate() const noexcept { return next_; }

  // Reading at the candidate failed; `end` is the partition's end, < 0 if not known.
  void failed(std::int64_t end) {
    bad_ = next_;
    if (good_ < 0) step_ *= 2;
    choose(end);
  }
  // Reading at the candidate worked. True: it is the first readable offset.
  [[nodiscard]] bool worked() {
    good_ = next_;
    if (next_ - bad_ <= 1) return true;
    choose(-1);
    return false;
  }

 private:
  void choose(std::int64_t end) {
    next_ = good_ < 0 ? first_ + step_ : bad_ + (good_ - bad_) / 2;
    if (next_ <= bad_) next_ = bad_ + 1;
    if (end > bad_ && next_ > end) next_ = end;
  }

  std::int64_t first_;
  std::int64_t bad_;
  std::int64_t next_;
  std::int64_t step_ = 1;
  std::int64_t good_ = -1;  // the lowest offset that could be read; -1: none yet
};

}  // namespace millwright::source
