#pragma once
// Reader: typed access to a node that was checked. What is missing or was refused reads as the
// fallback; whoever reads must not use the result if there are problems. Borrows the node.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/node.hpp"
#include "millwright/base/time.hpp"
#include "millwright/rules/rule_spec.hpp"

namespace millwright::daemon {

class Reader {
 public:
  Reader(const std::string& file, const Node& node) : file_(file), node_(node) {}

  [[nodiscard]] bool has(std::string_view key) const { return node_.find(key) != nullptr; }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const Node& node() const { return node_; }

  [[nodiscard]] std::string text(std::string_view key, std::string_view fallback = {}) const;
  [[nodiscard]] double number(std::string_view key, double fallback) const;
  [[nodiscard]] std::optional<double> maybe_number(std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t fallback) const;
  [[nodiscard]] bool flag(std::string_view key, bool fallback) const;
  [[nodiscard]] Duration duration(std::string_view key, Duration fallback) const;
  [[nodiscard]] std::size_t bytes(std::string_view key, std::size_t fallback) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
  [[nodiscard]] std::vector<double> numbers(std::string_view key) const;
  [[nodiscard]] rules::SourceText source(std::string_view key) const;
  [[nodiscard]] std::vector<rules::SourceText> sources(std::string_view key) const;

  // The node of a key, for the place of an error; the map itself if the key is not there.
  [[nodiscard]] const Node& place(std::string_view key) const;
  // Calls once for each map of a list, for a single map, and not at all if the key is missing.
  void each(std::string_view key, const std::function<void(const Reader&)>& visit) const;
  // Calls once for each member of a free map, with its name.
  void each_member(std::string_view key, const std::function<void(const Member&)>& visit) const;

 private:
  const std::string& file_;
  const Node& node_;
};

}  // namespace millwright::daemon
