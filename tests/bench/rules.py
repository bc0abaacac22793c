"""rules.py BEFORE AFTER CORPUS: two builds of evscan in turns over CORPUS/evtx at one thread, with evscan's own rules
and with all of CORPUS/sigma.  Processor milliseconds (the least of ROUNDS), what loading alone takes, and the ratio of
the scans, without loading and with it.  Both builds must print the same report.  Each has a cache of its own: one that
finds the other's writes it anew.
"""
import hashlib
import os
import subprocess
import sys
import tempfile

ROUNDS = 15


def run(evscan, cache, rules, path):
    """Milliseconds and a digest of the report."""
    args = [evscan, 'scan', '--threads', '1'] + [word for r in rules for word in ('--rules', r)] + [path]
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(args, stdout=out, stderr=subprocess.DEVNULL,
                                   env=dict(os.environ, EVSCAN_CACHE=cache))
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return (used.ru_utime + used.ru_stime) * 1000, hashlib.sha256(out.read()).hexdigest()


def main():
    builds, corpus = sys.argv[1:3], sys.argv[3]
    sigma = [os.path.join(corpus, 'sigma', name) for name in ('sigmahq', 'hayabusa-rules')]
    kinds = {'own': [], 'all': sigma}
    least, reports = {}, {}
    with tempfile.NamedTemporaryFile() as empty, tempfile.TemporaryDirectory() as caches:
        for turn in range(ROUNDS * len(builds)):
            build = builds[turn % len(builds)]
            cache = os.path.join(caches, str(turn % len(builds)))
            os.makedirs(cache, exist_ok=True)
            for kind, rules in kinds.items():
                for what, path in (('scan', os.path.join(corpus, 'evtx')), ('load', empty.name)):
                    ms, digest = run(build, cache, rules, path)
                    key = (build, kind, what)
                    least[key] = min(ms, least.get(key, ms))
                    reports.setdefault((kind, what, digest), set()).add(build)
    for build in builds:
        own, every = ({w: least[build, k, w] for w in ('scan', 'load')} for k in kinds)
        ratio = (every['scan'] - every['load']) / (own['scan'] - own['load'])
        print('%s: own rules %.0f ms (load %.0f), all %.0f ms (load %.0f); scans 1 : %.2f, with loading 1 : %.2f'
              % (build, own['scan'], own['load'], every['scan'], every['load'], ratio, every['scan'] / own['scan']))
    same = all(len(who) == len(set(builds)) for who in reports.values())
    print('the reports are the same' if same else 'THE REPORTS DIFFER')
    return 0 if same else 1


if __name__ == '__main__':
    sys.exit(main())
