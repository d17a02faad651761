#include "millwright/base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>

#include "millwright/base/json.hpp"

namespace millwright::log {
namespace {

std::atomic<bool> json_lines{false};

std::string escape_terminal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += '?';  // a field must not move the cursor or fake a line
    } else {
      out += c;
    }
  }
  return out;
}

std::string text_line(std::string_view message, std::initializer_list<Field> fields) {
  std::string line = escape_terminal(message);
  for (const Field& field : fields) {
    line += "  ";
    line += field.name;
    line += '=';
    std::visit(
        [&](const auto& v) {
          using V = std::decay_t<decltype(v)>;
          if constexpr (std::is_same_v<V, std::string>) {
            line += escape_terminal(v);
          } else if constexpr (std::is_same_v<V, bool>) {
            line += v ? "true" : "false";
          } else {
            line += spdlog::fmt_lib::format("{}", v);
          }
        },
        field.value);
  }
  return line;
}

std::string json_line(std::string_view level, std::string_view message,
                      std::initializer_list<Field> fields) {
  JsonWriter json;
  json.begin_object();
  json.field("ts", format_rfc3339(SystemClock().now()));
  json.field("level", level);
  json.field("msg", message);
  for (const Field& field : fields) {
    std::visit([&](const auto& v) { json.field(field.name, v); }, field.value);
  }
  json.end_object();
  return std::move(json).text();
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Never destroyed: a library's thread may still speak while the process exits.
spdlog::logger& logger() {
  static const auto* const kLogger = [] {
    auto made = spdlog::stderr_color_mt("millwright");
    made->set_pattern("%H:%M:%S.%e %^%-5l%$ %v");
    return new std::shared_ptr<spdlog::logger>(std::move(made));
  }();
  return **kLogger;
}

}  // namespace

void configure(Level level, Format format) {
  json_lines = format == Format::kJson || (format == Format::kAuto && isatty(STDERR_FILENO) == 0);
  logger().set_pattern(json_lines ? "%v" : "%H:%M:%S.%e %^%-5l%$ %v");
  logger().set_level(to_spdlog(level));
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  const auto severity = to_spdlog(level);
  if (!logger().should_log(severity)) return;
  if (json_lines) {
    const auto name = spdlog::level::to_string_view(severity);
    logger().log(severity, "{}", json_line({name.data(), name.size()}, message, fields));
  } else {
    logger().log(severity, "{}", text_line(message, fields));
  }
}

}  // namespace millwright::log
