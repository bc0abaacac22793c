#!/usr/bin/python3
"""evscan search: the screened way finds what the slow way finds, and what a plain look at the events finds.
run.py EVSCAN [SHARED]

Prints a line a check; exit status 1 when one fails.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import ROOT, Evscan, check, exit_status, part_of  # noqa: E402

WORDS = ['spooler', 'disk', 'access is denied', 'Kerberos', r'C:\Windows', 'powershell', '1753', 'S-1-5-18', 'audit',
         'svchost.exe', 'xyzzyq', 'the group', 'Administrator', 'not available', 'kernel', 'ing', 'Success', '%%',
         'clusres.dll', 'of resource', 'false', '0x', 'é', 'a & b', ' 445 ', 'Impersonation', "'", ',']
EXPRESSIONS = [r'mimi.{0,3}katz', r'^disk', r'service$', r'\bfailed\b', r'(error|denied)', r'[Kk]erberos', r'\d{4}-\d\d',
               r'', r'c:\\windows\\(system32|temp)']


class Search(Evscan):
    def found(self, *args):
        return self.run('search', '-o', 'jsonl', *args).stdout


def same_as_the_slow_way(evscan, paths, step=1):
    hits = 0
    for options, patterns in [((), WORDS), (('-s',), WORDS[:12]), (('-E',), EXPRESSIONS[:7] + EXPRESSIONS[8:]),
                              (('-E', '-s'), EXPRESSIONS[:4])]:
        for pattern in part_of(patterns[::step], evscan.program, 3):
            fast = evscan.found(*options, pattern, *paths)
            slow = evscan.found(*options, '--no-screen', pattern, *paths)
            hits += fast.count(b'\n')
            count = len(fast.splitlines())
            check(f'{" ".join(options)} {pattern!r}: {count} events in either way', fast == slow, (len(fast), len(slow)))
    check('there is something to find', hits > 100, hits)


REFERENCE = """about: One value is a reference.
expect: []
logs:
  - file: node1.evt
    format: evt
    computer: NODE1
    channel: System
    events:
      - {time: "2021-03-14T22:01:00Z", source: Service Control Manager, id: 7777, type: error, qualifiers: 0xC000, strings: ["%%1753"]}
"""


def references(evscan):
    """What is shown of a reference has its number and name behind it: a pattern may end between them."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / 'logs.yaml').write_text(REFERENCE)
        subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', 'logs.yaml', '--out', folder], cwd=folder, check=True)
        log = os.path.join(folder, 'node1.evt')
        for args in (['mapper '], ['mapper ('], ['mapper'], ['-E', 'endpoint mapper .*REGISTERED']):
            fast, slow = evscan.found(*args, log), evscan.found('--no-screen', *args, log)
            check(f'a reference by {" ".join(args)!r}', fast == slow and b'7777' in fast, fast)


def same_as_show(evscan, path):
    """Blocks of text that hold the pattern in a line of their own are those that search prints."""
    blocks = evscan.run('show', path).stdout.decode().split('\n\n')
    for pattern in ('disk', 'Browser', 'clusres.dll', 'brought online'):
        wanted = [block.strip('\n') for block in blocks if pattern.lower() in block.lower()]
        got = evscan.run('search', pattern, path).stdout.decode().split('\n\n')
        got = [block.strip('\n') for block in got if block]
        check(f'{path}: {pattern!r} is where show prints it ({len(wanted)})', got == wanted, (len(got), len(wanted)))


def records(output):
    return [json.loads(line)['Event']['System']['EventRecordID'] for line in output.splitlines()]


def context(evscan, path):
    def number(value):
        return int(value['#text'] if isinstance(value, dict) else value)
    everything = [number(r) for r in records(evscan.run('show', '-o', 'jsonl', path).stdout)]
    matches = [number(r) for r in records(evscan.found('clusres', path))]
    check('there are several matches', 1 < len(matches) < len(everything), matches)
    for options, before, after in [(('-C', '2'), 2, 2), (('-B', '3'), 3, 0), (('-A', '1'), 0, 1), (('-A', '1', '-C', '4'), 4, 1),
                                   (('-C', '1000'), 1000, 1000)]:
        places = [everything.index(match) for match in matches]
        wanted = [r for i, r in enumerate(everything) if any(p - before <= i <= p + after for p in places)]
        got = [number(r) for r in records(evscan.found(*options, 'clusres', path))]
        check(f'{" ".join(options)}: the neighbours, each once and in order', got == wanted, (got, wanted))
    for form, said, mark in (('jsonl', '"Remarks":["context"]}', '"EventRecordID"'), ('xml', '<!-- context -->', '<EventRecordID'),
                               ('json', '"Remarks":["context"]}', '"EventRecordID"'), ('csv', ',context,', ',System,'),
                               ('text', ' - context\n', ', record ')):
        output = evscan.run('search', '-o', form, '-C', '1', '6005', path).stdout.decode()
        plain = evscan.run('search', '-o', form, '6005', path).stdout.decode()
        check(f'{form}: what is only beside a match is remarked',
              output.count(said) == output.count(mark) - plain.count(mark) > 0 and said not in plain, output)
    text = evscan.run('search', '-C', '1', '6005', path).stdout.decode()
    marked = [block for block in text.split('\n\n') if block.startswith('> ')]
    check('text: a match among others has a mark', marked and all('EventLog 6005' in block for block in marked) and
          sum('EventLog 6005' in block for block in text.split('\n\n')) == len(marked), text)
    check('groups are told apart in text', '\n--\n' in text and not text.startswith('--'), text[:300])
    limited = [number(r) for r in records(evscan.found('--limit', '1', '-B', '1', 'clusres', path))]
    check('--limit counts matches', limited[-1] == matches[0] and len(limited) == 2, limited)


def context_across_batches(evscan, path):
    """A log of many batches: neighbours come from the batches beside it."""
    everything = evscan.run('show', '-o', 'jsonl', path).stdout.splitlines()
    for pattern, n in (('spooler', 40), ('Kernel-General', 200)):
        matches = set(evscan.found(pattern, path).splitlines())
        places = [i for i, line in enumerate(everything) if line in matches]
        near = set()
        for place in places:
            near.update(range(max(0, place - n), place + n + 1))
        wanted = [line for i, line in enumerate(everything) if i in near]
        got = evscan.found('-C', str(n), pattern, path).splitlines()
        remarked = [line for line in got if b'"context"]' in line]
        check('... what is no match is remarked', len(remarked) == len(got) - len(places), len(remarked))
        got = [line.replace(b',"Remarks":["context"]', b'').replace(b',"context"]', b']') for line in got]
        check(f'{pattern!r} with {n} neighbours: {len(wanted)} of {len(everything)} events, {len(places)} matches',
              got == wanted and places, (len(got), len(wanted)))


def forms(evscan, path):
    for form in ('text', 'csv', 'json', 'jsonl', 'xml'):
        outputs = {evscan.run('search', '-o', form, '--threads', n, '-C', '2', 'disk', path).stdout for n in ('1', '2', '7')}
        check(f'{form} is the same bytes for 1, 2 and 7 threads', len(outputs) == 1)
    count = evscan.found('disk', path).count(b'\n')
    check('json holds what jsonl does', len(json.loads(evscan.run('search', '-o', 'json', 'disk', path).stdout)) == count)
    plain = evscan.run('search', 'disk', path).stdout.decode()
    coloured = evscan.run('search', '--color', 'always', 'disk', path).stdout.decode()
    check('colour marks the matches and nothing else', re.sub(r'\x1b\[[0-9;]*m', '', coloured) == plain)
    marked = re.findall(r'\x1b\[1;31m(.*?)\x1b\[0m', coloured)
    check('... every one of them', len(marked) == plain.lower().count('disk') and {m.lower() for m in marked} == {'disk'},
          len(marked))
    check('a pipe has no colour', '\x1b' not in plain)


def fields(evscan, path):
    every = evscan.found('Physical Disk', path)
    new = 'samples/healthy-2019'
    for field, logs, words in [('NoSuchField', path, 'their values have no names: search without --field'),
                               ('Provider', new, 'that is no field: --provider chooses by it'),
                               ('parm1', new, 'did you mean param1?'), ('zzzzzzzzzzzz', new, 'there is ')]:
        said = evscan.run('search', '--quiet', '--field', field, 'e', logs)
        check(f'--field {field}: {words}', said.returncode == 0 and not said.stdout and
              f'--field {field}: none of the events has such a field; {words}' in said.stderr.decode(), said)
    for args, names in [(['--field', 'PARAM1', 'xyzzyq', new], []), (['--field', 'param1', '--field', 'parm2', 'e', new], ['parm2']),
                        (['--field', 'nosuch', '--field', 'param1', 'xyzzyq', new], ['nosuch'])]:
        said = evscan.run('search', '--quiet', *args).stderr.decode()
        check(f'{" ".join(args)}: only what is not there is said', re.findall(r'--field (\S+):', said) == names, said)
    check('--field finds no other field', evscan.found('--field', 'NoSuchField', 'Physical Disk', path) == b'' and every)


def exit_statuses(evscan):
    path = 'samples/Q218922'
    for args, status in [(['clusres', path], 1), (['xyzzyq', path], 0), (['xyzzyq', path, 'missing.evt'], 2),
                         (['clusres', path, 'missing.evt'], 3), (['clusres', 'README.md'], 65), (['clusres', 'missing.evt'], 66),
                         (['clusres'], 64), (['', path], 64), (['-E', '(', path], 64), (['-C', '0', 'clusres', path], 64)]:
        result = evscan.run('search', *args)
        check(f'exit status {status}: {" ".join(args)}', result.returncode == status, result)
        check('... and a word on standard error exactly when something is wrong or nothing matched',
              bool(result.stderr) == (status != 1), result.stderr)
    said = evscan.run('search', '-E', 'a(b', path).stderr.decode()
    check('a mistake in an expression is said with its reason', 'regular expression' in said and 'parenthes' in said, said)
    with open('/dev/full', 'wb') as full:
        check('a full disk is exit status 73', evscan.run('search', 'clusres', path, stdout=full).returncode == 73)


def hostile(evscan):
    """An expression that runs away is stopped, and that is said."""
    with tempfile.TemporaryDirectory() as folder:
        description = pathlib.Path(folder, 'log.yaml')
        event = f'{{time: "2020-01-01T00:00:00Z", source: P, id: 1, type: information, strings: ["{"a" * 20000}!"]}}'
        description.write_text('about: A long value.\nexpect: []\nlogs:\n  - file: long.evt\n    format: evt\n'
                               f'    computer: N1\n    channel: System\n    events:\n      - {event}\n', encoding='utf-8')
        made = subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', description, '--out', folder],
                              capture_output=True, check=False)
        if made.returncode:
            check('a log is made', False, made.stderr.decode()[-300:])
            return
        result = evscan.run('search', '-E', '(a+)+$|(a+a+)+b', os.path.join(folder, 'long.evt'))
        check('an expression that runs away is stopped', b'gave up' in result.stderr, result)


def main():
    evscan = Search(sys.argv[1])
    shared = sys.argv[2] if len(sys.argv) > 2 else ''
    same_as_the_slow_way(evscan, ['samples'])
    same_as_show(evscan, 'samples/Q218922/node1.evt')
    references(evscan)
    context(evscan, 'samples/Q218922/node1.evt')
    forms(evscan, 'samples/Q218922')
    fields(evscan, 'samples/Q218922')
    exit_statuses(evscan)
    hostile(evscan)
    if os.path.isdir(os.path.join(shared, 'corpus')):
        folder = os.path.abspath(os.path.join(shared, 'corpus'))
        same_as_the_slow_way(evscan, [os.path.join(folder, kind) for kind in ('evt', 'evtx')], 3)
        context_across_batches(evscan, os.path.join(folder, 'evtx/plaso__System.evtx'))
    else:
        print('skipped: the corpus of real logs is not here')
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
