#pragma once
// Metrics of the web server, in Prometheus text format. Counters are atomic: the I/O thread adds,
// any handler thread writes them out.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "millwright/base/time.hpp"
#include "millwright/engine/queries.hpp"

namespace millwright::http {

class Metrics final {
 public:
  // `route` is a row of the route table, or one of these.
  static constexpr std::size_t kRoutesMost = 40;
  static constexpr std::size_t kUi = kRoutesMost;         // files of the web UI
  static constexpr std::size_t kOther = kRoutesMost + 1;  // refused before a route was known

  void count(std::size_t route, int status, Duration took);
  void write(std::string& out) const;

  std::atomic<std::int64_t> connections{0};
  std::atomic<std::int64_t> streams{0};
  std::atomic<std::int64_t> sessions{0};
  std::atomic<std::int64_t> logins_refused{0};
  std::atomic<std::int64_t> streams_cut{0};

 private:
  static constexpr std::array kStatuses = {200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 411,
                                           412, 413, 414, 415, 417, 421, 428, 429, 431, 500, 503};
  static constexpr std::array<double, 7> kBounds = {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0};

  std::array<std::array<std::atomic<std::uint64_t>, kStatuses.size() + 1>, kRoutesMost + 2>
      requests_{};
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> took_{};
  std::atomic<std::int64_t> took_ns_{0};
};

// What the ledger counts, in the same format.
void write_counts(const StoreCounts& counts, std::string& out);
// One gauge or counter without labels.
void write_metric(std::string& out, const char* name, const char* type, const char* help,
                  double value);

}  // namespace millwright::http
