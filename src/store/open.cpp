// Opening a ledger for writing, with all the checks that come before the first commit.
#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "millwright/base/log.hpp"
#include "millwright/store/store.hpp"
#include "store/files.hpp"
#include "store/note.hpp"
#include "store/schema.hpp"
#include "store/writer.hpp"

namespace millwright::store {
namespace {

constexpr std::size_t kTailBytes = 64 << 10;

// The newest anchored checkpoint that our key signed; nullopt when nothing was anchored yet.
Result<std::optional<Checkpoint>> newest_anchor(const std::string& path, const Verifier& key) {
  if (path.empty()) return std::optional<Checkpoint>();
  auto tail = read_file(path, kTailBytes);
  if (!tail && tail.error().code == Errc::kNotFound) return std::optional<Checkpoint>();
  if (!tail) return std::move(tail).error();
  const AnchorNotes notes = split_notes(*tail);
  for (auto note = notes.notes.rbegin(); note != notes.notes.rend(); ++note) {
    if (verify_note(*note, {key}) != Signature::kGood) continue;
    auto checkpoint = parse_checkpoint(*note);
    if (!checkpoint || checkpoint->origin != key.name) continue;
    return std::optional<Checkpoint>(*std::move(checkpoint));
  }
  if (tail->empty()) return std::optional<Checkpoint>();
  return fail(Errc::kConflict, path + ": no checkpoint at its end is signed by " + key.name +
                                   "; key and anchors do not belong together, or the file is "
                                   "damaged. Run `millwright audit verify`");
}

Result<std::unique_ptr<Store>> open_checked(const Options& options) {
  auto lock = lock_file(options.path + ".lock");
  if (!lock) return std::move(lock).error();
  auto signer = load_or_create_key(options.key_path, options.origin);
  if (!signer) return std::move(signer).error();
  const auto anchored = newest_anchor(options.anchors_path, signer->verifier());
  if (!anchored) return anchored.error();
  {
    // A ledger is its owner's: SQLite gives -wal and -shm the mode of the file.
    const Fd made(::open(options.path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!made.open()) {
      return fail(Errc::kUnavailable, options.path + ": cannot open: " + std::strerror(errno));
    }
  }
  auto db = std::make_unique<Db>(options.path, SQLITE_OPEN_READWRITE, options.vfs);
  configure_writer(*db);
  if (!options.durable) db->exec("PRAGMA synchronous = OFF");
  if (db->text("PRAGMA journal_mode") != "wal") {
    return fail(Errc::kUnavailable, options.path +
                                        ": its file system cannot hold a write-ahead "
                                        "log; put the ledger on a local disk");
  }
  MW_TRY(migrate(*db, options.origin));
  lock_down(*db);
  auto store = std::make_unique<LedgerStore>(*std::move(lock), std::move(db), *std::move(signer));
  MW_TRY(store->check_tree());
  if (anchored->has_value()) MW_TRY(store->check_anchor(**anchored));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const Options& options) {
  try {
    return open_checked(options);
  } catch (const SqlError& error) {
    return to_error(error, options.path);
  }
}

}  // namespace millwright::store
