#!/usr/bin/python3
"""Every event that is explained, and every error code, in a log: `evscan show` says their sentences.

    logs.py EVSCAN

An event of a classic provider stands in an .evt and in an .evtx, any other one in an .evtx.  Its values are v1, v2 ..,
and the sentence of the catalog must come with these in it.  An error code stands as %%CODE in the record of a service
that ended with it, and its own text must come.  Each code stands in all forms that logs have in findings of a report,
which names it.
"""

import csv
import io
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


def forms(code):
    """What a code looks like in the values of an event."""
    yield 'reference', f'%%{code}'
    yield 'decimal', str(code)
    yield 'hexadecimal', f'0x{code:x}'
    if code >= 1 << 31:
        yield 'signed', str(code - (1 << 32))
        yield 'bare', f'{code:08x}'
    if code < 1 << 16:
        yield 'wrapped', f'0x8007{code:04X}'
    if code >> 28 == 0xC:
        yield 'marked', f'0x{code | 1 << 28:X}'
    if code > 0x80004000:
        yield 'within', f'it failed (hr=0x{code:08X}); again'


def in_form(form, events):
    made = [{'time': BEGIN if number == 0 else '+1s', **event} for number, event in enumerate(events)]
    return {'file': f'{form}.evt', 'format': 'evt', 'computer': 'NODE1', 'channel': 'System', 'events': made}


def error_logs(texts):
    """Logs of the cluster service that ends, one for each form, and in the order of their records the codes."""
    events, codes = {}, {}
    for code in texts:
        shown_as = [(form, {'source': 'Service Control Manager', 'id': 7023, 'strings': ['Cluster Service', value]})
                    for form, value in forms(code)]
        data = code.to_bytes(4, 'little').hex()
        for form, event in (*shown_as, ('data', {'source': 'ClusSvc', 'id': 1009, 'binary': data})):
            events.setdefault(form, []).append(event)
            codes.setdefault(f'{form}.evt', []).append(code)
    return [in_form(form, made) for form, made in events.items()], codes


def check_evidence(evscan, folder):
    texts = yaml.safe_load((ROOT / 'rules/catalog/win32-errors.yaml').read_text(encoding='utf-8'))['texts']
    names = {code: text if isinstance(text, str) else text[0] for code, text in texts.items() if code}
    described, codes = error_logs(names)
    logs = os.path.join(folder, 'forms')
    os.mkdir(logs)
    for log in described:
        with open(os.path.join(logs, log['file']), 'wb') as out:
            out.write(make_log(read_description({'logs': [log]})[0]).data)
    done = subprocess.run([evscan, '--format', 'csv', logs], capture_output=True, check=False, timeout=300)
    rows = {(os.path.basename(row['input']), int(row['record'])): row['text']
            for row in csv.DictReader(io.StringIO(done.stdout.decode())) if row['kind'] == 'finding' and row['record']}
    for file, listed in codes.items():
        wrong = []
        for record, code in enumerate(listed, 1):
            name = names[code & 0xFFFF] if code >> 16 in (0x8007, 0xC007) and code & 0xFFFF in names else names[code]
            if f' is {name}' not in rows.get((file, record), ''):
                wrong.append(f'record {record}: {name} is not in {rows.get((file, record))!r}')
        check(f'{file}: {len(listed)} error codes have their names in findings', not wrong, '\n  '.join(wrong[:20]))


def main():
    evscan = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_events(evscan, folder)
        check_errors(evscan, folder)
        check_evidence(evscan, folder)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
