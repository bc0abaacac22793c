#!/usr/bin/python3
"""Reports in files: --output, --force, --format.  run.py EVSCAN

Prints a line for each check and ends with 1 when one failed.
"""
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import check, exit_status  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / 'samples' / 'Q218922'
LOGS = ['node1.evt', 'node2.evt']


class Folder:
    """A folder with two logs in it, and evscan run in it."""

    def __init__(self, program):
        self.program = os.path.abspath(program)

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix='evscan-report-'))
        for log in LOGS:
            shutil.copy(SAMPLE / log, self.path)
        self.before = self.names()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def names(self):
        return sorted(p.name for p in self.path.iterdir())

    def new(self):
        return [name for name in self.names() if name not in self.before]

    def read(self, name):
        return (self.path / name).read_bytes()

    def run(self, *args):
        return subprocess.run([self.program, *args], cwd=self.path, capture_output=True, timeout=120)


def several_at_once(program):
    with Folder(program) as f:
        done = f.run('--output', 'json:r.json', '--output', 'text:r.txt', *LOGS)
        check('one run writes several reports', f.new() == ['r.json', 'r.txt'] and done.returncode == 1, f.new())
        check('and the one on standard output', done.stdout == f.read('r.txt') != b'')
        alone = f.run('--format', 'json', *LOGS)
        check('a file has what standard output would have had', f.read('r.json') == alone.stdout)
        colour = f.run('--color', 'always', '--output', 'text:c.txt', *LOGS)
        check('a file has no colours', f.read('c.txt') == done.stdout != colour.stdout)


def nothing_is_lost(program):
    with Folder(program) as f:
        (f.path / 'r.json').write_text('mine')
        done = f.run('--output', 'text:r.txt', '--output', 'json:r.json', *LOGS)
        check('a file that is there stops the run', done.returncode == 73 and not done.stdout, done)
        check('and is said with the next step', done.stderr ==
              b'evscan: r.json: the file is there already; --force replaces it\n', done.stderr)
        check('it is as it was, and nothing else came', f.read('r.json') == b'mine' and f.new() == ['r.json'], f.new())
        done = f.run('--force', '--output', 'json:r.json', *LOGS)
        check('--force replaces it', done.returncode == 1 and json.loads(f.read('r.json')))
        log = f.read('node1.evt')
        done = f.run('--force', '--output', 'json:node1.evt', *LOGS)
        check('a log is never replaced', done.returncode == 73 and f.read('node1.evt') == log, done)
        done = f.run('scan', '--force', '--partial', 'node1.evt', *LOGS)
        check('... nor by a partial', done.returncode == 73 and f.read('node1.evt') == log, done)


def mistakes(program):
    with Folder(program) as f:
        for given, words in [('jsn:a', b'did you mean json'), ('json', b'must be FORMAT:PATH'),
                             ('a/b.html', b'did you mean html:a/b.html?'), ('csv=a.html', b'did you mean csv:a.html?'),
                             ('a/b.doc', b'formats: text'), ('json:', b'FORMAT:PATH'),
                             (':a', b'there is no format'), ('html:-', b'--format html prints on standard output'),
                             ('json:/dev/stdout', b'--format json prints on standard output\n'),
                             ('a.json', b'FORMAT:PATH')]:
            done = f.run('--output', given, *LOGS)
            check(f'--output {given} is refused', done.returncode == 64 and words in done.stderr and not f.new(), done)
        done = f.run('--output', 'json:a', '--output', 'text:./a', *LOGS)
        check('one path for two reports is refused', done.returncode == 73 and not f.new(), (done, f.new()))
        os.symlink('nowhere', f.path / 'dangling')
        for path, reason in [('missing/a', b'No such file or directory; there is no missing\n'),
                             ('.', b'Is a directory; name a file in it\n'),
                             ('dangling', b'it is a symbolic link, and there is no nowhere\n'),
                             ('/proc/a', b'cannot write the report: ')]:
            for options in ['--output', f'json:{path}'], ['--force', '--output', f'json:{path}']:
                done = f.run(*options, *LOGS)
                check(f'{" ".join(options)} is refused', done.returncode == 73 and reason in done.stderr and not done.stdout, done)
        done = f.run('scan', '--partial', 'missing/a', *LOGS)
        check('a partial: the same reason', done.returncode == 73 and b'there is no missing\n' in done.stderr, done)
        os.unlink(f.path / 'dangling')
        done = f.run('--output', 'json:/dev/full', '--output', 'text:r.txt', *LOGS)
        check('a full disk is said and ends with 73', done.returncode == 73 and b'No space left' in done.stderr, done)
        check('the other reports are whole', f.read('r.txt') == done.stdout != b'')


def folder_that_is_read(program):
    with Folder(program) as f:
        done = f.run('--format', 'json', '--output', 'text:r.txt', '.')
        report = json.loads(done.stdout)
        check('a report in the making is no file of the folder', report['not_logs'] == 0, report['not_logs'])


def zones(program):
    with Folder(program) as f:
        utc, berlin = f.run(*LOGS).stdout.decode(), f.run('--tz', 'Europe/Berlin', *LOGS).stdout.decode()
        check('times are UTC and say so', '1999-04-11 22:35:12 UTC' in utc and utc.rstrip().endswith('All times are UTC.'))
        check('--tz knows summer time and says the offset', '1999-04-12 00:35:12 +02:00' in berlin, berlin[:500])
        check('no time is left in UTC', 'UTC' not in berlin, [line for line in berlin.splitlines() if 'UTC' in line])
        check('JSON is UTC whatever the zone', f.run('--tz', '-5', '--format', 'json', *LOGS).stdout ==
              f.run('--format', 'json', *LOGS).stdout)
        done = f.run('--tz', 'Mars', *LOGS)
        check('an unknown zone is refused', done.returncode == 64 and b'no time zone' in done.stderr, done)


def a_drawing_over_a_change_of_the_clock(program):
    """Its scale is even: an hour that the clock leaves out is no gap in it."""
    event = '{time: "%s", source: ClusSvc, id: 1009, type: error}'
    events = ''.join(f'      - {event % time}\n' for time in ('2005-03-26T12:00:00Z', '2005-03-28T12:00:00Z'))
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder, 'logs.yaml')
        description.write_text('about: Summer time.\nexpect: []\nlogs:\n  - file: n.evt\n    format: evt\n    computer: N1\n'
                               f'    channel: System\n    events:\n{events}', encoding='utf-8')
        subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', description, '--out', folder], check=True)
        page = subprocess.run([program, '--tz', 'Europe/Berlin', '--format', 'html', Path(folder, 'n.evt')], capture_output=True,
                              check=False, timeout=60).stdout.decode()
    start, end, zone = re.search(r'data-from="(\d+)" data-to="(\d+)".*? data-zone="([^"]+)"', page).groups()
    check('the axis is as long as the time', (int(end) - int(start)) % 3600000 == 0 and int(end) - int(start) >= 48 * 3600000 and
          zone == '+01:00' and 'the axis goes on in +01:00' in page, (start, end, zone))
    drawing = page[page.index(f'data-from="{start}"'):]
    ticks = re.findall(r'class="tick[^"]*"><path d="M([\d.]+) [^>]*><text[^>]*>([^<]+)', drawing[:drawing.index('</svg>')])
    hours = [int(words[:2]) for _, words in ticks if words[2] == ':']
    check('its hours are round', hours and all(hour % 6 == 0 for hour in hours), ticks)


def details(program):
    with Folder(program) as f:
        low, med, high = (f.run('--detail', how, *LOGS).stdout.decode() for how in ('low', 'med', 'high'))
        check('med is the default', med == f.run(*LOGS).stdout.decode())
        check('low is what it is and what to do', 'What to do' in low and 'Evidence' not in low and len(low) < len(med) / 2, low)
        check('all begin with the verdict', low.splitlines()[:3] == med.splitlines()[:3] == high.splitlines()[:3])
        many = ROOT / 'samples' / 'Q224553'
        med, high = (f.run('--detail', how, many).stdout.decode() for how in ('med', 'high'))
        check('high leaves out nothing', 'more event' in med and 'more event' not in high and len(high) > len(med),
              [line for line in high.splitlines() if 'more event' in line])
        high = f.run('--detail', 'high', *LOGS).stdout.decode()
        shown = f.run('show', '-o', 'csv', *LOGS).stdout.decode()
        check('high has every event that a rule speaks of, with all that it says',
              high.count('at byte') > 30 and 'Document was printed (context)' in high and
              all(f'record {n}  ClusSvc' in high for n in (3, 13, 17, 21)) and 'Microsoft Word - weekly.doc' in shown and
              'Microsoft Word - weekly.doc' in high and 'How the points add up' in high, high[-2000:])


def all_of_it_and_no_more(program):
    """What has no blank does not run over the edge for pages, and "nothing found" says by which rules."""
    with tempfile.TemporaryDirectory() as folder:
        event = '{time: "2020-01-01T00:00:00Z", source: ClusSvc, id: 1009, type: error, strings: ["%s"]}'
        words = ['A' * 4000, 'path' * 90]
        events = ''.join(f'      - {event % word}\n' for word in words)
        description = Path(folder, 'logs.yaml')
        description.write_text('about: Long words.\nexpect: []\nlogs:\n  - file: long.evt\n    format: evt\n    computer: N1\n'
                               f'    channel: System\n    events:\n{events}', encoding='utf-8')
        subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', description, '--out', folder], check=True)
        high = subprocess.run([program, '--detail', 'high', folder], capture_output=True, check=False, timeout=60).stdout.decode()
        check('a long word is cut, and how much of it is said',
              'AAA... (3,943 more columns)' in ' '.join(high.split()) and
              'A' * 61 not in high, re.findall('.*A{50}.*', high))
        check('... what can be copied is not', words[1] in high)
    def run(how):
        return subprocess.run([program, *how, ROOT / 'samples/healthy'], capture_output=True, check=False, timeout=60).stdout.decode()
    eligible = json.loads(run(['--format', 'json']))['eligible']['rules']
    listed = re.search(r'These fit and found nothing: (.*?)\n\n', run(['--detail', 'high']), re.DOTALL)
    names = re.split(r',\s+', listed[1]) if listed else []
    check(f'{len(names)} of {eligible} rules fit and found nothing, by name', 0 < len(names) <= eligible and
          'clussvc-1009' in names, names)


def what_is_fixed_is_named(program):
    """The hotfix is installed since: no detail leaves out that it is over."""
    text = (ROOT / 'tests/knowledge/cases/Q316743.yaml').read_text(encoding='utf-8')
    case = yaml.safe_load(text)
    log = next(log for log in case['logs'] if log.get('channel', 'System') == 'System')
    log['events'].append({'time': '+7d', 'source': 'NtServicePack', 'id': 4377, 'type': 'information',
                          'strings': ['Windows 2000', 'Q316743']})
    with tempfile.TemporaryDirectory() as folder:
        description = Path(folder) / 'fixed.yaml'
        description.write_text(yaml.safe_dump({'logs': case['logs']}), encoding='utf-8')
        subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', description, '--out', folder], check=True)
        logs = [Path(folder) / log['file'] for log in case['logs']]
        for how in ('low', 'med', 'high'):
            said = subprocess.run([program, '--detail', how, *logs], capture_output=True, check=False, timeout=60)
            lines = said.stdout.decode().split('Already fixed\n')[-1].splitlines()
            check(f'{how}: what is fixed is named, and why', lines[0].startswith('  Q316743  ') and
                  'was installed' in ' '.join(lines[:3 if how == 'low' else 6]), lines)


HANG = """logs:
    - file: set.evtx
      format: evtx
      computer: NODE1
      events:
          - {time: '2021-05-04T11:00:00Z', source: Microsoft-Windows-FailoverClustering, id: 1230, type: error,
             data: {ResourceName: App, ResourceType: Generic Service, ResTypeDll: clusres.dll}}
          - {time: +10s, source: Microsoft-Windows-FailoverClustering, id: 1146, type: error}
          - {time: +1s, source: Microsoft-Windows-FailoverClustering, id: 1069, type: error,
             data: {ResourceName: App, ResourceGroup: SQL, ResTypeDll: Generic Service}}
          - {time: 'SET', source: Microsoft-Windows-Kernel-General, id: 1, type: information,
             data: {NewTime: 'SET', OldTime: '2021-05-04T11:10:12Z', Reason: '1'}}
          - {time: +5h, source: Service Control Manager, id: 7036, strings: [Windows Update, stopped]}
"""


def a_clock_that_was_set_is_said(program):
    """Times of before and behind a step of the clock do not compare: the story says so, and only where it lies in it."""
    with tempfile.TemporaryDirectory() as folder:
        for when, said in (('2021-05-04T10:40:12Z', 'set back by 30 min 00 s meanwhile'), ('2021-05-04T11:08:12Z', None)):
            description = Path(folder) / 'set.yaml'
            description.write_text(HANG.replace('SET', when), encoding='utf-8')
            subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', description, '--out', folder], check=True)
            for form in ('text', 'markdown', 'html'):
                done = subprocess.run([program, '--format', form, Path(folder) / 'set.evtx'], capture_output=True,
                                      check=False, timeout=60)
                words = ' '.join(done.stdout.decode().split())
                check(f'{form}: the clock was set to {when}', 'resource-dll-hang' in words and
                      (said in words if said else 'The clock of' not in words), words)
            done = subprocess.run([program, '--format', 'json', Path(folder) / 'set.evtx'], capture_output=True,
                                  check=False, timeout=60)
            steps = json.loads(done.stdout)['nodes'][0]['clock_steps']
            check('... once', [(s['before'], s['after']) for s in steps] == [('2021-05-04T11:10:12Z', when)], steps)


def in_the_first_two_lines(program):
    """What broke, where, when and how sure, for every sample at every width; the three details differ."""
    for sample in sorted(p for p in (ROOT / 'samples').iterdir() if p.is_dir()):
        texts = [subprocess.run([program, '--detail', how, sample], capture_output=True, check=False, timeout=60).stdout.decode()
                 for how in ('low', 'med', 'high')]
        lines = texts[1].splitlines()
        check(f'{sample.name}: a verdict of two lines', all(0 < len(line) <= 80 for line in lines[:2]) and not lines[2], lines[:3])
        trouble = re.match(r'(Confirmed|Likely|Possible|\d+ findings?) on .+?, (\d+ times from )?\d{4}-\d\d-\d\d \d\d:\d\d', lines[0])
        check(f'{sample.name}: where, when and how sure', trouble or lines[0].startswith('Nothing wrong found on '), lines[0])
        length = [len(text.splitlines()) for text in texts]
        check(f'{sample.name}: each detail says more', length[0] < length[1] < length[2], length)
    wide = subprocess.run([program, '--width', '200', SAMPLE], capture_output=True, check=False, timeout=60).stdout.decode()
    check('a wide terminal has more in them', '(94 of 100 points)' in wide.splitlines()[0] and len(wide.splitlines()[1]) > 80)


def every_article_is_brief(_):
    long = []
    for path in sorted((ROOT / 'rules' / 'articles').glob('*.yaml')):
        for article in yaml.safe_load_all(path.read_text(encoding='utf-8')):
            words = [' '.join(article[key].split()) for key in ('brief', 'summary') if key in article]
            if not words or len(words[0]) > 80:
                long.append(article['article'])
    check('every article says what broke on one line', not long, long)


def tables_for_spreadsheets(program):
    """Which take UTF-8 without a mark for the code page of the machine."""
    with Folder(program) as f:
        done = f.run('--format', 'csv', '--output', 'csv:r.csv', *LOGS)
        check('a CSV file begins with a byte order mark', f.read('r.csv') == b'\xef\xbb\xbf' + done.stdout, f.read('r.csv')[:20])
        check('on standard output there is none', done.stdout.startswith(b'kind,'), done.stdout[:20])


def checksums(program):
    with Folder(program) as f:
        shutil.copy(f.path / 'node1.evt', f.path / 'big.evt')
        with open(f.path / 'big.evt', 'ab') as big:
            big.write(b'\0' * 1000003)
        for threads in '1', '4':
            report = json.loads(f.run('--threads', threads, '--checksums', '--format', 'json', 'big.evt', *LOGS).stdout)
            wrong = [i['path'] for i in report['inputs'] if i['sha256'] != hashlib.sha256(f.read(i['path'])).hexdigest()]
            check(f'checksums are right with {threads} threads', len(report['inputs']) == 3 and not wrong, wrong)
        report = json.loads(f.run('--format', 'json', *LOGS).stdout)
        check('nobody pays who did not ask', [i['sha256'] for i in report['inputs']] == [None, None])


def streaming(program):
    """The findings of a log are told before the next log, a pipe that is still open, is read."""
    for threads in '1', '2', '7':
        streaming_with(program, threads)


def streaming_with(program, threads):
    with Folder(program) as f:
        os.mkfifo(f.path / 'z.evt')
        command = [f.program, '--threads', threads, '--format', 'jsonl', 'node1.evt', 'z.evt']
        with subprocess.Popen(command, cwd=f.path, stdout=subprocess.PIPE) as run:
            guard = threading.Timer(60, run.kill)
            guard.start()
            first = [json.loads(run.stdout.readline()) for _ in range(2)]
            check(f'jsonl streams findings with {threads} threads',
                  'run' in first[0] and first[1].get('finding', {}).get('input') == 'node1.evt', first)
            with open(f.path / 'z.evt', 'wb') as late:
                late.write(f.read('node2.evt'))
            rest = [json.loads(line) for line in run.stdout]
            guard.cancel()
        check('and ends with the verdict', 'verdict' in rest[-1] and run.returncode == 1, run.returncode)
        report = json.loads(f.run('--format', 'json', *LOGS).stdout)
        lines = [first[1], *rest]
        found = sorted((x['finding']['rule'], x['finding']['record']) for x in lines if 'finding' in x)
        check('it tells the same findings', found == sorted((x['rule'], x['record']) for x in report['findings']))


def lines_of_partials(program):
    with Folder(program) as f:
        f.run('scan', '--partial', 'p', *LOGS)
        of_merge, of_scan = ([json.loads(line).get('finding') for line in f.run(*args, '--format', 'jsonl').stdout.splitlines()]
                             for args in (['merge', 'p'], ['--threads', '1', *LOGS]))
        report = json.loads(f.run('--format', 'json', *LOGS).stdout)
        check('merge tells the findings of jsonl in the order of a scan', of_merge == of_scan)
        told, known = (sorted((x['rule'], x['input'], x['record']) for x in findings if x) for findings in (of_merge, report['findings']))
        check('and all of them', told == known)


NEAR = """
title: Quorum disk nearly full
name: my-quorum-full
author: Jane Doe
level: high
logsource: {product: windows, service: system}
detection: {sel: {Provider_Name: ClusSvc, EventID: 1058}, condition: sel}
"""
FORMS = ['text', 'markdown', 'json', 'jsonl', 'html']


def cautions(program):
    """What may be missing is said at the top of every form: named, up to ten."""
    with Folder(program) as f:
        os.mkdir(f.path / 'bundle')
        for log in LOGS:
            shutil.move(f.path / log, f.path / 'bundle')
        for name in 'node3.evtx.gz', 'all.zip':
            (f.path / 'bundle' / name).write_bytes(b'\x1f\x8b\x08 it is packed')
        (f.path / 'bundle' / 'note.txt').write_text('nothing')
        (f.path / 'bundle' / 'empty.evt').touch()
        for i in range(12):
            (f.path / 'bundle' / f'torn{i:02}.evt').write_bytes((SAMPLE / LOGS[0]).read_bytes()[:1000 + i])
        for form in FORMS:
            said = ' '.join(f.run('--format', form, '--nodes', 'CLUS-A,SQL9', 'bundle').stdout.decode().split())
            for words in ['12 of 15 inputs could not be read whole: bundle/torn00.evt, ', 'bundle/torn09.evt and 2 more',
                          '1 file is empty, perhaps not copied whole: bundle/empty.evt',
                          'No log is there of 1 expected node: SQL9',
                          '2 files are packed and not read; archives are not opened, unpack them first: bundle/all.zip and '
                          'bundle/node3.evtx.gz']:
                check(f'{form}: {words[:40]}', words in said.replace('\\', ''), said[:1500])
        shutil.rmtree(f.path / 'bundle')
        done = f.run('--format', 'json', *[str(SAMPLE / log) for log in LOGS])
        check('nothing is said where all is well', json.loads(done.stdout)['cautions'] == [], done)


def explained_findings(program):
    """Whoever wrote a rule sees that it fired, though a diagnosis explains what it found."""
    with Folder(program) as f:
        (f.path / 'my.yml').write_text(NEAR)
        for form in 'text', 'markdown', 'html':
            said = ' '.join(f.run('--format', form, '--add-rules', 'my.yml', *LOGS).stdout.decode().split()).replace('\\', '')
            check(f'{form}: the rule is named', '21 findings are explained by the above; ' in said and
                  'Of added rules: my-quorum-full (8) by Jane Doe.' in said, said[-2500:])
            said = f.run('--format', form, *LOGS).stdout.decode()
            check(f"{form}: evscan's own are only counted", 'Of added rules' not in said and ' explained by the above' in said)


def one_count_of_explained(program):
    """Every form says the same number, and the evidence of a diagnosis is part of it."""
    for sample, explained, weighed in ((SAMPLE, 13, 0), (ROOT / 'tests' / 'golden' / 'Q224553-inferred', 0, 6)):
        logs = sorted(sample.glob('*.evt'))
        if not logs:
            args = (sample / 'cmd').read_text().split()
            logs = [ROOT / arg for arg in args if arg.endswith('.evt')]
        said = {form: subprocess.run([program, '--format', form, *logs], capture_output=True, check=False,
                                     timeout=120).stdout.decode()
                for form in ('text', 'markdown', 'html', 'json', 'jsonl', 'csv')}
        for form in ('text', 'markdown', 'html'):
            words = ' '.join(said[form].split())
            check(f'{sample.name} {form}: {explained} explained', (f'{explained} findings are explained by the above' in
                  words) == (explained > 0) and (f'{weighed} findings are evidence above, but nothing' in words) ==
                  (weighed > 0), words)
        findings = json.loads(said['json'])['findings']
        lines = [json.loads(line) for line in said['jsonl'].splitlines()]
        table = list(csv.DictReader(said['csv'].splitlines()))
        check(f'{sample.name} json', sum(f['explained_by'] is not None for f in findings) == explained)
        check(f'{sample.name} jsonl', sum('explained' in line for line in lines) == explained and
              lines[-1]['verdict']['explained'] == explained and
              lines[-1]['verdict']['findings'] == len(findings) - explained, lines[-1])
        check(f'{sample.name} csv', sum(bool(row['explained_by']) for row in table) == explained)


def main():
    program = sys.argv[1]
    for test in several_at_once, nothing_is_lost, mistakes, folder_that_is_read, zones, \
            a_drawing_over_a_change_of_the_clock, details, all_of_it_and_no_more, \
            what_is_fixed_is_named, a_clock_that_was_set_is_said, in_the_first_two_lines, every_article_is_brief, \
            tables_for_spreadsheets, checksums, streaming, lines_of_partials, cautions, explained_findings, \
            one_count_of_explained:
        test(program)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
