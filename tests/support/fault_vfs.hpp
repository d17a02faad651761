#pragma once
// FaultVfs: SQLite's file system with faults to order, and with power cuts that keep only some of
// what was not synced. Files are real ones. Owned by the test; one thread.

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "millwright/base/rng.hpp"

namespace millwright::testing {

class FaultVfs {
 public:
  enum class Fault {
    kIo,         // one call fails
    kIoForGood,  // it and all after it
    kFull,       // no space, for one write
    kFullForGood,
  };

  // Registered under this name as long as it lives; databases must be closed before it goes.
  explicit FaultVfs(std::string name);
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  // The nth writing call from now on (write, sync, truncate, delete; 1 is the next) fails.
  void arm(std::int64_t nth, Fault fault);
  void disarm();
  [[nodiscard]] bool fired() const { return fired_; }
  // Writing calls since the last arm() or disarm().
  [[nodiscard]] std::int64_t calls() const { return calls_; }

  // From here on nothing reaches the files any more. Close the databases, then settle().
  void cut_power() { dead_ = true; }
  // Puts the files on disk as the cut left them: what was synced, and of the rest a random part, by
  // sectors of 512 bytes. Shared memory is gone.
  void settle(Rng& rng);

  // Called by the file methods.
  struct Write {
    std::int64_t offset = 0;
    std::string bytes;
    bool truncate = false;
  };
  int before_call(bool is_write);
  [[nodiscard]] bool dead() const { return dead_; }
  void wrote(const std::string& path, Write write);
  void synced(const std::string& path);
  void opened(const std::string& path);
  void deleted(const std::string& path);
  [[nodiscard]] sqlite3_vfs* real() const { return real_; }

 private:
  struct Image {
    std::string durable;
    std::vector<Write> pending;
  };
  static void apply(std::string& image, const Write& write);

  std::string name_;
  sqlite3_vfs* real_ = nullptr;
  sqlite3_vfs vfs_{};
  std::map<std::string, Image> images_;
  std::int64_t calls_ = 0;
  std::int64_t fail_at_ = 0;  // 0: never
  Fault fault_ = Fault::kIo;
  bool fired_ = false;
  bool dead_ = false;
};

}  // namespace millwright::testing
