#!/usr/bin/env python3
"""check_big.py EVSCAN [--bytes N] [--folder DIR]: memory does not grow with the log.

Makes a large .evtx (make_big.py), runs evscan over it, once with its own rules and once with a rule that fires on every
fifth record, and checks the number of records read and the peak of resident memory: 64 MiB at most.
"""

import argparse
import json
import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.dont_write_bytecode = True
sys.path[:0] = [TESTS, os.path.join(TESTS, 'writer')]

from checks import is_sanitized  # noqa: E402
from make_big import DEFAULT_BYTES, make_big  # noqa: E402

PEAK_KIB = 64 << 10
EVERY_RECORD = os.path.join(TESTS, 'damage', 'every_record.yaml')


def measured(command, out):
    """(exit status, peak of resident memory in KiB, seconds) of a command that writes to the file `out`."""
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss, time.monotonic() - begin


def check(name, command, log, records, statuses):
    """Runs it; returns whether all was as it has to be."""
    out = log + '.json'
    status, peak, seconds = measured(command + ['--format', 'json', log], out)
    with open(out, 'rb') as file:
        said = json.load(file)['inputs'][0]['records']
    print(f'{name}: exit status {status}, {said["decoded"]} of {records} records, peak {peak} KiB, {seconds:.1f} s, '
          f'{os.path.getsize(log) / seconds / 1e6:.0f} MB/s')
    fits = peak <= PEAK_KIB or is_sanitized(command[0])
    return status in statuses and said['decoded'] == records and said['lost'] == 0 and fits


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('evscan')
    parser.add_argument('--bytes', type=int, default=DEFAULT_BYTES)
    parser.add_argument('--folder', help='where there is room for the log')
    options = parser.parse_args()
    evscan = os.path.abspath(options.evscan)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        log = os.path.join(folder, 'big.evtx')
        records = make_big(log, options.bytes)
        good = [check('own rules', [evscan], log, records, (0, 1)),
                check('a rule on every fifth record', [evscan, '--rules', EVERY_RECORD], log, records, (1,))]
    if not all(good):
        print(f'FAILED: every record has to be read, with {PEAK_KIB} KiB at most')
    return 0 if all(good) else 1


if __name__ == '__main__':
    sys.exit(main())
