#pragma once
// Section and Key: what a map in a configuration file may hold. One table serves the check, the
// JSON Schema and the hints. Constant data, any thread.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/config/node.hpp"

namespace millwright::daemon {

enum class KeyKind {
  kText,
  kNumber,
  kInteger,
  kBool,
  kDuration,        // 10m
  kBytes,           // 256MB
  kDate,            // "2026-12-25"
  kTimeOfDay,       // "05:00", local
  kLocalTime,       // "2027-08-02T06:00", local
  kChoice,          // one of `choices`
  kTextList,        // list of texts
  kTextMap,         // free names -> text
  kNumberMap,       // free names -> number
  kListMap,         // free names -> list of scalars, word for word
  kValueMap,        // free names -> scalar, list or map of scalars, word for word
  kWordOrSection,   // one of `choices`, or a map of its own
  kSection,         // a map of its own
  kSectionList,     // a list of such maps
  kSectionMap,      // free names -> such maps
  kTextOrList,      // one text, or a list of them
  kNumberList,      // list of numbers
  kExpressionList,  // list of expressions
  kExpression,      // CEL or text with {{ CEL }}: any scalar, word for word
};

enum class Presence { kOptional, kRequired };
inline constexpr Presence kRequired = Presence::kRequired;
inline constexpr Presence kOptional = Presence::kOptional;

struct Section;

struct Key {
  std::string_view name;
  KeyKind kind = KeyKind::kText;
  Presence presence = Presence::kOptional;
  std::string_view doc;
  std::string_view fallback = "";  // as text; "" none to speak of
  const Section* section = nullptr;
  std::span<const std::string_view> choices = {};
  std::optional<double> low = std::nullopt;  // numbers: smallest; texts: shortest
  std::optional<double> high = std::nullopt;
};

struct Section {
  std::string_view name;  // as an error says it: "a signal"
  std::string_view doc;
  std::span<const Key> keys;

  [[nodiscard]] const Key* find(std::string_view key) const;
};

// Checks a node against its table: kinds, strict scalars, ranges, unknown, missing keys.
class Checker {
 public:
  Checker(const std::string& file, std::vector<Problem>& problems)
      : file_(file), problems_(problems) {}
  void check(const Section& section, const Node& node);

 private:
  void check_value(const Key& key, const Node& node);
  void check_scalar(const Key& key, const Node& node);
  void check_text(const Key& key, const Node& node);
  void check_list(const Key& key, const Node& node);
  void check_map(const Key& key, const Node& node);
  void check_range(const Key& key, const Node& node, double value);
  void unknown(const Section& section, const Member& member);
  void problem(const Node& node, std::string message);

  const std::string& file_;
  std::vector<Problem>& problems_;
};

// "; did you mean 'x'?" for the nearest of `names`, or "" if none is near.
[[nodiscard]] std::string nearest_hint(std::string_view word,
                                       const std::vector<std::string_view>& names);

// JSON Schema (draft-07) of a file of this section.
[[nodiscard]] std::string json_schema(const Section& section, std::string_view title);

}  // namespace millwright::daemon
