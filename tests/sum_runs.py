#!/usr/bin/python3
"""Sums test runs: sum_runs.py NAME=TESTLOG.json ..

Prints a line a run and, last, the sum of all: `N passed, N failed[, N skipped]`.  A run that left no log, or one
without a single test that passed or failed, counts as one failure: a build that broke must not look like success.
The exit status is 1 when anything failed.
"""

import json
import sys

PASSED = {'OK', 'EXPECTEDFAIL'}


def read_results(path):
    """[(test, result)] of a meson testlog.json; empty when there is none."""
    try:
        with open(path, encoding='utf-8') as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except FileNotFoundError:
        return []
    return [(test['name'], test['result']) for test in tests]


def count(results):
    """(passed, failed, skipped); at least one of the first two is not zero."""
    skipped = sum(result == 'SKIP' for _, result in results)
    passed = sum(result in PASSED for _, result in results)
    failed = len(results) - passed - skipped
    return passed, failed if passed or failed else 1, skipped


def line(passed, failed, skipped):
    return f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else '')


def main(arguments):
    total = (0, 0, 0)
    for argument in arguments:
        name, _, path = argument.partition('=')
        results = read_results(path)
        counts = count(results)
        print(f'{name}: {line(*counts)}' + ('' if results else ' (no tests were run)'))
        for test, result in results:
            if result not in PASSED:
                print(f'    {result} {test}')
        total = tuple(a + b for a, b in zip(total, counts))
    print(line(*total))
    return 1 if total[1] or not total[0] else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
