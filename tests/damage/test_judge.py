#!/usr/bin/env python3
"""The runner of the damage set can fail: each thing that it has to find is put before it once."""

import json
import sys

sys.dont_write_bytecode = True

from run import SYSTEM, judge, judge_recovered
from said import KEYS, found_said
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


def said(number, **other):
    """An event as the undamaged log has it, but for `other`."""
    event = dict.fromkeys(KEYS) | SYSTEM | {'record': number, 'source': 'live', 'marks': [], 'offset': 100 * number,
                                            'values': [{'part': 'data', 'name': 'Text', 'value': f'record {number}'}]}
    return {'record': number, 'event': event | other}


def values(*texts, name='Text', part='data'):
    return [{'part': part, 'name': name, 'value': text} for text in texts]


SAID = {number: [found_said(said(number)['event'])] for number in (1, 2, 8)}
NOT_SAID = {
    'another level': said(2, level=3),
    'another time': said(2, time='1999-04-12T02:10:06Z'),
    'another value': said(2, values=values('record two')),
    'a value that is missing': said(2, values=[]),
    'a value too many': said(2, values=values('record 2', 'odd')),
    'a value of another name': said(2, values=values('record 2', name='Test')),
    'a value of another part': said(2, values=values('record 2', part='user')),
    'a template of elsewhere with other values': said(2, marks=['template-foreign'], values=values('odd')),
}


def not_said(found, **more):
    """What is complained about; in a case that is judged, and in one of which record 2 was not damaged."""
    found = json.dumps(report([said(1), found], tail=())).encode()
    judged = Case('name', 'why', b'', must=[1], may=[2], said=SAID, **more)
    noise = Case('name', 'why', b'', must=[], judged=False, said=SAID, whole={200: 2}, **more)
    return [judge(case, 1, found, '') for case in (judged, noise)]


def values_failed():
    failed = [f'does not see {what}' for what, found in NOT_SAID.items() if not all(not_said(found))]
    for what, found, more in [('all is right', said(2), {}),
                              ('it has a mark', said(2, marks=['partial'], values=[]), {}),
                              ('its own values were damaged', said(2, values=[]), {'values': [2]})]:
        if any(not_said(found, **more)):
            failed.append(f'complains where {what}: {not_said(found, **more)}')
    damaged, elsewhere = not_said(said(2, offset=300, values=[]))
    if not damaged or elsewhere:
        failed.append(f'a record that was damaged is judged, or one that was not is not: {damaged}, {elsewhere}')
    if not not_said(said(9, offset=200))[1]:
        failed.append('does not see another number of a record that was not damaged')
    return failed


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
    failed += values_failed()
    for line in failed:
        print(f'FAILED: {line}')
    print(f'{7 + len(WRONG) + len(OLD_WRONG) + len(NOT_SAID)} checks, {len(failed)} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
