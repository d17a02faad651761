#include "rules/text_template.hpp"

#include "rules/functions.hpp"
#include "rules/schema.hpp"

namespace millwright::rules {
namespace {

// The place of an offset within a text that starts at `source`.
SourceText part_of(const SourceText& source, std::size_t begin, std::size_t length) {
  SourceText out = source;
  out.text = source.text.substr(begin, length);
  for (std::size_t i = 0; i < begin; ++i) {
    if (source.text[i] == '\n') {
      out.line += 1;
      out.column = 1;
    } else if ((static_cast<unsigned char>(source.text[i]) & 0xC0) != 0x80) {
      out.column += 1;
    }
  }
  return out;
}

// Where the "}}" of the part that begins at `from` stands, not counting texts within.
std::size_t end_of_part(const std::string& text, std::size_t from) {
  char quote = '\0';
  for (std::size_t i = from; i + 1 < text.size(); ++i) {
    if (quote != '\0') {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == quote) {
        quote = '\0';
      }
    } else if (text[i] == '\'' || text[i] == '"') {
      quote = text[i];
    } else if (text[i] == '}' && text[i + 1] == '}') {
      return i;
    }
  }
  return std::string::npos;
}

}  // namespace

std::optional<cel::Program> compile_expression(const SourceText& source, cel::TypeKind result,
                                               const cel::Schema& schema, RuleProblems& problems) {
  cel::Options options;
  options.file = source.file;
  options.first_line = std::uint32_t(source.line);
  options.first_column = std::uint32_t(source.column);
  options.result = result;
  std::vector<cel::Diagnostic> found;
  auto program = cel::compile(source.text, schema, options, &found);
  if (program) return std::move(*program);
  for (const cel::Diagnostic& each : found) {
    problems.push_back({source.file, int(each.line), int(each.column),
                        each.message + (each.suggestion.empty() ? "" : "; ") + each.suggestion +
                            "\n" + each.excerpt});
  }
  return std::nullopt;
}

TextTemplate TextTemplate::compile(const SourceText& source, const cel::Schema& schema,
                                   RuleProblems& problems) {
  TextTemplate out;
  std::size_t at = 0;
  while (at < source.text.size()) {
    const std::size_t open = source.text.find("{{", at);
    const std::size_t plain = (open == std::string::npos ? source.text.size() : open) - at;
    if (plain > 0) out.parts_.push_back(Part{source.text.substr(at, plain), {}});
    if (open == std::string::npos) break;
    const std::size_t close = end_of_part(source.text, open + 2);
    if (close == std::string::npos) {
      const SourceText place = part_of(source, open, 0);
      problems.push_back({place.file, place.line, place.column, "'{{' has no '}}'"});
      return out;
    }
    auto program = compile_expression(part_of(source, open + 2, close - open - 2),
                                      cel::TypeKind::kDyn, schema, problems);
    if (program) out.parts_.push_back(Part{{}, {*program}});
    at = close + 2;
  }
  return out;
}

std::string TextTemplate::render(std::span<const cel::Value> slots, cel::Arena& arena,
                                 std::vector<std::string>& errors) const {
  std::string out;
  for (const Part& part : parts_) {
    if (part.program.empty()) {
      out += part.text;
      continue;
    }
    const cel::Value value = part.program[0].evaluate(slots, arena);
    if (value.is_error()) errors.push_back(part.program[0].describe(value));
    out += value.is_error() ? "n/a" : value_text(value);
  }
  return out;
}

void TextTemplate::slots_read(std::set<std::uint32_t>& out) const {
  for (const Part& part : parts_) {
    for (const cel::Program& program : part.program) {
      out.insert(program.slots_read().begin(), program.slots_read().end());
    }
  }
}

}  // namespace millwright::rules
