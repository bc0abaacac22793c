#!/usr/bin/python3
"""Compares evscan with peers on one file: interleaved runs, events counted, processor seconds and wall seconds.

The file is made of whole chunks of real logs (checksums hold, at least 40000 bytes used), each as often as it takes.
Peers that take seconds for a megabyte (python-evtx), or give up a log at the first record that they cannot read
(evtxexport), have some of the real logs one by one; evscan reads these as well.

Usage: bench.py PASS CORPUS [--peers FOLDER] [--bytes N] [--slow-bytes N] [--rounds N] [--evscan PROGRAM]

PASS is the program bench_pass of the build folder, CORPUS a folder with .evtx files.  With --evscan the command itself
is measured too, at one thread and at two.  Exit status 1 when a program fails, or a peer prints more events.
"""

import argparse
import glob
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

PYTHON_EVTX = """
import sys
import Evtx.Evtx
for path in sys.argv[1:]:
    with Evtx.Evtx.Evtx(path) as log:
        for record in log.records():
            try:
                print(record.xml())
            except Exception:
                pass
"""

CHUNK = 65536
HEADER = 4096
USED_AT_LEAST = 40000


def is_sound(chunk):
    """A full chunk whose checksums hold."""
    used, records_crc = struct.unpack_from("<II", chunk, 0x30)
    if chunk[:8] != b"ElfChnk\0" or not USED_AT_LEAST < used <= CHUNK:
        return False
    header_crc = zlib.crc32(chunk[0x80:0x200], zlib.crc32(chunk[:0x78]))
    return header_crc == struct.unpack_from("<I", chunk, 0x7C)[0] and zlib.crc32(chunk[0x200:used]) == records_crc


def sound_chunks(corpus):
    """All sound chunks, and the file header of the first log that has one."""
    header, chunks = None, []
    for path in sorted(glob.glob(os.path.join(corpus, "**", "*.evtx"), recursive=True)):
        with open(path, "rb") as log:
            data = log.read()
        for at in range(HEADER, len(data) - CHUNK + 1, CHUNK):
            if is_sound(data[at:at + CHUNK]):
                header = header or data[:HEADER]
                chunks.append(data[at:at + CHUNK])
    return header, chunks


def write_log(path, corpus, size):
    header, chunks = sound_chunks(corpus)
    if not chunks:
        sys.exit("bench: no sound chunk in " + corpus)
    rounds = max(1, size // (len(chunks) * CHUNK))
    count = rounds * len(chunks)
    head = bytearray(header)
    struct.pack_into("<Q", head, 16, count - 1)
    struct.pack_into("<H", head, 42, min(count, 65535))
    struct.pack_into("<I", head, 0x78, 0)
    struct.pack_into("<I", head, 0x7C, zlib.crc32(bytes(head[:0x78])))
    with open(path, "wb") as out:
        out.write(head)
        for _ in range(rounds):
            out.writelines(chunks)
    return HEADER + count * CHUNK


class Run:
    """A program on a file: what it is called, and how its output tells events."""

    def __init__(self, name, command, events=None):
        self.name, self.command, self.events = name, command, events
        self.processor, self.wall = [], []

    def measure(self):
        before, start = children(), time.monotonic()
        done = subprocess.run(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if done.returncode in (0, 1, 2):  # evscan: 2 when a log is not whole
            self.processor.append(children() - before)
            self.wall.append(time.monotonic() - start)

    def count(self):
        """Marks in the output; one that falls on the border of two blocks is found in what is kept of the first."""
        total, kept = 0, b""
        with subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
            for block in iter(lambda: run.stdout.read(1 << 20), b""):
                block = kept + block
                total += block.count(self.events)
                kept = block[len(block) - len(self.events) + 1:] if len(self.events) > 1 else b""
        return total


def shows(args, paths, threads):
    marks = {"jsonl": b"\n", "xml": b"</Event>"}
    return [Run(f"show {form} --threads {n}", [args.evscan, "show", "-o", form, "--threads", str(n), *paths], mark)
            for form, mark in marks.items() for n in threads] if args.evscan else []


def quick_runs(args, path):
    """What is run in each round, in this order."""
    runs = [Run(what, [args.program, what, path])
            for what in ("baseline", "baseline-libdeflate", "screen", "fields", "xml", "json")]
    runs += shows(args, [path], (1, 2))
    dump = os.path.join(args.peers, "bin", "evtx_dump")
    if os.access(dump, os.X_OK):
        marks = {"jsonl": b"\n", "xml": b"</Event>"}
        runs += [Run(f"evtx_dump {form} -t {n}", [dump, "-t", str(n), "-o", form, path], mark)
                 for form, mark in marks.items() for n in (1, 2)]
    else:
        print("evtx_dump: skipped, not in", args.peers)
    return runs


def some_logs(corpus, size):
    """Logs of the corpus, from all of it, that have about `size` bytes; and how many they have."""
    logs = sorted(glob.glob(os.path.join(corpus, "**", "*.evtx"), recursive=True))
    taken = logs[::max(1, sum(map(os.path.getsize, logs)) // size)]
    return taken, sum(map(os.path.getsize, taken))


def slow_runs(args, paths):
    one_by_one = ["sh", "-c", 'program=$0; for log; do "$program" "$log"; done']
    runs = []
    if shutil.which("evtxexport"):
        runs.append(Run("evtxexport", [*one_by_one, "evtxexport", *paths], b"Event number"))
    else:
        print("evtxexport: skipped, not installed")
    python = os.path.join(args.peers, "python", "bin", "python")
    if os.access(python, os.X_OK):
        runs.append(Run("python-evtx", [python, "-c", PYTHON_EVTX, *paths], b"</Event>"))
    else:
        print("python-evtx: skipped, not in", args.peers)
    return runs and shows(args, paths, (1,)) + runs


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def report(runs, size, rounds):
    """False when a program failed, or evscan shows fewer events than a peer."""
    print(f"{size} bytes, least of {rounds} rounds")
    counts = {run.name: run.count() for run in runs if run.events}
    for run in runs:
        if not run.wall:
            print(f"{run.name:24} failed")
            continue
        events = f"  {counts[run.name]} events" if run.events else ""
        print(f"{run.name:24} {min(run.processor):7.3f} s processor  {min(run.wall):7.3f} s  "
              f"{size / min(run.wall) / 1e6:6.0f} MB/s{events}")
    ours = [n for name, n in counts.items() if name.startswith("show ")]
    return all(run.wall for run in runs) and len(set(ours)) <= 1 and (not ours or max(counts.values()) == ours[0])


def compare(runs, size, rounds):
    for _ in range(rounds):
        for run in runs:
            run.measure()
    return report(runs, size, rounds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("corpus")
    parser.add_argument("--peers", default="peers")
    parser.add_argument("--bytes", type=int, default=300_000_000)
    parser.add_argument("--slow-bytes", type=int, default=4_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--evscan")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "big.evtx")
        good = compare(quick_runs(args, path), write_log(path, args.corpus, args.bytes), args.rounds)
    logs, size = some_logs(args.corpus, args.slow_bytes)
    slow = slow_runs(args, logs)
    if slow:
        good &= compare(slow, size, 1)
    return not good


if __name__ == "__main__":
    sys.exit(main())
