#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "unit/codec/samples.hpp"

namespace millwright::codec {
namespace {

using namespace test;
using R = RejectReason;

constexpr std::string_view kType = "com.acme.mes.lot.disposition.v1";
constexpr std::string_view kData = R"({"lotId":"L-1","disposition":"Closed"})";

std::string envelope(std::string_view members) {
  return R"({"specversion":"1.0","id":"e-1","source":"/s","type":")" + std::string(kType) + "\"," +
         std::string(members) + "}";
}
const std::string kGood = envelope(R"("data":)" + std::string(kData));

void set(RawRecord& record, std::string_view name, std::string_view value) {
  for (auto& header : record.headers) {
    if (header.first == name) {
      header.second = value;
      return;
    }
  }
  record.headers.emplace_back(name, value);
}
void drop(RawRecord& record, std::string_view name) {
  std::erase_if(record.headers, [&](const auto& header) { return header.first == name; });
}

struct Case {
  const char* what;
  std::function<RawRecord()> make;
  R reason = R::kNotJson;   // only if `detail` is not empty
  std::string detail = "";  // part of it; "" : an event is expected
};

RawRecord with_header(std::string_view name, std::string_view value) {
  RawRecord record = binary(kType, kData);
  set(record, name, value);
  return record;
}
RawRecord without_header(std::string_view name) {
  RawRecord record = binary(kType, kData);
  drop(record, name);
  return record;
}
RawRecord with_media(std::string_view media, std::string_view value = kGood) {
  RawRecord record = structured(value);
  record.headers[0].second = media;
  return record;
}

void check(const std::vector<Case>& cases) {
  Decoder decoder;
  for (const Case& c : cases) {
    const RawRecord record = c.make();
    const auto result = decoder.decode(record, kIngested);
    const auto* reject = std::get_if<Reject>(&result);
    if (c.detail.empty()) {
      EXPECT_EQ(reject, nullptr) << c.what << ": " << (reject ? reject->detail : "");
      continue;
    }
    ASSERT_NE(reject, nullptr) << c.what << " was accepted";
    EXPECT_EQ(to_text(reject->reason), to_text(c.reason)) << c.what << ": " << reject->detail;
    EXPECT_THAT(reject->detail, testing::HasSubstr(c.detail)) << c.what;
    EXPECT_EQ(reject->record.value, record.value) << "the bytes go along: " << c.what;
    EXPECT_EQ(reject->record.position, record.position);
  }
}

TEST(StructuredMode, EveryClause) {
  check({
      {"plain media type", [] { return with_media("application/cloudevents"); }},
      {"with +json", [] { return with_media("application/cloudevents+json"); }},
      {"any case", [] { return with_media("Application/CloudEvents+JSON; Charset=\"UTF-8\""); }},
      {"header name in any case",
       [] {
         RawRecord r = structured(kGood);
         r.headers[0].first = "Content-Type";
         return r;
       }},
      {"batch", [] { return with_media("application/cloudevents-batch+json"); }, R::kNotACloudEvent,
       "send one event a record"},
      {"avro", [] { return with_media("application/cloudevents+avro"); }, R::kNotACloudEvent,
       "send application/cloudevents+json"},
      {"latin-1", [] { return with_media("application/cloudevents+json; charset=iso-8859-1"); },
       R::kNotACloudEvent, "in UTF-8"},
      {"two content types",
       [] {
         RawRecord r = structured(kGood);
         r.headers.push_back({"content-type", "application/json"});
         return r;
       },
       R::kNotACloudEvent, "there twice"},
      {"null value",
       [] {
         RawRecord r = structured("");
         r.null_value = true;
         return r;
       },
       R::kNotACloudEvent, "a tombstone is binary"},
      {"empty value", [] { return structured(""); }, R::kNotJson, "value is empty"},
  });
}

TEST(StructuredMode, WhatTheJsonMustBe) {
  check({
      {"not JSON", [] { return structured("{"); }, R::kNotJson, "not valid JSON"},
      {"garbage behind", [] { return structured(kGood + " x"); }, R::kNotJson, "not valid JSON"},
      {"garbage inside extra",
       [] { return structured(envelope(R"("data":{"lotId":"L","disposition":"C","x":[1,]})")); },
       R::kNotJson, "not valid JSON"},
      {"bad UTF-8", [] { return structured(envelope("\"x\":\"\xC3\x28\",\"data\":{}")); },
       R::kNotJson, "not valid JSON"},
      {"a list", [] { return structured("[]"); }, R::kNotACloudEvent, "not a JSON object"},
      {"id twice", [] { return structured(envelope(R"("id":"e-2","data":{})")); },
       R::kNotACloudEvent, "'id' is there twice"},
      {"data twice", [] { return structured(envelope(R"("data":{},"data":{})")); },
       R::kNotACloudEvent, "'data' is there twice"},
      {"extension twice", [] { return structured(envelope(R"("xy":"1","xy":"2","data":{})")); },
       R::kNotACloudEvent, "'xy' is there twice"},
      {"id a number",
       [] {
         return structured(R"({"specversion":"1.0","id":7,"source":"/s","type":"t","data":{}})");
       },
       R::kNotACloudEvent, "'id' is not a string"},
      {"sequence a number",
       [] { return structured(envelope(R"("sequence":7,"data":)" + std::string(kData))); },
       R::kWrongField, "'sequence' is not a string"},
      {"null attribute is as none",
       [] { return structured(envelope(R"("subject":null,"data":)" + std::string(kData))); }},
      {"number as unknown extension",
       [] { return structured(envelope(R"("myext":7,"data":)" + std::string(kData))); }},
      {"no data", [] { return structured(envelope(R"("subject":"x")")); }, R::kMissingField,
       "data is missing"},
      {"null data", [] { return structured(envelope(R"("data":null)")); }, R::kMissingField,
       "data is missing"},
      {"data a list", [] { return structured(envelope(R"("data":[])")); }, R::kWrongField,
       "data is not a JSON object"},
      {"data in base64",
       [] {
         return structured(
             envelope(R"("data_base64":"eyJsb3RJZCI6IkwtMSIsImRpc3Bvc2l0aW9uIjoiQ2xvc2VkIn0=")"));
       }},
      {"both kinds of data",
       [] { return structured(envelope(R"("data":{},"data_base64":"e30=")")); }, R::kNotACloudEvent,
       "both there"},
      {"base64 of something else", [] { return structured(envelope(R"("data_base64":"!")")); },
       R::kNotACloudEvent, "not base64"},
      {"base64 of no JSON", [] { return structured(envelope(R"("data_base64":"e30")")); },
       R::kNotACloudEvent, "not base64"},
      {"xml inside",
       [] { return structured(envelope(R"("datacontenttype":"text/xml","data":"<a/>")")); },
       R::kNotACloudEvent, "datacontenttype 'text/xml'"},
  });
}

TEST(StructuredMode, RequiredAttributes) {
  for (const char* name : {"specversion", "id", "source", "type"}) {
    for (const bool empty : {false, true}) {
      std::string text = kGood;
      const std::size_t at = text.find("\"" + std::string(name) + "\":\"");
      const std::size_t begin = text.find(":\"", at) + 2;
      const std::size_t end = text.find('"', begin);
      if (empty) {
        text.erase(begin, end - begin);
      } else {
        text.replace(at + 1, std::string(name).size(), "other");
      }
      check({{name, [&] { return structured(text); }, R::kNotACloudEvent,
              "required attribute " + std::string(name)}});
    }
  }
  std::string old = kGood;
  old.replace(old.find("1.0"), 3, "0.3");
  check({{"0.3", [&] { return structured(old); }, R::kNotACloudEvent, "specversion is '0.3'"}});
}

TEST(BinaryMode, EveryClause) {
  check({
      {"as it should be", [] { return binary(kType, kData); }},
      {"no content type", [] { return without_header("content-type"); }},
      {"other JSON", [] { return with_header("content-type", "application/vnd.acme+json"); }},
      {"not JSON", [] { return with_header("content-type", "application/avro"); },
       R::kNotACloudEvent, "content-type 'application/avro'"},
      {"no specversion", [] { return without_header("ce_specversion"); }, R::kNotACloudEvent,
       "required attribute ce_specversion"},
      {"no id", [] { return without_header("ce_id"); }, R::kNotACloudEvent,
       "required attribute ce_id"},
      {"no source", [] { return without_header("ce_source"); }, R::kNotACloudEvent,
       "required attribute ce_source"},
      {"no type", [] { return without_header("ce_type"); }, R::kNotACloudEvent,
       "required attribute ce_type"},
      {"wrong version", [] { return with_header("ce_specversion", "2.0"); }, R::kNotACloudEvent,
       "specversion is '2.0'"},
      {"id twice",
       [] {
         RawRecord r = binary(kType, kData);
         r.headers.emplace_back("ce_id", "e-1");
         return r;
       },
       R::kNotACloudEvent, "header 'ce_id' is there twice"},
      {"not UTF-8", [] { return with_header("ce_subject", "\xFF"); }, R::kNotACloudEvent,
       "'ce_subject' is not UTF-8"},
      {"no headers at all",
       [] {
         RawRecord r = binary(kType, kData);
         r.headers.clear();
         return r;
       },
       R::kNotACloudEvent, "no CloudEvents headers; send ce_specversion"},
      {"structured without its header",
       [] {
         RawRecord r = structured(kGood);
         r.headers.clear();
         return r;
       },
       R::kNotACloudEvent, "add the header content-type: application/cloudevents+json"},
      {"empty value", [] { return binary(kType, ""); }, R::kNotJson, "null for a tombstone"},
      {"no JSON", [] { return binary(kType, "x"); }, R::kNotJson, "not valid JSON"},
      {"data in an envelope", [] { return binary(kType, kGood); }, R::kMissingField,
       "required field disposition"},
  });
}

TEST(BinaryMode, TombstonesNeedOnlyAKey) {
  RawRecord record = binary(kType, "");
  record.null_value = true;
  record.key = "L-1";
  Decoder decoder;
  const auto result = decoder.decode(record, kIngested);
  const auto* event = std::get_if<Event>(&result);
  ASSERT_NE(event, nullptr);
  EXPECT_TRUE(event->tombstone);
  EXPECT_EQ(event->entity, "L-1");
  EXPECT_FALSE(event->at("disposition").present());
  EXPECT_EQ(event->fields.size(), event->type->fields.size());
  record.key.clear();
  check({{"no key", [&] { return record; }, R::kMissingField, "send lotId as the record's key"}});
}

TEST(Types, UnknownOnesSayWhatIsKnown) {
  check({
      {"other", [] { return binary("com.acme.mes.lot.lost.v1", kData); }, R::kUnknownType,
       "type 'com.acme.mes.lot.lost.v1' is not in the catalogue"},
      {"newer", [] { return binary("com.acme.mes.lot.disposition.v2", kData); }, R::kUnknownType,
       "it is known as mes.lot.disposition.v1"},
      {"sap",
       [] {
         return binary("sap.s4.beh.maintenanceorder.v1.MaintenanceOrder.SetToTechCompleted.v1",
                       "{}");
       },
       R::kUnknownType, "not in the catalogue"},
  });
}

TEST(Attributes, TimeAndIds) {
  check({
      {"bad time", [] { return with_header("ce_time", "yesterday"); }, R::kWrongField,
       "attribute time: 'yesterday'"},
      {"time past its range", [] { return with_header("ce_time", "9999-01-01T00:00:00Z"); },
       R::kWrongField, "attribute time"},
      {"control characters", [] { return with_header("ce_id", "a\nb"); }, R::kWrongField,
       "id has control characters"},
      {"long id", [] { return with_header("ce_id", std::string(257, 'x')); }, R::kTooLarge,
       "id is longer than 256 bytes"},
      {"longest id", [] { return with_header("ce_id", std::string(256, 'x')); }},
      {"long subject", [] { return with_header("ce_subject", std::string(8'193, 'x')); },
       R::kTooLarge, "subject is longer"},
      {"control characters in the entity",
       [] { return binary(kType, R"({"lotId":"a\u0000b","disposition":"x"})"); }, R::kWrongField,
       "key lotId has control characters"},
  });
  Decoder decoder;
  RawRecord record = without_header("ce_time");
  record.broker_time = kIngested - minutes(3);
  const auto event = std::get<Event>(decoder.decode(record, kIngested));
  EXPECT_EQ(event.time, record.broker_time) << "the broker's time stands in";
  record.broker_time = Instant();
  EXPECT_EQ(std::get<Event>(decoder.decode(record, kIngested)).time, kIngested);
}

TEST(Attributes, TheEntityMayBeNamedByTheKey) {
  Decoder decoder;
  RawRecord record = binary(kType, R"({"disposition":"Closed"})");
  record.key = "L-9";
  const auto by_key = std::get<Event>(decoder.decode(record, kIngested));
  EXPECT_EQ(by_key.entity, "L-9");
  EXPECT_EQ(by_key.text("lotId"), "L-9");
  set(record, "ce_partitionkey", "L-8");
  EXPECT_EQ(std::get<Event>(decoder.decode(record, kIngested)).entity, "L-8");
  drop(record, "ce_partitionkey");
  record.key = "\xFF";
  check({{"key of bytes", [&] { return record; }, R::kWrongField, "key is not UTF-8"}});
}

}  // namespace
}  // namespace millwright::codec
