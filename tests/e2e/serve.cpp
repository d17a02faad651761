#include "e2e/serve.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <thread>

namespace millwright::e2e {

using Clock = std::chrono::steady_clock;

void Serve::start() {
  // Through a shell for the log; exec keeps the process id.
  const std::string command = std::string("exec ") + MILLWRIGHT_BINARY + " serve --config " +
                              daemon_.config + " 2>>" + daemon_.log;
  child_ = std::make_unique<support::Child>(std::vector<std::string>{"/bin/sh", "-c", command});
}

void Serve::kill() {
  child_->kill();
  EXPECT_EQ(child_->wait(seconds(10)), -SIGKILL) << "it had ended before; see " << daemon_.log;
}

int Serve::end(int signal, Duration at_most) {
  ::kill(child_->pid(), signal);
  return child_->wait(at_most);
}

bool Serve::await_answer(Duration at_most) {
  const auto until = Clock::now() + std::chrono::nanoseconds(at_most.ns());
  while (Clock::now() < until) {
    if (get("/health/live").status == 200) return true;
    if (child_->wait(Duration()) != -1) {
      ADD_FAILURE() << "serve ended by itself; see " << daemon_.log;
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::optional<double> Serve::metric(const std::string& name) const {
  const std::string text = "\n" + get("/metrics").body;
  const std::string line = "\nmillwright_" + name + " ";
  const auto at = text.find(line);
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(text.c_str() + at + line.size(), nullptr);
}

Ran run_millwright(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {MILLWRIGHT_BINARY};
  command.insert(command.end(), arguments.begin(), arguments.end());
  support::Child child(command);
  Ran out;
  for (std::string line = child.read_line(); !line.empty(); line = child.read_line()) {
    out.output += line + "\n";
  }
  out.code = child.wait(seconds(60));
  return out;
}

}  // namespace millwright::e2e
