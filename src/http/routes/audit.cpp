// /api/v1/audit: the tamper-evident log.
#include <charconv>

#include "http/parameters.hpp"
#include "http/scene.hpp"

namespace millwright::http {
namespace {

Result<AuditQuery> read_query(const Request& request) {
  AuditQuery query;
  const auto limit = read_limit(request);
  if (!limit) return limit.error();
  query.limit = *limit;
  if (const std::string* text = request.parameter("task")) query.task = TaskId(*text);
  if (const std::string* text = request.parameter("case")) query.case_id = CaseId(*text);
  if (const std::string* text = request.parameter("type")) query.type = *text;
  if (const std::string* text = request.parameter("cursor")) {
    std::int64_t seq = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seq);
    if (error != std::errc() || end != text->data() + text->size() || seq < 0) {
      return fail(Errc::kInvalid, "cursor is not one that this list has given.");
    }
    query.after = AuditSeq(seq);
  }
  return query;
}

}  // namespace

Response list_audit_records(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {"task", "case", "type", "cursor", "limit"})) {
    return std::move(*refused);
  }
  const auto query = read_query(request);
  if (!query) return problem(request, query.error());
  const auto page = context.reader.audit(*query);
  if (!page) return problem(request, page.error());
  JsonWriter json;
  json.begin_object();
  json.key("items");
  json.begin_array();
  for (const AuditEntry& entry : page->items) {
    json.begin_object();
    json.field("seq", entry.seq.get());
    json.field("type", entry.type);
    json.field("at", entry.at);
    json.field("actor", entry.actor);
    json.field("record", entry.record);
    json.field("leafHash", entry.leaf_hash);
    json.end_object();
  }
  json.end_array();
  // The sequence number is the cursor: it is stable, and means the same in every filter.
  const bool more = !page->next.empty() && !page->items.empty();
  write_text(json, "next", more ? std::to_string(page->items.back().seq.get()) : std::string());
  json.end_object();
  return json_response(std::move(json).text());
}

Response get_audit_checkpoint(const Request& request, Context& context) {
  if (auto refused = unknown_parameter(request, {})) return std::move(*refused);
  auto note = context.reader.last_checkpoint();
  if (!note) return problem(request, note.error());
  if (note->empty()) {
    return problem(request, Code::kNotFound, "No checkpoint has been signed yet.");
  }
  Response out;
  out.content_type = "text/plain; charset=utf-8";
  out.body = std::move(*note);
  return out;
}

}  // namespace millwright::http
