#include "differential.hpp"

#include "cel/parser.hpp"
#include "expressions.hpp"
#include "millwright/cel/program.hpp"
#include "tree_walk.hpp"

namespace millwright::cel {
namespace {

constexpr std::size_t kPerInputs = 16;  // expressions with the same inputs

std::string outcome(const Value& value) {
  if (!value.is_error()) return to_text(value);
  const bool over =
      value.error_code() == ErrorCode::kStepLimit || value.error_code() == ErrorCode::kMemoryLimit;
  return over ? "overrun" : "error";
}

class Comparer {
 public:
  Comparer(std::uint64_t seed, std::size_t shown) : dice_(seed), shown_(shown) {}

  DifferentialCounts run(std::size_t count) {
    Expressions expressions(dice_, Dialect::kAll);
    for (std::size_t n = 0; n < count; ++n) {
      if (n % kPerInputs == 0) random_inputs(dice_, inputs_);
      if (n % 8 == 7) {
        law(expressions);
      } else {
        compare(expressions.make(expressions.any_shape(), n % 2 == 0 ? 3 : 2));
      }
      ++counts_.expressions;
    }
    return counts_;
  }

 private:
  void differs(const std::string& source, const std::string& got, const std::string& wanted) {
    if (counts_.differences++ >= shown_) return;
    counts_.first_differences += source + "\n  gives " + got + ", not " + wanted + "\n  with";
    const auto& variables = expression_schema().variables();
    for (std::size_t i = 0; i < variables.size(); ++i) {
      counts_.first_differences += " " + variables[i].path + "=" + to_text(inputs_.slots[i]);
    }
    counts_.first_differences += "\n";
  }

  std::string compiled(const std::string& source, bool check, bool fold) {
    Options options;
    options.check = check;
    options.fold = fold;
    options.limits.steps = 2'000'000'000;
    const auto program = compile(source, expression_schema(), options);
    if (!program) return "does not compile: " + program.error().message;
    arena_.reset();
    return outcome(program->evaluate(inputs_.slots, arena_));
  }

  std::string walked(const std::string& source) {
    Complaints complaints;
    const Limits limits;
    const Ast ast = parse(source, limits, complaints);
    if (!complaints.empty()) return "does not parse";
    walk_arena_.reset();
    Context context(walk_arena_, 10'000'000);
    return outcome(TreeWalk(ast, expression_schema(), inputs_.slots, context).run());
  }

  void compare(const std::string& source) {
    const std::string wanted = walked(source);
    counts_.errors += wanted == "error" ? 1 : 0;
    for (const bool check : {true, false}) {
      for (const bool fold : {true, false}) {
        const std::string got = compiled(source, check, fold);
        if (got == "overrun" || wanted == "overrun") {
          ++counts_.overruns;
          return;
        }
        if (got != wanted) {
          return differs(
              source + (check ? "  (checked" : "  (unchecked") + (fold ? ", folded)" : ")"), got,
              wanted);
        }
      }
    }
  }

  void law(Expressions& expressions) {
    const std::string a = expressions.make(Shape::kBool, 2);
    const std::string b = expressions.make(Shape::kBool, 2);
    for (const char* op : {" && ", " || "}) {
      const std::string one = compiled(a + op + b, true, true);
      const std::string other = compiled(b + op + a, true, true);
      if (one != other && one != "overrun" && other != "overrun") {
        differs(a + op + b, one, other + " as turned round");
      }
    }
  }

  Dice dice_;
  Arena arena_;
  Arena walk_arena_{1 << 20};
  std::size_t shown_;
  RandomInputs inputs_;
  DifferentialCounts counts_;
};

}  // namespace

DifferentialCounts compare_with_walk(std::uint64_t seed, std::size_t count, std::size_t shown) {
  return Comparer(seed, shown).run(count);
}

}  // namespace millwright::cel
