#pragma once
// Published<T>: the newest immutable snapshot of something, swapped whole. One thread publishes,
// any number read; a reader keeps what it read for as long as it likes.

#include <memory>
#include <mutex>
#include <utility>

namespace millwright {

template <class T>
class Published {
 public:
  Published() = default;
  explicit Published(std::shared_ptr<const T> first) : value_(std::move(first)) {}
  Published(const Published&) = delete;
  Published& operator=(const Published&) = delete;

  // Null before the first publication.
  [[nodiscard]] std::shared_ptr<const T> read() const {
    const std::scoped_lock lock(mutex_);
    return value_;
  }
  void publish(std::shared_ptr<const T> next) {
    {
      const std::scoped_lock lock(mutex_);
      value_.swap(next);
    }
    // The old snapshot, if this was its last owner, dies outside the lock.
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace millwright
