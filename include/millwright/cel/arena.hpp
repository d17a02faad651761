#pragma once
// Arena: where one evaluation puts the text, lists and maps that it makes. Owned by one thread;
// `reset` after each event. Takes no memory until the first use, then one block for good.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace millwright::cel {

class Arena {
 public:
  static constexpr std::size_t kDefaultBytes = 64 << 10;

  explicit Arena(std::size_t capacity = kDefaultBytes) noexcept : capacity_(capacity) {}

  // Aligned for any Value; null when the arena is full.
  [[nodiscard]] void* allocate(std::size_t bytes);
  template <class T>
  [[nodiscard]] T* allocate_array(std::size_t count) {
    static_assert(alignof(T) <= 16);
    if (count > capacity_ / sizeof(T)) return nullptr;
    return static_cast<T*>(allocate(count * sizeof(T)));
  }

  // What the embedder's own functions may look at during an evaluation; borrowed.
  void set_host(const void* host) noexcept { host_ = host; }
  [[nodiscard]] const void* host() const noexcept { return host_; }

  // Every value made in it is gone.
  void reset() noexcept { used_ = 0; }
  [[nodiscard]] std::size_t used() const noexcept { return used_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  std::size_t capacity_;
  std::size_t used_ = 0;
  const void* host_ = nullptr;
  std::unique_ptr<std::byte[]> block_;
};

}  // namespace millwright::cel
