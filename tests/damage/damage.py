#!/usr/bin/env python3
"""The damage set: sound logs, one thing done to each, and what must come of it.

    damage.py           lists the cases
    damage.py DIR       writes their files to DIR

run.py runs evscan over all of them.  What is expected follows from what was done to the log, never from a run.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import sound  # noqa: E402,F401 - puts the writer on the path
import damage_binxml  # noqa: E402,F401 - the modules register their cases
import damage_evt  # noqa: E402,F401
import damage_file  # noqa: E402,F401
import damage_record  # noqa: E402,F401
from table import all_cases  # noqa: E402


def write_case(case, folder):
    path = os.path.join(folder, case.name + case.suffix)
    with open(path, 'wb') as file:
        file.write(case.data)
    return path


def main():
    for case in all_cases():
        if len(sys.argv) > 1:
            os.makedirs(sys.argv[1], exist_ok=True)
            write_case(case, sys.argv[1])
        else:
            print(f'{case.name + case.suffix:34} {case.why}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
