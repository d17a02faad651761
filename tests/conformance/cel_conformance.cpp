// cel_conformance DIR: runs every *.json of conformance vectors in DIR in four modes, checked or
// not and folded or not. Prints each failing vector with its reason, a line a suite, and at the end
// "N passed, M failed", both counted in vectors.
#include <algorithm>
#include <cstdio>

#include "unit/cel/vectors.hpp"

namespace {

using namespace millwright::cel;

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
};

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\0' || c == '\r'; }, ' ');
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\n    ") : std::string(1, c);
  while (!out.empty() && (out.back() == ' ' || out.back() == '\n')) out.pop_back();
  return out;
}

Counts run_suite(const std::filesystem::path& file) {
  Counts counts;
  std::string unreadable;
  const std::string suite = file.stem().string();
  for (const Vector& vector : read_vectors(file, unreadable)) {
    const std::string wrong = run_vector(vector);
    if (wrong.empty()) {
      ++counts.passed;
      continue;
    }
    ++counts.failed;
    std::printf("FAILED %s/%s: %s\n    %s\n", suite.c_str(), vector.id.c_str(),
                one_line(vector.expr).c_str(), one_line(wrong).c_str());
  }
  if (!unreadable.empty()) {
    ++counts.failed;
    std::printf("FAILED %s: %s\n", suite.c_str(), unreadable.c_str());
  }
  std::printf("%-20s %5zu passed, %5zu failed\n", suite.c_str(), counts.passed, counts.failed);
  return counts;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "Usage: cel_conformance DIR    runs every *.json of vectors in DIR\n");
    return 2;
  }
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(argv[1], error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".json") files.push_back(at->path());
  }
  if (error) {
    std::fprintf(stderr, "error: cannot read %s: %s\n", argv[1], error.message().c_str());
    return 2;
  }
  std::sort(files.begin(), files.end());
  Counts all;
  for (const auto& file : files) {
    const Counts counts = run_suite(file);
    all.passed += counts.passed;
    all.failed += counts.failed;
  }
  std::printf("%zu passed, %zu failed\n", all.passed, all.failed);
  return all.failed > 0 ? 1 : 0;
}
