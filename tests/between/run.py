#!/usr/bin/python3
"""scan --from and --to: the answer is that of logs which have no other events.  run.py EVSCAN

Prints a line a check; exit status 1 when one fails.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import ROOT, SECONDS, Evscan, check, exit_status  # noqa: E402

EVENTS = [('08:00:00', 'EventLog', 6005), ('09:00:00', 'ClusSvc', 1069), ('10:00:00', 'ClusSvc', 1009),
          ('11:00:00', 'ClusSvc', 1069), ('12:00:00', 'EventLog', 6005)]


def description(name, events):
    lines = ''.join(f'      - {{number: {number}, time: "1999-04-11T{time}Z", source: {source}, id: {event}, type: error, '
                    'strings: [Disk Q]}\n' for number, time, source, event in events)
    return f'about: Times.\nexpect: []\nlogs:\n  - file: {name}.evt\n    format: evt\n    computer: NODE1\n    events:\n{lines}'


class Desk(Evscan):
    def make(self, name, events):
        (self.folder / f'{name}.yaml').write_text(description(name, events))
        self.write(name)

    def write(self, name):
        subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', f'{name}.yaml', '--out', '.'], cwd=self.folder,
                       check=True, timeout=SECONDS)

    def found(self, *args):
        """Findings, diagnoses and what is covered, without where it was read."""
        report = json.loads(self.run('--format', 'json', *args).stdout)
        events = [(f['name'], f['time'], f['record']) for f in report['findings']]
        return report, (events, [d['article'] for d in report['diagnoses']],
                        [(c['first'], c['last'], c['events']) for i in report['inputs'] for c in i['coverage']])


def spans(evscan):
    numbered = [(i + 1, *event) for i, event in enumerate(EVENTS)]
    evscan.make('all', numbered)
    for options, first, end in [(['--from', '1999-04-11T09:00'], 1, 5), (['--to', '1999-04-11T11:00:00'], 0, 3),
                                (['--from', '1999-04-11T09:00', '--to', '1999-04-11T11:00'], 1, 3),
                                (['--from', '1999-04-11T11:00', '--tz', '+02:00'], 1, 5)]:
        evscan.make('part', numbered[first:end])
        for threads in ('1', '2'):
            report, cut = evscan.found('--threads', threads, *options, 'all.evt')
            _, part = evscan.found('part.evt')
            check(f'{" ".join(options)}: as if the log had no other events', cut == part and cut[0], (cut, part))
        notices = [(n['number'], n['value']) for n in report['inputs'][0]['notices']]
        check('... and it is said how many it has', notices == [(113, len(EVENTS) - (end - first))], notices)
    report, cut = evscan.found('--from', '1999-04-10', 'all.evt')
    check('a span that all lie in leaves nothing out', cut == evscan.found('all.evt')[1] and
          not report['inputs'][0]['notices'], report['inputs'])
    nothing = evscan.run('--from', '-1d', 'all.evt')
    check('nothing lies in it: nothing found, and it is said', nothing.returncode == 2 and
          nothing.stdout.startswith('No event lies between --from and --to, so nothing can be said.\n') and
          '5 events do not lie between --from and --to' in ' '.join(nothing.stdout.split()), nothing)


def nowhere(evscan):
    """A span with a misspelt year is no cluster in health, in whatever form that is said."""
    for form, words in [('nagios', 'EVSCAN UNKNOWN - nothing found; no event lies between'), ('json', '"complete": false'),
                        ('prometheus', 'last_run_complete{cluster=""} 0'), ('syslog', 'incomplete: no event lies between'),
                        ('html', 'no: no event lies between')]:
        done = evscan.run('--format', form, '--from', '-1d', 'all.evt')
        check(f'nothing lies in it, {form}', words in done.stdout and done.returncode == (3 if form == 'nagios' else 2), done)
    evscan.run('scan', '--partial', 'nowhere.partial', '--from', '-1d', 'all.evt')
    merged = evscan.run('merge', 'nowhere.partial')
    check('... and of partials', merged.returncode == 2 and 'No event lies between' in merged.stdout, merged)
    one = evscan.run('--from', '1999-04-11T12:00', 'all.evt')
    check('one event is enough', one.returncode == 0 and one.stdout.startswith('Nothing wrong found'), one)


def cut_off(evscan):
    """Whoever cut a log is not told that its records are gone."""
    node = str(ROOT / 'samples/Q251284/node1.evt')
    for options, words in [(['--from', '2000-02-08T03:30'], 'too late to show it: events before --from were not looked at'),
                           (['--to', '2000-02-08T03:36:30'], 'too early to show it: events from --to on were not looked at')]:
        said = ' '.join(evscan.run(*options, node).stdout.split())
        check(f'{options[0]} is why a log does not show it', words in said and 'records are gone' not in said, said)
    whole = evscan.run(node).stdout
    check('... and of a whole log it is not said', 'not looked at' not in whole, whole)


def system(evscan):
    """What a node runs it says at its start, and 6009 is read from before the span for that, and for nothing else."""
    text = description('system', [(1, '07:00:00', 'ClusSvc', 1069), (2, '08:00:00', 'EventLog', 6009),
                                  (3, '10:00:00', 'ClusSvc', 1009)])
    (evscan.folder / 'system.yaml').write_text(text.replace(
        'source: EventLog, id: 6009, type: error, strings: [Disk Q]',
        'source: EventLog, id: 6009, type: information, strings: ["4.0", "1381", "Service Pack 6", "Free"]'))
    evscan.write('system')
    for options, packs in [(['--from', '1999-04-11T09:00'], [6]), (['--from', '1999-04-11T07:30'], [6]),
                           (['--to', '1999-04-11T07:30'], [None])]:
        report, (found, _, covered) = evscan.found(*options, 'system.evt')
        check(f'{" ".join(options)}: the system', [n['service_pack'] for n in report['nodes']] == packs, report['nodes'])
        check('... and no other event', len(found) == 1 and len(covered) == 1 and
              report['inputs'][0]['notices'][0]['value'] == 3 - covered[0][2], (found, report['inputs']))
    (evscan.folder / 'kernel.yaml').write_text((evscan.folder / 'system.yaml').read_text().replace(
        'source: EventLog, id: 6009, type: information, strings: ["4.0", "1381", "Service Pack 6", "Free"]',
        'source: Microsoft-Windows-Kernel-General, id: 12, type: information, strings: ["6", "1", "7601", "1", "1"]')
        .replace('system.evt', 'kernel.evtx').replace('format: evt', 'format: evtx'))
    evscan.write('kernel')
    for options, packs in [(['--from', '1999-04-11T09:00'], [1]), (['--to', '1999-04-11T07:30'], [None])]:
        report, (found, _, _) = evscan.found(*options, 'kernel.evtx')
        check(f'{" ".join(options)}: the system, as the kernel says it', len(found) == 1 and
              [n['service_pack'] for n in report['nodes']] == packs, report['nodes'])


def partials(evscan):
    evscan.run('scan', '--partial', 'cut.partial', '--from', '1999-04-11T09:00', 'all.evt')
    merged = evscan.run('merge', '--format', 'json', 'cut.partial').stdout
    whole = evscan.run('--format', 'json', '--from', '1999-04-11T09:00', 'all.evt').stdout
    check('a partial tells the same, and what it left out', json.loads(merged)['inputs'] == json.loads(whole)['inputs'])


def refusals(evscan):
    for args, words in [(['--cron', '--state', 's', '--from', '-1d', 'all.evt'], 'what is new since the last run is read, as --cron'),
                        (['--from', 'yesterday', 'all.evt'], '--from yesterday: must be a time such as'),
                        (['--from', '1999-04-12', '--to', '1999-04-11', 'all.evt'], 'no event lies there')]:
        done = evscan.run(*args)
        check(f'{" ".join(args)}: {words}', done.returncode == 64 and words in done.stderr, done)
    (evscan.folder / 'evscan.conf').write_text('from: -1d\nlogs: all.evt\n')
    done = evscan.run('config', 'check', 'evscan.conf')
    check('a configuration is for every night', done.returncode == 78, done)


def main(program):
    with tempfile.TemporaryDirectory() as name:
        evscan = Desk(program, name, text=True)
        spans(evscan)
        nowhere(evscan)
        cut_off(evscan)
        system(evscan)
        partials(evscan)
        refusals(evscan)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
