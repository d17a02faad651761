#pragma once
// Worker: threads that take jobs from one bounded queue and run their handlers. The server owns it;
// `submit` may be called from any thread.

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "http/message.hpp"
#include "http/routes.hpp"
#include "millwright/base/queue.hpp"

namespace millwright::http {

struct Job {
  std::shared_ptr<const Request> request;
  Handler handler = nullptr;
  std::function<void(Response)> done;  // called on the worker's thread, exactly once
};

// What the threads share of the server; all of it outlives them.
struct Workplace {
  Backend& backend;
  const Users& users;
  const UiAssets& assets;
  const ServerConfig& config;
  const Metrics& metrics;
};

class Worker final {
 public:
  Worker(const Workplace& place, std::size_t threads, std::size_t queue);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { stop(); }

  // False when the queue is full or closed; the job is untouched then.
  [[nodiscard]] bool submit(Job& job) { return queue_.try_push(job); }
  // Jobs that were accepted are still done.
  void stop();

 private:
  void run();

  Workplace place_;
  BoundedQueue<Job> queue_;
  std::atomic<bool> closed_{false};
  std::vector<std::thread> threads_;
};

}  // namespace millwright::http
