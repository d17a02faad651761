#include <cstdio>

#include "daemon/backend.hpp"
#include "daemon/run.hpp"
#include "millwright/base/log.hpp"
#include "millwright/daemon/commands.hpp"

namespace millwright::daemon {

int serve(const ServeOptions& options) {
  take_signals();
  auto loaded = load_and_compile(options.config);
  if (!loaded) return report(loaded.error());
  const Settings settings = loaded->configuration.settings;
  log::configure(settings.log_level, settings.log_format);
  const SystemClock clock;

  App::Options parts;
  parts.paths = paths_of(loaded->configuration);
  parts.configuration = std::move(loaded->configuration);
  parts.rules = loaded->rules;
  parts.clock = &clock;
  if (settings.plant_clock == Settings::PlantClock::kEvents) {
    parts.plant_time = [](Instant) { return std::nullopt; };
  }
  const std::string users_file = parts.paths.users;
  if (auto connected = connect(parts); !connected) return report(connected.error());
  auto users = http::Users::open(users_file);
  if (!users) return report(users.error());
  auto app = App::start(std::move(parts));
  if (!app) return report(app.error());
  AppBackend backend(**app, clock);
  auto server =
      http::start_server(server_config(settings), backend, **users, ui_assets(options.ui_dir));
  if (!server) return report(server.error());
  publish_changes(**app, **server);
  log::info("millwright serves", {{"host", settings.http.host},
                                  {"port", int((*server)->port())},
                                  {"kafka", settings.kafka.bootstrap}});

  (void)wait_for_end([&] { return !(*app)->broken(); });
  const bool broken = (*app)->broken();
  (*server)->stop();
  const bool drained = (*app)->stop();
  log::info("millwright has stopped", {{"drained", drained}});
  return broken ? kRestart : kOk;
}

int version() {
  std::printf("millwright %s\n", MILLWRIGHT_VERSION);
  return kOk;
}

}  // namespace millwright::daemon
