#pragma once
// The CloudEvents attributes of one record, in either mode, before anything is known of its type.
// Borrows from the record and the parsers; used only inside Decoder.

#include <simdjson.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "millwright/domain/event.hpp"

namespace millwright::codec {

struct Failure {
  RejectReason reason = RejectReason::kNotACloudEvent;
  std::string detail;
};
using MaybeFailure = std::optional<Failure>;

// "'text'", cut to a readable length and without control characters.
[[nodiscard]] std::string in_quotes(std::string_view text);
[[nodiscard]] bool has_control_characters(std::string_view text);

struct EnvelopeView {
  std::string_view specversion, id, source, type, subject, time;
  std::string_view sequence, correlation, traceparent, partitionkey, datacontenttype;
  std::optional<simdjson::dom::element> data;
  bool tombstone = false;
};

class EnvelopeReader {
 public:
  EnvelopeReader();

  // Finds the attributes and parses the JSON whole. The view holds until the next call.
  [[nodiscard]] MaybeFailure read(const RawRecord& record, EnvelopeView& out);

 private:
  MaybeFailure structured(const RawRecord& record, std::string_view media, EnvelopeView& out);
  MaybeFailure structured_data(std::optional<simdjson::dom::element> data,
                               std::optional<simdjson::dom::element> base64, EnvelopeView& out);
  MaybeFailure binary(const RawRecord& record, std::string_view media, EnvelopeView& out);
  MaybeFailure parse(simdjson::dom::parser& parser, std::string_view json, std::string_view what,
                     simdjson::dom::element& out);

  simdjson::dom::parser parser_;
  simdjson::dom::parser data_parser_;  // of data_base64: the envelope's parser is still in use
  std::string structured_media_;       // content type of the last structured event, found good
  std::vector<std::string_view> others_;
};

}  // namespace millwright::codec
