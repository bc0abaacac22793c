#!/usr/bin/env python3
"""run.py EVSCAN [--update] [NAME..]: whole commands and all that comes of them.

A case is a folder with `cmd` (a command line that begins with evscan and runs at the root of the source tree), `stdout`,
`stderr` and `exit`.  In what is expected, VERSION stands for the version of evscan and N (in JSON 0) for the numbers of
rules and articles, which grow with what evscan knows.  JSON on standard output must also be what report.schema.json says.
--update writes what came: read it before it is committed.

Prints a line a case; exit status 1 when one fails.
"""

import difflib
import json
import os
import re
import shlex
import subprocess
import sys

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCHEMA = os.path.join(ROOT, 'analyzer', 'report', 'report.schema.json')
PARTS = ('stdout', 'stderr', 'exit')
SECONDS = 60
GROWING = [(r'\b\d+ of \d+ rules', 'N of N rules'), (r'\b\d+ articles', 'N articles'),
           (r'\b\d+ rules fit what', 'N rules fit what'), (r'; \d+ need a', '; N need a'),
           (r'("(?:rules|correlations|articles|without_channel|without_provider)": ?)\d+', r'\g<1>0')]


def read(path):
    try:
        with open(path, encoding='utf-8') as file:
            return file.read()
    except FileNotFoundError:
        return ''


def version_of(evscan):
    """The last word of the first line of --version, such as 0.1.0."""
    done = subprocess.run([evscan, '--version'], capture_output=True, text=True, timeout=SECONDS, check=True)
    return done.stdout.split('\n', 1)[0].split()[-1]


def normal(text, version):
    text = text.replace(version, 'VERSION')
    for pattern, stands_for in GROWING:
        text = re.sub(pattern, stands_for, text)
    return text


def run_case(evscan, folder):
    """Standard output, standard error and exit status of the command."""
    words = shlex.split(read(os.path.join(folder, 'cmd')))
    if not words or words[0] != 'evscan':
        raise ValueError(f'{folder}/cmd does not begin with evscan')
    environment = {'PATH': '/usr/bin:/bin', 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'}
    environment |= {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    done = subprocess.run([evscan, *words[1:]], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=SECONDS, check=False)
    return done.stdout.decode(), done.stderr.decode(), f'{done.returncode}\n'


def schema_complaint(text):
    if not text.startswith('{') or text.startswith(('{"Event":', '{"time":')) or '\n  "tables": [' in text:  # events, counts
        return None
    try:
        schema = json.loads(read(SCHEMA))
        if text.startswith('{"run":'):  # JSON Lines
            schema = {'$ref': '#/$defs/line', '$defs': schema['$defs']}
        for one in text.splitlines() if '$ref' in schema else [text]:
            jsonschema.validate(json.loads(one), schema)
    except (json.JSONDecodeError, jsonschema.ValidationError) as error:
        return f'standard output and report.schema.json differ: {str(error).splitlines()[0]}'
    return None


def compare(folder, got):
    """Lines that say what differs."""
    complaints = []
    for part in PARTS:
        wanted = read(os.path.join(folder, part))
        complaints += difflib.unified_diff(wanted.splitlines(), got[part].splitlines(), f'{part} expected', f'{part} got',
                                           lineterm='', n=1)
    return complaints


def update(folder, got):
    for part in PARTS:
        with open(os.path.join(folder, part), 'w', encoding='utf-8') as file:
            file.write(got[part])


def check(evscan, version, folder, rewrite):
    parts = run_case(evscan, folder)
    got = {name: normal(text, version) for name, text in zip(PARTS, parts)}
    if rewrite:
        update(folder, got)
    complaint = schema_complaint(parts[0])
    return compare(folder, got) + ([complaint] if complaint else [])


def main(arguments):
    rewrite = '--update' in arguments
    names = [argument for argument in arguments if argument != '--update']
    if not names:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 64
    evscan, wanted = os.path.abspath(names[0]), names[1:]
    cases = wanted or sorted(name for name in os.listdir(HERE) if os.path.exists(os.path.join(HERE, name, 'cmd')))
    version = version_of(evscan)
    failures = 0
    for name in cases:
        complaints = check(evscan, version, os.path.join(HERE, name), rewrite)
        failures += bool(complaints)
        print(f'FAILED: {name}' if complaints else f'ok: {name}')
        for line in complaints:
            print(f'  {line}')
    print(f'{len(cases)} checked, {failures} failed')
    return 1 if failures or not cases else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
