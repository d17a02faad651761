#pragma once
// Kind and ErrorCode: what a CEL value is, and why an error is one. Any thread; owned by nobody.

#include <cstdint>

namespace millwright::cel {

enum class Kind : std::uint8_t {
  kAbsent,  // a declared field that the event does not carry; only in slots
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kList,
  kMap,
  kType,
  kOptional,  // optional.of(x), optional.none()
  kIp,        // 4 or 16 bytes
  kCidr,      // the prefix's length in one byte, then an address
  kUnknown,   // reserved: an input that is not known yet
  kError,
};

enum class ErrorCode : std::uint8_t {
  kNone,
  kNoSuchOverload,   // the operator or function does not take these kinds of value
  kNoSuchField,      // a field or map key that is not there
  kNoSuchVariable,   // a name that is not declared (unchecked expressions only)
  kNoSuchFunction,   // likewise
  kOutOfRange,       // overflow, a list index, a time outside its range
  kDivideByZero,     // also modulus
  kInvalidArgument,  // text that does not convert, an unknown time zone, ...
  kDuplicateKey,     // a map literal says a key twice
  kBadKey,           // a map key that is not bool, int, uint or string
  kStepLimit,        // the step budget is spent
  kMemoryLimit,      // the arena is full
};

}  // namespace millwright::cel
