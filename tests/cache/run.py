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


def trees(cache):
    return sorted(cache.glob('trees-*')) if cache.is_dir() else []


def check_damage(checks, evscan, cache, arguments, wanted):
    for kept in trees(cache):
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
    changed.write_bytes(changed.read_bytes().replace(b'title: Cluster', b'title: The cluster'))
    os.utime(changed, ns=(about.st_atime_ns, about.st_mtime_ns))
    after = run(evscan, cache, arguments)
    checks.true('a changed rule shows at once', after != before)
    checks.same('changed rules', after, run(evscan, '', arguments))


def main():
    evscan, checks = sys.argv[1], Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cache = folder / 'one' / 'two'
        for arguments in (['--format', 'json', *LOGS], LOGS, ['rules', 'list'], ['show', *LOGS]):
            wanted = run(evscan, '', arguments)
            checks.same('first run', run(evscan, cache, arguments), wanted)
            checks.true('a cache was written', trees(cache))
            checks.same('second run', run(evscan, cache, arguments), wanted)
            checks.same('no place for it', run(evscan, '/dev/null/cache', arguments), wanted)
            check_damage(checks, evscan, cache, arguments, wanted)
        check_change(checks, evscan, folder, cache)
        checks.true('nothing is left lying about', all(p.name.count('.') == 0 for p in cache.iterdir()))
    print('cache:', f'{checks.failed} failed' if checks.failed else 'ok')
    return 1 if checks.failed else 0


if __name__ == '__main__':
    sys.exit(main())
