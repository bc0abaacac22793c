#!/usr/bin/env python3
"""evscan scan --partial and evscan merge: N machines give the bytes of one.  run.py EVSCAN [SHARED]

Prints a line for each check and ends with status 1 when one failed.
"""

import glob
import itertools
import json
import os
import random
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import ROOT, Evscan, check, exit_status, part_of  # noqa: E402

sys.path.insert(0, os.path.join(ROOT, 'tests', 'writer'))
sys.dont_write_bytecode = True

from description import read_description  # noqa: E402: found by the path above
from make_logs import make_log  # noqa: E402

BURST_RULES = '''title: Failed logon
name: failed
author: Ann Example
level: low
logsource: {product: windows, service: security}
detection:
    selection: {Provider_Name: Security, EventID: 529}
    condition: selection
---
title: Many failed logons of one user within a minute
name: many
author: Ann Example
level: high
correlation: {type: event_count, rules: failed, group-by: ["Data[1]", Computer], timespan: 1m, condition: {gte: 40}}
'''


class Machine(Evscan):
    """evscan in the folder that all paths are seen from."""

    def __init__(self, program, folder, scratch):
        super().__init__(program, folder)
        self.scratch, self.saved = scratch, 0

    def save(self, paths):
        self.saved += 1
        path = os.path.join(self.scratch, f'{self.saved}.partial')
        result = self.run('scan', '--partial', path, *paths)
        return path, result

    def merge(self, partials, *options):
        return self.run('merge', *options, *partials)


def same(machine, what, paths, groups, *options):
    """Scanning all `paths` at once, and each group of them on a machine of its own."""
    whole = machine.run('scan', *options, *paths)
    partials = [machine.save(group)[0] for group in groups]
    random.Random(what).shuffle(partials)
    merged = machine.merge(partials, *options)
    check(f'{what}: merged as if scanned at once', merged.stdout == whole.stdout and whole.stdout,
          f'{len(merged.stdout)} and {len(whole.stdout)} bytes')
    check(f'{what}: the same exit status', merged.returncode == whole.returncode,
          f'{merged.returncode}, {whole.returncode}')
    check(f'{what}: the same words on standard error', merged.stderr == whole.stderr, merged.stderr.decode())


def samples(machine):
    for folder in sorted(glob.glob('samples/*/', root_dir=ROOT)):
        logs = sorted(glob.glob(folder + '*.ev*', root_dir=ROOT))
        if len(logs) > 1:
            same(machine, folder, logs, [[log] for log in logs])
    everything = sorted(glob.glob('samples/*/*.ev*', root_dir=ROOT))
    same(machine, 'all samples, two machines that both have some of them, JSON', everything,
         [everything[:30], everything[20:]], '--format', 'json')
    same(machine, 'all samples, a machine each', everything, [[log] for log in everything])
    same(machine, 'all samples, a machine each, JSON Lines', everything, [[log] for log in everything], '--format', 'jsonl')


VARYING = re.compile(rb'<tr><th>(?:Command|Run)</th>.*?</tr>|^evscan_last_(?:run|success)_timestamp_seconds[^\n]*',
                     re.S | re.M)


def every_form(machine):
    """What is said of the run itself aside: when it was, how long it took, its command line."""
    logs = ['samples/Q218922/node1.evt', 'samples/Q218922/node2.evt', 'samples/healthy/node1.evt']
    partials = [machine.save([log])[0] for log in logs]
    for form in ('text', 'json', 'jsonl', 'csv', 'html', 'markdown', 'prometheus'):
        for options in ([], ['--checksums']):
            whole = VARYING.sub(b'', machine.run('scan', '--format', form, *options, *logs).stdout)
            merged = VARYING.sub(b'', machine.merge(partials, '--format', form, *options).stdout)
            check(f'{form} {" ".join(options)}: merged as if scanned at once', whole == merged and whole,
                  next(((a, b) for a, b in zip(whole.splitlines(), merged.splitlines()) if a != b), ''))
    page = machine.merge(partials, '--format', 'html').stdout
    check('the page has checksums and all events by hour', b'SHA-256' in page and b'Events by node; one cell' in page)


def missing_and_damaged(machine):
    node1, node2 = 'samples/Q218922/node1.evt', 'samples/Q218922/node2.evt'
    same(machine, 'a log that is missing', [node1, 'missing.evt', node2], [[node1, 'missing.evt'], [node2]])
    same(machine, 'a folder with other files in it', ['samples/Q218922', 'samples/healthy'],
         [['samples/healthy'], ['samples/Q218922']])
    torn = os.path.join(machine.scratch, 'torn.evt')
    with open(os.path.join(ROOT, node1), 'rb') as log, open(torn, 'wb') as out:
        out.write(log.read()[:1500])
    same(machine, 'a log that is torn', [torn, node2], [[torn], [node2]], '--format', 'json')
    partial, result = machine.save(['missing.evt'])
    check('a scan that could read nothing says so by its status', result.returncode == 66, result)
    partial, result = machine.save([node1, 'missing.evt'])
    check('a scan that could not read all says so by its status', result.returncode == 2, result)


def refusals(machine):
    node1, result = machine.save(['samples/Q218922/node1.evt'])
    check('a scan that saves prints nothing', result.returncode == 0 and not result.stdout + result.stderr, result)
    node2, _ = machine.save(['samples/Q218922/node2.evt'])
    with open(node1, 'rb') as saved:
        good = saved.read()
    bad = os.path.join(machine.scratch, 'bad')
    for what, data, words in [
        ('cut', good[:-9], 'damaged'),
        ('changed', good[:50] + bytes([good[50] ^ 1]) + good[51:], 'damaged'),
        ('of another version', good[:15] + b'9' + good[16:], 'another version'),
        ('no partial', b'something else', 'not a partial'),
        ('empty', b'', 'not a partial'),
    ]:
        with open(bad, 'wb') as out:
            out.write(data)
        alone, beside = machine.merge([bad]), machine.merge([bad, node1, node2])
        check(f'{what}: refused with a reason', words in alone.stderr.decode() and alone.returncode == 65, alone)
        check(f'{what}: what is sound is merged, and the status says that something is missing',
              beside.returncode == 3 and b'Q218922' in beside.stdout and words in beside.stderr.decode(), beside)
    scanned = machine.run(node1)
    check('a partial that is given as a log is told from one', scanned.returncode == 65 and
          b'evscan merge' in scanned.stderr, scanned)
    folder = os.path.join(machine.scratch, 'folder')
    os.mkdir(folder)
    for name, data in (('a', good), ('note.txt', b'not for us')):
        with open(os.path.join(folder, name), 'wb') as out:
            out.write(data)
    check('in a folder other files are left alone', machine.merge([folder]).stdout == machine.merge([node1]).stdout)
    piped = machine.run('merge', '-', input=good)
    check('standard input', piped.stdout == machine.merge([node1]).stdout)
    check('standard output', machine.run('scan', '--partial', '-', 'samples/Q218922/node1.evt').stdout == good)
    rules = machine.merge([node1], '--rules', 'rules/events')
    check('other rules are refused', rules.returncode == 65 and b'other rules' in rules.stderr, rules)
    there = machine.run('scan', '--partial', node1, 'samples/Q218922/node1.evt')
    check('a file that is there is not replaced', there.returncode == 73 and b'--force' in there.stderr, there)
    forced = machine.run('scan', '--force', '--partial', node1, 'samples/Q218922/node1.evt')
    with open(node1, 'rb') as saved:
        check('... but with --force, with the same bytes', forced.returncode == 0 and saved.read() == good, forced)
    nowhere = machine.run('scan', '--partial', '/dev/null/x', 'samples/Q218922/node1.evt')
    check('no place to save it: 73', nowhere.returncode == 73 and b'/dev/null/x' in nowhere.stderr, nowhere)
    check('no argument: 64', machine.run('merge').returncode == 64)
    for line in machine.run('merge', '--help').stdout.decode().splitlines():
        check('help fits 80 columns', len(line) <= 80, line)


def threads(machine):
    logs = sorted(glob.glob('samples/*/*.ev*', root_dir=ROOT))
    saved = {machine.run('scan', '--threads', n, '--partial', '-', *logs).stdout for n in ('1', '2', '7')}
    check('1, 2 and 7 threads save the same bytes', len(saved) == 1)


def noisy_log(path, computer, hits, burst):
    """A failed logon every ten minutes, the users taking turns; the last `burst` of them of bob, a second apart."""
    def event(i):
        time = '2001-03-01T00:00:00Z' if i == 0 else '+1s' if i >= hits - burst else '+10m'
        return {'time': time, 'source': 'Security', 'id': 529, 'type': 'audit-failure',
                'strings': ['bob' if i >= hits - burst else f'user{i % 7}', 'DOMAIN']}
    log = read_description({'about': 'x', 'logs': [
        {'file': os.path.basename(path), 'format': 'evt', 'computer': computer, 'channel': 'Security',
         'events': [event(i) for i in range(hits)]}]})[0]
    with open(path, 'wb') as out:
        out.write(make_log(log).data)


def beyond_the_limits(machine):
    """30,000 hits of a rule in one log, and what its correlation looks for at the end of them."""
    rules = os.path.join(machine.scratch, 'burst.yaml')
    with open(rules, 'w', encoding='utf-8') as out:
        out.write(BURST_RULES)
    logs = [os.path.join(machine.scratch, name) for name in ('secevent1.evt', 'secevent2.evt')]
    noisy_log(logs[0], 'ONE', 30000, 50)
    noisy_log(logs[1], 'TWO', 12000, 41)
    options = ['--rules', rules, '--format', 'json']
    report = json.loads(machine.run('scan', *options, *logs).stdout)
    alerts = [finding for finding in report['findings'] if finding['name'] == 'many']
    check('a burst behind 10,000 hits of a log is seen',
          [len(alert['correlation']['events']) for alert in alerts] == [41, 50], alerts)
    check('... with its user and node',
          [(alert['correlation']['group'][0]['value'], alert['node']) for alert in alerts] == [('bob', 'TWO'), ('bob', 'ONE')],
          alerts)
    check('... and nothing is lost to it', report['hits_dropped'] == 22000 and
          not any(notice['number'] == 505 for log in report['inputs'] for notice in log['notices']), report['inputs'])
    texts = {machine.run('scan', '--threads', n, *options[:2], *logs).stdout for n in ('1', '2', '7')}
    check('the same report with 1, 2 and 7 threads', len(texts) == 1)
    partials = []
    for log in logs:
        path = log + '.partial'
        partials.append(path)
        machine.run('scan', *options[:2], '--partial', path, log)
    for order in (partials, partials[::-1]):
        check('merged as if scanned at once', machine.merge(order, *options[:2]).stdout in texts)


def corpus(machine, folder):
    """Real logs, in every cut: alone, in pairs, at random."""
    logs = sorted(path for path in glob.glob(os.path.join(folder, '**', '*.ev*'), recursive=True)
                  if os.path.getsize(path) < 4 << 20)
    if not logs:
        print('skipped: no real logs here')
        return
    dice = random.Random(1)
    dice.shuffle(logs)
    some = part_of(logs[:30], machine.program, 3)
    same(machine, 'real logs, a machine each', some, [[log] for log in some], '--format', 'json')
    for first, second in part_of([*itertools.pairwise(logs[60:80:2])], machine.program, 3):
        same(machine, f'{os.path.basename(first)} and {os.path.basename(second)}', [first, second],
             [[first], [second], [first]])
    groups, most = [[] for _ in range(7)], part_of(logs[:100], machine.program, 2)
    for log in most:
        dice.choice(groups).append(log)
    same(machine, 'real logs on seven machines', most, [group for group in groups if group])


def main():
    program = os.path.abspath(sys.argv[1])
    shared = os.environ.get('EVSCAN_SHARED') or (sys.argv[2] if len(sys.argv) > 2 else '')
    with tempfile.TemporaryDirectory() as scratch:
        machine = Machine(program, ROOT, scratch)
        samples(machine)
        every_form(machine)
        missing_and_damaged(machine)
        refusals(machine)
        threads(machine)
        beyond_the_limits(machine)
        corpus(machine, os.path.join(shared, 'corpus'))
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
