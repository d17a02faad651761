#pragma once
// People: the operators of a simulation. They decide on what is proposed, sometimes twice, and
// remember what they were told was done. One thread.

#include <string>
#include <vector>

#include "millwright/base/rng.hpp"
#include "simulation/process.hpp"

namespace millwright::simulation {

class People {
 public:
  // `eager`: how often somebody looks when asked to.
  People(Rng rng, bool reject, double eager) : rng_(rng), reject_(reject), eager_(eager) {}

  // Reads answers, then one of them decides on something.
  void turn(Process& process);
  void read_answers();
  // The process they asked is gone, and with it the answers.
  void forget_questions() { asked_.clear(); }
  [[nodiscard]] std::size_t unanswered() const { return asked_.size(); }

  // What was answered with yes, and must be there for ever.
  struct Promise {
    TaskId task;
    UserId user;
    Revision revision;
    std::string key;
    bool rejection = false;
  };
  [[nodiscard]] const std::vector<Promise>& promises() const { return promises_; }

 private:
  struct Asked {
    Promise what;
    Reply<Result<CommandAnswer>> reply;
  };
  void ask(Process& process, const Command& command);

  Rng rng_;
  const bool reject_;
  const double eager_;
  std::vector<Asked> asked_;
  std::vector<Promise> promises_;
};

}  // namespace millwright::simulation
