// Verification of a ledger from its records alone: nothing that the database says about them is
// taken on trust.
#include <algorithm>
#include <map>

#include "millwright/codec/records.hpp"
#include "millwright/store/store.hpp"
#include "store/files.hpp"
#include "store/merkle.hpp"
#include "store/note.hpp"
#include "store/schema.hpp"

namespace millwright::store {
namespace {

constexpr std::size_t kReportLines = 20;
constexpr std::int64_t kProgressEvery = 8'192;

// A signed statement about the first `size` records, and where it was found.
struct Claim {
  Checkpoint checkpoint;
  bool anchored = false;
};

class Verification {
 public:
  Verification(Db& db, std::vector<Verifier> keys,
               const std::function<void(std::int64_t, std::int64_t)>& progress)
      : db_(db), keys_(std::move(keys)), progress_(progress) {}

  void run(const AnchorNotes& anchors) {
    const Transaction snapshot(db_, Transaction::Kind::kRead);
    origin_ = db_.text("SELECT origin FROM head");
    collect_claims(anchors);
    read_records();
    check_rest();
    conclude();
  }
  VerifyReport take() { return std::move(out_); }

 private:
  void say(std::string line) {
    if (out_.report.size() < kReportLines) out_.report.push_back(std::move(line));
  }
  void altered(std::int64_t seq, std::string line) {
    altered_ = true;
    if (!out_.bad.has_value() || seq < out_.bad->get()) out_.bad = AuditSeq(seq);
    say("record " + std::to_string(seq) + ": " + std::move(line));
  }

  void claim(const std::string& note, bool anchored, std::string_view where) {
    auto checkpoint = parse_checkpoint(note);
    const std::string place = std::string(where) + " checkpoint " +
                              (checkpoint ? "over " + std::to_string(checkpoint->size) + " records"
                                          : std::string("that cannot be read"));
    if (!checkpoint) {
      altered_ = true;
      say(place);
      return;
    }
    switch (verify_note(note, keys_)) {
      case Signature::kUnknownKey:
        unknown_key_ = true;
        say(place + ": signed by nobody who is trusted");
        return;
      case Signature::kBad:
        altered_ = true;
        say(place + ": its signature is false");
        return;
      case Signature::kGood:
        break;
    }
    if (checkpoint->origin != origin_) {
      altered_ = true;
      say(place + ": it is of another log, " + checkpoint->origin);
      return;
    }
    const std::int64_t size = checkpoint->size;
    claims_.emplace(size, Claim{*std::move(checkpoint), anchored});
  }

  void collect_claims(const AnchorNotes& anchors) {
    Statement notes(db_, "SELECT note FROM audit_checkpoint ORDER BY size");
    Rows rows = notes.query();
    while (rows.next()) {
      ++out_.checkpoints;
      claim(rows.text(0), false, "stored");
    }
    for (const std::string& note : anchors.notes) {
      ++out_.anchors;
      claim(note, true, "anchored");
    }
    if (anchors.torn > 0) {
      say("note: " + std::to_string(anchors.torn) +
          " incomplete entries in the anchor file, as crashes leave them");
    }
  }

  // What the record says of itself must be what the table says of it.
  void check_row(const Rows& rows, std::int64_t seq, std::string_view record) {
    const auto envelope = codec::audit_envelope(record);
    if (!envelope) {
      altered(seq, "it cannot be read: " + envelope.error().message);
    } else if (envelope->seq.get() != seq) {
      altered(seq, "it was record " + std::to_string(envelope->seq.get()));
    } else if (envelope->type != rows.bytes(3) || envelope->task.str() != rows.bytes(4) ||
               envelope->case_id.str() != rows.bytes(5)) {
      altered(seq, "it is filed under a type, task or case that it does not have");
    }
  }

  void read_records() {
    const std::int64_t all = db_.number("SELECT coalesce(max(seq), -1) + 1 FROM audit");
    Statement records(db_, "SELECT seq, record, leaf, type, task, case_id FROM audit ORDER BY seq");
    Rows rows = records.query();
    check_claims();
    while (rows.next()) {
      const std::int64_t seq = rows.number(0);
      const auto next = std::int64_t(tree_.size());
      if (seq != next && !gap_) {
        gap_ = true;
        altered(next, "it is missing; the next one there is " + std::to_string(seq));
      }
      const std::string_view record = rows.bytes(1);
      const Digest leaf = leaf_hash(record);
      if (as_bytes(leaf) != rows.bytes(2)) altered(seq, "its text is not what was written");
      if (!gap_) check_row(rows, seq, record);
      ++out_.records;
      tree_.append(leaf, 0, [&](int level, std::uint64_t place, const Digest& hash) {
        nodes_[{level, std::int64_t(place)}] = hash;
      });
      check_claims();
      if (out_.records % kProgressEvery == 0 && progress_) progress_(out_.records, all);
    }
    if (progress_) progress_(out_.records, all);
  }

  // All claims about the tree as it stands now.
  void check_claims() {
    const auto size = std::int64_t(tree_.size());
    const auto [from, to] = claims_.equal_range(size);
    if (from == to) return;
    const Digest root = tree_.root();
    bool fits = true;
    for (auto c = from; c != to; ++c) {
      if (c->second.checkpoint.root == root) continue;
      fits = false;
      altered_ = true;
      if (broken_from_.has_value()) continue;
      broken_from_ = out_.proven;
      say(std::string(c->second.anchored ? "anchored" : "stored") + " checkpoint over " +
          std::to_string(size) + " records does not fit: something changed among records " +
          std::to_string(out_.proven) + " to " + std::to_string(size - 1));
      if (!out_.bad.has_value()) out_.bad = AuditSeq(out_.proven);
    }
    if (fits && !broken_from_.has_value()) out_.proven = size;
  }

  // What stands in the other audit tables, and claims that go further than the records.
  void check_rest() {
    const std::int64_t head = db_.number("SELECT size FROM head");
    if (head > out_.records) {
      truncated_ = true;
      say("the ledger's head counts " + std::to_string(head) + " records, " +
          std::to_string(out_.records) + " are there");
    } else if (head < out_.records) {
      altered(head, "records were added past the ledger's head");
    } else if (db_.text("SELECT frontier FROM head") != tree_.bytes() && !altered_) {
      altered_ = true;
      say("the ledger's head has another tree than its records");
    }
    const auto beyond = claims_.upper_bound(out_.records);
    if (beyond != claims_.end()) {
      truncated_ = true;
      const Claim& last = claims_.rbegin()->second;
      say(std::string(last.anchored ? "an anchored" : "a stored") + " checkpoint proves " +
          std::to_string(last.checkpoint.size) + " records, " + std::to_string(out_.records) +
          " are there");
    }
    Statement stored(db_, "SELECT level, place, hash FROM audit_node");
    Rows rows = stored.query();
    std::size_t seen = 0;
    bool fits = true;
    while (rows.next()) {
      const auto node = nodes_.find({int(rows.number(0)), rows.number(1)});
      fits = fits && node != nodes_.end() && as_bytes(node->second) == rows.bytes(2);
      ++seen;
    }
    if (altered_ || truncated_ || (fits && seen == nodes_.size())) return;
    altered_ = true;
    say("stored subtree hashes are not those of the records");
  }

  void conclude() {
    out_.root = to_hex(tree_.root());
    // A gap or a changed record explains a shorter log; only a clean cut is truncation.
    out_.verdict = altered_       ? Verdict::kAltered
                   : truncated_   ? Verdict::kTruncated
                   : unknown_key_ ? Verdict::kUnknownKey
                                  : Verdict::kOk;
  }

  Db& db_;
  const std::vector<Verifier> keys_;
  const std::function<void(std::int64_t, std::int64_t)>& progress_;
  std::string origin_;
  std::multimap<std::int64_t, Claim> claims_;
  std::map<std::pair<int, std::int64_t>, Digest> nodes_;
  Frontier tree_;
  std::optional<std::int64_t> broken_from_;
  bool gap_ = false;
  bool altered_ = false;
  bool truncated_ = false;
  bool unknown_key_ = false;
  VerifyReport out_;
};

VerifyReport unreadable(const Error& error) {
  VerifyReport report;
  report.verdict = Verdict::kIo;
  report.report.push_back(error.message);
  return report;
}

}  // namespace

VerifyReport verify_ledger(const std::string& path, const std::string& anchors_path,
                           const std::vector<std::string>& verifier_keys,
                           const std::function<void(std::int64_t, std::int64_t)>& progress) {
  std::vector<Verifier> keys;
  for (const std::string& text : verifier_keys) {
    auto key = parse_vkey(text);
    if (!key) return unreadable(key.error());
    keys.push_back(*std::move(key));
  }
  // The anchors first: a daemon at work may add to both, and the ledger must not be the older one.
  AnchorNotes anchors;
  if (!anchors_path.empty()) {
    const auto text = read_file(anchors_path);
    if (!text) return unreadable(text.error());
    anchors = split_notes(*text);
  }
  try {
    Db db(path, SQLITE_OPEN_READONLY, "");
    configure_reader(db);
    if (const auto schema = check_schema(db); !schema) return unreadable(schema.error());
    lock_down_reader(db);
    Verification verification(db, std::move(keys), progress);
    verification.run(anchors);
    return verification.take();
  } catch (const SqlError& error) {
    return unreadable(to_error(error, path));
  }
}

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kAltered:
      return "altered";
    case Verdict::kTruncated:
      return "truncated";
    case Verdict::kUnknownKey:
      return "unknown key";
    case Verdict::kIo:
      return "not readable";
  }
  return "unknown";
}

std::string to_text(const VerifyReport& report) {
  std::string out = "audit log: " + std::string(to_text(report.verdict)) + '\n';
  for (const std::string& line : report.report) out += "  " + line + '\n';
  if (report.verdict == Verdict::kIo) return out;
  out += "  " + std::to_string(report.records) + " records, " + std::to_string(report.proven) +
         " of them proven by " + std::to_string(report.checkpoints) + " stored and " +
         std::to_string(report.anchors) + " anchored checkpoints\n";
  if (report.bad.has_value()) {
    out += "  first record in doubt: " + std::to_string(report.bad->get()) + '\n';
  }
  out += "  root " + report.root + '\n';
  return out;
}

}  // namespace millwright::store
