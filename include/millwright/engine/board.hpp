#pragma once
// Board: what the ledger shows to everybody: the newest durable view of the plant and a few
// numbers. Written by the ledger thread alone, read by any; owned by daemon/.

#include <atomic>
#include <cstdint>
#include <memory>

#include "millwright/base/published.hpp"
#include "millwright/domain/view.hpp"

namespace millwright {

class Board {
 public:
  Board() : plant_(std::make_shared<const PlantView>()) {}

  [[nodiscard]] PlantViewPtr plant() const { return plant_.read(); }
  [[nodiscard]] LaneViewPtr lane() const {
    const PlantViewPtr view = plant_.read();
    return LaneViewPtr(view, &view->lane);
  }
  // Audit records below this are covered by a checkpoint that is durable outside the database.
  [[nodiscard]] std::int64_t anchored() const { return anchored_.load(std::memory_order_acquire); }
  // Effects not yet delivered; lanes pause at limits::kOutboxRows.
  [[nodiscard]] std::int64_t outbox() const { return outbox_.load(std::memory_order_relaxed); }

  // Whether new records may be read: false while the disk is nearly full, so that what is left of
  // it serves people's acts.
  [[nodiscard]] bool intake() const { return intake_.load(std::memory_order_relaxed); }

  void publish(PlantViewPtr view) { plant_.publish(std::move(view)); }
  void set_anchored(std::int64_t size) { anchored_.store(size, std::memory_order_release); }
  void set_intake(bool open) { intake_.store(open, std::memory_order_relaxed); }
  void set_outbox(std::int64_t rows) { outbox_.store(rows, std::memory_order_relaxed); }

 private:
  Published<PlantView> plant_;
  std::atomic<std::int64_t> anchored_{0};
  std::atomic<std::int64_t> outbox_{0};
  std::atomic<bool> intake_{true};
};

}  // namespace millwright
