#include "millwright/cel/arena.hpp"

namespace millwright::cel {

void* Arena::allocate(std::size_t bytes) {
  constexpr std::size_t kAlign = 16;
  if (bytes > capacity_) return nullptr;
  const std::size_t rounded = (bytes + kAlign - 1) / kAlign * kAlign;
  if (rounded > capacity_ - used_ || used_ > capacity_) return nullptr;
  if (block_ == nullptr) block_ = std::make_unique_for_overwrite<std::byte[]>(capacity_);
  void* out = block_.get() + used_;
  used_ += rounded;
  return out;
}

}  // namespace millwright::cel
