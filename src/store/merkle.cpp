#include "store/merkle.hpp"

#include <algorithm>
#include <bit>

namespace millwright::store {

Frontier::Frontier(std::uint64_t size, std::string_view bytes) : size_(size) {
  for (std::size_t at = 0; at + Digest{}.size() <= bytes.size(); at += Digest{}.size()) {
    std::copy_n(reinterpret_cast<const std::uint8_t*>(bytes.data()) + at, Digest{}.size(),
                nodes_.emplace_back().begin());
  }
}

bool Frontier::valid() const noexcept {
  return nodes_.size() == std::size_t(std::popcount(size_));
}

std::string Frontier::bytes() const {
  std::string out;
  for (const Digest& node : nodes_) out += as_bytes(node);
  return out;
}

Digest Frontier::root() const {
  if (nodes_.empty()) return sha256("");
  Digest hash = nodes_.back();
  for (std::size_t i = nodes_.size() - 1; i-- > 0;) hash = node_hash(nodes_[i], hash);
  return hash;
}

}  // namespace millwright::store
