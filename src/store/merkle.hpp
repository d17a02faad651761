#pragma once
// The Merkle tree of RFC 6962, section 2.1, kept as its right edge: appending costs O(log n), and
// the roots of complete subtrees of 256, 65 536, ... leaves are handed out, so that the root at any
// earlier size can be had from a few hundred hashes. Pure values, any thread.

#include <cstdint>
#include <string_view>
#include <vector>

#include "millwright/base/digest.hpp"

namespace millwright::store {

// Every so many levels a complete subtree's root is handed out.
inline constexpr int kTileLevels = 8;

[[nodiscard]] inline Digest leaf_hash(std::string_view record) {
  return sha256({std::string_view("\0", 1), record});
}
[[nodiscard]] inline Digest node_hash(const Digest& left, const Digest& right) {
  return sha256({std::string_view("\1", 1), as_bytes(left), as_bytes(right)});
}

class Frontier {
 public:
  Frontier() = default;
  // From what bytes() gave; valid() tells whether the two fit.
  Frontier(std::uint64_t size, std::string_view bytes);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  // One hash for each 1 in the binary form of size, largest subtree first.
  [[nodiscard]] bool valid() const noexcept;
  [[nodiscard]] std::string bytes() const;

  // Appends a complete subtree of 2^level leaves; size must be a multiple of that. Calls
  // complete(level, index, hash) for each subtree of kTileLevels-fold height that this closes, but
  // not for the one that was handed in.
  template <class Complete>
  void append(Digest hash, int level, Complete&& complete) {
    std::uint64_t index = size_ >> level;
    size_ += std::uint64_t(1) << level;
    for (; (index & 1) != 0; index >>= 1) {
      hash = node_hash(nodes_.back(), hash);
      nodes_.pop_back();
      ++level;
      if (level % kTileLevels == 0) complete(level, index >> 1, hash);
    }
    nodes_.push_back(hash);
  }
  void append(const Digest& leaf) {
    append(leaf, 0, [](int, std::uint64_t, const Digest&) {});
  }

  // Hash of all leaves; of nothing at size 0.
  [[nodiscard]] Digest root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> nodes_;
};

}  // namespace millwright::store
