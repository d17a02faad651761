#pragma once
// Pages of docs/ as tests read them: their text, fenced blocks and tables. Any thread, nobody owns
// it.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace millwright::rules {

inline std::string document(const std::string& checkout, const std::string& name) {
  std::ifstream file(checkout + "/docs/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The contents of all fenced blocks of that language.
inline std::vector<std::string> blocks(const std::string& text, const std::string& language) {
  std::vector<std::string> out;
  const std::string open = "```" + language + "\n";
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    out.push_back(text.substr(at, text.find("```", at) - at));
  }
  return out;
}

// What stands under each heading of the second level, the heading's own words first.
inline std::vector<std::string> sections(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find("\n## "); at != std::string::npos;) {
    const std::size_t next = text.find("\n## ", at + 1);
    out.push_back(text.substr(at + 4, next == std::string::npos ? next : next - at - 4));
    at = next;
  }
  return out;
}

using TableRow = std::vector<std::string>;

// The cells of a line "| a | b |".
inline TableRow cells_of(const std::string& line) {
  TableRow out;
  std::istringstream in(line.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    const std::size_t from = cell.find_first_not_of(' ');
    const std::size_t to = cell.find_last_not_of(' ');
    out.push_back(from == std::string::npos ? "" : cell.substr(from, to - from + 1));
  }
  return out;
}

// The first table whose head begins with that cell, the head first, without the line below it.
inline std::vector<TableRow> table(const std::string& text, const std::string& first_cell) {
  std::vector<TableRow> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (out.empty() && !line.starts_with("| " + first_cell + " |")) continue;
    if (!line.starts_with("|")) break;
    if (!line.starts_with("|---")) out.push_back(cells_of(line));
  }
  return out;
}

}  // namespace millwright::rules
