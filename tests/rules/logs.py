#!/usr/bin/env python3
"""logs.py EVSCAN: the tests of all rules once more, through logs: their events are written, read and matched again.

`rules test` gives the events of a test to the matcher; here they go the way of an administrator's logs.  The events of
all tests stand in a few logs, one record each: those of classic providers in .evt and .evtx, all others in .evtx.  A
rule must have exactly the records that its tests promise, also where the values have names, as those of providers with
a manifest have: the names of rules/explain, or any.  Rules that are context are made findings for this, since a report
does not tell of them otherwise.  A test that is a row of events (of a correlation) has a log of its own.
"""

import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'writer'))
sys.path.insert(0, os.path.join(ROOT, 'tests'))
sys.dont_write_bytecode = True

from checks import check, exit_status      # noqa: E402  pylint: disable=wrong-import-position
from description import read_description   # noqa: E402  pylint: disable=wrong-import-position
from make_logs import make_log             # noqa: E402  pylint: disable=wrong-import-position

EVENTS = os.path.join(ROOT, 'rules', 'events')
BEGIN = '2003-03-03T03:03:03Z'
CHANNELS = {'application': 'Application', 'security': 'Security', 'system': 'System'}
SYSTEM = {'Provider_Name', 'EventID', 'Channel', 'Computer', 'TimeCreated', 'Binary', 'Data'}
RECORDS = 400  # of a log


def load(path):
    with open(path, encoding='utf-8') as file:
        return [rule for rule in yaml.load_all(file, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader)) if rule]


def load_rules():
    return [rule for path in sorted(glob.glob(os.path.join(EVENTS, '*.yaml'))) for rule in load(path)]


def copy_rules(folder):
    """The rules without the remark that makes them context."""
    for path in glob.glob(os.path.join(EVENTS, '*.yaml')):
        with open(path, encoding='utf-8') as file:
            text = re.sub(r'^evscan: (context|fact)\n', '', file.read(), flags=re.M)
        with open(os.path.join(folder, os.path.basename(path)), 'w', encoding='utf-8') as file:
            file.write(text)


def load_names():
    """{(provider, event ID): names of the values, by position} as far as they are known."""
    return {(document['provider'], number): [str(field) for field in event.get('fields') or []]
            for path in glob.glob(os.path.join(ROOT, 'rules', 'explain', '*.yaml')) for document in load(path)
            for number, event in document['events'].items()}


def named(event, names):
    """The same event with names for its values; None when it has none, or its provider has no manifest."""
    data = event.get('Data')
    if not isinstance(data, list) or not data or not event['Provider_Name'].startswith('Microsoft-Windows-'):
        return None
    known = names.get((event['Provider_Name'], event['EventID']), [])
    return {**event, 'Data': dict(zip(known + [f'Value{n}' for n in range(len(known), len(data))], data))}


def is_old(event):
    """Can an .evt hold it?  Providers with a manifest came with .evtx, and with them the names of values."""
    return not event['Provider_Name'].startswith('Microsoft-Windows-') and not event.keys() - SYSTEM


def described(event, time):
    """The event as samples describe it (rules/README.md)."""
    made = {'time': event.get('TimeCreated', time), 'source': event['Provider_Name'], 'id': event['EventID'],
            'computer': event.get('Computer', 'NODE1')}
    data = event.get('Data')
    others = {name: str(value) for name, value in event.items() if name not in SYSTEM}
    if isinstance(data, list):
        made['strings'] = data
    elif isinstance(data, dict) or others:
        made['data'] = {**(data or {}), **others}
    if 'Binary' in event:
        made['binary'] = event['Binary']
    return made


def channel_of(rule, event):
    service = (rule.get('logsource') or {}).get('service')
    return event.get('Channel') or CHANNELS.get(service, 'System')


def write(path, kind, channel, events):
    made = [described(event, BEGIN if number == 0 else '+1s') for number, event in enumerate(events)]
    description = {'logs': [{'file': os.path.basename(path), 'format': kind, 'computer': 'NODE1', 'channel': channel,
                             'events': made}]}
    with open(path, 'wb') as out:
        out.write(make_log(read_description(description)[0]).data)


class Desk:
    """The logs that are written, and what is expected of each record."""

    def __init__(self, folder):
        self.folder, self.names, self.named = folder, load_names(), 0
        self.expected = {}                     # (file, record): (rule, must it match, event)
        self.open = collections.defaultdict(list)

    def add(self, rule, event, wanted):
        for kind in ('evt', 'evtx') if is_old(event) else ('evtx',):
            self.open[kind, channel_of(rule, event)].append((rule['name'], wanted, event))
        other = named(event, self.names)
        if other:
            self.open['evtx', channel_of(rule, event)].append((rule['name'], wanted, other))
            self.named += 1

    def close(self):
        for (kind, channel), tests in self.open.items():
            for at in range(0, len(tests), RECORDS):
                part = tests[at:at + RECORDS]
                file = f'{channel.replace("/", "-")}-{at // RECORDS}.{kind}'
                write(os.path.join(self.folder, file), kind, channel, [event for _, _, event in part])
                self.expected.update({(file, number): test for number, test in enumerate(part, 1)})


def hits_of(evscan, rules, folder):
    """{(file, record): names of the rules that have it}, and the report."""
    done = subprocess.run([evscan, '--format', 'json', '--rules', rules, folder], capture_output=True, check=False,
                          timeout=300)
    report = json.loads(done.stdout)
    hits = collections.defaultdict(set)
    for finding in report['findings']:
        hits[os.path.basename(finding['input']), finding['record']].add(finding['name'])
    return hits, report


def check_events(evscan, rules, loaded):
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder)
        for rule in loaded:
            for key, wanted in (('match', True), ('no-match', False)):
                for event in (rule.get('tests') or {}).get(key, []):
                    if not isinstance(event, list):
                        desk.add(rule, event, wanted)
        desk.close()
        hits, report = hits_of(evscan, rules, folder)
    check('no hit was dropped', not report['hits_dropped'], report['hits_dropped'])
    check('every record was read', sum(log['records']['decoded'] for log in report['inputs']) == len(desk.expected))
    wrong = [f'{file} record {record}: {name} {"misses" if wanted else "has"} {event}'
             for (file, record), (name, wanted, event) in desk.expected.items()
             if (name in hits[file, record]) != wanted]
    tried = {kind: {name for (file, _), (name, wanted, _) in desk.expected.items()
                    if wanted and file.endswith('.' + kind)} for kind in ('evt', 'evtx')}
    check('values have names in hundreds of events', desk.named > 100, desk.named)
    check(f'{len(desk.expected)} events, {desk.named} of them with names; rules that find theirs in .evt: '
          f'{len(tried["evt"])}, in .evtx: {len(tried["evtx"])}', not wrong, '\n  '.join(wrong[:40]))
    return tried['evt'] | tried['evtx']


def check_rows(evscan, rules, loaded):
    tried = set()
    for rule in loaded:
        for key, wanted in (('match', True), ('no-match', False)):
            rows = [row for row in (rule.get('tests') or {}).get(key, []) if isinstance(row, list)]
            for row in rows:
                with tempfile.TemporaryDirectory() as folder:
                    for kind in ('evt', 'evtx') if all(map(is_old, row)) else ('evtx',):
                        path = os.path.join(folder, f'row.{kind}')
                        write(path, kind, channel_of(rule, row[0]), row)
                        names = set().union(*hits_of(evscan, rules, path)[0].values())
                        check(f'{rule["name"]}: {key}, .{kind}', (rule['name'] in names) == wanted, names)
                if wanted:
                    tried.add(rule['name'])
    return tried


def main():
    evscan = os.path.abspath(sys.argv[1])
    loaded = load_rules()
    with tempfile.TemporaryDirectory() as rules:
        copy_rules(rules)
        tried = check_events(evscan, rules, loaded) | check_rows(evscan, rules, loaded)
    missing = sorted({rule['name'] for rule in loaded} - tried)
    check(f'all of {len(loaded)} rules found something in a log', not missing, missing)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
