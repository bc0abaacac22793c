#!/usr/bin/python3
"""--tz node: times as the clock of each node showed them, in everything that people read.  run.py EVSCAN

Prints a line a check; exit status 1 when one fails.
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import ROOT, SECONDS, Evscan, check, exit_status  # noqa: E402


def event(time, source, ident, kind, **rest):
    guid = ', guid: "{baf908ea-3421-4ca9-9b84-6689b8c6f85f}"' if 'Failover' in source else ''
    more = ''.join(f', {name}: {value}' for name, value in rest.items())
    return f'      - {{time: "2021-03-14T{time}Z", source: {source}, id: {ident}, type: {kind}{guid}{more}}}\n'


def log(node, noon, zone):
    """Its clock says 12:00 when UTC is `noon`; without a zone its log does not tell."""
    uptime = event(noon, 'EventLog', 6013, 'information', strings=f'["", "", "", "", "90000", "60", "{zone}"]') if zone else ''
    return (f'  - file: {node}.evtx\n    format: evtx\n    computer: {node}.example.org\n    channel: System\n'
            '    events:\n' + uptime +
            event('22:00:00', 'Microsoft-Windows-FailoverClustering', 1135, 'critical', data='{NodeName: LOST1}') +
            event('22:01:00', 'Microsoft-Windows-FailoverClustering', 1069, 'error', data='{ResourceName: Disk Q}'))


class Desk(Evscan):
    def text(self, *args):
        return self.run(*args).stdout.decode()

    def make(self, name, logs):
        (self.folder / name).mkdir()
        (self.folder / f'{name}.yaml').write_text('about: Zones.\nexpect: []\nlogs:\n' + ''.join(logs))
        subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', f'{name}.yaml', '--out', name],
                       cwd=self.folder, check=True, timeout=SECONDS)


def two_zones(evscan):
    evscan.make('two', [log('TOKYO', '03:00:00', '-540 Tokyo Standard Time'),
                        log('BERLIN', '11:00:00', '-60 W. Europe Standard Time'), log('MUTE', '', '')])
    node = ['--tz', 'node']
    shown = evscan.text('show', *node, '--id', '1135', 'two')
    for time in ('2021-03-15T07:00:00.0000000+09:00  TOKYO', '2021-03-14T23:00:00.0000000+01:00  BERLIN',
                 '2021-03-14T22:00:00.0000000Z  MUTE'):
        check(f'show: {time}', time in shown, shown)
    lines = evscan.text('timeline', *node, 'two').splitlines()
    for time in ('2021-03-15 07:00:00 +09:00  TOKYO', '2021-03-14 23:00:00 +01:00  BERLIN',
                 '2021-03-14 22:00:00 UTC     MUTE'):
        check(f'timeline: {time}', any(line.startswith(time) for line in lines), lines)
    check('timeline: what is only a fact is no line', not any('6013' in line for line in lines), lines)
    check('search: as show', '2021-03-15T07:01:00.0000000+09:00  TOKYO' in evscan.text('search', *node, 'Disk Q', 'two'))
    report = evscan.text(*node, 'two')
    for words in ('2021-03-15 07:01:00 +09:00', '2021-03-14 23:01:00 +01:00', '2021-03-14 22:01:00 UTC',
                  'its local time is +09:00 (Tokyo Standard Time)', 'its log does not tell its local time',
                  'times are those of each node where its log tells them'):
        check(f'report: {words}', words in ' '.join(report.split()), report)
    for form in ('html', 'markdown'):
        page = evscan.text(*node, '--format', form, 'two')
        for words in ('07:01:00 +09:00', '23:01:00 +01:00', '22:01:00 UTC'):
            check(f'{form}: {words}', words in page.replace('\\', ''), page[:2000])
    check('JSON is UTC', evscan.text(*node, '--format', 'json', 'two') == evscan.text('--format', 'json', 'two'))
    for form in ('text', 'html', 'csv', 'markdown'):
        words = evscan.text('--format', form, 'two')
        check(f'{form}: UTC unless it is asked for', '07:01:00 +09:00' not in words and '07:01:00.0000000+09' not in words)
    check('stats: nodes that differ are counted in UTC', '2021-03-14 22:00' in evscan.text('stats', *node, 'two'),
          evscan.text('stats', *node, 'two'))


def one_zone(evscan):
    evscan.make('one', [log('NODE1', '16:00:10', '300 Eastern Standard Time'),
                        log('NODE2', '16:01:00', '300 Eastern Standard Time')])
    report = ' '.join(evscan.text('--tz', 'node', 'one').split())
    check('nodes of one zone: all of the report is in it', ' UTC' not in report.split('What was read')[0] and
          '18:01:00 -04:00' in report, report)
    stats = evscan.text('stats', '--tz', 'node', '--by', 'hour', 'one')
    check('stats: hours of that zone', '2021-03-14 18:00' in stats, stats)


def refusals(evscan):
    for command in (['show'], ['stats'], ['search', 'x']):
        done = evscan.run(*command, '--tz', 'node', '-', input=b'')
        check(f'{command[0]}: standard input cannot be read twice', done.returncode == 64 and b'twice' in done.stderr,
              done.stderr)


def main(program):
    with tempfile.TemporaryDirectory() as name:
        evscan = Desk(program, name)
        two_zones(evscan)
        one_zone(evscan)
        refusals(evscan)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
