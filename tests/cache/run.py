#!/usr/bin/python3
"""The cache of rule files changes nothing but the time: same bytes without it, with it, with a damaged one, with that of
changed rules, and where it cannot be written.

    run.py EVSCAN
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGS = [str(p) for p in sorted((ROOT / 'samples' / 'Q218922').glob('*.evt'))]


def run(evscan, cache, arguments):
    env = {**os.environ, 'EVSCAN_CACHE': str(cache)}
    done = subprocess.run([evscan, *arguments], env=env, capture_output=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


class Checks:
    def __init__(self):
        self.failed = 0

    def same(self, what, got, wanted):
        if got != wanted:
            self.failed += 1
            print(f'{what}: differs\n{got[1][-300:]!r}\n{got[2][-300:]!r}')

    def true(self, what, value):
        if not value:
            self.failed += 1
            print(f'{what}: no')


def trees_of(cache):
    return sorted(cache.glob('trees-*')) if cache.is_dir() else []


def check_damage(checks, evscan, cache, arguments, wanted):
    for kept in trees_of(cache):
        whole = kept.read_bytes()
        for what, damaged in (('cut', whole[:len(whole) // 2]), ('empty', b''),
                              ('turned', bytes(b ^ (i % 97 == 0) for i, b in enumerate(whole)))):
            kept.write_bytes(damaged)
            checks.same(f'{what} cache', run(evscan, cache, arguments), wanted)
        kept.chmod(0o666)
        kept.write_bytes(whole)
        checks.same('cache that others may write', run(evscan, cache, arguments), wanted)


def check_change(checks, evscan, folder, cache):
    rules = folder / 'rules'
    shutil.copytree(ROOT / 'rules', rules)
    arguments = ['rules', 'list', '--rules', str(rules)]
    before = run(evscan, cache, arguments)
    checks.same('second run', run(evscan, cache, arguments), before)
    changed = next((rules / 'events').glob('clussvc.yaml'))
    about = changed.stat()
    # The second change keeps the length, too, and ends a word earlier: trees hold places in the source.
    for old, new in ((b'title: Cluster', b'title: The cluster'), (b'level: high\n', b'level: low \n')):
        changed.write_bytes(changed.read_bytes().replace(old, new))
        os.utime(changed, ns=(about.st_atime_ns, about.st_mtime_ns))
        after = run(evscan, cache, arguments)
        checks.true(f'a changed rule shows at once: {new}', after != before)
        checks.same(f'changed rules: {new}', after, run(evscan, '', arguments))
        before = after


def check_shipped(checks, evscan, folder):
    """The trees that are installed beside the rules: with them, with damaged ones, with those of changed rules."""
    share = folder / 'share' / 'evscan'
    (folder / 'bin').mkdir(parents=True)
    share.mkdir(parents=True)
    shutil.copy(evscan, folder / 'bin' / 'evscan')
    shutil.copytree(ROOT / 'rules', share / 'rules')
    installed = folder / 'bin' / 'evscan'
    commands = (['rules', 'list'], ['show', *LOGS], ['explain', '1753'])
    wanted = [run(installed, '', command) for command in commands]
    checks.same('rules pack', run(installed, '', ['rules', 'pack', str(share)])[:1], (0,))
    checks.true('three files of trees', len(list(share.glob('*.trees'))) == 3)
    for what in ('whole', 'turned', 'cut'):
        for command, expected in zip(commands, wanted):
            checks.same(f'{what} shipped trees', run(installed, '', command), expected)
            checks.same(f'{what} shipped trees, and a cache', run(installed, folder / 'kept', command), expected)
        for trees in share.glob('*.trees'):
            data = trees.read_bytes()
            trees.write_bytes(bytes(b ^ (i % 97 == 0) for i, b in enumerate(data)) if what == 'whole' else data[:len(data) // 2])
    checks.same('rules pack again', run(installed, '', ['rules', 'pack', str(share)])[:1], (0,))
    shutil.rmtree(folder / 'kept', ignore_errors=True)
    run(installed, folder / 'kept', commands[0])
    checks.true('shipped trees need no cache', not trees_of(folder / 'kept'))
    changed = share / 'rules' / 'events' / 'clussvc.yaml'
    changed.write_bytes(changed.read_bytes().replace(b'title: Cluster', b'title: The cluster'))
    after = run(installed, '', commands[0])
    checks.true('a changed rule shows at once beside shipped trees', after != wanted[0])
    checks.same('and again, from a cache', run(installed, folder / 'kept', commands[0]), after)
    checks.true('which was written', trees_of(folder / 'kept'))
    checks.same('and once more', run(installed, folder / 'kept', commands[0]), after)


def main():
    evscan, checks = sys.argv[1], Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # Without the trees of its build beside it.
        (folder / 'plain' / 'bin').mkdir(parents=True)
        shutil.copy(evscan, folder / 'plain' / 'bin' / 'evscan')
        shutil.copytree(ROOT / 'rules', folder / 'plain' / 'share' / 'evscan' / 'rules')
        evscan = str(folder / 'plain' / 'bin' / 'evscan')
        cache = folder / 'one' / 'two'
        for arguments in (['--format', 'json', *LOGS], LOGS, ['rules', 'list'], ['show', *LOGS]):
            wanted = run(evscan, '', arguments)
            checks.same('first run', run(evscan, cache, arguments), wanted)
            checks.true('a cache was written', trees_of(cache))
            checks.same('second run', run(evscan, cache, arguments), wanted)
            checks.same('no place for it', run(evscan, '/dev/null/cache', arguments), wanted)
            check_damage(checks, evscan, cache, arguments, wanted)
        check_change(checks, evscan, folder, cache)
        check_shipped(checks, evscan, folder / 'installed')
        checks.true('nothing is left lying about', all(p.name.count('.') == 0 for p in cache.iterdir()))
    print('cache:', f'{checks.failed} failed' if checks.failed else 'ok')
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
