#!/usr/bin/python3
"""A read that fails, at any moment, by either reader: it is said, and the exit status is not that of a log read whole.

    faults.py EVSCAN FAULTS_SO

One read fails, or it and all behind it (tests/state/faults.c).
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import check, exit_status  # noqa: E402

SAMPLES = pathlib.Path(__file__).resolve().parent.parent.parent / 'samples'
LOGS = ('Q218922/node1.evt', 'endpoint-mapper-sources/node1.evtx')
SECONDS = 60
RUNS = 25  # of each log, reader and fault


def show(evscan, faults, reader, log, **fault):
    env = os.environ | {'LD_PRELOAD': os.path.abspath(faults)} | {f'EVSCAN_FAULT{name}': value for name, value in fault.items()}
    return subprocess.run([evscan, 'show', '-o', 'jsonl', '--threads', '1', '--reader', reader, str(SAMPLES / log)], env=env,
                          capture_output=True, timeout=SECONDS, check=False)


def reads_of(evscan, faults, reader, log):
    with tempfile.NamedTemporaryFile('r') as count:
        whole = show(evscan, faults, reader, log, _COUNT=count.name)
        return whole, int(count.read().split()[1])


def main(evscan, faults):
    for log in LOGS:
        for reader in ('native', 'libyal', 'both'):
            whole, reads = reads_of(evscan, faults, reader, log)
            lines = whole.stdout.splitlines()
            check(f'{log} by {reader}: {reads} reads', reads > 2 and lines, whole)
            for fault in ('read', 'bad'):
                wrong = []
                for at in range(1, reads + 1, max(1, reads // RUNS)):
                    run = show(evscan, faults, reader, log, _AT=str(at), **{'': fault})
                    said = b'reading failed: Input/output error' in run.stderr or b'libyal' in run.stderr
                    if run.returncode not in (2, 3, 65) or not said or not set(run.stdout.splitlines()) <= set(lines):
                        wrong.append((at, run.returncode, run.stderr))
                check(f'{log} by {reader}: {fault} at any moment is said', not wrong, wrong[:3])
    return exit_status()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
