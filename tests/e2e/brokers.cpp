#include "e2e/brokers.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "e2e/topics.hpp"
#include "support/child.hpp"

namespace millwright::e2e {
namespace {

class EmbeddedBroker final : public Broker {
 public:
  EmbeddedBroker() : child_({MILLWRIGHT_MOCK_BROKER}), bootstrap_(child_.read_line()) {}

  std::string bootstrap() const override { return bootstrap_; }
  void create(const std::map<std::string, int>& partitions) override {
    for (const auto& [name, count] : partitions) {
      obey("topic " + name + " " + std::to_string(count));
    }
  }
  void take_away() override { obey("down"); }
  void bring_back() override { obey("up"); }

 private:
  void obey(const std::string& line) {
    child_.write_line(line);
    EXPECT_EQ(child_.read_line(), "ok") << line;
  }

  support::Child child_;
  std::string bootstrap_;
};

class RealBroker final : public Broker {
 public:
  explicit RealBroker(std::string folder) : folder_(std::move(folder)) {
    // It ends by itself, should this program be killed.
    ::setenv("MILLWRIGHT_KAFKA_SECONDS", "300", 1);
    bring_back();
  }
  ~RealBroker() override { take_away(); }
  RealBroker(const RealBroker&) = delete;
  RealBroker& operator=(const RealBroker&) = delete;

  std::string bootstrap() const override { return bootstrap_; }
  void create(const std::map<std::string, int>& partitions) override {
    create_topics(bootstrap_, partitions);
  }
  void take_away() override {
    support::Child stop({MILLWRIGHT_KAFKA_SH, "stop", folder_});
    EXPECT_EQ(stop.wait(seconds(30)), 0);
  }
  void bring_back() override {
    // Its output is the broker's own too: read one line, do not wait for the end of it.
    support::Child start({MILLWRIGHT_KAFKA_SH, "start", folder_});
    bootstrap_ = start.read_line();
    EXPECT_EQ(start.wait(seconds(60)), 0);
  }

 private:
  std::string folder_;
  std::string bootstrap_;
};

}  // namespace

std::unique_ptr<Broker> make_embedded_broker() {
  return std::make_unique<EmbeddedBroker>();
}

std::unique_ptr<Broker> make_real_broker(const std::string& folder) {
  return std::make_unique<RealBroker>(folder);
}

}  // namespace millwright::e2e
