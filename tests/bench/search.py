#!/usr/bin/python3
"""Searching a log, against printing all of it and searching that: `evscan search` and `evtx_dump | grep`, in turns.

The file is that of bench.py.  Each pattern is counted by both: evtx_dump's lines are searched as they are, names of fields,
escapes and all, evscan looks into values and sentences; so counts differ where a pattern stands in one of these only, and
patterns that do not are the comparison.

Usage: search.py EVSCAN CORPUS [--peers FOLDER] [--bytes N] [--rounds N]

Exit status 1 when a program fails, or the counts of a pattern that is expected to be the same are not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

from bench import children, write_log  # noqa: E402

# Pattern, and whether both mean the same by it.
PATTERNS = [("xyzzyq", True), ("svchost.exe", True), ("kerberos", True), ("mimikatz", True), ("0x3e7", True),
            ("access is denied", False)]


class Search:
    """A way to find a pattern; prints the events that hold it, one a line."""

    def __init__(self, name, command):
        self.name, self.command = name, command
        self.processor, self.wall, self.counts = [], [], set()

    def measure(self):
        before, start = children(), time.monotonic()
        done = subprocess.run(["sh", "-c", self.command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        self.processor.append(children() - before)
        self.wall.append(time.monotonic() - start)
        self.counts.add(done.stdout.count(b"\n") if done.returncode in (0, 1) else -1)


def ways(args, pattern, path):
    dump = os.path.join(args.peers, "bin", "evtx_dump")
    return [Search("evscan search, one thread", f"exec {args.evscan} search -q -o jsonl --threads 1 '{pattern}' {path}"),
            Search("evtx_dump -t 1 | grep", f"{dump} -t 1 -o jsonl {path} | LC_ALL=C grep -iF '{pattern}'"),
            Search("evscan search, two threads", f"exec {args.evscan} search -q -o jsonl --threads 2 '{pattern}' {path}"),
            Search("evtx_dump -t 2 | grep", f"{dump} -t 2 -o jsonl {path} | LC_ALL=C grep -iF '{pattern}'")]


def compare(args, pattern, same, path):
    runs = ways(args, pattern, path)
    for _ in range(args.rounds):
        for run in runs:
            run.measure()
    for run in runs:
        print(f"{pattern:18} {run.name:28} {min(run.processor):7.3f} s processor {min(run.wall):7.3f} s  "
              f"{'/'.join(map(str, sorted(run.counts)))} events")
    counts = set().union(*(run.counts for run in runs))
    return -1 not in counts and (not same or len(counts) == 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("evscan")
    parser.add_argument("corpus")
    parser.add_argument("--peers", default="peers")
    parser.add_argument("--bytes", type=int, default=120_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    args.evscan = os.path.abspath(args.evscan)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "big.evtx")
        print(f"{write_log(path, args.corpus, args.bytes)} bytes, least of {args.rounds} rounds")
        good = [compare(args, pattern, same, path) for pattern, same in PATTERNS]
    return not all(good)


if __name__ == "__main__":
    sys.exit(main())
