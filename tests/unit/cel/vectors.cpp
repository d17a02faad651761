#include "vectors.hpp"

#include <cmath>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cel/time.hpp"
#include "millwright/base/digest.hpp"
#include "millwright/cel/program.hpp"

namespace millwright::cel {
namespace {

using nlohmann::json;

// Values of the vectors, with everything that they borrow. Throws what it cannot read.
struct Store {
  std::deque<std::string> texts;
  std::deque<std::vector<Value>> lists;
  std::deque<std::vector<MapEntry>> maps;

  std::string_view text(const json& content) {
    return texts.emplace_back(content.get<std::string>());
  }

  Value checked(const Value& value, const json& v) {
    if (value.is_error()) throw std::runtime_error("no value: " + v.dump());
    return value;
  }

  Value read(const json& v) {
    if (!v.is_object() || v.size() != 1) throw std::runtime_error("no value: " + v.dump());
    const std::string key = v.begin().key();
    const json& content = v.begin().value();
    if (key == "int64") return Value::integer(std::stoll(content.get<std::string>()));
    if (key == "uint64") return Value::uinteger(std::stoull(content.get<std::string>()));
    if (key == "double") {
      return Value::number(std::strtod(content.get<std::string>().c_str(), nullptr));
    }
    if (key == "bool") return Value::boolean(content.get<bool>());
    if (key == "null") return Value::null();
    if (key == "string") return Value::string(text(content));
    if (key == "type") return Value::type(text(content));
    if (key == "duration") return checked(parse_cel_duration(text(content)), v);
    if (key == "timestamp") return checked(parse_timestamp(text(content)), v);
    if (key == "bytes") {
      const auto bytes = from_base64(content.get<std::string>());
      if (!bytes) throw std::runtime_error(bytes.error().message);
      return Value::bytes(texts.emplace_back(*bytes));
    }
    if (key == "list") {
      std::vector<Value> items;
      for (const json& each : content) items.push_back(read(each));
      return Value::list(lists.emplace_back(std::move(items)));
    }
    if (key == "map") {
      std::vector<MapEntry> entries;
      for (const json& each : content) entries.push_back({read(each.at(0)), read(each.at(1))});
      return Value::map(maps.emplace_back(std::move(entries)));
    }
    throw std::runtime_error("a value of a kind that is not there: " + v.dump());
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

Schema schema_of(const json& test, Store& store, std::vector<Value>& slots) {
  Schema schema;
  schema.set_container(test.value("container", ""));
  std::map<std::string, Type> declared;
  if (test.contains("type_env")) {
    for (const auto& [name, type] : test["type_env"].items()) {
      const auto parsed = parse_type(type.get<std::string>());
      if (!parsed) throw std::runtime_error(parsed.error().message);
      declared[name] = *parsed;
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

std::string run(const json& test, const Mode& mode) {
  Store store;
  std::vector<Value> slots;
  const Schema schema = schema_of(test, store, slots);
  Options options;
  options.check = mode.check && !test.value("disable_check", false);
  options.fold = mode.fold;
  const auto program = compile(test.at("expr").get<std::string>(), schema, options);
  const bool wants_error = test.contains("error");
  if (!program) return wants_error ? "" : "does not compile: " + program.error().message;
  Arena arena;
  const Value got = program->evaluate(slots, arena);
  if (got.is_error()) return wants_error ? "" : "fails: " + program->describe(got);
  if (wants_error) return "gives " + to_text(got) + " where an error is due";
  const Value wanted = store.read(test.at("value"));
  if (!same(got, wanted)) return "gives " + to_text(got) + ", not " + test["value"].dump();
  if (options.check && test.contains("deduced_type") &&
      to_text(program->result_type()) != test["deduced_type"].get<std::string>()) {
    return "is of type " + to_text(program->result_type()) + ", not " + test["deduced_type"].dump();
  }
  std::vector<TraceEntry> trace;
  Arena traced;
  const Value again = program->evaluate_traced(slots, traced, trace);
  return same(again, wanted) ? "" : "traced, gives " + to_text(again);
}

}  // namespace

std::vector<Vector> read_vectors(const std::filesystem::path& file, std::string& wrong) {
  std::vector<Vector> out;
  std::ifstream in(file);
  if (!in) {
    wrong = "cannot be read";
    return out;
  }
  try {
    const json tests = json::parse(in);
    for (const json& test : tests) {
      const bool fit = test.is_object();
      out.push_back({fit ? test.value("section", "?") + "/" + test.value("name", "?") : "?",
                     fit ? test.value("expr", "") : "", test.dump()});
    }
  } catch (const std::exception& e) {
    wrong = e.what();
  }
  return out;
}

std::string run_vector(const Vector& vector, const Mode& mode) {
  try {
    return run(json::parse(vector.test), mode);
  } catch (const std::exception& e) {
    return std::string("cannot be run: ") + e.what();
  }
}

std::string run_vector(const Vector& vector) {
  std::string wrong;
  for (const Mode& mode : kModes) {
    const std::string each = run_vector(vector, mode);
    if (!each.empty()) wrong += std::string(mode.name) + ": " + each + "\n";
  }
  return wrong;
}

}  // namespace millwright::cel
