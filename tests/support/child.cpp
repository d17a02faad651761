#include "support/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "millwright/base/check.hpp"

namespace millwright::support {

Child::Child(const std::vector<std::string>& command) {
  std::array<int, 2> to{};
  std::array<int, 2> from{};
  MW_CHECK(::pipe2(to.data(), O_CLOEXEC) == 0 && ::pipe2(from.data(), O_CLOEXEC) == 0);
  std::vector<char*> argv;
  for (const std::string& each : command) argv.push_back(const_cast<char*>(each.c_str()));
  argv.push_back(nullptr);
  pid_ = ::fork();
  MW_CHECK(pid_ >= 0);
  if (pid_ == 0) {
    ::dup2(to[0], 0);
    ::dup2(from[1], 1);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(to[0]);
  ::close(from[1]);
  in_ = to[1];
  out_ = from[0];
}

Child::~Child() {
  ::close(in_);
  ::close(out_);
  if (status_) return;
  kill();
  (void)wait(seconds(10));
}

void Child::write_line(const std::string& line) {
  const std::string text = line + "\n";
  MW_CHECK(::write(in_, text.data(), text.size()) == ssize_t(text.size()));
}

std::string Child::read_line() {
  std::string line;
  char c = 0;
  while (::read(out_, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

void Child::kill() {
  if (!status_) ::kill(pid_, SIGKILL);
}

int Child::wait(Duration at_most) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(at_most.ns());
  while (!status_) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    } else if (std::chrono::steady_clock::now() > until) {
      return -1;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  return *status_;
}

}  // namespace millwright::support
