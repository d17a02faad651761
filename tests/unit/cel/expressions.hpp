#pragma once
// Random expressions that the checker accepts, with random inputs, for comparing evaluators. The
// same seed gives the same ones with one compiler. One thread.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/cel/schema.hpp"

namespace millwright::cel {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::size_t below(std::size_t n) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return std::size_t(state_ >> 33) % n;
  }

 private:
  std::uint64_t state_;
};

enum class Shape : std::uint8_t {
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kInts,     // list(int)
  kStrings,  // list(string)
  kMap,      // map(string, int)
  kDuration,
  kTime,
  kOptional,  // optional_type(int)
};

// What an expression may hold.
enum class Dialect {
  kCore,     // the language itself, as every implementation has it
  kStrings,  // and the strings extension
  kAll,      // everything
};

// The variables of the expressions: b c (bool), i j, u, d e, s t, n.x (double), li, ls, m, o.
[[nodiscard]] const Schema& expression_schema();

// One value for each variable, and what they borrow.
struct RandomInputs {
  std::vector<Value> slots;
  std::deque<std::string> texts;
  std::deque<std::vector<Value>> lists;
  std::deque<std::vector<MapEntry>> maps;
};
void random_inputs(Dice& dice, RandomInputs& out);

class Expressions {
 public:
  Expressions(Dice& dice, Dialect dialect) : dice_(dice), dialect_(dialect) {}
  [[nodiscard]] std::string make(Shape shape, int depth);
  [[nodiscard]] Shape any_shape();

 private:
  struct Local {
    std::string name;
    Shape shape;
  };

  std::string leaf(Shape shape);
  std::string literal(Shape shape);
  std::string boolean(int depth);
  std::string comparison(int depth);
  std::string macro_test(int depth);
  std::string integer(int depth);
  std::string integer_extension(int depth);
  std::string uinteger(int depth);
  std::string number(int depth);
  std::string text(int depth);
  std::string text_extension(int depth);
  std::string ints(int depth);
  std::string ints_extension(int depth);
  std::string strings(int depth);
  std::string map(int depth);
  std::string duration(int depth);
  std::string time(int depth);
  std::string optional(int depth);

  std::string infix(Shape a, const char* op, Shape b, int depth);
  // `body` with a variable of that shape in scope.
  std::string with(const std::string& name, Shape shape, Shape body, int depth);
  std::string fresh();
  [[nodiscard]] bool extended() const { return dialect_ == Dialect::kAll; }

  Dice& dice_;
  Dialect dialect_;
  std::vector<Local> locals_;
};

}  // namespace millwright::cel
