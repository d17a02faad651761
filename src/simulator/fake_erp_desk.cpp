#include "simulator/fake_erp_desk.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "millwright/base/json.hpp"

namespace millwright::simulator {
namespace {

using Json = nlohmann::json;
using Kind = ErpDocument::Kind;

ErpAnswer problem(int status, std::string_view detail) {
  JsonWriter json;
  json.begin_object();
  json.field("status", status);
  json.field("detail", detail);
  json.end_object();
  return {status, std::move(json).text()};
}

void write_document(JsonWriter& json, const ErpDocument& document) {
  json.begin_object();
  json.field("number", document.number);
  json.field("externalRef", document.external_ref);
  json.key("document");
  json.raw(document.body);
  json.end_object();
}

std::string text_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double number_at(const Json& object, const char* name, double fallback) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<double>() : fallback;
}

std::optional<int> hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

std::string url_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) && hex(text[i + 2])) {
      out += char(*hex(text[i + 1]) * 16 + *hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<Kind> kind_of(std::string_view path) {
  if (path == "/api/maintenance-orders") return Kind::kOrder;
  if (path == "/api/reservations") return Kind::kReservation;
  return std::nullopt;
}

}  // namespace

void ErpDesk::set_fault(ErpFault fault, int times) {
  fault_ = fault;
  fault_times_ = times;
}

ErpAnswer ErpDesk::answer(const ErpRequest& request) {
  ++requests_;
  const std::string_view target = request.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::optional<Kind> kind = kind_of(target.substr(0, mark));
  if (!options_.token.empty() && request.authorization != "Bearer " + options_.token) {
    return problem(401, "the token is missing or wrong");
  }
  if (!kind) return problem(404, "there is no such resource");
  if (request.method == "GET") {
    return search(*kind, mark < target.size() ? target.substr(mark + 1) : std::string_view());
  }
  if (request.method != "POST") return problem(405, "only GET and POST");
  return write(*kind, request);
}

ErpAnswer ErpDesk::search(Kind kind, std::string_view query) const {
  constexpr std::string_view kName = "externalRef=";
  const bool all = query.empty();
  if (!all && !query.starts_with(kName)) return problem(400, "search by externalRef");
  const std::string reference = all ? "" : url_decoded(query.substr(kName.size()));
  JsonWriter json;
  json.begin_object();
  json.key("items");
  json.begin_array();
  for (const ErpDocument& document : documents_) {
    if (document.kind != kind || (!all && document.external_ref != reference)) continue;
    write_document(json, document);
  }
  json.end_array();
  json.end_object();
  return {200, std::move(json).text()};
}

ErpAnswer ErpDesk::write(Kind kind, const ErpRequest& request) {
  ErpFault fault = ErpFault::kNone;
  if (fault_times_ > 0) {
    fault = fault_;
    --fault_times_;
  }
  switch (fault) {
    case ErpFault::kNone:
      return take(kind, request);
    case ErpFault::kError:
      return problem(500, "short dump in SAPLCOIH");
    case ErpFault::kBusy: {
      ErpAnswer busy = problem(429, "too many requests");
      busy.retry_after = 1;
      return busy;
    }
    case ErpFault::kRefuse:
      return problem(422, "equipment is locked for orders");
    case ErpFault::kHang: {
      ErpAnswer never;
      never.fate = ErpAnswer::Fate::kNever;
      return never;
    }
    case ErpFault::kCloseAfterCommit:
    case ErpFault::kHangAfterCommit: {
      ErpAnswer lost = take(kind, request);
      lost.fate =
          fault == ErpFault::kHangAfterCommit ? ErpAnswer::Fate::kNever : ErpAnswer::Fate::kClosed;
      return lost;
    }
    case ErpFault::kJunkAnswer: {
      ErpAnswer junk = take(kind, request);
      junk.body = "<html>It works!</html>";
      return junk;
    }
  }
  return problem(500, "unknown fault");
}

ErpAnswer ErpDesk::take(Kind kind, const ErpRequest& request) {
  const Json json = Json::parse(request.body, nullptr, false);
  if (!json.is_object()) return problem(400, "the body is no JSON object");
  std::size_t at = documents_.size();
  const auto known = by_key_.find(request.idempotency_key);
  if (options_.honours_keys && !request.idempotency_key.empty() && known != by_key_.end()) {
    at = known->second;
    if (documents_[at].body != request.body) {
      return problem(422, "the Idempotency-Key was used for another body");
    }
  } else {
    ErpDocument document;
    document.kind = kind;
    const bool order = kind == Kind::kOrder;
    document.number = std::to_string(order ? next_order_++ : next_reservation_++);
    document.external_ref = text_at(json, "externalRef");
    document.idempotency_key = request.idempotency_key;
    document.body = request.body;
    by_key_.emplace(request.idempotency_key, at);
    documents_.push_back(document);
    announce(document);
  }
  JsonWriter answer;
  answer.begin_object();
  answer.field("number", documents_[at].number);
  answer.field("externalRef", documents_[at].external_ref);
  answer.end_object();
  return {201, std::move(answer).text()};
}

void ErpDesk::announce(const ErpDocument& document) const {
  const Json json = Json::parse(document.body, nullptr, false);
  if (document.kind == Kind::kOrder) {
    if (!options_.on_order) return;
    ExternalOrder order;
    order.number = document.number;
    order.external_ref = document.external_ref;
    order.correlation = text_at(json, "correlationId");
    order.asset = text_at(json, "equipment");
    if (order.asset.empty()) order.asset = text_at(json, "assetId");
    order.duration_h = number_at(json, "durationHours", 1.0);
    options_.on_order(order);
    return;
  }
  if (!options_.on_reservation) return;
  ExternalReservation reservation;
  reservation.number = document.number;
  reservation.correlation = text_at(json, "correlationId");
  const auto parts = json.find("parts");
  if (parts != json.end() && parts->is_array()) {
    for (const Json& part : *parts) {
      if (!part.is_object()) continue;
      reservation.parts.push_back(
          {MaterialId(text_at(part, "material")), number_at(part, "quantity", 0.0)});
    }
  }
  options_.on_reservation(reservation);
}

}  // namespace millwright::simulator
