#!/usr/bin/python3
"""What evscan knows of the fields of events (analyzer/rule/event_fields.c) against real logs.  fields.py EVSCAN SHARED

A rule is made for each kind of event whose fields are known, with all fields that such events have in the real logs:
`rules check` must not call any of them unknown, but one that was made up.
"""

import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
sys.dont_write_bytecode = True

from checks import check, exit_status  # noqa: E402

SOURCES = {'Microsoft-Windows-Sysmon': ('sysmon', None),
           'Microsoft-Windows-Security-Auditing': ('security', {4657, 4688, 5156})}


def fields_of_logs(evscan, folder):
    """{(provider, event ID): names}"""
    found = collections.defaultdict(set)
    shown = subprocess.run([evscan, 'show', '-o', 'jsonl', folder], capture_output=True, check=False, timeout=300)
    for line in shown.stdout.splitlines():
        event = json.loads(line).get('Event') or {}
        system, data = event.get('System') or {}, event.get('EventData')
        provider = ((system.get('Provider') or {}).get('#attributes') or {}).get('Name')
        number = system.get('EventID')
        known = SOURCES.get(provider, (None, set()))[1]
        if isinstance(data, dict) and isinstance(number, int) and (known is None or number in known):
            found[provider, number] |= {name for name in data if not name.startswith('#')}
    return found


def warnings(evscan, provider, number, names):
    detection = {'selection': {'Provider_Name': provider, 'EventID': number, **{name: 'x' for name in names}},
                 'condition': 'selection'}
    rule = {'title': 'All fields', 'logsource': {'product': 'windows', 'service': SOURCES[provider][0]},
            'detection': detection}
    with tempfile.NamedTemporaryFile('w', suffix='.yaml', encoding='utf-8') as file:
        json.dump(rule, file)  # which is YAML
        file.flush()
        result = subprocess.run([evscan, 'rules', 'check', file.name], capture_output=True, text=True, check=False,
                                timeout=60)
    return [line for line in result.stderr.splitlines() if 'warning[field]' in line]


def main():
    evscan, folder = os.path.abspath(sys.argv[1]), os.path.join(sys.argv[2], 'corpus', 'evtx')
    if not os.path.isdir(folder):
        print('skipped: no real logs here')
        sys.exit(77)
    found = fields_of_logs(evscan, folder)
    check('there are events of Sysmon and of auditing',
          len({provider for provider, _ in found}) == 2 and len(found) > 15, len(found))
    for (provider, number), names in sorted(found.items()):
        said = warnings(evscan, provider, number, names)
        check(f'all {len(names)} fields of {provider} {number} are known', not said, said)
        check('... and one that was made up is not', len(warnings(evscan, provider, number, {'MadeUp'})) == 1)
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
