#!/usr/bin/env python3
"""Nights with one thread and with many: the same news, the same memory, to the byte.  threads.py EVSCAN

Logs of two dozen nodes, some of many batches, grow, are cleared, rolled back, copied and torn over four nights.
ThreadSanitizer builds run this as well.
"""

import os
import sys
import tempfile

from cluster import HERE, Night, Node, Site, database

sys.path.insert(0, os.path.join(HERE, '..'))

from checks import check, exit_status  # noqa: E402

THREADS = ('1', '2', '8')


def write(site, nodes, night):
    site.pass_time(days=1)
    for i, node in enumerate(nodes):
        for k in range(2500 if i < 3 and not night else 40):
            node.log(site.at(hours=-20, seconds=k))
        if (i + night) % 5 == 0:
            node.log(site.at(hours=-2), 'Disk', 7, 'error', ('\\Device\\Harddisk0',))
        if (i + night) % 7 == 0:
            node.log(site.at(hours=-1), 'Ntfs', 55, 'error', ('C:',))
        if night and (i + night) % 11 == 0:
            node.clear()
            node.log(site.at(minutes=-5))
        if night and (i + night) % 9 == 0:
            node.roll_back(min(3, len(node.events) - 1))
        site.export(node)
    site.export(nodes[night], f'copy-{night}.{nodes[night].form}')
    torn = os.path.join(site.exports, f'{nodes[5].name}.{nodes[5].form}')
    with open(torn, 'r+b') as log:
        log.seek(os.path.getsize(torn) // 2)
        log.write(b'torn' * 60)


def memory(site, state):
    with database(os.path.join(site.folder, state)) as db:
        return list(db.iterdump())


def run(site, threads):
    state = f'state-{threads}'
    night = Night(site.run('--state', state, '--threads', threads, 'exports'))
    return (night.status, night.out, night.err.replace(state, 'state')), memory(site, state)


def main():
    with tempfile.TemporaryDirectory() as folder:
        site = Site(os.path.abspath(sys.argv[1]), folder, '--rules', os.path.join(HERE, 'rule.yaml'))
        nodes = [Node(f'NODE{i}', 'evtx' if i % 2 else 'evt') for i in range(24)]
        for night in range(4):
            write(site, nodes, night)
            told, kept = run(site, THREADS[0])
            check(f'night {night}: there is news, and nothing fails', told[0] in (1, 3) and told[1], told)
            for threads in THREADS[1:]:
                again, memory_again = run(site, threads)
                check(f'night {night}, {threads} threads: the same news', again == told, (told, again))
                check(f'night {night}, {threads} threads: the same memory', memory_again == kept,
                      [pair for pair in zip(kept, memory_again) if pair[0] != pair[1]][:3])
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
