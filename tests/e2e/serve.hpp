#pragma once
// Serve: `millwright serve` as a process that can be killed and started again, and what a person or
// a supervisor sees of it. Owned by one test.

#include <memory>
#include <optional>
#include <string>

#include "e2e/site.hpp"
#include "millwright/base/time.hpp"
#include "support/child.hpp"
#include "support/http.hpp"

namespace millwright::e2e {

class Serve {
 public:
  explicit Serve(Daemon daemon) : daemon_(std::move(daemon)) {}

  void start();
  // SIGKILL; returns when it is gone.
  void kill();
  // Sends the signal; its exit code, or -1 while it still runs after `at_most`.
  [[nodiscard]] int end(int signal, Duration at_most);

  // Waits until it answers over HTTP; false: not in time, or it has ended.
  [[nodiscard]] bool await_answer(Duration at_most);
  [[nodiscard]] support::HttpReply get(const std::string& path) const {
    return support::http_call(daemon_.port, "GET", path);
  }
  // A value of /metrics, by its name without prefix; nullopt: no answer, or no such line.
  [[nodiscard]] std::optional<double> metric(const std::string& name) const;

  [[nodiscard]] const Daemon& daemon() const { return daemon_; }

 private:
  Daemon daemon_;
  std::unique_ptr<support::Child> child_;
};

// Exit code and output of a command that ends by itself.
struct Ran {
  int code = -1;
  std::string output;
};
[[nodiscard]] Ran run_millwright(const std::vector<std::string>& arguments);

}  // namespace millwright::e2e
