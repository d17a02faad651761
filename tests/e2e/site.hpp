#pragma once
// Site: a plant of this run alone: a folder with a copy of config/ under a site id of its own,
// people who may sign, and topics that no other run uses. Owned by one test; removes its folder.

#include <map>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "e2e/mixed_load.hpp"
#include "millwright/engine/ports.hpp"
#include "millwright/rules/rule_set.hpp"

namespace millwright::e2e {

inline constexpr const char* kPassword = "correct horse battery";
// Between them they may sign everything.
inline const std::vector<std::string> kPeople = {"m.supervisor", "p.manager"};

// One daemon's settings and files.
struct Daemon {
  std::string name;
  std::string config;  // millwright.yaml of its own
  std::string ledger;
  std::string log;
  std::string task_topic;
  std::string decision_topic;
  std::string dead_letter_suffix;
  std::uint16_t port = 0;
};

class Site {
 public:
  Site();
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  // The topics that events are fed to, in the daemon's own order.
  [[nodiscard]] const std::vector<std::string>& inputs() const { return inputs_; }
  // The topic of this run that stands for erp.events, say.
  [[nodiscard]] std::string input(const std::string& usual) const;
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] const std::string& id() const { return id_; }

  struct Choice {
    std::string bootstrap;
    std::string erp_url;  // "" none
    int lanes = 1;
  };
  // Writes its settings; its topics still have to be made.
  [[nodiscard]] Daemon add_daemon(const std::string& name, const Choice& choice) const;
  [[nodiscard]] std::vector<std::string> outputs(const Daemon& daemon) const;

 private:
  std::string id_;
  std::string folder_;
  std::vector<std::string> inputs_;
};

// The configuration as that daemon reads it.
struct Brain {
  daemon::Configuration configuration;
  rules::RuleSetPtr rules;
};
[[nodiscard]] Brain load_brain(const Daemon& daemon);

}  // namespace millwright::e2e
