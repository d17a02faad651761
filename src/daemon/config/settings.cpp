#include <algorithm>

#include "daemon/config/plant_names.hpp"
#include "daemon/config/tables.hpp"

namespace millwright::daemon {
namespace {

using K = KeyKind;

constexpr std::string_view kVariablePrefix = "MILLWRIGHT_";

constexpr std::string_view kStarts[] = {"earliest", "latest"};
constexpr std::string_view kPlantClocks[] = {"wall", "events"};
constexpr std::string_view kClasses[] = {"A", "B", "C"};
constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};
constexpr std::string_view kFormats[] = {"auto", "text", "json"};

constexpr Key kKafkaKeys[] = {
    {"bootstrap", K::kText, kOptional, "Brokers to begin with, host:port, separated by commas.",
     "127.0.0.1:9092"},
    {"topics", K::kTextList, kOptional, "Topics that are read.",
     "erp.events, mes.events, iot.telemetry, wms.events, cmms.events, plm.events, qms.events, "
     "supplier.events, energy.events"},
    {"start", K::kChoice, kOptional, "Where a partition begins that was never read.", "earliest",
     nullptr, kStarts},
    {"group", K::kText, kOptional,
     "Consumer group, for several daemons on one topic. Without it partitions are assigned by "
     "Millwright itself, which is faster after a crash.",
     "none"},
    {"security", K::kTextMap, kOptional,
     "librdkafka properties for access: security.protocol, sasl.mechanism, ssl.ca.location, ...",
     "none"},
    {"dead_letter_suffix", K::kText, kOptional,
     "Ending of the topic that takes what cannot be decoded.", ".dlq"},
    {"task_topic", K::kText, kOptional, "Topic that tells of tasks.", "orch.tasks"},
    {"decision_topic", K::kText, kOptional, "Topic that tells of decisions.", "orch.decisions"},
};
constexpr Section kKafka{"kafka", "The broker.", kKafkaKeys};

constexpr Key kStorageKeys[] = {
    {"path", K::kText, kOptional, "The ledger, an SQLite file; relative to this file.",
     "millwright.db"},
    {"anchor", K::kText, kOptional,
     "File of signed checkpoints, best on another disk; relative to this file.",
     "millwright.anchor"},
    {"reserve", K::kBytes, kOptional, "Free disk below which no more events are taken in.",
     "256MB"},
};
constexpr Section kStorage{"storage", "Where the ledger lies.", kStorageKeys};

constexpr Key kHttpKeys[] = {
    {"host", K::kText, kOptional, "Address to listen on.", "127.0.0.1"},
    {"port",
     K::kInteger,
     kOptional,
     "Port to listen on; 0 takes a free one.",
     "8080",
     nullptr,
     {},
     0,
     65'535},
    {"session_idle", K::kDuration, kOptional, "A session ends when it is not used for so long.",
     "30m"},
    {"session_absolute", K::kDuration, kOptional, "A session ends after this at the latest.",
     "12h"},
    {"users", K::kText, kOptional, "File of users and API keys; relative to this file.",
     "users.json"},
    {"tls_proxy", K::kBool, kOptional,
     "Browsers come by https, through a proxy that ends it: cookies are Secure, origins https.",
     "false"},
    {"names", K::kTextList, kOptional,
     "Names by which browsers reach it, with the port if it is not the usual one; others are "
     "refused.",
     "any"},
};
constexpr Section kHttp{"http", "The web server.", kHttpKeys};

constexpr Key kErpKeys[] = {
    {"url", K::kText, kOptional,
     "Address of the ERP adapter; without it approved work goes to Kafka only.", "none"},
    {"class", K::kChoice, kOptional,
     "How the ERP can be asked again: A takes an idempotency key, B can be searched by our "
     "reference, C neither.",
     "B", nullptr, kClasses},
    {"token_file", K::kText, kOptional,
     "File with the token that is sent to it; relative to this file.", "none"},
    {"reserve_through_order", K::kBool, kOptional,
     "The ERP reserves parts through the order's components.", "false"},
    {"connect_timeout", K::kDuration, kOptional, "Longest wait for a connection.", "3s"},
    {"total_timeout", K::kDuration, kOptional, "Longest wait for an answer.", "20s"},
};
constexpr Section kErp{"erp", "The ERP that gets approved work.", kErpKeys};

constexpr Key kLogKeys[] = {
    {"level", K::kChoice, kOptional, "Least level that is logged.", "info", nullptr, kLevels},
    {"format", K::kChoice, kOptional, "Text, or one JSON object a line; auto: text on a terminal.",
     "auto", nullptr, kFormats},
};
constexpr Section kLog{"log", "Logging.", kLogKeys};

constexpr Key kLimitKeys[] = {
    {"event_bytes", K::kBytes, kOptional, "Largest event that is read.", "1MB"},
    {"read_ahead", K::kBytes, kOptional,
     "Events each lane's Kafka client holds ready; much less of it slows a backlog down.", "128MB"},
    {"checkpoint_every", K::kDuration, kOptional, "Time between checkpoints of the lanes' state.",
     "5s"},
    {"ledger_queue",
     K::kInteger,
     kOptional,
     "Batches that may wait for the ledger.",
     "64",
     nullptr,
     {},
     32,
     4'096},
};
constexpr Section kLimits{"limits", "Bounds.", kLimitKeys};

constexpr Key kFileKeys[] = {
    {"plant", K::kText, kRequired, "the folder of the plant's files, relative to this file"},
    {"rules", K::kText, kRequired, "the folder of the rules, relative to this file"},
    {"workflow", K::kText, kRequired, "the folder of the workflow's policy, relative to this file"},
    {"kafka", K::kSection, kOptional, "The broker.", "", &kKafka},
    {"storage", K::kSection, kOptional, "Where the ledger lies.", "", &kStorage},
    {"http", K::kSection, kOptional, "The web server.", "", &kHttp},
    {"erp", K::kSection, kOptional, "The ERP that gets approved work.", "", &kErp},
    {"lanes", K::kInteger, kOptional, "Threads that decode and decide.", "1", nullptr, {}, 1, 64},
    {"plant_clock", K::kChoice, kOptional,
     "What time it is in the plant: the wall clock's; or, where recorded events are played, the "
     "newest event's.",
     "wall", nullptr, kPlantClocks},
    {"log", K::kSection, kOptional, "Logging.", "", &kLog},
    {"limits", K::kSection, kOptional, "Bounds.", "", &kLimits},
    {"models", K::kTextMap, kOptional,
     "Anomaly model of signals that name none, by kind of signal; none: no score.",
     "robust-band for vibration_velocity, bearing_temperature, temperature, current, pressure, "
     "flow, power"},
};
constexpr Section kFile{"millwright.yaml", "Settings of Millwright.", kFileKeys};

// Position of a text among its choices; the checker has refused all others.
std::size_t choice(const Reader& in, std::string_view key,
                   std::span<const std::string_view> choices, std::size_t fallback) {
  const std::string text = in.text(key);
  const auto found = std::find(choices.begin(), choices.end(), text);
  return found == choices.end() ? fallback : std::size_t(found - choices.begin());
}

void read_kafka(const Reader& in, KafkaSettings& out) {
  out.bootstrap = in.text("bootstrap", out.bootstrap);
  if (in.has("topics")) out.topics = in.texts("topics");
  out.start = KafkaSettings::Start(choice(in, "start", kStarts, 0));
  out.group = in.text("group");
  in.each_member("security", [&](const Member& m) { out.security[m.name] = m.value.text; });
  out.dead_letter_suffix = in.text("dead_letter_suffix", out.dead_letter_suffix);
  out.task_topic = in.text("task_topic", out.task_topic);
  out.decision_topic = in.text("decision_topic", out.decision_topic);
}

void read_http(const Reader& in, HttpSettings& out) {
  out.host = in.text("host", out.host);
  out.port = std::uint16_t(in.integer("port", out.port));
  out.session_idle = in.duration("session_idle", out.session_idle);
  out.session_absolute = in.duration("session_absolute", out.session_absolute);
  out.users_file = in.text("users", out.users_file);
  out.tls_proxy = in.flag("tls_proxy", out.tls_proxy);
  if (in.has("names")) out.names = in.texts("names");
}

void read_erp(const Reader& in, ErpSettings& out) {
  out.url = in.text("url");
  out.type = ErpSettings::Class(choice(in, "class", kClasses, std::size_t(out.type)));
  out.token_file = in.text("token_file");
  out.reserve_through_order = in.flag("reserve_through_order", out.reserve_through_order);
  out.connect = in.duration("connect_timeout", out.connect);
  out.total = in.duration("total_timeout", out.total);
}

// The key at a path of the tables; null if there is none.
const Key* key_at(const std::vector<std::string>& path) {
  const Section* section = &kFile;
  const Key* key = nullptr;
  for (const std::string& step : path) {
    if (section == nullptr) return nullptr;
    key = section->find(step);
    if (key == nullptr) return nullptr;
    section = key->section;
  }
  return key;
}

// MILLWRIGHT_HTTP__SESSION_IDLE -> {http, session_idle}
std::vector<std::string> path_of(std::string_view name) {
  std::vector<std::string> path(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i, 2) == "__") {
      path.emplace_back();
      ++i;
    } else {
      path.back() += name[i] >= 'A' && name[i] <= 'Z' ? char(name[i] - 'A' + 'a') : name[i];
    }
  }
  return path;
}

Node& child(Node& map, const std::string& name) {
  for (Member& member : map.members) {
    if (member.name == name) return member.value;
  }
  map.members.push_back({name, 0, 0, {}});
  map.members.back().value.line = map.members.back().value.column = 0;
  return map.members.back().value;
}

// A text of the environment as a node of that kind: lists are separated by commas.
Node node_of(const Key& key, const std::string& text) {
  Node node;
  node.line = node.column = 0;
  node.text = text;
  node.quoted = key.kind != K::kNumber && key.kind != K::kInteger && key.kind != K::kBool;
  if (key.kind != K::kTextList) return node;
  node.kind = Node::Kind::kList;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    Node item;
    item.line = item.column = 0;
    item.quoted = true;
    item.text = text.substr(at, comma - at);
    node.items.push_back(std::move(item));
    at = comma + 1;
  }
  return node;
}

}  // namespace

const Section& settings_file() {
  return kFile;
}

std::span<const std::string_view> signal_kind_names() {
  return names::kSignalKinds;
}

bool names_setting(std::string_view variable) {
  return variable.starts_with(kVariablePrefix) &&
         key_at(path_of(variable.substr(kVariablePrefix.size()))) != nullptr;
}

void apply_environment(const Environment& environment, Node& root, std::vector<Problem>& problems) {
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kVariablePrefix)) continue;
    const auto path = path_of(std::string_view(name).substr(kVariablePrefix.size()));
    const Key* key = key_at(path);
    // A single word may belong to something else (MILLWRIGHT_DEMO_SEED); a path is meant for us.
    if (key == nullptr && path.size() == 1) continue;
    if (key == nullptr || key->section != nullptr || key->kind == K::kTextMap) {
      problems.push_back({"environment", 0, 0, name + " names no setting of millwright.yaml"});
      continue;
    }
    Node* at = &root;
    for (std::size_t i = 0; i < path.size(); ++i) {
      at->kind = Node::Kind::kMap;
      at->null = false;
      at = &child(*at, path[i]);
    }
    std::vector<Problem> found;
    Node map;
    map.kind = Node::Kind::kMap;
    map.members.push_back({path.back(), 0, 0, node_of(*key, value)});
    const Key keys[] = {*key};
    Checker("environment", found).check(Section{name, "", keys}, map);
    for (Problem& p : found) {
      problems.push_back({"environment", 0, 0, name + ": " + p.message});
    }
    if (found.empty()) *at = node_of(*key, value);
  }
}

Settings read_settings(const Reader& root) {
  Settings out;
  root.each("kafka", [&](const Reader& in) { read_kafka(in, out.kafka); });
  root.each("storage", [&](const Reader& in) {
    out.storage.path = in.text("path", out.storage.path);
    out.storage.anchor = in.text("anchor", out.storage.anchor);
    out.storage.reserve_bytes = in.bytes("reserve", out.storage.reserve_bytes);
  });
  root.each("http", [&](const Reader& in) { read_http(in, out.http); });
  root.each("erp", [&](const Reader& in) { read_erp(in, out.erp); });
  out.lanes = int(root.integer("lanes", out.lanes));
  out.plant_clock = Settings::PlantClock(choice(root, "plant_clock", kPlantClocks, 0));
  root.each("log", [&](const Reader& in) {
    out.log_level = log::Level(choice(in, "level", kLevels, std::size_t(out.log_level)));
    out.log_format = log::Format(choice(in, "format", kFormats, std::size_t(out.log_format)));
  });
  root.each("limits", [&](const Reader& in) {
    out.limits.event_bytes = in.bytes("event_bytes", out.limits.event_bytes);
    out.limits.read_ahead = in.bytes("read_ahead", out.limits.read_ahead);
    out.limits.checkpoint_every = in.duration("checkpoint_every", out.limits.checkpoint_every);
    out.limits.ledger_queue =
        std::size_t(in.integer("ledger_queue", std::int64_t(out.limits.ledger_queue)));
  });
  for (const std::string_view kind : names::kSignalKinds) {
    const bool scored = kind != "speed" && kind != "voltage" && kind != "other";
    out.models[std::string(kind)] = scored ? "robust-band" : "";
  }
  root.each_member("models", [&](const Member& m) {
    out.models[m.name] = m.value.text == "none" ? "" : m.value.text;
  });
  return out;
}

}  // namespace millwright::daemon
