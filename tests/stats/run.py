#!/usr/bin/python3
"""evscan stats against evscan show: what is counted is what is there.  run.py EVSCAN [SHARED]

Prints a line a check; exit status 1 when one fails.
"""

import collections
import csv
import io
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import Evscan, check, exit_status, logs_of_nodes  # noqa: E402

PARTS = ['node', 'channel', 'provider', 'id', 'level']


class Tables(Evscan):
    def rows(self, *args):
        return list(csv.DictReader(io.StringIO(self.run(*args, '-o', 'csv').stdout.decode())))


def long_names(evscan):
    """At 80 columns nodes whose names begin alike are told apart in each table."""
    with tempfile.TemporaryDirectory() as folder:
        logs_of_nodes(folder, [f'PRODUCTION-HYPERV-CLUSTERNODE0{i}' for i in (1, 2)])
        for args in ([], ['--by', 'node'], ['--by', 'node,provider,id,level']):
            text = evscan.run('stats', '--width', '80', *args, folder).stdout.decode()
            rows = [line for line in text.splitlines() if line.startswith('  PRODUC')]
            ends = [sum('NODE0' + i in row.split()[0] for row in rows) for i in '12']
            check(f'stats {" ".join(args)}: both nodes can be told apart', rows and ends[0] == ends[1] == len(rows) / 2, text)
            check('... within 80 columns', max(map(len, rows)) <= 80, rows)


def time_of(event, length):
    return event['time'][:length].replace('T', ' ')


def expected(events, by):
    """Key -> (count, first, last), names without regard to case as tallies do it."""
    counts = collections.defaultdict(list)
    length = {'hour': 16, 'day': 10, 'month': 7}
    for event in events:
        key = []
        for part in by:
            if part in length:
                value = time_of(event, length[part])
                key.append(value[:14] + '00' if part == 'hour' and value else value)
            else:
                key.append(event[part].lower())
        counts[tuple(key)].append(event['time'])
    return {key: (len(times), min(filter(None, times), default=''), max(times)) for key, times in counts.items()}


def counted(rows, by):
    return {tuple(row[part].lower() for part in by): (int(row['events']), row['first'], row['last']) for row in rows}


def compare(evscan, paths, filters=()):
    events = evscan.rows('show', *filters, *paths)
    for by in (PARTS, ['node'], ['provider', 'id'], ['hour'], ['level', 'day'], ['node', 'month']):
        rows = evscan.rows('stats', '--by', ','.join(by), *filters, *paths)
        order = ['node', 'channel', 'provider', 'id', 'level', 'hour', 'day', 'month']
        columns = [part for part in order if part in by]
        got, wanted = counted(rows, columns), expected(events, columns)
        check(f'{" ".join([*paths, *filters])} by {",".join(by)}: {len(events)} events, {len(rows)} kinds',
              got == wanted and len(rows) == len(wanted),
              [(k, got.get(k), wanted.get(k)) for k in got.keys() | wanted.keys() if got.get(k) != wanted.get(k)][:3])
    whole = json.loads(evscan.run('stats', '-o', 'json', *filters, *paths).stdout)
    sums = [sum(row['events'] for row in table['rows']) for table in whole['tables']]
    check('every table adds up to all events', set(sums) <= {len(events)} and whole['events'] == len(events), sums)


def threads(evscan, paths):
    for form in ('text', 'csv', 'json'):
        outputs = {evscan.run('stats', '-o', form, '--threads', n, *paths).stdout for n in ('1', '2', '7')}
        check(f'{form} is the same bytes for 1, 2 and 7 threads', len(outputs) == 1)


def text(evscan):
    for width in ('60', '80', '132'):
        lines = evscan.run('stats', '--width', width, 'samples/healthy').stdout.decode().splitlines()
        tables = lines[lines.index('Levels'):]
        check(f'tables fit {width} columns', max(map(len, tables)) <= int(width), max(tables, key=len))
    lines = evscan.run('stats', '--top', '2', '--by', 'provider', 'samples/healthy').stdout.decode().splitlines()
    check('--top cuts and says so', lines[-1].startswith('  ... and ') and len(lines) == 6, lines)
    lines = evscan.run('stats', '--tz', '+02:00', '--by', 'hour', '-o', 'csv', 'samples/Q218922').stdout.decode()
    check('hours are those of the zone', '1999-04-10 08:00,' in lines and '+02:00' in lines, lines[:200])
    for by, zone, said in [('hour', '+02:00', 'UTC+02:00'), ('day', '-03:30', 'UTC-03:30'), ('hour', 'UTC', 'UTC'), ('day', 'Europe/Berlin', 'Europe/Berlin'),
                           ('hour', 'Europe/Berlin', 'UTC+02:00')]:
        rows = evscan.rows('stats', '--tz', zone, '--by', by, 'samples/Q218922')
        check(f'CSV by {by} says its zone {zone}', rows and all(row['tz'] == said for row in rows), rows[:1])
    check('CSV without times has no zone', 'tz' not in evscan.rows('stats', '--by', 'node', 'samples/Q218922')[0])
    check('CSV says that all was read', all(row['complete'] == 'yes' for row in evscan.rows('stats', 'samples/Q218922')))
    check('... or was not', all(row['complete'] == 'no' for row in evscan.rows('stats', 'samples/Q218922', 'missing.evtx')))


def mistakes(evscan):
    for args, word in [(['--by', 'provder'], 'did you mean provider'), (['--by', 'hour,day'], 'exclude each other'),
                       (['--top', '0'], '--top 0'), ([], 'no log given')]:
        result = evscan.run('stats', *args, *(['samples/healthy'] if args else []))
        check(f'{" ".join(args) or "no path"} is a mistake', result.returncode == 64 and word in result.stderr.decode(),
              result)
    check('what cannot be read is exit status 2',
          evscan.run('stats', 'samples/healthy', 'missing.evtx').returncode == 2)
    check('no log is exit status 65', evscan.run('stats', 'README.md').returncode == 65)
    with open('/dev/full', 'wb') as full:
        result = evscan.run('stats', 'samples/healthy', stdout=full)
    check('a full disk is exit status 73', result.returncode == 73, result)


def main():
    evscan = Tables(sys.argv[1])
    shared = sys.argv[2] if len(sys.argv) > 2 else ''
    compare(evscan, ['samples/Q218922'])
    compare(evscan, ['samples/Q218922', 'samples/Q317232'], ['--level', '1-3'])
    threads(evscan, ['samples'])
    if os.path.isdir(os.path.join(shared, 'corpus')):
        compare(evscan, [os.path.abspath(os.path.join(shared, 'corpus', kind)) for kind in ('evt', 'evtx')])
    else:
        print('skipped: the corpus of real logs is not here')
    text(evscan)
    long_names(evscan)
    mistakes(evscan)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
