#pragma once
// What the server reads as JSON: flat request bodies, the users file, and fields of audit records.
// Pure; the JSON library stays in json_in.cpp.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/problem.hpp"
#include "millwright/base/result.hpp"
#include "millwright/http/users.hpp"

namespace millwright::http {

struct FieldRule {
  std::string_view name;
  bool required = false;
  std::size_t least = 0;  // characters (code points)
  std::size_t most = 0;
  bool multiline = false;  // may hold line breaks and tabs
};

// A JSON object whose members are strings, exactly those that `rules` name; the values come in the
// rules' order, absent ones as nothing. Anything else is kInvalid with the member's name.
[[nodiscard]] Result<std::vector<std::optional<std::string>>> parse_fields(
    std::string_view body, const std::vector<FieldRule>& rules);

[[nodiscard]] Result<UserDirectory> parse_users(std::string_view text);

// What an audit record of a task says of the task as it was; missing members stay empty.
struct AuditBody {
  std::optional<int> revision;
  std::string detail;
  std::string cause;
  std::string priority;  // numbers and times as text
  std::string due;
  std::string cost;
  std::string parts;  // "BRG-6312-C3 x 1, SEAL-40-P x 1"
};
[[nodiscard]] AuditBody parse_audit_body(std::string_view record);

}  // namespace millwright::http
