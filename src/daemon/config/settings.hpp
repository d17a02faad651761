#pragma once
// Settings: what millwright.yaml says besides naming the folders. Every member's default is the
// documented one. Values.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "millwright/base/limits.hpp"
#include "millwright/base/log.hpp"
#include "millwright/base/time.hpp"

namespace millwright::daemon {

struct KafkaSettings {
  std::string bootstrap = "127.0.0.1:9092";
  std::vector<std::string> topics{"erp.events", "mes.events",      "iot.telemetry",
                                  "wms.events", "cmms.events",     "plm.events",
                                  "qms.events", "supplier.events", "energy.events"};
  enum class Start { kEarliest, kLatest };
  Start start = Start::kEarliest;               // where a partition without a cursor begins
  std::string group;                            // "" : partitions are assigned by us (static)
  std::map<std::string, std::string> security;  // librdkafka properties: security.protocol, ...
  std::string dead_letter_suffix = ".dlq";
  std::string task_topic = "orch.tasks";
  std::string decision_topic = "orch.decisions";
};

struct StorageSettings {
  std::string path = "millwright.db";        // relative to millwright.yaml
  std::string anchor = "millwright.anchor";  // signed checkpoints
  std::size_t reserve_bytes = 256 << 20;     // free disk below which nothing is taken in any more
};

struct HttpSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  Duration session_idle = minutes(30);
  Duration session_absolute = hours(12);
  std::string users_file = "users.json";
  bool tls_proxy = false;          // browsers come by https, through a proxy
  std::vector<std::string> names;  // by which browsers reach it; empty: any
};

struct ErpSettings {
  std::string url;  // "" : no ERP, approved work goes to Kafka only
  // How the ERP can be asked again. A: it takes an idempotency key. B: it can be searched by our
  // reference. C: neither; what is unknown goes to a person.
  enum class Class { kA, kB, kC };
  Class type = Class::kB;
  std::string token_file;
  bool reserve_through_order = false;  // parts are reserved by the order's components
  Duration connect = limits::kErpConnect;
  Duration total = limits::kErpTotal;
};

struct LimitSettings {
  std::size_t event_bytes = limits::kEventBytes;
  std::size_t read_ahead = limits::kReadAhead;
  Duration checkpoint_every = limits::kCheckpointEvery;
  std::size_t ledger_queue = limits::kLedgerQueue;
};

struct Settings {
  KafkaSettings kafka;
  StorageSettings storage;
  HttpSettings http;
  ErpSettings erp;
  int lanes = 1;
  // What time it is in the plant: the wall clock's, or for a recording the newest event's.
  enum class PlantClock { kWall, kEvents };
  PlantClock plant_clock = PlantClock::kWall;
  log::Level log_level = log::Level::kInfo;
  log::Format log_format = log::Format::kAuto;
  LimitSettings limits;
  // Anomaly model of a signal that names none, by kind of signal (vibration_velocity); "" none.
  std::map<std::string, std::string> models;
};

}  // namespace millwright::daemon
