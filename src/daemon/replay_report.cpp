#include "daemon/replay_report.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "millwright/base/json.hpp"

namespace millwright::daemon {
namespace {

constexpr std::size_t kColumns = 7;
using Row = std::array<std::string, kColumns>;
constexpr std::size_t kNarrowest = 20;  // of the last column, which is cut to the width

std::string with_unit(double value, const char* unit) {
  std::array<char, 32> text{};
  const bool whole = value >= 10.0 || value == double(std::int64_t(value));
  (void)std::snprintf(text.data(), text.size(), whole ? "%.0f %s" : "%.1f %s", value, unit);
  return text.data();
}

// Characters, not bytes.
std::size_t length(std::string_view text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string shortened(const std::string& text, std::size_t width) {
  if (length(text) <= width) return text;
  std::size_t at = 0;
  for (std::size_t seen = 0; seen + 1 < width; ++seen) {
    do {
      ++at;
    } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  }
  return text.substr(0, at) + "\xE2\x80\xA6";
}

std::string how_often(const Task& task) {
  if (task.evidence_count <= 1) return "once";
  return std::to_string(task.evidence_count) + "x in " + spoken(task.last_seen - task.opened_at);
}

std::string kind_of(const ReplayedCase& of) {
  std::string out(to_text(of.tasks.front().kind));
  if (of.tasks.size() > 1) out += " +" + std::to_string(of.tasks.size() - 1);
  return out;
}

Row row_of(const ReplayedCase& of, const ReportStyle& style) {
  const Task& task = of.tasks.back().kind == TaskKind::kPartReservation || of.tasks.size() == 1
                         ? of.tasks.front()
                         : of.tasks.back();
  return {spoken(task.opened_at, style),
          how_often(task),
          "P" + std::to_string(int(task.priority)),
          kind_of(of),
          task.asset.empty() ? of.about.entity : task.asset.str(),
          task.title,
          task.symptom};
}

}  // namespace

std::string spoken(Duration d) {
  const double s = d.seconds();
  if (s < 120.0) return with_unit(s, "s");
  if (s < 7'200.0) return with_unit(s / 60.0, "min");
  if (s < 172'800.0) return with_unit(s / 3'600.0, "h");
  return with_unit(s / 86'400.0, "d");
}

std::string grouped(std::int64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3 && out[at - 4] != '-';) out.insert(at -= 3, 1, ' ');
  return out;
}

std::string spoken(Instant t, const ReportStyle& style) {
  const date::sys_time<std::chrono::nanoseconds> utc{std::chrono::nanoseconds(t.ns())};
  const auto local =
      date::floor<std::chrono::seconds>(date::locate_zone(style.zone)->to_local(utc));
  return date::format(style.seconds ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M", local);
}

Result<std::vector<ReplayedCase>> read_cases(StoreReader& reader) {
  std::map<CaseId, ReplayedCase> found;
  TaskQuery query;
  query.limit = 200;
  do {
    auto page = reader.tasks(query);
    if (!page) return page.error();
    for (Task& task : page->items) {
      // A rule release belongs to no case.
      if (!task.case_id.empty()) found[task.case_id].tasks.push_back(std::move(task));
    }
    query.cursor = page->next;
  } while (!query.cursor.empty());
  std::vector<ReplayedCase> out;
  for (auto& [id, one] : found) {
    auto about = reader.case_by_id(id);
    if (!about) return about.error();
    if (!*about) return fail(Errc::kNotFound, "case " + id.str() + " is not in the ledger");
    one.about = std::move(**about);
    const auto& order = one.about.tasks;
    const auto rank = [&](const Task& t) { return std::find(order.begin(), order.end(), t.id); };
    std::sort(one.tasks.begin(), one.tasks.end(),
              [&](const Task& a, const Task& b) { return rank(a) < rank(b); });
    out.push_back(std::move(one));
  }
  std::sort(out.begin(), out.end(), [](const ReplayedCase& a, const ReplayedCase& b) {
    return a.about.opened_at != b.about.opened_at ? a.about.opened_at < b.about.opened_at
                                                  : a.about.id < b.about.id;
  });
  return out;
}

std::string case_table(const std::vector<ReplayedCase>& cases, const ReportStyle& style) {
  if (cases.empty()) return "No case was opened.\n";
  std::vector<Row> rows{{"OPENED", "SEEN", "PRIO", "TASK", "WHERE", "WHAT", "WHY"}};
  for (const ReplayedCase& one : cases) rows.push_back(row_of(one, style));
  std::array<std::size_t, kColumns> width{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) width[i] = std::max(width[i], length(row[i]));
  }
  std::size_t before = 0;
  for (std::size_t i = 0; i + 1 < kColumns; ++i) before += width[i] + 2;
  std::string out;
  for (Row& row : rows) {
    for (std::size_t i = 0; i + 1 < kColumns; ++i) {
      out += row[i] + std::string(width[i] - length(row[i]) + 2, ' ');
    }
    const std::size_t room = std::max(kNarrowest, style.width - std::min(style.width, before));
    out += (style.width == 0 ? row.back() : shortened(row.back(), room)) + "\n";
  }
  return out;
}

std::string case_json(const ReplayedCase& of) {
  const Task& task = of.tasks.front();
  JsonWriter json;
  json.begin_object();
  json.field("case", of.about.id.str());
  json.field("asset", of.about.asset.str());
  json.field("entity", of.about.entity);
  json.field("failureMode", of.about.mode.str());
  json.field("openedAt", of.about.opened_at);
  json.key("closedAt");
  of.about.closed_at ? json.value(format_rfc3339(*of.about.closed_at)) : json.null();
  json.field("recurring", of.about.recurring);
  json.field("lastSeenAt", task.last_seen);
  json.field("evidence", task.evidence_count);
  json.field("signal", task.signal.str());
  json.field("priority", int(task.priority));
  json.field("title", task.title);
  json.field("symptom", task.symptom);
  json.field("cause", task.cause);
  json.field("rationale", task.rationale);
  json.field("confidence", task.confidence);
  json.field("rule", task.rule.id.str());
  json.field("ruleVersion", std::int64_t(task.rule.version));
  json.key("tasks");
  json.begin_array();
  for (const Task& each : of.tasks) {
    json.begin_object();
    json.field("task", each.id.str());
    json.field("kind", to_text(each.kind));
    json.field("state", to_text(each.state));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return std::move(json).text();
}

}  // namespace millwright::daemon
