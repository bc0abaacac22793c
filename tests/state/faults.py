#!/usr/bin/env python3
"""A night that is interrupted anywhere costs a repetition, never news.  faults.py EVSCAN FAULTS.so [--times N]

Every call that changes something on the disk is, in turn, the last of its process, the first on a full disk, or fails
with an I/O error; every call that reads fails, is the first of those that fail, or finds that a
log was cut or replaced.
--times N: kills at N random moments instead.
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
        shutil.copytree(site.exports, os.path.join(folder, 'early'))
        self.kept = os.path.join(folder, 'kept')
        shutil.copytree(site.state, self.kept)
        self.third = site.night()
        self.grow(False)
        self.ahead = os.path.join(folder, 'ahead')
        shutil.copytree(site.exports, self.ahead)
        self.fourth = site.night()
        self.begin()
        self.fifth = site.night()
        self.begin()
        check('there is news', self.fifth.news, self.fifth)

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
        shutil.copytree(self.ahead, self.site.exports, dirs_exist_ok=True)

    def judge(self, what, interrupted, reference):
        """The night after: the same news; or silence, when all of it was told."""
        again = self.site.night()
        whole = interrupted.stdout.decode() == reference.out
        check(f'{what}: what it told is the news or its beginning',
              reference.out.startswith(interrupted.stdout.decode()), interrupted)
        check(f'{what}: the next night tells the same, or all was told', again.out == reference.out or
              (whole and not again.out), again)
        check(f'{what}: nothing is set aside', not any('damaged' in n for n in os.listdir(self.site.state)), again)
        check(f'{what}: the memory is sound', self.site.tool('check').returncode == 0)
        check(f'{what}: and then silence', not self.site.night().out)
        return again.out == ''


def calls_count(story, faults):
    """How many calls change something, and how many read; the story is before its third night again."""
    count = os.path.join(story.site.folder, 'count')
    story.begin()
    story.site.run(env=story.site.environment(LD_PRELOAD=faults, EVSCAN_FAULT_COUNT=count))
    with open(count) as file:
        changes, reads = map(int, file.read().split())
    print(f'{changes} calls change something on the disk, {reads} read from it')
    check('there are calls to interrupt', changes > 20 and reads > 20, (changes, reads))
    return changes, reads


def night_with(story, faults, fault, at, **more):
    story.begin()
    return story.site.run(env=story.site.environment(LD_PRELOAD=faults, EVSCAN_FAULT=fault, EVSCAN_FAULT_AT=str(at),
                                                     **more))


def every_change(story, faults, calls):
    reference = story.fifth
    for fault in ('kill', 'full', 'io'):
        silent = 0
        for at in range(1, calls + 1):
            result = night_with(story, faults, fault, at)
            if fault == 'kill':
                check(f'kill at {at}: it was killed', result.returncode == -signal.SIGKILL, result)
            else:
                check(f'{fault} at {at}: an exit status that says so, or none was needed',
                      result.returncode in (1, 3, 73), result)
            told = story.judge(f'{fault} at {at}', result, reference)
            silent += told
            check(f'{fault} at {at}: success means that it is remembered', result.returncode not in (1, 3) or told,
                  result)
        print(f'{fault}: {calls} points, {silent} behind the end of the transaction')


def every_read(story, faults, calls):
    """What could not be read is news of the next night; what was told and remembered is not told again."""
    wanted = sorted(name for _, name in story.fifth.news)
    for fault in ('read', 'bad'):
        parts = 0
        for at in range(1, calls + 1):
            what = f'{fault} at {at}'
            result = night_with(story, faults, fault, at)
            first, again = Night(result), story.site.night()
            check(f'{what}: an exit status of the design', result.returncode in (0, 1, 2, 3, 73, 74, 78), result)
            told = sorted(name for _, name in (first.news if result.returncode < 73 else []) + again.news)
            check(f'{what}: none of the news is lost, none told twice', told == wanted, (wanted, first, again))
            check(f'{what}: what is whole has a good status', result.returncode != 1 or not again.news, (first, again))
            check(f'{what}: the memory is sound', story.site.tool('check').returncode == 0)
            check(f'{what}: and then silence', not story.site.night().out)
            parts += result.returncode < 73 and bool(again.news)
        print(f'{fault}: {calls} points, {parts} with news left for the next night')


def every_swap(story, faults, calls):
    """A log is cut, or replaced by an older copy, while it is read; in the next night it is there again."""
    wanted = sorted(name for _, name in story.fifth.news)
    for node in story.nodes:
        log = f'{node.name}.{node.form}'
        for how, command in (('cut', f'cp early/{log} exports/'),
                             ('replaced', f'cp early/{log} exports/new && mv exports/new exports/{log}')):
            parts = 0
            for at in range(1, calls + 1):
                what = f'{log} {how} at {at}'
                result = night_with(story, faults, 'swap', at, EVSCAN_FAULT_DO=command)
                first = Night(result)
                shutil.copytree(story.ahead, story.site.exports, dirs_exist_ok=True)
                again = story.site.night()
                told = sorted(name for _, name in first.news + again.news)
                check(f'{what}: none of the news is lost, none told twice', told == wanted, (wanted, first, again))
                check(f'{what}: and then silence', not story.site.night().out)
                parts += bool(again.news)
            print(f'{log} {how}: {calls} points, {parts} with news left for the next night')


def every_point(story, faults):
    changes, reads = calls_count(story, faults)
    every_change(story, faults, changes)
    every_read(story, faults, reads)
    every_swap(story, faults, reads)


def random_points(story, times):
    """Moments are spread over the length of a run; how many were in time, and where, is chance and is printed."""
    begin = time.monotonic()
    reference = Night(story.site.run())
    check('the same news', reference.out == story.fifth.out, reference)
    spent = time.monotonic() - begin
    dice = random.Random(1)
    killed = silent = torn = 0
    for i in range(times):
        story.begin()
        command = [story.site.program, '--cron', '--state', 'state', *RULES, 'exports']
        run = subprocess.Popen(command, cwd=story.site.folder, env=story.site.environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        time.sleep(dice.uniform(0, spent))
        run.kill()
        out, err = run.communicate()
        result = subprocess.CompletedProcess(command, run.returncode, out, err)
        told = story.judge(f'random moment {i}', result, reference)
        killed += run.returncode == -signal.SIGKILL
        torn += run.returncode == -signal.SIGKILL and bool(out) and not told
        silent += run.returncode == -signal.SIGKILL and told
    print(f'{times} random moments: {killed} runs were killed, {torn} of them between output and memory, {silent} behind '
          'the end of the transaction; the others were through')


def main():
    program, faults = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    times = int(sys.argv[sys.argv.index('--times') + 1]) if '--times' in sys.argv else 0
    with tempfile.TemporaryDirectory() as folder:
        story = Story(program, folder)
        if times:
            random_points(story, times)
        else:
            every_point(story, faults)
    print('FAILED' if exit_status() else 'ok')
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
