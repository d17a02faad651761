#include "simulator/maintenance.hpp"

#include <algorithm>

namespace millwright::simulator {

Maintenance::Maintenance(const PlantModel& plant, const SimulatorOptions& options)
    : plant_(plant), options_(options) {
  for (const auto& [id, material] : plant.materials) stock_[id] = material.initial_on_hand;
}

void Maintenance::accept(const ExternalOrder& order) {
  const auto found =
      std::find_if(plant_.assets.begin(), plant_.assets.end(), [&](const auto& entry) {
        return entry.second.equipment_number == order.asset || entry.first.str() == order.asset;
      });
  if (found == plant_.assets.end() || jobs_.size() >= options_.pending_orders_max) return;
  Job job;
  job.order = order;
  job.asset = &found->second;
  jobs_.push_back(std::move(job));
}

void Maintenance::step(Instant minute, Lines& lines, FaultScript& faults, Outbox& out) {
  if (!told_first_ || minute.ns() % hours(1).ns() == 0) {
    for (const auto& [material, quantity] : stock_) tell_stock(material, minute, out);
    told_first_ = true;
  }
  restock(minute, out);
  for (Job& job : jobs_) {
    if (!job.released) {
      job.released = true;
      job.starts = minute + options_.repair_lead;
      job.ends = job.starts + seconds(std::int64_t(std::max(0.25, job.order.duration_h) * 3600.0));
      tell_order(job, "REL", minute + seconds(5), "", out);
    } else if (!job.started && minute >= job.starts) {
      job.started = true;
      lines.set_maintenance(*job.asset, true);
      tell_order(job, "STRT", minute, "", out);
    } else if (job.started && minute >= job.ends) {
      finish(job, minute, lines, faults, out);
    }
  }
  std::erase_if(jobs_, [&](const Job& job) { return job.started && minute >= job.ends; });
}

void Maintenance::finish(Job& job, Instant minute, Lines& lines, FaultScript& faults, Outbox& out) {
  const std::string found = faults.repair(job.asset->id, minute);
  lines.set_maintenance(*job.asset, false);
  issue_parts(job, minute, out);
  tell_order(job, "TECO", minute + seconds(10), found.empty() ? "NO-FAULT" : found, out);
}

void Maintenance::tell_order(const Job& job, std::string_view status, Instant at,
                             std::string_view cause, Outbox& out) {
  auto draft =
      out.begin("cmms.workorder.statuschanged", job.asset->id.str(), at, job.order.correlation);
  JsonWriter& json = draft.json;
  json.field("woId", job.order.number);
  json.field("assetId", job.asset->id.str());
  json.field("type", "PM01");
  json.field("status", status);
  json.field("externalRef", job.order.external_ref);
  json.field("plannedStart", job.starts);
  json.field("plannedEnd", job.ends);
  if (job.started) json.field("actualStart", job.starts);
  if (!cause.empty()) {
    json.field("actualEnd", at);
    Outbox::quantity(json, "downtime", (job.ends - job.starts).seconds() / 3600.0, "h");
    json.field("problem", cause == "NO-FAULT" ? "NONE" : "VIB-HIGH");
    json.field("cause", cause);
    json.field("remedy", cause == "NO-FAULT" ? "NONE" : "REPLACED");
  }
  out.finish(std::move(draft));
}

void Maintenance::issue_parts(const Job& job, Instant minute, Outbox& out) {
  for (const ExternalReservation& r : reserved_) {
    if (r.correlation != job.order.correlation) continue;
    for (const OrderedPart& part : r.parts) {
      double& on_hand = stock_[part.material];
      const double issued = std::min(on_hand, part.quantity);
      on_hand -= issued;
      auto draft = out.begin("erp.goodsmovement.posted", part.material.str(), minute);
      draft.json.field("docId", std::to_string(++next_document_));
      draft.json.field("item", "1");
      draft.json.field("materialId", part.material.str());
      draft.json.field("movementType", "261");
      Outbox::quantity(draft.json, "qty", issued, "C62");
      draft.json.field("orderRef", job.order.number);
      out.finish(std::move(draft));
      tell_stock(part.material, minute + seconds(20), out);
      const auto known = plant_.materials.find(part.material);
      const int lead = known == plant_.materials.end() ? 1 : known->second.lead_time_days;
      receipts_.push_back({minute + hours(lead * 4), part.material, issued});
    }
  }
  std::erase_if(reserved_, [&](const ExternalReservation& r) {
    return r.correlation == job.order.correlation;
  });
}

void Maintenance::tell_stock(const MaterialId& material, Instant at, Outbox& out) {
  auto draft = out.begin("wms.stock.changed", material.str(), at);
  draft.json.field("materialId", material.str());
  const auto known = plant_.materials.find(material);
  if (known != plant_.materials.end()) draft.json.field_if("loc", known->second.location);
  Outbox::quantity(draft.json, "onHand", stock_[material], "C62");
  Outbox::quantity(draft.json, "reserved", 0.0, "C62");
  Outbox::quantity(draft.json, "blocked", 0.0, "C62");
  draft.json.field("snapshot", true);
  out.finish(std::move(draft));
}

void Maintenance::restock(Instant minute, Outbox& out) {
  for (const Receipt& receipt : receipts_) {
    if (receipt.at > minute) continue;
    stock_[receipt.material] += receipt.quantity;
    auto draft = out.begin("erp.goodsmovement.posted", receipt.material.str(), minute);
    draft.json.field("docId", std::to_string(++next_document_));
    draft.json.field("item", "1");
    draft.json.field("materialId", receipt.material.str());
    draft.json.field("movementType", "101");
    Outbox::quantity(draft.json, "qty", receipt.quantity, "C62");
    out.finish(std::move(draft));
    tell_stock(receipt.material, minute + seconds(20), out);
  }
  std::erase_if(receipts_, [&](const Receipt& r) { return r.at <= minute; });
}

}  // namespace millwright::simulator
