#include "millwright/http/users.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "http/sessions.hpp"

namespace millwright::http {
namespace {

constexpr Instant kNow{1'772'432'640'000'000'000};

class UsersFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "millwright_users_" + std::to_string(getpid());
    std::filesystem::create_directories(folder_);
    path_ = folder_ + "/users.json";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static NewUser ortiz() {
    return {UserId("j.ortiz"), "Jo Ortiz", {Role::kPlanner}, "correct horse battery"};
  }

  std::string folder_;
  std::string path_;
};

TEST_F(UsersFile, AUserIsAddedOnceAndKnownByPassword) {
  ASSERT_TRUE(add_user(path_, ortiz()).has_value());
  const auto again = add_user(path_, ortiz());
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, Errc::kConflict);
  const auto directory = load_users(path_);
  ASSERT_TRUE(directory.has_value());
  const User* user = verify_password(*directory, UserId("j.ortiz"), "correct horse battery");
  ASSERT_NE(user, nullptr);
  EXPECT_EQ(user->name, "Jo Ortiz");
  EXPECT_EQ(user->roles, std::vector<Role>{Role::kPlanner});
  EXPECT_EQ(user->password_hash.rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0), 0U);
  EXPECT_EQ(verify_password(*directory, UserId("j.ortiz"), "correct horse batterz"), nullptr);
  EXPECT_EQ(verify_password(*directory, UserId("nobody"), "correct horse battery"), nullptr);
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(UsersFile, ADisabledUserIsNobody) {
  ASSERT_TRUE(add_user(path_, ortiz()).has_value());
  ASSERT_TRUE(set_user_disabled(path_, UserId("j.ortiz"), true).has_value());
  const auto directory = load_users(path_);
  EXPECT_EQ(verify_password(*directory, UserId("j.ortiz"), "correct horse battery"), nullptr);
  EXPECT_EQ(set_user_disabled(path_, UserId("nobody"), true).error().code, Errc::kNotFound);
}

// Work, not waiting: a busy machine makes no difference.
double thread_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return double(used.tv_sec) + double(used.tv_nsec) * 1e-9;
}

TEST_F(UsersFile, AnUnknownNameTakesAsLongAsAWrongPassword) {
  ASSERT_TRUE(add_user(path_, ortiz()).has_value());
  const auto directory = load_users(path_);
  const auto best_of = [&](const char* name) {
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
      const double from = thread_seconds();
      EXPECT_EQ(verify_password(*directory, UserId(name), "wrong password here"), nullptr);
      best = std::min(best, thread_seconds() - from);
    }
    return best;
  };
  const double known = best_of("j.ortiz");
  const double unknown = best_of("nobody");
  EXPECT_LT(known, unknown * 2.0);
  EXPECT_LT(unknown, known * 2.0);
}

TEST_F(UsersFile, BadUsersAreRefusedWithAReason) {
  const auto refused = [&](NewUser user) {
    const auto done = add_user(path_, user);
    return done.has_value() ? std::string() : done.error().message;
  };
  NewUser user = ortiz();
  user.password = "short";
  EXPECT_NE(refused(user).find("12 to 256"), std::string::npos);
  user.password = "aaaaaaaaaaaaaaa";
  EXPECT_NE(refused(user).find("guess"), std::string::npos);
  user.password = "j.ortiz-j.ortiz";
  EXPECT_NE(refused(user).find("guess"), std::string::npos);
  user = ortiz();
  user.id = UserId("a b");
  EXPECT_NE(refused(user).find("log-in name"), std::string::npos);
  user = ortiz();
  user.roles.clear();
  EXPECT_NE(refused(user).find("role"), std::string::npos);
  user = ortiz();
  user.name = "two\nlines";
  EXPECT_NE(refused(user).find("printed name"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UsersFile, AnApiKeyWorksOnlyWholeAndInTime) {
  const auto token = add_api_key(path_, {"warehouse", {Role::kIntegration}, true, kNow + hours(1)});
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->rfind("mw_", 0), 0U);
  const auto directory = load_users(path_);
  ASSERT_TRUE(directory.has_value());
  const ApiKey* key = directory->key(*token, kNow);
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->name, "warehouse");
  EXPECT_TRUE(key->service_account);
  EXPECT_EQ(directory->key(*token, kNow + hours(1)), nullptr);
  EXPECT_EQ(directory->key(token->substr(0, token->size() - 1), kNow), nullptr);
  EXPECT_EQ(directory->key(*token + "0", kNow), nullptr);
  EXPECT_EQ(directory->key("mw_" + key->id + "_", kNow), nullptr);
  EXPECT_EQ(directory->key("mw_", kNow), nullptr);
  EXPECT_EQ(directory->key("", kNow), nullptr);
  std::ifstream file(path_);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(text.find(token->substr(token->rfind('_') + 1)), std::string::npos);
}

TEST_F(UsersFile, ARunningDaemonNoticesChangesAndSurvivesDamage) {
  auto users = Users::open(path_);
  ASSERT_TRUE(users.has_value());
  EXPECT_EQ((*users)->read()->users.size(), 0U);
  ASSERT_TRUE(add_user(path_, ortiz()).has_value());
  (*users)->refresh();
  EXPECT_EQ((*users)->read()->users.size(), 1U);
  std::ofstream(path_) << "{\"users\": [";
  (*users)->refresh();
  EXPECT_EQ((*users)->read()->users.size(), 1U);
  EXPECT_FALSE(Users::open(path_).has_value());
}

TEST_F(UsersFile, DamagedFilesAreRefusedWithTheirPlace) {
  const auto why = [&](const std::string& text) {
    std::ofstream(path_) << text;
    const auto loaded = load_users(path_);
    return loaded.has_value() ? std::string("accepted") : loaded.error().message;
  };
  EXPECT_NE(why("[]").find("not a JSON object"), std::string::npos);
  EXPECT_NE(why(R"({"users":{}})").find("users: must be a list"), std::string::npos);
  EXPECT_NE(why(R"({"users":[{"id":"a","password":"x","roles":["king"]}]})").find("king"),
            std::string::npos);
  EXPECT_NE(why(R"({"users":[{"id":"a","roles":["admin"]}]})").find("users[0]"), std::string::npos);
  EXPECT_NE(why(R"({"keys":[{"id":"a","sha256":"x","roles":["admin"]}]})").find("keys[0]"),
            std::string::npos);
  const std::string user = R"({"id":"a","password":"x","roles":["admin"]})";
  EXPECT_NE(why(R"({"users":[)" + user + "," + user + "]}").find("twice"), std::string::npos);
}

TEST(Roles, EveryNameIsReadBack) {
  EXPECT_EQ(*role_from_text("plant_manager"), Role::kPlantManager);
  EXPECT_NE(role_from_text("boss").error().message.find("maintenance_supervisor"),
            std::string::npos);
}

UserDirectory one_user(const std::string& hash, bool disabled) {
  UserDirectory out;
  out.users.push_back({UserId("a"), "A", {Role::kPlanner}, hash, disabled});
  return out;
}

TEST(Sessions, EndByIdlenessAgeLogOutDisablingAndANewPassword) {
  const UserDirectory directory = one_user("hash", false);
  const auto fresh = [&](SessionTable& table) { return table.open(directory.users[0], kNow); };
  SessionTable table(minutes(15), hours(12));
  const std::string idle = fresh(table);
  EXPECT_TRUE(table.find(idle, directory, kNow + minutes(14), true));
  EXPECT_TRUE(table.find(idle, directory, kNow + minutes(28), false));
  EXPECT_FALSE(table.find(idle, directory, kNow + minutes(29), true));
  const std::string old = fresh(table);
  for (int i = 0; i < 72; ++i) (void)table.find(old, directory, kNow + minutes(10) * i, true);
  EXPECT_FALSE(table.find(old, directory, kNow + hours(12), true));
  const std::string out = fresh(table);
  table.close(out);
  EXPECT_FALSE(table.find(out, directory, kNow, true));
  const std::string disabled = fresh(table);
  EXPECT_FALSE(table.find(disabled, one_user("hash", true), kNow, true));
  EXPECT_FALSE(table.find(disabled, directory, kNow, true)) << "once refused, gone";
  const std::string changed = fresh(table);
  EXPECT_FALSE(table.find(changed, one_user("another", false), kNow, true));
  const std::string removed = fresh(table);
  EXPECT_FALSE(table.find(removed, UserDirectory{}, kNow, true));
  EXPECT_FALSE(table.find(std::string(64, '0'), directory, kNow, true));
}

TEST(Sessions, OneUserCannotFillTheTable) {
  const UserDirectory directory = one_user("hash", false);
  SessionTable table(minutes(15), hours(12));
  const std::string first = table.open(directory.users[0], kNow);
  for (int i = 1; i <= 40; ++i) (void)table.open(directory.users[0], kNow + seconds(i));
  EXPECT_EQ(table.size(), 32U);
  EXPECT_FALSE(table.find(first, directory, kNow + minutes(1), true));
}

TEST(LogInThrottle, FiveFailuresThenAPause) {
  Throttle throttle;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(throttle.begin("a", kNow + seconds(i)).ns(), 0) << i;
  EXPECT_EQ(throttle.begin("a", kNow + seconds(10)), minutes(5) - seconds(10));
  EXPECT_EQ(throttle.begin("b", kNow + seconds(10)).ns(), 0) << "other names go on";
  EXPECT_EQ(throttle.begin("a", kNow + minutes(5)).ns(), 0);
  throttle.succeeded("a");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(throttle.begin("a", kNow + minutes(6)).ns(), 0);
}

TEST(LogInThrottle, VeryManyNamesDoNotFillTheMemory) {
  Throttle throttle;
  int refused = 0;
  for (int i = 0; i < 12'000; ++i) {
    if (throttle.begin("n" + std::to_string(i), kNow).ns() != 0) ++refused;
  }
  EXPECT_EQ(refused, 2'000);
  EXPECT_EQ(throttle.begin("new", kNow + minutes(6)).ns(), 0) << "room again once they are past";
}

}  // namespace
}  // namespace millwright::http
