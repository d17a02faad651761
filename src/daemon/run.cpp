#include "daemon/run.hpp"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "daemon/rules_bundle.hpp"
#include "millwright/daemon/commands.hpp"

namespace millwright::daemon {
namespace {

sigset_t end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Result<Loaded> load_and_compile(const std::string& config_file, const std::string& rules_folder) {
  std::vector<Problem> problems;
  Environment environment = process_environment();
  if (!rules_folder.empty()) {
    environment["MILLWRIGHT_RULES"] = std::filesystem::absolute(rules_folder).string();
  }
  auto loaded = load_configuration(config_file, environment, &problems);
  if (!loaded) {
    for (const Problem& problem : problems) {
      std::fprintf(stderr, "%s\n", to_text(problem).c_str());
    }
    return fail(Errc::kInvalid, problems.empty()
                                    ? loaded.error().message
                                    : std::to_string(problems.size()) +
                                          (problems.size() == 1 ? " problem" : " problems") +
                                          " in the configuration; nothing was started");
  }
  auto rules = compile_rules(loaded->rules, loaded->version, problems);
  if (rules == nullptr) {
    for (const Problem& problem : problems) {
      std::fprintf(stderr, "%s\n", to_text(problem).c_str());
    }
    return fail(Errc::kInvalid, "the rules do not compile; nothing was started");
  }
  return Loaded{std::move(*loaded), std::move(rules)};
}

void take_signals() {
  const sigset_t set = end_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool wait_for_end(const std::function<bool()>& beat) {
  const sigset_t set = end_signals();
  const timespec every{0, 200'000'000};
  while (beat()) {
    if (sigtimedwait(&set, nullptr, &every) <= 0) continue;
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    return true;
  }
  return false;
}

bool asked_to_end() {
  const sigset_t set = end_signals();
  const timespec at_once{0, 0};
  return sigtimedwait(&set, nullptr, &at_once) > 0;
}

http::UiAssets ui_assets(const std::string& ui_dir) {
  http::UiAssets assets;
  assets.files = http::embedded_ui();
  assets.folder = ui_dir;
  assets.openapi = http::embedded_openapi();
  return assets;
}

http::ServerConfig server_config(const Settings& settings) {
  http::ServerConfig config;
  config.address = settings.http.host;
  config.port = settings.http.port;
  config.secure = settings.http.tls_proxy;
  config.hosts = settings.http.names;
  config.session_idle = settings.http.session_idle;
  config.session_longest = settings.http.session_absolute;
  config.version = MILLWRIGHT_VERSION;
  return config;
}

void publish_changes(App& app, http::Server& server) {
  app.on_tasks([&server](const std::vector<Task>& tasks) {
    std::vector<http::TaskChange> changes;
    changes.reserve(tasks.size());
    for (const Task& task : tasks) {
      changes.push_back({task.id, task.state, task.revision, task.priority});
    }
    server.publish(changes);
  });
}

int report(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  switch (error.code) {
    case Errc::kInvalid:
    case Errc::kNotFound:
    case Errc::kConflict:
    case Errc::kDenied:  // rules that are not released
      return kBadConfig;
    case Errc::kUnavailable:
    case Errc::kExhausted:
      return kUnavailable;
    case Errc::kStale:
      return kFailed;
  }
  return kFailed;
}

}  // namespace millwright::daemon
