#include "contract/kafka_fixture.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>

namespace millwright::contract {
namespace {

using Clock = std::chrono::steady_clock;

rd_kafka_t* make_client(rd_kafka_type_t type,
                        const std::vector<std::pair<std::string, std::string>>& settings) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  for (const auto& [name, value] : settings) {
    EXPECT_EQ(rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()),
              RD_KAFKA_CONF_OK)
        << why.data();
  }
  rd_kafka_t* client = rd_kafka_new(type, conf, why.data(), why.size());
  EXPECT_NE(client, nullptr) << why.data();
  return client;
}

void await_result(rd_kafka_queue_t* queue) {
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 20'000);
  ASSERT_NE(event, nullptr) << "the broker did not answer";
  EXPECT_EQ(rd_kafka_event_error(event), RD_KAFKA_RESP_ERR_NO_ERROR)
      << rd_kafka_event_error_string(event);
  rd_kafka_event_destroy(event);
}

}  // namespace

std::string real_bootstrap() {
  const char* found = std::getenv("MILLWRIGHT_KAFKA_BOOTSTRAP");
  return found == nullptr ? "" : found;
}

std::string fresh(const std::string& stem) {
  static std::atomic<int> count{0};
  return stem + "-" + std::to_string(::getpid()) + "-" +
         std::to_string(Clock::now().time_since_epoch().count() % 1'000'000'000) + "-" +
         std::to_string(++count);
}

Producer::Producer(const std::string& bootstrap, const std::string& transactional_id) {
  std::vector<std::pair<std::string, std::string>> settings = {
      {"bootstrap.servers", bootstrap}, {"linger.ms", "2"}, {"enable.idempotence", "true"}};
  if (!transactional_id.empty()) settings.emplace_back("transactional.id", transactional_id);
  client_ = make_client(RD_KAFKA_PRODUCER, settings);
}

Producer::~Producer() {
  rd_kafka_destroy(client_);
}

void Producer::send(const std::string& topic, int partition, const std::string& value,
                    const std::string& key,
                    const std::vector<std::pair<std::string, std::string>>& headers) {
  while (true) {
    rd_kafka_headers_t* list = rd_kafka_headers_new(headers.size());
    for (const auto& [name, text] : headers) {
      rd_kafka_header_add(list, name.data(), std::ptrdiff_t(name.size()), text.data(),
                          std::ptrdiff_t(text.size()));
    }
    const rd_kafka_resp_err_t error =
        rd_kafka_producev(client_, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_KEY(key.empty() ? nullptr : key.data(), key.size()),
                          RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                          RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    rd_kafka_headers_destroy(list);
    ASSERT_EQ(error, RD_KAFKA_RESP_ERR__QUEUE_FULL);
    rd_kafka_poll(client_, 50);
  }
}

void Producer::flush() {
  ASSERT_EQ(rd_kafka_flush(client_, 30'000), RD_KAFKA_RESP_ERR_NO_ERROR);
}

void create_real_topic(const std::string& bootstrap, const std::string& name, int partitions,
                       const std::vector<std::pair<std::string, std::string>>& config) {
  const Producer admin(bootstrap);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(admin.client());
  std::array<char, 512> why{};
  rd_kafka_NewTopic_t* topic =
      rd_kafka_NewTopic_new(name.c_str(), partitions, 1, why.data(), why.size());
  ASSERT_NE(topic, nullptr) << why.data();
  for (const auto& [key, value] : config) {
    rd_kafka_NewTopic_set_config(topic, key.c_str(), value.c_str());
  }
  rd_kafka_CreateTopics(admin.client(), &topic, 1, nullptr, queue);
  await_result(queue);
  rd_kafka_NewTopic_destroy(topic);
  rd_kafka_queue_destroy(queue);
}

void delete_real_records(const std::string& bootstrap, const std::string& topic, int partition,
                         std::int64_t offset) {
  const Producer admin(bootstrap);
  rd_kafka_queue_t* queue = rd_kafka_queue_new(admin.client());
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
  rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(list);
  rd_kafka_DeleteRecords(admin.client(), &request, 1, nullptr, queue);
  await_result(queue);
  rd_kafka_DeleteRecords_destroy(request);
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_queue_destroy(queue);
}

std::vector<RawRecord> read_all(const std::string& bootstrap, const std::string& topic) {
  source::KafkaSourceConfig config;
  config.bootstrap = bootstrap;
  config.topics = {topic};
  config.properties = quick_properties();
  auto source = source::make_kafka_source(config);
  EXPECT_TRUE(source) << source.error().message;
  std::vector<RawRecord> out;
  const auto until = Clock::now() + std::chrono::seconds(20);
  bool started = false;
  while (Clock::now() < until) {
    SourceEvent event = (*source)->poll(1'000, milliseconds(50));
    if (const auto* assigned = std::get_if<Assigned>(&event)) {
      EXPECT_TRUE((*source)->start(assigned->where, std::nullopt));
      started = true;
      continue;
    }
    auto& records = std::get<Records>(event).records;
    for (RawRecord& record : records) out.push_back(std::move(record));
    const auto lag = (*source)->lag();
    const bool all =
        std::all_of(lag.begin(), lag.end(), [](const auto& l) { return l.second == 0; });
    if (started && records.empty() && all) return out;
  }
  ADD_FAILURE() << "reading " << topic << " took too long";
  return out;
}

bool poll_until(EventSource& source, Duration at_most,
                const std::function<bool(SourceEvent&)>& done) {
  const auto until = Clock::now() + std::chrono::nanoseconds(at_most.ns());
  while (Clock::now() < until) {
    SourceEvent event = source.poll(500, milliseconds(20));
    if (done(event)) return true;
  }
  return false;
}

std::map<std::string, std::string> quick_properties() {
  return {{"fetch.wait.max.ms", "10"}};
}

}  // namespace millwright::contract
