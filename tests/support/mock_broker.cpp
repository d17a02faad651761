// The embedded broker as a process of its own, so that a daemon can be killed while it lives.
// Prints its host:port, then obeys lines on standard input and answers each with "ok" or "error:
// ...":
//   topic NAME PARTITIONS | rtt MS | down | up | errors API CODE...
// Ends with its standard input.

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "millwright/source/embedded_broker.hpp"

namespace {

using millwright::source::EmbeddedBroker;

std::string obey(EmbeddedBroker& broker, const std::string& line) {
  std::istringstream in(line);
  std::string verb;
  in >> verb;
  if (verb == "topic") {
    std::string name;
    int partitions = 0;
    if (!(in >> name >> partitions)) return "error: topic NAME PARTITIONS";
    const auto made = broker.create_topic(name, partitions);
    return made ? "ok" : "error: " + made.error().message;
  }
  if (verb == "rtt") {
    int ms = 0;
    if (!(in >> ms) || ms < 0) return "error: rtt MS";
    broker.set_round_trip(millwright::milliseconds(ms));
    return "ok";
  }
  if (verb == "down" || verb == "up") {
    broker.set_down(verb == "down");
    return "ok";
  }
  if (verb == "errors") {
    std::int16_t api = 0;
    std::vector<int> codes;
    in >> api;
    for (int code = 0; in >> code;) codes.push_back(code);
    if (codes.empty()) return "error: errors API CODE...";
    broker.push_errors(api, codes);
    return "ok";
  }
  return "error: topic, rtt, down, up or errors";
}

}  // namespace

int main() {
  auto broker = EmbeddedBroker::start();
  if (!broker) {
    std::cerr << broker.error().message << "\n";
    return 1;
  }
  std::cout << (*broker)->bootstrap() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.empty()) std::cout << obey(**broker, line) << std::endl;
  }
  return 0;
}
