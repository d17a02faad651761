#include "http/hub.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "millwright/base/json.hpp"
#include "millwright/base/limits.hpp"

namespace millwright::http {
namespace {

std::string frame(std::string_view id, std::string_view name, std::string_view data) {
  std::string out;
  if (!id.empty()) out += "id: " + std::string(id) + "\n";
  out += "event: " + std::string(name) + "\ndata: " + std::string(data) + "\n\n";
  return out;
}

std::string change_data(const TaskChange& change) {
  JsonWriter json;
  json.begin_object();
  json.field("id", change.id.str());
  json.field("state", to_text(change.state));
  json.field("revision", change.revision.get());
  json.field("priority", int(change.priority));
  json.end_object();
  return std::move(json).text();
}

std::optional<std::uint64_t> number_in(std::string_view id, std::string_view boot) {
  if (id.size() <= boot.size() + 1 || id.substr(0, boot.size()) != boot || id[boot.size()] != '-') {
    return std::nullopt;
  }
  const std::string_view digits = id.substr(boot.size() + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

void Hub::append(Stream& stream, const Entry& entry) {
  if (stream.cut) return;
  if (stream.pending_events >= limits::kSseBacklog) {
    stream.cut = true;
    stream.pending.clear();
    return;
  }
  stream.pending += entry.text;
  ++stream.pending_events;
}

std::shared_ptr<Stream> Hub::open(std::string_view last_event_id, Instant now, double speed) {
  auto stream = std::make_shared<Stream>();
  const auto since = number_in(last_event_id, boot_);
  const std::uint64_t oldest = last_ - ring_.size() + 1;
  const bool resumed = since && *since <= last_ && *since + 1 >= oldest;
  JsonWriter json;
  json.begin_object();
  json.field("id", id_of(last_));
  json.field("time", now);
  json.field("speed", speed);
  json.field("resumed", resumed);
  json.end_object();
  stream->pending = frame({}, "hello", json.text());
  if (resumed) {
    for (const Entry& entry : ring_) {
      if (entry.number > *since) append(*stream, entry);
    }
  }
  streams_.push_back(stream);
  return stream;
}

void Hub::close(const std::shared_ptr<Stream>& stream) {
  streams_.erase(std::remove(streams_.begin(), streams_.end(), stream), streams_.end());
}

void Hub::publish(const std::vector<TaskChange>& changes) {
  for (const TaskChange& change : changes) {
    ++last_;
    ring_.push_back(Entry{last_, frame(id_of(last_), "task.changed", change_data(change))});
    if (ring_.size() > limits::kSseBacklog) ring_.pop_front();
    for (const auto& stream : streams_) append(*stream, ring_.back());
  }
  if (changes.empty()) return;
  // Copied: a loop that wakes may close its stream.
  for (const auto& stream : std::vector(streams_)) stream->wake();
}

void Hub::cut_all() {
  for (const auto& stream : std::vector(streams_)) {
    stream->cut = true;
    stream->wake();
  }
}

std::string Hub::heartbeat(Instant now, std::optional<Instant> last_event_at) {
  JsonWriter json;
  json.begin_object();
  json.field("time", now);
  json.key("lastEventAt");
  if (last_event_at) {
    json.value(*last_event_at);
  } else {
    json.null();
  }
  json.end_object();
  return frame({}, "heartbeat", json.text());
}

}  // namespace millwright::http
