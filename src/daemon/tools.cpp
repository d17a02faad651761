// The small commands: check, user add, audit verify.
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "daemon/rules_bundle.hpp"
#include "daemon/rules_text.hpp"
#include "daemon/run.hpp"
#include "millwright/base/json.hpp"
#include "millwright/daemon/commands.hpp"
#include "millwright/http/users.hpp"
#include "millwright/store/store.hpp"

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;

// The terminal without echo for as long as it lives, and also when Ctrl-C ends it. One at a time.
class SilentTerminal {
 public:
  SilentTerminal() {
    tcgetattr(STDIN_FILENO, &before_);
    termios silent = before_;
    silent.c_lflag &= ~tcflag_t(ECHO);
    std::signal(SIGINT, &SilentTerminal::give_up);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::signal(SIGINT, SIG_DFL);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

 private:
  static void give_up(int signal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::signal(signal, SIG_DFL);
    (void)raise(signal);
  }
  static inline termios before_{};
};

// From the terminal without echo, else a line of standard input.
std::string ask_password(const std::string& prompt) {
  std::string line;
  if (isatty(STDIN_FILENO) == 0) {
    std::getline(std::cin, line);
    return line;
  }
  std::fprintf(stderr, "%s", prompt.c_str());
  const SilentTerminal silent;
  std::getline(std::cin, line);
  std::fprintf(stderr, "\n");
  return line;
}

Result<std::vector<Role>> roles_of(const std::vector<std::string>& names) {
  std::vector<Role> roles;
  for (const std::string& name : names) {
    const auto role = http::role_from_text(name);
    if (!role) return role.error();
    roles.push_back(*role);
  }
  return roles;
}

int add_key(const std::string& file, const UserAddOptions& options, std::vector<Role> roles) {
  http::NewApiKey key;
  key.name = options.name.empty() ? options.id : options.name;
  key.roles = std::move(roles);
  const auto token = http::add_api_key(file, key);
  if (!token) return report(token.error());
  std::fprintf(stderr, "Keep this key; it is stored nowhere and cannot be shown again.\n");
  std::printf("%s\n", token->c_str());
  return kOk;
}

int not_readable(const AuditVerifyOptions& options, const std::string& why) {
  std::fprintf(stderr, "error: %s\n", why.c_str());
  if (options.json) {
    JsonWriter json;
    json.begin_object();
    json.field("verdict", store::to_text(store::Verdict::kIo));
    json.field("error", why);
    json.end_object();
    std::printf("%s\n", json.text().c_str());
  }
  return int(store::Verdict::kIo);
}

}  // namespace

int check(const CheckOptions& options) {
  std::vector<Problem> problems;
  auto loaded = load_configuration(options.config, &problems);
  if (!loaded && problems.empty())
    problems.push_back({options.config, 0, 0, loaded.error().message});
  rules::RuleSetPtr rules;
  if (loaded) rules = compile_rules(loaded->rules, loaded->version, problems);
  if (options.json) {
    std::printf("%s\n", problems_json(problems).c_str());
  } else {
    for (const Problem& p : problems) std::printf("%s\n", to_text(p).c_str());
  }
  if (!problems.empty()) return kBadConfig;
  if (!options.json) {
    std::printf("%s is right: %zu assets, %zu signals, %zu parts, %zu rules (version %s)\n",
                options.config.c_str(), loaded->plant->assets.size(), loaded->plant->signals.size(),
                loaded->plant->materials.size(), rules->rules().size(),
                loaded->version.substr(0, 12).c_str());
  }
  return kOk;
}

int user_add(const UserAddOptions& options) {
  std::vector<Problem> problems;
  const auto loaded = load_configuration(options.config, &problems);
  if (!loaded) return report(loaded.error());
  const std::string file = paths_of(*loaded).users;
  auto roles = roles_of(options.roles);
  if (!roles) return report(roles.error());
  if (options.api_key) return add_key(file, options, std::move(*roles));
  http::NewUser user;
  user.id = UserId(options.id);
  user.name = options.name.empty() ? options.id : options.name;
  user.roles = std::move(*roles);
  user.password = ask_password("Password for " + options.id + " (12 characters or more): ");
  if (isatty(STDIN_FILENO) != 0 && ask_password("Once more: ") != user.password) {
    return report(fail(Errc::kInvalid, "the two passwords differ; nothing was changed"));
  }
  const auto added = http::add_user(file, user);
  if (!added) return report(added.error());
  std::fprintf(stderr, "%s may log in now.\n", options.id.c_str());
  return kOk;
}

int audit_verify(const AuditVerifyOptions& options) {
  const std::string key_file =
      options.public_key.empty() ? options.ledger + ".key.pub" : options.public_key;
  if (!fs::exists(options.ledger)) {
    return not_readable(options, "there is no ledger at " + options.ledger);
  }
  const auto keys = store::read_verifier_keys(key_file);
  if (!keys) return not_readable(options, keys.error().message);
  std::string anchors = options.anchors;
  if (anchors.empty()) {
    anchors = (fs::path(options.ledger).parent_path() / "millwright.anchor").string();
    if (!fs::exists(anchors)) {
      anchors.clear();
      std::fprintf(stderr,
                   "There is no millwright.anchor beside the ledger: without signed checkpoints "
                   "nobody can tell it from an older copy of itself. Give --anchors FILE.\n");
    }
  }
  const bool show = isatty(STDERR_FILENO) != 0 && !options.json;
  const auto report_of = store::verify_ledger(
      options.ledger, anchors, *keys, [&](std::int64_t done, std::int64_t all) {
        if (show) std::fprintf(stderr, "\r%ld of %ld records", long(done), long(all));
      });
  if (show) std::fprintf(stderr, "\r\033[K");
  if (options.json) {
    JsonWriter json;
    json.begin_object();
    json.field("verdict", store::to_text(report_of.verdict));
    json.field("records", report_of.records);
    json.field("proven", report_of.proven);
    json.field("root", report_of.root);
    json.key("bad");
    report_of.bad ? json.value(report_of.bad->get()) : json.null();
    json.end_object();
    std::printf("%s\n", json.text().c_str());
  } else {
    std::printf("%s", store::to_text(report_of).c_str());
  }
  return int(report_of.verdict);
}

}  // namespace millwright::daemon
