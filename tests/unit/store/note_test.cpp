// Signed notes and checkpoints: the example published with the format, and whatever else claims to
// be one.
#include "store/note.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/files.hpp"
#include "support/store_fixture.hpp"

namespace millwright::store {
namespace {

using millwright::testing::slurp;
using millwright::testing::spill;
using millwright::testing::TempDir;

constexpr std::string_view kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr std::string_view kVkey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kSkey =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr std::string_view kSignatureLine =
    "\xE2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n";

TEST(Note, PublishedExample) {
  const auto signer = Signer::parse(kSkey);
  ASSERT_TRUE(signer) << signer.error().message;
  EXPECT_EQ(signer->vkey(), kVkey);
  EXPECT_EQ(signer->skey(), kSkey);
  const std::string note = signer->sign(kText);
  EXPECT_EQ(note, std::string(kText) + "\n" + std::string(kSignatureLine));
  const auto key = parse_vkey(kVkey);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(verify_note(note, {*key}), Signature::kGood);
  EXPECT_EQ(verify_note(note, {}), Signature::kUnknownKey);
}

TEST(Note, AnyChangedByteIsSeen) {
  const auto signer = Signer::create("a/log");
  const auto other = Signer::create("a/log");
  const std::string note = signer->sign(kText);
  EXPECT_EQ(verify_note(note, {other->verifier()}), Signature::kUnknownKey);
  EXPECT_EQ(verify_note(note, {other->verifier(), signer->verifier()}), Signature::kGood);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = char(changed[i] ^ 1);
    EXPECT_NE(verify_note(changed, {signer->verifier()}), Signature::kGood) << i;
  }
  for (std::size_t cut = 0; cut + 1 < note.size(); ++cut) {
    EXPECT_NE(verify_note(note.substr(0, cut), {signer->verifier()}), Signature::kGood) << cut;
  }
}

TEST(Note, SignaturesOfOthersBesideOursAreIgnored) {
  const auto ours = Signer::create("a/log");
  const auto witness = Signer::create("witness");
  const std::string both = ours->sign(kText) + witness->sign(kText).substr(kText.size() + 1);
  EXPECT_EQ(verify_note(both, {ours->verifier()}), Signature::kGood);
  EXPECT_EQ(verify_note(both, {witness->verifier()}), Signature::kGood);
}

TEST(Note, KeysThatAreNoneAreRefused) {
  EXPECT_FALSE(parse_vkey(""));
  EXPECT_FALSE(parse_vkey("name+12345678"));
  EXPECT_FALSE(parse_vkey("name+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
  EXPECT_FALSE(parse_vkey("PeterNeumann+c74f20a3+AhpcMQ=="));
  EXPECT_FALSE(Signer::parse(kVkey));
  EXPECT_FALSE(Signer::create("has blank"));
  EXPECT_FALSE(Signer::create("has+plus"));
}

TEST(Note, CheckpointTextAndBack) {
  Checkpoint c{"lyon/millwright/audit", 181'207, sha256("x")};
  const auto back = parse_checkpoint(checkpoint_text(c));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->origin, c.origin);
  EXPECT_EQ(back->size, c.size);
  EXPECT_EQ(back->root, c.root);
  const std::string root = to_base64(c.root);
  EXPECT_TRUE(parse_checkpoint("o\n0\n" + root + "\n"));
  EXPECT_FALSE(parse_checkpoint("o\n01\n" + root + "\n"));
  EXPECT_FALSE(parse_checkpoint("o\n-1\n" + root + "\n"));
  EXPECT_FALSE(parse_checkpoint("o\n1x\n" + root + "\n"));
  EXPECT_FALSE(parse_checkpoint("\n1\n" + root + "\n"));
  EXPECT_FALSE(parse_checkpoint("o\n1\nAAAA\n"));
}

std::string checkpoint_note(const Signer& signer, std::int64_t size) {
  return signer.sign(checkpoint_text({signer.name(), size, sha256(std::to_string(size))}));
}

TEST(Anchor, NotesComeBackOneByOne) {
  TempDir dir;
  const auto signer = Signer::create("a/log");
  {
    auto anchor = make_file_anchor(dir.file("anchors"));
    ASSERT_TRUE(anchor) << anchor.error().message;
    for (int i = 0; i < 3; ++i) ASSERT_TRUE((*anchor)->publish(checkpoint_note(*signer, i)));
  }
  const AnchorNotes notes = split_notes(slurp(dir.file("anchors")));
  ASSERT_EQ(notes.notes.size(), 3U);
  EXPECT_EQ(notes.torn, 0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(parse_checkpoint(notes.notes[std::size_t(i)])->size, i);
    EXPECT_EQ(verify_note(notes.notes[std::size_t(i)], {signer->verifier()}), Signature::kGood);
  }
}

TEST(Anchor, AWriteCutAnywhereCostsThatNoteOnly) {
  TempDir dir;
  const auto signer = Signer::create("a/log");
  const std::string first = checkpoint_note(*signer, 1) + "\n";
  const std::string second = checkpoint_note(*signer, 2) + "\n";
  for (std::size_t cut = 0; cut <= second.size(); ++cut) {
    spill(dir.file("anchors"), first + second.substr(0, cut));
    {
      auto anchor = make_file_anchor(dir.file("anchors"));
      ASSERT_TRUE(anchor);
      ASSERT_TRUE((*anchor)->publish(checkpoint_note(*signer, 3)));
    }
    const AnchorNotes notes = split_notes(slurp(dir.file("anchors")));
    std::vector<std::int64_t> sizes;
    for (const std::string& note : notes.notes) {
      EXPECT_EQ(verify_note(note, {signer->verifier()}), Signature::kGood) << cut;
      sizes.push_back(parse_checkpoint(note)->size);
    }
    const bool whole = cut + 1 >= second.size();
    EXPECT_EQ(sizes,
              whole ? (std::vector<std::int64_t>{1, 2, 3}) : (std::vector<std::int64_t>{1, 3}))
        << cut;
  }
}

TEST(Keys, AreMadeOncePrivateAndChecked) {
  TempDir dir;
  const std::string path = dir.file("audit.key");
  const auto made = ensure_key(path, "lyon/millwright/audit");
  ASSERT_TRUE(made) << made.error().message;
  struct stat info = {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(*ensure_key(path, "lyon/millwright/audit"), *made);
  EXPECT_EQ(read_verifier_keys(path + ".pub")->front(), *made);
  EXPECT_FALSE(ensure_key(path, "paris/millwright/audit"));
  ::chmod(path.c_str(), 0644);
  const auto open = ensure_key(path, "lyon/millwright/audit");
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().message.find("chmod 600"), std::string::npos);
  EXPECT_EQ(read_verifier_keys(dir.file("none")).error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace millwright::store
