// Asking for the release of rules: whether that may be is the ledger's question.
#include <charconv>

#include "http/json_in.hpp"
#include "http/parameters.hpp"
#include "http/scene.hpp"
#include "millwright/base/digest.hpp"
#include "millwright/base/limits.hpp"

namespace millwright::http {
namespace {

std::string_view take_word(std::string_view& line) {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(word.size() + 1, line.size()));
  return word;
}

// A rule a line: id, version, hash, owner.
Result<std::vector<ReleasedRule>> read_rules(std::string_view text) {
  std::vector<ReleasedRule> out;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty()) continue;
    ReleasedRule rule;
    rule.ref.id = RuleId(take_word(line));
    const std::string_view version = take_word(line);
    const auto read =
        std::from_chars(version.data(), version.data() + version.size(), rule.ref.version);
    rule.ref.hash = take_word(line);
    rule.owner = line;
    const bool whole = read.ptr == version.data() + version.size() && rule.ref.version > 0;
    if (rule.ref.id.empty() || !whole || rule.ref.hash.empty() || rule.owner.empty() ||
        out.size() == limits::kRules) {
      return fail(Errc::kInvalid, "rules: line " + std::to_string(out.size() + 1) +
                                      " is not an id, a version, a hash and an owner.");
    }
    out.push_back(std::move(rule));
  }
  return out;
}

}  // namespace

Response ask_for_release(const Request& request, Context& context) {
  if (auto wrong = unknown_parameter(request, {})) return std::move(*wrong);
  const auto fields = parse_fields(request.body, {{"reason", true, 1, limits::kCommentBytes, true},
                                                  {"rules", true, 1, limits::kHttpBodyBytes, true},
                                                  {"changes", true, 0, limits::kReleaseText, true},
                                                  {"report", true, 0, limits::kReleaseText, true}});
  if (!fields) return problem(request, fields.error());
  Command command;
  command.act = Act::kAskForRelease;
  if (auto wrong = read_idempotency(request, command.idempotency_key)) return std::move(*wrong);
  if (command.idempotency_key.empty()) {
    return problem(request, Code::kInvalid,
                   "Send an Idempotency-Key of your own, so that a repeated request asks once.");
  }
  auto rules = read_rules(*(*fields)[1]);
  if (!rules) return problem(request, rules.error());
  const Caller& caller = *request.caller;
  command.user = caller.id;
  command.user_name = caller.name;
  command.roles = caller.roles;
  command.service_account = caller.service_account;
  command.comment = *(*fields)[0];
  command.task = TaskId(derive_id({"release/v1", caller.id.str(), command.idempotency_key}));
  command.seen = Revision(1);
  Release release;
  release.bundle = bundle_hash(*rules);
  release.rules = std::move(*rules);
  release.changes = *(*fields)[2];
  release.report = *(*fields)[3];
  release.asked_by = caller.id;
  release.asked_by_name = caller.name;
  command.release = std::move(release);
  const auto done = context.backend.submit(command);
  return done ? task_answer(request, context, *done) : problem(request, done.error());
}

}  // namespace millwright::http
