#pragma once
// Backend: all that the web server asks of the daemon. The daemon owns and implements it; it must
// outlive the server. Every method may be called from several threads at once.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/plant.hpp"
#include "millwright/domain/view.hpp"
#include "millwright/engine/ports.hpp"
#include "millwright/workflow/settle.hpp"

namespace millwright::http {

// Why work does not flow; one entry for each thing that is wrong.
struct HealthCause {
  std::string part;    // kafka, ledger, erp, disk, ...
  std::string detail;  // for a person: what, since when, what to do
};
struct Health {
  std::vector<HealthCause> causes;  // empty: ready
};

class Backend {
 public:
  virtual ~Backend() = default;

  // Called by each handler thread, which owns what it gets, and again after null: the ledger cannot
  // be opened now.
  [[nodiscard]] virtual std::unique_ptr<StoreReader> make_reader() = 0;
  // Never null.
  [[nodiscard]] virtual PlantViewPtr view() = 0;
  [[nodiscard]] virtual const PlantModel& plant() const = 0;
  [[nodiscard]] virtual const workflow::Policy& policy() const = 0;

  // Hands the command to the ledger and waits: the task as committed, or settle's error, or
  // kUnavailable when the ledger takes no writes. Bounded in time, also while the daemon stops.
  [[nodiscard]] virtual Result<Task> submit(Command command) = 0;
  // A security event for the audit log. Does not wait; may drop when the ledger is full.
  virtual void note(Notice notice) = 0;

  [[nodiscard]] virtual Health health() = 0;
  // Plant time: accelerated in the demo.
  [[nodiscard]] virtual Instant now() = 0;
  // Plant seconds that pass in a second.
  [[nodiscard]] virtual double clock_speed() const { return 1.0; }
  // Wall clock: sessions, keys and throttling go by it, never by plant time.
  [[nodiscard]] virtual const Clock& wall_clock() const = 0;
  // Plant time at which the newest event was taken in.
  [[nodiscard]] virtual std::optional<Instant> last_event_at() = 0;
  [[nodiscard]] virtual std::size_t rules_active() = 0;
  // Prometheus text, complete lines, of what neither the web server nor StoreReader::counts knows.
  // The server itself writes millwright_http_*, millwright_sse_*, millwright_build_info,
  // millwright_events_total, millwright_tasks, millwright_decisions_total,
  // millwright_audit_records, millwright_audit_anchored_records, millwright_effects_pending and
  // _parked, millwright_ready.
  [[nodiscard]] virtual std::string metrics_text() = 0;
};

}  // namespace millwright::http
