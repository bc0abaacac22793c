#!/usr/bin/env python3
"""The command as a user meets it: exit statuses, streams, folders, threads.  run.py EVSCAN [SHARED]

Prints a line for each check and ends with the first status that is not 0.
"""

import gzip
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import Evscan, check, exit_status  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
WRITER = os.path.join(HERE, '..', 'writer', 'make_logs.py')


class Command(Evscan):
    def json(self, *args, **options):
        result = self.run('--format', 'json', *args, **options)
        return json.loads(result.stdout), result


def exit_statuses(evscan):
    cases = [
        (1, ['node1.evt', 'node2.evt']),
        (0, ['quiet.evtx']),
        (0, ['--fail-level', 'critical', '--rules', 'rule.yaml', 'quiet.evtx']),
        (1, ['--fail-level', 'high', '--rules', 'rule.yaml', 'quiet.evtx']),
        (2, ['quiet.evtx', 'missing.evtx']),
        (3, ['node1.evt', 'node2.evt', 'missing.evt']),
        (64, []),
        (64, ['--no-such-option', 'node1.evt']),
        (64, ['--threads', '0', 'node1.evt']),
        (65, ['text.txt']),
        (65, ['no-logs']),
        (65, ['empty']),
        (65, ['logs.zip']),
        (66, ['missing.evt']),
        (78, ['--add-rules', 'broken.yaml', 'quiet.evtx']),
        (78, ['--rules', 'missing.yaml', 'quiet.evtx']),
        (0, ['--help']),
        (0, ['--version']),
    ]
    for status, args in cases:
        result = evscan.run(*args)
        check(f'exit status {status}: {" ".join(args)}', result.returncode == status,
              f'{result.returncode}\n{result.stderr.decode()}')
        check('... and a word on standard error exactly when something is wrong',
              bool(result.stderr) == (status > 1), result.stderr.decode())


def messages(evscan):
    evscan.run('scan', '--partial', 'saved.partial', 'quiet.evtx')
    for args, words in [
        (['--formt', 'json', 'x'], ['--formt', 'did you mean --format']),
        (['--format', 'xml', 'x'], ['--format xml', 'text, json']),
        (['--format'], ['--format', 'needs a value']),
        (['--quie', 'quiet.evtx'], ['unknown option --quie; did you mean --quiet?']),
        (['--detai=low', 'quiet.evtx'], ['unknown option --detai; did you mean --detail?']),
        (['--width', '100', '--detai', 'low', 'quiet.evtx'], ['unknown option --detai; did you mean --detail?']),
        (['--node', 'N', 'quiet.evtx'], ['unknown option --node here; show, search, timeline, stats or state takes it']),
        (['merge', '--partial', 'p', 'quiet.evtx'], ['merge: unknown option --partial here; scan takes it']),
        (['rules', 'explain', 'Q218922'], ['Q218922 is an article and no rule']),
        (['-xy', 'quiet.evtx'], ['unknown option -x;']),
        (['quiet.evtx', '-xy'], ['unknown option -x;']),
        (['--explain=yes', 'x'], ['option --explain takes no value']),
        ([], ['no log given', 'evscan node1.evt']),
        (['no-logs'], ['no-logs: no event logs', 'of 1 file none', '*.evt or *.evtx', 'by its content',
                       'archives (.zip, .gz, .cab, .7z) are not opened']),
        (['empty'], ['empty: no event logs there, nor any other file']),
        (['logs.zip'], ['logs.zip: a zip archive', 'unzip FILE']),
        (['none.zip'], ['none.zip: a zip archive']),
        (['node1.evt.gz'], ['node1.evt.gz: packed by gzip', 'gunzip FILE']),
        (['logs.cab'], ['logs.cab: a cabinet', 'cabextract']),
        (['logs.7z'], ['logs.7z: a 7z archive', '7z x FILE']),
        (['short.7z'], ['short.7z: neither an .evt nor an .evtx log']),
        (['--reader', 'libyal', 'logs.zip'], ['logs.zip: a zip archive']),
        (['saved.partial'], ['saved.partial: what a scan saved', 'evscan merge FILE']),
        (['missing.evt'], ['missing.evt: cannot be opened: No such file']),
        (['text.txt'], ['text.txt: neither an .evt nor an .evtx log']),
        (['--add-rules', 'broken.yaml', 'quiet.evtx'],
         ['broken.yaml:', 'no-such-service', 'no-such-modifier', 'nothing-here', '^']),
    ]:
        said = evscan.run(*args).stderr.decode()
        for word in words:
            check(f'{" ".join(args) or "no argument"}: says {word!r}', word in said, said)
    compared = evscan.run('compare', 'logs.zip').stdout.decode()
    check('compare logs.zip: says that it is an archive', 'a zip archive' in compared and '0 logs' in compared, compared)
    for given in ('packed', 'packed/mixed.zip'):
        mixed = evscan.run(given, '--format', 'json')
        report = json.loads(mixed.stdout)
        check(f'{given}: what is compressed in it is missed', mixed.returncode == 3 and not report['complete'] and
              any('mixed.zip' in words for words in report['cautions']) and
              [n for n in report['inputs'][0]['notices'] if n['number'] == 108], mixed.stdout)
    compared = evscan.run('compare', 'packed')
    check('compare packed: compares what is there', b'1 log,' in compared.stdout and b'a zip archive' in compared.stdout,
          compared.stdout)
    nothing = evscan.run('empty').stdout.decode()
    check('a folder without a file: the report says so', 'Nothing: there was no file.' in nothing, nothing)
    for line in evscan.run('--help').stdout.decode().splitlines():
        check('help fits 80 columns', len(line) <= 80, line)


def taken_name(evscan):
    with open(os.path.join(HERE, 'rule.yaml'), encoding='utf-8') as mine:
        taken = re.sub('(?m)^name:.*\n', '', mine.read()) + '\nname: clussvc-1009\n'
    with open(os.path.join(evscan.folder, 'taken.yaml'), 'w', encoding='utf-8') as file:
        file.write(taken)
    result = evscan.run('--add-rules', 'taken.yaml', 'quiet.evtx')
    said = result.stderr.decode()
    check('a rule that bears the name of a shipped one is one mistake, with its place and the next step',
          result.returncode == 78 and said.count('error[') == 1 and said.startswith('taken.yaml:1:1: error[name]: the shipped rule in ') and
          'has the name "clussvc-1009"' in said and 'give it another name' in said, said)


def junk(evscan):
    """A folder of things that are no logs: each reason is said once, and an empty note is nobody's log."""
    folder = os.path.join(evscan.folder, 'junk')
    os.mkdir(folder)
    shutil.copy(os.path.join(evscan.folder, 'quiet.evtx'), folder)
    for name, content in [('a.evtx', b'x'), ('b.evt', b'y'), ('c.evtx', b'z'), ('d.evtx', b''), ('e.txt', b''),
                          ('f.txt', b'x')]:
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(content)
    report, result = evscan.json('junk')
    said = result.stderr.decode().splitlines()
    check('several files that are no logs for one reason are one line that counts them', len(said) == 2 and
          said[0].startswith('evscan: junk/a.evtx and 2 more: neither') and said[1].startswith('evscan: junk/d.evtx: '),
          said)
    check('... the report lists each of them', [i['path'] for i in report['inputs']] ==
          ['junk/a.evtx', 'junk/b.evt', 'junk/c.evtx', 'junk/d.evtx', 'junk/quiet.evtx'], report['inputs'])
    os.remove(os.path.join(folder, 'c.evtx'))
    said = evscan.run('junk').stderr.decode().splitlines()
    check('two of them are named both', [line.split(':')[1] for line in said] ==
          [' junk/a.evtx', ' junk/b.evt', ' junk/d.evtx'], said)
    alone = evscan.run(os.path.join('junk', 'e.txt')).stderr.decode()
    check('an empty file that was named is said to be empty', 'e.txt: the file is empty' in alone, alone)


PACKED = ('evscan: 4 files are packed and not read: archives are not opened, unpack them first (beside/a.evtx.gz, '
          'beside/b.zip, beside/c.EVT.xz and 1 more)')


def packed_beside(evscan):
    """Packed logs in a folder, beside one that is read: every command says so, in one line, and reads what is there."""
    folder = os.path.join(evscan.folder, 'beside')
    os.makedirs(folder)
    shutil.copy(os.path.join(evscan.folder, 'node1.evt'), folder)
    for name, content in [('a.evtx.gz', gzip.compress(b'x')), ('b.zip', b'PK\3\4'), ('c.EVT.xz', b'x'), ('note.txt', b'x'),
                          ('z.7z', b'7z\xbc\xaf\x27\x1c')]:
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(content)
    with open(os.path.join(evscan.folder, 'before.json'), 'wb') as file:
        file.write(evscan.run('--format', 'json', 'node1.evt').stdout)
    for command in (['show'], ['search', 'NODE'], ['stats'], ['timeline'], ['compare'], ['rules', 'why-not', 'clussvc-1009'],
                    ['kb', 'why-not', 'Q218922'], ['scan', '--partial', '-'],
                    ['verify', '--since', '1990-01-01', '--baseline', 'before.json']):
        # Paths that are not there are inputs too, wherever they are sorted.
        said = evscan.run(*command, 'a-none', 'beside', 'z-none').stderr.decode().splitlines()
        check(f'{" ".join(command)} beside: what is packed is said once', said.count(PACKED) == 1 and len(said) == 3, said)
    for what, args in (('the log alone: nothing', ['show', 'beside/node1.evt']),
                       ('what is behind the last event: nothing', ['show', '--limit', '1', 'beside']),
                       ('... the last match: nothing', ['search', '--limit', '1', 'NODE', 'beside'])):
        said = evscan.run(*args).stderr.decode()
        check(f'{what} is said to be packed', said == '', said)
    report, result = evscan.json('beside')
    check('scan beside: the report says it', result.stderr == b'' and
          [words for words in report['cautions'] if words.startswith('4 files are packed and not read')], report['cautions'])
    said = evscan.run('compare', 'beside/b.zip', 'beside/z.7z').stdout.decode()
    check('compare of files that are named: how to unpack each', 'unzip FILE' in said and '7z x FILE' in said, said)


def streams(evscan):
    with open(os.path.join(evscan.folder, 'quiet.evtx'), 'rb') as log:
        piped, result = evscan.json('-', input=log.read())
    named, _ = evscan.json('quiet.evtx')
    check('standard input gives what the file gives',
          piped['inputs'][0]['records'] == named['inputs'][0]['records'] and result.returncode == 0, piped)
    with open('/dev/full', 'wb') as full:
        result = subprocess.run([evscan.program, 'quiet.evtx'], cwd=evscan.folder, stdout=full, stderr=subprocess.PIPE)
    check('a full disk is exit status 73', result.returncode == 73 and b'standard output' in result.stderr,
          result)
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run([evscan.program, 'quiet.evtx'], cwd=evscan.folder, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    check('a closed pipe is exit status 73', result.returncode == 73, result)
    before = sorted(os.listdir(evscan.folder))
    result = evscan.run('--output', 'html:large.html', 'node1.evt', 'node2.evt',
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    check('a file that may not grow so large is, too, and nothing of it is left', result.returncode == 73 and
          b'large.html' in result.stderr and sorted(os.listdir(evscan.folder)) == before, result)
    night = ['--cron', '--state', 'closed', 'node1.evt', 'node2.evt']
    result = subprocess.run([evscan.program, *night], cwd=evscan.folder, stderr=subprocess.PIPE,
                            preexec_fn=lambda: os.close(1))
    with open(os.path.join(evscan.folder, 'closed', 'evscan.lock'), 'rb') as lock:
        check('a standard output that is not there is, too, and no file takes its place',
              result.returncode == 73 and b'News' not in lock.read(), result)
    check('... and the news comes the next time', b'News' in evscan.run(*night).stdout)


def profile_rows(result):
    """Of each rule what it was asked, what it found, its name and its title; not the time."""
    lines = result.stderr.decode().splitlines()
    head = next(i for i, line in enumerate(lines) if line.split()[:1] == ['time/ms'])
    return sorted(line.split()[1:] for line in lines[head + 1:])


PROFILED = '''title: Errors
name: errors
logsource: {product: windows, service: system}
detection: {selection: {Provider_Name: ClusSvc, EventID: 1058}, condition: selection}
---
title: Several
name: several
correlation: {type: event_count, rules: errors, timespan: 1h, condition: {gte: 2}}
---
title: Quiet
name: quiet
correlation: {type: event_count, rules: errors, timespan: 1h, condition: {gte: 1000}}
'''


def profile_correlations(evscan):
    with open(os.path.join(evscan.folder, 'profiled.yaml'), 'w', encoding='utf-8') as file:
        file.write(PROFILED)
    result = evscan.run('--profile-rules', '--rules', 'profiled.yaml', 'node1.evt', 'node2.evt')
    rows = {row[2]: (int(row[0]), int(row[1])) for row in profile_rows(result)}
    check('--profile-rules counts correlations, too: matches that they look at, and alerts',
          b'3 of 3 rules were evaluated' in result.stderr and rows['several:'] == (rows['errors:'][1], 1) and
          rows['quiet:'] == (rows['errors:'][1], 0), result.stderr)


def profile(evscan):
    plain = evscan.run('--threads', '1', 'node1.evt', 'node2.evt')
    profiles = [evscan.run('--profile-rules', '--threads', n, 'node1.evt', 'node2.evt') for n in ('1', '3')]
    check('--profile-rules does not change the report or the exit status',
          all(p.stdout == plain.stdout and p.returncode == plain.returncode for p in profiles))
    tables = [profile_rows(p) for p in profiles]
    hits = {row[2].rstrip(':'): int(row[1]) for row in tables[0]}
    check('... and says what each rule is about', all(len(row) > 3 for row in tables[0]), tables[0])
    report, _ = evscan.json('node1.evt', 'node2.evt')
    found = {finding['name'] for finding in report['findings']}
    check('... counts the same for any number of threads', tables[0] == tables[1] and tables[0], tables)
    check('... and knows the rules that match', found and found <= {rule for rule, n in hits.items() if n}, (found, hits))


def folders(evscan):
    report, result = evscan.json('logs')
    check('a folder is read recursively, its other files are left alone',
          [i['path'] for i in report['inputs']] == ['logs/a/node2.evt', 'logs/node1.evt'] and result.returncode == 1,
          report['inputs'])
    check('the two nodes together give one diagnosis first', report['diagnoses'][0]['article'] == 'Q218922', report)
    twice, _ = evscan.json('logs/node1.evt', 'logs', 'logs/a/node2.evt')
    check('a file that is named twice counts once', twice['findings'] == report['findings'])
    turned, _ = evscan.json('logs/a/node2.evt', 'logs/node1.evt')
    check('the order of the arguments does not matter', turned | {'not_logs': 1} == report)


def same_bytes(evscan, paths, what):
    """One thread, two, seven: the same report to the byte."""
    for output in ('json', 'text'):
        reports = [evscan.run('--format', output, '--threads', str(n), *paths) for n in (1, 2, 7)]
        check(f'{what}: {output} has the same bytes for 1, 2 and 7 threads',
              len({r.stdout for r in reports}) == 1 and len({r.returncode for r in reports}) == 1)


def duplicates(evscan):
    """The same logs under a second name change nothing but the account of the second ones."""
    for name in ('node1.evt', 'node2.evt'):
        shutil.copy(os.path.join(evscan.folder, name), os.path.join(evscan.folder, 'z-' + name))
    once, _ = evscan.json('node1.evt', 'node2.evt')
    twice, _ = evscan.json('node1.evt', 'node2.evt', 'z-node1.evt', 'z-node2.evt')
    check('a log given twice gives its findings once', once['findings'] == twice['findings'] and once['findings'],
          len(twice['findings']))
    counts = [i['records']['duplicates'] for i in twice['inputs']]
    check('its records are counted as duplicates', counts[:2] == [0, 0] and counts[2] > 0 and counts[3] > 0, counts)


def readers(evscan):
    """What is found does not depend on who reads; libyal takes the channel of a log from the name of its file."""
    shutil.copy(os.path.join(evscan.folder, 'node1.evt'), os.path.join(evscan.folder, 'System.evt'))
    native, _ = evscan.json('System.evt')
    for reader in ('native', 'libyal', 'both'):
        other, result = evscan.json('--reader', reader, 'System.evt')
        check(f'--reader {reader} finds the same', native['findings'] == other['findings'] and native['findings'],
              result.stderr)
    check('--reader somebody is a mistake', evscan.run('--reader', 'somebody', 'System.evt').returncode == 64)


def reach(evscan):
    """Nothing found: by which of the rules?"""
    rule = ('title: R{0}\nlogsource: {{product: windows, {1}}}\n'
            'detection: {{s: {{Provider_Name: Nobody, EventID: 1}}, condition: s}}\n')
    sources = ('service: system', 'service: sysmon', 'category: process_creation')
    with open(os.path.join(evscan.folder, 'reach.yaml'), 'w', encoding='utf-8') as file:
        file.write('---\n'.join(rule.format(i, source) for i, source in enumerate(sources)))
    said = evscan.run('--rules', 'reach.yaml', 'quiet.evtx').stdout.decode()
    said = ' '.join(said.split())
    check('rules whose channel or provider was not read are counted', '0 rules fit what was read; 2 need a channel of '
          'which no log was given; 1 needs a provider that left no record there.' in said, said)


def archives(folder):
    """Packed logs; of the formats that Python does not write, the first bytes."""
    os.makedirs(os.path.join(folder, 'empty/below'))
    with open(os.path.join(folder, 'node1.evt'), 'rb') as log:
        content = log.read()
    with zipfile.ZipFile(os.path.join(folder, 'logs.zip'), 'w', zipfile.ZIP_DEFLATED) as packed:
        packed.writestr('node1.evt', content)
    zipfile.ZipFile(os.path.join(folder, 'none.zip'), 'w').close()
    os.makedirs(os.path.join(folder, 'packed'))
    with zipfile.ZipFile(os.path.join(folder, 'packed/mixed.zip'), 'w', zipfile.ZIP_STORED) as packed:
        packed.writestr('node1.evt', content)
        packed.writestr('node2.evt', content, zipfile.ZIP_DEFLATED)
    for name, start in (('node1.evt.gz', gzip.compress(content)), ('logs.cab', b'MSCF' + bytes(60)),
                        ('logs.7z', b'7z\xbc\xaf\x27\x1c' + bytes(60)), ('short.7z', b'7z\xbc\xaf')):
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(start)


def main():
    program = os.path.abspath(sys.argv[1])
    shared = sys.argv[2] if len(sys.argv) > 2 else ''
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, WRITER, os.path.join(HERE, 'incident.yaml'), '--out', folder], check=True)
        for name in ('rule.yaml', 'broken.yaml'):
            shutil.copy(os.path.join(HERE, name), folder)
        os.makedirs(os.path.join(folder, 'logs/a'))
        os.makedirs(os.path.join(folder, 'no-logs'))
        os.makedirs(os.path.join(folder, 'empty'))
        shutil.copy(os.path.join(folder, 'node1.evt'), os.path.join(folder, 'logs/node1.evt'))
        shutil.copy(os.path.join(folder, 'node2.evt'), os.path.join(folder, 'logs/a/node2.evt'))
        for name in ('text.txt', 'logs/readme.txt', 'no-logs/readme.txt'):
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as file:
                file.write('This is no event log. ' * 400)
        archives(folder)
        evscan = Command(program, folder)
        exit_statuses(evscan)
        messages(evscan)
        taken_name(evscan)
        junk(evscan)
        packed_beside(evscan)
        streams(evscan)
        duplicates(evscan)
        readers(evscan)
        reach(evscan)
        profile(evscan)
        profile_correlations(evscan)
        folders(evscan)
        same_bytes(evscan, ['logs', 'quiet.evtx'], 'small logs')
        if os.path.isdir(os.path.join(shared, 'corpus')):
            corpus = [os.path.join(shared, 'corpus', kind) for kind in ('evt', 'evtx')]
            same_bytes(evscan, corpus, 'the corpus of real logs')
        else:
            print('skipped: the corpus of real logs is not here')
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
