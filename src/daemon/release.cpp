// Asks a running daemon for the release of rules that were tried on recorded history.
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "daemon/history.hpp"
#include "daemon/rules_bundle.hpp"
#include "daemon/rules_text.hpp"
#include "millwright/base/digest.hpp"
#include "millwright/base/limits.hpp"
#include "millwright/base/log.hpp"
#include "millwright/effect/http_client.hpp"

namespace millwright::daemon {
namespace {

constexpr std::size_t kReportWidth = 100;
constexpr std::size_t kAnswerBytes = 1 << 20;

Result<std::string> read_key(const std::string& path) {
  std::ifstream file(path);
  std::string key;
  if (!file || !std::getline(file, key) || key.empty()) {
    return fail(Errc::kInvalid, path +
                                    ": no API key; one is made by: millwright user add "
                                    "--api-key --role integration");
  }
  return key;
}

Result<effect::HttpPeer> daemon_at(const ReleaseOptions& options, const Settings& settings) {
  if (!options.url.empty()) return effect::parse_url(options.url);
  effect::HttpPeer peer;
  peer.host = settings.http.host;
  peer.port = std::to_string(settings.http.port);
  return peer;
}

// Cut at a line's end where the daemon would not take it whole.
std::string bounded(std::string text) {
  constexpr std::string_view kCut = "... and more: it is longer than a release can show.\n";
  if (text.size() <= limits::kReleaseText) return text;
  text.resize(limits::kReleaseText - kCut.size());
  text.resize(text.rfind('\n') + 1);
  return text + std::string(kCut);
}

std::string lines_of(const std::vector<ReleasedRule>& rules) {
  std::string out;
  for (const auto& [ref, owner] : rules) {
    out += ref.id.str() + ' ' + std::to_string(ref.version) + ' ' + ref.hash + ' ' + owner + '\n';
  }
  return out;
}

std::string request_body(const Tried& tried, const ReleaseOptions& options) {
  ReportStyle style = tried.history->style(tried.now);
  style.width = kReportWidth;
  nlohmann::json body;
  body["reason"] = options.reason;
  body["rules"] = lines_of(released(*tried.candidate.rules));
  body["changes"] = bounded(changes_text(compare_rules(tried.history->now().configuration.rules,
                                                       tried.candidate.configuration.rules)));
  body["report"] = bounded(tried_text(tried, options, style));
  return body.dump();
}

// What the daemon said, in its own words where it refused.
Result<void> tell(const effect::HttpAnswer& answer, const effect::HttpPeer& peer, bool json) {
  const std::string where = peer.host + ":" + peer.port;
  if (answer.state != effect::HttpAnswer::State::kAnswered) {
    return fail(Errc::kUnavailable, "the daemon at " + where + " does not answer: " +
                                        answer.detail + "; say where it is with --url");
  }
  const auto said = nlohmann::json::parse(answer.body, nullptr, false);
  const auto text = [&](const char* name) {
    return said.is_object() && said.contains(name) && said[name].is_string()
               ? said[name].get<std::string>()
               : std::string();
  };
  if (answer.status != 200) {
    return fail(Errc::kDenied, "the daemon at " + where + " refused (" +
                                   std::to_string(answer.status) + "): " + text("detail"));
  }
  if (json) {
    std::printf("%s\n", answer.body.c_str());
    return {};
  }
  std::printf("\nAsked for: %s\nTask %s waits for its owners at http://%s/tasks/%s\n",
              text("title").c_str(), text("id").c_str(), where.c_str(), text("id").c_str());
  return {};
}

Result<void> ask(const ReleaseOptions& options) {
  const auto key = read_key(options.key);  // before the long part
  if (!key) return key.error();
  const auto tried = try_candidate(options);
  if (!tried) return tried.error();
  const auto rules = released(*tried->candidate.rules);
  if (bundle_hash(rules) == bundle_hash(released(*tried->history->now().rules))) {
    return fail(Errc::kInvalid,
                "nothing to release: the released rules are those in force. A rule is released by "
                "its status: released");
  }
  const auto peer = daemon_at(options, tried->history->now().configuration.settings);
  if (!peer) return peer.error();
  if (!options.json) {
    const ReportStyle style = tried->history->style(tried->now);
    std::printf("%s", tried_text(*tried, options, style).c_str());
  }
  effect::HttpCall call;
  call.peer = *peer;
  call.method = "POST";
  call.target = "/api/v1/rule-releases";
  call.body = request_body(*tried, options);
  call.headers = {{"Content-Type", "application/json"},
                  {"Authorization", "Bearer " + *key},
                  {"Idempotency-Key", derive_id({"ask/v1", call.body})}};
  call.connect_within = seconds(3);
  call.total_within = seconds(20);
  call.answer_bytes_max = kAnswerBytes;
  return tell(effect::http_exchange(call), *peer, options.json);
}

}  // namespace

int rules_release(const ReleaseOptions& options) {
  take_signals();
  log::configure(log::Level::kWarn, log::Format::kAuto);
  const auto done = ask(options);
  return done ? kOk : report(done.error());
}

}  // namespace millwright::daemon
