#!/usr/bin/env python3
"""Makes the .evt and .evtx files that a description asks for: make_logs.py DESCRIPTION.yaml.. [--out DIR] [--check]

The same description gives the same bytes.  --check writes nothing and fails when a file is missing or differs.
"""

import argparse
import os
import sys

from description import DescriptionError, load_description
from evt_writer import write_evt
from evtx_writer import write_evtx

WRITERS = {'evt': write_evt, 'evtx': write_evtx}


def make_log(log):
    """`Written` of one log."""
    return WRITERS[log.format](log)


def compare(path, data):
    """None when the file holds `data`, else what is wrong."""
    try:
        with open(path, 'rb') as file:
            there = file.read()
    except OSError as error:
        return f'{path}: {error.strerror}'
    if there == data:
        return None
    at = next((i for i, (a, b) in enumerate(zip(there, data)) if a != b), min(len(there), len(data)))
    return (f'{path}: differs from its description at offset {at:#x} ({len(there)} bytes, {len(data)} expected); '
            'make it again with make_logs.py')


def process(path, out, check):
    """Makes or checks the logs of one description; returns the complaints."""
    folder = out or os.path.dirname(path) or '.'
    complaints = []
    for log in load_description(path):
        target = os.path.join(folder, log.file)
        data = make_log(log).data
        if check:
            complaints.append(compare(target, data))
            continue
        os.makedirs(folder, exist_ok=True)
        with open(target, 'wb') as file:
            file.write(data)
    return [complaint for complaint in complaints if complaint]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('descriptions', nargs='+', metavar='DESCRIPTION.yaml')
    parser.add_argument('--out', metavar='DIR', help='folder for the logs (default: beside the description)')
    parser.add_argument('--check', action='store_true', help='compare with the files that are there')
    options = parser.parse_args()
    try:
        complaints = [c for path in options.descriptions for c in process(path, options.out, options.check)]
    except DescriptionError as error:
        complaints = [str(error)]
    for complaint in complaints:
        print(f'make_logs: {complaint}', file=sys.stderr)
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main())
