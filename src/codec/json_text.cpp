#include "codec/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "codec/dom.hpp"

namespace millwright::codec {
namespace {

namespace dom = simdjson::dom;

// Everything but objects; false for those.
template <class Number, class Nested>
bool write_simple(dom::element element, JsonWriter& out, Number number, Nested nested) {
  switch (element.type()) {
    case dom::element_type::STRING:
      out.value(element.get_string().value_unsafe());
      return true;
    case dom::element_type::DOUBLE:
      number(element.get_double().value_unsafe());
      return true;
    case dom::element_type::INT64:
      out.value(element.get_int64().value_unsafe());
      return true;
    case dom::element_type::UINT64:
      out.value(element.get_uint64().value_unsafe());
      return true;
    case dom::element_type::BOOL:
      out.value(element.get_bool().value_unsafe());
      return true;
    case dom::element_type::NULL_VALUE:
      out.null();
      return true;
    case dom::element_type::ARRAY:
      out.begin_array();
      for (const dom::element item : array_of(element)) nested(item);
      out.end_array();
      return true;
    case dom::element_type::OBJECT:
      break;
  }
  return false;
}

// Rank of a UTF-8 lead byte in UTF-16 order: what needs surrogates (F0..F4) sorts below U+E000.
int utf16_rank(unsigned char lead) {
  if (lead >= 0xF0) return 0xED * 2 + 1;
  return lead * 2;
}

}  // namespace

void write_json(dom::element element, JsonWriter& out) {
  const bool done = write_simple(
      element, out, [&](double d) { out.value(d); }, [&](dom::element e) { write_json(e, out); });
  if (done) return;
  out.begin_object();
  for (const auto& member : object_of(element)) {
    out.key(member.key);
    write_json(member.value, out);
  }
  out.end_object();
}

void write_canonical(dom::element element, JsonWriter& out) {
  const bool done = write_simple(
      element, out, [&](double d) { out.raw(ecmascript_number(d)); },
      [&](dom::element e) { write_canonical(e, out); });
  if (done) return;
  std::vector<dom::key_value_pair> members;
  for (const auto& member : object_of(element)) members.push_back(member);
  std::stable_sort(members.begin(), members.end(),
                   [](const dom::key_value_pair& a, const dom::key_value_pair& b) {
                     return utf16_less(a.key, b.key);
                   });
  out.begin_object();
  for (const auto& member : members) {
    out.key(member.key);
    write_canonical(member.value, out);
  }
  out.end_object();
}

bool utf16_less(std::string_view a, std::string_view b) {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (differ.second == b.end()) return false;
  if (differ.first == a.end()) return true;
  const auto x = static_cast<unsigned char>(*differ.first);
  const auto y = static_cast<unsigned char>(*differ.second);
  // A difference behind the lead byte is one inside the same character length and order.
  if (x < 0xC0 || y < 0xC0) return x < y;
  return utf16_rank(x) != utf16_rank(y) ? utf16_rank(x) < utf16_rank(y) : x < y;
}

std::string ecmascript_number(double number) {
  if (number == 0.0) return "0";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific)
                       .ptr;
  std::string_view text(buffer.data(), std::size_t(end - buffer.data()));
  std::string out;
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  const std::size_t skip = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + skip, text.data() + text.size(), exponent);
  const int count = int(digits.size());
  const int point = exponent + 1;  // place of the decimal point from the first digit
  if (count <= point && point <= 21) return out + digits + std::string(point - count, '0');
  if (0 < point && point <= 21) return out + digits.insert(std::size_t(point), ".");
  if (-6 < point && point <= 0) return out + "0." + std::string(-point, '0') + digits;
  if (count > 1) digits.insert(1, ".");
  return out + digits + 'e' + (point - 1 < 0 ? "-" : "+") +
         std::to_string(point - 1 < 0 ? 1 - point : point - 1);
}

}  // namespace millwright::codec
