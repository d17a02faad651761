#pragma once
// Reply<T>: where an answer to one question is put. The asker makes it, keeps a copy and waits; the
// answerer sends once. Copies share the slot; any thread.

#include <memory>
#include <optional>
#include <utility>

#include "millwright/base/queue.hpp"
#include "millwright/base/time.hpp"

namespace millwright {

template <class T>
class Reply {
 public:
  Reply() : slot_(std::make_shared<BoundedQueue<T>>(1)) {}

  // Only the first answer counts.
  void send(T answer) const { (void)slot_->try_push(answer); }

  // The answer, waiting for it at most `wait`; nullopt: none yet.
  [[nodiscard]] std::optional<T> take(Duration wait = Duration()) const {
    std::vector<T> got = slot_->pop_some(1, wait);
    if (got.empty()) return std::nullopt;
    return std::move(got.front());
  }

 private:
  std::shared_ptr<BoundedQueue<T>> slot_;
};

}  // namespace millwright
