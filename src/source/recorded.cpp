#include "source/recorded.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "millwright/base/check.hpp"

namespace millwright::source {
namespace {

class RecordedSource final : public FileSource {
 public:
  RecordedSource(Recording recording, const Clock* clock)
      : recording_(std::move(recording)), clock_(clock) {
    MW_CHECK(recording_.at.size() == recording_.place_of.size());
    for (std::size_t i = 1; i < recording_.at.size(); ++i) {
      recording_.at[i] = std::max(recording_.at[i], recording_.at[i - 1]);
    }
    partitions_.resize(recording_.places.size());
    offsets_.reserve(recording_.place_of.size());
    for (const std::uint32_t place : recording_.place_of) {
      offsets_.push_back(partitions_[place].count++);
    }
  }

  SourceEvent poll(std::size_t limit, Duration wait) override {
    if (announced_ < recording_.places.size()) return Assigned{recording_.places[announced_++]};
    Records out;
    const std::optional<Instant> now =
        clock_ == nullptr ? std::nullopt : std::optional<Instant>(clock_->now());
    while (!paused_ && at_ < offsets_.size() && out.records.size() < limit) {
      if (now && recording_.at[at_] > *now) break;
      const std::uint32_t place = recording_.place_of[at_];
      Partition& partition = partitions_[place];
      if (partition.state == State::kWaiting) break;  // the file's order holds for all
      if (partition.state == State::kReading && partition.next == offsets_[at_]) {
        out.records.push_back(recording_.make(at_));
        out.records.back().position = {recording_.places[place], Offset(partition.next++)};
      }
      ++at_;
    }
    if (out.records.empty()) {
      std::this_thread::sleep_for(std::chrono::nanoseconds(wait.ns()));
    }
    return out;
  }

  Result<Offset> start(const TopicPartition& where, std::optional<Offset> from) override {
    const std::size_t place = index_of(where);
    if (place == recording_.places.size()) {
      return fail(Errc::kNotFound, "the recording has no partition " + where.topic + "[" +
                                       std::to_string(where.partition) + "]");
    }
    Partition& partition = partitions_[place];
    const std::int64_t at = from ? from->get() : 0;
    if (at > partition.count || at < 0) {
      return fail(Errc::kInvalid, "the recording has " + std::to_string(partition.count) +
                                      " records, and our place is " + std::to_string(at) +
                                      ": is it another file?");
    }
    partition.state = State::kReading;
    partition.next = at;
    for (std::size_t i = 0; i < at_; ++i) {
      if (recording_.place_of[i] == place && offsets_[i] == at) at_ = i;
    }
    return Offset(at);
  }

  void release(const TopicPartition& where) override {
    const std::size_t place = index_of(where);
    if (place < partitions_.size()) partitions_[place].state = State::kReleased;
  }
  void set_paused(bool paused) override { paused_ = paused; }
  void courtesy_commit(const TopicPartition&, Offset) override {}

  std::map<TopicPartition, std::int64_t> lag() const override {
    std::map<TopicPartition, std::int64_t> out;
    for (std::size_t i = 0; i < partitions_.size(); ++i) {
      out[recording_.places[i]] = partitions_[i].count - partitions_[i].next;
    }
    return out;
  }
  Instant last_at() const override {
    return recording_.at.empty() ? Instant() : recording_.at.back();
  }
  bool connected() const override { return true; }

  bool finished() const override {
    if (announced_ < recording_.places.size()) return false;
    return std::all_of(partitions_.begin(), partitions_.end(), [](const Partition& p) {
      return p.state == State::kReleased || (p.state == State::kReading && p.next == p.count);
    });
  }
  std::size_t size() const override { return offsets_.size(); }
  std::size_t played() const override { return at_; }
  std::optional<Instant> next_at() const override {
    return at_ < offsets_.size() ? std::optional<Instant>(recording_.at[at_]) : std::nullopt;
  }

 private:
  enum class State { kWaiting, kReading, kReleased };
  struct Partition {
    State state = State::kWaiting;
    std::int64_t next = 0;
    std::int64_t count = 0;
  };

  [[nodiscard]] std::size_t index_of(const TopicPartition& where) const {
    const auto& places = recording_.places;
    return std::size_t(std::find(places.begin(), places.end(), where) - places.begin());
  }

  Recording recording_;
  const Clock* clock_;
  std::vector<std::int64_t> offsets_;  // by record, in its partition
  std::vector<Partition> partitions_;
  std::size_t announced_ = 0;
  std::size_t at_ = 0;
  bool paused_ = false;
};

}  // namespace

std::uint32_t Recording::place(const TopicPartition& where) {
  const auto found = std::find(places.begin(), places.end(), where);
  const auto index = std::uint32_t(found - places.begin());
  if (found == places.end()) places.push_back(where);
  return index;
}

std::unique_ptr<FileSource> play(Recording recording, const Clock* clock) {
  return std::make_unique<RecordedSource>(std::move(recording), clock);
}

Result<std::string> read_whole_file(const FileSourceConfig& config) {
  std::ifstream in(config.path, std::ios::binary | std::ios::ate);
  if (!in) {
    return fail(Errc::kNotFound, config.path +
                                     ": cannot be opened; does it exist, and may we read "
                                     "it?");
  }
  const std::streamoff size = in.tellg();
  if (size < 0) return fail(Errc::kInvalid, config.path + ": is no file that can be read");
  if (std::size_t(size) > config.bytes_max) {
    return fail(Errc::kExhausted, config.path + ": " + std::to_string(size) + " bytes are more " +
                                      "than " + std::to_string(config.bytes_max) + "; split it");
  }
  std::string text(std::size_t(size), '\0');
  in.seekg(0);
  in.read(text.data(), size);
  if (in.gcount() != size) return fail(Errc::kUnavailable, config.path + ": reading failed");
  return text;
}

Result<std::unique_ptr<FileSource>> make_csv_source(const FileSourceConfig& config,
                                                    const CsvMapping& mapping) {
  Result<std::string> text = read_whole_file(config);
  if (!text) return text.error();
  Result<Recording> recording = read_csv(*std::move(text), config, mapping);
  if (!recording) return recording.error();
  return play(*std::move(recording), config.clock);
}

}  // namespace millwright::source
