#include "cel/inference.hpp"

namespace millwright::cel {

Type Inference::fresh() {
  Type out = TypeKind::kParam;
  out.param = kFirst + std::uint32_t(bound_.size());
  bound_.emplace_back();
  return out;
}

Type Inference::instantiate(const Type& type, std::vector<std::pair<std::uint32_t, Type>>& map) {
  if (type.kind == TypeKind::kParam) {
    for (const auto& [number, replacement] : map) {
      if (number == type.param) return replacement;
    }
    return map.emplace_back(type.param, fresh()).second;
  }
  Type out = type;
  for (Type& param : out.params) param = instantiate(param, map);
  return out;
}

const Type& Inference::follow(const Type& type) const {
  const Type* at = &type;
  while (at->kind == TypeKind::kParam && at->param >= kFirst && bound_[at->param - kFirst]) {
    at = &*bound_[at->param - kFirst];
  }
  return *at;
}

bool Inference::mentions(const Type& type, std::uint32_t variable) const {
  const Type& t = follow(type);
  if (t.kind == TypeKind::kParam) return t.param == variable;
  for (const Type& param : t.params) {
    if (mentions(param, variable)) return true;
  }
  return false;
}

bool Inference::accept(const Type& wanted, const Type& actual) {
  const Type w = follow(wanted);
  const Type a = follow(actual);
  if (w.kind == TypeKind::kParam && a.kind == TypeKind::kParam && w.param == a.param) return true;
  if (w.kind == TypeKind::kParam || a.kind == TypeKind::kParam) {
    const Type& variable = w.kind == TypeKind::kParam ? w : a;
    const Type& other = w.kind == TypeKind::kParam ? a : w;
    if (mentions(other, variable.param)) return false;
    bound_[variable.param - kFirst] = other;
    return true;
  }
  if (w.kind == TypeKind::kDyn || a.kind == TypeKind::kDyn) return true;
  if (a.kind == TypeKind::kNull) {
    return w.kind == TypeKind::kNull || w.kind == TypeKind::kTimestamp ||
           w.kind == TypeKind::kDuration;
  }
  if (w.kind != a.kind) return false;
  if (w.kind == TypeKind::kType) return true;  // type(1) == type('a') is a fair question
  for (std::size_t i = 0; i < w.params.size() && i < a.params.size(); ++i) {
    if (!accept(w.params[i], a.params[i])) return false;
  }
  return true;
}

Type Inference::resolve(const Type& type, bool final) const {
  Type out = follow(type);
  if (out.kind == TypeKind::kParam && final) return TypeKind::kDyn;
  for (Type& param : out.params) param = resolve(param, final);
  return out;
}

// Of two types that go together, the one that says less: dyn beside anything is dyn.
Type Inference::widest(const Type& x, const Type& y) {
  if (x.kind == TypeKind::kDyn || y.kind == TypeKind::kDyn) return TypeKind::kDyn;
  if (x.kind == TypeKind::kNull) return y;
  if (y.kind == TypeKind::kNull || x.kind != y.kind) return x;
  Type out = x;
  out.max_size = x.max_size == 0 || y.max_size == 0 ? 0 : std::max(x.max_size, y.max_size);
  for (std::size_t i = 0; i < out.params.size() && i < y.params.size(); ++i) {
    out.params[i] = widest(x.params[i], y.params[i]);
  }
  return out;
}

Type Inference::join(const Type& a, const Type& b) {
  const Type x = resolve(a);
  const Type y = resolve(b);
  if (x == y) {
    Type out = x;
    out.max_size = x.max_size == 0 || y.max_size == 0 ? 0 : std::max(x.max_size, y.max_size);
    return out;
  }
  if (x.kind == TypeKind::kDyn || y.kind == TypeKind::kDyn) return TypeKind::kDyn;
  Saved saved = save();
  if (accept(x, y)) return widest(resolve(x), resolve(y));
  restore(saved);
  if (accept(y, x)) return widest(resolve(y), resolve(x));
  restore(std::move(saved));
  return TypeKind::kDyn;
}

}  // namespace millwright::cel
