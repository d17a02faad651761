#pragma once
// A broker that a test may take away and bring back: the embedded one as a process, or an Apache
// Kafka of the test's own. Owned by one test.

#include <map>
#include <memory>
#include <string>

namespace millwright::e2e {

class Broker {
 public:
  virtual ~Broker() = default;
  [[nodiscard]] virtual std::string bootstrap() const = 0;
  virtual void create(const std::map<std::string, int>& partitions) = 0;
  virtual void take_away() = 0;
  virtual void bring_back() = 0;
};

[[nodiscard]] std::unique_ptr<Broker> make_embedded_broker();
// Data and log lie below `folder`.
[[nodiscard]] std::unique_ptr<Broker> make_real_broker(const std::string& folder);

}  // namespace millwright::e2e
