#!/usr/bin/env python3
"""run.py EVSCAN: the rules that ship and those that the manual shows are sound, and their tests say that they work.

Every rule of rules/events has events that fire it and near misses; nothing about it is suspicious.  An example of
evscan-rules(5) that has a title is a whole file; one that begins with `detection:` lacks only what all rules have.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MANUAL = os.path.join(ROOT, 'man', 'evscan-rules.5')
HEAD = 'title: An example\nlogsource: {product: windows}\n'
# What the examples of correlations refer to.
LOGONS = ''.join(f'\n---\ntitle: {name}\nname: {name}\nlogsource: {{product: windows, service: security}}\n'
                 f'detection: {{selection: {{Provider_Name: Security, EventID: {number}}}, condition: selection}}\n'
                 for name, number in (('failed_logon', 4625), ('logon', 4624)))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def check_rules(evscan, name, path, *options):
    status, said = run(evscan, 'rules', 'check', *options, path)
    check(f'{name}: nothing is wrong or suspicious', status == 0 and '0 mistakes, 0 warnings' in said, said)


# What the examples of the manual must do, by a text that only one of them has: what is put before and behind it to make
# a file of rules with tests.  None: it has tests of its own.
PORTS = '{Provider_Name: ClusSvc, EventID: 1069, Data: [%s]}'
EXERCISES = {
    'name: clussvc-1009': ('', '''tests:
    match: [{Provider_Name: ClusSvc, EventID: 1009, Channel: System}]
    no-match:
        - {Provider_Name: ClusSvc, EventID: 1010, Channel: System}
        - {Provider_Name: Other, EventID: 1009, Channel: System}
'''),
    'not 1 of filter_*': (HEAD + '''detection:
    selection: {A: x}
    filter_one: {B: x}
    filter_two: {C: x}
    ''', '''tests:
    match: [{Data: {A: x}}]
    no-match: [{Data: {A: x, B: x}}, {Data: {A: x, C: x}}, {Data: {B: y}}]
'''),
    'title: Nightly backup': ('', '''---
title: Filtered
logsource: {product: windows, service: system}
detection: {selection: {Provider_Name: P, EventID: 1}, condition: selection}
tests:
    match: [{Provider_Name: P, EventID: 1, Channel: System, Computer: NODE1}]
    no-match: [{Provider_Name: P, EventID: 1, Channel: System, Computer: BACKUP1}]
'''),
    'Many failed logons, then one': ('', LOGONS),  # and logons()
    'placeholders:': (None, '''title: Placeholders
logsource: {product: windows}
detection: {selection: {Host|expand: '%Servers%', User|expand: '%Administrators%'}, condition: selection}
tests:
    match: [{Data: {Host: SQL7, User: adm-bob}}, {Data: {Host: fs01, User: ADM-BOB}}]
    no-match: [{Data: {Host: FS02, User: adm-bob}}, {Data: {Host: FS01, User: bob}}]
---
title: Service
logsource: {product: windows, service: backup}
detection: {selection: {A: x}, condition: selection}
tests:
    match: [{Channel: Example-Backup/Admin, Data: {A: x}}]
    no-match: [{Channel: Example-Backup/Debug, Data: {A: x}}]
---
title: Category
logsource: {product: windows, category: backup_failed}
detection: {selection: {A: x}, condition: selection}
tests:
    match: [{Channel: Example-Backup/Operational, EventID: 518, Data: {A: x}}]
    no-match: [{Channel: Example-Backup/Operational, EventID: 519, Data: {A: x}}]
---
title: Provider
logsource: {product: windows, category: resource_dll}
detection: {selection: {A: x}, condition: selection}
tests:
    match: [{Provider_Name: ExampleDll, Data: {A: x}}]
    no-match: [{Provider_Name: Other, Data: {A: x}}]
'''),
    'title: Shared disk failed': None,
    'title: Three failed logons': None,
    'no more endpoints available': (HEAD, f'''tests:
    match: [{PORTS % 'error 1753'}, {PORTS % '0x6d9'}, {PORTS % '"%%1753"'}, {PORTS % '0x800706D9'},
            {PORTS % 'There are No More Endpoints Available from the mapper'}]
    no-match: [{PORTS % '17530'}, {PORTS % '0x6D90'}, {{Provider_Name: Other, EventID: 1069, Data: ['1753']}}]
'''),
}


def logons():
    """Three failed logons and one that succeeds, and the same too late or of another user."""
    def event(number, user, time):
        return {'Provider_Name': 'Security', 'EventID': number, 'Channel': 'Security', 'Computer': 'A',
                'Data': {'TargetUserName': user}, 'TimeCreated': time}
    failed = [event(4625, 'bob', '+10s') for _ in range(3)]
    return 'tests: ' + json.dumps({'match': [failed + [event(4624, 'BOB', '+5m')]],
                                   'no-match': [failed + [event(4624, 'bob', '+11m')],
                                                failed + [event(4624, 'eve', '+1s')],
                                                failed[:2] + [event(4624, 'bob', '+1s')]]}) + '\n'


def examples():
    with open(MANUAL, encoding='utf-8') as file:
        blocks = re.findall(r'^\.Bd -literal.*?\n(.*?)^\.Ed', file.read(), re.M | re.S)
    return [block.replace('\\e', '\\').replace('\\&', '') for block in blocks]


def example_files(text):
    """{name: content} of what is tested; {} for an example that nobody said anything about."""
    markers = [marker for marker in EXERCISES if marker in text]
    if len(markers) != 1:
        return {}
    if markers[0].startswith('Many failed'):
        return {'rule.yaml': logons() + text + LOGONS}
    if EXERCISES[markers[0]] is None:
        return {'rule.yaml': text + (LOGONS if 'failed_logon' in text else '')}
    before, behind = EXERCISES[markers[0]]
    if before is None:
        return {'site.pipeline.yaml': text, 'rule.yaml': behind}
    return {'rule.yaml': before + text + behind}


def check_examples(evscan):
    texts = examples()
    check('the manual shows what is tested here', len(texts) == len(EXERCISES), [text[:40] for text in texts])
    for number, text in enumerate(texts, 1):
        files = example_files(text)
        check(f'example {number} of the manual has its test', files, text)
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                    file.write(content)
            status, said = run(evscan, 'rules', 'check', folder)
            check(f'example {number} loads', status == 0, said)
            status, said = run(evscan, 'rules', 'test', folder)
            check(f'... and does what it says ({said.splitlines()[-1]})',
                  status == 0 and not said.startswith('0 tests'), said)


def main():
    evscan = os.path.abspath(sys.argv[1])
    events = os.path.join(ROOT, 'rules', 'events')
    check_rules(evscan, 'rules/events', events, '--own')
    check_rules(evscan, 'rules', os.path.join(ROOT, 'rules'), '--own')
    status, said = run(evscan, 'rules', 'test', '--complete', events)
    check(f'rules/events have tests of both kinds, and pass them ({said.splitlines()[-1]})', status == 0, said)
    check_examples(evscan)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
