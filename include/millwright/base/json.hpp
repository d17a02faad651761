#pragma once
// JsonWriter: appends well-formed JSON to a string. Keys come out in the order they are written;
// doubles in the shortest form that reads back the same (so equal values give equal bytes), and NaN
// or infinity as null. For reading JSON see codec/.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "millwright/base/time.hpp"

namespace millwright {

class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  void key(std::string_view name);

  void value(std::string_view text);
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool b) { scalar(b ? "true" : "false"); }
  void value(double number);
  template <std::integral I>
  void value(I number) {
    scalar(std::to_string(number));
  }
  void value(Instant t) { value(std::string_view(format_rfc3339(t))); }
  void null() { scalar("null"); }
  // Text that is JSON already.
  void raw(std::string_view json) { scalar(json); }

  template <class T>
  void field(std::string_view name, const T& v) {
    key(name);
    value(v);
  }
  // Writes the field only where it says something.
  void field_if(std::string_view name, std::string_view text) {
    if (!text.empty()) field(name, text);
  }

  [[nodiscard]] const std::string& text() const& { return out_; }
  [[nodiscard]] std::string text() && { return std::move(out_); }

 private:
  void open(char bracket);
  void close(char bracket);
  void scalar(std::string_view text);
  void separate();

  std::string out_;
  bool first_ = true;
  bool after_key_ = false;
};

// The shortest text that reads back as the same double; "NaN", "Infinity", "-Infinity" otherwise.
[[nodiscard]] std::string shortest(double number);

}  // namespace millwright
