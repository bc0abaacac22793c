#!/usr/bin/python3
"""The examples of the manual run: examples.py EVSCAN SOURCE_ROOT

Each line "$ evscan .." of the pages below is run in a folder that has the logs it names: it must end in good order, print
something and complain about nothing.  And what evscan-compare.1 lists is what compare/known.c knows.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

PAGES = ('show', 'explain', 'kb', 'compare')
SECONDS = 60


def examples(page):
    return re.findall(r'^\.Dl \$ (evscan .*)$', page, flags=re.M)


def run(evscan, line, folder):
    """What is wrong with an example; '' for nothing."""
    command = [evscan, *shlex.split(line.replace('\\&', '').replace('\\-', '-'))[1:]]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode not in (0, 1) or done.stderr:
        return f'exit status {done.returncode}: {done.stderr.decode(errors="replace")}'
    return '' if done.stdout.strip() else 'prints nothing'


LOGS = """
about: What the examples ask for.
expect: []
logs:
    - file: System.evtx
      format: evtx
      computer: node1.example.org
      channel: System
      events:
          - {time: "2016-07-08T18:12:51Z", source: Microsoft-Windows-FailoverClustering, id: 1069, type: error,
             guid: "{baf908ea-3421-4ca9-9b84-6689b8c6f85f}", data: {ResourceName: Disk Q}}
"""


def logs(folder, root):
    """By the names that examples use."""
    (folder / 'logs').mkdir()
    (folder / 'logs.yaml').write_text(LOGS)
    subprocess.run([sys.executable, root / 'tests/writer/make_logs.py', 'logs.yaml', '--out', '.'], cwd=folder, check=True,
                   timeout=SECONDS)
    shutil.copy(folder / 'System.evtx', folder / 'logs/node1.evtx')
    shutil.copy(root / 'samples/Q218922/node1.evt', folder / 'logs/node2.evt')


def known(root):
    page = (root / 'man/evscan-compare.1').read_text(encoding='utf-8')
    listed = re.findall(r'^\.It ([a-z-]+)$', page[page.index('.Ss Known differences'):page.index('.Sh EXIT STATUS')], flags=re.M)
    named = re.findall(r'\[KNOWN_\w+\] = \{\s*"([a-z-]+)"', (root / 'analyzer/compare/known.c').read_text(encoding='utf-8'))
    return [] if named and listed == named else [f'evscan-compare.1 lists {listed}, compare/known.c has {named}']


def main(evscan, root):
    root, wrong, count = pathlib.Path(root).resolve(), [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        logs(folder, root)
        for page in PAGES:
            lines = examples((root / f'man/evscan-{page}.1').read_text(encoding='utf-8'))
            wrong += [] if lines else [f'evscan-{page}.1 has no examples']
            count += len(lines)
            wrong += [f'evscan-{page}.1: {line}: {said}' for line in lines
                      if (said := run(os.path.abspath(evscan), line, folder))]
    wrong += known(root)
    print(*wrong, f'{count} examples, {len(wrong)} wrong', sep='\n')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
