#!/usr/bin/env python3
"""Runs the commands that docs/rules-by-example.md shows, on the plant, rules, events and failures of
the page, and compares what they print. Usage: rules_by_example_test.py BINARY"""
import json
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rules-by-example.md"
BINARY = Path()


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


def rows(text):
    """The rows of the events' table, by the names in its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head = cells[0]
    return [dict(zip(head, row)) for row in cells[2:]]


def event(number, row):
    value, unit = row["value"].split()
    return json.dumps({
        "specversion": "1.0", "id": f"row-{number}", "source": "/example",
        "type": "com.acme.iot.measurement.sampled.v1", "partitionkey": row["assetId"],
        "time": f"2026-03-02T{row['time']}:00Z",
        "data": {"assetId": row["assetId"], "tag": row["tag"],
                 "value": {"value": float(value), "unit": unit}}})


class RulesByExample(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_it(self, command):
        words = shlex.split(command)
        self.assertEqual(words[0], "millwright")
        done = subprocess.run([str(BINARY), *words[1:]], cwd=self.folder, capture_output=True,
                              text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_what_if(self):
        page = PAGE.read_text(encoding="utf-8")
        section = page[page.index("\n## 12. "):]
        now, candidate = blocks(section, "yaml")
        self.write("now/millwright.yaml",
                   f"plant: plant\nrules: rules\nworkflow: {ROOT}/config/workflow\n")
        self.write("now/plant/plant.yaml", blocks(page, "yaml")[0])
        self.write("now/rules/oil.yaml", now)
        self.write("next/oil.yaml", candidate)
        known = re.findall(r"`([A-Z]-\d,2026-[^`]*)`", section)
        self.assertEqual(len(known), 2)
        self.write("known.csv", "\n".join(known) + "\n")
        self.write("oil.jsonl",
                   "\n".join(event(n, row) for n, row in enumerate(rows(section))) + "\n")
        consoles = blocks(section, "console")
        self.assertEqual(len(consoles), 2)
        for console in consoles:
            command, _, printed = console.partition("\n")
            self.assertTrue(command.startswith("$ "), command)
            self.assertEqual(self.run_it(command[2:]), printed)


if __name__ == "__main__":
    BINARY = Path(sys.argv.pop(1)).resolve()
    unittest.main()
