#pragma once
// The commands of the program, one function each: options in, exit code out. Data goes to standard
// output, talk to standard error. Called once by main, on the main thread.

#include <cstdint>
#include <string>
#include <vector>

namespace millwright::daemon {

// Exit codes, after sysexits.h where it has one.
inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 64;
inline constexpr int kUnavailable = 69;  // the broker, the disk
inline constexpr int kRestart = 75;      // a supervisor is to start it again
inline constexpr int kBadConfig = 78;

struct ServeOptions {
  std::string config = "/etc/millwright/millwright.yaml";
  std::string ui_dir;  // "" : the user interface in the binary
};
[[nodiscard]] int serve(const ServeOptions& options);

struct DemoOptions {
  std::string config;  // "" : the plant in config/, else /etc/millwright
  std::uint16_t port = 8080;
  std::uint64_t seed = 7;
  double speed = 20.0;      // plant minutes a minute
  int history_hours = 30;   // simulated before it goes live
  std::string keep;         // "" : everything is removed at the end
  bool browser = true;      // opens one where there is a display
  bool ready_json = false;  // prints READY {json} for programs
  std::string ui_dir;
};
[[nodiscard]] int demo(const DemoOptions& options);

struct CheckOptions {
  std::string config = "config/millwright.yaml";
  bool json = false;
};
[[nodiscard]] int check(const CheckOptions& options);

struct ReplayOptions {
  std::string config;   // "" : the mapping's, else config/millwright.yaml
  std::string input;    // recorded events, one JSON a line, or a CSV with a mapping
  std::string mapping;  // YAML; only for CSV
  std::string ledger;   // "" : a temporary one, removed at the end
  bool json = false;
};
[[nodiscard]] int replay(const ReplayOptions& options);

// Recorded history, and what is known of it.
struct HistoryOptions {
  std::string config;   // "" : the mapping's, else config/millwright.yaml
  std::string input;    // a recording; "" : what Kafka still holds
  std::string mapping;  // YAML; only for CSV
  std::string from;     // RFC 3339; cases that open from then on are counted. "" : the beginning
  std::string to;       // "" : the end
  int warm_up_hours = 168;  // played before `from`, so that models and windows know the plant
  std::string known;        // CSV of known failures: asset,from,to[,mode]
  std::string ledger;       // whose closed tasks say what was real; "" : the configuration's
  bool json = false;
};

struct WhatIfOptions : HistoryOptions {
  std::string candidate;  // folder of rules that are tried instead of those in force
};
[[nodiscard]] int rules_whatif(const WhatIfOptions& options);

struct ReleaseOptions : WhatIfOptions {
  std::string reason;
  std::string url;  // of the daemon that runs; "" : where the configuration says it listens
  std::string key;  // file with an API key
};
// Tries the candidate and asks the daemon for its release, the report attached.
[[nodiscard]] int rules_release(const ReleaseOptions& options);

struct NuisanceOptions : HistoryOptions {
  int days = 90;         // of the ledger, back from its newest task
  bool propose = false;  // tries stricter numbers for the worst rules on the history
};
[[nodiscard]] int rules_nuisance(const NuisanceOptions& options);

struct RulesOptions {
  std::string path;                // a folder of rules, or a millwright.yaml
  std::string other;               // diff: what it is compared with
  std::string rule;                // eval, explain
  std::vector<std::string> given;  // name=value
  bool json = false;
};
[[nodiscard]] int rules_check(const RulesOptions& options);
[[nodiscard]] int rules_test(const RulesOptions& options);
[[nodiscard]] int rules_eval(const RulesOptions& options);
[[nodiscard]] int rules_explain(const RulesOptions& options);
[[nodiscard]] int rules_diff(const RulesOptions& options);

struct UserAddOptions {
  std::string config = "/etc/millwright/millwright.yaml";
  std::string id;
  std::string name;
  std::vector<std::string> roles;
  bool api_key = false;  // a service account with a key instead of a person with a password
};
[[nodiscard]] int user_add(const UserAddOptions& options);

struct AuditVerifyOptions {
  std::string ledger;
  std::string anchors;     // "" : millwright.anchor beside the ledger, if there is one
  std::string public_key;  // "" : ledger + ".key.pub"
  bool json = false;
};
[[nodiscard]] int audit_verify(const AuditVerifyOptions& options);

[[nodiscard]] int version();

}  // namespace millwright::daemon
