#!/usr/bin/python3
"""One thread, many threads: the same bytes, the same exit status.  run.py EVSCAN

Over all samples at once, and over logs that are long enough for every thread to get some of it: sound chunks of a sample
repeated, in files of their own; and logs that reach a limit of memory, where all must leave out the same.
ThreadSanitizer builds run this as well.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / 'tests' / 'writer'))

from description import read_description  # noqa: E402
from evtx_chunk import Chunk, ChunkFull, Element, Instance, Sub  # noqa: E402
from evtx_shapes import event_tree, template_of  # noqa: E402
from evtx_values import BINXML, STRING, Value, utf16  # noqa: E402
from evtx_writer import header_block  # noqa: E402

SAMPLES = ROOT / 'samples'
HEADER, CHUNK = 4096, 65536
THREADS = ('1', '2', '3', '8')
REPEATS = 24
SECONDS = 300


EVERYTHING = """\
title: Every event
logsource: {product: windows}
detection: {all: {EventID: '*'}, condition: all}
"""


def run(evscan, threads, form, paths):
    environment = {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    command = [evscan, '--threads', threads, '--format', form, *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode not in range(4):
        sys.exit(f'{threads} threads: exit status {done.returncode}: {done.stderr.decode(errors="replace")[-4000:]}')
    return done.returncode, done.stdout, done.stderr


def long_log(folder):
    """A log of many chunks; its header is that of the short one, which evscan has to see through."""
    short = next(iter(sorted(SAMPLES.rglob('*.evtx')))).read_bytes()
    path = pathlib.Path(folder, 'long.evtx')
    path.write_bytes(short[:HEADER] + short[HEADER:HEADER + CHUNK] * REPEATS)
    return path


def usual_event():
    described = {'time': '2021-03-14T22:00:00Z', 'source': 'Chatter', 'id': 1}
    return read_description({'logs': [{'file': 'x.evtx', 'format': 'evtx', 'computer': 'NODE1',
                                       'events': [described]}]})[0].events[0]


def chunk_of(payloads, number):
    """A chunk of events with these payloads, as many as fit; and the number behind the last one."""
    chunk = Chunk()
    for payload in payloads:
        event = usual_event()
        tree = event_tree(event, number)
        tree.values[-1] = Value(BINXML, tree=payload)
        try:
            chunk.add_record(number, event.time, tree)
        except ChunkFull:
            break
        number += 1
    return chunk, number


def log_of(path, chunks):
    """A log of chunks, each given by its payloads."""
    data, first = b'', 1
    for payloads in chunks:
        chunk, number = chunk_of(payloads, first)
        data += chunk.finish(first)
        first = number
    path.write_bytes(header_block(len(chunks), first) + data)
    return path


def expanding_log(folder):
    """Every event says a text 200 times that it stores once: more than a batch may keep of its hits."""
    template = template_of(Element('EventData', [], [Element('Data', [], [Sub(0, STRING, False)])] * 200))
    payload = Instance(template, [Value(STRING, utf16('x' * 100))])
    rule = pathlib.Path(folder, 'everything.yaml')
    rule.write_text(EVERYTHING)
    return ['--rules', rule, log_of(pathlib.Path(folder, 'expanding.evtx'), [[payload] * 1000] * 3)]


def large_templates(chunk, count):
    """Templates that share one long name in the file, and have a copy each once compiled."""
    name = 'n' * 14000
    for number in range(count):
        yield Instance(template_of(Element('EventData', [], [Element(name, [], [f'{chunk}.{number}'])]
                                           + [Element(name, [], [])] * 3)), [])


def templates_log(folder):
    """Chunks with nearly as many templates as a decoder may hold, and chunks with more."""
    chunks = [large_templates(chunk, 30 if chunk % 2 else 21) for chunk in range(16)]
    return [log_of(pathlib.Path(folder, 'templates.evtx'), chunks)]


def compare(evscan, what, paths):
    differences = 0
    for form in ('text', 'json'):
        expected = run(evscan, THREADS[0], form, paths)
        for threads in THREADS[1:]:
            same = run(evscan, threads, form, paths) == expected
            differences += not same
            print(f'{"ok" if same else "FAILED"}: {what}, {form}, {threads} threads')
    return differences


def main(evscan):
    evscan = os.path.abspath(evscan)
    with tempfile.TemporaryDirectory() as folder:
        long = long_log(folder)
        differences = compare(evscan, 'all samples', ['samples']) + compare(evscan, 'a long log', [long]) \
            + compare(evscan, 'more hits than are kept', expanding_log(folder)) \
            + compare(evscan, 'more templates than are kept', templates_log(folder))
    return 1 if differences else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
