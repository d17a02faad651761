// Types as text and back, and the schema.
#include <algorithm>
#include <array>

#include "millwright/base/check.hpp"
#include "millwright/cel/schema.hpp"

namespace millwright::cel {
namespace {

struct NamedKind {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array kNames{
    NamedKind{"dyn", TypeKind::kDyn},
    NamedKind{"null_type", TypeKind::kNull},
    NamedKind{"bool", TypeKind::kBool},
    NamedKind{"int", TypeKind::kInt},
    NamedKind{"uint", TypeKind::kUint},
    NamedKind{"double", TypeKind::kDouble},
    NamedKind{"string", TypeKind::kString},
    NamedKind{"bytes", TypeKind::kBytes},
    NamedKind{"timestamp", TypeKind::kTimestamp},
    NamedKind{"google.protobuf.Timestamp", TypeKind::kTimestamp},
    NamedKind{"duration", TypeKind::kDuration},
    NamedKind{"google.protobuf.Duration", TypeKind::kDuration},
    NamedKind{"list", TypeKind::kList},
    NamedKind{"map", TypeKind::kMap},
    NamedKind{"type", TypeKind::kType},
    NamedKind{"optional_type", TypeKind::kOptional},
    NamedKind{"optional", TypeKind::kOptional},
    NamedKind{"net.IP", TypeKind::kIp},
    NamedKind{"net.CIDR", TypeKind::kCidr},
};

class TypeReader {
 public:
  explicit TypeReader(std::string_view text) : text_(text) {}

  Result<Type> run() {
    auto type = read(0);
    if (type && at_ != text_.size()) return bad();
    return type;
  }

 private:
  Error bad() const {
    return fail(
        Errc::kInvalid,
        "'" + std::string(text_) + "' is not a type like double, list(string) or map(string, int)");
  }

  void space() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool accept(char c) {
    space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    space();
    return true;
  }

  std::string_view word() {
    space();
    const std::size_t start = at_;
    while (at_ < text_.size() &&
           std::string_view("(), ").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  bool number(std::uint32_t& out) {
    space();
    const std::size_t start = at_;
    std::uint64_t value = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - start < 9) {
      value = value * 10 + std::uint64_t(text_[at_++] - '0');
    }
    out = std::uint32_t(value);
    return at_ > start;
  }

  Result<Type> read(int depth) {
    constexpr int kDepth = 16;
    const std::string_view name = word();
    if (depth > kDepth) return bad();
    if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z') {
      Type param = TypeKind::kParam;
      param.param = std::uint32_t(name[0] - 'A');
      return param;
    }
    for (const NamedKind& each : kNames) {
      if (each.name != name) continue;
      Type type = each.kind;
      const bool one = type.kind == TypeKind::kList || type.kind == TypeKind::kOptional;
      const std::size_t wanted = type.kind == TypeKind::kMap ? 2 : (one ? 1 : 0);
      if (type.kind == TypeKind::kType && accept('(')) return finish(std::move(type), 1, depth);
      if (wanted == 0) return type;
      if (!accept('(')) {
        type.params.assign(wanted, TypeKind::kDyn);
        return type;
      }
      return finish(std::move(type), wanted, depth);
    }
    return bad();
  }

  // The parameters after '(' and perhaps the greatest size.
  Result<Type> finish(Type type, std::size_t wanted, int depth) {
    for (std::size_t i = 0; i < wanted; ++i) {
      if (i > 0 && !accept(',')) return bad();
      auto param = read(depth + 1);
      if (!param) return param;
      type.params.push_back(std::move(*param));
    }
    const bool sized = type.kind == TypeKind::kList || type.kind == TypeKind::kMap;
    if (sized && accept(',') && !number(type.max_size)) return bad();
    if (!accept(')')) return bad();
    return type;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Type Type::list(Type element, std::uint32_t max) {
  Type out = TypeKind::kList;
  out.params.push_back(std::move(element));
  out.max_size = max;
  return out;
}

Type Type::map(Type key, Type value, std::uint32_t max) {
  Type out = TypeKind::kMap;
  out.params.push_back(std::move(key));
  out.params.push_back(std::move(value));
  out.max_size = max;
  return out;
}

Type Type::optional(Type held) {
  Type out = TypeKind::kOptional;
  out.params.push_back(std::move(held));
  return out;
}

Result<Type> parse_type(std::string_view text) {
  return TypeReader(text).run();
}

std::string to_text(const Type& type) {
  if (type.kind == TypeKind::kParam) {
    return type.param < 26 ? std::string(1, char('A' + int(type.param))) : "dyn";
  }
  std::string out;
  for (const NamedKind& each : kNames) {
    if (each.kind == type.kind) {
      out = each.name;
      break;
    }
  }
  if (type.params.empty()) return out;
  out += '(';
  for (std::size_t i = 0; i < type.params.size(); ++i) {
    if (i > 0) out += ", ";
    out += to_text(type.params[i]);
  }
  if (type.max_size > 0) out += ", " + std::to_string(type.max_size);
  return out + ")";
}

std::uint32_t Schema::add(std::string path, Type type) {
  const auto at = std::lower_bound(by_path_.begin(), by_path_.end(), std::pair(path, 0U));
  MW_CHECK(at == by_path_.end() || at->first != path);
  const auto slot = std::uint32_t(variables_.size());
  by_path_.insert(at, std::pair(path, slot));
  variables_.push_back(Variable{std::move(path), std::move(type)});
  return slot;
}

void Schema::add_function(FunctionSpec spec) {
  MW_CHECK(spec.body != nullptr && !spec.name.empty());
  functions_.push_back(std::move(spec));
}

std::optional<std::uint32_t> Schema::slot(std::string_view path) const {
  const auto at = std::lower_bound(by_path_.begin(), by_path_.end(), path,
                                   [](const std::pair<std::string, std::uint32_t>& e,
                                      std::string_view p) { return e.first < p; });
  if (at == by_path_.end() || at->first != path) return std::nullopt;
  return at->second;
}

}  // namespace millwright::cel
