#!/usr/bin/python3
"""Compares evscan with peers on one big file: interleaved runs, events counted, processor seconds and wall seconds.

The file is made of whole chunks of real logs (checksums hold, at least 40000 bytes used), each as often as it takes.

Usage: bench.py PASS CORPUS [--peers FOLDER] [--bytes N] [--rounds N] [--evscan PROGRAM]

PASS is the program bench_pass of the build folder, CORPUS a folder with .evtx files.  With --evscan the command itself
is measured too, at one thread and at two.
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


def write_big(path, corpus, size):
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


def commands(args, path):
    """(name, command): what is run in each round, in this order."""
    runs = [(what, [args.program, what, path])
            for what in ("baseline", "baseline-libdeflate", "screen", "fields", "xml", "json")]
    if args.evscan:
        runs += [(f"show {form} -j{n}", [args.evscan, "show", "-o", form, "-j", str(n), path])
                 for form in ("jsonl", "xml") for n in (1, 2)]
    dump = os.path.join(args.peers, "bin", "evtx_dump")
    if os.access(dump, os.X_OK):
        runs += [(f"evtx_dump {form} -t{n}", [dump, "-t", str(n), "-o", form, path])
                 for form in ("jsonl", "xml") for n in (1, 2)]
    else:
        print("evtx_dump: skipped, not in", args.peers)
    if shutil.which("evtxexport"):
        runs.append(("evtxexport", ["evtxexport", path]))
    else:
        print("evtxexport: skipped, not installed")
    return runs


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(command):
    before, start = children(), time.monotonic()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (children() - before, time.monotonic() - start) if done.returncode in (0, 1) else None


def count_lines(command):
    """Events printed, for forms that print a line each."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        return sum(block.count(b"\n") for block in iter(lambda: run.stdout.read(1 << 20), b""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("corpus")
    parser.add_argument("--peers", default="peers")
    parser.add_argument("--bytes", type=int, default=300_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--evscan")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "big.evtx")
        size = write_big(path, args.corpus, args.bytes)
        runs = commands(args, path)
        results = {name: [] for name, _ in runs}
        for _ in range(args.rounds):
            for name, command in runs:
                taken = measure(command)
                if taken:
                    results[name].append(taken)
        print(f"{size} bytes, best of {args.rounds} rounds")
        for name, taken in results.items():
            if taken:
                cpu, wall = min(t[0] for t in taken), min(t[1] for t in taken)
                print(f"{name:22} {cpu:7.3f} s processor  {wall:7.3f} s  {size / wall / 1e6:6.0f} MB/s")
            else:
                print(f"{name:22} failed")
        counts = {name: count_lines(command) for name, command in runs if "json" in name}
        print("events:", ", ".join(f"{name} {n}" for name, n in counts.items()))
        return len(set(counts.values())) > 1


if __name__ == "__main__":
    sys.exit(main())
