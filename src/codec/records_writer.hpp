#pragma once
// RecordWriter: members of a record as JSON. Called with the same list of named members as
// RecordReader (records_decision.hpp, records_task.hpp, records_view.hpp), so that the two cannot
// part ways. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "millwright/base/id.hpp"
#include "millwright/base/json.hpp"
#include "millwright/base/time.hpp"

namespace millwright::codec {

// Names of an enumeration's values: kCount and text(E), given beside the fields. An enumeration
// without them is written as its number.
template <class E>
struct EnumTexts;

// Scientific from 2^53 on, so that no integer leaves the 64 bits that a reader takes; what JSON has
// no number for, and the sign of zero, as text that reads back.
[[nodiscard]] std::string exact_number(double number);

class RecordWriter {
 public:
  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (leave_out(value)) return;
    out.key(name);
    put(value);
  }

  // A member that older records lack: left out where it says nothing.
  template <class T>
  void later(std::string_view name, const T& value) {
    if (value != T{}) (*this)(name, value);
  }

  JsonWriter out;

  void put(const std::string& text);
  void put(double number) { out.raw(exact_number(number)); }
  void put(bool flag) { out.value(flag); }
  void put(int number) { out.value(number); }
  void put(std::int64_t number) { out.value(number); }
  void put(Instant at) { out.value(at.ns()); }
  template <class Tag>
  void put(const Id<Tag>& id) {
    put(id.str());
  }
  template <class Tag, class Rep>
  void put(Number<Tag, Rep> number) {
    out.value(number.get());
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(*value);  // an absent one was left out
  }
  template <class A, class B>
  void put(const std::pair<A, B>& value) {
    out.begin_array();
    put(value.first);
    put(value.second);
    out.end_array();
  }
  template <class T>
  void put(const std::vector<T>& list) {
    out.begin_array();
    for (const T& item : list) put(item);
    out.end_array();
  }
  template <class E>
  requires std::is_enum_v<E>
  void put(E value) {
    if constexpr (requires { EnumTexts<E>::kCount; }) {
      out.value(EnumTexts<E>::text(value));
    } else {
      out.value(int(value));
    }
  }
  template <class T>
  requires std::is_class_v<T>
  void put(const T& record) {
    out.begin_object();
    fields(*this, record);
    out.end_object();
  }

 private:
  template <class T>
  static bool leave_out(const T& value) {
    if constexpr (requires { value.has_value(); }) {
      return !value.has_value();
    } else if constexpr (requires { value.empty(); }) {
      return value.empty();
    } else {
      return false;
    }
  }
};

}  // namespace millwright::codec
