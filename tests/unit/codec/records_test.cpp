// What the ledger keeps comes back exactly as it went in.
#include "millwright/codec/records.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "millwright/base/json.hpp"
#include "millwright/base/rng.hpp"
#include "millwright/codec/encode.hpp"

namespace millwright::codec {
namespace {

Task full_task() {
  Task t;
  t.id = TaskId("task-1");
  t.case_id = CaseId("case-1");
  t.kind = TaskKind::kWorkOrder;
  t.state = TaskState::kInProgress;
  t.revision = Revision(3);
  t.changes = 17;
  t.priority = Priority::kP1;
  t.asset = AssetId("F-201");
  t.asset_path = "acme/lyon/utilities";
  t.criticality = Criticality::kA;
  t.mode = FailureMode("BRG-OUTER");
  t.title = "Approve bearing change, \"F-201\"\n\xE2\x82\xAC";
  t.symptom = "vibration";
  t.cause = "outer race";
  t.point = "DE";
  t.signal = SignalId("F-201/DE-H");
  t.confidence = 0.1 + 0.2;
  t.rung = Rung::kModel;
  t.rationale = "because";
  t.rule = {RuleId("bearing"), 4, "abcd"};
  t.model = {ModelId("ewma"), "1.2"};
  t.order_text = "Change bearing";
  t.equipment_number = "10004711";
  t.work_center = "MECH";
  t.crafts = {{CraftId("mech"), 3.5}, {CraftId("elec"), 1.0 / 3.0}};
  t.parts = {{MaterialId("6312"), "bearing", 2, "C62", 1, 0.5, 0.25, 1.25, 81.9}};
  t.duration_h = 6.5;
  t.permit = "LOTO-7";
  t.cost = 1e22;
  t.avoided_cost = 123456789012345680000.0;
  t.due = Instant(1'772'400'000'123'456'789);
  t.window_from = Instant(0);
  t.opened_at = Instant(-5);
  t.proposed_at = Instant(7);
  t.changed_at = Instant(8);
  t.opened_by = DecisionId("d0");
  t.evidence = {DecisionId("d0"), DecisionId("d1")};
  t.evidence_count = 712;
  t.last_seen = Instant(9);
  t.approvals_needed = 2;
  t.approvals = {{UserId("u"), "U. Ser", Role::kPlanner, Instant(10), Revision(3), "approval", "ok",
                  "go", "key-1"}};
  t.external_number = "4000789";
  t.failure = "none";
  t.outcome = Outcome::kOtherCause;
  t.outcome_detail = "belt";
  t.release = Release{"ab",
                      {{{RuleId("bearing"), 4, "abcd"}, "maintenance"}},
                      {"maintenance"},
                      "3 -> 6",
                      "fewer\nfalse alarms",
                      UserId("d"),
                      "D. Costa"};
  return t;
}

TEST(Records, TaskComesBackWhole) {
  const Task task = full_task();
  const std::string json = to_json(task);
  const auto back = task_from_json(json);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_json(*back), json);
  EXPECT_EQ(back->title, task.title);
  EXPECT_EQ(back->changes,
            17);  // names the next announcement: a ledger that forgot it would repeat
  EXPECT_EQ(back->evidence_count, 712);
  EXPECT_EQ(back->approvals_needed, 2);
  EXPECT_EQ(back->priority, Priority::kP1);
  EXPECT_EQ(back->criticality, Criticality::kA);
  EXPECT_EQ(back->cost, task.cost);
  EXPECT_EQ(back->avoided_cost, task.avoided_cost);
  EXPECT_EQ(back->crafts, task.crafts);
  EXPECT_EQ(back->parts, task.parts);
  EXPECT_EQ(back->due, task.due);
  ASSERT_TRUE(back->window_from.has_value());
  EXPECT_EQ(*back->window_from, Instant(0));
  EXPECT_FALSE(back->decide_by.has_value());
  ASSERT_EQ(back->approvals.size(), 1U);
  EXPECT_EQ(back->approvals[0].role, Role::kPlanner);
  EXPECT_EQ(back->approvals[0].idempotency_key, "key-1");
  EXPECT_EQ(back->outcome, Outcome::kOtherCause);
  EXPECT_EQ(back->rule, task.rule);
  EXPECT_EQ(back->evidence, task.evidence);
  EXPECT_EQ(back->release, task.release);
}

TEST(Records, DefaultsComeBackAsDefaults) {
  EXPECT_EQ(to_json(*task_from_json(to_json(Task{}))), to_json(Task{}));
  EXPECT_EQ(to_json(*case_from_json(to_json(Case{}))), to_json(Case{}));
  EXPECT_EQ(to_json(*decision_from_json(to_json(Decision{}))), to_json(Decision{}));
  EXPECT_EQ(to_json(*effect_from_json(to_json(Effect{}))), to_json(Effect{}));
  EXPECT_EQ(*equipment_from_json(to_json(EquipmentState{})), EquipmentState{});
  EXPECT_EQ(*service_from_json(to_json(ServiceState{})), ServiceState{});
  EXPECT_EQ(*stock_from_json(to_json(Stock{})), Stock{});
}

TEST(Records, EveryDoubleComesBackBitForBit) {
  Rng rng(11);
  std::vector<double> values = {0.0,
                                -0.0,
                                1.0,
                                -17.0,
                                0x1p53,
                                0x1p53 + 2,
                                -0x1p63,
                                1e20,
                                1e300,
                                5e-324,
                                std::numeric_limits<double>::max(),
                                std::numeric_limits<double>::infinity(),
                                -std::numeric_limits<double>::infinity(),
                                123456789012345680000.0};
  for (int i = 0; i < 20'000; ++i) {
    const auto value = std::bit_cast<double>(rng.next());
    if (!std::isnan(value)) values.push_back(value);
    values.push_back(double(std::int64_t(rng.next())));
    values.push_back(double(rng.next() % 1'000'000) / 1000.0);
  }
  for (const double value : values) {
    const auto back = stock_from_json(to_json(Stock{value, 0, 0, Instant()}));
    ASSERT_TRUE(back) << shortest(value);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(back->on_hand), std::bit_cast<std::uint64_t>(value))
        << shortest(value);
  }
  EXPECT_TRUE(std::isnan(stock_from_json(to_json(Stock{NAN, 0, 0, Instant()}))->on_hand));
}

Decision full_decision() {
  Decision d;
  d.id = DecisionId("d1");
  d.at = Instant(1'772'400'000'000'000'000);
  d.asset = AssetId("F-201");
  d.signal = SignalId("F-201/DE-H");
  d.entity = "F-201";
  d.mode = FailureMode("BRG-OUTER");
  d.task = TaskKind::kWorkOrder;
  d.priority = Priority::kP2;
  d.title = "t";
  d.due = Instant(5);
  d.evidence.event = {"/iot/gw", "e-1"};
  d.evidence.position = {{"plant.iot", 3}, Offset(99)};
  d.evidence.events = {{"/iot/gw", "e-0"}, {"/iot/gw", "e-1"}};
  d.evidence.readings = {{"signal.value", "7.2", "mm/s", 7.2, std::nullopt},
                         {"signal.zone", "C", "", std::nullopt, std::nullopt}};
  d.evidence.contributions = {{"peak", 0.92, "BPFO"}};
  d.evidence.rule = {RuleId("bearing"), 4, "abcd"};
  d.evidence.config_version = "cafe";
  d.evidence.view = ViewNumber(17);
  d.evidence.rung = Rung::kModel;
  d.evidence.confidence = 0.93;
  for (int i = 0; i < 120; ++i) {
    d.series.push_back({Instant(std::int64_t(i) * 60'000'000'000 + (i == 7 ? 3 : 0)),
                        float(i) * 0.1F, NAN, -1.5F});
  }
  return d;
}

TEST(Records, DecisionComesBackWithItsEvidenceAndSeries) {
  const Decision d = full_decision();
  const std::string json = to_json(d);
  const auto back = decision_from_json(json);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_json(*back), json);
  EXPECT_EQ(back->evidence.readings, d.evidence.readings);
  EXPECT_EQ(back->evidence.position, d.evidence.position);
  EXPECT_EQ(back->evidence.events, d.evidence.events);
  ASSERT_EQ(back->series.size(), d.series.size());
  for (std::size_t i = 0; i < d.series.size(); ++i) {
    EXPECT_EQ(back->series[i].at, d.series[i].at);
    EXPECT_EQ(back->series[i].value, d.series[i].value);
    EXPECT_TRUE(std::isnan(back->series[i].low));
  }
  EXPECT_TRUE(decision_from_json(to_json_without_series(d))->series.empty());
}

TEST(Records, ADecisionWrittenBeforeThereWereTrialsIsReal) {
  Decision d = full_decision();
  const std::string old = to_json(d);
  EXPECT_EQ(old.find("shadow"), std::string::npos);
  EXPECT_EQ(old.find("\"row\""), std::string::npos);
  EXPECT_FALSE(decision_from_json(old)->shadow);
  d.shadow = true;
  d.evidence.row = 3;
  EXPECT_TRUE(decision_from_json(to_json(d))->shadow);
  EXPECT_EQ(decision_from_json(to_json(d))->evidence.row, 3);
  d.evidence.trace.reasons = {{"signal.value > 4.5", "signal.value = 7.2"}};
  d.evidence.trace.counterfactual = {"signal.value", "7.2", "4.5", "no decision", "With 4.5 ..."};
  EXPECT_EQ(decision_from_json(to_json(d))->evidence.trace, d.evidence.trace);
}

TEST(Records, SeriesIsSmallExactAndRefusesDamage) {
  std::vector<SeriesPoint> series = full_decision().series;
  series.push_back({Instant(std::numeric_limits<std::int64_t>::min()), 1, 2, 3});
  series.push_back({Instant(std::numeric_limits<std::int64_t>::max()), 1, 2, 3});
  const std::string packed = pack_series(series);
  EXPECT_LT(packed.size(), series.size() * 14 + 40);
  const auto back = unpack_series(packed);
  ASSERT_TRUE(back);
  for (std::size_t i = 0; i < series.size(); ++i) EXPECT_EQ((*back)[i].at, series[i].at);
  EXPECT_TRUE(unpack_series("")->empty());
  for (std::size_t cut = 1; cut < packed.size(); cut += 7) {
    EXPECT_FALSE(unpack_series(std::string_view(packed).substr(0, cut)));
  }
  EXPECT_FALSE(unpack_series(packed + "x"));
}

TEST(Records, BytesThatAreNoTextSurvive) {
  Effect e;
  e.id = EffectId("dead-letter");
  e.target = "plant.dlq";
  e.key = std::string("\xff\x00k", 3);
  e.body = std::string("\x80\x81{\x00", 4);
  e.headers = {{"x-orig", "\xfe"}, {"plain", "text"}};
  e.state = EffectState::kUnknown;
  e.kind = EffectKind::kErp;
  e.audit = AuditSeq(12);
  e.attempts = 3;
  e.not_before = Instant(77);
  const auto back = effect_from_json(to_json(e));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->key, e.key);
  EXPECT_EQ(back->body, e.body);
  EXPECT_EQ(back->headers, e.headers);
  EXPECT_EQ(back->state, EffectState::kUnknown);
  EXPECT_EQ(back->kind, EffectKind::kErp);
  EXPECT_EQ(back->attempts, 3);
}

TEST(Records, PlantStateComesBack) {
  const EquipmentState equipment{"Executing", "Processing", Instant(3), "0007", "order"};
  EXPECT_EQ(*equipment_from_json(to_json(equipment)), equipment);
  const OpenWork work{2, 1, FailureMode("BRG-OUTER"), Instant(7)};
  EXPECT_EQ(*work_from_json(to_json(work)), work);
  EXPECT_EQ(*supply_from_json(to_json(Supply{-1.5})), Supply{-1.5});
  const SupplierRecord supplier{32, 0xFFFF'FFFF, 0.25, Instant(5)};
  EXPECT_EQ(*supplier_from_json(to_json(supplier)), supplier);
  const ServiceState service{Instant(4), "WO-1", true, Instant(5)};
  EXPECT_EQ(*service_from_json(to_json(service)), service);
  const Reservation r{TaskId("t"), MaterialId("m"), 2.5, ReservationState::kConsumed, Instant(9)};
  const auto back = reservation_from_json(to_json(r));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->task, r.task);
  EXPECT_EQ(back->state, r.state);
  EXPECT_EQ(back->until, r.until);
  Case c{CaseId("c"),
         AssetId("a"),
         "entity",
         FailureMode("m"),
         CaseState::kClosed,
         {},
         Instant(1),
         Instant(2),
         true,
         {TaskId("t1"), TaskId("t2")}};
  EXPECT_EQ(to_json(*case_from_json(to_json(c))), to_json(c));
  EXPECT_EQ(case_from_json(to_json(c))->tasks, c.tasks);
}

TEST(Records, RefusesWhatIsDamagedAndSaysWhere) {
  EXPECT_FALSE(task_from_json("{"));
  EXPECT_FALSE(task_from_json("[]"));
  std::string json = to_json(full_task());
  json.replace(json.find("IN_PROGRESS"), 11, "NO_SUCH_ST1");
  const auto wrong = task_from_json(json);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("state"), std::string::npos) << wrong.error().message;
  const auto missing = stock_from_json(R"({"on_hand":1,"reserved":0,"blocked":0})");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("as_of is missing"), std::string::npos);
}

TEST(Records, MembersInAnotherOrderAreFound) {
  const auto stock = stock_from_json(R"({"as_of":5,"blocked":3,"on_hand":1.5,"reserved":2})");
  ASSERT_TRUE(stock);
  EXPECT_EQ(*stock, (Stock{1.5, 2, 3, Instant(5)}));
}

TEST(Records, AuditEnvelopeReadsWhatCanonicalRecordWrites) {
  AuditRecord record{"task.approved",    Instant(1'772'400'000'123'000'000),
                     "j.ortiz",          TaskId("t1"),
                     CaseId("c1"),       DecisionId(""),
                     R"({"revision":3})"};
  const auto envelope = audit_envelope(canonical_record(AuditSeq(41), record));
  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_EQ(envelope->seq, AuditSeq(41));
  EXPECT_EQ(envelope->type, record.type);
  EXPECT_EQ(envelope->at, record.at);
  EXPECT_EQ(envelope->actor, record.actor);
  EXPECT_EQ(envelope->task, record.task);
  EXPECT_EQ(envelope->case_id, record.case_id);
  EXPECT_FALSE(audit_envelope("{}"));
}

}  // namespace
}  // namespace millwright::codec
