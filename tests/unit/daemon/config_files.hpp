#pragma once
// A configuration in a folder of its own, for tests that break it. One thread.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "daemon/config/config.hpp"

namespace millwright::daemon::test {

namespace fs = std::filesystem;

inline constexpr const char* kRule = R"(rules:
  - id: hot
    version: 2
    owner: maintenance
    summary: A bearing is hot
    event: iot.measurement.sampled
    if: >-
      has(signal.value)
      && signal.value > 90.0
    propose:
      - task: inspection
        mode: "'TEMP-HIGH'"
        priority: 2
        confidence: 0.9
        title: Look at {{ asset.id }}
        symptom: "{{ signal.value }} Cel"
        rationale: Above its limit
)";

inline std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// Removes itself.
class Folder {
 public:
  Folder() {
    static int count = 0;
    root_ = fs::temp_directory_path() /
            ("millwright-config-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    fs::create_directories(root_);
  }
  ~Folder() { fs::remove_all(root_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] fs::path operator/(const std::string& name) const { return root_ / name; }
  void write(const std::string& name, const std::string& text) { write_file(root_ / name, text); }

 private:
  fs::path root_;
};

}  // namespace millwright::daemon::test
