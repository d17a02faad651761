#include "daemon/app.hpp"

#include <pthread.h>

#include <algorithm>
#include <filesystem>

#include "daemon/rules_bundle.hpp"
#include "millwright/base/check.hpp"
#include "millwright/base/log.hpp"
#include "millwright/codec/decode.hpp"
#include "millwright/effect/erp_runner.hpp"
#include "millwright/effect/kafka_runner.hpp"
#include "millwright/source/kafka_source.hpp"
#include "millwright/store/store.hpp"

namespace millwright::daemon {
namespace {

namespace fs = std::filesystem;

constexpr auto kPause = std::chrono::milliseconds(5);
constexpr auto kWaitForSpace = std::chrono::milliseconds(50);
constexpr auto kDrain = std::chrono::seconds(10);
constexpr auto kLookAtDisk = std::chrono::seconds(1);

// As `top -H` and profilers show it.
void name_thread(const char* name) {
  (void)pthread_setname_np(pthread_self(), name);
}

// The lane's decoder stays with the lane's thread; a function must be copyable, so it is shared.
Lane::Decode decoder(std::size_t event_bytes, codec::Untimed untimed) {
  auto shared = std::make_shared<codec::Decoder>(event_bytes, untimed);
  return [shared](const RawRecord& record, Instant ingested) {
    return shared->decode(record, ingested);
  };
}

}  // namespace

Paths paths_of(const Configuration& configuration) {
  const Settings& s = configuration.settings;
  return {s.storage.path, s.storage.anchor, s.storage.path + ".key", s.http.users_file};
}

App::App(Options options)
    : options_(std::move(options)),
      queue_(std::make_unique<LedgerQueue>(options_.configuration.settings.limits.ledger_queue)) {}

App::~App() {
  (void)stop();
}

Result<std::unique_ptr<App>> App::start(Options options) {
  std::unique_ptr<App> app(new App(std::move(options)));
  MW_TRY(app->open());
  if (!app->options_.threads) return app;
  app->ledger_thread_ = std::thread([raw = app.get()] { raw->run_ledger(); });
  for (const auto& lane : app->lanes_) {
    app->lane_threads_.emplace_back([raw = app.get(), &lane = *lane] { raw->run_lane(lane); });
  }
  app->dispatcher_thread_ = std::thread([raw = app.get()] { raw->run_dispatcher(); });
  return app;
}

Result<void> App::open() {
  const Configuration& c = options_.configuration;
  store::Options at;
  at.path = options_.paths.ledger;
  at.origin = c.plant->site_id + "/millwright/audit";
  at.key_path = options_.paths.key;
  at.anchors_path = options_.paths.anchors;
  at.durable = options_.durable;
  auto opened = store::open_store(at);
  if (!opened) return opened.error();
  store_ = std::move(*opened);
  auto reader = store::open_reader(at.path);
  if (!reader) return reader.error();
  dispatch_reader_ = std::move(*reader);
  auto anchor = store::make_file_anchor(at.anchors_path, at.durable);
  if (!anchor) return anchor.error();
  anchor_ = std::move(*anchor);
  const auto counts = dispatch_reader_->counts();
  if (!counts) return counts.error();

  ConfigLoaded config;
  config.version = c.version;
  config.summary = std::to_string(c.plant->assets.size()) + " assets, " +
                   std::to_string(options_.rules->rules().size()) + " rules";
  config.rules = released(*options_.rules);
  const auto tell = [this](const std::vector<Task>& tasks) {
    if (const auto listener = listeners_.read()) (*listener)(tasks);
  };
  Ledger::Setup setup{
      *store_, *anchor_, *queue_, board_, c.plant, c.policy, config, counts->effects_pending, tell};
  if (!options_.threads) setup.idle_wait = Duration();
  ledger_ = std::make_unique<Ledger>(std::move(setup));
  MW_TRY(ledger_->open(options_.clock->now()));
  for (std::size_t i = 0; i < options_.sources.size(); ++i) {
    lanes_.push_back(std::make_unique<Lane>(lane_setup(i)));
  }
  Dispatcher::Setup dispatch{
      *dispatch_reader_, *queue_, board_, {}, std::uint64_t(options_.clock->now().ns())};
  for (auto& [kind, runner] : options_.runners) dispatch.runners.push_back({kind, runner.get()});
  dispatcher_ = std::make_unique<Dispatcher>(std::move(dispatch));
  return {};
}

Lane::Setup App::lane_setup(std::size_t index) {
  const Configuration& c = options_.configuration;
  Lane::Setup setup{"lane-" + std::to_string(index),
                    *options_.sources[index],
                    *queue_,
                    board_,
                    pipeline::Setup{c.plant, options_.rules},
                    decoder(c.settings.limits.event_bytes, options_.untimed),
                    {},
                    {}};
  setup.plant_clock = options_.plant_time;
  setup.dead_letter_topic = [suffix = c.settings.kafka.dead_letter_suffix](
                                const std::string& topic) { return topic + suffix; };
  setup.checkpoint_every = c.settings.limits.checkpoint_every;
  if (!options_.threads) setup.poll_wait = Duration();
  return setup;
}

// The ledger's disk is watched before it is full: what is kept free serves people's acts, and
// whoever makes room.
void App::look_at_disk() {
  const auto now = std::chrono::steady_clock::now();
  if (now - disk_seen_at_ < kLookAtDisk) return;
  disk_seen_at_ = now;
  std::error_code error;
  const auto folder = fs::absolute(options_.paths.ledger, error).parent_path();
  const fs::space_info space = fs::space(folder, error);
  if (error) return;  // whether it can be written to, the next commit says
  const std::uintmax_t reserve = options_.configuration.settings.storage.reserve_bytes;
  // Not back at the first byte: it would open and close all the time.
  const bool open = space.available >= (board_.intake() ? reserve : reserve + reserve / 10);
  if (open == board_.intake()) return;
  board_.set_intake(open);
  open ? log::info("there is room on the disk again; events are read")
       : log::error("the disk is nearly full; no more events are read",
                    {{"folder", folder.string()}});
}

void App::run_ledger() {
  name_thread("ledger");
  while (!ledger_stop_) {
    look_at_disk();
    turn_ledger();
  }
  // What lanes and dispatcher left behind is still to be made durable; what a full disk does not
  // take in time is read or sent again after the next start.
  const auto until = std::chrono::steady_clock::now() + kDrain;
  while ((queue_->size() > 0 || ledger_->waits_for_space()) && !ledger_->status()->stopped &&
         std::chrono::steady_clock::now() < until) {
    turn_ledger();
  }
  ledger_->close(options_.clock->now());
}

void App::turn_ledger() {
  ledger_->turn(options_.clock->now());
  if (ledger_->waits_for_space()) std::this_thread::sleep_for(kWaitForSpace);
}

void App::run_lane(Lane& lane) {
  name_thread("lane");
  while (!lanes_stop_) lane.turn(options_.clock->now());
  lane.begin_shutdown(options_.clock->now());
  const auto until = std::chrono::steady_clock::now() + kDrain;
  while (!lane.drained() && std::chrono::steady_clock::now() < until) {
    lane.turn(options_.clock->now());
  }
  if (!lane.drained()) drained_ = false;
}

void App::run_dispatcher() {
  name_thread("dispatcher");
  while (!dispatcher_stop_) {
    if (!dispatcher_->turn(options_.clock->now())) std::this_thread::sleep_for(kPause);
  }
  dispatcher_->begin_shutdown();
  const auto until = std::chrono::steady_clock::now() + kDrain;
  while (!dispatcher_->idle() && std::chrono::steady_clock::now() < until) {
    (void)dispatcher_->turn(options_.clock->now());
    std::this_thread::sleep_for(kPause);
  }
}

void App::read() {
  MW_CHECK(!options_.threads);
  const Instant now = options_.clock->now();
  for (const auto& lane : lanes_) lane->turn(now);
}

void App::settle() {
  MW_CHECK(!options_.threads);
  const Instant now = options_.clock->now();
  ledger_->turn(now);
  if (board_.outbox() > 0) (void)dispatcher_->turn(now);
}

void App::drain_by_turns() {
  if (lanes_stop_.exchange(true)) return;
  const Instant now = options_.clock->now();
  for (const auto& lane : lanes_) lane->begin_shutdown(now);
  const auto drained = [](const auto& lane) { return lane->drained(); };
  const auto until = std::chrono::steady_clock::now() + kDrain;
  do {
    read();
    settle();
    drained_ = std::all_of(lanes_.begin(), lanes_.end(), drained) && queue_->size() == 0;
  } while (!drained_ && trouble().empty() && std::chrono::steady_clock::now() < until);
  ledger_->close(now);
}

bool App::stop() {
  if (!options_.threads) {
    if (ledger_ != nullptr && dispatcher_ != nullptr) drain_by_turns();
    return drained_;
  }
  lanes_stop_ = true;
  dispatcher_stop_ = true;
  for (auto& [kind, runner] : options_.runners) runner->give_up();
  for (std::thread& thread : lane_threads_) {
    if (thread.joinable()) thread.join();
  }
  if (dispatcher_thread_.joinable()) dispatcher_thread_.join();
  ledger_stop_ = true;
  if (ledger_thread_.joinable()) ledger_thread_.join();
  return drained_;
}

bool App::broken() const {
  const auto status = ledger_->status();
  return status != nullptr && status->stopped;
}

std::string App::trouble() const {
  const auto status = ledger_->status();
  return status == nullptr ? std::string() : status->problem;
}

void App::on_tasks(std::function<void(const std::vector<Task>&)> listener) {
  listeners_.publish(
      std::make_shared<const std::function<void(const std::vector<Task>&)>>(std::move(listener)));
}

std::shared_ptr<const LedgerStatus> App::ledger_status() const {
  return ledger_->status();
}

std::vector<std::shared_ptr<const LaneStatus>> App::lane_status() const {
  std::vector<std::shared_ptr<const LaneStatus>> all;
  for (const auto& lane : lanes_) all.push_back(lane->status());
  return all;
}

std::shared_ptr<const DispatcherStatus> App::dispatcher_status() const {
  return dispatcher_->status();
}

Result<void> connect(App::Options& options,
                     const std::map<std::string, std::string>& reader_tuning) {
  const Settings& s = options.configuration.settings;
  for (int lane = 0; lane < s.lanes; ++lane) {
    source::KafkaSourceConfig config;
    config.bootstrap = s.kafka.bootstrap;
    config.topics = s.kafka.topics;
    config.properties = s.kafka.security;
    config.properties.insert(reader_tuning.begin(), reader_tuning.end());
    config.read_ahead = s.limits.read_ahead;
    config.lane = lane;
    config.lanes = s.lanes;
    config.start = s.kafka.start == KafkaSettings::Start::kEarliest ? source::StartAt::kEarliest
                                                                    : source::StartAt::kLatest;
    config.group = s.kafka.group;
    auto made = source::make_kafka_source(config);
    if (!made) return made.error();
    options.sources.push_back(std::move(*made));
  }
  const std::string site = options.configuration.plant->site_id;
  effect::KafkaRunnerConfig out;
  out.bootstrap = s.kafka.bootstrap;
  out.transactional_id = site + "-millwright-relay";
  out.source = "/millwright/" + site;
  out.topics = {s.kafka.task_topic, s.kafka.decision_topic};
  for (const std::string& topic : s.kafka.topics) {
    out.topics.push_back(topic + s.kafka.dead_letter_suffix);
  }
  out.properties = s.kafka.security;
  auto relay = effect::make_kafka_runner(out);
  if (!relay) return relay.error();
  options.runners.emplace_back(EffectKind::kKafka, std::move(*relay));
  if (s.erp.url.empty()) return {};
  effect::ErpRunnerConfig erp;
  erp.url = s.erp.url;
  erp.endpoint = s.erp.type == ErpSettings::Class::kA   ? effect::ErpClass::kA
                 : s.erp.type == ErpSettings::Class::kB ? effect::ErpClass::kB
                                                        : effect::ErpClass::kC;
  erp.token_file = s.erp.token_file;
  erp.connect_within = s.erp.connect;
  erp.answer_within = s.erp.total;
  auto made = effect::make_erp_runner(erp);
  if (!made) return made.error();
  options.runners.emplace_back(EffectKind::kErp, std::move(*made));
  return {};
}

}  // namespace millwright::daemon
