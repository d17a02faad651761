// The lists extension. Indices count from 0.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "cel/function_rows.hpp"
#include "cel/operations.hpp"

namespace millwright::cel {
namespace {

constexpr std::size_t kPerStep = 4;  // elements written in one step

// Room for so many elements, paid for.
Value room(Context& context, std::size_t count, Value*& out) {
  if (!context.spend(count / kPerStep)) return step_limit();
  out = context.arena().allocate_array<Value>(count);
  return out == nullptr ? memory_limit() : Value::null();
}

Value slice(Context& /*context*/, Arguments args) {
  const auto items = args[0].as_list();
  const std::int64_t begin = args[1].as_int();
  const std::int64_t end = args[2].as_int();
  if (begin < 0 || end < begin || std::uint64_t(end) > items.size()) {
    return out_of_range("a slice outside the list, or one that ends before it starts");
  }
  return Value::list(items.subspan(std::size_t(begin), std::size_t(end - begin)));
}

// Elements after flattening, counted and paid for first, then copied.
bool count_flat(Context& context, Arguments items, std::int64_t depth, std::size_t& count) {
  for (const Value& each : items) {
    if (!context.spend(1)) return false;
    if (!each.is(Kind::kList) || depth == 0) {
      ++count;
    } else if (!count_flat(context, each.as_list(), depth - 1, count)) {
      return false;
    }
  }
  return true;
}

void copy_flat(Arguments items, std::int64_t depth, Value*& out) {
  for (const Value& each : items) {
    if (!each.is(Kind::kList) || depth == 0) {
      *out++ = each;
    } else {
      copy_flat(each.as_list(), depth - 1, out);
    }
  }
}

Value flatten(Context& context, Arguments args) {
  const std::int64_t depth = args.size() == 2 ? args[1].as_int() : 1;
  if (depth < 0) return Value::error(ErrorCode::kInvalidArgument, "a depth below 0");
  std::size_t count = 0;
  if (!count_flat(context, args[0].as_list(), depth, count)) return step_limit();
  Value* out = nullptr;
  const Value got = room(context, count, out);
  if (got.is_error()) return got;
  Value* at = out;
  copy_flat(args[0].as_list(), depth, at);
  return Value::list({out, count});
}

Value range(Context& context, Arguments args) {
  const std::int64_t count = args[0].as_int();
  if (count < 0) return Value::error(ErrorCode::kInvalidArgument, "a range of less than nothing");
  Value* out = nullptr;
  const Value got = room(context, std::size_t(count), out);
  if (got.is_error()) return got;
  for (std::int64_t i = 0; i < count; ++i) out[i] = Value::integer(i);
  return Value::list({out, std::size_t(count)});
}

Value reverse(Context& context, Arguments args) {
  const auto items = args[0].as_list();
  Value* out = nullptr;
  const Value got = room(context, items.size(), out);
  if (got.is_error()) return got;
  std::reverse_copy(items.begin(), items.end(), out);
  return Value::list({out, items.size()});
}

Value distinct(Context& context, Arguments args) {
  const auto items = args[0].as_list();
  Value* out = nullptr;
  const Value got = room(context, items.size(), out);
  if (got.is_error()) return got;
  std::size_t count = 0;
  for (const Value& each : items) {
    const Value known = contained(each, Value::list({out, count}), context);
    if (known.is_error()) return known;
    if (known.is_false()) out[count++] = each;
  }
  return Value::list({out, count});
}

Value sort(Context& context, Arguments args) {
  return sorted_by(context, args[0].as_list(), args[0].as_list());
}

Value first(Context& context, Arguments args) {
  const auto items = args[0].as_list();
  return items.empty() ? Value::none() : wrapped(items.front(), context);
}

Value last(Context& context, Arguments args) {
  const auto items = args[0].as_list();
  return items.empty() ? Value::none() : wrapped(items.back(), context);
}

// What keeps keys from being sorted, if anything does.
Value unsortable(Arguments keys) {
  for (const Value& key : keys) {
    if (key.kind() != keys[0].kind()) return no_overload("only values of one type are sorted");
    if (!comparable(key, key)) return no_overload("values of this type have no order");
    if (key.is(Kind::kDouble) && std::isnan(key.as_double())) {
      return Value::error(ErrorCode::kInvalidArgument, "NaN has no order");
    }
  }
  return Value::null();
}

// n log n comparisons, each as long as the texts are.
bool pay_for_sorting(Context& context, Arguments keys) {
  std::size_t work = keys.size();
  for (const Value& key : keys) {
    const bool text = key.is(Kind::kString) || key.is(Kind::kBytes);
    if (text) work += key.as_text().size() / kBytesPerStep;
  }
  return context.spend(work * std::size_t(std::bit_width(keys.size())) / kPerStep);
}

constexpr FunctionRow kRows[] = {
    {"slice",
     true,
     {"list(A)", "int", "int"},
     "list(A)",
     slice,
     "from an index up to before another"},
    {"flatten", true, {"list(list(A))"}, "list(A)", flatten, "the elements of the lists in it"},
    {"flatten",
     true,
     {"list(dyn)", "int"},
     "list(dyn)",
     flatten,
     "so many levels of lists dissolved"},
    {"lists.range", false, {"int"}, "list(int)", range, "0, 1, 2, ... so many of them"},
    {"reverse", true, {"list(A)"}, "list(A)", reverse, "the elements in reverse order"},
    {"distinct", true, {"list(A)"}, "list(A)", distinct, "each element once, where it comes first"},
    {"sort", true, {"list(A)"}, "list(A)", sort, "the elements in ascending order"},
    {"first", true, {"list(A)"}, "optional_type(A)", first, "the first element, if there is one"},
    {"last", true, {"list(A)"}, "optional_type(A)", last, "the last element, if there is one"},
};

}  // namespace

Value sorted_by(Context& context, Arguments items, Arguments keys) {
  const Value wrong = unsortable(keys);
  if (wrong.is_error()) return wrong;
  if (!pay_for_sorting(context, keys)) return step_limit();
  Value* out = nullptr;
  const Value got = room(context, items.size(), out);
  if (got.is_error()) return got;
  auto* order = context.arena().allocate_array<std::uint32_t>(items.size());
  if (order == nullptr) return memory_limit();
  for (std::size_t i = 0; i < items.size(); ++i) order[i] = std::uint32_t(i);
  // Places break ties, so that the order is the one they came in; no further memory is taken.
  std::sort(order, order + items.size(), [&](std::uint32_t a, std::uint32_t b) {
    const auto by_key = compare(keys[a], keys[b]);
    return by_key == 0 ? a < b : by_key < 0;
  });
  for (std::size_t i = 0; i < items.size(); ++i) out[i] = items[order[i]];
  return Value::list({out, items.size()});
}

std::span<const FunctionRow> list_rows() {
  return kRows;
}

}  // namespace millwright::cel
