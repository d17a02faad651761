#pragma once
// Signed notes and checkpoints as C2SP specifies them (c2sp.org/signed-note, c2sp.org/
// tlog-checkpoint), with Ed25519 keys. Values, any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/digest.hpp"
#include "millwright/base/result.hpp"

namespace millwright::store {

// Who may have signed: <name>+<key id>+<base64 of 0x01 and the public key>.
struct Verifier {
  std::string name;
  std::uint32_t id = 0;
  std::string public_key;  // 32 bytes
};
[[nodiscard]] Result<Verifier> parse_vkey(std::string_view vkey);

class Signer {
 public:
  // From PRIVATE+KEY+<name>+<key id>+<base64 of 0x01 and the seed>, as key files hold it.
  [[nodiscard]] static Result<Signer> parse(std::string_view skey);
  [[nodiscard]] static Result<Signer> create(std::string_view name);
  ~Signer();
  Signer(Signer&&) noexcept = default;
  Signer& operator=(Signer&&) noexcept = default;

  [[nodiscard]] const std::string& name() const { return verifier_.name; }
  [[nodiscard]] const Verifier& verifier() const { return verifier_; }
  [[nodiscard]] std::string vkey() const;
  [[nodiscard]] std::string skey() const;
  // `text` ends in a newline; the note is the text, an empty line and one signature line.
  [[nodiscard]] std::string sign(std::string_view text) const;

 private:
  Signer() = default;
  static Result<Signer> from_seed(std::string_view name, std::string seed);

  Verifier verifier_;
  std::string seed_;    // 32 bytes
  std::string secret_;  // 64 bytes
};

enum class Signature { kGood, kBad, kUnknownKey };
// kBad if a line of a known key does not verify; kUnknownKey if no line is of a known key.
[[nodiscard]] Signature verify_note(std::string_view note, const std::vector<Verifier>& keys);

struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  Digest root{};
};
[[nodiscard]] std::string checkpoint_text(const Checkpoint& checkpoint);
// Of the text, or of a whole note.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view note);

// The notes of an anchor file in their order. An incomplete one, as a crash in the middle of a
// write leaves it, is skipped and counted; the next process ends it with kTornMark on a line of its
// own.
inline constexpr std::string_view kTornMark = "#torn";
struct AnchorNotes {
  std::vector<std::string> notes;
  std::int64_t torn = 0;
};
[[nodiscard]] AnchorNotes split_notes(std::string_view file);

}  // namespace millwright::store
