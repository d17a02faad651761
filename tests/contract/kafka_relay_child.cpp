// A process that sends numbered effects through the Kafka runner and marks what is reported, as the
// dispatcher and the ledger would; made to be killed at any moment. The marks are lines of a file:
// "id topic partition offset", written in one call after each report, so a kill leaves a prefix.
//
//   kafka_relay_child BOOTSTRAP TRANSACTIONAL_ID TOPIC COUNT MARKS
// Exit code 0: all COUNT effects are marked.

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "millwright/effect/kafka_runner.hpp"

namespace {

using namespace millwright;

struct Marks {
  std::set<std::string> ids;
  std::map<TopicPartition, Offset> up_to;
};

Marks read_marks(const std::string& path) {
  Marks out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string id;
    TopicPartition where;
    std::int64_t offset = 0;
    if (!(fields >> id >> where.topic >> where.partition >> offset)) continue;
    out.ids.insert(id);
    Offset& mark = out.up_to[where];
    mark = std::max(mark, Offset(offset));
  }
  return out;
}

// topic[3]@42 -> "topic 3 42"
std::string as_fields(std::string place) {
  for (char& c : place) {
    if (c == '[' || c == ']' || c == '@') c = ' ';
  }
  return place;
}

void mark(int file, const std::vector<EffectReport>& reports, Marks& marks) {
  for (const EffectReport& report : reports) {
    if (report.outcome != EffectOutcome::kDelivered) continue;
    if (!marks.ids.insert(report.id.str()).second) continue;
    const std::string line = report.id.str() + " " + as_fields(report.external_number) + "\n";
    if (::write(file, line.data(), line.size()) != ssize_t(line.size())) std::exit(3);
  }
}

Effect numbered(int i, const std::string& topic) {
  Effect out;
  out.id = EffectId("effect-" + std::to_string(i));
  out.target = topic;
  out.key = "asset-" + std::to_string(i % 7);
  out.type = "com.acme.orch.task.proposed.v1";
  out.body = "{\"n\":" + std::to_string(i) + "}";
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const std::string topic = argv[3];
  const int count = std::atoi(argv[4]);
  Marks marks = read_marks(argv[5]);
  const int file = ::open(argv[5], O_WRONLY | O_APPEND | O_CREAT, 0600);
  effect::KafkaRunnerConfig config;
  config.bootstrap = argv[1];
  config.transactional_id = argv[2];
  config.source = "/millwright/test";
  config.topics = {topic};
  config.properties = {{"fetch.wait.max.ms", "10"}};
  const auto runner = effect::make_kafka_runner(config);
  if (!runner || file < 0) return 2;
  while (true) {
    const auto found = (*runner)->recover(marks.up_to);
    if (found) {
      mark(file, *found, marks);
      break;
    }
    std::cerr << found.error().message << "\n";
    if (found.error().code == Errc::kDenied) return 75;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  while (marks.ids.size() < std::size_t(count)) {
    std::vector<Effect> batch;
    for (int i = 0; i < count && batch.size() < 20; ++i) {
      Effect each = numbered(i, topic);
      if (marks.ids.count(each.id.str()) == 0) batch.push_back(std::move(each));
    }
    mark(file, (*runner)->perform(batch, Instant(1)), marks);
    if (!(*runner)->healthy()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return 0;
}
