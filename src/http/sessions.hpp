#pragma once
// Sessions of browsers, and the brake on password guessing. Plain tables, owned by the I/O thread;
// time is handed in (wall clock).

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "http/message.hpp"
#include "millwright/base/time.hpp"
#include "millwright/http/users.hpp"

namespace millwright::http {

class SessionTable final {
 public:
  SessionTable(Duration idle, Duration longest) : idle_(idle), longest_(longest) {}

  // The cookie's value, 256 random bits; only its hash is kept.
  [[nodiscard]] std::string open(const User& user, Instant now);
  // Who it is, with the roles of now; nothing when the session has ended or its user was disabled,
  // removed, or has another password since. `active`: a person did something, so it lasts longer.
  [[nodiscard]] std::optional<Caller> find(const std::string& cookie,
                                           const UserDirectory& directory, Instant now,
                                           bool active);
  void close(const std::string& cookie);
  [[nodiscard]] std::size_t size() const { return sessions_.size(); }
  [[nodiscard]] Duration longest() const { return longest_; }

 private:
  struct Session {
    UserId user;
    std::string password_hash;
    Instant opened;
    Instant used;
  };
  [[nodiscard]] Instant end_of(const Session& session) const;
  void make_room(const UserId& user, Instant now);

  Duration idle_;
  Duration longest_;
  std::unordered_map<std::string, Session> sessions_;
};

// After kFailuresMost failed attempts for one name within kWindow, no more until the oldest is
// past.
class Throttle final {
 public:
  static constexpr std::size_t kFailuresMost = 5;
  static constexpr Duration kWindow = minutes(5);

  // How long the name must wait; 0: it may try now, and the attempt counts as failed until
  // `succeeded`, so that parallel attempts cannot slip through.
  [[nodiscard]] Duration begin(const std::string& name, Instant now);
  void succeeded(const std::string& name) { failures_.erase(name); }

 private:
  std::map<std::string, std::deque<Instant>> failures_;
  Instant swept_at_;  // when all names were last looked through
};

}  // namespace millwright::http
