// The public conformance vectors of the language, core suites, in four modes: checked or not,
// folded or not. They lie beside the checkout; without them the tests are skipped.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "millwright/base/digest.hpp"
#include "millwright/cel/program.hpp"

namespace millwright::cel {
namespace {

using nlohmann::json;

// Vectors that are not expected to pass, each with its reason: "suite/section/name".
const std::map<std::string, std::string> kExceptions{};

struct Suite {
  const char* name;
  int vectors;
};
constexpr Suite kSuites[] = {
    {"basic", 24},   {"comparisons", 203}, {"conversions", 69},   {"fields", 39},
    {"fp_math", 21}, {"integer_math", 34}, {"lists", 19},         {"logic", 19},
    {"macros", 17},  {"namespace", 8},     {"parse", 119},        {"plumbing", 4},
    {"string", 30},  {"timestamps", 42},   {"type_deduction", 8},
};

std::filesystem::path folder() {
  return std::filesystem::path(MILLWRIGHT_SOURCE_DIR) / "../shared/cel-conformance";
}

// Values of the vectors, with everything that they borrow.
struct Store {
  std::deque<std::string> texts;
  std::deque<std::vector<Value>> lists;
  std::deque<std::vector<MapEntry>> maps;

  Value read(const json& v) {
    const std::string key = v.begin().key();
    const json& content = v.begin().value();
    if (key == "int64") return Value::integer(std::stoll(content.get<std::string>()));
    if (key == "uint64") return Value::uinteger(std::stoull(content.get<std::string>()));
    if (key == "double")
      return Value::number(std::strtod(content.get<std::string>().c_str(), nullptr));
    if (key == "bool") return Value::boolean(content.get<bool>());
    if (key == "null") return Value::null();
    if (key == "string") return Value::string(texts.emplace_back(content.get<std::string>()));
    if (key == "type") return Value::type(texts.emplace_back(content.get<std::string>()));
    if (key == "bytes") {
      return Value::bytes(texts.emplace_back(from_base64(content.get<std::string>()).value()));
    }
    if (key == "list") {
      std::vector<Value> items;
      for (const json& each : content) items.push_back(read(each));
      return Value::list(lists.emplace_back(std::move(items)));
    }
    if (key == "map") {
      std::vector<MapEntry> entries;
      for (const json& each : content) entries.push_back({read(each[0]), read(each[1])});
      return Value::map(maps.emplace_back(std::move(entries)));
    }
    ADD_FAILURE() << "no reader for " << v.dump();
    return Value::null();
  }
};

// Kind and value: 1 is neither 1u nor 1.0.
bool same(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is(Kind::kDouble) && std::isnan(a.as_double())) return std::isnan(b.as_double());
  if (a.is(Kind::kList)) {
    if (a.as_list().size() != b.as_list().size()) return false;
    for (std::size_t i = 0; i < a.as_list().size(); ++i) {
      if (!same(a.as_list()[i], b.as_list()[i])) return false;
    }
    return true;
  }
  if (a.is(Kind::kMap)) {
    if (a.as_map().size() != b.as_map().size()) return false;
    for (const MapEntry& each : a.as_map()) {
      const Value* other = find(b.as_map(), each.key);
      if (other == nullptr || !same(each.value, *other)) return false;
    }
    return true;
  }
  return equals(a, b);
}

struct Vector {
  std::string id;
  json test;
};

Schema schema_of(const json& test, Store& store, std::vector<Value>& slots) {
  Schema schema;
  schema.set_container(test.value("container", ""));
  std::map<std::string, Type> declared;
  if (test.contains("type_env")) {
    for (const auto& [name, type] : test["type_env"].items()) {
      declared[name] = parse_type(type.get<std::string>()).value();
    }
  }
  if (test.contains("bindings")) {
    for (const auto& [name, value] : test["bindings"].items()) {
      declared.try_emplace(name, TypeKind::kDyn);
      static_cast<void>(value);
    }
  }
  for (const auto& [name, type] : declared) {
    schema.add(name, type);
    const bool bound = test.contains("bindings") && test["bindings"].contains(name);
    slots.push_back(bound ? store.read(test["bindings"][name]) : Value::absent());
  }
  return schema;
}

// "" or what is wrong.
std::string run(const Vector& vector, bool check, bool fold) {
  const json& test = vector.test;
  Store store;
  std::vector<Value> slots;
  const Schema schema = schema_of(test, store, slots);
  Options options;
  options.check = check && !test.value("disable_check", false);
  options.fold = fold;
  const auto program = compile(test["expr"].get<std::string>(), schema, options);
  const bool wants_error = test.contains("error");
  if (!program) return wants_error ? "" : "does not compile: " + program.error().message;
  Arena arena;
  const Value got = program->evaluate(slots, arena);
  if (got.is_error()) return wants_error ? "" : "fails: " + program->describe(got);
  if (wants_error) return "gives " + to_text(got) + " where an error is due";
  if (!same(got, store.read(test["value"]))) {
    return "gives " + to_text(got) + ", not " + test["value"].dump();
  }
  if (options.check && test.contains("deduced_type") &&
      to_text(program->result_type()) != test["deduced_type"].get<std::string>()) {
    return "is of type " + to_text(program->result_type()) + ", not " + test["deduced_type"].dump();
  }
  std::vector<TraceEntry> trace;
  arena.reset();
  const Value traced = program->evaluate_traced(slots, arena, trace);
  if (!same(traced, store.read(test["value"]))) return "traced, gives " + to_text(traced);
  return "";
}

class Conformance : public testing::TestWithParam<Suite> {};

TEST_P(Conformance, PassesInFourModes) {
  const Suite suite = GetParam();
  std::ifstream file(folder() / (std::string(suite.name) + ".json"));
  if (!file) GTEST_SKIP() << "no vectors at " << folder();
  const json tests = json::parse(file);
  int passed = 0;
  int excepted = 0;
  for (const json& test : tests) {
    const Vector vector{std::string(suite.name) + "/" + test["section"].get<std::string>() + "/" +
                            test["name"].get<std::string>(),
                        test};
    std::string wrong;
    for (const bool check : {true, false}) {
      for (const bool fold : {true, false}) {
        const std::string each = run(vector, check, fold);
        if (each.empty()) continue;
        wrong += std::string(check ? "checked" : "unchecked") + (fold ? ", folded: " : ": ") +
                 each + "\n";
      }
    }
    const auto exception = kExceptions.find(vector.id);
    if (exception != kExceptions.end()) {
      EXPECT_NE(wrong, "") << vector.id << " passes now: take it off the list";
      ++excepted;
    } else if (wrong.empty()) {
      ++passed;
    } else {
      ADD_FAILURE() << vector.id << ": " << test["expr"] << "\n" << wrong;
    }
  }
  EXPECT_EQ(passed + excepted, suite.vectors);
}

INSTANTIATE_TEST_SUITE_P(Suites, Conformance, testing::ValuesIn(kSuites),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace millwright::cel
