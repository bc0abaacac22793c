#!/usr/bin/env python3
"""A year of nights: everything that happens to logs happens, and every trouble is told, once.

year.py EVSCAN [DAYS] [SEED]

Two clusters, whose nodes have equal names, share a memory.  Logs grow, wrap, are cleared, rotated, rolled back, copied
twice, converted; exports come late; a node is renamed; runs are killed; the rules are updated, and evscan itself: the memory is
turned into one of an earlier schema; clocks change by an hour in spring and autumn.  What must be told is known: each
burst of trouble on a node, after a day without any, is news exactly once.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile

from cluster import HERE, SCHEMA, Node, Site, database, schema_back

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402


class Cluster:
    """Its nodes, and what happened on them that has to be told."""

    def __init__(self, site, dice, name):
        self.site, self.dice, self.name = site, dice, name
        self.exports = os.path.join(site.exports, name)
        os.mkdir(self.exports)
        self.nodes = [Node(f'NODE{i}', 'evtx' if i % 2 else 'evt', most=400) for i in range(1, 5)]
        self.files = {node: f'{node.name}.{node.form}' for node in self.nodes}
        self.names = [node.name for node in self.nodes]
        self.bursts, self.told, self.last_trouble = {}, {}, {}
        self.untold = []  # [node, its name then, whether its log has come since, its records] of each burst

    def trouble(self, node, moment):
        """Counted as something to tell when the node was quiet for more than a day, and a bit."""
        before = self.last_trouble.get(node.name)
        if before is None or (moment - before).total_seconds() > 86400:
            self.untold.append([node, node.name, False, []])
        self.last_trouble[node.name] = moment
        node.log(moment, 'Disk', 7, 'error', ('\\Device\\Harddisk0',))
        for burst in [burst for burst in self.untold if burst[:2] == [node, node.name]][-1:]:
            burst[3].append(node.events[-1])

    def day(self):
        for node in self.nodes:
            count = self.dice.randrange(3, 30)
            bad = self.dice.random() < 0.03
            for i in range(count):
                moment = self.site.at(hours=-20, minutes=i * 20)
                node.log(moment)
                if bad and i == count // 2:
                    self.trouble(node, moment)
            self.happens(node)

    def export(self, node, prefix=''):
        there = {id(event) for event in node.events}
        for burst in self.untold:
            burst[2] = burst[2] or (burst[0] is node and any(id(event) in there for event in burst[3]))
        # What was overwritten before any export had it, nobody can tell.
        self.untold = [burst for burst in self.untold if burst[2] or burst[0] is not node]
        node.export(os.path.join(self.exports, prefix + self.files[node]))
        if self.dice.random() < 0.1: # converted; it stays and grows old
            node.export(os.path.join(self.exports, f'{self.files[node]}.evtx'), form='evtx')

    def happens(self, node):
        what = self.dice.random()
        if what < 0.02: # archived: the old file stays for a while, numbers go on
            self.export(node, 'archive-')
            node.first, node.events = node.first + len(node.events), []
            node.log(self.site.at(minutes=-3))
        elif what < 0.04: # cleared, after all of it was exported; what comes then has numbers that were read
            self.export(node, 'last-')
            count = len(node.events)
            node.clear()
            self.anew(node, self.dice.choice((1, count + 9)))
        elif what < 0.05 and self.is_quiet(node, 6): # a snapshot is restored: the last records were quiet ones
            node.roll_back(6)
            self.anew(node, self.dice.choice((1, 9)))
        if self.dice.random() < 0.97: # else it comes a day late
            self.export(node)
        if self.dice.random() < 0.02:
            self.export(node, 'copy-')

    @staticmethod
    def is_quiet(node, count):
        return len(node.events) > 2 * count and all(e.source == 'Print' for e in node.events[-count:])

    def anew(self, node, count):
        """Trouble is the first that is there, half of the time."""
        if self.dice.random() < 0.5:
            self.trouble(node, self.site.at(minutes=-9))
        for i in range(min(count, 399)):
            node.log(self.site.at(minutes=-8, seconds=i))

    def rename(self, node, name):
        """Its log goes on, records bear the new name; what happens under it is trouble of its own."""
        node.name = name
        self.names.append(name)

    def hear(self, night):
        """How many of the news are that something is there again, or gone."""
        again = gone = 0
        for kind, trouble in night.news:
            words = night.out.replace('\n', ' ')
            node = max((n for n in self.names if f'{trouble} found on {n}' in words), key=len)
            if kind in ('new', 'again'):
                self.told[node] = self.told.get(node, 0) + 1
                again += kind == 'again'
            gone += kind == 'gone'
        self.expect()
        return again, gone

    def expect(self):
        """Bursts on a node whose logs came for the same night, as one of them was late, are told as one."""
        for name in {name for _, name, came, _ in self.untold if came}:
            self.bursts[name] = self.bursts.get(name, 0) + 1
        self.untold = [burst for burst in self.untold if not burst[2]]


class Year:
    def __init__(self, program, folder, dice):
        self.rules = os.path.join(folder, 'rules')
        os.mkdir(self.rules)
        shutil.copy(os.path.join(HERE, 'rule.yaml'), self.rules)
        self.site = Site(program, folder, '--rules', self.rules)
        self.dice = dice
        self.clusters = [Cluster(self.site, dice, name) for name in ('EAST', 'WEST')]
        self.counts = {'killed': 0, 'again': 0, 'gone': 0, 'upgraded': 0, 'renamed': 0}

    def day(self, day):
        self.site.pass_time(days=1)
        if day in (11, 25, 84, 301): # spring and autumn, in short runs as well
            self.site.pass_time(hours=-1 if day in (11, 84) else 1)
        for cluster in self.clusters:
            cluster.day()
        if day % 90 == 89:
            self.update_rules(day)
        if day % 60 == 29:
            self.downgrade(1 + day // 60 % (SCHEMA - 1))
        if day % 50 == 33:
            cluster = self.clusters[day // 50 % 2]
            cluster.rename(self.dice.choice(cluster.nodes), f'RENAMED{day}')
            self.counts['renamed'] += 1

    def arguments(self, cluster):
        return ['--cluster', cluster.name, os.path.join('exports', cluster.name)]

    def night(self, day):
        for cluster in self.clusters:
            if day and self.dice.random() < 0.1:
                self.killed(cluster)
            night = self.site.night(*self.arguments(cluster))
            check(f'day {day}: sound', night.status in (0, 1), night)
            again, gone = cluster.hear(night)
            self.counts['again'] += again
            self.counts['gone'] += gone

    @staticmethod
    def runs(state):
        with database(state) as db:
            return db.execute('SELECT max(number) FROM run').fetchone()

    def killed(self, cluster):
        """Before it is through: the memory is as it was."""
        command = [self.site.program, '--cron', '--state', 'state', *self.site.options, *self.arguments(cluster)]
        kept = os.path.join(self.site.folder, 'kept')
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.site.state, kept)
        run = subprocess.Popen(command, cwd=self.site.folder, env=self.site.environment(), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        try:
            run.wait(self.dice.uniform(0, 0.1))
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            self.counts['killed'] += run.returncode == -signal.SIGKILL
        if self.runs(self.site.state) != self.runs(kept): # it was killed behind the end: what it told is not heard here
            shutil.rmtree(self.site.state)
            shutil.copytree(kept, self.site.state)

    def update_rules(self, day):
        """New rules beside the old ones."""
        with open(os.path.join(self.rules, 'more.yaml'), 'w') as out:
            with open(os.path.join(HERE, 'rule.yaml')) as rule:
                out.write(rule.read().split('---')[0].replace('test-disk', f'more-{day}')
                          .replace('5d9f1c2e', f'{day:08x}').replace('EventID: 7', 'EventID: 9'))

    def downgrade(self, version):
        """As an evscan of that schema left it: the next night is the first of this one."""
        with database(self.site.state) as db:
            schema_back(db, version)
        self.counts['upgraded'] += 1


def live(program, folder, days, seed):
    year = Year(program, folder, random.Random(seed))
    for day in range(days):
        year.day(day)
        year.night(day)
    for cluster in year.clusters: # what came late
        for node in cluster.nodes:
            cluster.export(node)
    year.night(days)
    for cluster in year.clusters:
        check(f'each burst of trouble in {cluster.name} was told once', cluster.told == cluster.bursts,
              (cluster.told, cluster.bursts))
        print(f'{cluster.name}: told {cluster.told}')
    size = os.path.getsize(os.path.join(year.site.state, 'evscan.db'))
    check('the memory stays small', size < 8 << 20, size)
    check('the memory is sound', year.site.tool('check').returncode == 0)
    print(f'{days} nights: {year.counts}, memory of {size >> 10} KiB')


def main():
    program = os.path.abspath(sys.argv[1])
    days = int(sys.argv[2]) if len(sys.argv) > 2 else 365
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as folder:
        live(program, folder, days, seed)
    print('FAILED' if exit_status() else 'ok')
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
