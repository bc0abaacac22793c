#!/usr/bin/python3
"""What test_report prints: the text as it was accepted, the JSON as its schema says.

usage: test_report.py TEST_REPORT SCHEMA FOLDER [--update]

FOLDER holds the accepted texts; --update writes them anew (read them before you commit them).
"""
import copy
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import jsonschema

TEXTS = ["text", "explain", "hostile", "healthy"]
REPORTS = ["json", "hostile-json", "healthy-json"]
TABLES = ["csv", "hostile-csv"]
LINES = ["jsonl", "hostile-jsonl", "healthy-jsonl"]


def printed(program, what):
    return subprocess.run([program, what], check=True, stdout=subprocess.PIPE).stdout


def check_text(program, what, folder, update):
    accepted = folder / f"report-{what}.txt"
    found = printed(program, what)
    if update:
        accepted.write_bytes(found)
    if accepted.read_bytes() == found:
        return []
    return [f"{what}: the text differs from {accepted.name}; see the difference with\n"
            f"  {program} {what} | diff {accepted} -"]


def no_constant(name):
    raise ValueError(f"{name} is no JSON")


def no_doubles(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key comes twice: {keys}")
    return dict(pairs)


def check_json(program, what, validator):
    report = json.loads(printed(program, what).decode("utf-8"), parse_constant=no_constant,
                        object_pairs_hook=no_doubles)
    return [f"{what}: {error.json_path}: {error.message}" for error in validator.iter_errors(report)], report


def check_lines(program, what, validator):
    errors, kinds = [], []
    for number, line in enumerate(printed(program, what).decode("utf-8").splitlines(), 1):
        value = json.loads(line, parse_constant=no_constant, object_pairs_hook=no_doubles)
        kinds += value
        errors += [f"{what}: line {number}: {error.json_path}: {error.message}" for error in validator.iter_errors(value)]
        foreign = {**value, "foreign": 1}
        if validator.is_valid(foreign):
            errors.append(f"{what}: the schema accepts a foreign member in line {number}")
    if kinds[0] != "run" or kinds[-1] != "verdict" or kinds.count("run") + kinds.count("verdict") != 2:
        errors.append(f"{what}: lines are {kinds}")
    return errors


def check_table(program, what):
    """Every row has all columns, and no cell can be taken for a formula."""
    text = printed(program, what).decode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    errors = [f"{what}: row {i} has {len(row)} columns" for i, row in enumerate(rows) if len(row) != len(rows[0])]
    errors += [f"{what}: a formula: {cell}" for row in rows for cell in row if cell.strip()[:1] in list("=+-@")]
    if text.count("\r\n") != len(rows) or text.count("\n") != len(rows) or len(rows) < 2:
        errors.append(f"{what}: not one line a row")
    return errors


def objects(value):
    """Every object in the report."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from objects(child)


def check_strictness(report, validator):
    """A schema that accepts anything proves nothing: it must refuse a foreign member and a missing one, anywhere."""
    errors = []
    for at, _ in enumerate(objects(report)):
        foreign = copy.deepcopy(report)
        list(objects(foreign))[at]["foreign"] = 1
        if validator.is_valid(foreign):
            errors.append(f"the schema accepts a foreign member in object {at}")
    for key in report:
        missing = {k: v for k, v in report.items() if k != key}
        if validator.is_valid(missing):
            errors.append(f"the schema does not ask for {key}")
    return errors


def main(program, schema, folder, update):
    schema = json.loads(Path(schema).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    errors = []
    for what in TEXTS:
        errors += check_text(program, what, Path(folder), update)
    for what in REPORTS:
        found, report = check_json(program, what, validator)
        errors += found
        if what == "json":
            if report["findings"][-1]["record"] != 2**64 - 3:
                errors.append("a large record number lost digits")
            errors += check_strictness(report, validator)
    line = jsonschema.Draft202012Validator({"$ref": "#/$defs/line", "$defs": schema["$defs"]})
    for what in LINES:
        errors += check_lines(program, what, line)
    for what in TABLES:
        errors += check_table(program, what)
    if len(printed(program, "huge-markdown")) > 60000:
        errors.append("markdown: too long for a ticket")
    for error in errors:
        print(error)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], "--update" in sys.argv[4:]))
