#!/usr/bin/env python3
"""Drives `millwright rules whatif` on recordings made here, and on what a real Kafka holds
(MILLWRIGHT_KAFKA_BOOTSTRAP; skipped without, unless MILLWRIGHT_REQUIRE_KAFKA is set).
Usage: whatif_test.py BINARY"""
import json
import os
import re
import shutil
import subprocess
import unittest
import uuid

from kiln import ROOT, Kiln, main

FILE = ("--mapping", "map.yaml", "--input", "kiln.csv")


class WhatIf(Kiln):
    def candidate(self, old=None, new=None):
        folder = self.folder / "next"
        shutil.copytree(ROOT / "config/rules", folder)
        rules = folder / "predictive-maintenance.yaml"
        text = rules.read_text(encoding="utf-8")
        if old is not None:
            self.assertIn(old, text)
            # Its own tests would refuse the change, and are another test's matter.
            text = re.sub(r"^    tests:\n(      .*\n)+", "", text, flags=re.M)
            rules.write_text(text.replace(old, new), encoding="utf-8")
        return "next"

    def whatif(self, *arguments, **keys):
        return json.loads(self.run_it("rules", "whatif", *arguments, "--json", **keys).stdout)

    def test_the_same_rules_differ_in_nothing_bit_for_bit(self):
        self.kiln(2000, 2300)
        result = self.whatif(self.candidate(), *FILE)
        self.assertTrue(result["sameRules"])
        self.assertTrue(result["identical"])
        self.assertEqual(result["rootNow"], result["rootCandidate"])
        self.assertEqual(result["changes"], [])
        self.assertEqual(result["now"], result["candidate"])
        self.assertEqual((result["now"]["cases"], result["events"]), (1, 3000))
        text = self.run_it("rules", "whatif", "next", *FILE).stdout
        self.assertIn("No case differs.", text)
        self.assertIn("bit for bit the same", text)

    def test_a_rule_that_asks_for_more_is_later(self):
        self.kiln(2000, 2300)
        result = self.whatif(self.candidate("anomalous_in_row >= 3.0", "anomalous_in_row >= 9.0"),
                             *FILE)
        self.assertFalse(result["sameRules"] or result["identical"])
        self.assertNotEqual(result["rootNow"], result["rootCandidate"])
        change, = result["changes"]
        self.assertEqual((change["what"], change["difference"], change["outcome"]),
                         ("changed", "6 min later", "not known"))
        self.assertEqual(change["now"]["entity"], change["candidate"]["entity"])
        self.assertEqual(result["byRule"], {"anomaly-score": {"added": 0, "removed": 0,
                                                              "changed": 1}})

    def test_a_rule_that_is_blind_loses_what_was_real_and_what_was_not(self):
        self.kiln(2000, 2300)
        self.write("known.csv", "asset,from,to\n"
                                "K-7,2026-03-03T14:00:00Z,2026-03-03T20:00:00Z\n")
        blind = self.candidate("anomalous_in_row >= 3.0", "anomalous_in_row >= 9999.0")
        result = self.whatif(blind, *FILE, "--known", "known.csv")
        self.assertEqual((result["failuresKnown"], result["trueLost"], result["trueFound"]),
                         (1, 1, 0))
        self.assertEqual([c["what"] for c in result["changes"]], ["removed"])
        self.assertEqual(result["changes"][0]["outcome"], "real")
        self.write("known.csv", "K-7,2026-03-08T14:00:00Z,2026-03-08T20:00:00Z\n")
        result = self.whatif(blind, *FILE, "--known", "known.csv")
        self.assertEqual((result["failuresKnown"], result["falseAlarmsAvoided"]), (0, 1))
        text = self.run_it("rules", "whatif", blind, *FILE, "--known", "known.csv").stdout
        self.assertIn("0 added, 1 removed, 0 changed; false alarms avoided: 1, added: 0", text)

    def test_only_what_opens_in_the_span_counts(self):
        self.kiln(2000, 2300)
        blind = self.candidate("anomalous_in_row >= 3.0", "anomalous_in_row >= 9999.0")
        result = self.whatif(blind, *FILE, "--from", "2026-03-03T15:00:00Z")
        self.assertEqual((result["now"]["cases"], result["changes"]), (0, []))
        result = self.whatif(blind, *FILE, "--from", "2026-03-03T14:00:00Z",
                             "--to", "2026-03-03T15:00:00Z")
        self.assertEqual((result["now"]["cases"], result["candidate"]["cases"]), (1, 0))

    def test_a_rule_with_another_priority_ranks_again(self):
        self.kiln(2000, 2300)
        text = self.run_it("rules", "whatif",
                           self.candidate("asset.criticality == 'C' ? 4 : 3", "2"), *FILE).stdout
        self.assertIn("Look into unusual readings, K-7: P3 -> P2", text)

    def test_a_nuisance_gets_a_stricter_number_that_was_tried(self):
        self.kiln(2700, 2900, blip=range(1000, 1005))  # the blip is no sign of what comes a day later
        self.write("known.csv", "K-7,2026-03-04T01:30:00Z,2026-03-04T06:00:00Z\n")
        arguments = ("rules", "nuisance", "--propose", *FILE, "--known", "known.csv")
        result = json.loads(self.run_it(*arguments, "--json").stdout)
        self.assertEqual(result["proposals"], [{
            "rule": "anomaly-score", "falseAlarms": 1, "tried": 3,
            "comparison": "signal.anomalous_in_row >= 3.0", "number": 6.0,
            "falseAlarmsAvoided": 1, "failuresFound": 1, "failuresKnown": 1,
            "laterSeconds": 180.0}])
        text = self.run_it(*arguments).stdout
        self.assertIn("`signal.anomalous_in_row >= 3.0` with 6 instead avoids 1, and 1 of 1 known "
                      "failures are still found, 3 min later (3 tried).", text)

    def test_the_ledger_says_what_each_rule_is_worth(self):
        self.kiln(2000, 2300)
        self.run_it("replay", "kiln.csv", "--mapping", "map.yaml", "--ledger", "kept.db")
        arguments = ("rules", "nuisance", "--config", "plant/millwright.yaml", "--ledger", "kept.db")
        row, = json.loads(self.run_it(*arguments, "--json").stdout)["rules"]
        self.assertEqual((row["rule"], row["raised"], row["precision"]), ("anomaly-score", 1, None))
        self.assertIn("anomaly-score", self.run_it(*arguments).stdout)
        self.assertIn("none.db", self.run_it(*arguments[:-1], "none.db", code=69).stderr)

    def test_mistakes_say_what_to_do(self):
        self.kiln(0, 0, minutes=50)
        self.candidate()
        error = lambda *a, code=78: self.run_it("rules", "whatif", *a, code=code).stderr
        self.assertIn("--from is a time such as", error("next", *FILE, "--from", "yesterday"))
        self.assertIn("--to is not after --from",
                      error("next", *FILE, "--from", "2026-03-03T15:00:00Z",
                            "--to", "2026-03-03T15:00:00Z"))
        self.write("known.csv", "K-7,2026-03-03\n")
        self.assertIn("known.csv:1: a line is asset,from,to",
                      error("next", *FILE, "--known", "known.csv"))
        self.write("next/predictive-maintenance.yaml", "rules: [{id: x}]\n")
        self.assertIn("next/predictive-maintenance.yaml:1:", error("next", *FILE))
        self.assertIn("none", error("none", *FILE, code=64))

    def test_what_kafka_still_holds(self):
        broker = os.environ.get("MILLWRIGHT_KAFKA_BOOTSTRAP")
        if not broker:
            self.assertNotIn("MILLWRIGHT_REQUIRE_KAFKA", os.environ)
            self.skipTest("needs an Apache Kafka; see scripts/test --kafka")
        topic = f"kiln-{uuid.uuid4().hex}"
        lines = "\n".join(self.readings(101, 120, 120)) + "\n"
        subprocess.run(["kcat", "-P", "-b", broker, "-t", topic, "-p", "0", "-H",
                        "content-type=application/cloudevents+json"], input=lines, text=True,
                       check=True, timeout=60)
        self.write("plant/millwright.yaml",
                   (self.folder / "plant/millwright.yaml").read_text(encoding="utf-8") +
                   f"kafka: {{bootstrap: '{broker}', topics: [{topic}, nothing-there]}}\n")
        arguments = (self.candidate(), "--config", "plant/millwright.yaml")
        done = self.run_it("rules", "whatif", *arguments, "--json")
        result = json.loads(done.stdout)
        self.assertIn(f"{topic}[0]: 120 records from", done.stderr)
        self.assertTrue(result["identical"])
        self.assertEqual((result["events"], result["now"]["cases"]), (120, 1))
        self.run_it("rules", "whatif", *arguments, "--from", "2099-01-01T00:00:00Z", code=78)


if __name__ == "__main__":
    main()
