#include "http/problem.hpp"

#include "millwright/base/json.hpp"
#include "millwright/base/log.hpp"

namespace millwright::http {
namespace {

struct CodeRow {
  std::string_view name;
  int status;
  std::string_view title;
};

CodeRow row(Code code) {
  switch (code) {
    case Code::kInvalid:
      return {"invalid", 400, "Invalid request"};
    case Code::kUnknownParameter:
      return {"unknown_parameter", 400, "Unknown parameter"};
    case Code::kReasonMissing:
      return {"reason_missing", 400, "A reason is missing"};
    case Code::kUnauthenticated:
      return {"unauthenticated", 401, "Not logged in"};
    case Code::kBadCredentials:
      return {"bad_credentials", 401, "Name or password wrong"};
    case Code::kDenied:
      return {"denied", 403, "Not allowed"};
    case Code::kWrongOrigin:
      return {"wrong_origin", 403, "Wrong origin"};
    case Code::kNotFound:
      return {"not_found", 404, "Not found"};
    case Code::kNoSignal:
      return {"no_signal", 404, "No signal"};
    case Code::kAlreadyDecided:
      return {"already_decided", 409, "Already decided"};
    case Code::kStaleRevision:
      return {"stale_revision", 412, "Changed since you looked"};
    case Code::kRevisionMissing:
      return {"revision_missing", 428, "Revision missing"};
    case Code::kTooMany:
      return {"too_many", 429, "Too many attempts"};
    case Code::kTooLarge:
      return {"too_large", 413, "Too large"};
    case Code::kUnavailable:
      return {"unavailable", 503, "Unavailable"};
  }
  return {"unavailable", 500, "Unavailable"};
}

Code code_of(Errc code) {
  switch (code) {
    case Errc::kInvalid:
      return Code::kInvalid;
    case Errc::kNotFound:
      return Code::kNotFound;
    case Errc::kConflict:
      return Code::kAlreadyDecided;
    case Errc::kStale:
      return Code::kStaleRevision;
    case Errc::kDenied:
      return Code::kDenied;
    case Errc::kUnavailable:
    case Errc::kExhausted:
      break;
  }
  return Code::kUnavailable;
}

}  // namespace

Response problem(const Request& request, const Problem& p) {
  const CodeRow known = row(p.code);
  Response out;
  out.status = p.status != 0 ? p.status : known.status;
  out.content_type = "application/problem+json";
  out.problem_code = known.name;
  JsonWriter json;
  json.begin_object();
  json.field("type", "about:blank");
  json.field("title", known.title);
  json.field("status", out.status);
  json.field("code", known.name);
  json.field("detail", p.detail);
  json.field("requestId", request.id);
  if (p.code == Code::kDenied && !p.may_do.empty()) {
    json.key("mayDo");
    json.begin_array();
    for (const Role role : p.may_do) json.value(to_text(role));
    json.end_array();
  }
  if (!p.changes.empty()) {
    json.key("changes");
    json.begin_array();
    for (const FieldChange& change : p.changes) {
      json.begin_object();
      json.field("field", change.field);
      json.field("before", change.before);
      json.field("after", change.after);
      json.end_object();
    }
    json.end_array();
  }
  if (!p.task_json.empty()) {
    json.key("task");
    json.raw(p.task_json);
  }
  json.end_object();
  out.body = std::move(json).text();
  return out;
}

Response problem(const Request& request, Code code, std::string detail) {
  return problem(request, Problem{code, std::move(detail)});
}

Response problem(const Request& request, const Error& error) {
  const Code code = code_of(error.code);
  if (code != Code::kUnavailable) return problem(request, code, error.message);
  log::error("a request could not be served", {{"request", request.id}, {"why", error.message}});
  return problem(request, code, "The ledger does not answer now. Nothing was done; try again.");
}

}  // namespace millwright::http
