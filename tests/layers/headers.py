#!/usr/bin/python3
"""Every header of analyzer/ compiles on its own, whatever was included before it, and is guarded by its name.

    headers.py ANALYZER COMPILER..
"""

import pathlib
import subprocess
import sys


def guard_of(analyzer, header):
    return 'EVSCAN_' + '_'.join(header.relative_to(analyzer).with_suffix('').parts).upper() + '_H'


def complaints_about(analyzer, compiler, header):
    guard = guard_of(analyzer, header)
    if f'#ifndef {guard}\n#define {guard}\n' not in header.read_text():
        yield f'{header}: is not guarded by {guard}'
    command = [*compiler, '-std=c17', '-D_POSIX_C_SOURCE=200809L', '-Wall', '-Wextra', '-Werror', '-fsyntax-only',
               '-I', str(analyzer), '-include', str(header), '-x', 'c', '/dev/null']
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        yield f'{header}: does not compile on its own\n{run.stderr}'


def main():
    analyzer, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
    headers = sorted(analyzer.rglob('*.h'))
    complaints = [c for header in headers for c in complaints_about(analyzer, compiler, header)]
    print('\n'.join(complaints + [f'{len(headers)} headers, {len(complaints)} complaints']))
    return 1 if complaints or not headers else 0


if __name__ == '__main__':
    sys.exit(main())
