#include "effect/rdkafka.hpp"

#include <array>
#include <string_view>

#include "millwright/base/log.hpp"

namespace millwright::effect {
namespace {

constexpr int kSyslogWarning = 4;

void forward_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  // A broker that is away is told by reports and health; the client would say it every few seconds.
  const std::string_view what = facility;
  const bool quiet =
      level > kSyslogWarning || what == "FAIL" || what == "ERROR" || what == "CONFWARN";
  log::write(quiet ? log::Level::kDebug : log::Level::kWarn, text,
             {{"client", client == nullptr ? "" : rd_kafka_name(client)}, {"facility", facility}});
}

}  // namespace

Result<Client> make_client(rd_kafka_type_t type, const Properties& properties,
                           const Properties& fixed, DeliveryCallback delivered) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  for (const Properties* each : {&properties, &fixed}) {
    for (const auto& [name, value] : *each) {
      if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) !=
          RD_KAFKA_CONF_OK) {
        rd_kafka_conf_destroy(conf);
        return fail(Errc::kInvalid, "Kafka setting " + name + ": " + why.data());
      }
    }
  }
  rd_kafka_conf_set_log_cb(conf, forward_log);
  if (delivered != nullptr) rd_kafka_conf_set_dr_msg_cb(conf, delivered);
  rd_kafka_t* client = rd_kafka_new(type, conf, why.data(), why.size());
  if (client == nullptr) {
    rd_kafka_conf_destroy(conf);
    return fail(Errc::kInvalid, std::string("Kafka client: ") + why.data());
  }
  return Client(client);
}

std::string place_text(const TopicPartition& where, std::int64_t offset) {
  return where.topic + "[" + std::to_string(where.partition) + "]@" + std::to_string(offset);
}

}  // namespace millwright::effect
