#include "contract/raw_produce.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <concepts>

namespace millwright::contract {
namespace {

// Big-endian, as the Kafka protocol writes.
class Bytes {
 public:
  template <std::integral I>
  Bytes& number(I value) {
    for (int shift = int(sizeof(I)) * 8 - 8; shift >= 0; shift -= 8) {
      text_ += char((std::uint64_t(value) >> shift) & 0xFF);
    }
    return *this;
  }
  Bytes& text(const std::string& value) {
    number(std::int16_t(value.size()));
    text_ += value;
    return *this;
  }
  Bytes& bytes(const std::string& value) {
    number(std::int32_t(value.size()));
    text_ += value;
    return *this;
  }
  [[nodiscard]] const std::string& str() const { return text_; }
  Bytes& raw(const std::string& value) {
    text_ += value;
    return *this;
  }

 private:
  std::string text_;
};

// RecordBatch of magic 2 with a checksum that is wrong.
std::string corrupt_batch(std::int32_t records) {
  Bytes rest;
  rest.number(std::int32_t(0)).number(std::int8_t(2));             // leader epoch, magic
  rest.number(std::uint32_t(0xDEADBEEF)).number(std::int16_t(0));  // CRC, attributes
  rest.number(std::int32_t(records - 1));                          // last offset delta
  rest.number(std::int64_t(1'700'000'000'000)).number(std::int64_t(1'700'000'000'000));
  rest.number(std::int64_t(-1)).number(std::int16_t(-1)).number(std::int32_t(-1));  // producer
  rest.number(records).raw(std::string(std::size_t(records) * 12, '\x5A'));
  Bytes batch;
  batch.number(std::int64_t(0)).bytes(rest.str());  // base offset, length
  return batch.str();
}

}  // namespace

void produce_corrupt_batch(const std::string& bootstrap, const std::string& topic,
                           std::int32_t partition, std::int32_t records) {
  Bytes request;
  request.number(std::int16_t(0)).number(std::int16_t(7));  // Produce, version 7
  request.number(std::int32_t(1)).text("raw");              // correlation, client
  request.number(std::int16_t(-1)).number(std::int16_t(1)).number(std::int32_t(5'000));
  request.number(std::int32_t(1)).text(topic).number(std::int32_t(1)).number(partition);
  request.bytes(corrupt_batch(records));
  Bytes framed;
  framed.bytes(request.str());

  const auto colon = bootstrap.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(std::uint16_t(std::stoi(bootstrap.substr(colon + 1))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_GE(connection, 0);
  ASSERT_EQ(::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::write(connection, framed.str().data(), framed.str().size()),
            ssize_t(framed.str().size()));
  char answer[256];
  const ssize_t got = ::read(connection, answer, sizeof answer);
  ::close(connection);
  // size, correlation, topics, name, partitions, partition, error code
  const std::size_t at = 4 + 4 + 4 + 2 + topic.size() + 4 + 4;
  ASSERT_GT(got, ssize_t(at) + 1);
  ASSERT_EQ(answer[at] | answer[at + 1], 0) << "the broker refused the batch";
}

}  // namespace millwright::contract
