"""What tests written in Python share: a line a check, and the exit status that they end with."""

import pathlib
import subprocess
import sys

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


def logs_of_nodes(folder, names):
    """A log a node, each with the same few events."""
    event = '{time: "2020-01-01T00:00:00Z", source: EventLog, id: 6005, type: information, strings: []}'
    logs = ''.join(f'  - file: node{i}.evt\n    format: evt\n    computer: {name}\n    channel: System\n    events:\n'
                   f'      - {event}\n      - {event}\n' for i, name in enumerate(names))
    description = pathlib.Path(folder, 'logs.yaml')
    description.write_text(f'about: Nodes.\nexpect: []\nlogs:\n{logs}', encoding='utf-8')
    subprocess.run([sys.executable, pathlib.Path(__file__).parent / 'writer/make_logs.py', description, '--out', folder], check=True)
    description.unlink()
