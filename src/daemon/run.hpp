#pragma once
// What several commands share: loading a configuration with its rules, and waiting for the end.

#include <functional>
#include <string>

#include "daemon/app.hpp"
#include "millwright/http/server.hpp"

namespace millwright::daemon {

struct Loaded {
  Configuration configuration;
  rules::RuleSetPtr rules;
};
// Prints every problem as file:line:column: message to standard error; kInvalid if there was one.
// `rules`: a folder whose rules are taken instead of those the file names; "" none.
[[nodiscard]] Result<Loaded> load_and_compile(const std::string& config_file,
                                              const std::string& rules = "");

// Blocks signals for all threads to come; call first.
void take_signals();
// Waits for SIGINT or SIGTERM, calling `beat` every 200 ms; false from it ends the waiting. True: a
// signal came, and from now on another one ends the process at once.
bool wait_for_end(const std::function<bool()>& beat);
// For a command that works instead of waiting: has one of the signals come?
[[nodiscard]] bool asked_to_end();

[[nodiscard]] http::UiAssets ui_assets(const std::string& ui_dir);
[[nodiscard]] http::ServerConfig server_config(const Settings& settings);
// Tells the browsers of every commit.
void publish_changes(App& app, http::Server& server);

// "error: ..." on standard error; the exit code that fits.
int report(const Error& error);

}  // namespace millwright::daemon
