#pragma once
// Node: a YAML document as plain data, with the place of every piece. No typing is done here: a
// scalar is its text, and whether it stood in quotes. Values, any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"

namespace millwright::daemon {

struct Member;

struct Node {
  enum class Kind { kScalar, kMap, kList };
  Kind kind = Kind::kScalar;
  std::string text;     // of a scalar
  bool quoted = false;  // 'x', "x", | or >: text for sure
  bool null = false;    // nothing, ~ or null
  int line = 1;         // of its first character; of a block scalar's first line
  int column = 1;
  std::vector<Node> items;      // of a list
  std::vector<Member> members;  // of a map, in their order

  [[nodiscard]] const Node* find(std::string_view name) const;
};

struct Member {
  std::string name;
  int line = 1;
  int column = 1;
  Node value;
};

namespace yaml_limits {
inline constexpr std::size_t kFileBytes = 4 << 20;
inline constexpr std::size_t kNodes = 200'000;  // of one file, aliases expanded
inline constexpr std::size_t kDepth = 32;
}  // namespace yaml_limits

// Reads one document. Tags, merge keys, duplicate keys, several documents, what is not YAML and
// what is over a limit become problems; the node is then what could be read.
[[nodiscard]] Node parse_yaml(const std::string& file, const std::string& text,
                              std::vector<Problem>& problems);

}  // namespace millwright::daemon
