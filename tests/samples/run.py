#!/usr/bin/env python3
"""run.py EVSCAN samples|corpus: evscan diagnoses what it has to, and nothing else.

samples  Every samples/NAME gives the articles that its incident.yaml expects, in that order, the first one with the
         confidence given there.  One that expects none gives no finding either, and exit status 0.
corpus   No file of the shared corpus of real logs (EVSCAN_SHARED, else ../shared), none of which comes from a cluster
         in trouble, gives a diagnosis above "possible", alone, with --recover, or together with all others, and nothing
         at all (fixed, noise and what is ruled out included) that is not judged in tests/samples/corpus.yaml.  Skipped
         (exit status 77) where there is no corpus.  With sanitizers every file is read together with all others, and each
         eighth one alone.

Prints a line a check; exit status 1 when one fails.
"""

import glob
import json
import os
import subprocess
import sys

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import part_of  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get('EVSCAN_SHARED') or os.path.join(os.path.dirname(ROOT), 'shared')
NOTHING_FOUND, FOUND, INCOMPLETE, FOUND_INCOMPLETE = 0, 1, 2, 3
NO_DATA = 65
SECONDS = 120


class Failure(Exception):
    """What is wrong, in a line."""


def diagnose(evscan, paths, allowed):
    """The report of evscan over `paths`, as it is in its JSON, and its exit status, which must be one of `allowed`."""
    command = [evscan, '--format', 'json', *paths]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode not in allowed:
        message = done.stderr.decode(errors='replace').strip()
        raise Failure(f'exit status {done.returncode}, expected one of {allowed}: {message[:400]}')
    return json.loads(done.stdout), done.returncode


def expect(what, got, wanted):
    if got != wanted:
        raise Failure(f'{what}: got {got}, expected {wanted}')


def check_sample(evscan, description):
    with open(description, encoding='utf-8') as file:
        incident = yaml.safe_load(file)
    folder = os.path.dirname(description)
    paths = [os.path.join(folder, log['file']) for log in incident['logs']]
    report, status = diagnose(evscan, paths, (NOTHING_FOUND, FOUND))
    found = [d['article'] for d in report['diagnoses']]
    expect('articles', found, incident['expect'])
    if not incident['expect']:
        findings = incident.get('findings', [])
        expect('findings', [f['name'] for f in report['findings']], findings)
        expect('exit status', status, FOUND if findings else NOTHING_FOUND)
        return
    expect('exit status', status, FOUND)
    if 'confidence' in incident:
        expect('confidence of the first', report['diagnoses'][0]['confidence'], incident['confidence'])


def judged():
    with open(os.path.join(ROOT, 'tests', 'samples', 'corpus.yaml'), encoding='utf-8') as file:
        return yaml.safe_load(file)


def check_real_log(evscan, path):
    statuses = (NOTHING_FOUND, FOUND, INCOMPLETE, FOUND_INCOMPLETE)
    name = f'all of {os.path.basename(path)}' if os.path.isdir(path) else os.path.basename(path)
    for options in [], ['--recover']:
        report, _ = diagnose(evscan, [*options, path],
                             statuses if os.path.isdir(path) or os.path.getsize(path) else (NO_DATA,))
        expect('diagnoses above possible',
               [(d['article'], d['confidence'], d['score']) for d in report['diagnoses'] if d['confidence'] != 'possible'], [])
        said = {d['article'] for kind in ('diagnoses', 'closed', 'noise', 'considered') for d in report[kind]}
        expect('articles', sorted(said), sorted(judged().get(name, {})))


def samples(_):
    return [(os.path.basename(os.path.dirname(path)), check_sample, path)
            for path in sorted(glob.glob(os.path.join(ROOT, 'samples', '*', 'incident.yaml')))]


def corpus(evscan):
    return [(os.path.basename(path), check_real_log, path)
            for kind in ('evt', 'evtx')
            for folder in [os.path.join(SHARED, 'corpus', kind)]
            for path in [folder, *part_of(sorted(glob.glob(os.path.join(folder, '*'))), evscan, 8)]
            if os.path.exists(path)]


def main(arguments):
    if len(arguments) != 2 or arguments[1] not in ('samples', 'corpus'):
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 64
    evscan = os.path.abspath(arguments[0])
    checks = {'samples': samples, 'corpus': corpus}[arguments[1]](evscan)
    if not checks:
        print(f'skipped: nothing in {SHARED}' if arguments[1] == 'corpus' else 'no samples')
        return 77 if arguments[1] == 'corpus' else 1
    failures = 0
    for name, check, path in checks:
        try:
            check(evscan, path)
            print(f'ok: {name}')
        except (Failure, json.JSONDecodeError, subprocess.TimeoutExpired) as failure:
            failures += 1
            print(f'FAILED: {name}: {failure}')
    print(f'{len(checks)} checked, {failures} failed')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
