#pragma once
// The clauses of text.format(list): %s, %.2f, ... Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "millwright/cel/value.hpp"

namespace millwright::cel {

inline constexpr int kMostPrecision = 1'000;

// One part of a format text: what stands before a clause, and the clause.
struct Clause {
  std::string_view before;  // with %% as it is written
  char conversion = '\0';   // s d f e x X o b; 0: the text ends here
  int precision = 6;
};

// Takes the next part off `text`; null or what is wrong with it.
[[nodiscard]] const char* next_clause(std::string_view& text, Clause& out);

// Whether values of the kind may stand for the clause.
[[nodiscard]] bool clause_takes(char conversion, Kind kind);
// "a number", "an int, uint or bool": what it takes, for messages.
[[nodiscard]] std::string_view clause_wants(char conversion);

}  // namespace millwright::cel
