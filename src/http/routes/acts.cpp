// Approve and reject: what was said is read here; whether it may be done is the ledger's question.
#include <algorithm>
#include <array>

#include "http/json_in.hpp"
#include "http/parameters.hpp"
#include "http/scene.hpp"

namespace millwright::http {
namespace {

constexpr std::array<std::string_view, 3> kMeanings = {"approval", "review", "responsibility"};
constexpr std::array<std::string_view, 5> kReasons = {"FALSE_ALARM", "ALREADY_PLANNED", "NOT_NOW",
                                                      "WRONG_CAUSE", "OTHER"};

template <std::size_t N>
std::string listed(const std::array<std::string_view, N>& words) {
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

std::optional<Response> read_approval(const Request& request, Command& command) {
  const auto fields =
      parse_fields(request.body,
                   {{"meaning", false, 1, 32}, {"comment", false, 0, limits::kCommentBytes, true}});
  if (!fields) return problem(request, fields.error());
  command.meaning = (*fields)[0].value_or("approval");
  command.comment = (*fields)[1].value_or("");
  if (std::find(kMeanings.begin(), kMeanings.end(), command.meaning) == kMeanings.end()) {
    return problem(request, Code::kInvalid, "meaning must be one of " + listed(kMeanings) + ".");
  }
  return std::nullopt;
}

std::optional<Response> read_rejection(const Request& request, Command& command) {
  const auto fields = parse_fields(
      request.body,
      {{"reasonCode", false, 0, 32}, {"comment", false, 0, limits::kCommentBytes, true}});
  if (!fields) return problem(request, fields.error());
  command.reason_code = (*fields)[0].value_or("");
  command.comment = (*fields)[1].value_or("");
  if (command.reason_code.empty()) {
    return problem(request, Code::kReasonMissing,
                   "Say why: reasonCode is one of " + listed(kReasons) + ".");
  }
  if (std::find(kReasons.begin(), kReasons.end(), command.reason_code) == kReasons.end()) {
    return problem(request, Code::kInvalid, "reasonCode must be one of " + listed(kReasons) + ".");
  }
  if (command.reason_code == "OTHER" &&
      command.comment.find_first_not_of(" \t\r\n") == std::string::npos) {
    return problem(request, Code::kReasonMissing, "With OTHER, comment must say why.");
  }
  return std::nullopt;
}

// A refusal by the ledger, with what the person needs to go on.
Response refused(const Request& request, Context& context, const Command& command,
                 const Error& error) {
  const bool with_task =
      error.code == Errc::kConflict || error.code == Errc::kStale || error.code == Errc::kDenied;
  if (!with_task) return problem(request, error);
  const Scene scene(context);
  const auto task = scene.task(command.task);
  if (!task) return problem(request, task.error());
  if (!*task) return problem(request, error);
  Problem p;
  p.detail = error.message;
  if (error.code == Errc::kDenied) {
    p.code = Code::kDenied;
    p.may_do = workflow::approver_roles(**task, scene.rules());
    return problem(request, p);
  }
  p.code = error.code == Errc::kConflict ? Code::kAlreadyDecided : Code::kStaleRevision;
  if (error.code == Errc::kStale) p.changes = changes_since(**task, command.seen, scene);
  if (auto detail = task_detail(**task, *request.caller, scene)) p.task_json = std::move(*detail);
  return problem(request, p);
}

Response act(const Request& request, Context& context, Act what) {
  if (auto wrong = unknown_parameter(request, {})) return std::move(*wrong);
  IfMatch seen = read_if_match(request);
  if (seen.refused) return std::move(*seen.refused);
  const Caller& caller = *request.caller;
  Command command;
  command.act = what;
  command.task = TaskId(request.params[0]);
  command.seen = seen.revision;
  command.user = caller.id;
  command.user_name = caller.name;
  command.roles = caller.roles;
  command.service_account = caller.service_account;
  auto wrong =
      what == Act::kApprove ? read_approval(request, command) : read_rejection(request, command);
  if (!wrong) wrong = read_idempotency(request, command.idempotency_key);
  if (wrong) return std::move(*wrong);
  const auto done = context.backend.submit(command);
  return done ? task_answer(request, context, *done)
              : refused(request, context, command, done.error());
}

}  // namespace

Response approve_task(const Request& request, Context& context) {
  return act(request, context, Act::kApprove);
}

Response reject_task(const Request& request, Context& context) {
  return act(request, context, Act::kReject);
}

}  // namespace millwright::http
