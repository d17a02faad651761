// The fake ERP as a process of its own. Prints its address, then obeys lines on standard input and
// answers each with one line:
//   fault none|error|busy|hang|close-after-commit|hang-after-commit|junk|refuse [TIMES] -> ok
//   documents -> how many, then one line for each: kind number externalRef
//   requests -> how many
// Ends with its standard input. Options: --port N, --token T, --no-keys

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>

#include "millwright/simulator/fake_erp.hpp"

namespace {

using namespace millwright::simulator;

constexpr std::pair<std::string_view, ErpFault> kFaults[] = {
    {"none", ErpFault::kNone},
    {"error", ErpFault::kError},
    {"busy", ErpFault::kBusy},
    {"hang", ErpFault::kHang},
    {"close-after-commit", ErpFault::kCloseAfterCommit},
    {"hang-after-commit", ErpFault::kHangAfterCommit},
    {"junk", ErpFault::kJunkAnswer},
    {"refuse", ErpFault::kRefuse},
};

void obey(FakeErp& erp, const std::string& line) {
  std::istringstream in(line);
  std::string verb;
  in >> verb;
  if (verb == "fault") {
    std::string name;
    int times = 1;
    in >> name;
    if (!(in >> times)) times = 1;
    for (const auto& [known, fault] : kFaults) {
      if (known != name) continue;
      erp.set_fault(fault, times);
      std::cout << "ok" << std::endl;
      return;
    }
    std::cout << "error: no fault '" << name << "'" << std::endl;
  } else if (verb == "documents") {
    const auto documents = erp.documents();
    std::cout << documents.size() << std::endl;
    for (const ErpDocument& each : documents) {
      std::cout << (each.kind == ErpDocument::Kind::kOrder ? "order " : "reservation ")
                << each.number << " " << each.external_ref << std::endl;
    }
  } else if (verb == "requests") {
    std::cout << erp.requests() << std::endl;
  } else {
    std::cout << "error: fault, documents or requests" << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  FakeErpOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--no-keys") {
      options.honours_keys = false;
    } else if (option == "--port" && i + 1 < argc) {
      options.port = std::uint16_t(std::atoi(argv[++i]));
    } else if (option == "--token" && i + 1 < argc) {
      options.token = argv[++i];
    } else {
      std::cerr << "fake_erp [--port N] [--token T] [--no-keys]\n";
      return 2;
    }
  }
  const auto erp = FakeErp::start(std::move(options));
  if (!erp) {
    std::cerr << erp.error().message << "\n";
    return 1;
  }
  std::cout << (*erp)->url() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (!line.empty()) obey(**erp, line);
  }
  return 0;
}
