#!/usr/bin/env python3
"""Holds every file of config/ against the JSON Schema that its first line names.

Usage: config_schema_test.py [ROOT]    exit code 77 (skipped) without python3-jsonschema.
"""
import copy
import json
import sys
from pathlib import Path

try:
    import yaml
    from jsonschema import Draft7Validator
except ImportError:
    print("python3-yaml or python3-jsonschema is not there: skipped")
    sys.exit(77)

HEADER = "# yaml-language-server: $schema="
# Broken on purpose: where, what to put there (None: take it out). The schema must refuse each.
BREAKS = (
    ("millwright.yaml", ("plant",), None),
    ("millwright.yaml", ("http", "port"), "8080"),
    ("millwright.yaml", ("http", "prot"), 1),
    ("plant/cooling.yaml", ("assets", 0, "gate"), None),
    ("plant/cooling.yaml", ("assets", 0, "criticality"), "D"),
    ("plant/cooling.yaml", ("assets", 0, "equipment"), 10003201),
    ("plant/cooling.yaml", ("assets", 0, "signals", 0, "every"), 600),
    ("plant/cooling.yaml", ("assets", 0, "signals", 0, "kind"), "vibration"),
    ("plant/job-plans.yaml", ("job_plans", 0, "text"), "x" * 41),
    ("plant/materials.yaml", ("materials", 0, "insurance_spare"), "no"),
    ("plant/site.yaml", ("calendar", "shifts", 0, "start"), 300),
    ("plant/site.yaml", ("calendar", "time_zone"), None),
    ("replay/pump-rig.yaml", ("signals", 0, "unit"), None),
    ("replay/pump-rig.yaml", ("signals", 0, "units"), "bar"),
    ("replay/pump-rig.yaml", ("time_column",), None),
    ("workflow/policy.yaml", ("policy", "inspect_below"), 1.5),
    ("workflow/policy.yaml", ("policy",), None),
)


def schema_of(path):
    """The validator that the file's first line names."""
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    if not first.startswith(HEADER):
        raise ValueError(f"{path}:1: the first line must be '{HEADER}<path>'")
    schema = json.loads((path.parent / first[len(HEADER):].strip()).read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def broken(document, where, value):
    out = copy.deepcopy(document)
    at = out
    for step in where[:-1]:
        at = at[step]
    if value is None:
        del at[where[-1]]
    else:
        at[where[-1]] = value
    return out


def main(root):
    failures = 0
    files = sorted((root / "config").rglob("*.yaml"))
    for path in files:
        try:
            validator = schema_of(path)
            errors = list(validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8"))))
        except (ValueError, OSError) as error:
            failures += 1
            print(error)
            continue
        for error in errors:
            failures += 1
            print(f"{path}: {'/'.join(map(str, error.path))}: {error.message}")
    for name, where, value in BREAKS:
        path = root / "config" / name
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if schema_of(path).is_valid(broken(document, where, value)):
            failures += 1
            print(f"{path}: the schema accepts {'/'.join(map(str, where))} = {value}")
    print(f"config: {len(files)} files, {len(BREAKS)} broken ones, {failures} failures")
    return 1 if failures or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
