"""What tests written in Python share: a line a check, the exit status that they end with, and the program that is run."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SECONDS = 300  # of one run; longer is taken for a hang

failed = 0


def check(what, holds, detail=''):
    global failed
    print(f'{"ok" if holds else "FAILED"}: {what}{"" if holds else f": {detail}"}')
    failed += not holds


def exit_status():
    return 1 if failed else 0


def is_sanitized(binary):
    """The sanitizers reserve terabytes and keep shadow memory: limits and peaks of memory say nothing about evscan."""
    with open(binary, 'rb') as file:
        program = file.read()
    return b'__asan_init' in program or b'__tsan_init' in program


def part_of(cases, binary, step):
    """All cases; of a program with sanitizers, which looks at how it runs and not at what it says, each `step`-th."""
    return cases[::step] if is_sanitized(binary) else cases


class Evscan:
    """The program in a folder of its own, or in the top of the tree.  The options are those of subprocess.run()."""

    def __init__(self, program, folder=ROOT, **options):
        self.program, self.folder, self.options = os.path.abspath(program), pathlib.Path(folder), options

    def run(self, *args, **options):
        options = {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, 'timeout': SECONDS, **self.options, **options}
        return subprocess.run([self.program, *args], cwd=self.folder, check=False, **options)


def logs_of_nodes(folder, names):
    """A log a node, each with the same few events."""
    event = '{time: "2020-01-01T00:00:00Z", source: EventLog, id: 6005, type: information, strings: []}'
    logs = ''.join(f'  - file: node{i}.evt\n    format: evt\n    computer: {name}\n    channel: System\n    events:\n'
                   f'      - {event}\n      - {event}\n' for i, name in enumerate(names))
    description = pathlib.Path(folder, 'logs.yaml')
    description.write_text(f'about: Nodes.\nexpect: []\nlogs:\n{logs}', encoding='utf-8')
    subprocess.run([sys.executable, pathlib.Path(__file__).parent / 'writer/make_logs.py', description, '--out', folder], check=True)
    description.unlink()
