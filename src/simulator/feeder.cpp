#include "millwright/simulator/feeder.hpp"

#include <librdkafka/rdkafka.h>

#include <array>

namespace millwright::simulator {

struct Feeder::State {
  ~State() {
    if (producer != nullptr) rd_kafka_destroy(producer);
  }
  rd_kafka_t* producer = nullptr;
  std::int64_t delivered = 0;
  std::int64_t failed = 0;
  std::string last_error;
};

namespace {

// Called from rd_kafka_poll, that is on the owner's thread.
void on_delivery(rd_kafka_t* /*producer*/, const rd_kafka_message_t* message, void* opaque) {
  auto& state = *static_cast<Feeder::State*>(opaque);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++state.delivered;
  } else {
    ++state.failed;
    state.last_error = rd_kafka_err2str(message->err);
  }
}

}  // namespace

Feeder::Feeder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Feeder::~Feeder() = default;

Result<std::unique_ptr<Feeder>> Feeder::connect(const std::string& bootstrap) {
  auto state = std::make_unique<State>();
  std::array<char, 512> error{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  const std::array<std::pair<const char*, const char*>, 4> settings{
      {{"bootstrap.servers", bootstrap.c_str()},
       {"linger.ms", "5"},
       {"partitioner", "murmur2_random"},
       {"enable.idempotence", "true"}}};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name, value, error.data(), error.size()) != RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      return fail(Errc::kInvalid, std::string(name) + ": " + error.data());
    }
  }
  rd_kafka_conf_set_opaque(conf, state.get());
  rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  state->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error.data(), error.size());
  if (state->producer == nullptr) {
    rd_kafka_conf_destroy(conf);
    return fail(Errc::kUnavailable, std::string("no Kafka producer: ") + error.data());
  }
  return std::unique_ptr<Feeder>(new Feeder(std::move(state)));
}

Result<void> Feeder::send(const std::vector<SimulatedRecord>& records) {
  for (const SimulatedRecord& record : records) {
    int waits = 0;
    while (true) {
      const rd_kafka_resp_err_t err = rd_kafka_producev(
          state_->producer, RD_KAFKA_V_TOPIC(record.topic.c_str()),
          RD_KAFKA_V_KEY(record.key.data(), record.key.size()),
          RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
          RD_KAFKA_V_HEADER("content-type", "application/cloudevents+json", -1),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
      if (err == RD_KAFKA_RESP_ERR_NO_ERROR) break;
      if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL || ++waits > 100) {
        return fail(Errc::kUnavailable,
                    "cannot produce to " + record.topic + ": " + rd_kafka_err2str(err));
      }
      rd_kafka_poll(state_->producer, 100);
    }
  }
  rd_kafka_poll(state_->producer, 0);
  return {};
}

Result<void> Feeder::flush(Duration at_most) {
  const auto err = rd_kafka_flush(state_->producer, int(at_most.ms()));
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(Errc::kUnavailable,
                std::string("records are not delivered yet: ") + rd_kafka_err2str(err));
  }
  if (state_->failed > 0) {
    return fail(Errc::kUnavailable, std::to_string(state_->failed) +
                                        " records were not delivered: " + state_->last_error);
  }
  return {};
}

std::int64_t Feeder::delivered() const {
  return state_->delivered;
}

}  // namespace millwright::simulator
