#include "store/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "millwright/store/store.hpp"

namespace millwright::store {
namespace {

Error os_error(const std::string& path, std::string_view doing) {
  return fail(Errc::kUnavailable,
              path + ": cannot " + std::string(doing) + ": " + std::strerror(errno));
}

// Durable under its name once it returns; refuses to replace a file.
Result<void> create_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd.open()) return os_error(path, "create");
  MW_TRY(write_all(fd.get(), bytes, path));
  if (::fsync(fd.get()) != 0) return os_error(path, "sync");
  return sync_folder_of(path);
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Fd> lock_file(const std::string& path) {
  // Stays behind when unlocked: removing it would let two processes lock two files of this name.
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.open()) return os_error(path, "open");
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return os_error(path, "lock");
    std::array<char, 32> holder{};
    const ssize_t n = ::pread(fd.get(), holder.data(), holder.size() - 1, 0);
    const std::string pid(holder.data(), n > 0 ? std::size_t(n) : 0);
    return fail(Errc::kUnavailable, path + ": another Millwright (process " + pid +
                                        ") has this ledger open; stop it first, or give this one "
                                        "its own data folder");
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(fd.get(), 0) != 0 || ::pwrite(fd.get(), pid.data(), pid.size(), 0) < 0) {
    return os_error(path, "write");
  }
  return fd;
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.open()) {
    if (errno == ENOENT) return fail(Errc::kNotFound, path + " does not exist");
    return os_error(path, "open");
  }
  struct stat info = {};
  if (::fstat(fd.get(), &info) != 0) return os_error(path, "read");
  const auto size = std::size_t(info.st_size);
  off_t at = bytes_max != 0 && size > bytes_max ? off_t(size - bytes_max) : 0;
  std::string out;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t n = ::pread(fd.get(), buffer.data(), buffer.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return os_error(path, "read");
    if (n == 0) return out;
    out.append(buffer.data(), std::size_t(n));
    at += n;
  }
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return os_error(path, "write");
    bytes.remove_prefix(std::size_t(n));
  }
  return {};
}

Result<void> sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.open() || ::fsync(fd.get()) != 0) return os_error(folder, "sync");
  return {};
}

Result<Signer> load_or_create_key(const std::string& path, const std::string& name) {
  auto text = read_file(path);
  if (!text && text.error().code != Errc::kNotFound) return std::move(text).error();
  if (!text) {
    auto signer = Signer::create(name);
    if (!signer) return signer;
    MW_TRY(create_file(path, signer->skey() + '\n', 0600));
    ::unlink((path + ".pub").c_str());
    MW_TRY(create_file(path + ".pub", signer->vkey() + '\n', 0644));
    return signer;
  }
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0) return os_error(path, "read");
  if ((info.st_mode & 077) != 0) {
    return fail(Errc::kInvalid, path + ": the signing key can be read by others; chmod 600 it");
  }
  auto signer = Signer::parse(*text);
  if (!signer) return fail(Errc::kInvalid, path + ": " + signer.error().message);
  if (signer->name() != name) {
    return fail(Errc::kInvalid, path + " is the key of " + signer->name() + ", not of " + name);
  }
  return signer;
}

Result<std::string> ensure_key(const std::string& key_path, const std::string& origin) {
  auto signer = load_or_create_key(key_path, origin);
  if (!signer) return std::move(signer).error();
  return signer->vkey();
}

Result<std::vector<std::string>> read_verifier_keys(const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  std::vector<std::string> out;
  std::string_view left = *text;
  while (!left.empty()) {
    const std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(line.size() + 1, left.size()));
    if (line.empty() || line.front() == '#') continue;
    auto key = parse_vkey(line);
    if (!key) return fail(Errc::kInvalid, path + ": " + key.error().message);
    out.emplace_back(line);
  }
  if (out.empty()) return fail(Errc::kInvalid, path + ": no verifier key in it");
  return out;
}

}  // namespace millwright::store
