#pragma once
// Who may log in: people with passwords and programs with API keys, kept in one JSON file (mode
// 0600) beside the ledger, so that `millwright user add` works while the daemon runs. A directory
// is an immutable value; `Users` holds the newest one and notices when the file has changed.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millwright/base/published.hpp"
#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/ids.hpp"
#include "millwright/domain/task.hpp"

namespace millwright::http {

struct User {
  UserId id;  // the log-in name
  std::string name;
  std::vector<Role> roles;
  std::string password_hash;  // Argon2id, PHC string
  bool disabled = false;
};

struct ApiKey {
  std::string id;
  std::string name;         // of the program
  std::string secret_hash;  // SHA-256 of the secret, hexadecimal
  std::vector<Role> roles;
  bool service_account = true;  // may never approve
  std::optional<Instant> expires;
  bool disabled = false;
};

struct UserDirectory {
  std::vector<User> users;
  std::vector<ApiKey> keys;

  [[nodiscard]] const User* user(const UserId& id) const;
  // The key of `mw_<id>_<secret>` when the secret is right and it has neither ended nor been
  // disabled; null otherwise.
  [[nodiscard]] const ApiKey* key(std::string_view token, Instant wall_now) const;
};

// The user when name and password are right and the user is not disabled; null otherwise. Takes
// the same time for a name that does not exist: some 25 ms and 19 MiB.
[[nodiscard]] const User* verify_password(const UserDirectory& directory, const UserId& id,
                                          std::string_view password);

// "maintenance_supervisor" -> Role::kMaintenanceSupervisor; the error lists all names.
[[nodiscard]] Result<Role> role_from_text(std::string_view text);

struct NewUser {
  UserId id;  // letters, digits, . _ - @; at most 64
  std::string name;
  std::vector<Role> roles;
  std::string password;  // at least kPasswordLeast characters
};
inline constexpr std::size_t kPasswordLeast = 12;
inline constexpr std::size_t kPasswordMost = 256;

struct NewApiKey {
  std::string name;
  std::vector<Role> roles;
  bool service_account = true;
  std::optional<Instant> expires;
};

// Reads the file; a file that does not exist is an empty directory.
[[nodiscard]] Result<UserDirectory> load_users(const std::string& path);
// Each reads the file, changes it and replaces it whole, under a lock against other programs.
// add_user: kConflict when the id is taken.
[[nodiscard]] Result<void> add_user(const std::string& path, const NewUser& user);
[[nodiscard]] Result<void> set_user_disabled(const std::string& path, const UserId& id,
                                             bool disabled);
// Returns the token `mw_<id>_<secret>`; it is kept nowhere and cannot be shown again. kConflict
// when another key of that name is in use.
[[nodiscard]] Result<std::string> add_api_key(const std::string& path, const NewApiKey& key);

// The directory of a running daemon. `refresh` is called by one thread, `read` by any.
class Users final {
 public:
  // Loads once; fails when the file is there and cannot be read or is wrong.
  [[nodiscard]] static Result<std::unique_ptr<Users>> open(std::string path);
  Users(const Users&) = delete;
  Users& operator=(const Users&) = delete;

  [[nodiscard]] std::shared_ptr<const UserDirectory> read() const { return directory_.read(); }
  // Reloads when the file is another than the last time (modification time, inode or size). A file
  // that became wrong is reported once in the log, and the directory stays as it was.
  void refresh();

 private:
  struct Stamp {
    std::int64_t modified_ns = 0;
    std::uint64_t inode = 0;
    std::int64_t bytes = -1;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  Users(std::string path, UserDirectory first, Stamp stamp);
  static Stamp stamp_of(const std::string& path);

  std::string path_;
  Stamp stamp_;
  Published<UserDirectory> directory_;
};

}  // namespace millwright::http
