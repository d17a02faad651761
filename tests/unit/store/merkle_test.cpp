#include "store/merkle.hpp"

#include <gtest/gtest.h>

namespace millwright::store {
namespace {
TEST(Merkle, Empty) {
  EXPECT_EQ(to_hex(Frontier().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
}  // namespace
}  // namespace millwright::store
