#!/usr/bin/env python3
"""Drives `millwright rules check | test | eval | explain | diff` and `check`. Usage: BINARY"""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path()

RULE = """rules:
  - id: hot
    version: 2
    status: shadow
    owner: maintenance
    summary: A bearing is hot
    event: iot.measurement.sampled
    if: has(signal.value)
    table:
      hit: first
      values: {asset.criticality: "A, B, C"}
      rows: |
        signal.value | asset.criticality || task       | priority
        > 90         | A                 || work_order | 1
        [80..90)     | A, B              || inspection | 2
        otherwise                        || inspection | 3
      defaults:
        title: Look at {{ asset.id }}
        symptom: "{{ signal.value }} Cel"
    tests:
      - given: {signal.value: 95, asset.criticality: A}
        expect: {task: work_order, row: 1}
      - name: nothing measured
        given: {asset.criticality: A}
        expect: none
"""


class Rules(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        self.write("now/hot.yaml", RULE)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run_it(self, *arguments, code=0):
        done = subprocess.run([str(BINARY), *map(str, arguments)], cwd=self.folder,
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def rules(self, *arguments, code=0):
        return self.run_it("rules", *arguments, code=code)

    def test_check_says_what_is_there(self):
        out = self.rules("check", "now").stdout
        self.assertIn("now is right: 1 rules, 0 of them released, 2 tests (version ", out)
        self.assertEqual(json.loads(self.rules("check", "now", "--json").stdout), [])
        shipped = self.rules("check", ROOT / "config" / "millwright.yaml").stdout
        self.assertIn(" is right: ", shipped)

    def test_problems_have_their_place_in_text_and_json(self):
        self.write("now/hot.yaml", RULE.replace("[80..90)", "[80..90 "))
        out = self.rules("check", "now", code=78).stderr
        self.assertIn("now/hot.yaml:15:16: rule 'hot': here the end of the range is missing", out)
        found = json.loads(self.rules("check", "now", "--json", code=78).stdout)
        self.assertEqual([(p["file"], p["line"], p["column"]) for p in found],
                         [("now/hot.yaml", 15, 16)])
        self.assertTrue(found[0]["message"].endswith("^"), found)

    def test_the_whole_configuration_has_places_of_rules_too(self):
        main = self.write("millwright.yaml", (
            f"plant: {ROOT}/config/plant\nrules: now\nworkflow: {ROOT}/config/workflow\n"))
        self.run_it("check", main)
        self.write("now/hot.yaml", RULE.replace("has(signal.value)", "signal.valu > 1"))
        found = json.loads(self.run_it("check", main, "--json", code=78).stdout)
        self.assertEqual((found[0]["line"], found[0]["column"]), (8, 9))
        self.assertIn("did you mean 'signal.value'?", found[0]["message"])
        self.write("now/hot.yaml", RULE.replace("row: 1", "row: 2"))
        found = json.loads(self.run_it("check", main, "--json", code=78).stdout)
        self.assertEqual(found[0]["line"], 21)
        self.assertIn("row 2 was expected", found[0]["message"])

    def test_tests_are_tried(self):
        out = self.rules("test", "now").stdout
        self.assertEqual(out, "ok     hot: test 1\nok     hot: nothing measured\n2 passed, 0 failed\n")
        self.write("now/hot.yaml", RULE.replace("row: 1", "row: 2"))
        out = self.rules("test", "now", code=1).stdout
        self.assertIn("FAILED hot: test 1\nnow/hot.yaml:21:9: rule 'hot', test 1: row 2 was expected\n"
                      "  came: work_order P1, mode hot, confidence 1\n", out)
        self.assertTrue(out.endswith("1 passed, 1 failed\n"), out)
        found = json.loads(self.rules("test", "now", "--json", code=1).stdout)
        self.assertEqual([t["passed"] for t in found], [False, True])

    def test_eval_says_what_came_and_why(self):
        hot = ("eval", "hot", "--rules", "now", "--given", "signal.value=91",
               "--given", "asset.criticality=A")
        out = self.rules(*hot).stdout
        self.assertIn("work_order P1, mode hot, confidence 1", out)
        self.assertIn("row:       1: > 90         | A                 || work_order | 1", out)
        self.assertIn("input:     signal.value = 91", out)
        self.assertIn("because:   signal.value: > 90   with signal.value = 91", out)
        self.assertIn('With "Reading" at 90 units instead of 91 units, this rule would have said: '
                      "inspection P3, mode hot.", out)
        found = json.loads(self.rules(*hot, "--json").stdout)
        self.assertEqual(found["decisions"][0]["priority"], 1)
        self.assertEqual(found["decisions"][0]["inputs"]["signal.value"], "91")
        out = self.rules("eval", "hot", "--rules", "now").stdout
        self.assertEqual(out, "no decision: the condition does not hold\n")

    def test_the_plant_answers_what_is_given(self):
        self.write("now/hot.yaml", RULE.replace(
            "has(signal.value)", "has(signal.value) && plant.available('BRG') >= 1.0"))
        self.assertEqual(self.rules("test", "now", code=1).stdout.splitlines()[-1],
                         "1 passed, 1 failed")
        hot = ("eval", "hot", "--rules", "now", "--given", "signal.value=91",
               "--given", "asset.criticality=A")
        self.assertEqual(self.rules(*hot).stdout, "no decision: the condition does not hold\n")
        out = self.rules(*hot, "--given", "plant.available.BRG=2").stdout
        self.assertIn("work_order P1, mode hot, confidence 1", out)
        self.assertIn("because:   plant.available('BRG') >= 1.0   with plant.available('BRG') = 2",
                      out)
        self.assertEqual(self.rules("eval", "hot", "--rules", "now", "--given", "signal.value=91",
                                    "--given", "plant.available=0").stdout,
                         "no decision: the condition does not hold\n")
        self.assertIn("'plant.availabel' is nothing that the plant is asked; that is "
                      "plant.available, plant.open_tasks,",
                      self.rules(*hot, "--given", "plant.availabel=2", code=64).stderr)
        self.assertIn("plant.available('BRG') >= 1.0",
                      self.rules("explain", "hot", "--rules", "now").stdout)

    def test_mistakes_are_named(self):
        self.assertIn("has no rule 'hott'; it has: hot",
                      self.rules("eval", "hott", "--rules", "now", code=64).stderr)
        self.assertIn("did you mean 'signal.value'?",
                      self.rules("eval", "hot", "--rules", "now", "--given", "signal.valu=1",
                                 code=64).stderr)
        self.assertIn("--given wants name=value",
                      self.rules("eval", "hot", "--rules", "now", "--given", "x", code=64).stderr)
        self.assertIn("cannot be read", self.rules("diff", "now", "next", code=78).stderr)

    def test_explain_is_in_words(self):
        out = self.rules("explain", "hot", "--rules", "now").stdout
        self.assertIn("hot, version 2 (shadow), owned by maintenance\n  A bearing is hot\n", out)
        self.assertIn("reads:      signal.value, asset.id, asset.criticality", out)
        self.assertIn("    > 90         | A                 || work_order | 1\n", out)
        found = json.loads(self.rules("explain", "hot", "--rules", "now", "--json").stdout)
        self.assertEqual(found["says"]["table hit"], "first")
        out = self.rules("explain", "bearing-temperature", "--rules",
                         ROOT / "config" / "rules").stdout
        self.assertIn("propose 1 task: inspection", out)

    def test_diff_goes_rule_by_rule(self):
        self.assertEqual(self.rules("diff", "now", "now").stdout, "The rules say the same.\n")
        other = RULE.replace("owner: maintenance", "owner: quality")
        self.write("next/hot.yaml", other + RULE.split("rules:\n")[1].replace("id: hot", "id: new"))
        out = self.rules("diff", "now", "next").stdout
        self.assertIn("changed  hot, version 2 -> 2\n  warning: the version was not raised\n"
                      "  owner\n    - maintenance\n    + quality\n", out)
        self.assertIn("added    new, version 2\n", out)
        found = json.loads(self.rules("diff", "next", "now", "--json").stdout)
        self.assertEqual([(c["rule"], c["what"]) for c in found],
                         [("hot", "changed"), ("new", "removed")])


if __name__ == "__main__":
    BINARY = Path(sys.argv.pop(1)).resolve()
    unittest.main()
