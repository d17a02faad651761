#pragma once
// Small files with POSIX calls: the lock, the key, the anchor file. Called by the thread that opens
// a store.

#include <string>
#include <utility>

#include "millwright/base/result.hpp"
#include "store/note.hpp"

namespace millwright::store {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd();
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Exclusive, for as long as it lives; kUnavailable names the process that has it.
[[nodiscard]] Result<Fd> lock_file(const std::string& path);

// kNotFound if it is not there; at most `bytes_max` from its end (0: all of it).
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t bytes_max = 0);

[[nodiscard]] Result<void> write_all(int fd, std::string_view bytes, const std::string& path);
// Makes a name in a folder durable.
[[nodiscard]] Result<void> sync_folder_of(const std::string& path);

// The signing key of this name; made, with its public half beside it, if the file is not there.
[[nodiscard]] Result<Signer> load_or_create_key(const std::string& path, const std::string& name);

}  // namespace millwright::store
