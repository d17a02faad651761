// The public conformance vectors of the language in four modes: checked or not, folded or not. They
// lie beside the checkout; without them the tests are skipped.
#include <gtest/gtest.h>

#include <map>

#include "vectors.hpp"

namespace millwright::cel {
namespace {

// Vectors that are not expected to pass, each with its reason: "suite/section/name".
const std::map<std::string, std::string> kExceptions{};

struct Suite {
  const char* name;
  int vectors;
};
constexpr Suite kSuites[] = {
    {"basic", 24},       {"comparisons", 203}, {"conversions", 69},   {"fields", 39},
    {"fp_math", 21},     {"integer_math", 34}, {"lists", 19},         {"logic", 19},
    {"macros", 17},      {"namespace", 8},     {"parse", 119},        {"plumbing", 4},
    {"string", 30},      {"timestamps", 42},   {"type_deduction", 8}, {"string_ext", 125},
    {"math_ext", 124},   {"bindings_ext", 5},  {"encoders_ext", 3},   {"optionals_ext", 34},
    {"macros2_ext", 29}, {"network_ext", 47},  {"block_ext", 16},
};

std::filesystem::path folder() {
  return std::filesystem::path(MILLWRIGHT_SOURCE_DIR) / "../shared/cel-conformance";
}

class Conformance : public testing::TestWithParam<Suite> {};

TEST_P(Conformance, PassesInFourModes) {
  const Suite suite = GetParam();
  const std::filesystem::path file = folder() / (std::string(suite.name) + ".json");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no vectors at " << folder();
  std::string unreadable;
  const auto vectors = read_vectors(file, unreadable);
  ASSERT_EQ(unreadable, "");
  int passed = 0;
  int excepted = 0;
  for (const Vector& vector : vectors) {
    const std::string wrong = run_vector(vector);
    const std::string id = std::string(suite.name) + "/" + vector.id;
    if (kExceptions.count(id) > 0) {
      EXPECT_NE(wrong, "") << id << " passes now: take it off the list";
      ++excepted;
    } else if (wrong.empty()) {
      ++passed;
    } else {
      ADD_FAILURE() << id << ": " << vector.expr << "\n" << wrong;
    }
  }
  EXPECT_EQ(passed + excepted, suite.vectors);
}

INSTANTIATE_TEST_SUITE_P(Suites, Conformance, testing::ValuesIn(kSuites),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace millwright::cel
