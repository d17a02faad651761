#pragma once
// The ledger on disk: one SQLite file with one writer and many readers, and the signed checkpoints
// outside it that make losing or altering any of it detectable (docs/audit.md). Opened by daemon/;
// each object then belongs to one thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "millwright/base/result.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::store {

struct Options {
  std::string path;      // the SQLite file; <path>-wal, <path>-shm and <path>.lock lie beside it
  std::string origin;    // of checkpoints and name of the key: "lyon/millwright/audit"
  std::string key_path;  // signing key, made at the first start; <key_path>.pub beside it
  std::string anchors_path;  // "" : no comparison with what was anchored
  std::string vfs;           // SQLite's; "" the system's
  // False: a ledger that is thrown away at the end (a replay's); nothing waits for the disk.
  bool durable = true;
};

// The writer: creates or migrates the file and holds its lock until it goes.
// kUnavailable: another process has it, or the disk fails. kConflict: the ledger is shorter than,
// or other than, what the newest anchor proves (truncated, rolled back or altered); the daemon must
// not run on it. kInvalid: key, origin or file do not belong to this program version or ledger.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(const Options& options);

// Cannot write, and cannot move the write-ahead log: SQLite 3.40.1 loses data when a second
// connection does either at the wrong moment.
[[nodiscard]] Result<std::unique_ptr<StoreReader>> open_reader(const std::string& path,
                                                               const std::string& vfs = "");

// Appends to a file, best on another file system. Durable when publish() returns, unless it is the
// anchor of a ledger that is thrown away.
[[nodiscard]] Result<std::unique_ptr<Anchor>> make_file_anchor(const std::string& path,
                                                               bool durable = true);

// Makes a key (0600) and its public half unless there is one; the public half either way:
// <origin>+<key id>+<base64>, as verify_ledger wants it.
[[nodiscard]] Result<std::string> ensure_key(const std::string& key_path,
                                             const std::string& origin);
// The keys in a file of one verifier key a line.
[[nodiscard]] Result<std::vector<std::string>> read_verifier_keys(const std::string& path);

// What became of a verification, as exit code of `millwright audit verify`.
enum class Verdict : std::uint8_t {
  kOk = 0,
  kAltered = 1,     // a record was changed, inserted, removed or moved
  kTruncated = 2,   // records at the end are gone
  kUnknownKey = 3,  // signed, but by nobody who is trusted
  kIo = 4,          // could not be read
};
[[nodiscard]] std::string_view to_text(Verdict verdict);

struct VerifyReport {
  Verdict verdict = Verdict::kOk;
  std::int64_t records = 0;         // found in the ledger
  std::int64_t proven = 0;          // of them, covered by the largest checkpoint that fits
  std::int64_t checkpoints = 0;     // looked at, in the ledger
  std::int64_t anchors = 0;         // looked at, outside it
  std::string root;                 // hex, over all records
  std::optional<AuditSeq> bad;      // first record that is not as it was
  std::vector<std::string> report;  // what was found, for a person; at most 20 lines
};

// Reads every record and proves it against the checkpoints in the ledger and in the anchor file
// ("" : none). Needs no running daemon, and does not disturb one. Never fails: what cannot be read
// is verdict kIo. `progress` (may be empty) is called now and then with records done and in all.
[[nodiscard]] VerifyReport verify_ledger(
    const std::string& path, const std::string& anchors_path,
    const std::vector<std::string>& verifier_keys,
    const std::function<void(std::int64_t, std::int64_t)>& progress);

// The report as lines for a terminal.
[[nodiscard]] std::string to_text(const VerifyReport& report);

}  // namespace millwright::store
