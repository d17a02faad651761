#pragma once
// Model: judges the readings of one signal (or of several channels that belong together) against
// what it has learned. Models are constant and shared by all threads; a State belongs to the
// partition that owns the signal. Pure: the same readings give the same scores and the same bytes.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/base/bytes.hpp"
#include "millwright/base/result.hpp"
#include "millwright/base/time.hpp"
#include "millwright/domain/observation.hpp"

namespace millwright::model {

// One instant of the channels a state is bound to; the first is the one that is judged. Borrowed
// for the call.
struct Reading {
  Instant at;
  std::span<const double> channels;
  double resolution = 0.0;  // smallest step of the first channel's sensor; 0: not known
};

struct Score {
  double score = 0.0;       // 0 as expected .. 1; 0.5 at the model's own limit
  double confidence = 0.0;  // 0..1: how well founded the expectation is
  double z = 0.0;           // robust z, signed
  double expected = 0.0;
  double low = 0.0;  // expected range
  double high = 0.0;
  bool warm = false;                        // has learned enough to judge
  bool anomalous = false;                   // warm and over the limit
  std::vector<Contribution> contributions;  // largest first; only where anomalous
};

// What one model remembers of one signal. Only its own model looks inside.
class State {
 public:
  virtual ~State() = default;
};

struct Description {
  std::string_view id;
  std::string_view version;  // part of every decision that stands on it
  std::string_view doc;
};

class Model {
 public:
  virtual ~Model() = default;
  [[nodiscard]] virtual const Description& description() const = 0;
  [[nodiscard]] virtual std::unique_ptr<State> fresh() const = 0;
  // Judges the reading, then learns from it. Readings come in time order.
  [[nodiscard]] virtual Score score(State& state, const Reading& reading) const = 0;
  virtual void save(const State& state, ByteWriter& out) const = 0;
  // kInvalid: damaged, or of a version this program does not read.
  [[nodiscard]] virtual Result<std::unique_ptr<State>> load(std::string_view bytes) const = 0;
  [[nodiscard]] virtual std::size_t bytes(const State& state) const = 0;
};

// All models, in the order of the catalogue; they live as long as the program.
[[nodiscard]] std::span<const Model* const> models();
// The model of that id, or null.
[[nodiscard]] const Model* find_model(std::string_view id);

}  // namespace millwright::model
