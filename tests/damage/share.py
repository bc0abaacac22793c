#!/usr/bin/python3
"""share.py EVSCAN: how much of what is whole in the damage set is delivered, by evscan and by libyal's tools.

Counted are the records that a case says must come (they follow from what was done to the log).  A record counts for a
tool when the tool prints its number, as often as it is there; what it prints for it is not judged here (run.py does,
for evscan).  Fails when evscan does not deliver all of them, or when README.md says something else.
"""

import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from damage import write_case
from table import all_cases

SECONDS = 60


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, timeout=SECONDS, check=False).stdout.decode(errors='replace')
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b'').decode(errors='replace')


def by_evscan(evscan, path):
    return re.findall(r'"EventRecordID":(?:\{[^}]*\},"#text":)?"?(\d+)', output(evscan, 'show', '-o', 'jsonl', path))


def by_libyal(_, path):
    """evtxexport ends at the first record that it cannot read."""
    tool = 'evtexport' if path.endswith('.evt') else 'evtxexport'
    return re.findall(r'^Event number\s*: (\d+)', output(tool, path), flags=re.M)


def said(suffix):
    """Whole records and those of evscan, as README.md has them."""
    text = (pathlib.Path(__file__).parent / 'README.md').read_text()
    row = re.search(rf'^\| {re.escape(suffix)} \| ([\d,]+) \| ([\d,]+) \(', text, flags=re.M)
    return tuple(int(number.replace(',', '')) for number in row.groups())


def main(evscan):
    tools = {'evscan': by_evscan, 'libyal': by_libyal}
    if not shutil.which('evtxexport') or not shutil.which('evtexport'):
        print("skipped: libyal's tools are not here (packages libevtx-utils, libevt-utils)")
        del tools['libyal']
    wrong = 0
    whole, came = collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for case in all_cases():
            if not case.must:
                continue
            path = write_case(case, folder)
            whole[case.suffix] += sum(case.expected.values())
            for name, read in tools.items():
                printed = collections.Counter(map(int, read(evscan, path)))
                came[case.suffix, name] += sum((case.expected & printed).values())
    for suffix, count in whole.items():
        shares = ', '.join(f'{name} {came[suffix, name]} ({100 * came[suffix, name] / count:.1f} %)' for name in tools)
        print(f'{suffix}: {count} whole records; {shares}')
        if said(suffix) != (count, count) or came[suffix, 'evscan'] != count:
            wrong = 1
            print(f'FAILED: {suffix}: README.md has {said(suffix)}, and all of them must come')
    return wrong


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
