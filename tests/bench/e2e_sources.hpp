#pragma once
// Sources of the end-to-end benchmark: one that counts what another hands out, and one that needs
// no broker. Owned and called by a lane's thread.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "bench/e2e_load.hpp"
#include "millwright/engine/ports.hpp"

namespace millwright::bench {

using Clock = std::chrono::steady_clock;

// Records read so far, and when the first one was.
struct Meter {
  std::atomic<std::int64_t> records{0};
  Clock::time_point first;  // read after the run
};

// Counts what a source hands out.
class Metered final : public EventSource {
 public:
  Metered(std::unique_ptr<EventSource> inner, Meter& meter)
      : inner_(std::move(inner)), meter_(meter) {}
  SourceEvent poll(std::size_t limit, Duration wait) override {
    SourceEvent event = inner_->poll(limit, wait);
    if (const auto* got = std::get_if<Records>(&event); got != nullptr && !got->records.empty()) {
      if (meter_.records == 0) meter_.first = Clock::now();
      meter_.records += std::int64_t(got->records.size());
    }
    return event;
  }
  Result<Offset> start(const TopicPartition& where, std::optional<Offset> from) override {
    return inner_->start(where, from);
  }
  void release(const TopicPartition& where) override { inner_->release(where); }
  void set_paused(bool paused) override { inner_->set_paused(paused); }
  void courtesy_commit(const TopicPartition& where, Offset next) override {
    inner_->courtesy_commit(where, next);
  }
  std::map<TopicPartition, std::int64_t> lag() const override { return inner_->lag(); }
  bool connected() const override { return inner_->connected(); }

 private:
  std::unique_ptr<EventSource> inner_;
  Meter& meter_;
};

// Makes the load where it is read: all of it in one partition.
class Generated final : public EventSource {
 public:
  Generated(std::int64_t signals, std::int64_t records) : load_(signals), records_(records) {}
  SourceEvent poll(std::size_t limit, Duration wait) override {
    if (!std::exchange(announced_, true)) return Assigned{where_};
    Records out;
    const auto left = std::size_t(records_ - next_);
    while (started_ && !paused_ && out.records.size() < std::min(limit, left)) add(out.records);
    if (out.records.empty()) {
      std::this_thread::sleep_for(std::chrono::nanoseconds(wait.ns()));
    } else {
      next_ += std::int64_t(out.records.size());
    }
    return out;
  }
  Result<Offset> start(const TopicPartition&, std::optional<Offset>) override {
    started_ = true;
    return Offset(0);
  }
  void release(const TopicPartition&) override { started_ = false; }
  void set_paused(bool paused) override { paused_ = paused; }
  void courtesy_commit(const TopicPartition&, Offset) override {}
  std::map<TopicPartition, std::int64_t> lag() const override {
    return {{where_, records_ - next_}};
  }
  bool connected() const override { return true; }

 private:
  void add(std::vector<RawRecord>& out) {
    const LoadRecord& made = load_.next();
    RawRecord record;
    record.position = {where_, Offset(next_ + std::int64_t(out.size()))};
    record.key = made.key;
    record.value = made.value;
    record.headers.emplace_back("content-type", "application/cloudevents+json");
    out.push_back(std::move(record));
  }

  const TopicPartition where_{"generated", 0};
  Load load_;
  const std::int64_t records_;
  std::int64_t next_ = 0;
  bool announced_ = false;
  bool started_ = false;
  bool paused_ = false;
};

}  // namespace millwright::bench
