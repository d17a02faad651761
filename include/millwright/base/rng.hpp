#pragma once
// Rng: seeded random numbers, the same on every machine (std's distributions are not).
// Generator: SplitMix64 (Steele, Lea, Flood 2014). Not for secrets. Owned by one thread.

#include <cstdint>

namespace millwright {

class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // In [0, bound); bound 0 gives 0.
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
  // In [0, 1).
  double uniform() { return double(next() >> 11) * 0x1.0p-53; }
  // True with probability p.
  bool chance(double p) { return uniform() < p; }
  // Mean 0, variance near 1: sum of 12 uniforms (Irwin-Hall), bounded to +-6, no libm.
  double gauss() {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }
  // An independent stream for a named purpose.
  [[nodiscard]] Rng fork(std::uint64_t purpose) const {
    Rng mixed(state_ ^ (purpose * 0xd1342543de82ef95ULL));
    return Rng(mixed.next());
  }

 private:
  std::uint64_t state_;
};

}  // namespace millwright
