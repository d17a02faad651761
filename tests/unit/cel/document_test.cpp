// The table of functions in docs/cel.md is written from the functions' own rows. With
// MILLWRIGHT_UPDATE=1 it is written anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "millwright/cel/schema.hpp"

namespace millwright::cel {
namespace {

std::string signature(const FunctionSpec& spec) {
  std::string args;
  for (std::size_t i = spec.member ? 1 : 0; i < spec.params.size(); ++i) {
    args += (args.empty() ? "" : ", ") + to_text(spec.params[i]);
  }
  if (spec.variadic) args += ", ...";
  return (spec.member ? to_text(spec.params[0]) + "." : "") + spec.name + "(" + args + ")";
}

std::string table() {
  std::string out = "\n| function | gives | meaning |\n|---|---|---|\n";
  for (const FunctionSpec& spec : standard_functions()) {
    out += "| `" + signature(spec) + "` | " + to_text(spec.result) + " | " + spec.doc + " |\n";
  }
  return out + "\n";
}

TEST(Document, ListsEveryFunction) {
  const std::string path = std::string(MILLWRIGHT_SOURCE_DIR) + "/docs/cel.md";
  std::ifstream in(path);
  std::stringstream content;
  content << in.rdbuf();
  const std::string is = content.str();
  const std::size_t mark = is.find("<!-- functions:");
  const std::size_t end = is.find("<!-- end -->");
  ASSERT_NE(mark, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  const std::size_t begin = is.find('\n', mark) + 1;
  const std::string should = is.substr(0, begin) + table() + is.substr(end);
  if (std::getenv("MILLWRIGHT_UPDATE") != nullptr) {
    std::ofstream(path) << should;
    return;
  }
  EXPECT_TRUE(is == should) << "run unit_cel with MILLWRIGHT_UPDATE=1 and look at the change";
}

}  // namespace
}  // namespace millwright::cel
