#pragma once
// RecordReader: members of a record out of parsed JSON; the counterpart of RecordWriter. Pure.

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "codec/records_writer.hpp"
#include "millwright/base/id.hpp"
#include "millwright/base/time.hpp"

namespace millwright::codec {

// What exact_number() wrote.
[[nodiscard]] bool read_number(simdjson::dom::element element, double& out);

class RecordReader {
 public:
  explicit RecordReader(simdjson::dom::object object) : object_(object), next_(object.begin()) {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    if (!error_.empty()) return;
    simdjson::dom::element element;
    if (!find(name, element)) {
      if (!may_be_absent(value)) error_ = std::string(name) + " is missing";
      return;
    }
    if (!get(element, value) && error_.empty()) error_ = std::string(name) + " is of a wrong kind";
  }

  template <class T>
  void later(std::string_view name, T& value) {
    simdjson::dom::element element;
    if (error_.empty() && find(name, element) && !get(element, value) && error_.empty()) {
      error_ = std::string(name) + " is of a wrong kind";
    }
  }

  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  // Members come in the order of writing; any other order costs a search.
  bool find(std::string_view name, simdjson::dom::element& out) {
    if (next_ != object_.end() && next_.key() == name) {
      out = next_.value();
      ++next_;
      return true;
    }
    return object_.at_key(name).get(out) == simdjson::SUCCESS;
  }

  template <class T>
  static bool may_be_absent(const T& value) {
    return requires {
      value.has_value();
    }
    || requires {
      value.empty();
    };
  }

  bool get(simdjson::dom::element e, std::string& out);
  bool get(simdjson::dom::element e, double& out) { return read_number(e, out); }
  bool get(simdjson::dom::element e, bool& out) { return e.get(out) == simdjson::SUCCESS; }
  bool get(simdjson::dom::element e, std::int64_t& out) { return e.get(out) == simdjson::SUCCESS; }
  bool get(simdjson::dom::element e, int& out) {
    std::int64_t wide = 0;
    if (!get(e, wide) || wide != std::int64_t(int(wide))) return false;
    out = int(wide);
    return true;
  }
  bool get(simdjson::dom::element e, Instant& out) {
    std::int64_t ns = 0;
    if (!get(e, ns)) return false;
    out = Instant(ns);
    return true;
  }
  template <class Tag>
  bool get(simdjson::dom::element e, Id<Tag>& out) {
    std::string text;
    if (!get(e, text)) return false;
    out = Id<Tag>(std::move(text));
    return true;
  }
  template <class Tag, class Rep>
  bool get(simdjson::dom::element e, Number<Tag, Rep>& out) {
    Rep value{};
    if (!get(e, value)) return false;
    out = Number<Tag, Rep>(value);
    return true;
  }
  template <class T>
  bool get(simdjson::dom::element e, std::optional<T>& out) {
    return get(e, out.emplace());
  }
  template <class A, class B>
  bool get(simdjson::dom::element e, std::pair<A, B>& out) {
    simdjson::dom::array items;
    if (e.get(items) != simdjson::SUCCESS || items.size() != 2) return false;
    return get(items.at(0).value_unsafe(), out.first) &&
           get(items.at(1).value_unsafe(), out.second);
  }
  template <class T>
  bool get(simdjson::dom::element e, std::vector<T>& out) {
    simdjson::dom::array items;
    if (e.get(items) != simdjson::SUCCESS) return false;
    out.clear();
    out.reserve(items.size());
    for (const simdjson::dom::element item : items) {
      if (!get(item, out.emplace_back())) return false;
    }
    return true;
  }
  template <class E>
  requires std::is_enum_v<E>
  bool get(simdjson::dom::element e, E& out) {
    if constexpr (requires { EnumTexts<E>::kCount; }) {
      std::string_view text;
      if (e.get(text) != simdjson::SUCCESS) return false;
      for (int i = 0; i < EnumTexts<E>::kCount; ++i) {
        if (EnumTexts<E>::text(E(i)) != text) continue;
        out = E(i);
        return true;
      }
      return false;
    } else {
      int value = 0;
      if (!get(e, value)) return false;
      out = E(value);
      return true;
    }
  }
  template <class T>
  requires std::is_class_v<T>
  bool get(simdjson::dom::element e, T& out) {
    simdjson::dom::object object;
    if (e.get(object) != simdjson::SUCCESS) return false;
    RecordReader inner(object);
    fields(inner, out);
    error_ = inner.error();
    return error_.empty();
  }

  simdjson::dom::object object_;
  simdjson::dom::object::iterator next_;
  std::string error_;
};

}  // namespace millwright::codec
