#!/usr/bin/python3
"""One thread, many threads: the same bytes, the same exit status.  run.py EVSCAN

Over all samples at once, and over logs that are long enough for every thread to get some of it: sound chunks of a sample
repeated, in files of their own.  ThreadSanitizer builds run this as well.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / 'samples'
HEADER, CHUNK = 4096, 65536
THREADS = ('1', '2', '3', '8')
REPEATS = 24
SECONDS = 300


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
        differences = compare(evscan, 'all samples', ['samples']) + compare(evscan, 'a long log', [long])
    return 1 if differences else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
