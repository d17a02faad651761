#pragma once
// Child: another program, started by a test and ended with it. Owned by one test.

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "millwright/base/time.hpp"

namespace millwright::support {

class Child {
 public:
  // The path, then arguments. Its standard input and output are pipes to us.
  explicit Child(const std::vector<std::string>& command);
  ~Child();  // kills it if it still runs
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void write_line(const std::string& line);
  // "" when it has ended.
  [[nodiscard]] std::string read_line();
  void kill();
  // Exit code, or -1 while it runs after `at_most`, or -signal.
  [[nodiscard]] int wait(Duration at_most);
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::optional<int> status_;
};

}  // namespace millwright::support
