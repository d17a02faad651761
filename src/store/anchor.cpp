// The anchor file: every signed checkpoint, appended and synced, outside the database.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "millwright/store/store.hpp"
#include "store/files.hpp"
#include "store/note.hpp"

namespace millwright::store {
namespace {

// Enough to hold some notes, however long their names.
constexpr std::size_t kTailBytes = 64 << 10;

class FileAnchor final : public Anchor {
 public:
  FileAnchor(std::string path, Fd fd, bool durable)
      : path_(std::move(path)), fd_(std::move(fd)), durable_(durable) {}

  Result<void> publish(const std::string& note) override {
    if (failed_) {
      return fail(Errc::kUnavailable, path_ +
                                          ": an earlier write failed and it is not known what "
                                          "is on disk; start again");
    }
    // Until it is known to be durable, it is not: no second try at the same file.
    failed_ = true;
    MW_TRY(write_all(fd_.get(), note + '\n', path_));
    if (durable_ && ::fdatasync(fd_.get()) != 0) {
      return fail(Errc::kUnavailable, path_ + ": cannot sync: " + std::strerror(errno));
    }
    failed_ = false;
    return {};
  }

 private:
  std::string path_;
  Fd fd_;
  bool durable_;
  bool failed_ = false;
};

// What ends an incomplete note that a crash left behind.
std::string end_of_tail(std::string_view tail) {
  if (tail.empty() || tail.ends_with("\n\n")) return {};
  // A tail that begins inside a note is no crash; only its last note counts.
  const AnchorNotes before = split_notes(tail);
  const AnchorNotes after = split_notes(std::string(tail) + "\n\n");
  const bool whole = tail.back() == '\n' && before.notes.size() == after.notes.size() &&
                     !before.notes.empty() && tail.ends_with(before.notes.back());
  return whole ? "\n" : "\n" + std::string(kTornMark) + "\n\n";
}

}  // namespace

Result<std::unique_ptr<Anchor>> make_file_anchor(const std::string& path, bool durable) {
  auto tail = read_file(path, kTailBytes);
  if (!tail && tail.error().code != Errc::kNotFound) return std::move(tail).error();
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
  if (!fd.open()) {
    return fail(Errc::kUnavailable, path + ": cannot open: " + std::strerror(errno));
  }
  if (!tail) MW_TRY(sync_folder_of(path));
  if (tail) MW_TRY(write_all(fd.get(), end_of_tail(*tail), path));
  return std::unique_ptr<Anchor>(std::make_unique<FileAnchor>(path, std::move(fd), durable));
}

}  // namespace millwright::store
