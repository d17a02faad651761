#include "cel/source.hpp"

#include <algorithm>

#include "cel/text.hpp"

namespace millwright::cel {

std::pair<std::uint32_t, std::uint32_t> Source::place(std::uint32_t offset) const {
  const std::string_view before = std::string_view(text).substr(0, offset);
  const auto lines = std::uint32_t(std::count(before.begin(), before.end(), '\n'));
  const std::size_t start = lines == 0 ? 0 : before.rfind('\n') + 1;
  const auto column = std::uint32_t(utf8_length(before.substr(start)));
  return {first_line + lines, column + (lines == 0 ? first_column : 1)};
}

std::string Source::place_text(std::uint32_t offset) const {
  const auto [line, column] = place(offset);
  return (file.empty() ? std::string("line ") : file + ":") + std::to_string(line) + ":" +
         std::to_string(column) + ": ";
}

std::string Source::excerpt(std::uint32_t offset) const {
  constexpr std::size_t kWidth = 100;
  const std::string_view all = text;
  const std::size_t at = std::min<std::size_t>(offset, all.size());
  std::size_t start = at == 0 ? std::string_view::npos : all.rfind('\n', at - 1);
  start = start == std::string_view::npos ? 0 : start + 1;
  std::size_t end = all.find('\n', at);
  if (end == std::string_view::npos) end = all.size();
  std::string head = "  ";
  if (at - start > kWidth * 3 / 4) {
    start = at - kWidth / 2;
    while (start < at && (static_cast<unsigned char>(all[start]) & 0xC0) == 0x80) ++start;
    head += "... ";
  }
  std::string tail;
  if (end - start > kWidth && end - at > kWidth / 4) {
    end = std::max(start + kWidth, at);
    while (end > at && (static_cast<unsigned char>(all[end]) & 0xC0) == 0x80) --end;
    tail = " ...";
  }
  std::string out = head;
  // A tab or another control character would move the caret.
  for (const char c : all.substr(start, end - start)) {
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  out += tail + "\n";
  out.append(head.size() + utf8_length(all.substr(start, at - start)), ' ');
  return out + "^";
}

void Complaints::add(std::uint32_t offset, std::string message, std::string suggestion) {
  const auto at =
      std::lower_bound(found_.begin(), found_.end(), offset,
                       [](const Complaint& c, std::uint32_t o) { return c.offset < o; });
  if (at != found_.end() && at->offset == offset) return;
  if (found_.size() >= kMost) return;
  found_.insert(at, Complaint{offset, std::move(message), std::move(suggestion)});
}

std::vector<Diagnostic> Complaints::diagnostics(const Source& source) const {
  std::vector<Diagnostic> out;
  for (const Complaint& each : found_) {
    const auto [line, column] = source.place(each.offset);
    out.push_back(
        Diagnostic{line, column, each.message, each.suggestion, source.excerpt(each.offset)});
  }
  return out;
}

std::string Complaints::render(const Source& source) const {
  std::string out;
  for (const Complaint& each : found_) {
    if (!out.empty()) out += "\n";
    out += source.place_text(each.offset) + each.message;
    if (!each.suggestion.empty()) out += "; " + each.suggestion;
    out += "\n" + source.excerpt(each.offset);
  }
  return out;
}

}  // namespace millwright::cel
