#include "daemon/config/schema.hpp"

#include <algorithm>

#include "daemon/config/scalar.hpp"

namespace millwright::daemon {
namespace {

std::string quote(std::string_view text) {
  return "'" + std::string(text.substr(0, 60)) + "'";
}

std::string listed(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

// Edits between two short words; two letters exchanged count as one (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

const char* expected(KeyKind kind) {
  switch (kind) {
    case KeyKind::kTextList:
    case KeyKind::kNumberList:
    case KeyKind::kExpressionList:
    case KeyKind::kSectionList:
      return "a list";
    case KeyKind::kTextMap:
    case KeyKind::kNumberMap:
    case KeyKind::kListMap:
    case KeyKind::kValueMap:
    case KeyKind::kSectionMap:
    case KeyKind::kSection:
      return "a map of names and values";
    default:
      return "a single value";
  }
}

const char* found(const Node& node) {
  if (node.null) return "nothing";
  if (node.kind == Node::Kind::kList) return "a list";
  return node.kind == Node::Kind::kMap ? "a map" : "a single value";
}

}  // namespace

std::string nearest_hint(std::string_view word, const std::vector<std::string_view>& names) {
  if (word.size() < 2) return "";
  std::string_view best;
  std::size_t best_distance = 1 + std::max<std::size_t>(word.size() / 3, 1);
  for (const std::string_view name : names) {
    const std::size_t d = distance(word.substr(0, 60), name);
    if (d < best_distance) {
      best_distance = d;
      best = name;
    }
  }
  return best.empty() ? "" : "; did you mean " + quote(best) + "?";
}

const Key* Section::find(std::string_view key) const {
  for (const Key& row : keys) {
    if (row.name == key) return &row;
  }
  return nullptr;
}

void Checker::problem(const Node& node, std::string message) {
  problems_.push_back({file_, node.line, node.column, std::move(message)});
}

void Checker::unknown(const Section& section, const Member& member) {
  std::vector<std::string_view> names;
  for (const Key& key : section.keys) names.push_back(key.name);
  std::string hint = nearest_hint(member.name, names);
  if (member.name.find_first_of("()<>=&|'\"") != std::string::npos) {
    hint = "; if it belongs to an expression with a comma, put the whole expression in quotes";
  } else if (hint.empty()) {
    hint = "; known are: ";
    for (const std::string_view name : names) hint.append(name) += ", ";
    hint.resize(hint.size() - 2);
  }
  problems_.push_back(
      {file_, member.line, member.column,
       quote(member.name) + " is not a key of " + std::string(section.name) + hint});
}

void Checker::check(const Section& section, const Node& node) {
  if (node.kind != Node::Kind::kMap) {
    problem(node,
            std::string(section.name) + " must be a map of names and values, not " + found(node));
    return;
  }
  for (const Member& member : node.members) {
    const Key* key = section.find(member.name);
    if (key == nullptr) {
      unknown(section, member);
    } else if (member.value.null) {
      problems_.push_back({file_, member.line, member.column,
                           quote(key->name) + " has no value; write one or take the key out"});
    } else {
      check_value(*key, member.value);
    }
  }
  for (const Key& key : section.keys) {
    if (key.presence == Presence::kRequired && node.find(key.name) == nullptr) {
      problem(node, std::string(section.name) + " needs the key " + quote(key.name) + ": " +
                        std::string(key.doc));
    }
  }
}

void Checker::check_value(const Key& key, const Node& node) {
  if (node.null) {
    problem(node, quote(key.name) + " has no value; write one or take the key out");
    return;
  }
  switch (key.kind) {
    case KeyKind::kTextList:
    case KeyKind::kNumberList:
    case KeyKind::kExpressionList:
    case KeyKind::kSectionList:
      return check_list(key, node);
    case KeyKind::kTextMap:
    case KeyKind::kNumberMap:
    case KeyKind::kListMap:
    case KeyKind::kValueMap:
    case KeyKind::kSectionMap:
      return check_map(key, node);
    case KeyKind::kWordOrSection:
      return node.kind == Node::Kind::kScalar ? check_text(key, node) : check(*key.section, node);
    case KeyKind::kSection:
      return check(*key.section, node);
    case KeyKind::kTextOrList:
      return node.kind == Node::Kind::kList ? check_list(key, node) : check_text(key, node);
    default:
      break;
  }
  if (node.kind != Node::Kind::kScalar) {
    problem(node, quote(key.name) + " must be " + expected(key.kind) + ", not " + found(node));
    return;
  }
  check_scalar(key, node);
}

void Checker::check_list(const Key& key, const Node& node) {
  if (node.kind != Node::Kind::kList) {
    problem(node, quote(key.name) + " must be a list, not " + found(node));
    return;
  }
  for (const Node& item : node.items) {
    if (key.kind == KeyKind::kSectionList) {
      check(*key.section, item);
    } else if (key.kind == KeyKind::kTextList || key.kind == KeyKind::kTextOrList) {
      check_text(key, item);
    } else {
      Key each = key;
      each.kind = key.kind == KeyKind::kNumberList ? KeyKind::kNumber : KeyKind::kExpression;
      check_value(each, item);
    }
  }
}

void Checker::check_map(const Key& key, const Node& node) {
  if (node.kind != Node::Kind::kMap) {
    problem(node, quote(key.name) + " must be a map of names and values, not " + found(node));
    return;
  }
  Key value = key;
  value.kind = key.kind == KeyKind::kNumberMap ? KeyKind::kNumber
               : key.kind == KeyKind::kTextMap ? KeyKind::kText
                                               : KeyKind::kExpression;
  for (const Member& member : node.members) {
    if (key.kind == KeyKind::kSectionMap) {
      check(*key.section, member.value);
      continue;
    }
    value.name = member.name;
    if (key.kind == KeyKind::kValueMap && member.value.kind == Node::Kind::kMap) {
      for (const Member& inner : member.value.members) check_value(value, inner.value);
      continue;
    }
    const bool list = key.kind == KeyKind::kListMap ||
                      (key.kind == KeyKind::kValueMap && member.value.kind == Node::Kind::kList);
    if (!list) {
      check_value(value, member.value);
    } else if (member.value.kind != Node::Kind::kList ||
               (key.kind == KeyKind::kListMap && member.value.items.empty())) {
      problem(member.value, quote(member.name) + " must be a list, not " + found(member.value));
    } else {
      for (const Node& item : member.value.items) check_value(value, item);
    }
  }
}

void Checker::check_text(const Key& key, const Node& node) {
  if (node.kind != Node::Kind::kScalar || node.null) {
    problem(node, quote(key.name) + " must be text, not " + found(node));
    return;
  }
  if (const auto other = node.quoted ? std::nullopt : misread_as(node.text)) {
    problem(node, quote(key.name) + " is text, but " + quote(node.text) + " would be read as " +
                      std::string(*other) + "; write \"" + node.text + "\"");
    return;
  }
  if (!key.choices.empty() &&
      std::find(key.choices.begin(), key.choices.end(), node.text) == key.choices.end()) {
    const std::vector<std::string_view> words(key.choices.begin(), key.choices.end());
    const std::string hint = nearest_hint(node.text, words);
    problem(node, quote(node.text) + " is not one of: " + listed(key.choices) + hint);
    return;
  }
  if (key.high && double(node.text.size()) > *key.high) {
    problem(node, quote(key.name) + " has " + std::to_string(node.text.size()) +
                      " characters; at most " + std::to_string(int(*key.high)) + " fit");
  }
  if (node.text.empty() && (key.presence == Presence::kRequired || key.low)) {
    problem(node, quote(key.name) + " is empty; write " + std::string(key.doc));
  }
}

void Checker::check_range(const Key& key, const Node& node, double value) {
  if ((key.low && value < *key.low) || (key.high && value > *key.high)) {
    std::string range;
    if (key.low) range += "at least " + std::to_string(std::int64_t(*key.low));
    if (key.low && key.high) range += " and ";
    if (key.high) range += "at most " + std::to_string(std::int64_t(*key.high));
    problem(node, quote(key.name) + " is " + node.text + "; it must be " + range);
  }
}

void Checker::check_scalar(const Key& key, const Node& node) {
  const auto refuse = [&](const std::string& why) { problem(node, quote(key.name) + ": " + why); };
  if (key.kind == KeyKind::kExpression) {
    if (node.text.empty()) refuse("is empty; write " + std::string(key.doc));
    return;
  }
  const bool wants_plain =
      key.kind == KeyKind::kNumber || key.kind == KeyKind::kInteger || key.kind == KeyKind::kBool;
  if (wants_plain && node.quoted) {
    return refuse("\"" + node.text + "\" is text; take the quotes away");
  }
  switch (key.kind) {
    case KeyKind::kNumber:
      if (auto value = strict_number(node.text)) return check_range(key, node, *value);
      return refuse(strict_number(node.text).error().message);
    case KeyKind::kInteger:
      if (auto value = strict_integer(node.text)) return check_range(key, node, double(*value));
      return refuse(strict_integer(node.text).error().message);
    case KeyKind::kBool:
      if (auto value = strict_bool(node.text); !value) refuse(value.error().message);
      return;
    case KeyKind::kDuration:
      if (auto value = parse_duration(node.text); !value) refuse(value.error().message);
      return;
    case KeyKind::kBytes:
      if (auto value = strict_bytes(node.text); !value) refuse(value.error().message);
      return;
    default:
      break;
  }
  const std::size_t before = problems_.size();
  check_text(key, node);
  if (problems_.size() != before) return;
  if (key.kind == KeyKind::kDate && !is_date(node.text)) {
    refuse(quote(node.text) + " is not a date like \"2026-12-25\"");
  } else if (key.kind == KeyKind::kTimeOfDay && !time_of_day(node.text)) {
    refuse(quote(node.text) + " is not a time of day like \"05:00\"");
  } else if (key.kind == KeyKind::kLocalTime && !is_local_time(node.text)) {
    refuse(quote(node.text) + " is not a local time like \"2027-08-02T06:00\"");
  }
}

}  // namespace millwright::daemon
