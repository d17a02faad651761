// What is committed is there, all of it; what does not fit is refused, all of it.
#include <gtest/gtest.h>

#include "support/store_fixture.hpp"

namespace millwright::store {
namespace {

using namespace millwright::testing;  // NOLINT(google-build-using-namespace)

TEST(Store, CommitIsSeenByReadersAndAfterAReopen) {
  TempDir dir;
  const Options options = options_in(dir);
  {
    auto store = open_or_fail(options);
    auto adopted = store->adopt(kPart);
    ASSERT_TRUE(adopted) << adopted.error().message;
    EXPECT_FALSE(adopted->cursor.has_value());
    EXPECT_EQ(adopted->epoch, Epoch(1));
    for (int i = 0; i < 5; ++i) {
      const auto receipt = store->commit(one_decision(i));
      ASSERT_TRUE(receipt) << receipt.error().message;
      EXPECT_EQ(receipt->audit_size, i + 1);
    }
    auto reader = reader_or_fail(options);
    EXPECT_EQ(reader->counts()->decisions, 5);
    EXPECT_EQ(reader->counts()->dispositions.at("observed"), 5);
    EXPECT_EQ(reader->counts()->tasks_by_state.at("PROPOSED"), 5);
    EXPECT_EQ(reader->counts()->effects_pending, 5);
    EXPECT_EQ(reader->tasks({})->items.size(), 5U);
    EXPECT_EQ((*reader->task(TaskId("t3")))->title, "Bearing change t3");
    EXPECT_EQ((*reader->decision(DecisionId("d3")))->evidence.position.offset, Offset(3));
    EXPECT_EQ(reader->decisions_of(TaskId("t3"), 10)->size(), 1U);
  }
  auto store = open_or_fail(options);
  auto adopted = store->adopt(kPart);
  ASSERT_TRUE(adopted) << adopted.error().message;
  EXPECT_EQ(adopted->cursor, Offset(5));
  EXPECT_EQ(adopted->epoch, Epoch(2));
  EXPECT_EQ(adopted->reobserve_from, Offset(0));
  EXPECT_EQ(adopted->batches.size(), 5U);
  EXPECT_EQ(adopted->decisions.size(), 5U);
  auto view = store->load_view();
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->tasks.size(), 5U);
}

}  // namespace
}  // namespace millwright::store
