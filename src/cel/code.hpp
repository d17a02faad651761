#pragma once
// Code: the compiled form. Each node is a closure: a function, its operands and constants, laid out
// in one block in the order of their making. Immutable once made; shared by threads.

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cel/ast.hpp"
#include "cel/time.hpp"
#include "millwright/cel/program.hpp"
#include "millwright/cel/schema.hpp"

namespace re2 {
class RE2;
}

namespace millwright::cel {

struct Code;

// One evaluation.
struct Frame {
  Context context;
  const Value* slots = nullptr;
  Value* locals = nullptr;
  std::vector<TraceEntry>* trace = nullptr;
  std::span<Value> by_node = {};  // if given, what each node gave
};

using Eval = Value (*)(const Code& code, Frame& frame);

// One function that a call may reach, with the kinds it takes; kAbsent: any.
struct Target {
  FunctionBody body = nullptr;
  std::vector<Kind> kinds;
};

struct Code {
  static constexpr NodeId kNoSlot = 0xffffffff;

  Eval eval = nullptr;
  const Code* a = nullptr;
  const Code* b = nullptr;
  const Code* c = nullptr;
  Value constant;
  const Code* const* kids = nullptr;
  std::uint32_t count = 0;    // of kids
  std::uint32_t slot = 0;     // slot or local
  NodeId node = 0;            // whose errors are its own
  NodeId operand = kNoSlot;   // fused forms: the node of the slot
  Kind kind = Kind::kAbsent;  // what a slot must hold; kAbsent: anything
  bool two = false;           // a loop with two variables, in slot and slot + 1
  const Target* targets = nullptr;
  std::uint32_t target_count = 0;
  const re2::RE2* pattern = nullptr;
  const Zone* zone = nullptr;
  const char* label = "";  // for people
};

// Everything that compiled nodes point to.
struct Pool {
  std::deque<std::string> texts;
  std::deque<std::vector<Value>> lists;
  std::deque<std::vector<MapEntry>> maps;
  std::deque<std::vector<Target>> targets;
  std::deque<Zone> zones;
  std::vector<std::unique_ptr<re2::RE2>> patterns;

  Pool();
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // The value with all that it borrows copied into the pool; false if that is more than `most`
  // elements.
  [[nodiscard]] bool own(const Value& value, std::size_t most, Value& out);
};

// One compiled expression.
struct Block {
  std::vector<Code> codes;        // never grows past its capacity: nodes point at each other
  std::vector<const Code*> kids;  // likewise
  const Code* root = nullptr;
};

}  // namespace millwright::cel
