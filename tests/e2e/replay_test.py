#!/usr/bin/env python3
"""Drives `millwright replay` and `check` on recordings made here. Usage: replay_test.py BINARY"""
import json
from datetime import timedelta

from kiln import BEGIN, MAPPING, ROOT, Kiln, main


class Replay(Kiln):
    def error_of(self, *arguments):
        return self.run_it("replay", *arguments, code=78).stderr

    def test_a_hot_kiln_gets_one_case(self):
        self.kiln(2000, 2300)
        done = self.run_it("replay", "kiln.csv", "--mapping", "map.yaml", "--json")
        cases = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(cases), 1, done.stdout)
        case = cases[0]
        # The third hot reading; the zone is an hour ahead of UTC.
        opened = BEGIN + timedelta(minutes=2002) - timedelta(hours=1)
        self.assertEqual(case["openedAt"], f"{opened:%Y-%m-%dT%H:%M}:00.000Z")
        self.assertEqual((case["asset"], case["failureMode"], case["signal"], case["rule"]),
                         ("K-7", "ANOMALY", "K-7/shell", "anomaly-score"))
        self.assertEqual([t["kind"] for t in case["tasks"]], ["inspection"])
        self.assertGreater(case["confidence"], 0.9)
        self.assertIn("Shell temperature at 13", case["symptom"])  # 272 degF are 133 degrees C
        self.assertEqual(set(case), {
            "case", "asset", "entity", "failureMode", "openedAt", "closedAt", "recurring",
            "lastSeenAt", "evidence", "signal", "priority", "title", "symptom", "cause",
            "rationale", "confidence", "rule", "ruleVersion", "tasks"})

    def test_text_is_one_line_a_case_and_repeats_to_the_letter(self):
        self.kiln(2000, 2300)
        done = self.run_it("replay", "kiln.csv", "--mapping", "map.yaml")
        head, line = done.stdout.splitlines()
        self.assertEqual(head.split(), ["OPENED", "SEEN", "PRIO", "TASK", "WHERE", "WHAT", "WHY"])
        self.assertTrue(line.startswith("2026-03-03 15:22  once"), line)
        self.assertEqual(head.index("WHY"), line.index("Shell temperature at"))
        self.assertIn("3 000 events from 2026-03-02 06:00 to 2026-03-04 07:59", done.stderr)
        self.assertIn("observed", done.stderr)
        again = self.run_it("replay", "kiln.csv", "--mapping", "map.yaml")
        self.assertEqual(again.stdout, done.stdout)

    def test_what_nobody_decides_expires_by_the_recordings_clock(self):
        self.kiln(1000, 4000, minutes=4000)
        done = self.run_it("replay", "kiln.csv", "--mapping", "map.yaml", "--json")
        cases = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertGreaterEqual(len(cases), 2)  # a day without a decision ends the first
        self.assertEqual(cases[0]["tasks"][0]["state"], "EXPIRED")
        self.assertIsNotNone(cases[0]["closedAt"])
        self.assertTrue(cases[1]["recurring"])
        self.assertEqual(cases[-1]["tasks"][0]["state"], "PROPOSED")

    def test_a_kept_ledger_proves_itself_and_is_not_played_twice(self):
        self.kiln(2000, 2300)
        arguments = ("replay", "kiln.csv", "--mapping", "map.yaml", "--ledger", "kept.db")
        first = self.run_it(*arguments)
        second = self.run_it(*arguments)
        self.assertEqual(first.stdout, second.stdout)
        self.run_it("audit", "verify", "kept.db", "--anchors", "kept.db.checkpoints")

    def test_a_quiet_recording_says_so(self):
        self.kiln(0, 0, minutes=600)
        done = self.run_it("replay", "kiln.csv", "--mapping", "map.yaml")
        self.assertEqual(done.stdout, "No case was opened.\n")
        self.assertEqual(self.run_it("replay", "kiln.csv", "--mapping", "map.yaml",
                                     "--json").stdout, "")

    def test_lines_of_events_need_no_mapping(self):
        self.write("kiln.jsonl", "\n".join([*self.readings(101, 120, 120), "no event"]) + "\n")
        done = self.run_it("replay", "kiln.jsonl", "--config", "plant/millwright.yaml")
        self.assertIn("Look into unusual readings, K-7", done.stdout)
        self.assertIn("could not be decoded", done.stderr)

    def test_mistakes_say_where_and_what_to_do(self):
        self.kiln(0, 0, minutes=50)
        self.assertIn("kiln.csv: a table needs --mapping FILE", self.error_of("kiln.csv"))
        self.assertIn("none.yaml: the mapping cannot be read",
                      self.error_of("kiln.csv", "--mapping", "none.yaml"))
        self.assertIn("none.csv: cannot be opened",
                      self.error_of("none.csv", "--mapping", "map.yaml"))
        self.write("wrong.yaml", MAPPING.replace("Shell", "Shel"))
        self.assertIn("kiln.csv:1: no column 'Shel', which wrong.yaml:8:14 names as column. The "
                      "columns are 'when', 'Shell', 'note'",
                      self.error_of("kiln.csv", "--mapping", "wrong.yaml"))
        self.write("wrong.yaml", MAPPING.replace("tag: shell", "tag: shel"))
        self.assertIn("wrong.yaml:8:14: asset K-7 has no signal with the tag 'shel' in the plant "
                      "of plant/millwright.yaml",
                      self.error_of("kiln.csv", "--mapping", "wrong.yaml"))
        self.write("wrong.yaml", MAPPING + "zoen: UTC\n")
        self.assertIn("wrong.yaml:9:1: 'zoen' is not a key of a mapping file; did you mean 'zone'?",
                      self.error_of("kiln.csv", "--mapping", "wrong.yaml"))
        self.write("bad.csv", "when;Shell\n02.03.2026 06:00;1\n2026-03-02 06:01;2\n")
        self.assertIn("bad.csv:3: column 'when': '2026-03-02 06:01' is no time in the format "
                      "%d.%m.%Y %H:%M", self.error_of("bad.csv", "--mapping", "map.yaml"))
        self.write("bad.csv", "when;Shell\n02.03.2026 06:00;hot\n")
        self.assertIn("bad.csv:2: column 'Shell': 'hot' is no number",
                      self.error_of("bad.csv", "--mapping", "map.yaml"))

    def test_the_plants_of_the_public_recordings_are_right(self):
        plants = sorted((ROOT / "config" / "replay").glob("plant-*/millwright.yaml"))
        self.assertEqual(len(plants), 2)
        for plant in plants:
            self.assertIn(" is right: ", self.run_it("check", plant).stdout)

    def test_the_mappings_of_the_public_recordings_fit_their_plants(self):
        heads = {"machine-temperature.yaml": "timestamp,value\n2014-01-01 00:00:00,70.5\n",
                 "pump-rig.yaml": "datetime;Accelerometer1RMS;Accelerometer2RMS;Current;Pressure;"
                                  "Temperature;Thermocouple;Voltage;Volume Flow RateRMS\n"
                                  "2020-03-09 10:14:33;0.1;0.2;1.3;0.05;79.3;26.0;233.0;32.0\n"}
        mappings = sorted((ROOT / "config" / "replay").glob("*.yaml"))
        self.assertEqual([m.name for m in mappings], sorted(heads))
        for mapping in mappings:
            self.write("one.csv", heads[mapping.name])
            done = self.run_it("replay", "one.csv", "--mapping", mapping)
            self.assertEqual(done.stdout, "No case was opened.\n")
            self.assertIn("observed", done.stderr)


if __name__ == "__main__":
    main()
