#include "http/metrics.hpp"

#include <algorithm>

#include "http/routes.hpp"
#include "millwright/base/json.hpp"

namespace millwright::http {
namespace {

void head(std::string& out, const std::string& name, const char* type, const char* help) {
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

std::string route_labels(std::size_t index) {
  if (index == Metrics::kUi) return "route=\"ui\",method=\"GET\"";
  if (index == Metrics::kOther) return "route=\"other\",method=\"\"";
  const Route& route = route_table()[index];
  return "route=\"" + std::string(route.path) + "\",method=\"" +
         std::string(to_text(route.method)) + "\"";
}

void write_map(std::string& out, const std::string& name, const char* type, const char* help,
               const char* label, const std::map<std::string, std::int64_t>& values) {
  head(out, name, type, help);
  for (const auto& [key, value] : values) {
    out += name + "{" + label + "=\"" + key + "\"} " + std::to_string(value) + "\n";
  }
}

}  // namespace

void Metrics::count(std::size_t route, int status, Duration took) {
  const auto* const found = std::find(kStatuses.begin(), kStatuses.end(), status);
  const auto column = std::size_t(found - kStatuses.begin());
  requests_[std::min(route, kOther)][column].fetch_add(1, std::memory_order_relaxed);
  const double seconds_taken = took.seconds();
  const auto* const bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds_taken);
  took_[std::size_t(bound - kBounds.begin())].fetch_add(1, std::memory_order_relaxed);
  took_ns_.fetch_add(took.ns(), std::memory_order_relaxed);
}

void Metrics::write(std::string& out) const {
  head(out, "millwright_http_requests_total", "counter", "Requests answered.");
  for (std::size_t r = 0; r < requests_.size(); ++r) {
    for (std::size_t s = 0; s < requests_[r].size(); ++s) {
      const auto value = requests_[r][s].load(std::memory_order_relaxed);
      if (value == 0) continue;
      const std::string status = s < kStatuses.size() ? std::to_string(kStatuses[s]) : "other";
      out += "millwright_http_requests_total{" + route_labels(r) + ",status=\"" + status + "\"} " +
             std::to_string(value) + "\n";
    }
  }
  const std::string name = "millwright_http_request_seconds";
  head(out, name, "histogram", "From the end of a request to its answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < took_.size(); ++i) {
    sum += took_[i].load(std::memory_order_relaxed);
    const std::string bound = i < kBounds.size() ? shortest(kBounds[i]) : "+Inf";
    out += name + "_bucket{le=\"" + bound + "\"} " + std::to_string(sum) + "\n";
  }
  out += name + "_sum " + shortest(Duration(took_ns_.load()).seconds()) + "\n";
  out += name + "_count " + std::to_string(sum) + "\n";
  write_metric(out, "millwright_http_connections", "gauge", "Open connections.",
               double(connections.load()));
  write_metric(out, "millwright_http_sessions", "gauge", "Sessions of browsers.",
               double(sessions.load()));
  write_metric(out, "millwright_http_logins_refused_total", "counter", "Failed log-ins.",
               double(logins_refused.load()));
  write_metric(out, "millwright_sse_streams", "gauge", "Open event streams.",
               double(streams.load()));
  write_metric(out, "millwright_sse_streams_cut_total", "counter",
               "Event streams closed because their reader was too slow.",
               double(streams_cut.load()));
}

void write_metric(std::string& out, const char* name, const char* type, const char* help,
                  double value) {
  head(out, name, type, help);
  out += std::string(name) + " " + shortest(value) + "\n";
}

void write_counts(const StoreCounts& counts, std::string& out) {
  write_map(out, "millwright_events_total", "counter", "Records by what became of them.",
            "disposition", counts.dispositions);
  write_map(out, "millwright_tasks", "gauge", "Tasks by state.", "state", counts.tasks_by_state);
  write_metric(out, "millwright_decisions_total", "counter", "Decisions in the ledger.",
               double(counts.decisions));
  write_metric(out, "millwright_shadow_decisions_total", "counter",
               "Decisions of rules on trial, of which nothing comes.",
               double(counts.shadow_decisions));
  write_metric(out, "millwright_audit_records", "gauge", "Records in the audit log.",
               double(counts.audit_size));
  write_metric(out, "millwright_audit_anchored_records", "gauge",
               "Audit records that a signed checkpoint covers.", double(counts.anchored_size));
  write_metric(out, "millwright_effects_pending", "gauge", "Effects not yet delivered.",
               double(counts.effects_pending));
  write_metric(out, "millwright_effects_parked", "gauge", "Effects that wait for a person.",
               double(counts.effects_parked));
}

}  // namespace millwright::http
