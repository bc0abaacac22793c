#!/usr/bin/python3
"""Every event that is explained, and every error code, in a log: `evscan show` says their sentences.

    logs.py EVSCAN

An event of a classic provider stands in an .evt and in an .evtx, any other one in an .evtx.  Its values are v1, v2 ..,
and the sentence of the catalog must come with these in it.  An error code stands as %%CODE in the record of a service
that ended with it, and its own text must come.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests'))
sys.path.insert(0, str(ROOT / 'tests' / 'writer'))
sys.dont_write_bytecode = True

from checks import check, exit_status     # noqa: E402  pylint: disable=wrong-import-position
from description import read_description  # noqa: E402  pylint: disable=wrong-import-position
from make_logs import make_log            # noqa: E402  pylint: disable=wrong-import-position

VALUES = 30  # more than any event has
BEGIN = '2003-03-03T03:03:03Z'


def explained(evscan):
    """All events, as `explain` tells of them."""
    events = []
    for path in sorted((ROOT / 'rules' / 'explain').glob('*.yaml')):
        for document in yaml.safe_load_all(path.read_text(encoding='utf-8')):
            done = subprocess.run([evscan, 'explain', '-o', 'json', '--', document['provider']], capture_output=True,
                                  check=True, timeout=60)
            events += json.loads(done.stdout)
    return events


def shown(evscan, folder, file, kind, events):
    """What `show` prints of each record, its lines in one."""
    made = [{'time': BEGIN if number == 0 else '+1s', 'source': source, 'id': event_id, 'strings': values}
            for number, (source, event_id, values) in enumerate(events)]
    log = {'file': file, 'format': kind, 'computer': 'NODE1', 'channel': 'System', 'events': made}
    path = os.path.join(folder, file)
    with open(path, 'wb') as out:
        out.write(make_log(read_description({'logs': [log]})[0]).data)
    done = subprocess.run([evscan, 'show', path], capture_output=True, check=True, timeout=60)
    blocks = re.split(r'\n(?=\d{4}-\d\d-\d\dT)', done.stdout.decode())
    return [' '.join(block.split()) for block in blocks]


def filled(sentence):
    return ' '.join(re.sub(r'%(\d+)(![^!]*!)?', lambda match: f'v{match[1]}', sentence).replace('%n', ' ').split())


def check_events(evscan, folder):
    events = explained(evscan)
    for kind in ('evt', 'evtx'):
        mine = [event for event in events if kind == 'evtx' or not event['provider'].startswith('Microsoft-Windows-')]
        said = shown(evscan, folder, f'events.{kind}', kind,
                     [(event['provider'], event['id'], [f'v{n}' for n in range(1, VALUES)]) for event in mine])
        wrong = [f'{event["provider"]} {event["id"]}: {filled(event["sentence"])!r} is not in {text[:200]!r}'
                 for event, text in zip(mine, said) if filled(event['sentence']) not in text]
        check(f'.{kind}: {len(mine)} events have their sentences', len(said) == len(mine) and not wrong,
              '\n  '.join(wrong[:20]))


def check_errors(evscan, folder):
    texts = yaml.safe_load((ROOT / 'rules/catalog/win32-errors.yaml').read_text(encoding='utf-8'))['texts']
    codes = [(code, text if isinstance(text, str) else text[-1]) for code, text in texts.items()]
    for kind in ('evt', 'evtx'):
        said = shown(evscan, folder, f'errors.{kind}', kind,
                     [('Service Control Manager', 7023, ['Cluster Service', f'%%{code}']) for code, _ in codes])
        wrong = [f'{code}: {text!r} is not in {line!r}' for (code, text), line in zip(codes, said)
                 if ' '.join(text.split()) not in line]
        check(f'.{kind}: {len(codes)} error codes have their texts', len(said) == len(codes) and not wrong,
              '\n  '.join(wrong[:20]))


def main():
    evscan = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_events(evscan, folder)
        check_errors(evscan, folder)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
