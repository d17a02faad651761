#include "millwright/http/users.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include "http/json_in.hpp"
#include "http/secrets.hpp"
#include "millwright/base/json.hpp"
#include "millwright/base/log.hpp"

namespace millwright::http {
namespace {

constexpr std::size_t kFileBytesMost = 16U << 20U;
constexpr std::size_t kSecretBytes = 32;
constexpr std::array kRoles = {
    Role::kOperator,     Role::kTechnician,    Role::kMaintenanceSupervisor,
    Role::kPlanner,      Role::kQualityLead,   Role::kProcurement,
    Role::kPlantManager, Role::kDataScientist, Role::kAdmin,
    Role::kAuditor,      Role::kIntegration};

// Of no password that anybody knows: hashed against when the name does not exist.
constexpr const char* kNobody =
    "$argon2id$v=19$m=19456,t=2,p=1$gHJRT30BuKPBGdGKUXQWuA$"
    "826H+d93KmXjq9ORxSVUUbxrtXKHvZ5d6ofHhKaExlc";

class FileHandle final {
 public:
  explicit FileHandle(int fd) : fd_(fd) {}
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  ~FileHandle() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

Error failed(const std::string& what, const std::string& path) {
  return fail(Errc::kUnavailable, what + " " + path + ": " + std::strerror(errno));
}

Result<std::string> read_file(const std::string& path) {
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT) return std::string();
    return failed("cannot read", path);
  }
  struct stat info {};
  if (::fstat(file.get(), &info) == 0 && (info.st_mode & 077U) != 0) {
    log::warn("the users file can be read by others; chmod 600 it", {{"file", path}});
  }
  std::string text;
  std::array<char, 16 << 10> part{};
  for (;;) {
    const ssize_t n = ::read(file.get(), part.data(), part.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot read", path);
    if (n == 0) return text;
    text.append(part.data(), std::size_t(n));
    if (text.size() > kFileBytesMost) {
      return fail(Errc::kExhausted, path + " is larger than 16 MiB");
    }
  }
}

Result<void> write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot write", path);
    text.remove_prefix(std::size_t(n));
  }
  if (::fsync(fd) != 0) return failed("cannot sync", path);
  return {};
}

// Readers see the old file or the new one, never a part; so does a machine that loses power.
Result<void> replace_file(const std::string& path, const std::string& text) {
  const std::string temp = path + ".new";
  ::unlink(temp.c_str());
  {
    const FileHandle file(::open(temp.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.open()) return failed("cannot create", temp);
    MW_TRY(write_all(file.get(), text, temp));
  }
  if (::rename(temp.c_str(), path.c_str()) != 0) return failed("cannot replace", path);
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const FileHandle directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || ::fsync(directory.get()) != 0) return failed("cannot sync", folder);
  return {};
}

void write_roles(JsonWriter& json, const std::vector<Role>& roles) {
  json.key("roles");
  json.begin_array();
  for (const Role role : roles) json.value(to_text(role));
  json.end_array();
}

std::string to_json(const UserDirectory& directory) {
  JsonWriter json;
  json.begin_object();
  json.field("version", 1);
  json.key("users");
  json.begin_array();
  for (const User& user : directory.users) {
    json.begin_object();
    json.field("id", user.id.str());
    json.field("name", user.name);
    write_roles(json, user.roles);
    json.field("password", user.password_hash);
    json.field("disabled", user.disabled);
    json.end_object();
  }
  json.end_array();
  json.key("keys");
  json.begin_array();
  for (const ApiKey& key : directory.keys) {
    json.begin_object();
    json.field("id", key.id);
    json.field("name", key.name);
    write_roles(json, key.roles);
    json.field("sha256", key.secret_hash);
    json.field("service_account", key.service_account);
    if (key.expires) json.field("expires", *key.expires);
    json.field("disabled", key.disabled);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return std::move(json).text() + "\n";
}

// Reads, changes and replaces the file while no other program does.
template <class Change>
Result<void> change_file(const std::string& path, Change change) {
  const std::string lock = path + ".lock";
  const FileHandle held(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!held.open() || ::flock(held.get(), LOCK_EX) != 0) return failed("cannot lock", lock);
  auto directory = load_users(path);
  if (!directory) return directory.error();
  Result<void> changed = change(*directory);
  if (!changed) return changed;
  return replace_file(path, to_json(*directory));
}

bool valid_id(const std::string& id) {
  const auto ok = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-@").find(c) != std::string_view::npos;
  };
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), ok);
}

Result<void> check_name(const std::string& name) {
  const bool control = std::any_of(name.begin(), name.end(),
                                   [](char c) { return std::uint8_t(c) < 0x20U || c == 0x7F; });
  if (name.empty() || name.size() > 128 || control || !is_utf8(name)) {
    return fail(Errc::kInvalid, "the printed name must have 1 to 128 characters, on one line");
  }
  return {};
}

Result<void> check_new(const NewUser& user) {
  if (!valid_id(user.id.str())) {
    return fail(Errc::kInvalid, "the log-in name may hold letters, digits and . _ - @, at most 64");
  }
  MW_TRY(check_name(user.name));
  if (user.roles.empty()) return fail(Errc::kInvalid, "a user needs at least one role");
  const std::string& password = user.password;
  if (password.size() < kPasswordLeast || password.size() > kPasswordMost) {
    return fail(Errc::kInvalid, "a password has 12 to 256 characters; this one has " +
                                    std::to_string(password.size()));
  }
  const std::set<char> different(password.begin(), password.end());
  if (different.size() < 5 || password.find(user.id.str()) != std::string::npos) {
    return fail(Errc::kInvalid,
                "the password is too easy to guess: at least 5 different characters, and not the "
                "log-in name in it");
  }
  return {};
}

}  // namespace

const User* UserDirectory::user(const UserId& id) const {
  const auto found =
      std::find_if(users.begin(), users.end(), [&](const User& u) { return u.id == id; });
  return found == users.end() ? nullptr : &*found;
}

const ApiKey* UserDirectory::key(std::string_view token, Instant wall_now) const {
  if (token.size() > 256 || token.substr(0, 3) != "mw_") return nullptr;
  token.remove_prefix(3);
  const std::size_t split = token.find('_');
  if (split == std::string_view::npos) return nullptr;
  const std::string_view id = token.substr(0, split);
  const std::string hash = sha256_hex(token.substr(split + 1));
  for (const ApiKey& known : keys) {
    if (known.id != id) continue;
    const bool fits = same_secret(known.secret_hash, hash);
    const bool ended = known.expires && *known.expires <= wall_now;
    return fits && !ended && !known.disabled ? &known : nullptr;
  }
  return nullptr;
}

const User* verify_password(const UserDirectory& directory, const UserId& id,
                            std::string_view password) {
  const User* user = directory.user(id);
  const bool fits = password_fits(user != nullptr ? user->password_hash : kNobody, password);
  return user != nullptr && fits && !user->disabled ? user : nullptr;
}

Result<Role> role_from_text(std::string_view text) {
  std::string all;
  for (const Role role : kRoles) {
    if (to_text(role) == text) return role;
    all += (all.empty() ? "" : ", ") + std::string(to_text(role));
  }
  return fail(Errc::kInvalid, "no role is called \"" + std::string(text) + "\"; there are " + all);
}

Result<UserDirectory> load_users(const std::string& path) {
  auto text = read_file(path);
  if (!text) return text.error();
  if (text->empty()) return UserDirectory{};
  auto parsed = parse_users(*text);
  if (!parsed) return fail(parsed.error().code, path + ": " + parsed.error().message);
  return parsed;
}

Result<void> add_user(const std::string& path, const NewUser& user) {
  MW_TRY(check_new(user));
  const std::string hash = hash_password(user.password);
  return change_file(path, [&](UserDirectory& directory) -> Result<void> {
    if (directory.user(user.id) != nullptr) {
      return fail(Errc::kConflict, "there is a user " + user.id.str() + " already");
    }
    directory.users.push_back(User{user.id, user.name, user.roles, hash, false});
    return {};
  });
}

Result<void> set_user_disabled(const std::string& path, const UserId& id, bool disabled) {
  return change_file(path, [&](UserDirectory& directory) -> Result<void> {
    for (User& user : directory.users) {
      if (user.id != id) continue;
      user.disabled = disabled;
      return {};
    }
    return fail(Errc::kNotFound, "there is no user " + id.str());
  });
}

Result<std::string> add_api_key(const std::string& path, const NewApiKey& key) {
  MW_TRY(check_name(key.name));
  if (key.roles.empty()) return fail(Errc::kInvalid, "an API key needs at least one role");
  const std::string id = random_hex(6);
  const std::string secret = random_hex(kSecretBytes);
  MW_TRY(change_file(path, [&](UserDirectory& directory) -> Result<void> {
    const bool taken =
        std::any_of(directory.keys.begin(), directory.keys.end(),
                    [&](const ApiKey& other) { return other.name == key.name && !other.disabled; });
    if (taken) {
      return fail(Errc::kConflict, "a key named '" + key.name +
                                       "' is in use already; name each key of its own, such as '" +
                                       key.name + "-2', so that the audit log can tell them apart");
    }
    directory.keys.push_back(ApiKey{id, key.name, sha256_hex(secret), key.roles,
                                    key.service_account, key.expires, false});
    return {};
  }));
  return "mw_" + id + "_" + secret;
}

Users::Users(std::string path, UserDirectory first, Stamp stamp)
    : path_(std::move(path)),
      stamp_(stamp),
      directory_(std::make_shared<const UserDirectory>(std::move(first))) {}

Users::Stamp Users::stamp_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  return Stamp{std::int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec,
               std::uint64_t(info.st_ino), std::int64_t(info.st_size)};
}

Result<std::unique_ptr<Users>> Users::open(std::string path) {
  const Stamp stamp = stamp_of(path);
  auto first = load_users(path);
  if (!first) return first.error();
  return std::unique_ptr<Users>(new Users(std::move(path), std::move(*first), stamp));
}

void Users::refresh() {
  const Stamp stamp = stamp_of(path_);
  if (stamp == stamp_) return;
  stamp_ = stamp;
  auto next = load_users(path_);
  if (!next) {
    log::error("the users file is wrong; the users stay as they were",
               {{"why", next.error().message}});
    return;
  }
  directory_.publish(std::make_shared<const UserDirectory>(std::move(*next)));
}

}  // namespace millwright::http
