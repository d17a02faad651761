#!/usr/bin/env python3
"""Validates recorded answers against docs/openapi.yaml.

Usage: openapi_check.py OPENAPI ANSWERS    ANSWERS: one JSON object a line with method, path (as in
the document), status, type and body. Exit code 0: all fit; 1: printed what does not; 77: the Python
packages that this needs are not here.
"""
import datetime
import json
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"not checked: {missing}")
    sys.exit(77)


class Loader(yaml.SafeLoader):
    """YAML whose times stay text, as JSON would have them."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


# The package itself checks times only where another one is installed, which Debian does not have.
formats = jsonschema.FormatChecker(formats=())
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@formats.checks("date-time", raises=ValueError)
def is_time(text):
    if not isinstance(text, str):
        return True
    if not RFC3339.fullmatch(text):
        return False
    datetime.datetime.fromisoformat(text)
    return True


def resolve(document, node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def closed(schema):
    """The same schema, where objects hold nothing that is not described."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        out.setdefault("unevaluatedProperties", False)
    return out


def opened_parts(schema):
    """allOf: the parts stay open, the whole is closed."""
    if isinstance(schema, list):
        return [opened_parts(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: opened_parts(value) for key, value in schema.items()}
    if "allOf" in out and any("object" == part.get("type") for part in out["allOf"]):
        for part in out["allOf"]:
            part.pop("unevaluatedProperties", None)
        out["unevaluatedProperties"] = False
    return out


def check(document, validator_of, answer):
    where = f"{answer['method']} {answer['path']} {answer['status']}"
    operation = document["paths"].get(answer["path"], {}).get(answer["method"].lower())
    if operation is None:
        return [f"{where}: no such operation"]
    described = operation["responses"].get(str(answer["status"]))
    if described is None:
        return [f"{where}: a status that the document does not name"]
    content = resolve(document, described).get("content", {})
    kind = answer["type"].split(";")[0]
    if not content:
        return [f"{where}: has a body"] if answer["body"] else []
    if kind not in content:
        return [f"{where}: content type {kind}, described is {', '.join(content)}"]
    if "json" not in kind:
        return []
    errors = validator_of(content[kind]["schema"]).iter_errors(json.loads(answer["body"]))
    return [f"{where}: {'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in errors]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = yaml.load(file, Loader)
    # A summary is part of a detail, so it cannot be closed by itself.
    strict = opened_parts(closed(document["components"]["schemas"]))
    for part in ("TaskSummary", "Asset"):
        strict[part].pop("unevaluatedProperties", None)

    def validator_of(schema):
        rooted = {"components": {"schemas": strict}, **schema}
        return jsonschema.Draft202012Validator(rooted, format_checker=formats)

    wrong, count = [], 0
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            count += 1
            wrong += check(document, validator_of, json.loads(line))
    print("\n".join(wrong) if wrong else f"{count} answers fit")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
