// The strings extension but for format. Indices count characters, not bytes.
#include <algorithm>
#include <array>
#include <cstring>

#include "cel/function_rows.hpp"
#include "cel/operations.hpp"
#include "cel/text.hpp"

namespace millwright::cel {
namespace {

constexpr const char* kIndex = "an index outside the text";

// Bytes of the character that starts at `at`, whatever the bytes are.
std::size_t step(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

// The byte where character number `index` starts; npos if the text has fewer.
std::size_t byte_of(std::string_view text, std::int64_t index) {
  if (index < 0) return std::string_view::npos;
  std::size_t at = 0;
  for (std::int64_t i = 0; i < index; ++i) {
    if (at >= text.size()) return std::string_view::npos;
    at += step(text, at);
  }
  return at;
}

std::int64_t character_of(std::string_view text, std::size_t byte) {
  return std::int64_t(utf8_length(text.substr(0, byte)));
}

// Text of a known length, filled in by `fill(char*)`.
template <class Fill>
Value made_text(Context& context, std::size_t size, Fill fill) {
  if (!spend_text(context, size)) return step_limit();
  char* out = context.arena().allocate_array<char>(size);
  if (out == nullptr) return memory_limit();
  fill(out);
  return Value::string({out, size});
}

Value char_at(Context& context, Arguments args) {
  const std::string_view text = args[0].as_text();
  if (!spend_text(context, text.size())) return step_limit();
  const std::size_t at = byte_of(text, args[1].as_int());
  if (at == std::string_view::npos) return out_of_range(kIndex);
  return Value::string(at == text.size() ? std::string_view() : text.substr(at, step(text, at)));
}

Value index_of(Context& context, Arguments args) {
  const std::string_view text = args[0].as_text();
  if (!spend_text(context, 2 * text.size())) return step_limit();
  const std::size_t from = args.size() == 3 ? byte_of(text, args[2].as_int()) : 0;
  if (from == std::string_view::npos) return out_of_range(kIndex);
  const std::size_t found = text.find(args[1].as_text(), from);
  return Value::integer(found == std::string_view::npos ? -1 : character_of(text, found));
}

Value last_index_of(Context& context, Arguments args) {
  const std::string_view text = args[0].as_text();
  if (!spend_text(context, 2 * text.size())) return step_limit();
  std::size_t from = std::string_view::npos;
  if (args.size() == 3) {
    from = byte_of(text, args[2].as_int());
    if (from == std::string_view::npos) return out_of_range(kIndex);
  }
  const std::size_t found = text.rfind(args[1].as_text(), from);
  return Value::integer(found == std::string_view::npos ? -1 : character_of(text, found));
}

template <char kFirst, int kShift>
Value ascii_case(Context& context, Arguments args) {
  const std::string_view text = args[0].as_text();
  return made_text(context, text.size(), [&](char* out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool turns = text[i] >= kFirst && text[i] < kFirst + 26;
      out[i] = turns ? char(text[i] + kShift) : text[i];
    }
  });
}

// Calls `put(piece)` for what stands between matches and `match()` for each, at most `most` times.
// The empty text matches before every character and at the end.
template <class Put, class Match>
void each_match(std::string_view text, std::string_view sought, std::int64_t most, Put put,
                Match match) {
  std::size_t at = 0;
  std::size_t from = 0;
  for (std::int64_t n = 0; most < 0 || n < most; ++n) {
    const std::size_t found = sought.empty() ? from : text.find(sought, from);
    if (found == std::string_view::npos || found > text.size()) break;
    put(text.substr(at, found - at));
    match();
    at = found + sought.size();
    from = at;
    if (sought.empty()) from = at < text.size() ? at + step(text, at) : text.size() + 1;
  }
  put(text.substr(std::min(at, text.size())));
}

Value replace(Context& context, Arguments args) {
  const std::string_view text = args[0].as_text();
  const std::string_view by = args[2].as_text();
  const std::int64_t most = args.size() == 4 ? args[3].as_int() : -1;
  if (!spend_text(context, text.size())) return step_limit();
  std::size_t size = 0;
  const auto measure = [&](std::string_view piece) { size += piece.size(); };
  each_match(text, args[1].as_text(), most, measure, [&] { size += by.size(); });
  return made_text(context, size, [&](char* out) {
    const auto put = [&](std::string_view piece) {
      if (!piece.empty()) std::memcpy(out, piece.data(), piece.size());
      out += piece.size();
    };
    each_match(text, args[1].as_text(), most, put, [&] { put(by); });
  });
}

// Between the separators, or every character for an empty one; `most` pieces.
Value split(Context& context, Arguments args) {
  const std::string_view text = args[0].as_text();
  const std::string_view separator = args[1].as_text();
  const std::int64_t most = args.size() == 3 ? args[2].as_int() : -1;
  if (!spend_text(context, 2 * text.size())) return step_limit();
  if (most == 0 || (separator.empty() && text.empty())) return Value::list({});
  const auto pieces = [&](auto put) {
    std::size_t at = 0;
    for (std::int64_t n = 1; most < 0 || n < most; ++n) {
      const std::size_t end = separator.empty() ? at + step(text, at) : text.find(separator, at);
      if (end == std::string_view::npos || (separator.empty() && end >= text.size())) break;
      put(text.substr(at, end - at));
      at = end + separator.size();
    }
    put(text.substr(at));
  };
  std::size_t count = 0;
  pieces([&](std::string_view) { ++count; });
  if (!context.spend(count / 4)) return step_limit();
  auto* items = context.arena().allocate_array<Value>(count);
  if (items == nullptr) return memory_limit();
  std::size_t n = 0;
  pieces([&](std::string_view piece) { items[n++] = Value::string(piece); });
  return Value::list({items, count});
}

Value substring(Context& context, Arguments args) {
  const std::string_view text = args[0].as_text();
  if (!spend_text(context, 2 * text.size())) return step_limit();
  const std::size_t begin = byte_of(text, args[1].as_int());
  const std::size_t end = args.size() == 3 ? byte_of(text, args[2].as_int()) : text.size();
  if (begin == std::string_view::npos || end == std::string_view::npos) {
    return out_of_range(kIndex);
  }
  if (begin > end) return out_of_range("a part of a text that ends before it starts");
  return Value::string(text.substr(begin, end - begin));
}

// White space as Unicode has it (property White_Space).
bool is_space(std::string_view character) {
  static constexpr std::array<std::string_view, 25> kSpaces{
      "\t",           "\n",           "\v",
      "\f",           "\r",           " ",
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80",
      "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
      "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85",
      "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
      "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F",
      "\xE3\x80\x80"};
  return std::find(kSpaces.begin(), kSpaces.end(), character) != kSpaces.end();
}

Value trim(Context& context, Arguments args) {
  std::string_view text = args[0].as_text();
  if (!spend_text(context, text.size())) return step_limit();
  while (!text.empty() && is_space(text.substr(0, step(text, 0)))) {
    text.remove_prefix(step(text, 0));
  }
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    if (!is_space(text.substr(last))) break;
    text = text.substr(0, last);
  }
  return Value::string(text);
}

Value reverse(Context& context, Arguments args) {
  const std::string_view text = args[0].as_text();
  return made_text(context, text.size(), [&](char* out) {
    char* to = out + text.size();
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = step(text, at);
      to -= size;
      std::memcpy(to, text.data() + at, size);
      at += size;
    }
  });
}

Value join(Context& context, Arguments args) {
  const auto items = args[0].as_list();
  const std::string_view between = args.size() == 2 ? args[1].as_text() : std::string_view();
  if (!context.spend(items.size() / 4)) return step_limit();
  std::size_t size = items.empty() ? 0 : between.size() * (items.size() - 1);
  for (const Value& item : items) {
    if (!item.is(Kind::kString)) return no_overload("only texts are joined");
    size += item.as_text().size();
  }
  return made_text(context, size, [&](char* out) {
    const auto put = [&](std::string_view piece) {
      if (!piece.empty()) std::memcpy(out, piece.data(), piece.size());
      out += piece.size();
    };
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) put(between);
      put(items[i].as_text());
    }
  });
}

Value quote(Context& context, Arguments args) {
  static constexpr std::string_view kFrom = "\a\b\f\n\r\t\v\\\"";
  static constexpr std::string_view kTo = "abfnrtv\\\"";
  const std::string_view text = args[0].as_text();
  if (!spend_text(context, text.size())) return step_limit();
  std::string out = "\"";
  for (const char c : text) {
    const std::size_t escape = kFrom.find(c);
    if (escape != std::string_view::npos) out += '\\';
    out += escape == std::string_view::npos ? c : kTo[escape];
  }
  out += '"';
  replace_invalid_utf8(out);
  return concatenated(Kind::kString, out, {}, context);
}

constexpr FunctionRow kRows[] = {
    {"charAt", true, {"string", "int"}, "string", char_at, "the character there, from 0"},
    {"indexOf", true, {"string", "string"}, "int", index_of, "where that part starts, or -1"},
    {"indexOf",
     true,
     {"string", "string", "int"},
     "int",
     index_of,
     "where that part starts at or after an index, or -1"},
    {"lastIndexOf",
     true,
     {"string", "string"},
     "int",
     last_index_of,
     "where it starts last, or -1"},
    {"lastIndexOf",
     true,
     {"string", "string", "int"},
     "int",
     last_index_of,
     "where it starts last at or before an index, or -1"},
    {"lowerAscii", true, {"string"}, "string", ascii_case<'A', 32>, "A to Z in small letters"},
    {"upperAscii", true, {"string"}, "string", ascii_case<'a', -32>, "a to z in capitals"},
    {"replace",
     true,
     {"string", "string", "string"},
     "string",
     replace,
     "every such part replaced by another"},
    {"replace",
     true,
     {"string", "string", "string", "int"},
     "string",
     replace,
     "the first so many such parts replaced; all if negative"},
    {"split", true, {"string", "string"}, "list(string)", split, "what stands between separators"},
    {"split",
     true,
     {"string", "string", "int"},
     "list(string)",
     split,
     "at most so many pieces; all if negative"},
    {"substring", true, {"string", "int"}, "string", substring, "from that character on"},
    {"substring",
     true,
     {"string", "int", "int"},
     "string",
     substring,
     "from that character up to before the other"},
    {"trim", true, {"string"}, "string", trim, "without white space at its ends"},
    {"reverse", true, {"string"}, "string", reverse, "the characters in reverse order"},
    {"join", true, {"list(string)"}, "string", join, "the texts one after the other"},
    {"join", true, {"list(string)", "string"}, "string", join, "the texts with one between them"},
    {"strings.quote", false, {"string"}, "string", quote, "in double quotes, with escapes"},
};

}  // namespace

std::span<const FunctionRow> string_rows() {
  return kRows;
}

}  // namespace millwright::cel
