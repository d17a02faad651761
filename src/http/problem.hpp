#pragma once
// Problems as RFC 9457 documents: one table of codes, each with its status and title. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "millwright/base/result.hpp"

namespace millwright::http {

enum class Code {
  kInvalid,
  kUnknownParameter,
  kReasonMissing,
  kUnauthenticated,
  kBadCredentials,
  kDenied,
  kWrongOrigin,
  kNotFound,
  kNoSignal,
  kAlreadyDecided,
  kStaleRevision,
  kRevisionMissing,
  kTooMany,
  kTooLarge,
  kUnavailable
};

struct FieldChange {
  std::string field;  // cause, priority, due, parts, cost, revision
  std::string before;
  std::string after;
};

struct Problem {
  Code code = Code::kInvalid;
  std::string detail;
  int status = 0;  // 0: the code's own
  std::vector<Role> may_do = {};
  std::vector<FieldChange> changes = {};
  std::string task_json = {};  // a TaskDetail; "" none
};

[[nodiscard]] Response problem(const Request& request, const Problem& problem);
[[nodiscard]] Response problem(const Request& request, Code code, std::string detail);
// An Error of a port. The text of kUnavailable goes to the log only.
[[nodiscard]] Response problem(const Request& request, const Error& error);

}  // namespace millwright::http
