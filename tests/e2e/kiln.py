"""A plant of one kiln, recordings of it made here, and the program run on them."""
import json
import math
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BEGIN = datetime(2026, 3, 2, 6, 0)
PLANT = """\
site: {id: hall, name: Hall}
nodes:
  - {id: hall, name: Hall, level: site}
calendar:
  time_zone: Europe/Paris
  shifts: [{id: day, start: "00:00", hours: 24}]
assets:
  - id: K-7
    name: Kiln
    class: kiln
    node: hall
    criticality: B
    vibration: {standard: none}
    gate: {by: none}
    signals:
      - {tag: shell, name: Shell temperature, kind: temperature, unit: Cel, every: 1m}
"""
MAPPING = """\
config: plant/millwright.yaml
separator: ;
time_column: when
time_format: "%d.%m.%Y %H:%M"
zone: Europe/Paris
asset: K-7
signals:
  - {column: Shell, tag: shell, unit: "[degF]"}
"""


class Kiln(unittest.TestCase):
    binary = Path("millwright")

    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="millwright-replay-test.")
        self.folder = Path(self.place.name)
        self.write("plant/millwright.yaml", f"plant: assets\nrules: {ROOT}/config/rules\n"
                                            f"workflow: {ROOT}/config/workflow\n")
        self.write("plant/assets/kiln.yaml", PLANT)
        self.write("map.yaml", MAPPING)

    def tearDown(self):
        self.place.cleanup()

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def kiln(self, hot_from, hot_to, minutes=3000, blip=range(0)):
        """A kiln that swings by a degree or two, and is hot for a while."""
        rows = ["when;Shell;note"]
        for i in range(minutes):
            value = 212.0 + 1.5 * math.sin(i / 40.0) + 0.7 * math.sin(i * 1.7)
            value += 60.0 if hot_from <= i < hot_to or i in blip else 0.0
            rows.append(f"{BEGIN + timedelta(minutes=i):%d.%m.%Y %H:%M};{value:.2f};x")
        return self.write("kiln.csv", "\n".join(rows) + "\n")

    def run_it(self, *arguments, code=0):
        done = subprocess.run([str(self.binary), *map(str, arguments)], cwd=self.folder,
                              capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def readings(self, hot_from, hot_to, minutes):
        """Lines of events, one reading a minute."""
        event = {"specversion": "1.0", "source": "/kiln",
                 "type": "com.acme.iot.measurement.sampled.v1", "partitionkey": "K-7"}
        for i in range(minutes):
            value = 100 + i % 7 / 10 + (40 if hot_from <= i < hot_to else 0)
            data = {"assetId": "K-7", "tag": "shell", "quality": "GOOD",
                    "value": {"value": value, "unit": "Cel"}}
            yield json.dumps({**event, "id": str(i), "data": data,
                              "time": f"{BEGIN + timedelta(minutes=i):%Y-%m-%dT%H:%M:%SZ}"})


def main():
    """The program is the first argument."""
    Kiln.binary = Path(sys.argv.pop(1)).resolve()
    unittest.main()
