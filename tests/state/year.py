#!/usr/bin/env python3
"""A year of nights: everything that happens to logs happens, and every trouble is told, once.  year.py EVSCAN [DAYS] [SEED]

Four nodes write; logs grow, wrap, are cleared, rotated, rolled back, copied twice; exports come late; a node is renamed;
runs are killed; the rules are updated; clocks change by an hour in spring and autumn.  What must be told is known: each
burst of trouble on a node, after a day without any, is news exactly once.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

from cluster import HERE, Node, Site

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402


class Year:
    def __init__(self, program, folder, dice):
        self.rules = os.path.join(folder, 'rules')
        os.mkdir(self.rules)
        shutil.copy(os.path.join(HERE, 'rule.yaml'), self.rules)
        self.site = Site(program, folder, '--rules', self.rules)
        self.dice = dice
        self.nodes = [Node(f'NODE{i}', 'evtx' if i % 2 else 'evt', most=400) for i in range(1, 5)]
        self.bursts, self.told, self.counts = {}, {}, {'killed': 0, 'again': 0, 'gone': 0}
        self.last_trouble = {}

    def trouble(self, node, moment):
        """Counted as something to tell when the node was quiet for more than a day, and a bit."""
        before = self.last_trouble.get(node.name)
        if before is None or (moment - before).total_seconds() > 86400:
            self.bursts[node.name] = self.bursts.get(node.name, 0) + 1
        self.last_trouble[node.name] = moment
        node.log(moment, 'Disk', 7, 'error', ('\\Device\\Harddisk0',))

    def day(self, day):
        self.site.pass_time(days=1)
        if day in (84, 301):
            self.site.pass_time(hours=-1 if day == 84 else 1)
        for node in self.nodes:
            count = self.dice.randrange(3, 30)
            bad = self.dice.random() < 0.03
            for i in range(count):
                moment = self.site.at(hours=-20, minutes=i * 20)
                node.log(moment)
                if bad and i == count // 2:
                    self.trouble(node, moment)
            self.happens(node)

    def path(self, node, name=None):
        return os.path.join(self.site.exports, name or f'{node.name}.{node.form}')

    def happens(self, node):
        what = self.dice.random()
        if what < 0.02: # archived: the old file stays for a while, numbers go on
            node.export(self.path(node, f'archive-{node.name}.{node.form}'))
            node.first, node.events = node.first + len(node.events), []
            node.log(self.site.at(minutes=-3))
        elif what < 0.04: # cleared, after all of it was exported
            node.export(self.path(node, f'last-{node.name}.{node.form}'))
            node.clear()
            node.log(self.site.at(minutes=-2))
        elif what < 0.05 and len(node.events) > 12: # a snapshot is restored: the last records were quiet ones
            node.roll_back(2)
            node.log(self.site.at(minutes=-1))
        if self.dice.random() < 0.97: # else it comes a day late
            node.export(self.path(node))
        if self.dice.random() < 0.02:
            node.export(self.path(node, f'copy-{node.name}.{node.form}'))

    def night(self, day):
        if day and self.dice.random() < 0.1:
            self.killed()
        night = self.site.night()
        check(f'day {day}: sound', night.status in (0, 1), night)
        for kind, name in night.news:
            node = next(n.name for n in self.nodes if f'{name} found on {n.name}' in night.out.replace('\n', ' '))
            if kind in ('new', 'again'):
                self.told[node] = self.told.get(node, 0) + 1
                self.counts['again'] += kind == 'again'
            self.counts['gone'] += kind == 'gone'

    @staticmethod
    def runs(state):
        with sqlite3.connect(os.path.join(state, 'evscan.db')) as db:
            return db.execute('SELECT max(number) FROM run').fetchone()

    def killed(self):
        """Before it is through: the memory is as it was."""
        command = [self.site.program, '--cron', '--state', 'state', *self.site.options, 'exports']
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

    def update(self, day):
        """New rules beside the old ones; a node gets another name when all of its old one is told."""
        with open(os.path.join(self.rules, 'more.yaml'), 'w') as out:
            with open(os.path.join(HERE, 'rule.yaml')) as rule:
                out.write(rule.read().split('---')[0].replace('test-disk', f'more-{day}')
                          .replace('5d9f1c2e', f'{day:08x}').replace('EventID: 7', 'EventID: 9'))


def live(program, folder, days, seed):
    year = Year(program, folder, random.Random(seed))
    for day in range(days):
        year.day(day)
        if day % 90 == 89:
            year.update(day)
        year.night(day)
    for node in year.nodes: # what came late
        node.export(year.path(node))
    year.night(days)
    check('each burst of trouble was told once', year.told == year.bursts, (year.told, year.bursts))
    size = os.path.getsize(os.path.join(year.site.state, 'evscan.db'))
    check('the memory stays small', size < 4 << 20, size)
    check('the memory is sound', year.site.tool('check').returncode == 0)
    print(f'{days} nights: told {year.told}, {year.counts}, memory of {size >> 10} KiB')


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
