#!/usr/bin/env python3
"""Replays public recordings of machines with known failures and compares cases with labels.

Usage: recordings.py BINARY [--data DIR] [--check] [--markdown]

DIR (or MILLWRIGHT_DATA) holds nab/ and skab/ as published; without it: exit code 77 (skipped).
The labels are read here, for the comparison alone; the program under test never sees them.
"""
import argparse
import csv
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAB = "realKnownCause/machine_temperature_system_failure.csv"
# What asks for a look at the machine; a doubtful sensor is another matter.
ABOUT_MACHINES = {"inspection", "work_order"}


def time_of(text):
    return datetime.fromisoformat(text.replace("T", " ").rstrip("Z").split(".")[0])


def replay(binary, recording, mapping):
    """The cases of a recording, in order of opening."""
    command = [binary, "replay", str(recording), "--json",
               "--mapping", str(ROOT / "config" / "replay" / mapping)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    cases = [json.loads(line) for line in done.stdout.splitlines()]
    for case in cases:
        case["opened"] = time_of(case["openedAt"])
        case["machine"] = any(t["kind"] in ABOUT_MACHINES for t in case["tasks"])
    return cases


def spoken(delta):
    seconds = int(delta.total_seconds())
    if abs(seconds) < 120:
        return f"{seconds} s"
    if abs(seconds) < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if abs(seconds) < 172800 else f"{seconds / 86400:.1f} d"


def first_within(cases, start, end):
    return next((c for c in cases if c["machine"] and start <= c["opened"] <= end), None)


def what(case):
    return f'{case["title"]}: {case["symptom"]}'


def nab(binary, data):
    """Rows of: failure, window, case opened, before the failure, what; and the false ones."""
    file = data / "nab" / "data" / NAB
    with open(file, encoding="utf-8") as lines:
        times = [time_of(row["timestamp"]) for row in csv.DictReader(lines)]
    windows = json.loads((data / "nab/labels/combined_windows.json").read_text("utf-8"))[NAB]
    failures = json.loads((data / "nab/labels/combined_labels.json").read_text("utf-8"))[NAB]
    cases = replay(binary, file, "machine-temperature.yaml")
    rows = []
    for failure, (start, end) in zip(failures, windows):
        start, end, failure = time_of(start), time_of(end), time_of(failure)
        case = first_within(cases, start, end)
        rows.append((f"{failure:%Y-%m-%d %H:%M}", f"{start:%m-%d %H:%M} to {end:%m-%d %H:%M}",
                     f'{case["opened"]:%m-%d %H:%M}' if case else "none",
                     spoken(failure - case["opened"]) if case else "-",
                     what(case) if case else "missed"))
    inside = timedelta()
    for start, end in windows:
        inside += time_of(end) - time_of(start)
    unlabelled = [c for c in cases if not any(
        time_of(s) <= c["opened"] <= time_of(e) for s, e in windows)]
    days = (max(times) - min(times) - inside) / timedelta(days=1)
    return rows, unlabelled, days, cases


def spans(rows, column):
    """[start, end] of each run of rows where the column is set."""
    out, last = [], False
    for row in rows:
        now = float(row[column]) > 0.5
        if now and not last:
            out.append([time_of(row["datetime"]), time_of(row["datetime"])])
        elif now:
            out[-1][1] = time_of(row["datetime"])
        last = now
    return out


def skab_file(binary, file):
    with open(file, encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    cases = replay(binary, file, "pump-rig.yaml")
    faults = spans(rows, "anomaly") if "anomaly" in rows[0] else []
    begin, end = time_of(rows[0]["datetime"]), time_of(rows[-1]["datetime"])
    outside = [c for c in cases if not any(s <= c["opened"] <= e for s, e in faults)]
    quiet = (end - begin) - sum((e - s for s, e in faults), timedelta())
    return {
        "name": f"{file.parent.name}/{file.stem}", "faults": faults, "cases": cases,
        "caught": first_within(cases, faults[0][0], faults[-1][1]) if faults else None,
        "false": [c for c in outside if c["machine"]],
        "sensor": [c for c in cases if not c["machine"]],
        "quiet_h": quiet / timedelta(hours=1),
    }


def skab(binary, data):
    folder = data / "skab"
    files = sorted(folder.glob("data/*/*.csv"), key=lambda p: (p.parent.name, int(p.stem)))
    return [skab_file(binary, f) for f in [*files, *folder.glob("anomaly-free/*.csv")]]


def skab_row(one):
    fault = one["faults"][0] if one["faults"] else None
    caught = one["caught"]
    missed = "missed"
    if one["false"]:
        missed += f'; one was open since {one["false"][0]["opened"]:%H:%M:%S}'
    return (one["name"],
            f"{fault[0]:%H:%M:%S} to {one['faults'][-1][1]:%H:%M:%S}" if fault else "none",
            f'{caught["opened"]:%H:%M:%S}' if caught else "none" if fault else "-",
            spoken(caught["opened"] - fault[0]) if caught else "-",
            what(caught) if caught else missed if fault else "-",
            str(len(one["false"])), str(len(one["sensor"])))


def table(head, rows, markdown):
    if markdown:
        lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip()
                     for row in [head, *rows])


def report_nab(binary, data, markdown):
    rows, unlabelled, days, cases = nab(binary, data)
    print(table(("failure", "labelled window", "case opened", "before it", "case"), rows, markdown))
    caught = sum(row[2] != "none" for row in rows)
    print(f"\n{caught} of {len(rows)} failures have a case. {len(cases)} cases in all, "
          f"{len(unlabelled)} of them in no labelled window: {len(unlabelled) / days:.2f} a day "
          f"over {days:.0f} days.\n")
    for case in unlabelled:
        print(f'{"- " if markdown else "  "}{case["opened"]:%Y-%m-%d %H:%M}, last seen '
              f'{time_of(case["lastSeenAt"]):%m-%d %H:%M}: {case["symptom"]}')
    print()
    return caught, len(rows), len(unlabelled) / days


def report_skab(binary, data, markdown):
    results = skab(binary, data)
    print(table(("recording", "labelled fault", "case opened", "after its begin", "case",
                 "false", "sensor"), [skab_row(one) for one in results], markdown))
    with_fault = [one for one in results if one["faults"]]
    caught = sum(one["caught"] is not None for one in with_fault)
    false = sum(len(one["false"]) for one in results)
    hours = sum(one["quiet_h"] for one in results)
    print(f"\n{caught} of {len(with_fault)} recordings with a fault have a case within it. "
          f"{false} cases about the machine without a labelled fault in {hours:.1f} h "
          f"({false / hours:.2f} an hour, {24 * false / hours:.0f} a day); "
          f"{sum(len(one['sensor']) for one in results)} cases about sensors.\n")
    return caught, len(with_fault)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("binary")
    parser.add_argument("--data", default=os.environ.get("MILLWRIGHT_DATA", ""))
    parser.add_argument("--check", action="store_true", help="fail if a known failure is missed")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    data = Path(options.data)
    if not options.data or not (data / "nab" / "data" / NAB).exists():
        print("no recordings: MILLWRIGHT_DATA names the folder that holds nab/ and skab/; skipped")
        return 77
    caught, failures, false_a_day = report_nab(options.binary, data, options.markdown)
    ok = caught == failures and false_a_day <= 0.5
    if (data / "skab" / "data").exists():
        rig_caught, rig_faults = report_skab(options.binary, data, options.markdown)
        ok = ok and 2 * rig_caught >= rig_faults
    if options.check and not ok:
        print("worse than what docs/replay.md promises")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
