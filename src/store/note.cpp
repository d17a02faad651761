#include "store/note.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>

namespace millwright::store {
namespace {

constexpr char kEd25519 = 1;  // signature type of C2SP signed-note
constexpr std::string_view kDash = "\xE2\x80\x94 ";
constexpr std::string_view kPrivate = "PRIVATE+KEY+";

const unsigned char* bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* bytes(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());
}

std::string base64(std::string_view s) {
  return to_base64({bytes(s), s.size()});
}

std::uint32_t key_id(std::string_view name, std::string_view public_key) {
  const Digest d = sha256({name, "\n", std::string_view(&kEd25519, 1), public_key});
  return std::uint32_t(d[0]) << 24 | std::uint32_t(d[1]) << 16 | std::uint32_t(d[2]) << 8 | d[3];
}

std::string hex_id(std::uint32_t id) {
  const std::array<std::uint8_t, 4> b = {std::uint8_t(id >> 24), std::uint8_t(id >> 16),
                                         std::uint8_t(id >> 8), std::uint8_t(id)};
  return to_hex(b);
}

bool good_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return c == '+' || static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
  });
}

struct KeyText {
  std::string name;
  std::uint32_t id = 0;
  std::string key;  // without the type byte
};

// <name>+<8 hex>+<base64>. The base64 may itself hold a '+'.
Result<KeyText> parse_key(std::string_view text, std::string_view what) {
  const auto wrong = [&](std::string_view why) {
    return fail(Errc::kInvalid, std::string(what) + ": " + std::string(why) +
                                    "; expected <name>+<key id>+<base64 of an Ed25519 key>");
  };
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const std::size_t first = text.find('+');
  const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return wrong("not a key");
  KeyText out;
  out.name = text.substr(0, first);
  if (!good_name(out.name)) return wrong("the name is empty or has blanks");
  const std::string_view id = text.substr(first + 1, second - first - 1);
  const auto read = std::from_chars(id.data(), id.data() + id.size(), out.id, 16);
  if (id.size() != 8 || read.ptr != id.data() + id.size()) return wrong("the key id is not hex");
  auto key = from_base64(text.substr(second + 1));
  if (!key) return wrong(key.error().message);
  if (key->size() != 33 || key->front() != kEd25519) return wrong("not an Ed25519 key");
  out.key = key->substr(1);
  return out;
}

// Takes one line, without its newline, off the front.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

Result<Verifier> parse_vkey(std::string_view vkey) {
  auto key = parse_key(vkey, "verifier key");
  if (!key) return std::move(key).error();
  Verifier out{std::move(key->name), key->id, std::move(key->key)};
  if (out.id != key_id(out.name, out.public_key)) {
    return fail(Errc::kInvalid, "verifier key " + out.name + ": its key id does not fit the key");
  }
  return out;
}

Result<Signer> Signer::from_seed(std::string_view name, std::string seed) {
  if (sodium_init() < 0) return fail(Errc::kUnavailable, "libsodium does not start");
  Signer out;
  out.verifier_.name = name;
  out.verifier_.public_key.resize(crypto_sign_PUBLICKEYBYTES);
  out.secret_.resize(crypto_sign_SECRETKEYBYTES);
  out.seed_ = std::move(seed);
  crypto_sign_seed_keypair(bytes(out.verifier_.public_key), bytes(out.secret_), bytes(out.seed_));
  out.verifier_.id = key_id(name, out.verifier_.public_key);
  return out;
}

Result<Signer> Signer::parse(std::string_view skey) {
  if (skey.substr(0, kPrivate.size()) != kPrivate) {
    return fail(Errc::kInvalid, "signing key: it does not begin with " + std::string(kPrivate));
  }
  auto key = parse_key(skey.substr(kPrivate.size()), "signing key");
  if (!key) return std::move(key).error();
  auto signer = from_seed(key->name, key->key);
  if (signer && signer->verifier_.id != key->id) {
    return fail(Errc::kInvalid, "signing key " + key->name + ": its key id does not fit the key");
  }
  return signer;
}

Result<Signer> Signer::create(std::string_view name) {
  if (!good_name(name)) {
    return fail(Errc::kInvalid,
                "the ledger's origin '" + std::string(name) + "' is empty or has blanks or '+'");
  }
  if (sodium_init() < 0) return fail(Errc::kUnavailable, "libsodium does not start");
  std::string seed(crypto_sign_SEEDBYTES, '\0');
  randombytes_buf(seed.data(), seed.size());
  return from_seed(name, std::move(seed));
}

Signer::~Signer() {
  sodium_memzero(seed_.data(), seed_.size());
  sodium_memzero(secret_.data(), secret_.size());
}

std::string Signer::vkey() const {
  return verifier_.name + '+' + hex_id(verifier_.id) + '+' +
         base64(std::string(1, kEd25519) + verifier_.public_key);
}

std::string Signer::skey() const {
  return std::string(kPrivate) + verifier_.name + '+' + hex_id(verifier_.id) + '+' +
         base64(std::string(1, kEd25519) + seed_);
}

std::string Signer::sign(std::string_view text) const {
  std::string blob;
  for (int shift = 24; shift >= 0; shift -= 8) blob += char(verifier_.id >> shift);
  blob.resize(4 + crypto_sign_BYTES);
  crypto_sign_detached(bytes(blob) + 4, nullptr, bytes(text), text.size(), bytes(secret_));
  return std::string(text) + '\n' + std::string(kDash) + verifier_.name + ' ' + base64(blob) + '\n';
}

Signature verify_note(std::string_view note, const std::vector<Verifier>& keys) {
  const std::size_t split = note.rfind("\n\n");
  if (split == note.npos || sodium_init() < 0) return Signature::kUnknownKey;
  const std::string_view text = note.substr(0, split + 1);
  std::string_view lines = note.substr(split + 2);
  Signature found = Signature::kUnknownKey;
  while (!lines.empty()) {
    std::string_view line = take_line(lines);
    if (line.substr(0, kDash.size()) != kDash) return Signature::kBad;
    line.remove_prefix(kDash.size());
    const std::size_t blank = line.find(' ');
    if (blank == line.npos) return Signature::kBad;
    const std::string_view coded = line.substr(blank + 1);
    const auto blob = from_base64(coded);
    // One text for each signature: RFC 4648 3.5 leaves the spare bits of the last digit open.
    if (!blob || blob->size() < 5 || base64(*blob) != coded) return Signature::kBad;
    for (const Verifier& key : keys) {
      std::uint32_t id = 0;
      for (std::size_t i = 0; i < 4; ++i) id = id << 8 | static_cast<unsigned char>((*blob)[i]);
      if (key.name != line.substr(0, blank) || key.id != id) continue;
      const bool good = blob->size() == 4 + crypto_sign_BYTES &&
                        crypto_sign_verify_detached(bytes(*blob) + 4, bytes(text), text.size(),
                                                    bytes(key.public_key)) == 0;
      if (!good) return Signature::kBad;
      found = Signature::kGood;
    }
  }
  return found;
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
  return checkpoint.origin + '\n' + std::to_string(checkpoint.size) + '\n' +
         to_base64(checkpoint.root) + '\n';
}

Result<Checkpoint> parse_checkpoint(std::string_view note) {
  Checkpoint out;
  out.origin = take_line(note);
  const std::string_view size = take_line(note);
  const auto root = from_base64(take_line(note));
  const auto read = std::from_chars(size.data(), size.data() + size.size(), out.size);
  const bool number = !size.empty() && read.ptr == size.data() + size.size() && out.size >= 0 &&
                      (size == "0" || size.front() != '0');
  if (out.origin.empty() || !number || !root || root->size() != out.root.size()) {
    return fail(Errc::kInvalid,
                "not a checkpoint: expected origin, size and base64 root, a line "
                "each");
  }
  std::copy_n(bytes(*root), out.root.size(), out.root.begin());
  return out;
}

AnchorNotes split_notes(std::string_view file) {
  AnchorNotes out;
  std::string body;  // lines of the note so far, "" between notes
  bool signing = false;
  const auto finish = [&] {
    if (body.empty()) return;
    if (signing && parse_checkpoint(body)) {
      out.notes.push_back(std::move(body));
    } else {
      ++out.torn;
    }
    body.clear();
    signing = false;
  };
  while (!file.empty()) {
    const bool whole = file.find('\n') != file.npos;
    const std::string_view line = take_line(file);
    const bool signature = line.substr(0, kDash.size()) == kDash;
    if (line == kTornMark) {
      out.torn += body.empty() ? 0 : 1;
      body.clear();
      signing = false;
      continue;
    }
    if (line.empty() && (signing || body.empty())) {
      finish();
      continue;
    }
    if (!body.empty() && !signature && body.size() > 2 && body.ends_with("\n\n")) finish();
    signing = signing || signature;
    if (signature && !whole) signing = false;  // the line itself is cut
    body += line;
    body += '\n';
  }
  finish();
  return out;
}

}  // namespace millwright::store
