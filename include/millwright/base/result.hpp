#pragma once
// Result<T>: a value, or an Error that tells a person what is wrong, where, and what to do.
// Spelled like std::expected. Bugs are MW_CHECK, not Errors.

#include <string>
#include <utility>
#include <variant>

#include "millwright/base/check.hpp"

namespace millwright {

// What kind of failure it is; adapters map it to an HTTP status or an exit code.
enum class Errc {
  kInvalid,      // the input is wrong; the same input will always be refused
  kNotFound,     // what was named does not exist
  kConflict,     // it was already decided, or exists with other content
  kStale,        // the caller looked at an older revision
  kDenied,       // the caller has not the right
  kUnavailable,  // the world failed: disk, broker, peer; it may work later
  kExhausted,    // a stated limit was reached
};

struct Error {
  Errc code = Errc::kInvalid;
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

// Makes any Result fail: return fail(Errc::kInvalid, "line 3: ...");
[[nodiscard]] inline Error fail(Errc code, std::string message) {
  return Error{code, std::move(message)};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(*-explicit-*)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & {
    MW_CHECK(has_value());
    return std::get<0>(state_);
  }
  [[nodiscard]] const T& value() const& {
    MW_CHECK(has_value());
    return std::get<0>(state_);
  }
  [[nodiscard]] T&& value() && {
    MW_CHECK(has_value());
    return std::get<0>(std::move(state_));
  }
  [[nodiscard]] const Error& error() const& {
    MW_CHECK(!has_value());
    return std::get<1>(state_);
  }
  [[nodiscard]] Error&& error() && {
    MW_CHECK(!has_value());
    return std::get<1>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] bool has_value() const noexcept { return ok_; }
  explicit operator bool() const noexcept { return ok_; }
  [[nodiscard]] const Error& error() const& {
    MW_CHECK(!ok_);
    return error_;
  }
  [[nodiscard]] Error&& error() && {
    MW_CHECK(!ok_);
    return std::move(error_);
  }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace millwright

// Leaves the function with the error of `result`, or goes on: MW_TRY(store.open(path));
#define MW_TRY(expression)                                 \
  do {                                                     \
    auto mw_result_ = (expression);                        \
    if (!mw_result_) return std::move(mw_result_).error(); \
  } while (false)
