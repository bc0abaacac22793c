#!/usr/bin/env python3
"""The runner of the damage set can fail: each thing that it has to find is put before it once."""

import json
import sys

sys.dont_write_bytecode = True

from run import SYSTEM, judge, judge_recovered
from table import Case

CASE = Case('name', 'why', b'', must=[1, 2], may=[3, 4], torn=[4], recover=[8], loss=False, notices=('A|B',))


def finding(number, text=None, marks=(), source='live'):
    value = f'record {number}' if text is None else text
    return {'record': number, 'event': {'source': source, 'marks': list(marks), 'values': [{'value': value}]}}


def torn(marks=('partial',), **system):
    made = finding(4, '', marks)
    made['event'] |= SYSTEM | system
    return made


def report(findings=None, complete=True, notices=('B',), decoded=9, tail=(torn(),)):
    findings = ([finding(1), finding(2)] if findings is None else findings) + list(tail)
    notices = [{'name': name} for name in notices]
    return {'findings': findings, 'complete': complete,
            'inputs': [{'records': {'decoded': decoded, 'partial': 0}, 'notices': notices}]}


WRONG = {
    'a crash': (-11, report()),
    'another exit status': (3, report()),
    'no report': (1, None),
    'a missing record': (1, report([finding(1)])),
    'a record that comes twice': (1, report([finding(1), finding(2), finding(2)])),
    'a record from nowhere': (1, report([finding(1), finding(2), finding(9)])),
    "another record's text": (1, report([finding(1), finding(2), finding(3, 'record 1')])),
    'a record without its text': (1, report([finding(1), finding(2, '')])),
    'a whole record marked as damaged': (1, report([finding(1), finding(2, marks=['partial'])])),
    'a missing notice': (1, report(notices=())),
    'a loss where there is none': (1, report(complete=False)),
    'an account that is too small': (1, report(decoded=1)),
    'a torn record that does not come': (1, report(tail=())),
    'a torn record that says nothing': (1, report(tail=[torn(provider=None, id=None)])),
    'a torn record that passes for a whole one': (1, report(tail=[torn(marks=())])),
}


OLD_WRONG = {
    'an old record that is missing': [finding(1), finding(2)],
    'an old record that passes for one of the log': [finding(1), finding(2), finding(8)],
    'an old record without its text': [finding(1), finding(2), finding(8, '', source='slack')],
    'a record of the log that is missing': [finding(1), finding(8, source='slack')],
}


def old_complaints(findings):
    return judge_recovered(CASE, json.dumps({'findings': findings}).encode())


def complaints(status, said):
    return judge(CASE, status, b'' if said is None else json.dumps(said).encode(), '')


def main():
    right = complaints(1, report([finding(1), finding(2), finding(3, '', ['partial'])]))
    failed = [f'complains where all is right: {right}'] if right else []
    failed += [f'does not see {what}' for what, said in WRONG.items() if not complaints(*said)]
    right = old_complaints([finding(1), finding(2), finding(8, source='slack')])
    failed += [f'complains where all is right: {right}'] if right else []
    failed += [f'does not see {what}' for what, findings in OLD_WRONG.items() if not old_complaints(findings)]
    for line in failed:
        print(f'FAILED: {line}')
    print(f'{2 + len(WRONG) + len(OLD_WRONG)} checks, {len(failed)} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
