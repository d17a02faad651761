#include "millwright/cel/program.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "cel/checker.hpp"
#include "cel/code.hpp"
#include "cel/evaluators.hpp"
#include "cel/generator.hpp"
#include "cel/parser.hpp"
#include "cel/program_impl.hpp"
#include "cel/text.hpp"
#include "millwright/base/check.hpp"

namespace millwright::cel {

namespace {

// Apart, so that expressions without macros do not pay for the room.
[[gnu::noinline]] Value with_locals(const Code& root, std::span<const Value> slots, Arena& arena,
                                    std::uint32_t steps) {
  Locals locals;
  Frame frame{Context(arena, steps), slots.data(), locals.values.data(), nullptr};
  return root.eval(root, frame);
}

// The greatest sizes have done their work by now.
Type without_sizes(Type type) {
  type.max_size = 0;
  for (Type& param : type.params) param = without_sizes(std::move(param));
  return type;
}

std::string code_text(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone:
      return "no error";
    case ErrorCode::kNoSuchOverload:
      return "wrong type of value";
    case ErrorCode::kNoSuchField:
      return "no such field";
    case ErrorCode::kNoSuchVariable:
      return "unknown name";
    case ErrorCode::kNoSuchFunction:
      return "unknown function";
    case ErrorCode::kOutOfRange:
      return "out of range";
    case ErrorCode::kDivideByZero:
      return "division by zero";
    case ErrorCode::kInvalidArgument:
      return "invalid argument";
    case ErrorCode::kDuplicateKey:
      return "a map has the same key twice";
    case ErrorCode::kBadKey:
      return "a map's key is a bool, int, uint or string";
    case ErrorCode::kStepLimit:
      return "takes too many steps";
    case ErrorCode::kMemoryLimit:
      return "takes too much memory";
  }
  return "error";
}

}  // namespace

Value Program::evaluate(std::span<const Value> slots, Arena& arena) const {
  const Impl& impl = *impl_;
  MW_CHECK(slots.size() >= impl.slots_needed);
  const Code& root = *impl.quick.root;
  if (impl.has_locals) return with_locals(root, slots, arena, impl.limits.steps);
  Frame frame{Context(arena, impl.limits.steps), slots.data(), nullptr, nullptr};
  return root.eval(root, frame);
}

Value Program::evaluate_traced(std::span<const Value> slots, Arena& arena,
                               std::vector<TraceEntry>& trace) const {
  const Impl& impl = *impl_;
  MW_CHECK(slots.size() >= impl.slots_needed);
  Locals locals;
  Frame frame{Context(arena, impl.limits.steps), slots.data(), locals.values.data(), &trace};
  return impl.traced.root->eval(*impl.traced.root, frame);
}

const Type& Program::result_type() const noexcept {
  return impl_->type;
}
std::span<const std::uint32_t> Program::slots_read() const noexcept {
  return impl_->slots;
}
std::string_view Program::source() const noexcept {
  return impl_->source.text;
}
std::uint64_t Program::worst_steps() const noexcept {
  return impl_->worst;
}

std::string Program::describe(const Value& error) const {
  if (!error.is_error()) return cel::to_text(error);
  std::string message = code_text(error.error_code());
  const NodeId id = error.error_node();
  if (id >= impl_->ast.nodes.size()) {
    return error.error_detail() != nullptr ? message + ": " + error.error_detail() : message;
  }
  const Node& node = impl_->ast.at(id);
  std::string name(node.name);
  if (!impl_->slot_names[id].empty()) name = impl_->slot_names[id];
  const std::string_view text = impl_->source.text;
  if (error.error_code() == ErrorCode::kNoSuchVariable) {
    name = text.substr(node.begin, node.end - node.begin);
  }
  if (!name.empty()) message += ": '" + name + "'";
  if (error.error_code() == ErrorCode::kNoSuchField && !impl_->slot_names[id].empty()) {
    message += " is not in this event; ask first: has(" + name + ")";
  }
  if (error.error_detail() != nullptr) message += std::string(": ") + error.error_detail();
  const bool from_start =
      !impl_->slot_names[id].empty() || error.error_code() == ErrorCode::kNoSuchVariable;
  const std::uint32_t at = from_start ? node.begin : node.mark;
  return impl_->source.place_text(at) + message + "\n" + impl_->source.excerpt(at);
}

std::string Program::disassemble() const {
  const Block& block = impl_->quick;
  const auto number = [&](const Code* code) { return std::to_string(code - block.codes.data()); };
  std::string out;
  for (const Code& code : block.codes) {
    std::string line = number(&code) + (&code == block.root ? " = " : "   ") + code.label;
    for (const Code* operand : {code.a, code.b, code.c}) {
      if (operand != nullptr) line += " #" + number(operand);
    }
    for (std::uint32_t i = 0; i < code.count; ++i) line += " #" + number(code.kids[i]);
    if (code.operand != Code::kNoSlot) line += " " + impl_->slot_names[code.operand];
    if (!code.constant.is(Kind::kAbsent)) line += " " + cel::to_text(code.constant);
    out += line + "\n";
  }
  return out;
}

// Builds a Program: parse, check, generate.
struct Compiler {
  const Schema& schema;
  const Options& options;
  std::shared_ptr<Program::Impl> impl;
  Complaints complaints = {};

  bool run() {
    const std::string& text = impl->source.text;
    if (text.size() > options.limits.source_bytes) {
      complaints.add(
          0,
          "the expression has more than " + std::to_string(options.limits.source_bytes) + " bytes",
          "split the rule");
      return false;
    }
    if (!valid_utf8(text)) {
      complaints.add(0, "the expression is not valid UTF-8");
      return false;
    }
    impl->ast = parse(text, options.limits, complaints);
    if (!complaints.empty()) return false;
    const Checked checked = check(impl->ast, schema, options, complaints);
    if (!complaints.empty()) return false;
    note_slots(checked);
    generate_code(checked);
    impl->comparisons = find_comparisons(impl->ast, checked, schema, impl->source.text, impl->pool);
    impl->worst = worst_steps(impl->ast, checked);
    if (options.check && impl->worst > options.limits.steps) {
      complaints.add(0,
                     "may take " + std::to_string(impl->worst) + " steps, more than " +
                         std::to_string(options.limits.steps),
                     "use shorter lists or fewer nested macros");
    }
    return complaints.empty();
  }

  void note_slots(const Checked& checked) {
    std::set<std::uint32_t> read;
    impl->slot_names.resize(impl->ast.nodes.size());
    mark(impl->ast.root, checked, read);
    impl->slots.assign(read.begin(), read.end());
    if (!read.empty()) impl->slots_needed = *read.rbegin() + std::size_t(1);
    for (const Node& node : impl->ast.nodes) {
      if (node.kind == NodeKind::kLoop || node.kind == NodeKind::kBind) impl->has_locals = true;
    }
  }

  // Only what the code reads: the parts of a path are no slots of their own.
  void mark(NodeId id, const Checked& checked, std::set<std::uint32_t>& read) {
    const Info& info = checked.info[id];
    if (info.meaning == Meaning::kSlot) {
      read.insert(info.index);
      impl->slot_names[id] = schema.variables()[info.index].path;
      return;
    }
    const auto children = impl->ast.children(id);
    for (std::size_t i = info.qualified ? 1 : 0; i < children.size(); ++i) {
      mark(children[i], checked, read);
    }
  }

  void generate_code(const Checked& checked) {
    impl->type = options.check ? without_sizes(checked.type) : Type(TypeKind::kDyn);
    GeneratorOptions generator;
    generator.fold = options.fold;
    generator.steps = options.limits.steps;
    const bool open = impl->type.kind == TypeKind::kDyn;
    if (open) generator.result = kind_of(options.result);
    const std::string_view text = impl->source.text;
    impl->quick = generate(impl->ast, checked, schema, text, generator, impl->pool, complaints);
    generator.fold = false;
    generator.traced = true;
    impl->traced = generate(impl->ast, checked, schema, text, generator, impl->pool, complaints);
  }

  static Program make(std::shared_ptr<const Program::Impl> impl) {
    return Program(std::move(impl));
  }
  static std::shared_ptr<Program::Impl> fresh() { return std::make_shared<Program::Impl>(); }
};

Result<Program> compile(std::string_view source, const Schema& schema, const Options& options,
                        std::vector<Diagnostic>* diagnostics) {
  Compiler compiler{schema, options, Compiler::fresh()};
  compiler.impl->source =
      Source{std::string(source), options.file, options.first_line, options.first_column};
  compiler.impl->limits = options.limits;
  if (compiler.run()) return Compiler::make(std::move(compiler.impl));
  if (diagnostics != nullptr) *diagnostics = compiler.complaints.diagnostics(compiler.impl->source);
  return fail(Errc::kInvalid, compiler.complaints.render(compiler.impl->source));
}

}  // namespace millwright::cel
