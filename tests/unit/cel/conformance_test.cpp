// The public conformance vectors of the language in four modes: checked or not, folded or not. They
// lie beside the checkout; without them the tests are skipped.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
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

// Whatever a file holds, each of its vectors fails with a reason and stops nothing.
TEST(Vectors, OddOnesFailAndDoNotCrash) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("millwright-vectors-" + std::to_string(::getpid()) + ".json");
  std::ofstream(file) << R"json([
    {"section": "s", "name": "passes", "expr": "1 + 1", "value": {"int64": "2"}},
    {"section": "s", "name": "time", "expr": "timestamp(0)",
      "value" : {
    "timestamp" : "1970-01-01T00:00:00Z"
  }
},
    {"section": "s", "name": "message", "expr": "TestAllTypes{single_int64: 1}",
     "value": {"object": {"@type": "x"}}},
    {"section": "s", "name": "other", "expr": "1 + 1", "value": {"int64": "3"}},
    {"section": "s", "name": "no value", "expr": "1"},
    {"section": "s", "name": "no expr", "value": {"bool": true}},
    {"section": "s", "name": "no number", "expr": "1", "value": {"int64": "one"}},
    {"section": 5, "name": "no text", "expr": 5, "value": {"int64": "1"}},
    {"section": "s", "name": "type", "expr": "x", "type_env": {"x": "a.Message"},
     "bindings": {"x": {"object": {}}}, "value": {"bool": true}},
    7, null, []])json";
  std::string wrong;
  const auto vectors = read_vectors(file, wrong);
  std::filesystem::remove(file);
  EXPECT_EQ(wrong, "");
  ASSERT_EQ(vectors.size(), 12u);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    EXPECT_EQ(run_vector(vectors[i]).empty(), i < 2) << vectors[i].test;
  }
  EXPECT_TRUE(read_vectors("/nowhere/at/all.json", wrong).empty());
  EXPECT_NE(wrong, "");
}

INSTANTIATE_TEST_SUITE_P(Suites, Conformance, testing::ValuesIn(kSuites),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace millwright::cel
