#include "millwright/cel/value.hpp"

#include <limits>

#include "cel/network.hpp"
#include "cel/operations.hpp"
#include "cel/text.hpp"
#include "cel/time.hpp"

namespace millwright::cel {
namespace {

bool equal_numbers(const Value& a, const Value& b) noexcept {
  return compare(a, b) == std::partial_ordering::equivalent;
}

double through_double(const Value& v) noexcept {
  if (v.is(Kind::kInt)) return double(v.as_int());
  if (v.is(Kind::kUint)) return double(v.as_uint());
  return v.as_double();
}

std::partial_ordering compare_numbers(const Value& a, const Value& b) noexcept {
  if (a.is(Kind::kDouble) || b.is(Kind::kDouble)) return through_double(a) <=> through_double(b);
  if (a.kind() == b.kind()) {
    return a.is(Kind::kInt) ? std::partial_ordering(a.as_int() <=> b.as_int())
                            : std::partial_ordering(a.as_uint() <=> b.as_uint());
  }
  if (a.is(Kind::kInt)) {
    if (a.as_int() < 0) return std::partial_ordering::less;
    return std::uint64_t(a.as_int()) <=> b.as_uint();
  }
  if (b.as_int() < 0) return std::partial_ordering::greater;
  return a.as_uint() <=> std::uint64_t(b.as_int());
}

bool equal_lists(const Value& a, const Value& b, std::uint64_t& budget) noexcept {
  const auto x = a.as_list();
  const auto y = b.as_list();
  if (x.size() != y.size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!equals_within(x[i], y[i], budget)) return false;
  }
  return true;
}

bool equal_maps(const Value& a, const Value& b, std::uint64_t& budget) noexcept {
  const auto x = a.as_map();
  const auto y = b.as_map();
  if (x.size() != y.size()) return false;
  for (const MapEntry& entry : x) {
    const std::uint64_t work = y.size();
    budget -= budget < work ? budget : work;
    const Value* other = find(y, entry.key);
    if (other == nullptr || !equals_within(entry.value, *other, budget)) return false;
  }
  return true;
}

void put(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kList: {
      out += '[';
      const char* between = "";
      for (const Value& item : value.as_list()) {
        out += between;
        put(out, item);
        between = ", ";
      }
      out += ']';
      return;
    }
    case Kind::kMap: {
      out += '{';
      const char* between = "";
      for (const MapEntry& entry : value.as_map()) {
        out += between;
        put(out, entry.key);
        out += ": ";
        put(out, entry.value);
        between = ", ";
      }
      out += '}';
      return;
    }
    case Kind::kOptional:
      if (value.as_optional() == nullptr) {
        out += "optional.none()";
      } else {
        out += "optional.of(";
        put(out, *value.as_optional());
        out += ')';
      }
      return;
    default:
      out += to_text(value);
  }
}

}  // namespace

Value Value::timestamp(Instant t) noexcept {
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t whole = t.ns() / kSecond;
  std::int64_t rest = t.ns() % kSecond;
  if (rest < 0) {
    rest += kSecond;
    whole -= 1;
  }
  return timestamp(whole, std::uint32_t(rest));
}

bool equals_within(const Value& a, const Value& b, std::uint64_t& budget) noexcept {
  if (budget == 0) return false;
  if (a.is_number() && b.is_number()) return equal_numbers(a, b);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
    case Kind::kIp:
    case Kind::kCidr:
      return a.as_text() == b.as_text();
    case Kind::kTimestamp:
      return a.timestamp_seconds() == b.timestamp_seconds() && a.timestamp_ns() == b.timestamp_ns();
    case Kind::kDuration:
      return a.as_duration() == b.as_duration();
    case Kind::kList:
      budget -= 1;
      return equal_lists(a, b, budget);
    case Kind::kMap:
      budget -= 1;
      return equal_maps(a, b, budget);
    case Kind::kOptional: {
      const Value* x = a.as_optional();
      const Value* y = b.as_optional();
      if (x == nullptr || y == nullptr) return x == y;
      budget -= 1;
      return equals_within(*x, *y, budget);
    }
    case Kind::kAbsent:
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble:
    case Kind::kUnknown:
    case Kind::kError:
      return false;
  }
  return false;
}

bool equals(const Value& a, const Value& b) noexcept {
  std::uint64_t budget = std::numeric_limits<std::uint64_t>::max();
  return equals_within(a, b, budget);
}

bool comparable(const Value& a, const Value& b) noexcept {
  if (a.is_number() && b.is_number()) return true;
  if (a.kind() != b.kind()) return false;
  return a.is(Kind::kBool) || a.is(Kind::kString) || a.is(Kind::kBytes) || a.is(Kind::kTimestamp) ||
         a.is(Kind::kDuration);
}

std::partial_ordering compare(const Value& a, const Value& b) noexcept {
  if (!comparable(a, b)) return std::partial_ordering::unordered;
  if (a.is_number()) return compare_numbers(a, b);
  if (a.is(Kind::kBool)) return int(a.as_bool()) <=> int(b.as_bool());
  if (a.is(Kind::kDuration)) return a.as_duration() <=> b.as_duration();
  if (a.is(Kind::kTimestamp)) {
    if (a.timestamp_seconds() != b.timestamp_seconds()) {
      return a.timestamp_seconds() <=> b.timestamp_seconds();
    }
    return a.timestamp_ns() <=> b.timestamp_ns();
  }
  return a.as_text().compare(b.as_text()) <=> 0;
}

const Value* find(std::span<const MapEntry> map, const Value& key) noexcept {
  for (const MapEntry& entry : map) {
    if (equals(entry.key, key)) return &entry.value;
  }
  return nullptr;
}

std::string_view type_name(Kind kind) noexcept {
  switch (kind) {
    case Kind::kAbsent:
      return "absent";
    case Kind::kNull:
      return "null_type";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kUint:
      return "uint";
    case Kind::kDouble:
      return "double";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "bytes";
    case Kind::kTimestamp:
      return "google.protobuf.Timestamp";
    case Kind::kDuration:
      return "google.protobuf.Duration";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kType:
      return "type";
    case Kind::kUnknown:
      return "unknown";
    case Kind::kOptional:
      return "optional_type";
    case Kind::kIp:
      return "net.IP";
    case Kind::kCidr:
      return "net.CIDR";
    case Kind::kError:
      return "error";
  }
  return "error";
}

std::string to_text(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return value.as_bool() ? "true" : "false";
    case Kind::kInt:
      return std::to_string(value.as_int());
    case Kind::kUint:
      return std::to_string(value.as_uint()) + "u";
    case Kind::kDouble:
      return double_text(value.as_double(), true);
    case Kind::kString:
      return quoted(value.as_text(), false);
    case Kind::kBytes:
      return quoted(value.as_text(), true);
    case Kind::kTimestamp:
      return "timestamp('" + timestamp_text(value.timestamp_seconds(), value.timestamp_ns()) + "')";
    case Kind::kDuration:
      return "duration('" + duration_text(value.as_duration()) + "')";
    case Kind::kType:
      return std::string(value.as_text());
    case Kind::kIp:
      return "ip('" + ip_text(value.as_text()) + "')";
    case Kind::kCidr:
      return "cidr('" + cidr_text(value.as_text()) + "')";
    case Kind::kList:
    case Kind::kMap:
    case Kind::kOptional: {
      std::string out;
      put(out, value);
      return out;
    }
    case Kind::kAbsent:
    case Kind::kUnknown:
    case Kind::kError:
      return std::string(type_name(value.kind()));
  }
  return "error";
}

}  // namespace millwright::cel
