#!/usr/bin/env python3
"""arithmetic.py EVSCAN [CASE..]: what `--explain` adds up is the score.

Of the logs of every case: the points that are printed give the printed sum, and that, cut to 0 and 100, the score; and the word
is that of the score, or the line says why it is less.
"""

import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import is_sanitized                  # pylint: disable=wrong-import-position
from run import CASES, load_case, write_logs     # pylint: disable=wrong-import-position

BEGIN = 'How the points add up'
POINTS = re.compile(r'^ +([+-]\d+)  ')
SUM = re.compile(r'^ +(-?\d+)  (?:(\w+): )?(\d+) of 100 points(?:; (.*))?')
WORDS = [('confirmed', 80), ('likely', 50), ('possible', 20)]


def word_of(score):
    return next((word for word, least in WORDS if score >= least), None)


def blocks(text):
    """The lines of each sum."""
    lines = text.split('\n')
    for at, line in enumerate(lines):
        if line.strip() == BEGIN:
            end = next(i for i in range(at, len(lines)) if SUM.match(lines[i]))
            yield lines[at + 1:end + 1]


def mistakes_of(block):
    total, word, score, reason = SUM.match(block[-1]).groups()
    added = sum(int(match[1]) for match in map(POINTS.match, block[:-1]) if match)
    if added != int(total):
        yield f'{added} is printed as {total}'
    if min(100, max(0, int(total))) != int(score):
        yield f'{total} gives {score}'
    if word != word_of(int(score)) and not reason:
        yield f'{score} points are {word}, without a reason'


def check(evscan, path):
    with tempfile.TemporaryDirectory() as folder:
        write_logs(load_case(path), folder)
        done = subprocess.run([evscan, '--explain', '--width', '200', folder], capture_output=True, check=False, timeout=60)
    found = list(blocks(done.stdout.decode()))
    return len(found), [f'{os.path.basename(path)[:-5]}: {m}' for block in found for m in mistakes_of(block)]


def main(arguments):
    evscan = os.path.abspath(arguments[1])
    paths = [os.path.join(CASES, name + '.yaml') for name in arguments[2:]] or sorted(glob.glob(os.path.join(CASES, '*.yaml')))
    if is_sanitized(evscan):
        paths = paths[::5]  # run.py has read the same logs with the sanitizers
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda path: check(evscan, path), paths))
    sums, mistakes = sum(count for count, _ in results), [m for _, found in results for m in found]
    print('\n'.join(mistakes + [f'{sums} sums of {len(paths)} cases, {len(mistakes)} mistakes']))
    return 1 if mistakes or sums < len(paths) // 2 else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
