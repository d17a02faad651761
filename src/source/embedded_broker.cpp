#include "millwright/source/embedded_broker.hpp"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>

#include "source/rdkafka.hpp"

namespace millwright::source {
namespace {

constexpr int kBrokers = 1;
constexpr std::int32_t kBroker = 1;

}  // namespace

struct EmbeddedBroker::State {
  rd_kafka_t* client = nullptr;
  rd_kafka_mock_cluster_t* cluster = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (cluster != nullptr) rd_kafka_mock_cluster_destroy(cluster);
    if (client != nullptr) rd_kafka_destroy(client);
  }
};

EmbeddedBroker::EmbeddedBroker(std::unique_ptr<State> state) : state_(std::move(state)) {}
EmbeddedBroker::~EmbeddedBroker() = default;

Result<std::unique_ptr<EmbeddedBroker>> EmbeddedBroker::start() {
  Result<Conf> conf = make_conf({{"client.id", "embedded-broker"}});
  if (!conf) return conf.error();
  auto state = std::make_unique<State>();
  std::array<char, 512> why{};
  // The cluster wants a client to live in; this one connects to nothing.
  state->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), why.data(), why.size());
  if (state->client == nullptr) {
    return fail(Errc::kUnavailable,
                std::string("the embedded broker did not start: ") + why.data());
  }
  (void)conf->release();
  state->cluster = rd_kafka_mock_cluster_new(state->client, kBrokers);
  if (state->cluster == nullptr) {
    return fail(Errc::kUnavailable,
                "the embedded broker could not listen on 127.0.0.1: are there free ports and file "
                "handles?");
  }
  return std::unique_ptr<EmbeddedBroker>(new EmbeddedBroker(std::move(state)));
}

std::string EmbeddedBroker::bootstrap() const {
  return rd_kafka_mock_cluster_bootstraps(state_->cluster);
}

Result<void> EmbeddedBroker::create_topic(const std::string& name, int partitions) {
  const rd_kafka_resp_err_t error =
      rd_kafka_mock_topic_create(state_->cluster, name.c_str(), partitions, kBrokers);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
    return {};
  }
  return fail(Errc::kInvalid, "topic " + name + ": " + rd_kafka_err2str(error));
}

void EmbeddedBroker::set_round_trip(Duration delay) {
  rd_kafka_mock_broker_set_rtt(state_->cluster, kBroker, int(delay.ms()));
}

void EmbeddedBroker::set_down(bool down) {
  if (down) {
    rd_kafka_mock_broker_set_down(state_->cluster, kBroker);
  } else {
    rd_kafka_mock_broker_set_up(state_->cluster, kBroker);
  }
}

void EmbeddedBroker::push_errors(std::int16_t api_key, const std::vector<int>& codes) {
  std::vector<rd_kafka_resp_err_t> errors;
  errors.reserve(codes.size());
  for (const int code : codes) errors.push_back(static_cast<rd_kafka_resp_err_t>(code));
  rd_kafka_mock_push_request_errors_array(state_->cluster, api_key, errors.size(), errors.data());
}

}  // namespace millwright::source
