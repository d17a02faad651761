#include "daemon/config/reader.hpp"

#include "daemon/config/scalar.hpp"

namespace millwright::daemon {
namespace {

template <class T, class Parse>
T read(const Node& node, std::string_view key, T fallback, Parse parse) {
  const Node* found = node.find(key);
  if (found == nullptr || found->kind != Node::Kind::kScalar || found->null) return fallback;
  auto value = parse(found->text);
  return value ? T(*value) : fallback;
}

}  // namespace

std::string Reader::text(std::string_view key, std::string_view fallback) const {
  const Node* found = node_.find(key);
  if (found == nullptr || found->kind != Node::Kind::kScalar || found->null) {
    return std::string(fallback);
  }
  return found->text;
}

double Reader::number(std::string_view key, double fallback) const {
  return read(node_, key, fallback, strict_number);
}

std::optional<double> Reader::maybe_number(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  return number(key, 0.0);
}

std::int64_t Reader::integer(std::string_view key, std::int64_t fallback) const {
  return read(node_, key, fallback, strict_integer);
}

bool Reader::flag(std::string_view key, bool fallback) const {
  return read(node_, key, fallback, strict_bool);
}

Duration Reader::duration(std::string_view key, Duration fallback) const {
  return read(node_, key, fallback, parse_duration);
}

std::size_t Reader::bytes(std::string_view key, std::size_t fallback) const {
  return read(node_, key, fallback, strict_bytes);
}

std::vector<std::string> Reader::texts(std::string_view key) const {
  std::vector<std::string> out;
  const Node* found = node_.find(key);
  if (found == nullptr) return out;
  if (found->kind == Node::Kind::kScalar) out.push_back(found->text);
  for (const Node& item : found->items) out.push_back(item.text);
  return out;
}

std::vector<double> Reader::numbers(std::string_view key) const {
  std::vector<double> out;
  const Node* found = node_.find(key);
  if (found == nullptr) return out;
  for (const Node& item : found->items) {
    const auto number = strict_number(item.text);
    out.push_back(number ? *number : 0.0);
  }
  return out;
}

std::vector<rules::SourceText> Reader::sources(std::string_view key) const {
  std::vector<rules::SourceText> out;
  const Node* found = node_.find(key);
  if (found == nullptr) return out;
  for (const Node& item : found->items) out.push_back({item.text, file_, item.line, item.column});
  return out;
}

rules::SourceText Reader::source(std::string_view key) const {
  const Node& at = place(key);
  return {text(key), file_, at.line, at.column};
}

const Node& Reader::place(std::string_view key) const {
  const Node* found = node_.find(key);
  return found == nullptr ? node_ : *found;
}

void Reader::each(std::string_view key, const std::function<void(const Reader&)>& visit) const {
  const Node* found = node_.find(key);
  if (found == nullptr) return;
  if (found->kind == Node::Kind::kMap) visit(Reader(file_, *found));
  for (const Node& item : found->items) visit(Reader(file_, item));
}

void Reader::each_member(std::string_view key,
                         const std::function<void(const Member&)>& visit) const {
  const Node* found = node_.find(key);
  if (found == nullptr) return;
  for (const Member& member : found->members) visit(member);
}

}  // namespace millwright::daemon
