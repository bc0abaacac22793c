#!/usr/bin/python3
"""What the README shows is what evscan says: run.py EVSCAN [README]

Each block that begins with ```console holds `$ build/release/evscan ..` lines and below each what the command prints; a
line `[..]` stands for any number of lines.  The commands run at the root of the source tree.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r'^```console\n(.*?)^```$', re.MULTILINE | re.DOTALL)
PROMPT = '$ build/release/evscan '
SECONDS = 60


def examples(text):
    """(arguments, lines expected) of each command."""
    for block in BLOCK.findall(text):
        for example in re.split(r'^(?=\$ )', block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition('\n')
            assert command.startswith(PROMPT), f'a command that this test does not know: {command}'
            yield shlex.split(command[len(PROMPT):]), output.rstrip('\n').split('\n')


def matches(expected, got):
    """Whether the lines are the same, `[..]` standing for any."""
    pattern = ''.join('(?:.*\n)*?' if line == '[..]' else re.escape(line) + '\n' for line in expected)
    return re.fullmatch(pattern, '\n'.join(got) + '\n') is not None


def run(evscan, arguments):
    environment = {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    environment |= {'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'}
    done = subprocess.run([evscan, *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False)
    return done.stdout.rstrip('\n').split('\n')


def main(evscan, readme=ROOT / 'README.md'):
    assert matches(['a', '[..]', 'b'], ['a', 'x', 'y', 'b']) and not matches(['a', '[..]', 'b'], ['a', 'x'])
    found = list(examples(pathlib.Path(readme).read_text(encoding='utf-8')))
    wrong = 0
    for arguments, expected in found:
        got = run(os.path.abspath(evscan), arguments)
        if not matches(expected, got):
            wrong += 1
            print(f'The README shows something else than this for evscan {shlex.join(arguments)}:', *got, sep='\n')
    print(f'{len(found)} examples, {wrong} wrong')
    return 1 if wrong or not found else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
