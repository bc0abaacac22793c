#!/usr/bin/env python3
"""run.py EVSCAN [CASE..]: evscan finds the article behind the logs of every case, and does not fall for near misses.

A case is tests/knowledge/cases/NAME.yaml, a description as in samples/ (rules/README.md, "Samples") whose logs are made
for the test and thrown away.  Its keys, beside `about` and `logs`:

first       the article that stands first, or `nothing`: there is no diagnosis at all
confidence  of the first one: possible, likely, confirmed
also        articles that are diagnosed too, in any place
below       articles that follow from the first one or are beaten by it, or by what explains events as no trouble
not         articles that are not diagnosed and explain nothing as no trouble
noise       articles that explain events as no trouble

Prints a line for every case that fails and a sum; exit status 1 when one fails.
"""

import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'writer'))

from description import DescriptionError, read_description  # pylint: disable=wrong-import-position
from make_logs import make_log                              # pylint: disable=wrong-import-position

CASES = os.path.join(ROOT, 'tests', 'knowledge', 'cases')
NEEDED = {'about', 'first', 'logs'}
KEYS = NEEDED | {'confidence', 'also', 'below', 'not', 'noise'}
CONFIDENCES = {'possible', 'likely', 'confirmed'}
NOTHING_FOUND, FOUND = 0, 1
SECONDS = 60


class Failure(Exception):
    """What is wrong, in a line."""


def load_case(path):
    """The case as its YAML has it, with its keys checked."""
    with open(path, encoding='utf-8') as file:
        case = yaml.load(file, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
    if not isinstance(case, dict) or NEEDED - case.keys() or case.keys() - KEYS:
        raise Failure(f'a case has the keys {", ".join(sorted(KEYS))}, of which {", ".join(sorted(NEEDED))} are needed')
    if case.get('confidence', 'possible') not in CONFIDENCES:
        raise Failure(f'confidence: {case["confidence"]!r} is none of {", ".join(sorted(CONFIDENCES))}')
    return case


def write_logs(case, folder):
    for log in read_description({'logs': case['logs']}):
        with open(os.path.join(folder, log.file), 'wb') as file:
            file.write(make_log(log).data)


def diagnose(evscan, folder):
    """What evscan reports of the logs in `folder`."""
    done = subprocess.run([evscan, '--format', 'json', folder], capture_output=True, timeout=SECONDS, check=False)
    if done.returncode not in (NOTHING_FOUND, FOUND):
        raise Failure(f'exit status {done.returncode}: {done.stderr.decode(errors="replace").strip()[:400]}')
    return json.loads(done.stdout)


def judge(case, report):
    """Raises `Failure` unless the report is what the case asks for."""
    diagnoses = report['diagnoses']
    found = [diagnosis['article'] for diagnosis in diagnoses]
    noise = [one['article'] for one in report['noise']]
    ranked = ', '.join(f'{d["article"]} {d["score"]} ({d["confidence"]})' for d in diagnoses) or 'nothing'
    first = found[0] if found else 'nothing'
    if first != case['first']:
        raise Failure(f'first is not {case["first"]}: {ranked}')
    if 'confidence' in case and diagnoses[0]['confidence'] != case['confidence']:
        raise Failure(f'the first one is not {case["confidence"]}: {ranked}')
    for article in case.get('also', []):
        if article not in found:
            raise Failure(f'{article} is missing: {ranked}')
    below = [one['article'] for root in diagnoses[:1] + report['noise']
             for one in root['consequences'] + root['beaten']]
    for article in case.get('below', []):
        if article not in below:
            raise Failure(f'{article} is not below the first one: {ranked}')
    for article in case.get('not', []):
        if article in found or article in noise:
            raise Failure(f'{article} is there: {ranked}')
    for article in case.get('noise', []):
        if article not in noise:
            raise Failure(f'{article} explains nothing: {ranked}')


def complaint_about(evscan, path):
    """What is wrong with the case at `path`, or None."""
    try:
        case = load_case(path)
        with tempfile.TemporaryDirectory() as folder:
            write_logs(case, folder)
            judge(case, diagnose(evscan, folder))
    except (Failure, DescriptionError, yaml.YAMLError, json.JSONDecodeError, subprocess.TimeoutExpired) as failure:
        return str(failure)
    return None


def main(arguments):
    if len(arguments) < 2:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 64
    evscan = os.path.abspath(arguments[1])
    paths = ([os.path.join(CASES, name + '.yaml') for name in arguments[2:]]
             or sorted(glob.glob(os.path.join(CASES, '*.yaml'))))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, complaint in zip(paths, pool.map(lambda path: complaint_about(evscan, path), paths)):
            if complaint:
                failed += 1
                print(f'FAILED: {os.path.basename(path)[:-5]}: {complaint}')
    print(f'{len(paths)} cases, {failed} failed')
    return 1 if failed or not paths else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
