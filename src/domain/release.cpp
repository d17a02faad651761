#include "millwright/domain/release.hpp"

#include <algorithm>

#include "millwright/base/digest.hpp"

namespace millwright {

std::string bundle_hash(std::vector<ReleasedRule> rules) {
  std::sort(rules.begin(), rules.end(),
            [](const ReleasedRule& a, const ReleasedRule& b) { return a.ref.id < b.ref.id; });
  std::string text = "rules/v1";
  for (const auto& [ref, owner] : rules) {
    text += '\n' + ref.id.str() + ' ' + std::to_string(ref.version) + ' ' + ref.hash + ' ' + owner;
  }
  return to_hex(sha256(text));
}

}  // namespace millwright
