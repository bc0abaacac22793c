#!/usr/bin/env python3
"""run.py EVSCAN [NAME..]: runs evscan over the damage set, or over the cases whose names begin so.

Every case must end by itself within 20 seconds and 512 MiB, with the records, the losses, the notices and the exit
status that follow from what was done to the log, and with the same report for any number of threads (with sanitizers
only three threads run).  Prints what failed; exit status 1 when anything did.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import is_sanitized  # noqa: E402
from damage import write_case    # noqa: E402
from said import difference, found_said  # noqa: E402
from table import all_cases      # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(HERE, 'every_record.yaml')
SECONDS, BYTES = 20, 512 << 20
OF_THE_LOG = {'live', 'resync', 'orphan'}
DAMAGED = {'partial', 'template-lost', 'cut'}  # marks of an event that is not whole


class Runner:
    def __init__(self, binary, folder):
        self.binary = os.path.abspath(binary)
        self.folder = folder
        self.limited = not is_sanitized(binary)
        self.threads = (1, 3) if self.limited else (3,)

    def limit(self):
        if self.limited:
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))

    def run(self, case):
        """The complaints about one case."""
        path = write_case(case, self.folder)
        try:
            one, *more = [self.scan(path, threads) for threads in self.threads]
            recovered = judge_recovered(case, self.scan(path, 2, '--recover').stdout) if case.recover else []
        except subprocess.TimeoutExpired:
            return [f'did not end within {SECONDS} seconds']
        finally:
            os.unlink(path)
        threads = ['one thread and three threads give different reports' for other in more if other.stdout != one.stdout]
        return judge(case, one.returncode, one.stdout, one.stderr.decode(errors='replace')) + threads + recovered

    def scan(self, path, threads, *options):
        command = [self.binary, *options, '--format', 'json', '--threads', str(threads), '--rules', RULES, path]
        return subprocess.run(command, capture_output=True, timeout=SECONDS, preexec_fn=self.limit, check=False)


# -- what came of it

def statuses(case):
    if case.statuses:
        return case.statuses
    if not case.must:
        return (0, 1, 2, 3, 65)
    return {True: (3,), False: (1,), None: (1, 3)}[case.loss]


def own_and_foreign(event, number):
    """Does the event say its own text, and whose else does it say?"""
    said = [match for value in event['values'] for match in re.findall(r'\brecord (\d+)\b', value['value'])]
    return str(number) in said, [text for text in said if text != str(number)]


def judge_said(finding, case):
    """An event without a mark says all that its record says in the undamaged log, and nothing else."""
    event, number = finding['event'], finding['record']
    if not case.judged:
        number = case.whole.get(event['offset'])
    if DAMAGED & set(event['marks']) or number not in case.said or number in case.values:
        return
    found = found_said(event)
    if found not in case.said[number]:
        yield f'record {number} at byte {event["offset"]} without a mark: {difference(found, case.said[number][0])}'


def judge_event(finding, case, must):
    yield from judge_said(finding, case)
    event, number = finding['event'], finding['record']
    own, foreign = own_and_foreign(event, number)
    if foreign:
        yield f'record {number} says the text of record {", ".join(foreign)}'
    if number in must and not own:
        yield f'record {number} came without its text'
    if number in must and DAMAGED & set(event['marks']):
        yield f'record {number} is whole but came marked {event["marks"]}'


def short(counter):
    numbers = sorted(counter.elements())
    return f'{", ".join(map(str, numbers[:8]))}{" .." if len(numbers) > 8 else ""} ({len(numbers)})'


SYSTEM = {'provider': 'Damage', 'id': 700, 'level': 4, 'computer': 'NODE1'}  # of every event of the set


def judge_torn(case, report):
    """Of a record without its tail comes what stands in front of the tear."""
    came = {finding['record']: finding['event'] for finding in report['findings']}
    for number in case.torn:
        event = came.get(number, {})
        if any(event.get(key) != value for key, value in SYSTEM.items()):
            yield f'record {number} came without what stands in front of its tear'
        elif 'partial' not in event['marks']:
            yield f'record {number} is torn and does not say so'


def judge_records(case, report):
    came = Counter(finding['record'] for finding in report['findings'])
    if case.expected - came:
        yield f'records missing: {short(case.expected - came)}'
    if came - case.allowed:
        yield f'records that should not come: {short(came - case.allowed)}'
    for finding in report['findings']:
        yield from judge_event(finding, case, case.expected)
    yield from judge_torn(case, report)
    counted = sum(sum(i['records'][key] for key in ('decoded', 'partial')) for i in report['inputs'])
    of_log = sum(finding['event']['source'] in OF_THE_LOG for finding in report['findings'])
    if counted < of_log:
        yield f'the account has {counted} records, {of_log} came'


def judge_notices(case, report):
    names = {notice['name'] for entry in report['inputs'] for notice in entry['notices']}
    for wanted in case.notices:
        if not names & set(wanted.split('|')):
            yield f'no notice {wanted}, only: {", ".join(sorted(names)) or "none"}'
    if case.loss is not None and case.loss == report['complete']:
        yield f'complete is {report["complete"]}; notices: {", ".join(sorted(names)) or "none"}'


def judge_recovered(case, out):
    """With --recover: the records of the log as before, and old ones that say so."""
    findings = json.loads(out)['findings']
    of_log = Counter(f['record'] for f in findings if f['event']['source'] in OF_THE_LOG)
    old = Counter(f['record'] for f in findings if f['event']['source'] not in OF_THE_LOG)
    complaints = [text for finding in findings for text in judge_event(finding, case, case.recover)]
    differ = (of_log - case.expected) + (case.expected - of_log)
    missing = Counter(case.recover) - old
    if differ:
        complaints.append(f'--recover: records of the log differ: {short(differ)}')
    if missing:
        complaints.append(f'--recover: old records missing: {short(missing)}')
    return complaints


def judge(case, status, out, err):
    if status < 0 or 'Sanitizer' in err:
        return [f'crashed (status {status}): {err[:800]}']
    complaints = [] if status in statuses(case) else [f'exit status {status}, expected {statuses(case)}']
    try:
        report = json.loads(out)
    except ValueError as error:
        return complaints + [f'no JSON: {error}; standard error: {err[-500:]}']
    if not case.judged:
        return complaints + [text for finding in report['findings'] for text in judge_said(finding, case)]
    return complaints + list(judge_records(case, report)) + list(judge_notices(case, report))


def main():
    binary, wanted = sys.argv[1], tuple(sys.argv[2:])
    count = failed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        runner = Runner(binary, folder)
        cases = [case for case in all_cases() if not wanted or case.name.startswith(wanted)]
        for case, complaints in zip(cases, pool.map(runner.run, cases)):
            count += 1
            failed += bool(complaints)
            for complaint in complaints[:5]:
                print(f'FAILED: {case.name}{case.suffix} ({case.why}): {complaint}')
    print(f'{count} cases of damage, {failed} failed')
    return 1 if failed or not count else 0


if __name__ == '__main__':
    sys.exit(main())
