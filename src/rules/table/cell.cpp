#include "rules/table/cell.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "rules/table/grid.hpp"

namespace millwright::rules {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

// What may stand as a text without quotes: BRG-OUTER, work_order, 2-pole.
bool in_word(char c) {
  return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         c == '.' || c == '/' || c == '+' || static_cast<unsigned char>(c) >= 0x80;
}

const char* noun(AxisKind kind) {
  switch (kind) {
    case AxisKind::kNumber:
      return "numbers";
    case AxisKind::kWhole:
      return "whole numbers";
    case AxisKind::kText:
      return "texts";
    case AxisKind::kFlag:
      return "true or false";
  }
  return "";
}

class CellParser {
 public:
  CellParser(const SourceText& source, AxisKind kind, RuleProblems& problems)
      : source_(source), text_(source.text), kind_(kind), problems_(problems) {}

  Cell run() {
    cell_.source = source_;
    if (text_ == "-") {
      cell_.any = true;
    } else if (eat_word("not")) {
      cell_.negated = true;
      (void)eat_word("in");
      in_parentheses("write not in (\"A\", \"B\")");
    } else if (eat_word("in")) {
      in_parentheses("write in (\"A\", \"B\")");
    } else {
      list(false);
    }
    return std::move(cell_);
  }

 private:
  void complain(std::size_t at, const std::string& message) {
    if (failed_) return;
    failed_ = true;
    problems_.push_back({source_.file, source_.line,
                         source_.column + characters(text_.substr(0, at)),
                         message + "\n  " + source_.text + "\n  " +
                             std::string(std::size_t(characters(text_.substr(0, at))), ' ') + "^"});
  }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool eat(std::string_view what) {
    skip_space();
    if (text_.substr(at_, what.size()) != what) return false;
    at_ += what.size();
    return true;
  }
  bool eat_word(std::string_view word) {
    skip_space();
    const std::size_t end = at_ + word.size();
    if (text_.substr(at_, word.size()) != word) return false;
    if (end < text_.size() && in_word(text_[end])) return false;
    at_ = end;
    return true;
  }

  void in_parentheses(const std::string& hint) {
    if (!eat("(")) return complain(at_, "here a list in parentheses is missing; " + hint);
    list(true);
    if (failed_) return;
    if (!eat(")")) return complain(at_, "here a ) is missing; " + hint);
    skip_space();
    if (at_ < text_.size()) complain(at_, "nothing may follow the )");
  }

  // One question after another, with commas: any of them is enough.
  void list(bool inside) {
    do {
      one();
      if (failed_) return;
      skip_space();
    } while (eat(","));
    if (at_ < text_.size() && !(inside && text_[at_] == ')')) {
      complain(at_,
               "this is not understood; write a number, a range like [80..95), a comparison "
               "like > 95, texts with commas between them, or - for anything");
    }
  }

  void one() {
    skip_space();
    const std::size_t start = at_;
    if (at_ == text_.size()) return complain(at_, "here a value is missing");
    const char c = text_[at_];
    if (c == '<' || c == '>') return comparison(start);
    if (c == '=' || c == '!') {
      return complain(at_, "a cell has no = or !; write the value alone, or not in (...)");
    }
    if (c == '[' || c == '(' || c == ']') return range(start);
    if (c == '\'' || c == '"') return quoted(start);
    const std::string_view word = read_word();
    if (word.empty()) {
      return complain(start, "this is not understood; a text with signs in it stands in quotes");
    }
    plain(word, start);
  }

  std::string_view read_word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && in_word(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  bool wants_numbers(std::size_t start, const std::string& what) {
    if (kind_ == AxisKind::kNumber || kind_ == AxisKind::kWhole) return true;
    complain(start,
             "this column has " + std::string(noun(kind_)) + "; " + what + " is for numbers");
    return false;
  }

  bool number(double& out) {
    skip_space();
    const std::size_t start = at_;
    std::size_t end = at_;
    if (end < text_.size() && text_[end] == '-') ++end;
    while (end < text_.size() && digit(text_[end])) ++end;
    // Not the dots of a range.
    if (end + 1 < text_.size() && text_[end] == '.' && digit(text_[end + 1])) {
      ++end;
      while (end < text_.size() && digit(text_[end])) ++end;
    }
    const std::string_view digits = text_.substr(start, end - start);
    at_ = end;
    if (!read_plain_number(digits, out) ||
        (end < text_.size() && in_word(text_[end]) && text_.substr(end, 2) != "..")) {
      complain(start, "here a number is wanted, like 12 or -0.5");
      return false;
    }
    if (kind_ == AxisKind::kWhole && out != std::floor(out)) {
      complain(start, "this column has whole numbers");
      return false;
    }
    return true;
  }

  void comparison(std::size_t start) {
    if (!wants_numbers(start, "a comparison")) return;
    const bool below = text_[at_++] == '<';
    const bool equal = at_ < text_.size() && text_[at_] == '=';
    if (equal) ++at_;
    double limit = 0.0;
    if (!number(limit)) return;
    Range range;
    (below ? range.high : range.low) = limit;
    (below ? range.high_open : range.low_open) = !equal;
    cell_.ranges.push_back(range);
  }

  void range(std::size_t start) {
    const std::string hint = "write [80..95), where [ ] include the end and ( ) do not";
    if (text_[at_] == ']') return complain(at_, "a range does not begin with ]; " + hint);
    if (!wants_numbers(start, "a range")) return;
    Range range;
    range.low_open = text_[at_++] == '(';
    if (!number(range.low)) return;
    if (!eat("..")) return complain(at_, "here the .. of a range is missing; " + hint);
    if (!number(range.high)) return;
    skip_space();
    if (at_ == text_.size() || (text_[at_] != ']' && text_[at_] != ')')) {
      return complain(at_, "here the end of the range is missing; " + hint);
    }
    range.high_open = text_[at_++] == ')';
    if (range.low > range.high ||
        (range.low == range.high && (range.low_open || range.high_open))) {
      return complain(start, "this range is empty: nothing lies within it");
    }
    cell_.ranges.push_back(range);
  }

  void quoted(std::size_t start) {
    const char quote = text_[at_];
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
    at_ = std::min(end + 1, text_.size());
    if (kind_ != AxisKind::kText) {
      return complain(start,
                      "this column has " + std::string(noun(kind_)) + "; take the quotes away");
    }
    cell_.texts.push_back(unquoted(text_.substr(start, at_ - start)));
  }

  void plain(std::string_view word, std::size_t start) {
    if (word == "absent") {
      if (cell_.negated) return complain(start, "write present instead of not absent");
      cell_.absent = true;
      return;
    }
    if (word == "present") {
      if (cell_.negated) return complain(start, "write absent instead of not present");
      cell_.present = true;
      return;
    }
    switch (kind_) {
      case AxisKind::kNumber:
      case AxisKind::kWhole: {
        at_ = start;
        double value = 0.0;
        if (number(value)) cell_.ranges.push_back({value, value, false, false});
        return;
      }
      case AxisKind::kFlag:
        if (word != "true" && word != "false") {
          return complain(start, "this column has true or false");
        }
        cell_.flags.push_back(word == "true");
        return;
      case AxisKind::kText:
        break;
    }
    double number = 0.0;
    if (word == "true" || word == "false" || word == "-" || read_plain_number(word, number)) {
      return complain(start, "this column has texts; write \"" + std::string(word) +
                                 "\" if that is what it says");
    }
    cell_.texts.emplace_back(word);
  }

  const SourceText& source_;
  std::string_view text_;
  AxisKind kind_;
  RuleProblems& problems_;
  Cell cell_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

bool Cell::takes(double number) const {
  if (any || present) return true;
  const bool found = std::any_of(ranges.begin(), ranges.end(),
                                 [&](const Range& range) { return range.holds(number); });
  return found != negated;
}

bool Cell::takes(std::string_view text) const {
  if (any || present) return true;
  return (std::find(texts.begin(), texts.end(), text) != texts.end()) != negated;
}

bool Cell::takes(bool flag) const {
  if (any || present) return true;
  return (std::find(flags.begin(), flags.end(), flag) != flags.end()) != negated;
}

Cell parse_cell(const SourceText& source, AxisKind kind, RuleProblems& problems) {
  return CellParser(source, kind, problems).run();
}

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
         text.back() == text.front();
}

std::string unquoted(std::string_view text) {
  if (!is_quoted(text)) return std::string(text);
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

bool read_plain_number(std::string_view text, double& out) {
  std::string_view digits = text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  const std::size_t point = digits.find('.');
  const std::string_view whole = digits.substr(0, point);
  const auto all_digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), digit);
  };
  if (!all_digits(whole) || (whole.size() > 1 && whole[0] == '0')) return false;
  if (point != std::string_view::npos && !all_digits(digits.substr(point + 1))) return false;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc();
}

std::string text_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace millwright::rules
