#pragma once
// What leaves: CloudEvents records for Kafka, and the canonical text of audit records. Pure
// functions, any thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "millwright/base/time.hpp"
#include "millwright/domain/intent.hpp"
#include "millwright/domain/task.hpp"

namespace millwright::codec {

struct OutgoingRecord {
  std::string key;
  std::string value;
  std::vector<std::pair<std::string, std::string>> headers;
};

// Header that names the effect in records that are no CloudEvents (dead letters).
inline constexpr std::string_view kEffectHeader = "millwright_effect";

// The record of an effect of kind kKafka, in binary mode: ce_id is the effect's id, `source` says
// which Millwright (/millwright/lyon), `time` when it happened (left out if not set), ce_subject is
// the task. The effect's own headers come after, and replace those of the same name. An effect
// without a type is passed on byte for byte with its own headers and kEffectHeader.
[[nodiscard]] OutgoingRecord outgoing_record(const Effect& effect, std::string_view source,
                                             Instant time);

// Canonical JSON (RFC 8785) of an audit record at its place in the log: equal records give equal
// bytes everywhere. `body` is embedded as an object; a body that is no JSON object is kept as
// "body_base64", so nothing is lost.
[[nodiscard]] std::string canonical_record(AuditSeq seq, const AuditRecord& record);

}  // namespace millwright::codec
