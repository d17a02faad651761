#pragma once
// Schema: what an expression may read and call. Variables are dotted paths with a type and a slot;
// functions are pure and typed. Built once by the embedder, then only read, by any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/cel/arena.hpp"
#include "millwright/cel/value.hpp"

namespace millwright::cel {

enum class TypeKind : std::uint8_t {
  kDyn,  // known only when it runs
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kList,      // params: element
  kMap,       // params: key, value
  kType,      // params: none, or what it is the type of
  kOptional,  // params: what it may hold
  kIp,
  kCidr,
  kParam,  // a type parameter of a function's signature: A, B
};

struct Type {
  TypeKind kind = TypeKind::kDyn;
  std::vector<Type> params = {};
  std::uint32_t param = 0;     // kParam: which
  std::uint32_t max_size = 0;  // kList, kMap: most elements there can be; 0: not known

  Type() = default;
  Type(TypeKind k) : kind(k) {}  // NOLINT(*-explicit-*): Type t = TypeKind::kDouble
  static Type list(Type element, std::uint32_t max = 0);
  static Type map(Type key, Type value, std::uint32_t max = 0);
  static Type optional(Type held);

  // The greatest sizes are no part of what a type is.
  friend bool operator==(const Type& a, const Type& b) {
    return a.kind == b.kind && a.param == b.param && a.params == b.params;
  }
};

// "list(string)", "map(string, int)", "timestamp", "list(double, 16)" (at most 16), "A" ...
[[nodiscard]] Result<Type> parse_type(std::string_view text);
[[nodiscard]] std::string to_text(const Type& type);

// What a function may use beside its arguments.
class Context {
 public:
  Context(Arena& arena, std::uint32_t steps) noexcept : arena_(&arena), steps_(steps) {}
  [[nodiscard]] Arena& arena() noexcept { return *arena_; }
  // Takes steps from the budget of the evaluation; false when it is spent. One step is the work of
  // about 64 bytes.
  [[nodiscard]] bool spend(std::size_t steps) noexcept {
    if (steps > steps_) return false;
    steps_ -= std::uint32_t(steps);
    return true;
  }

 private:
  Arena* arena_;
  std::uint32_t steps_;
};

// Pure: the same arguments give the same result. Arguments have the declared kinds and are never
// errors; failure is Value::error.
using FunctionBody = Value (*)(Context& context, std::span<const Value> arguments);

struct FunctionSpec {
  std::string name;          // "startsWith", or qualified: "math.abs"
  bool member = false;       // called as receiver.name(...); the receiver is the first parameter
  std::vector<Type> params;  // TypeKind::kParam with equal numbers must agree
  Type result;
  FunctionBody body = nullptr;
  std::string doc;        // one line, for people
  bool variadic = false;  // the last parameter may be said again and again
};

struct Variable {
  std::string path;  // "vibration.z"
  Type type;
};

class Schema {
 public:
  // The slot of the path. Declaring a path again is a bug of the embedder.
  std::uint32_t add(std::string path, Type type);
  // Several functions may share a name when their parameters differ.
  void add_function(FunctionSpec spec);
  // The namespace in which names are looked up first: "plant.line".
  void set_container(std::string name) { container_ = std::move(name); }

  [[nodiscard]] std::optional<std::uint32_t> slot(std::string_view path) const;
  [[nodiscard]] const std::vector<Variable>& variables() const noexcept { return variables_; }
  [[nodiscard]] const std::vector<FunctionSpec>& functions() const noexcept { return functions_; }
  [[nodiscard]] const std::string& container() const noexcept { return container_; }

 private:
  std::vector<Variable> variables_;                             // by slot
  std::vector<std::pair<std::string, std::uint32_t>> by_path_;  // sorted
  std::vector<FunctionSpec> functions_;
  std::string container_;
};

// The functions of the language itself, with their doc lines.
[[nodiscard]] const std::vector<FunctionSpec>& standard_functions();

}  // namespace millwright::cel
