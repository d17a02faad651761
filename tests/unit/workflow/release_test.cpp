// Rules change by approval: the first start installs, a changed bundle is refused until its owners
// have signed, and what was released once may come back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/workflow/world.hpp"

namespace millwright::workflow {
namespace {

using testing::HasSubstr;

ReleasedRule rule(const char* id, int version, const char* hash, const char* owner) {
  return {{RuleId(id), version, hash}, owner};
}
const ReleasedRule kBearing = rule("bearing", 1, "aa", "maintenance");
const ReleasedRule kBearing2 = rule("bearing", 2, "bb", "maintenance");
const ReleasedRule kScrap = rule("scrap", 1, "cc", "quality");
const ReleasedRule kOrphan = rule("orphan", 1, "dd", "somebody");

ConfigLoaded start_with(std::vector<ReleasedRule> rules) {
  return {"v1", "test", std::move(rules)};
}

struct Releasing : testing::Test {
  World world;

  Releasing() { EXPECT_TRUE(world.settle(start_with({kBearing}))); }

  Command ask(std::vector<ReleasedRule> rules, const std::string& id = "r1") {
    Command c;
    c.act = Act::kAskForRelease;
    c.task = TaskId(id);
    c.user = UserId("d.costa");
    c.user_name = "D. Costa";
    c.roles = {Role::kDataScientist};
    c.comment = "Six readings avoid half of the false alarms.";
    c.release = Release{bundle_hash(rules),      rules,  {},         "bearing: 3 -> 6",
                        "two false alarms less", c.user, c.user_name};
    return c;
  }
  const Task& task(const std::string& id = "r1") { return *world.view.tasks.find(TaskId(id)); }
  std::string sign(const std::string& user, Role role) {
    const auto done = world.settle(approve(task(), user, role));
    return done ? "" : done.error().message;
  }
  std::string start(std::vector<ReleasedRule> rules) {
    const auto done = world.settle(start_with(std::move(rules)));
    return done ? "" : done.error().message;
  }
};

TEST_F(Releasing, WhatIsNotReleasedDoesNotStart) {
  EXPECT_EQ(start({kBearing}), "");
  EXPECT_THAT(start({kBearing2, kScrap}),
              HasSubstr("not released: bearing (version 1 to 2), scrap (new, version 1). "));
  EXPECT_THAT(start({}), HasSubstr("bearing (no longer)"));
  EXPECT_THAT(start({rule("bearing", 1, "xx", "maintenance")}),
              HasSubstr("changed, still version 1"));
  world.policy.rules_by_approval = false;
  EXPECT_EQ(start({kBearing2}), "");
  EXPECT_EQ(world.view.bundles.find(bundle_hash({kBearing2}))->how, "unasked");
}

TEST_F(Releasing, TwoSignThenItStartsAndTheOldOneMayComeBack) {
  const auto asked = world.settle(ask({kBearing2}));
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_EQ(task().title, "Release rule bearing (version 1 to 2)");
  EXPECT_EQ(task().approvals_needed, 2);
  ASSERT_EQ(asked->audit.size(), 1U);
  EXPECT_THAT(asked->audit[0].body, HasSubstr("reportSha256"));
  EXPECT_EQ(asked->effects.size(), 1U);  // the announcement; nothing for the ERP

  EXPECT_EQ(sign("s.moreau", Role::kMaintenanceSupervisor), "");
  EXPECT_EQ(task().state, TaskState::kProposed);
  EXPECT_THAT(start({kBearing2}), HasSubstr("not released"));
  EXPECT_EQ(sign("p.manager", Role::kPlantManager), "");
  EXPECT_EQ(task().state, TaskState::kApproved);
  EXPECT_EQ(start({kBearing}), "");  // nothing forces the new rules on a restart
  EXPECT_EQ(start({kBearing2}), "");
  EXPECT_EQ(task().state, TaskState::kVerified);
  EXPECT_EQ(start({kBearing}), "");
  EXPECT_EQ(start({kBearing2}), "");
}

TEST_F(Releasing, WhoSigns) {
  ASSERT_TRUE(world.settle(ask({kBearing2, kScrap})));
  EXPECT_EQ(task().approvals_needed, 2);
  // Another would take the place of an owner.
  EXPECT_THAT(sign("p.manager", Role::kPlantManager), HasSubstr("has yet to sign"));
  EXPECT_THAT(sign("p.planner", Role::kPlanner), HasSubstr("decides rule releases"));
  EXPECT_THAT(sign("d.costa", Role::kQualityLead), HasSubstr("others release it"));
  EXPECT_EQ(sign("s.moreau", Role::kMaintenanceSupervisor), "");
  EXPECT_THAT(sign("m.second", Role::kMaintenanceSupervisor), HasSubstr("has yet to sign"));
  EXPECT_EQ(sign("q.lead", Role::kQualityLead), "");
  EXPECT_EQ(task().state, TaskState::kApproved);
}

TEST_F(Releasing, ThePlantManagerMaySignFirstAndOwnsWhatNobodyDoes) {
  ASSERT_TRUE(world.settle(ask({kBearing2})));
  EXPECT_EQ(sign("p.manager", Role::kPlantManager), "");
  EXPECT_THAT(sign("p.other", Role::kPlantManager), HasSubstr("has yet to sign"));
  EXPECT_EQ(sign("s.moreau", Role::kMaintenanceSupervisor), "");
  EXPECT_EQ(task().state, TaskState::kApproved);
  ASSERT_EQ(start({kBearing2}), "");
  ASSERT_TRUE(world.settle(ask({kBearing2, kOrphan}, "r2")));
  EXPECT_EQ(approver_roles(task("r2"), {world.plant, world.policy}),
            std::vector{Role::kPlantManager});
  // A rule that changes hands needs both.
  ASSERT_TRUE(world.settle(ask({rule("bearing", 3, "ee", "quality")}, "r3")));
  EXPECT_EQ(task("r3").release->owners, (std::vector<std::string>{"maintenance", "quality"}));
}

TEST_F(Releasing, WhatCannotBeAskedFor) {
  const auto refusal = [&](const Command& c) {
    const auto done = world.settle(c);
    return done ? std::string() : done.error().message;
  };
  Command c = ask({kBearing2});
  c.roles = {Role::kOperator};
  EXPECT_THAT(refusal(c), HasSubstr("does not draft rules"));
  c = ask({kBearing2});
  c.comment.clear();
  EXPECT_THAT(refusal(c), HasSubstr("Say why"));
  EXPECT_THAT(refusal(ask({})), HasSubstr("a rule at least"));
  EXPECT_THAT(refusal(ask({kBearing})), HasSubstr("may be in force since"));
  c = ask({kBearing2});
  EXPECT_EQ(refusal(c), "");
  const auto again = world.settle(c);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->empty());  // a repeated request
  EXPECT_THAT(refusal(ask({kBearing2}, "r2")), HasSubstr("waits for approval"));
}

TEST_F(Releasing, SilenceIsNoConsent) {
  ASSERT_TRUE(world.settle(ask({kBearing2})));
  ASSERT_EQ(sign("s.moreau", Role::kMaintenanceSupervisor), "");
  world.now = kNow + world.policy.decide_p4;
  for (const TimerDue& due : timers_due(world.view, world.now, 10)) {
    ASSERT_TRUE(world.settle(due));
  }
  EXPECT_EQ(task().state, TaskState::kExpired);
  EXPECT_THAT(start({kBearing2}), HasSubstr("not released"));
}

TEST(BundleHash, KnowsRulesNotTheirOrder) {
  EXPECT_EQ(bundle_hash({kBearing, kScrap}), bundle_hash({kScrap, kBearing}));
  EXPECT_NE(bundle_hash({kBearing}), bundle_hash({kBearing2}));
  EXPECT_NE(bundle_hash({}), bundle_hash({kBearing}));
}

}  // namespace
}  // namespace millwright::workflow
