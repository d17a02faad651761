#pragma once
// Conformance vectors of the language: the files of tests, and running one of them. Used by the
// unit tests and by the program cel_conformance.

#include <filesystem>
#include <string>
#include <vector>

namespace millwright::cel {

struct Mode {
  bool check;
  bool fold;
  const char* name;
};
inline constexpr Mode kModes[] = {
    {true, true, "checked, folded"},
    {true, false, "checked"},
    {false, true, "unchecked, folded"},
    {false, false, "unchecked"},
};

struct Vector {
  std::string id;    // "section/name"
  std::string expr;  // to be shown
  std::string test;  // the whole of it, as JSON
};

// The tests of a file; `wrong` says why there are none, or stays empty.
[[nodiscard]] std::vector<Vector> read_vectors(const std::filesystem::path& file,
                                               std::string& wrong);

// "" or what is wrong. Never throws, whatever the vector holds.
[[nodiscard]] std::string run_vector(const Vector& vector, const Mode& mode);
// Over all modes, one line each; "" if all pass.
[[nodiscard]] std::string run_vector(const Vector& vector);

}  // namespace millwright::cel
