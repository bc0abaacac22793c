#!/usr/bin/python3
"""`meson install` gives a whole evscan: run.py BUILD_FOLDER

Installs the build into a temporary folder and moves on from there: everything is where it belongs, nothing of it is a
link into the source tree, and the installed program finds its rules by itself and names the article of a sample.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

EXPECTED = [
    'bin/evscan',
    'share/evscan/rules/README.md',
    'share/evscan/rules/articles/Q218922.yaml',
    'share/evscan/rules/events',
    'share/evscan/samples/Q218922/incident.yaml',
    'share/evscan/samples/Q218922/node1.evt',
    'share/evscan/report.schema.json',
    'share/evscan/rules.trees',
    'share/evscan/catalog.trees',
    'share/evscan/explain.trees',
    'share/evscan/rules/explain/clussvc.yaml',
    'share/man/man1/evscan-explain.1',
    'share/man/man1/evscan-kb.1',
    'share/man/man1/evscan-show.1',
    'share/man/man1/evscan.1',
    'share/man/man1/evscan-rules.1',
    'share/man/man5/evscan-articles.5',
    'share/man/man5/evscan-catalog.5',
    'share/man/man5/evscan-rules.5',
    'share/man/man5/evscan.conf.5',
]
FOUND = 1
SECONDS = 120


def install(build, destination):
    command = ['/usr/bin/meson', 'install', '-C', build, '--no-rebuild', '--destdir', destination]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=SECONDS)


def prefix_of(destination):
    """The folder that holds bin/, whatever --prefix the build was given."""
    programs = list(pathlib.Path(destination).rglob('bin/evscan'))
    assert len(programs) == 1, f'{len(programs)} programs were installed'
    return programs[0].parent.parent


def check_files(prefix):
    missing = [name for name in EXPECTED if not (prefix / name).exists()]
    assert not missing, f'not installed: {missing}'
    links = [str(path) for path in prefix.rglob('*') if path.is_symlink()]
    assert not links, f'links: {links}'


def check_program(prefix):
    environment = {name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS')}
    logs = [f'share/evscan/samples/Q218922/node{n}.evt' for n in (1, 2)]
    done = subprocess.run([prefix / 'bin/evscan', '--format', 'json', *logs], cwd=prefix, env=environment,
                          capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == FOUND, f'exit status {done.returncode}: {done.stderr}'
    articles = [diagnosis['article'] for diagnosis in json.loads(done.stdout)['diagnoses']]
    assert articles[:1] == ['Q218922'], articles


def main():
    with tempfile.TemporaryDirectory() as destination:
        install(sys.argv[1], destination)
        prefix = prefix_of(destination)
        check_files(prefix)
        check_program(prefix)
    print('installed, and it works')


if __name__ == '__main__':
    main()
