#include "http/sessions.hpp"

#include <algorithm>

#include "http/secrets.hpp"

namespace millwright::http {
namespace {

constexpr std::size_t kSessionsMost = 10'000;
constexpr std::size_t kSessionsPerUser = 32;
constexpr std::size_t kThrottledNames = 10'000;

}  // namespace

Instant SessionTable::end_of(const Session& session) const {
  return std::min(session.opened + longest_, session.used + idle_);
}

void SessionTable::make_room(const UserId& user, Instant now) {
  std::size_t own = 0;
  auto oldest_own = sessions_.end();
  auto oldest = sessions_.end();
  for (auto it = sessions_.begin(); it != sessions_.end();) {
    if (end_of(it->second) <= now) {
      it = sessions_.erase(it);
      continue;
    }
    if (oldest == sessions_.end() || it->second.used < oldest->second.used) oldest = it;
    if (it->second.user == user) {
      ++own;
      if (oldest_own == sessions_.end() || it->second.used < oldest_own->second.used) {
        oldest_own = it;
      }
    }
    ++it;
  }
  if (own >= kSessionsPerUser) {
    sessions_.erase(oldest_own);
  } else if (sessions_.size() >= kSessionsMost) {
    sessions_.erase(oldest);
  }
}

std::string SessionTable::open(const User& user, Instant now) {
  make_room(user.id, now);
  std::string cookie = random_hex(32);
  sessions_[sha256_hex(cookie)] = Session{user.id, user.password_hash, now, now};
  return cookie;
}

std::optional<Caller> SessionTable::find(const std::string& cookie, const UserDirectory& directory,
                                         Instant now, bool active) {
  const auto found = sessions_.find(sha256_hex(cookie));
  if (found == sessions_.end()) return std::nullopt;
  Session& session = found->second;
  const User* user = directory.user(session.user);
  if (end_of(session) <= now || user == nullptr || user->disabled ||
      user->password_hash != session.password_hash) {
    sessions_.erase(found);
    return std::nullopt;
  }
  if (active) session.used = now;
  return Caller{user->id, user->name, user->roles, false, end_of(session)};
}

void SessionTable::close(const std::string& cookie) {
  sessions_.erase(sha256_hex(cookie));
}

Duration Throttle::begin(const std::string& name, Instant now) {
  if (failures_.size() >= kThrottledNames && failures_.find(name) == failures_.end()) {
    if (swept_at_ <= now && now < swept_at_ + seconds(1)) return seconds(30);
    swept_at_ = now;
    for (auto it = failures_.begin(); it != failures_.end();) {
      it = it->second.back() + kWindow <= now ? failures_.erase(it) : std::next(it);
    }
    // Still full: an attack with very many names. New ones wait.
    if (failures_.size() >= kThrottledNames) return seconds(30);
  }
  std::deque<Instant>& times = failures_[name];
  while (!times.empty() && times.front() + kWindow <= now) times.pop_front();
  if (times.size() >= kFailuresMost) return times.front() + kWindow - now;
  times.push_back(now);
  return Duration{};
}

}  // namespace millwright::http
