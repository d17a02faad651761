#pragma once
// ByteWriter and ByteReader: compact binary state, little-endian, the same on every machine.
// Values; a reader borrows the bytes it reads. A reader past its end gives zeros and is no longer
// ok().

#include <bit>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "millwright/base/time.hpp"

namespace millwright {

class ByteWriter {
 public:
  template <std::integral I>
  void put(I number) {
    auto bits = std::uint64_t(number);
    for (std::size_t i = 0; i < sizeof(I); ++i, bits >>= 8) out_.push_back(char(bits & 0xff));
  }
  void put(double number) { put(std::bit_cast<std::uint64_t>(number)); }
  void put(float number) { put(std::bit_cast<std::uint32_t>(number)); }
  void put(Instant at) { put(at.ns()); }
  void put(Duration span) { put(span.ns()); }
  void put(std::string_view text) {
    put(std::uint32_t(text.size()));
    out_.append(text);
  }
  void put(const std::string& text) { put(std::string_view(text)); }

  [[nodiscard]] std::size_t size() const { return out_.size(); }
  [[nodiscard]] const std::string& bytes() const& { return out_; }
  [[nodiscard]] std::string bytes() && { return std::move(out_); }

 private:
  std::string out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <std::integral I>
  void get(I& number) {
    std::uint64_t bits = 0;
    if (!need(sizeof(I))) {
      number = I{};
      return;
    }
    for (std::size_t i = 0; i < sizeof(I); ++i) {
      bits |= std::uint64_t(std::uint8_t(rest_[i])) << (8 * i);
    }
    rest_.remove_prefix(sizeof(I));
    number = I(bits);
  }
  void get(double& number) { number = std::bit_cast<double>(take<std::uint64_t>()); }
  void get(float& number) { number = std::bit_cast<float>(take<std::uint32_t>()); }
  void get(Instant& at) { at = Instant(take<std::int64_t>()); }
  void get(Duration& span) { span = Duration(take<std::int64_t>()); }
  void get(std::string& text) {
    const auto size = take<std::uint32_t>();
    text.clear();
    if (!need(size)) return;
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  template <class T>
  [[nodiscard]] T take() {
    T value{};
    get(value);
    return value;
  }
  // A count of things of at least `each` bytes that must still follow; 0 and not ok if they cannot.
  [[nodiscard]] std::size_t count(std::size_t each) {
    const auto n = take<std::uint32_t>();
    return need(std::size_t(n) * each) ? n : 0;
  }

  [[nodiscard]] bool ok() const { return ok_; }
  // Nothing was missing and nothing is left over.
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

 private:
  bool need(std::size_t bytes) {
    if (rest_.size() < bytes) {
      ok_ = false;
      rest_ = {};
    }
    return ok_;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace millwright
