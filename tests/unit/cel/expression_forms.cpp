// The forms that random expressions take, by what they give.
#include "expressions.hpp"

namespace millwright::cel {

std::string Expressions::comparison(int depth) {
  static constexpr const char* kAny[] = {"==", "!="};
  static constexpr const char* kOrder[] = {"<", "<=", ">", ">=", "==", "!="};
  static constexpr Shape kNumbers[] = {Shape::kInt, Shape::kUint, Shape::kDouble};
  static constexpr Shape kOrdered[] = {Shape::kString, Shape::kBool, Shape::kDuration,
                                       Shape::kTime};
  switch (dice_.below(5)) {
    case 0: {
      const Shape shape = any_shape();
      return infix(shape, kAny[dice_.below(2)], shape, depth);
    }
    case 1: {
      const Shape shape = kOrdered[dice_.below(std::size(kOrdered))];
      return infix(shape, kOrder[dice_.below(6)], shape, depth);
    }
    default:
      return infix(kNumbers[dice_.below(3)], kOrder[dice_.below(6)], kNumbers[dice_.below(3)],
                   depth);
  }
}

std::string Expressions::macro_test(int depth) {
  static constexpr const char* kTests[] = {"all", "exists", "exists_one"};
  const char* const test = kTests[dice_.below(3)];
  const std::string name = fresh();
  const bool two = extended() && dice_.below(3) == 0;
  const std::string key = two ? name + "k" : name;
  std::string range;
  Shape first = Shape::kInt;
  Shape second = Shape::kInt;
  switch (dice_.below(3)) {
    case 0:
      range = make(Shape::kInts, depth);
      break;
    case 1:
      range = make(Shape::kStrings, depth);
      first = two ? Shape::kInt : Shape::kString;
      second = Shape::kString;
      break;
    default:
      range = make(Shape::kMap, depth);
      first = Shape::kString;
  }
  locals_.push_back({key, first});
  const std::string body =
      two ? with(name, second, Shape::kBool, depth) : make(Shape::kBool, depth);
  locals_.pop_back();
  return range + "." + test + "(" + (two ? key + ", " : "") + name + ", " + body + ")";
}

std::string Expressions::boolean(int depth) {
  switch (dice_.below(13)) {
    case 0:
    case 1:
      return infix(Shape::kBool, "&&", Shape::kBool, depth);
    case 2:
    case 3:
      return infix(Shape::kBool, "||", Shape::kBool, depth);
    case 4:
      return "!" + make(Shape::kBool, depth);
    case 5:
      return macro_test(depth);
    case 6: {
      static constexpr const char* kTests[] = {"startsWith", "endsWith", "contains"};
      const std::string whole = make(Shape::kString, depth);
      return whole + "." + kTests[dice_.below(3)] + "(" + make(Shape::kString, depth) + ")";
    }
    case 7:
      return dice_.below(2) == 0 ? infix(Shape::kInt, "in", Shape::kInts, depth)
                                 : infix(Shape::kString, "in", Shape::kStrings, depth);
    case 8:
      return dice_.below(2) == 0 ? infix(Shape::kString, "in", Shape::kMap, depth) : "has(m.a)";
    case 9:
      return make(Shape::kString, depth) + ".matches('^a.*b$|x')";
    case 10:
      if (!extended()) return comparison(depth);
      return dice_.below(2) == 0 ? make(Shape::kOptional, depth) + ".hasValue()"
                                 : "math.isFinite(" + make(Shape::kDouble, depth) + ")";
    default:
      return comparison(depth);
  }
}

std::string Expressions::integer(int depth) {
  static constexpr const char* kSigns[] = {"+", "-", "*", "/", "%"};
  switch (dice_.below(12)) {
    case 0:
      return "size(" + make(dice_.below(2) == 0 ? Shape::kString : Shape::kInts, depth) + ")";
    case 1:
      return make(Shape::kMap, depth) + ".size()";
    case 2: {
      const std::string list = make(Shape::kInts, depth);
      return list + "[" + make(Shape::kInt, 0) + "]";
    }
    case 3: {
      const std::string entries = make(Shape::kMap, depth);
      return entries + (dice_.below(2) == 0 ? ".a" : "['b']");
    }
    case 4:
      return "int(" + make(dice_.below(2) == 0 ? Shape::kUint : Shape::kDouble, depth) + ")";
    case 5:
      return "-(" + make(Shape::kInt, depth) + ")";
    case 6: {
      static constexpr const char* kParts[] = {"getFullYear()",
                                               "getMonth()",
                                               "getDate()",
                                               "getDayOfWeek()",
                                               "getHours('Europe/Paris')",
                                               "getMinutes()",
                                               "getMilliseconds()",
                                               "getDayOfYear('+05:30')"};
      return make(Shape::kTime, depth) + "." + kParts[dice_.below(std::size(kParts))];
    }
    case 7: {
      static constexpr const char* kParts[] = {"getHours()", "getMinutes()", "getSeconds()"};
      return make(Shape::kDuration, depth) + "." + kParts[dice_.below(3)];
    }
    case 8:
      if (dialect_ != Dialect::kCore) return integer_extension(depth);
      [[fallthrough]];
    default:
      return infix(Shape::kInt, kSigns[dice_.below(5)], Shape::kInt, depth);
  }
}

std::string Expressions::integer_extension(int depth) {
  if (!extended() || dice_.below(4) == 0) {
    const std::string whole = make(Shape::kString, depth);
    return whole + (dice_.below(2) == 0 ? ".indexOf(" : ".lastIndexOf(") +
           make(Shape::kString, depth) + ")";
  }
  static constexpr const char* kTwo[] = {"math.bitAnd",  "math.bitOr",        "math.bitXor",
                                         "math.least",   "math.bitShiftLeft", "math.bitShiftRight",
                                         "math.greatest"};
  static constexpr const char* kOne[] = {"math.abs", "math.sign", "math.bitNot"};
  switch (dice_.below(3)) {
    case 0: {
      const std::string a = make(Shape::kInt, depth);
      return std::string(kTwo[dice_.below(std::size(kTwo))]) + "(" + a + ", " +
             make(Shape::kInt, depth) + ")";
    }
    case 1:
      return std::string(kOne[dice_.below(3)]) + "(" + make(Shape::kInt, depth) + ")";
    default: {
      const std::string held = make(Shape::kOptional, depth);
      return held +
             (dice_.below(3) == 0 ? ".value()" : ".orValue(" + make(Shape::kInt, depth) + ")");
    }
  }
}

std::string Expressions::uinteger(int depth) {
  static constexpr const char* kSigns[] = {"+", "-", "*", "/", "%"};
  if (dice_.below(4) == 0) return "uint(" + make(Shape::kInt, depth) + ")";
  return infix(Shape::kUint, kSigns[dice_.below(5)], Shape::kUint, depth);
}

std::string Expressions::number(int depth) {
  static constexpr const char* kSigns[] = {"+", "-", "*", "/"};
  static constexpr const char* kOne[] = {"math.ceil", "math.floor", "math.round", "math.trunc",
                                         "math.abs",  "math.sign",  "math.sqrt"};
  switch (dice_.below(5)) {
    case 0:
      return "double(" + make(dice_.below(2) == 0 ? Shape::kInt : Shape::kUint, depth) + ")";
    case 1:
      if (!extended()) return "-(" + make(Shape::kDouble, depth) + ")";
      return std::string(kOne[dice_.below(std::size(kOne))]) + "(" + make(Shape::kDouble, depth) +
             ")";
    default:
      return infix(Shape::kDouble, kSigns[dice_.below(4)], Shape::kDouble, depth);
  }
}

std::string Expressions::text(int depth) {
  switch (dice_.below(6)) {
    case 0:
      return "string(" + make(dice_.below(2) == 0 ? Shape::kInt : Shape::kUint, depth) + ")";
    case 1: {
      static constexpr Shape kShown[] = {Shape::kBool, Shape::kTime};
      return "string(" + make(kShown[dice_.below(2)], depth) + ")";
    }
    case 2: {
      const std::string list = make(Shape::kStrings, depth);
      return list + "[" + make(Shape::kInt, 0) + "]";
    }
    case 3:
      if (dialect_ != Dialect::kCore) return text_extension(depth);
      [[fallthrough]];
    default:
      return infix(Shape::kString, "+", Shape::kString, depth);
  }
}

std::string Expressions::text_extension(int depth) {
  const std::string whole = make(Shape::kString, depth);
  switch (dice_.below(7)) {
    case 0:
      return whole + ".lowerAscii()";
    case 1:
      return whole + ".upperAscii()";
    case 2:
      return whole + ".trim()";
    case 3:
      return whole + ".substring(" + make(Shape::kInt, 0) + ")";
    case 4:
      return whole + ".charAt(" + make(Shape::kInt, 0) + ")";
    case 5:
      return make(Shape::kStrings, depth) + ".join(" + make(Shape::kString, 0) + ")";
    default:
      return extended() ? whole + ".reverse()"
                        : whole + ".replace('a', " + make(Shape::kString, 0) + ")";
  }
}

std::string Expressions::ints(int depth) {
  const std::string name = fresh();
  switch (dice_.below(6)) {
    case 0: {
      const std::string range = make(Shape::kInts, depth);
      return range + ".map(" + name + ", " + with(name, Shape::kInt, Shape::kInt, depth) + ")";
    }
    case 1: {
      const std::string range = make(Shape::kInts, depth);
      return range + ".filter(" + name + ", " + with(name, Shape::kInt, Shape::kBool, depth) + ")";
    }
    case 2: {
      const std::string range = make(Shape::kStrings, depth);
      return range + ".map(" + name + ", " + with(name, Shape::kString, Shape::kBool, depth) +
             ", " + with(name, Shape::kString, Shape::kInt, depth) + ")";
    }
    case 3: {
      const std::string first = make(Shape::kInt, depth);
      return "[" + first + ", " + make(Shape::kInt, depth) + "]";
    }
    case 4:
      if (extended()) return ints_extension(depth);
      [[fallthrough]];
    default:
      return infix(Shape::kInts, "+", Shape::kInts, depth);
  }
}

std::string Expressions::ints_extension(int depth) {
  const std::string range = make(Shape::kInts, depth);
  const std::string name = fresh();
  switch (dice_.below(7)) {
    case 0:
      return range + ".distinct()";
    case 1:
      return range + ".sort()";
    case 2:
      return range + ".reverse()";
    case 3:
      return range + ".slice(0, " + make(Shape::kInt, 0) + ")";
    case 4:
      return range + ".sortBy(" + name + ", " + with(name, Shape::kInt, Shape::kInt, depth) + ")";
    case 5:
      return "[" + range + ", " + make(Shape::kInts, depth) + "].flatten()";
    default:
      return "[?" + make(Shape::kOptional, depth) + ", " + make(Shape::kInt, depth) + "]";
  }
}

std::string Expressions::strings(int depth) {
  const std::string name = fresh();
  switch (dice_.below(5)) {
    case 0: {
      const std::string range = make(Shape::kInts, depth);
      return range + ".map(" + name + ", " + with(name, Shape::kInt, Shape::kString, depth) + ")";
    }
    case 1: {
      const std::string range = make(Shape::kMap, depth);
      return range + ".filter(" + name + ", " + with(name, Shape::kString, Shape::kBool, depth) +
             ")";
    }
    case 2:
      if (dialect_ != Dialect::kCore) return make(Shape::kString, depth) + ".split('a')";
      [[fallthrough]];
    default: {
      const std::string first = make(Shape::kString, depth);
      return "[" + first + ", " + make(Shape::kString, depth) + "]";
    }
  }
}

std::string Expressions::map(int depth) {
  const std::string name = fresh();
  if (extended() && dice_.below(3) == 0) {
    const std::string range = make(Shape::kMap, depth);
    return range + ".transformMap(" + name + "k, " + name + ", " +
           with(name, Shape::kInt, Shape::kInt, depth) + ")";
  }
  if (extended() && dice_.below(4) == 0) {
    return "{?'a': " + make(Shape::kOptional, depth) + ", 'b': " + make(Shape::kInt, depth) + "}";
  }
  const std::string key = dice_.below(2) == 0 ? "'x'" : make(Shape::kString, depth);
  return "{'a': " + make(Shape::kInt, depth) + ", " + key + ": " + make(Shape::kInt, depth) + "}";
}

std::string Expressions::duration(int depth) {
  static constexpr const char* kSigns[] = {"+", "-"};
  if (dice_.below(3) == 0) return infix(Shape::kTime, "-", Shape::kTime, depth);
  return infix(Shape::kDuration, kSigns[dice_.below(2)], Shape::kDuration, depth);
}

std::string Expressions::time(int depth) {
  static constexpr const char* kSigns[] = {"+", "-"};
  return infix(Shape::kTime, kSigns[dice_.below(2)], Shape::kDuration, depth);
}

std::string Expressions::optional(int depth) {
  const std::string name = fresh();
  switch (dice_.below(7)) {
    case 0:
      return "optional.of(" + make(Shape::kInt, depth) + ")";
    case 1:
      return "optional.ofNonZeroValue(" + make(Shape::kInt, depth) + ")";
    case 2:
      return make(Shape::kMap, depth) + ".?a";
    case 3:
      return make(Shape::kInts, depth) + "[?" + make(Shape::kInt, 0) + "]";
    case 4: {
      const std::string held = make(Shape::kOptional, depth);
      return held + ".optMap(" + name + ", " + with(name, Shape::kInt, Shape::kInt, depth) + ")";
    }
    case 5: {
      const std::string held = make(Shape::kOptional, depth);
      return held + ".or(" + make(Shape::kOptional, depth) + ")";
    }
    default:
      return make(Shape::kInts, depth) + (dice_.below(2) == 0 ? ".first()" : ".last()");
  }
}

}  // namespace millwright::cel
