#pragma once
// SourceText: a piece of a rule's file, with its place. A value.

#include <string>

namespace millwright::rules {

// Lines and columns of the first character, from 1.
struct SourceText {
  std::string text;
  std::string file;
  int line = 1;
  int column = 1;
};

}  // namespace millwright::rules
