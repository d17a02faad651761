#pragma once
// The members of what lanes and the ledger know of the plant, by the names they have in JSON; goes
// on where records_task.hpp ends. Pure.

#include "codec/records_decision.hpp"

namespace millwright::codec {

template <class Io, Is<EquipmentState> T>
void fields(Io& io, T& e) {
  io("state", e.state);
  io("mode", e.mode);
  io("since", e.since);
  io("sequence", e.sequence);
  io("order", e.order);
}

template <class Io, Is<ServiceState> T>
void fields(Io& io, T& s) {
  io("restarted", s.restarted);
  io("work_order", s.work_order);
  io("in_maintenance", s.in_maintenance);
  io("maintenance_until", s.maintenance_until);
}

template <class Io, Is<OpenWork> T>
void fields(Io& io, T& w) {
  io("tasks", w.tasks);
  io("cases", w.cases);
  io("newest", w.newest);
  io("newest_at", w.newest_at);
}

template <class Io, Is<Supply> T>
void fields(Io& io, T& s) {
  io("available", s.available);
}

template <class Io, Is<SupplierRecord> T>
void fields(Io& io, T& s) {
  io("promises", s.promises);
  io("moved", s.moved);
  io("risk", s.risk);
  io("risk_at", s.risk_at);
}

template <class Io, Is<Stock> T>
void fields(Io& io, T& s) {
  io("on_hand", s.on_hand);
  io("reserved", s.reserved);
  io("blocked", s.blocked);
  io("as_of", s.as_of);
}

}  // namespace millwright::codec
