#!/usr/bin/env python3
"""quality.py EVSCAN [--sample N] [--seed S] [--variants A,B] [--update]: the diagnosis under conditions that are not those of a test.

Takes the logs of every case of tests/knowledge/cases and of every sample, and changes them:

plain          as they stand
noise-400      400 events of a healthy system of that age around the case's own, in all logs together
noise-10000    10,000 of them; a node that crashed writes none from its removal to its start
missing        the logs of one node are left out, each node in turn
ahead, behind  the clock of every node but the first is 90 seconds wrong
dirty          the log was copied while the service wrote it: header of an earlier moment; .evt: the ring goes around;
               older records are gone (numbers begin with 5001), chunks of .evtx are small
wrapped        the oldest third of every log is gone; it counts when the records that name the systems are left
sixteen        more nodes, until there are sixteen, called like one that is there: they have quiet logs of the same
               channels, remove whom that one removes, and are removed by who removes that one; all clocks but the first
               are 45 or 90 seconds wrong

Counts, for each, in how many runs the article that the case names stands first, and says which article is `confirmed` that
neither the case names nor its unchanged logs confirm or list below a diagnosis: there must be none.  Exit status 1 when there is one, or when an article
is right in less than 95 % of a kind.  Cases without a diagnosis count for the second only.  In `missing` and `wrapped` three numbers are told,
each of what stands first, as confirmed, likely, possible or as what cannot be excluded: of all runs; of those in which the event that
the article starts from is left, so that something can be said; and of those in which all that it needs is left, of which the 95 % are
asked.  Where the log that tells a crash from a partition is the one that is missing, only one of them can stand first.  `said` counts
the runs in which the right article is among the diagnoses, in any place.

--sample takes N cases that follow from the seed; --update writes tests/knowledge/QUALITY.md (from all cases only).
"""

import argparse
import bisect
import concurrent.futures
import copy
import glob
import os
import random
import sys
import tempfile
import zlib

import run
from run import CASES, ROOT, Failure, diagnose

from description import TICKS_PER_SECOND, DescriptionError, Event, read_description  # pylint: disable=wrong-import-position
from make_logs import make_log                                                     # pylint: disable=wrong-import-position

TABLE = os.path.join(ROOT, 'tests', 'knowledge', 'QUALITY.md')
DAY = 86400 * TICKS_PER_SECOND
APART = 2 * 3600 * TICKS_PER_SECOND
AWAY = 90 * TICKS_PER_SECOND
ENOUGH = 0.95
VARIANTS = ('plain', 'noise-400', 'noise-10000', 'missing', 'ahead', 'behind', 'dirty', 'wrapped', 'sixteen')
LISTED = {'missing': 1, 'wrapped': 2}  # of which runs those are listed that are not right: BEGUN, WHOLE; of others all
NODES = 16
OLDER = 5001

HEAD = """# How well the diagnosis holds

Made by `tests/knowledge/quality.py EVSCAN --update`; do not edit.  The kinds are described there.

Articles on Windows NT 4.0 and 2000 are offered for an .evtx log, too, when nothing in it tells that it is none of those: it
does not name its system, no provider is called Microsoft-Windows-*, and all times are whole seconds, as in an .evt log that
Event Viewer or wevtutil made an .evtx log of.  Of the 32 System and Application logs of real machines that were looked at none
is such a log: 16 are excerpts of a few classic events, and all of these have times with a fraction of a second.

"""

# (source, id, type, strings) of a healthy node; %d is a number that changes.
NOISE = {
    ('NT4', 'System'): [
        ('Print', 10, 'information', ['%d', 'Letter.doc', 'jsmith', 'HP LaserJet 5', 'LPT1:', '89746', '2']),
        ('Print', 13, 'information', ['%d', 'Budget.xls', 'jsmith']),
        ('BROWSER', 8015, 'information', ['\\Device\\NetBT_E100B1']),
        ('Rdr', 3018, 'warning', ['FILESRV%d']),
        ('Service Control Manager', 7023, 'error', ['Computer Browser', '%%2550']),
        ('Srv', 2013, 'warning', ['D:', '%d']),
        ('NETLOGON', 5711, 'information', ['PDC%d']),
    ],
    ('2000', 'System'): [
        ('Service Control Manager', 7036, 'information', ['Windows Installer', 'running']),
        ('Service Control Manager', 7036, 'information', ['Logical Disk Manager Administrative Service', 'stopped']),
        ('Service Control Manager', 7035, 'information', ['Windows Installer', 'start']),
        ('Print', 10, 'information', ['%d', 'Letter.doc', 'jsmith', 'HP LaserJet 5', 'LPT1:', '89746', '2']),
        ('W32Time', 35, 'information', ['dc1.example.org (ntp.d|10.0.0.2:123->10.0.0.1:123)']),
        ('BROWSER', 8033, 'information', ['\\Device\\NetBT_Tcpip_{1A2B}']),
        ('EventLog', 6013, 'information', ['', '', '', '', '%d', '0', '0']),
        ('Srv', 2013, 'warning', ['E:', '%d']),
    ],
    ('new', 'System'): [
        ('Service Control Manager', 7036, 'information', ['Windows Update', 'running']),
        ('Service Control Manager', 7036, 'information', ['Windows Update', 'stopped']),
        ('Service Control Manager', 7036, 'information', ['Software Protection', 'stopped']),
        ('Service Control Manager', 7040, 'information',
         ['Background Intelligent Transfer Service', 'demand start', 'auto start', 'BITS']),
        ('Microsoft-Windows-GroupPolicy', 1500, 'information', ['1', '4052', '0', '%d', '\\\\dc1.example.org']),
        ('Microsoft-Windows-Time-Service', 35, 'information', ['dc1.example.org (ntp.d)', '167837962', '4']),
        ('Microsoft-Windows-DNS-Client', 1014, 'warning', ['time%d.example.net', '10', '00']),
        ('Microsoft-Windows-DistributedCOM', 10016, 'error',
         ['application-specific', 'Local', 'Activation', '{D63B10C5-BB46-4990-A94F-E40B9D520160}']),
        ('Microsoft-Windows-Kernel-General', 16, 'information', ['%d', '\\??\\C:\\Users\\svc\\ntuser.dat']),
        ('EventLog', 6013, 'information', ['', '', '', '', '%d', '60', '0 Coordinated Universal Time']),
    ],
    ('NT4', 'Application'): [
        ('Perflib', 1008, 'error', ['Spooler', 'winspool.drv', '%d']),
        ('ESENT', 100, 'information', ['wins', '%d']),
    ],
    ('2000', 'Application'): [
        ('MsiInstaller', 11707, 'information', ['Product: Tool %d -- Installation operation completed successfully.']),
        ('Userenv', 1704, 'information', []),
        ('ESENT', 101, 'information', ['wins', '%d']),
    ],
    ('new', 'Application'): [
        ('MsiInstaller', 1035, 'information', ['Tool', '1.%d', '1033', '0', 'Example']),
        ('ESENT', 326, 'information', ['svchost', '%d']),
        ('Microsoft-Windows-Security-SPP', 16384, 'information', ['2121-01-01T00:00:%d']),
        ('VSS', 8224, 'information', []),
    ],
}
# Of a log that has no noise.
QUIET = [('EventLog', 6013, 'information', ['', '', '', '', '%d', '60', '0 Coordinated Universal Time'])]


def load_all():
    """(name, first, also, logs) of all cases and samples."""
    cases = []
    for path in sorted(glob.glob(os.path.join(CASES, '*.yaml'))):
        case = run.load_case(path)
        cases.append((os.path.basename(path)[:-5], case['first'], case.get('also', []), read_description({'logs': case['logs']})))
    for path in sorted(glob.glob(os.path.join(ROOT, 'samples', '*', 'incident.yaml'))):
        with open(path, encoding='utf-8') as file:
            case = run.yaml.load(file, Loader=getattr(run.yaml, 'CSafeLoader', run.yaml.SafeLoader))
        expect = case['expect']
        cases.append((os.path.basename(os.path.dirname(path)), expect[0] if expect else 'nothing', expect[1:],
                      read_description({'logs': case['logs']})))
    return cases


def is_new(event):
    """Of Windows Vista or later: an .evtx log without such an event may be an .evt log that was converted."""
    return event.source.startswith('Microsoft-Windows-') or (event.id == 6009 and event.strings and
                                                             event.strings[0].split('.')[0] in ('6', '10'))


def age_of(logs):
    events = [(log.format, event) for log in logs for event in log.events]
    if any(format == 'evtx' and is_new(event) for format, event in events):
        return 'new'
    versions = [event.strings[0] for _, event in events if event.id == 6009 and event.strings]
    return '2000' if any(version.startswith('5') for version in versions) else 'NT4'


def insert(log, noise):
    """Each in front of the first of the log's own that is later; those keep their order, also where a clock was set."""
    own, latest = [], 0
    for event in log.events:
        latest = max(latest, event.time)
        own.append(latest)
    merged, done = [], 0
    for event in noise:
        at = bisect.bisect_right(own, event.time)
        merged += log.events[done:at] + [event]
        done = at
    log.events = merged + log.events[done:]


def span_of(log, logs):
    """From two days before its first event to one behind its last one.  What is gone of it stays gone: its older
    records, and what lies hours before or behind it in the log of another node."""
    own = [event.time for event in log.events]
    times = [event.time for one in logs if one.channel == log.channel for event in one.events]
    before = 0 if log.first_number > 1 or min(own) > min(times) + APART else 2 * DAY
    behind = 0 if max(own) < max(times) - APART else DAY
    return min(own) - before, max(own) + behind


def is_told_by_start(event):
    return (event.source, event.id) in (('EventLog', 6008), ('Microsoft-Windows-Kernel-Power', 41))


def deaths(logs):
    """{node: [(from, to)]}: from its removal to its next start, of nodes that crashed in between."""
    removals = [(str(value).upper(), event.time) for log in logs for event in log.events if event.id == 1135
                for value in (event.strings or []) + [value for _, value in event.data or []]]
    dead = {}
    for log in logs:
        for event in filter(is_told_by_start, log.events):
            gone = [time for name, time in removals
                    if name == host(log.computer) and event.time - APART <= time <= event.time]
            if gone:
                dead.setdefault(log.computer, []).append((max(gone), event.time + AWAY))
    return dead


def add_noise(logs, count, chance):
    age = age_of(logs)
    usable = [log for log in logs if log.events and (age, log.channel) in NOISE and not log.wrapped]
    spans = [span_of(log, logs) for log in usable]
    dead = deaths(logs)
    for log, (low, high) in zip(usable, spans):
        noise = []
        for time in sorted(chance.randrange(low, high + 1) for _ in range(count // len(usable))):
            source, number, kind, strings = chance.choice(NOISE[age, log.channel])
            values = [s.replace('%d', str(chance.randrange(1, 9999))) if s.count('%') == 1 else s for s in strings]
            if any(begin <= time <= end for begin, end in dead.get(log.computer, [])):
                continue
            noise.append(Event(time=time // 10_000_000 * 10_000_000, source=source, id=number, type=kind, strings=values,
                               computer=log.computer, channel=log.channel, written=time, form=log.form))
        insert(log, noise)


def shift(logs, by):
    first = logs[0].computer if logs else ''
    for log in logs:
        for event in log.events if log.computer != first else []:
            event.time += by
            event.written += by


def soil(logs):
    for log in logs:
        if log.wrapped or log.truncate is not None or any(event.number is not None for event in log.events):
            continue
        log.header = 'dirty'
        log.first_number = OLDER
        if log.format == 'evtx':
            log.chunk_records = 7
        elif len(log.events) > 3:
            log.ring = len(make_log(log).data) + 256
            log.wrapped = 'across'


def wrap(logs):
    """The oldest third is gone; records keep their numbers."""
    for log in logs:
        if log.wrapped or log.truncate is not None or any(event.number is not None for event in log.events):
            continue
        gone = len(log.events) // 3
        log.events = log.events[gone:]
        log.first_number += gone


def side_that_goes_on(logs):
    """The node that logs the most removals, or the first one; and its removals."""
    of_node = {log.computer: [] for log in logs}
    for log in logs:
        of_node[log.computer] += [event for event in log.events if event.id == 1135]
    node = max(of_node, key=lambda name: len(of_node[name]))
    return node, of_node[node]


def more_names(node, logs):
    """Names of nodes that are called like that one, and that nobody has mentioned."""
    host_name, dot, domain = node.partition('.')
    said = {str(value).upper() for log in logs for event in log.events
            for value in (event.strings or []) + [value for _, value in event.data or []]}
    said |= {host(log.computer) for log in logs}
    stem = host_name.rstrip('0123456789')
    return [f'{stem}{number}{dot}{domain}' for number in range(1, 100) if f'{stem}{number}'.upper() not in said]


def healthy_log(model, name, removals, span):
    """One log of one more node: quiet, but for the removals and the record of the system."""
    log = copy.deepcopy(model)
    log.computer = name
    log.file = f'{host(name).lower()}-{log.file}'
    own = copy.deepcopy(removals) if log.channel == 'System' else []
    log.events = own + [event for event in log.events if event.id == 6009]
    for event in log.events:
        event.computer, event.number = name, None
    source, number, kind, strings = NOISE.get((age_of([model]), log.channel), QUIET)[0]
    for time in span:
        log.events.append(Event(time=time, source=source, id=number, type=kind, computer=name, channel=log.channel,
                                strings=[s.replace('%d', '1') for s in strings], written=time, form=log.form))
    log.events.sort(key=lambda event: event.time)
    return log


def renamed(event, old, new):
    """The same of another node, or None when the event does not name the old one."""
    other = copy.deepcopy(event)
    other.strings = event.strings and [new if value.upper() == old else value for value in event.strings]
    other.data = event.data and [(key, new if str(value).upper() == old else value) for key, value in event.data]
    return other if (other.strings, other.data) != (event.strings, event.data) else None


def remove_as(logs, node, names):
    """Who removes that node removes those as well: they stand on its side."""
    for log in logs:
        events = []
        for event in log.events:
            more = [renamed(event, host(node), host(name)) for name in names] if event.id == 1135 else []
            events += [event, *filter(None, more)]
        log.events = events


def widen(logs, chance):
    nodes = sorted({log.computer for log in logs})
    model, removals = side_that_goes_on(logs)
    times = [event.time for log in logs for event in log.events]
    models = {log.channel: log for log in reversed(logs) if not log.wrapped and log.truncate is None and log.events}
    if 'System' in models:
        names = more_names(model, logs)[:NODES - len(nodes)]
        remove_as(logs, model, names)
        logs += [healthy_log(one, name, removals, (min(times), max(times))) for name in names for one in models.values()]
    for node in sorted({log.computer for log in logs} - {nodes[0]}):
        wrong = chance.choice((AWAY // 2, AWAY))
        for event in (event for log in logs if log.computer == node for event in log.events):
            event.time += wrong
            event.written += wrong


def versions_of(logs, variant, chance):
    """(logs, nodes left out) of all runs of that kind."""
    if variant == 'missing':
        nodes = sorted({log.computer for log in logs})
        for node in nodes if len(nodes) > 1 else []:
            yield [log for log in logs if log.computer != node], node
        return
    if variant == 'sixteen' and len({log.computer for log in logs}) < 2:
        return
    if variant in ('ahead', 'behind') and len({log.computer for log in logs}) < 2:
        return
    logs = copy.deepcopy(logs)
    if variant.startswith('noise-'):
        add_noise(logs, int(variant[6:]), chance)
    elif variant in ('ahead', 'behind'):
        shift(logs, AWAY if variant == 'ahead' else -AWAY)
    elif variant == 'dirty':
        soil(logs)
    elif variant == 'wrapped':
        wrap(logs)
    elif variant == 'sixteen':
        widen(logs, chance)
    yield logs, None


def report_of(evscan, logs):
    with tempfile.TemporaryDirectory() as folder:
        for log in logs:
            with open(os.path.join(folder, log.file), 'wb') as file:
                file.write(make_log(log).data)
        return diagnose(evscan, folder)


def confirmed_of(report):
    return [d['article'] for d in report['diagnoses'] if d['confidence'] == 'confirmed']


def below(report):
    """What is true as well, but only a part or a consequence of what a diagnosis says."""
    return {c['article'] for d in report['diagnoses'] for c in d['consequences'] + d['beaten']}


def host(name):
    return name.split('.')[0].upper()


ALL, BEGUN, WHOLE = range(3)  # all runs with trouble; what it starts from is left; all that it needs is


class Tally:
    def __init__(self):
        self.runs = self.said = 0
        self.countable, self.right = [0, 0, 0], [0, 0, 0]
        self.lost, self.wrong = [], []

    def take(self, other):
        self.runs += other.runs
        self.said += other.said
        self.countable = [a + b for a, b in zip(self.countable, other.countable)]
        self.right = [a + b for a, b in zip(self.right, other.right)]
        self.lost += other.lost
        self.wrong += other.wrong

    def count(self, level, right):
        for i in range(level + 1):
            self.countable[i] += 1
            self.right[i] += right


def systems_of(logs):
    """Records that name the system: what tells articles about different systems apart."""
    return sum(event.id in (6005, 6009) for log in logs for event in log.events)


def what_is_left(plain, changed, missing, lacks_system):
    """ALL, BEGUN or WHOLE.  `lacks_system` None: nothing was taken away."""
    if missing is None and lacks_system is None:
        return WHOLE
    if not plain['diagnoses']:
        return ALL
    first = {log.file: log.first_number for log in changed}
    nodes = {log.computer for log in changed}
    needs = [item for item in plain['diagnoses'][0]['evidence']['for'] if item['kind'] == 'needs']
    left = [any(hit['record'] >= first.get(os.path.basename(hit['input']), sys.maxsize) for hit in item['hits'])
            for item in needs]
    whole = all(left) and not lacks_system and (len(nodes) > 1 or all(item['node'] != 'other' for item in needs))
    return WHOLE if whole else BEGUN if left and left[0] else ALL


def try_case(evscan, case, variants, seed):
    """A tally for each variant."""
    name, first, also, logs = case
    tallies = {}
    plain = report_of(evscan, logs)
    known = set(confirmed_of(plain)) | below(plain) | {first} | set(also)
    for variant in variants:
        tally = tallies[variant] = Tally()
        chance = random.Random(zlib.crc32(f'{seed} {name} {variant}'.encode()))
        for changed, missing in versions_of(logs, variant, chance):
            what = name + (f' without {missing}' if missing else '')
            try:
                report = plain if variant == 'plain' else report_of(evscan, changed)
            except (Failure, DescriptionError) as failure:
                tally.wrong.append(f'{what}: {failure}')
                continue
            found = [d['article'] for d in report['diagnoses']]
            tally.runs += 1
            lacks_system = systems_of(changed) < systems_of(logs) if variant == 'wrapped' else None
            tally.wrong += [f'{what}: {article}' for article in confirmed_of(report) if article not in known]
            if first != 'nothing':
                level = what_is_left(plain, changed, missing, lacks_system)
                tally.count(level, found[:1] == [first])
                tally.said += first in found
                if found[:1] != [first] and level >= LISTED.get(variant, ALL):
                    tally.lost.append(f'{what}: {found[0] if found else "nothing"} instead of {first}')
    return tallies


def share_of(tally, level):
    share = f'{100 * tally.right[level] / tally.countable[level]:.1f} %' if tally.countable[level] else '-'
    return f'{tally.right[level]} | {share}'


def table_of(total, cases):
    lines = [f'{cases} cases and samples.', '',
             '| kind | runs | with trouble | said | right first | | something is left of it | right first | | all needs are left |'
             ' right first | | wrong, and confirmed |', '|---' * 13 + '|']
    for variant, tally in total.items():
        lines.append(f'| {variant} | {tally.runs} | {tally.countable[ALL]} | {tally.said} | {share_of(tally, ALL)} | ' +
                     ' | '.join(f'{tally.countable[level]} | {share_of(tally, level)}' for level in (BEGUN, WHOLE)) +
                     f' | {len(tally.wrong)} |')
    for variant, tally in total.items():
        if tally.lost:
            lines += ['', f'Not first, {variant}:', ''] + [f'- {line}' for line in tally.lost]
    for variant, tally in total.items():
        if tally.wrong:
            lines += ['', f'Wrong and confirmed, {variant}:', ''] + [f'- {line}' for line in tally.wrong]
    return '\n'.join(lines) + '\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('evscan')
    parser.add_argument('--sample', type=int)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--variants', default=','.join(VARIANTS))
    parser.add_argument('--only', help='cases whose name begins with this')
    parser.add_argument('--update', action='store_true')
    options = parser.parse_args()
    evscan = os.path.abspath(options.evscan)
    cases = [case for case in load_all() if case[0].startswith(options.only or '')]
    if options.sample:
        cases = random.Random(options.seed).sample(cases, options.sample)
    variants = options.variants.split(',')
    total = {variant: Tally() for variant in variants}
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for tallies in pool.map(try_case, [evscan] * len(cases), cases, [variants] * len(cases),
                                [options.seed] * len(cases)):
            for variant in variants:
                total[variant].take(tallies[variant])
    table = table_of(total, len(cases))
    print(table, end='')
    if options.update:
        with open(TABLE, 'w', encoding='utf-8') as file:
            file.write(HEAD + table)
    # In a sample one case is more than 5 %.
    bad = any(tally.wrong or (not options.sample and
                              tally.right[WHOLE] < ENOUGH * tally.countable[WHOLE]) for tally in total.values())
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
