#!/usr/bin/env python3
"""updates.py EVSCAN: an update that Windows Server 2008 or later installs closes what it mends, and nothing else does.

The facts name no update that mends an incident of these systems, so two articles are made up for the test: one that an
update closes, and one that it takes points from.  Their event stands in the System logs of both nodes; behind it is
what the update agent or the servicing stack writes.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile

from run import Failure, write_logs

ARTICLE = """article: %s
title: A node is set aside by a defect that an update mends
summary: A defect sets nodes aside.
products: [Windows Server 2012 R2]
applies: {os: [2012r2]}
evidence:
    needs: [{rule: failover-1672, points: 70, text: A node was set aside}]
    # No against: it is made up.
    fixed-by: [%s]
    settles: [{question: Is the update installed?, command: Get-HotFix}]
    # No exercised-by: it is made up.
cause: It is made up.
remediation: [{node: each node, step: Install the update KB3216549.}]
"""
CLOSED = ARTICLE % ('made-up-closed', '{hotfix: KB3216549, text: The update is installed}')
LOWERED = ARTICLE % ('made-up-lowered', '{hotfix: KB3216549, points: 30, text: The update is installed}')
POINTS, LESS = 70, 40
BEGIN = datetime.datetime(2017, 3, 6, 8)
NODES = ('NODE1', 'NODE2')
AGENT = 'Microsoft-Windows-WindowsUpdateClient'
TITLE = 'Update for Windows Server 2012 R2 (KB%s)'


def agent(number, event=19):
    """As the agent of these systems writes it, with named values."""
    return {'source': AGENT, 'id': event, 'data': {'updateTitle': TITLE % number, 'updateRevisionNumber': '200',
                                                   'updateGuid': '{5C42B0F7-1E33-4A0D-9E0C-4C0F4B1F2D10}'}}


def package(state):
    return {'source': 'Microsoft-Windows-Servicing', 'id': 2, 'channel': 'Setup', 'user_data': {'CbsPackageChangeState': {
        'PackageIdentifier': 'KB3216549', 'IntendedPackageStateTextized': state, 'ErrorCode': '0x0'}}}


# What is written: on which nodes, how long after the trouble, whether it is the remedy.
RUNS = {
    'nothing': ({}, NODES, 2, False),
    'the update, by its agent': (agent('3216549'), NODES, 2, True),
    'the update, by the servicing stack': (package('Installed'), NODES, 2, True),
    'the same taken away': (package('Absent'), NODES, 2, False),
    'the update, which failed': (agent('3216549', 20), NODES, 2, False),
    'another update': (agent('3216548'), NODES, 2, False),
    'one whose number begins like that': (agent('32165490'), NODES, 2, False),
    'the update, on one node only': (agent('3216549'), NODES[:1], 2, False),
    'the update, an hour before the trouble': (agent('3216549'), NODES, -1, False),
}


def logs_of(written, nodes, hours):
    """Both nodes' logs: what the system is, the trouble at twelve, `written`, something behind it."""
    for node in NODES:
        def at(hour, event):
            return {'time': (BEGIN + datetime.timedelta(hours=hour)).strftime('%Y-%m-%dT%H:%M:%SZ'), **event}
        events = [at(0, {'source': 'EventLog', 'id': 6009, 'strings': ['6.03.', '9600', '', 'Multiprocessor Free']}),
                  at(4, {'source': 'Microsoft-Windows-FailoverClustering', 'id': 1672, 'data': {'NodeName': 'NODE9'}}),
                  at(9, {'source': 'EventLog', 'id': 6013, 'strings': ['', '', '', '', '60', '0', '0 UTC']})]
        if written and node in nodes and 'channel' not in written:
            events.append(at(4 + hours, written))
        yield {'file': f'{node}.evtx', 'format': 'evtx', 'computer': node,
               'events': sorted(events, key=lambda event: event['time'])}
        if written.get('channel') and node in nodes:
            yield {'file': f'{node}-setup.evtx', 'format': 'evtx', 'computer': node, 'channel': 'Setup',
                   'events': [at(4 + hours, {key: value for key, value in written.items() if key != 'channel'})]}


def report_of(evscan, logs):
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, 'rules')
        os.makedirs(os.path.join(folder, 'logs'))
        os.makedirs(rules)
        for name, text in (('closed', CLOSED), ('lowered', LOWERED)):
            with open(os.path.join(rules, f'{name}.yaml'), 'w', encoding='utf-8') as file:
                file.write(text)
        write_logs({'logs': logs}, os.path.join(folder, 'logs'))
        done = subprocess.run([evscan, '--add-rules', rules, '--format', 'json', os.path.join(folder, 'logs')],
                              capture_output=True, timeout=60, check=False)
    if done.returncode != 1:
        raise Failure(f'exit status {done.returncode}: {done.stderr.decode(errors="replace").strip()[:400]}')
    return json.loads(done.stdout)


def complaint_about(evscan, written, nodes, hours, mends):
    report = report_of(evscan, list(logs_of(written, nodes, hours)))
    scores = {one['article']: one['score'] for one in report['diagnoses']}
    closed = [one['article'] for one in report['closed']]
    if ('made-up-closed' in closed, scores.get('made-up-closed')) != (mends, None if mends else POINTS):
        return f'closed: {closed}, diagnosed: {scores}'
    if scores.get('made-up-lowered') != (LESS if mends else POINTS):
        return f'the one that loses points: {scores}'
    return None


def main(arguments):
    failed = 0
    for what, run in RUNS.items():
        try:
            complaint = complaint_about(os.path.abspath(arguments[1]), *run)
        except Failure as failure:
            complaint = str(failure)
        failed += complaint is not None
        print(f'{"FAILED" if complaint else "ok"}: {what}{": " + complaint if complaint else ""}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
