#include "millwright/codec/records.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "codec/records_reader.hpp"
#include "codec/records_task.hpp"
#include "codec/records_view.hpp"

namespace millwright::codec {
namespace {

// One a thread: its buffers are what parsing would else pay for each time.
simdjson::dom::parser& parser() {
  thread_local simdjson::dom::parser kParser;
  return kParser;
}

// Where a text is no UTF-8, JSON holds {"base64": "..."} in its place.
constexpr std::string_view kBase64Member = "base64";

template <class T>
std::string write(const T& record) {
  RecordWriter writer;
  writer.put(record);
  return std::move(writer.out).text();
}

Result<simdjson::dom::object> parse(std::string_view json) {
  simdjson::dom::object object;
  const auto error = parser().parse(json.data(), json.size()).get(object);
  if (error != simdjson::SUCCESS) {
    return fail(Errc::kInvalid,
                std::string("stored record is no JSON object: ") + simdjson::error_message(error));
  }
  return object;
}

template <class T>
Result<T> read(simdjson::dom::object object, std::string_view what) {
  T record{};
  RecordReader reader(object);
  fields(reader, record);
  if (!reader.error().empty()) {
    return fail(Errc::kInvalid, "stored " + std::string(what) + ": " + reader.error());
  }
  return record;
}

template <class T>
Result<T> read(std::string_view json, std::string_view what) {
  auto object = parse(json);
  if (!object) return std::move(object).error();
  return read<T>(*object, what);
}

void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += char(value | 0x80);
    value >>= 7;
  }
  out += char(value);
}

bool get_varint(std::string_view& in, std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (in.empty()) return false;
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= std::uint64_t(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// Zigzag: small negatives are small too.
std::uint64_t folded(std::int64_t value) {
  return (std::uint64_t(value) << 1) ^ std::uint64_t(value >> 63);
}
std::int64_t unfolded(std::uint64_t value) {
  return std::int64_t(value >> 1) ^ -std::int64_t(value & 1);
}

void put_float(std::string& out, float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::array<char, 4> bytes = {char(bits), char(bits >> 8), char(bits >> 16),
                                     char(bits >> 24)};
  out.append(bytes.data(), bytes.size());
}

bool get_float(std::string_view& in, float& value) {
  if (in.size() < 4) return false;
  std::uint32_t bits = 0;
  for (int i = 0; i < 4; ++i) {
    bits |= std::uint32_t(static_cast<unsigned char>(in[std::size_t(i)])) << (8 * i);
  }
  in.remove_prefix(4);
  value = std::bit_cast<float>(bits);
  return true;
}

}  // namespace

std::string exact_number(double number) {
  if (!std::isfinite(number) || (number == 0.0 && std::signbit(number))) {
    return number == 0.0 ? "-0.0" : '"' + shortest(number) + '"';
  }
  if (std::abs(number) < 0x1p53) return shortest(number);
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific)
                       .ptr;
  return {buffer.data(), end};
}

bool read_number(simdjson::dom::element element, double& out) {
  if (element.get(out) == simdjson::SUCCESS) return true;
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return false;
  if (text == "NaN") {
    out = std::nan("");
  } else if (text == "Infinity" || text == "-Infinity") {
    out = text.front() == '-' ? -INFINITY : INFINITY;
  } else {
    return false;
  }
  return true;
}

void RecordWriter::put(const std::string& text) {
  if (simdjson::validate_utf8(text)) {
    out.value(text);
    return;
  }
  out.begin_object();
  out.field(kBase64Member,
            to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
  out.end_object();
}

bool RecordReader::get(simdjson::dom::element e, std::string& out) {
  std::string_view text;
  if (e.get(text) == simdjson::SUCCESS) {
    out = text;
    return true;
  }
  if (e[kBase64Member].get(text) != simdjson::SUCCESS) return false;
  auto bytes = from_base64(text);
  if (!bytes) return false;
  out = *std::move(bytes);
  return true;
}

std::string to_json(const Task& task) {
  return write(task);
}
std::string to_json(const Case& c) {
  return write(c);
}
std::string to_json(const Reservation& reservation) {
  return write(reservation);
}
std::string to_json(const RuleBundle& bundle) {
  return write(bundle);
}
std::string to_json(const Effect& effect) {
  return write(effect);
}
std::string to_json(const EquipmentState& state) {
  return write(state);
}
std::string to_json(const ServiceState& state) {
  return write(state);
}
std::string to_json(const Stock& stock) {
  return write(stock);
}
std::string to_json(const OpenWork& work) {
  return write(work);
}
std::string to_json(const SupplierRecord& record) {
  return write(record);
}
std::string to_json(const Supply& supply) {
  return write(supply);
}
std::string to_json_without_series(const Decision& decision) {
  return write(decision);
}

std::string to_json(const Decision& decision) {
  RecordWriter writer;
  writer.out.begin_object();
  fields(writer, decision);
  if (!decision.series.empty()) {
    const std::string packed = pack_series(decision.series);
    writer.out.field(
        "series", to_base64({reinterpret_cast<const std::uint8_t*>(packed.data()), packed.size()}));
  }
  writer.out.end_object();
  return std::move(writer.out).text();
}

Result<Task> task_from_json(std::string_view json) {
  return read<Task>(json, "task");
}
Result<Case> case_from_json(std::string_view json) {
  return read<Case>(json, "case");
}
Result<Reservation> reservation_from_json(std::string_view json) {
  return read<Reservation>(json, "reservation");
}
Result<Effect> effect_from_json(std::string_view json) {
  return read<Effect>(json, "effect");
}
Result<EquipmentState> equipment_from_json(std::string_view json) {
  return read<EquipmentState>(json, "equipment state");
}
Result<ServiceState> service_from_json(std::string_view json) {
  return read<ServiceState>(json, "service state");
}
Result<RuleBundle> bundle_from_json(std::string_view json) {
  return read<RuleBundle>(json, "rule bundle");
}
Result<Stock> stock_from_json(std::string_view json) {
  return read<Stock>(json, "stock");
}
Result<OpenWork> work_from_json(std::string_view json) {
  return read<OpenWork>(json, "open work");
}
Result<SupplierRecord> supplier_from_json(std::string_view json) {
  return read<SupplierRecord>(json, "supplier");
}
Result<Supply> supply_from_json(std::string_view json) {
  return read<Supply>(json, "supply");
}

Result<Decision> decision_from_json(std::string_view json) {
  auto object = parse(json);
  if (!object) return std::move(object).error();
  auto decision = read<Decision>(*object, "decision");
  std::string_view series;
  if (!decision || object->at_key("series").get(series) != simdjson::SUCCESS) return decision;
  const auto bytes = from_base64(series);
  if (!bytes) return fail(Errc::kInvalid, "stored decision: series is no base64");
  auto points = unpack_series(*bytes);
  if (!points) return std::move(points).error();
  decision->series = *std::move(points);
  return decision;
}

std::string pack_series(const std::vector<SeriesPoint>& series) {
  std::string out;
  out.reserve(series.size() * 13 + 16);
  put_varint(out, series.size());
  std::uint64_t last = 0;
  std::uint64_t step = 0;
  for (const SeriesPoint& p : series) {
    // The change of the step, modulo 2^64: nothing for a regular series.
    const std::uint64_t now = std::uint64_t(p.at.ns());
    put_varint(out, folded(std::int64_t(now - last - step)));
    step = now - last;
    last = now;
    put_float(out, p.value);
    put_float(out, p.low);
    put_float(out, p.high);
  }
  return out;
}

Result<std::vector<SeriesPoint>> unpack_series(std::string_view bytes) {
  const auto damaged = [] { return fail(Errc::kInvalid, "stored series is damaged"); };
  std::uint64_t size = 0;
  if (bytes.empty()) return std::vector<SeriesPoint>{};
  if (!get_varint(bytes, size) || size > bytes.size()) return damaged();
  std::vector<SeriesPoint> out(size);
  std::uint64_t last = 0;
  std::uint64_t step = 0;
  for (SeriesPoint& p : out) {
    std::uint64_t change = 0;
    if (!get_varint(bytes, change) || !get_float(bytes, p.value) || !get_float(bytes, p.low) ||
        !get_float(bytes, p.high)) {
      return damaged();
    }
    step += std::uint64_t(unfolded(change));
    last += step;
    p.at = Instant(std::int64_t(last));
  }
  if (!bytes.empty()) return damaged();
  return out;
}

Result<AuditEnvelope> audit_envelope(std::string_view record) {
  auto object = parse(record);
  if (!object) return std::move(object).error();
  AuditEnvelope out;
  std::int64_t seq = 0;
  if (object->at_key("seq").get(seq) != simdjson::SUCCESS) {
    return fail(Errc::kInvalid, "audit record has no seq");
  }
  out.seq = AuditSeq(seq);
  const auto text = [&](std::string_view name) {
    std::string_view value;
    if (object->at_key(name).get(value) != simdjson::SUCCESS) value = {};
    return std::string(value);
  };
  auto at = parse_rfc3339(text("at"));
  if (!at) return fail(Errc::kInvalid, "audit record has no time: " + at.error().message);
  out.at = *at;
  out.type = text("type");
  out.actor = text("actor");
  out.task = TaskId(text("task"));
  out.case_id = CaseId(text("case"));
  return out;
}

}  // namespace millwright::codec
