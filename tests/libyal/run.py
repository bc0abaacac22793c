#!/usr/bin/python3
"""evscan's readers and libyal agree on every record of the samples and of the shared corpus, but for known differences.

    run.py EVSCAN SAMPLES SHARED

What could not be compared is counted as well: a second reader that gave up everything would agree with anything.
"""

import pathlib
import re
import subprocess
import sys

# Per folder: verdict -> records.  Whatever is not named here must be 0, but for the two that agree.
CORPUS = {
    'evtx': {
        "libyal's XML is not well-formed": 6,  # control characters
        # 14 logs: records without a template, attribute values in several pieces, records behind damage, chunks
        # without a header.
        'libyal does not have it': 863,
        'damaged, read in part': 11,
    },
    'evt': {},
}
AGREE = {'the same', 'known differences'}


def compare(evscan, *paths):
    run = subprocess.run([evscan, 'compare', *paths], capture_output=True, text=True, errors='replace')
    counts = {name: int(count) for count, name in re.findall(r'^ *(\d+)  (?!values )(.+)$', run.stdout, re.MULTILINE)}
    return run, counts


def check(evscan, folder, expected):
    run, counts = compare(evscan, folder)
    agree = sum(counts.pop(name, 0) for name in AGREE)
    wrong = [f'exit status {run.returncode}'] if run.returncode != 0 else []
    wrong += [run.stderr] if run.stderr else []
    wrong += ['no record agrees'] if agree == 0 else []
    wrong += [f'{name}: {counts.get(name, 0)}, expected {expected.get(name, 0)}'
              for name in sorted(counts.keys() | expected.keys()) if counts.get(name, 0) != expected.get(name, 0)]
    for complaint in wrong:
        print(f'{folder}: {complaint}')
    print(f'{folder}: {agree} records agree')
    return not wrong


def main(evscan, samples, shared):
    sound = check(evscan, samples, {})
    corpus = pathlib.Path(shared) / 'corpus'
    for name, expected in CORPUS.items():
        if (corpus / name).is_dir():
            sound &= check(evscan, str(corpus / name), expected)
        else:
            print(f'skipped: {name} of the shared corpus is not here')
    return 0 if sound else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
