#!/usr/bin/python3
"""What evscan knows of the fields of events (analyzer/rule/event_fields.c) against real logs.  fields.py EVSCAN SHARED

A rule is made for each kind of event in the real logs, with all fields that such events have there, and one with a field
that was made up: `rules check` must call none of the former unknown, and the latter wherever it knows the event.  The
same for correlations that group by these fields.
"""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
sys.dont_write_bytecode = True

from checks import check, exit_status  # noqa: E402

SERVICES = {'Microsoft-Windows-Sysmon/Operational': 'sysmon', 'Security': 'security', 'System': 'system'}
KNOWN = {'sysmon': 15, 'security': 60, 'system': 10}  # kinds of events in the logs whose fields must be known, at least


def names_in(part):
    """Names of values, below any element."""
    for name, value in part.items() if isinstance(part, dict) else []:
        if isinstance(value, dict):
            yield from names_in(value)
        elif not name.startswith('#'):
            yield name


def fields_of_logs(evscan, folder):
    """{(service, provider, event ID): names}"""
    found = collections.defaultdict(set)
    shown = subprocess.run([evscan, 'show', '-o', 'jsonl', folder], capture_output=True, check=False, timeout=300)
    for line in shown.stdout.splitlines():
        event = json.loads(line).get('Event') or {}
        system = event.get('System') or {}
        provider = ((system.get('Provider') or {}).get('#attributes') or {}).get('Name')
        number = system.get('EventID')
        number = number.get('#text') if isinstance(number, dict) else number
        if provider and isinstance(number, int) and system.get('Channel') in SERVICES:
            found[SERVICES[system['Channel']], provider, number] |= {
                name for part in ('EventData', 'UserData') for name in names_in(event.get(part))
                if re.fullmatch(r'[\w ]+', name) and name != 'xmlns' and not re.search(r'_\d+$', name)}
    return found


def documents(at, kind, names):
    """A rule with all of these fields, and correlations that group by them; each on a line of its own."""
    service, provider, number = kind
    names = sorted(names)
    selection = {'Provider_Name': provider, 'EventID': number, **{name: 'x' for name in names}}
    yield {'title': 'All fields', 'name': f'rule-{at}', 'logsource': {'product': 'windows', 'service': service},
           'detection': {'selection': selection, 'condition': 'selection'}}
    for first in range(0, len(names), 16):
        yield {'title': 'By these', 'name': f'by-{at}-{first}',
               'correlation': {'type': 'event_count', 'rules': f'rule-{at}', 'timespan': '1h',
                               'group-by': names[first:first + 16], 'condition': {'gte': 2}}}


def warned(evscan, found, names_of):
    """The kinds of events of which a field was called unknown: in a rule, and in correlations over it."""
    kinds = sorted(found)
    with tempfile.TemporaryDirectory() as folder:
        for at, kind in enumerate(kinds):
            with open(os.path.join(folder, f'{at}.yaml'), 'w', encoding='utf-8') as file:  # JSON is YAML
                file.write('\n---\n'.join(json.dumps(document) for document in documents(at, kind, names_of(found[kind]))))
        result = subprocess.run([evscan, 'rules', 'check', folder], capture_output=True, text=True, check=False,
                                timeout=120)
    told = re.findall(r'/(\d+)\.yaml:(\d+):\d+: warning\[field\]: (.*)', result.stderr)
    return ({kinds[int(at)]: words for at, line, words in told if line == '1'},
            {kinds[int(at)]: words for at, line, words in told if line != '1'}, result)


def main():
    evscan, folder = os.path.abspath(sys.argv[1]), os.path.join(sys.argv[2], 'corpus', 'evtx')
    if not os.path.isdir(folder):
        print('skipped: no real logs here')
        sys.exit(77)
    found = fields_of_logs(evscan, folder)
    rules, correlations, result = warned(evscan, found, lambda names: names)
    check(f'no field of {len(found)} kinds of events in real logs is called unknown', not rules, rules)
    check('... nor in a correlation', not correlations and result.returncode == 0, correlations or result.stderr[-2000:])
    rules, correlations, _ = warned(evscan, found, lambda names: {'MadeUp'})
    for service, least in KNOWN.items():
        count = sum(kind[0] == service for kind in rules)
        check(f'a field that was made up is, in {count} kinds of events of the log {service}', count >= least, count)
    check('... and where a correlation groups by it', set(rules) == set(correlations),
          set(rules) ^ set(correlations))
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
