#!/usr/bin/env python3
"""A night that is interrupted anywhere costs a repetition, never news.  faults.py EVSCAN FAULTS.so [--times N]

Every call that changes something on the disk is, in turn, the last of its process, the first on a full disk, or fails
with an I/O error.  --times N: kills at N random moments instead.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from cluster import HERE, Night, Node, Site

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402

RULES = ('--rules', os.path.join(HERE, 'rule.yaml'))


class Story:
    """Two nights were; the third has news and is interrupted; the fourth has other news."""

    def __init__(self, program, folder):
        self.site = site = Site(program, folder, *RULES)
        self.nodes = [Node('NODE1'), Node('NODE2', 'evtx')]
        for day in range(2):
            self.grow(day == 1)
            site.night()
        self.grow(True)
        self.kept = os.path.join(folder, 'kept')
        shutil.copytree(site.state, self.kept)
        self.third = site.night()
        self.grow(False)
        self.ahead = os.path.join(folder, 'ahead')
        shutil.copytree(site.exports, self.ahead)
        self.fourth = site.night()
        self.begin()

    def grow(self, disks):
        self.site.pass_time(days=2)
        for node in self.nodes:
            for i in range(20):
                node.log(self.site.at(hours=-3, minutes=i))
            if disks:
                node.log(self.site.at(hours=-1), 'Disk', 7, 'error', ('\\Device\\Harddisk0',))
            else:
                node.log(self.site.at(hours=-1), 'Ntfs', 55, 'error', ('C:',))
            if os.path.isdir(self.site.exports):
                self.site.export(node)

    def begin(self):
        """The evening before the third night.  Exports are those of the fourth: the same for all that is compared."""
        shutil.rmtree(self.site.state)
        shutil.copytree(self.kept, self.site.state)

    def judge(self, what, interrupted, reference):
        """The night after: the same news; or silence, when all of it was told."""
        again = self.site.night()
        whole = interrupted.stdout.decode() == reference.out
        check(f'{what}: what it told is the news or its beginning', reference.out.startswith(interrupted.stdout.decode()),
              interrupted)
        check(f'{what}: the next night tells the same, or all was told', again.out == reference.out or
              (whole and not again.out), again)
        check(f'{what}: nothing is set aside', not any('damaged' in n for n in os.listdir(self.site.state)), again)
        check(f'{what}: the memory is sound', self.site.tool('check').returncode == 0)
        check(f'{what}: and then silence', not self.site.night().out)
        return again.out == ''


def every_point(story, faults):
    reference_env = story.site.environment()
    story.begin()
    reference = Night(story.site.run(env=reference_env))
    check('there is news', reference.out)
    count = os.path.join(story.site.folder, 'count')
    story.begin()
    story.site.run(env=dict(reference_env, LD_PRELOAD=faults, EVSCAN_FAULT_COUNT=count))
    with open(count) as file:
        calls = int(file.read())
    print(f'{calls} calls change something on the disk')
    check('there are calls to interrupt', calls > 20, calls)
    for fault in ('kill', 'full', 'io'):
        silent = 0
        for at in range(1, calls + 1):
            story.begin()
            env = dict(reference_env, LD_PRELOAD=faults, EVSCAN_FAULT=fault, EVSCAN_FAULT_AT=str(at))
            result = story.site.run(env=env)
            if fault == 'kill':
                check(f'kill at {at}: it was killed', result.returncode == -signal.SIGKILL, result)
            else:
                check(f'{fault} at {at}: an exit status that says so, or none was needed',
                      result.returncode in (1, 3, 73), result)
            told = story.judge(f'{fault} at {at}', result, reference)
            silent += told
            check(f'{fault} at {at}: success means that it is remembered', result.returncode not in (1, 3) or told, result)
        print(f'{fault}: {calls} points, {silent} behind the end of the transaction')


def random_points(story, times):
    story.begin()
    begin = time.monotonic()
    reference = Night(story.site.run())
    spent = time.monotonic() - begin
    dice = random.Random(1)
    for i in range(times):
        story.begin()
        command = [story.site.program, '--cron', '--state', 'state', *RULES, 'exports']
        run = subprocess.Popen(command, cwd=story.site.folder, env=story.site.environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        time.sleep(dice.uniform(0, spent * 1.2))
        run.kill()
        out, err = run.communicate()
        story.judge(f'random moment {i}', subprocess.CompletedProcess(command, run.returncode, out, err), reference)


def main():
    program, faults = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    times = int(sys.argv[sys.argv.index('--times') + 1]) if '--times' in sys.argv else 0
    with tempfile.TemporaryDirectory() as folder:
        story = Story(program, folder)
        if times:
            random_points(story, times)
            print(f'killed at {times} random moments')
        else:
            every_point(story, faults)
    print('FAILED' if exit_status() else 'ok')
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
