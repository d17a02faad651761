#pragma once
// Maintenance and stores: the people who carry out what the ERP got. CMMS tells the order's status,
// the warehouse tells its stock, and a repair takes the fault away. Owned by the simulator's
// thread.

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "millwright/domain/plant.hpp"
#include "millwright/simulator/plant_simulator.hpp"
#include "simulator/faults.hpp"
#include "simulator/lines.hpp"
#include "simulator/outbox.hpp"

namespace millwright::simulator {

class Maintenance {
 public:
  Maintenance(const PlantModel& plant, const SimulatorOptions& options);

  void step(Instant minute, Lines& lines, FaultScript& faults, Outbox& out);
  void accept(const ExternalOrder& order);
  void accept(const ExternalReservation& reservation) { reserved_.push_back(reservation); }

 private:
  struct Job {
    ExternalOrder order;
    const Asset* asset = nullptr;
    Instant starts, ends;
    bool released = false, started = false;
  };

  void tell_order(const Job& job, std::string_view status, Instant at, std::string_view cause,
                  Outbox& out);
  void finish(Job& job, Instant minute, Lines& lines, FaultScript& faults, Outbox& out);
  void issue_parts(const Job& job, Instant minute, Outbox& out);
  void tell_stock(const MaterialId& material, Instant at, Outbox& out);
  void restock(Instant minute, Outbox& out);

  const PlantModel& plant_;
  const SimulatorOptions options_;
  std::deque<Job> jobs_;
  std::vector<ExternalReservation> reserved_;
  std::map<MaterialId, double> stock_;
  struct Receipt {
    Instant at;
    MaterialId material;
    double quantity = 0.0;
  };
  std::vector<Receipt> receipts_;
  std::int64_t next_document_ = 5'000'100;
  bool told_first_ = false;
};

}  // namespace millwright::simulator
