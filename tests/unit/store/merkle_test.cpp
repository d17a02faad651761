// The tree of RFC 6962 against the test vectors that Certificate Transparency publishes with it,
// and against its definition.
#include "store/merkle.hpp"

#include <gtest/gtest.h>

#include <map>

#include "millwright/base/rng.hpp"

namespace millwright::store {
namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += char(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

// MTH of RFC 6962, section 2.1, as it is written there.
Digest defined(const std::vector<Digest>& leaves, std::size_t from, std::size_t to) {
  if (from == to) return sha256("");
  if (to - from == 1) return leaves[from];
  std::size_t k = 1;
  while (k * 2 < to - from) k *= 2;
  return node_hash(defined(leaves, from, from + k), defined(leaves, from + k, to));
}

TEST(Merkle, PublishedVectors) {
  const std::vector<std::string> inputs = {"",
                                           "00",
                                           "10",
                                           "2021",
                                           "3031",
                                           "40414243",
                                           "5051525354555657",
                                           "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Frontier tree;
  EXPECT_EQ(to_hex(tree.root()), roots[0]);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    tree.append(leaf_hash(from_hex(inputs[i])));
    EXPECT_EQ(to_hex(tree.root()), roots[i + 1]) << i;
  }
}

TEST(Merkle, EverySizeIsAsDefinedAndSurvivesItsBytes) {
  std::vector<Digest> leaves;
  Frontier tree;
  for (std::size_t n = 0; n <= 600; ++n) {
    EXPECT_EQ(tree.root(), defined(leaves, 0, n)) << n;
    const Frontier copy(tree.size(), tree.bytes());
    EXPECT_TRUE(copy.valid());
    EXPECT_EQ(copy.root(), tree.root());
    leaves.push_back(leaf_hash(std::to_string(n)));
    tree.append(leaves.back());
  }
  EXPECT_FALSE(Frontier(3, std::string(32, 'x')).valid());
}

TEST(Merkle, SubtreeRootsRebuildAnyEarlierSize) {
  std::map<std::pair<int, std::uint64_t>, Digest> nodes;
  std::vector<Digest> leaves;
  std::vector<Digest> roots = {Frontier().root()};
  Frontier tree;
  for (int i = 0; i < 70'000; ++i) {
    leaves.push_back(leaf_hash(std::to_string(i)));
    tree.append(leaves.back(), 0, [&](int level, std::uint64_t place, const Digest& hash) {
      nodes[{level, place}] = hash;
    });
    if (i % 97 == 0 || i > 69'900) roots.push_back(tree.root());
  }
  EXPECT_EQ(nodes.size(), 70'000U / 256 + 1);
  const auto ignore = [](int, std::uint64_t, const Digest&) {};
  std::size_t known = 1;
  for (std::uint64_t size = 1; size <= 70'000; ++size) {
    const bool wanted = (size - 1) % 97 == 0 || size - 1 > 69'900;
    if (!wanted) continue;
    const Digest& root = roots[known++];
    if (size % 5 != 0 && size < 69'900) continue;
    Frontier again;
    for (const int level : {16, 8}) {
      for (std::uint64_t p = again.size() >> level; p < size >> level; ++p) {
        again.append(nodes.at({level, p}), level, ignore);
      }
    }
    for (std::uint64_t i = again.size(); i < size; ++i) again.append(leaves[i]);
    EXPECT_EQ(again.root(), root) << size;
  }
}

}  // namespace
}  // namespace millwright::store
