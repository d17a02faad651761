// The demo: a plant that lives, an embedded broker, an ERP, and the daemon on top, all on loopback.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "daemon/backend.hpp"
#include "daemon/demo_plant.hpp"
#include "daemon/plant_clock.hpp"
#include "daemon/run.hpp"
#include "millwright/base/json.hpp"
#include "millwright/base/log.hpp"
#include "millwright/daemon/commands.hpp"
#include "millwright/simulator/fake_erp.hpp"
#include "millwright/source/embedded_broker.hpp"

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;

struct Persona {
  const char* id;
  const char* name;
  Role role;
};
// Passwords are drawn anew at each start and shown once.
constexpr Persona kPersonas[] = {
    {"s.moreau", "Sophie Moreau", Role::kMaintenanceSupervisor},
    {"p.keller", "Paul Keller", Role::kPlanner},
    {"m.lindqvist", "Mia Lindqvist", Role::kPlantManager},
    {"o.ortiz", "Olu Ortiz", Role::kOperator},
};

// A folder of the demo's own, gone at the end unless it is to be kept.
class Workspace {
 public:
  explicit Workspace(std::string keep) : keep_(!keep.empty()), path_(std::move(keep)) {
    if (keep_) {
      fs::create_directories(path_);
      return;
    }
    std::string pattern = (fs::temp_directory_path() / "millwright-demo.XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~Workspace() {
    std::error_code ignored;
    if (!keep_ && !path_.empty()) fs::remove_all(path_, ignored);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  const bool keep_;
  std::string path_;
};

std::string find_config(const DemoOptions& options) {
  if (!options.config.empty()) return options.config;
  // The plant that comes with the program: in the checkout, or where a package puts it.
  for (const char* path : {"config/millwright.yaml", "/etc/millwright/millwright.yaml"}) {
    if (fs::exists(path)) return path;
  }
  std::error_code ignored;
  const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
  return (self.parent_path() / "../../config/millwright.yaml").lexically_normal().string();
}

Result<std::vector<std::string>> add_personas(const std::string& file) {
  std::vector<std::string> passwords;
  for (const Persona& persona : kPersonas) {
    http::NewUser user;
    user.id = UserId(persona.id);
    user.name = persona.name;
    user.roles = {persona.role};
    user.password = demo_password();
    MW_TRY(http::add_user(file, user));
    passwords.push_back(user.password);
  }
  return passwords;
}

void print_ready(const std::string& url, const std::string& bootstrap,
                 const std::vector<std::string>& passwords) {
  JsonWriter json;
  json.begin_object();
  json.field("url", url);
  json.field("bootstrap", bootstrap);
  json.key("users");
  json.begin_array();
  for (std::size_t i = 0; i < passwords.size(); ++i) {
    json.begin_object();
    json.field("user", kPersonas[i].id);
    json.field("name", kPersonas[i].name);
    json.field("password", passwords[i]);
    json.key("roles");
    json.begin_array();
    json.value(to_text(kPersonas[i].role));
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  std::printf("READY %s\n", json.text().c_str());
  std::fflush(stdout);
}

void print_welcome(const std::string& url, const std::string& bootstrap,
                   const std::vector<std::string>& passwords, double speed) {
  std::printf(
      "\n  Millwright demo: a simulated plant, nothing of it is real. Ctrl-C ends it.\n\n"
      "  Web UI   %s\n\n  Log in as\n",
      url.c_str());
  for (std::size_t i = 0; i < passwords.size(); ++i) {
    std::printf("    %-13s %-22s %s\n", kPersonas[i].id, passwords[i].c_str(),
                std::string(to_text(kPersonas[i].role)).c_str());
  }
  std::printf(
      "\n  %.0f plant minutes pass in a minute.\n\n  Let a machine shake: three readings of your "
      "own\n\n    %s\n\n",
      speed, kcat_line(bootstrap).c_str());
  std::fflush(stdout);
}

// Shows how far history has come, on a terminal in one line. False: a signal or an error came
// first.
bool wait_for_history(const DemoPlant& plant, const App& app, int hours) {
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  int shown = -1;
  const bool ended = wait_for_end([&] {
    const int percent = int(plant.history() * 100.0);
    if (percent != shown && (terminal || percent == 100 || shown < 0)) {
      std::fprintf(stderr, "%sThe plant lives through its last %d hours: %d %%%s",
                   terminal ? "\r" : "", hours, percent, terminal && percent < 100 ? "" : "\n");
    }
    shown = percent;
    return percent < 100 && plant.healthy() && app.trouble().empty();
  });
  return !ended && plant.history() >= 1.0;
}

void open_browser(const std::string& url) {
  const bool display =
      std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
  if (!display) return;
  const std::string command = "xdg-open '" + url + "' >/dev/null 2>&1 &";
  if (std::system(command.c_str()) != 0) log::debug("no browser was opened");
}

int end_demo(DemoPlant& plant, App& app, const std::string& keep) {
  const std::string trouble = app.trouble();
  const bool broken = !trouble.empty() || !plant.healthy();
  plant.stop();
  (void)app.stop();
  std::printf("\nThe demo has ended%s.\n",
              keep.empty() ? "; nothing of it is left" : ("; its ledger is in " + keep).c_str());
  if (!trouble.empty()) std::fprintf(stderr, "error: %s\n", trouble.c_str());
  return broken ? kFailed : kOk;
}

int run_demo(const DemoOptions& options, Loaded loaded, const Workspace& work) {
  const SystemClock wall;
  const Instant live = wall.now();
  PlantClock clock(live - hours(options.history_hours));
  Settings& settings = loaded.configuration.settings;
  settings.http.port = options.port;
  if (auto able = http::can_listen(server_config(settings)); !able) return report(able.error());
  auto broker = source::EmbeddedBroker::start();
  if (!broker) return report(broker.error());
  settings.kafka.bootstrap = (*broker)->bootstrap();
  settings.lanes = 1;
  settings.storage.reserve_bytes = 0;  // a full disk ends the demo, and does not stall it
  if (auto made = create_topics(**broker, settings.kafka); !made) return report(made.error());

  DemoPlant plant(loaded.configuration.plant, options.seed, live - hours(options.history_hours),
                  live, options.speed, clock);
  simulator::FakeErpOptions erp_options;
  erp_options.on_order = [&](const simulator::ExternalOrder& o) { plant.order(o); };
  erp_options.on_reservation = [&](const simulator::ExternalReservation& r) { plant.reserve(r); };
  auto erp = simulator::FakeErp::start(std::move(erp_options));
  if (!erp) return report(erp.error());
  settings.erp.url = (*erp)->url();

  App::Options parts;
  parts.paths = {work.path() + "/ledger.db", work.path() + "/checkpoints", work.path() + "/key",
                 work.path() + "/users.json"};
  parts.rules = loaded.rules;
  parts.clock = &clock;
  parts.clock_speed = options.speed;
  parts.untimed = codec::Untimed::kIngested;  // the broker's clock is not the plant's
  parts.plant_time = [&clock](Instant now) { return clock.plant_time(now); };
  parts.configuration = std::move(loaded.configuration);
  const Settings used = parts.configuration.settings;
  const auto passwords = add_personas(parts.paths.users);
  if (!passwords) return report(passwords.error());
  auto users = http::Users::open(parts.paths.users);
  if (!users) return report(users.error());
  // The embedded broker does not answer a waiting fetch early when something comes in.
  if (auto connected = connect(parts, {{"fetch.wait.max.ms", "10"}}); !connected)
    return report(connected.error());
  auto app = App::start(std::move(parts));
  if (!app) return report(app.error());
  if (auto begun = plant.start(used.kafka.bootstrap, **app); !begun) return report(begun.error());
  if (!wait_for_history(plant, **app, options.history_hours)) {
    return end_demo(plant, **app, options.keep);
  }
  AppBackend backend(**app, wall);
  auto server =
      http::start_server(server_config(used), backend, **users, ui_assets(options.ui_dir));
  if (!server) return report(server.error());
  publish_changes(**app, **server);

  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/";
  print_welcome(url, used.kafka.bootstrap, *passwords, options.speed);
  if (options.ready_json) print_ready(url, used.kafka.bootstrap, *passwords);
  if (options.browser) open_browser(url);
  (void)wait_for_end([&] { return (*app)->trouble().empty() && plant.healthy(); });
  (*server)->stop();
  return end_demo(plant, **app, options.keep);
}

}  // namespace

int demo(const DemoOptions& options) {
  take_signals();
  log::configure(log::Level::kWarn, log::Format::kAuto);
  auto loaded = load_and_compile(find_config(options));
  if (!loaded) return report(loaded.error());
  if (!options.keep.empty() && fs::exists(options.keep + "/ledger.db")) {
    return report(fail(Errc::kConflict, options.keep + " holds the ledger of an earlier demo; name "
                                                       "another folder, or remove this one"));
  }
  const Workspace work(options.keep);
  if (work.path().empty()) return report(fail(Errc::kUnavailable, "no temporary folder"));
  return run_demo(options, std::move(*loaded), work);
}

}  // namespace millwright::daemon
