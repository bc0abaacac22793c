#!/usr/bin/env python3
"""tools.py EVSCAN: what `rules check`, `rules test` and a scan say of rules that somebody is still writing.

Prints a line a check; exit status 1 when one fails.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

RULE = '''title: Backup
name: backup
logsource: {product: windows, service: system}
detection: {selection: {Provider_Name: Backup, EventID: 1}, condition: selection}
'''
TESTS = '''rule: backup
match: [{Provider_Name: Backup, EventID: 1, Channel: System}]
no-match: [{Provider_Name: Backup, EventID: 2, Channel: System}]
'''


class Folder:
    """A folder of files, and evscan in it."""

    def __init__(self, evscan, name):
        self.evscan, self.path = evscan, pathlib.Path(name)

    def write(self, **files):
        for name, content in files.items():
            (self.path / name.replace('__', '.')).write_text(content, encoding='utf-8')

    def run(self, *arguments, given=''):
        done = subprocess.run([self.evscan, *arguments], cwd=self.path, input=given, capture_output=True, text=True,
                              timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr


def tests_beside_a_file(folder):
    folder.write(b__yaml=RULE, b__test__yaml=TESTS)
    for paths in (['.'], ['b.yaml'], ['b.yaml', 'b.test.yaml'], ['./b.test.yaml', 'b.yaml']):
        status, out, err = folder.run('rules', 'test', '--complete', *paths)
        check(f'rules test {" ".join(paths)}: the tests beside the rule are run once',
              status == 0 and out == '2 tests of 1 rule, 0 failed\n', out + err)
    folder.write(b__test__yaml=TESTS.replace('EventID: 2', 'EventID: 1'))
    status, out, err = folder.run('rules', 'test', 'b.yaml')
    check('... and fail', status == 1 and out.endswith('2 tests of 1 rule, 1 failed\n'), out + err)
    folder.write(b__test__yaml='rule: other\n')
    status, out, err = folder.run('rules', 'check', 'b.yaml')
    check('... and are checked', status == 78 and 'b.test.yaml:1:7: error[test]' in err, out + err)


def tests_of_a_pipe(folder):
    match = 'tests: {match: [{Provider_Name: Backup, EventID: 1, Channel: System}]}\n'
    status, out, err = folder.run('rules', 'test', '/dev/stdin', given=RULE + match)
    check('the tests of rules that come through a pipe are run',
          status == 0 and out.endswith('1 test of 1 rule, 0 failed\n'), out + err)
    status, out, err = folder.run('rules', 'test', '/dev/stdin', given=RULE + match.replace('ID: 1', 'ID: 2'))
    check('... and fail', status == 1 and out.endswith('1 test of 1 rule, 1 failed\n'), out + err)


def folders_named_as_shipped_ones(folder):
    for name in ('catalog', 'explain'):
        for path in (folder.path / name / 'rules', folder.path / 'rules' / name):
            path.mkdir(parents=True)
            (path / 'b.yaml').write_text(RULE, encoding='utf-8')
            for asked in ('.', f'{path}/b.yaml'):
                status, out, err = folder.run('rules', 'check', asked)
                check(f'rules in {path.relative_to(folder.path)} are read',
                      status == 0 and out.startswith('1 rule in 1 file'), out + err)
            (path / 'b.yaml').unlink()
    for name in ('catalog', 'explain'):
        status, out, err = folder.run('rules', 'check', f'{ROOT}/rules/{name}')
        check(f'what evscan knows of events (rules/{name}) is no mistake in rules',
              status == 0 and out.startswith('0 rules in 0 files: 0 mistakes'), out + err)


def rule_with_warnings(count, more=''):
    """Each selection that is not used is a warning."""
    unused = ''.join(f'    unused_{i}: {{A: x}}\n' for i in range(count))
    return RULE.split('detection')[0] + f'detection:\n    selection: {{A: x{more}}}\n{unused}    condition: selection\n'


def warnings_of_a_scan(folder):
    log = os.path.join(ROOT, 'samples/Q218922/node1.evt')
    folder.write(a__yaml=rule_with_warnings(30), b__yaml=rule_with_warnings(200).replace('backup', 'other'))
    scan = [log, '--rules', 'a.yaml', '--add-rules', 'b.yaml']
    for command in (['scan'], ['timeline']):
        status, _, err = folder.run(*command, *scan)
        check(f'{command[0]}: ten warnings, and what shows the others', status < 2 and err.count('warning[') == 10 and
              err.endswith('\n220 more warnings about rules; evscan rules check a.yaml b.yaml shows them\n'), err)
        status, _, err = folder.run(*command, '--quiet', *scan)
        check('... --quiet: none', status < 2 and err == '', err)
    _, _, err = folder.run('rules', 'check', 'a.yaml', 'b.yaml')
    check('rules check: all that are kept', err.count('warning[') == 130, err)
    folder.write(b__yaml=rule_with_warnings(3, ', B|foo: x'))
    for options in ([], ['--quiet']):
        status, _, err = folder.run(*scan, *options)
        check(f'mistakes are told {" ".join(options)}', status == 78 and err.count('error[') == 1 and
              err.count('warning[') == (0 if options else 10) and ('shows them' in err) == (not options), err)


def all_at_once(folder):
    folder.write(a__yaml='''title: A
logsource: {product: windows, category: process_creation}
detection:
    s: {Imag|endswith: x}
    t: {CommandLine|foo: xx}
    condition: s and not s and t
tests: 5
---
title: B
logsource: {product: windows, category: process_creation}
detection:
    s: {Imag|endswith: x}
    condition: s and typo
---
title: C
correlation: {type: event_count, rules: nobody, timespan: 1m, condition: {gte: 1}}
tests: {match: [{events: 1}]}
''')
    status, _, err = folder.run('rules', 'check', 'a.yaml')
    for where in ('5:21: error[modifier]', '6:16: warning[condition]: no event can', '4:9: warning[field]',
                  '7:8: error[test]', '12:9: warning[field]', '13:22: error[condition]', '17:26: error[test]'):
        check(f'a rule with mistakes: {where} is told besides', status == 78 and f'a.yaml:{where}' in err, err)


def correlations_of_other_paths(folder):
    sample, correlation = os.path.join(ROOT, 'samples/service-pack-3'), '''title: Never
name: never
level: high
correlation:
    type: event_count
    rules: [clussvc-1009, own]
    group-by: [Computer]
    timespan: 1m
    condition: {gte: 500}
'''
    own = RULE.replace('backup', 'own').replace('Backup, EventID: 1', 'ClusSvc, EventID: 1009') + 'level: high\n'

    def findings(*paths):
        options = [part for path in paths for part in ('--add-rules', path)]
        status, out, err = folder.run(sample, '--format', 'json', *options)
        found = {finding['name'] for finding in json.loads(out)['findings']}
        return status, found, err

    folder.write(c__yaml=correlation, r__yaml=own, both__yaml=own + '---\n' + correlation)
    for paths, expected in ((['both.yaml'], {'clussvc-1009'}), (['c.yaml', 'r.yaml'], {'clussvc-1009', 'own'}),
                            (['.'], {'clussvc-1009'})):
        if paths == ['.']:
            (folder.path / 'both.yaml').unlink()
        status, found, err = findings(*paths)
        check(f'--add-rules {" ".join(paths)}: a correlation silences rules of its own path only',
              status == 1 and found & {'clussvc-1009', 'own'} == expected, f'{status} {found} {err}')


def rules_beside_the_shipped(folder):
    """--add-rules: what names a shipped rule is sound, and of the shipped ones nothing is said."""
    event = '{Provider_Name: ClusSvc, EventID: 1009, Channel: System, Computer: %s}'
    folder.write(c__yaml=f'''title: Twice
name: twice
correlation: {{type: event_count, rules: clussvc-1009, group-by: [Computer], timespan: 1m, condition: {{gte: 2}}}}
tests:
    match: [[{event % 'A'}, {event % 'A'}]]
    no-match: [[{event % 'A'}, {event % 'B'}]]
''', a__yaml='''article: own-trouble
title: Own trouble
summary: A trouble of our own.
products: [Ours]
evidence:
    needs: [{rule: clussvc-1009, points: 60, text: It gave up}]
    supports: [{rule: twice, points: 20, text: It gave up twice}]
cause: Nobody knows.
remediation: [{node: each node, step: Ask.}]
related: [{article: node-crash, why: The same from afar.}]
''')
    for word, says in (('check', '1 rule and 1 article in 2 files: 0 mistakes, 0 warnings\n'),
                       ('test', '2 tests of 1 rule, 0 failed\n')):
        for paths in (['--add-rules', '.'], ['--add-rules', 'a.yaml', 'c.yaml']):
            status, out, err = folder.run('rules', word, *paths)
            check(f'rules {word} {" ".join(paths)}: the shipped rules are there, and not what is asked about',
                  status == 0 and out == says and err == '', out + err)
        status, out, err = folder.run('rules', word, '.')
        check('... without it they are not', status == 78 and 'error[reference]' in err, out + err)
    status, out, err = folder.run('rules', 'test', '--complete', '--add-rules', '.')
    check('... nor are they asked for tests', status == 0 and out == '2 tests of 1 rule, 0 failed\n', out + err)
    folder.write(b__yaml=rule_with_warnings(20))
    _, _, err = folder.run('--add-rules', 'b.yaml', os.path.join(ROOT, 'samples/Q218922/node1.evt'))
    check('a scan names the command that loads them too', 'evscan rules check --add-rules b.yaml shows them\n' in err, err)
    folder.write(c__yaml='title: X\ncorrelation: {type: event_count, rules: clussvc-1008, timespan: 1m, condition: {gte: 2}}\n')
    status, _, err = folder.run('rules', 'check', '--add-rules', 'c.yaml')
    check('... and mistakes of those that are asked about are told', status == 78 and err.count('error[') == 1, err)


def tests_that_prove_nothing(folder):
    correlation = '''---
title: C
correlation: {type: event_count, rules: backup, timespan: 1m, condition: {gte: 1}}
tests: {match: [{events: [{EventID: 1}], alert: 7, clock-tolerence: 7}]}
'''
    item = '{Provider_Name: Backup, EventID: 1, Channel: System'
    log = os.path.join(ROOT, 'samples/healthy/node1.evt')
    for test, says in ((f'{{file: {log}, hit: 77}}', 'hint: did you mean hits?'),
                       (f'{{file: {log}, Hits: 77}}', 'tests know no such word'),
                       (item + ', TimeCreated: yesterday}', 'TimeCreated is a moment'),
                       (item.replace(': 1', ': 10610000') + '}', 'an EventID is a number up to 65535'),
                       ('{file: /dev/zero}', 'this is a device, not a log')):
        folder.write(a__yaml=RULE + f'tests: {{match: [{test}]}}\n')
        status, out, err = folder.run('rules', 'test', 'a.yaml')
        check(f'a test {test} is a mistake', status == 78 and says in err and err.count('error[test]') == 1, out + err)
    folder.write(a__yaml=RULE + correlation)
    status, out, err = folder.run('rules', 'test', 'a.yaml')
    check('... and words of the tests of correlations', status == 78 and err.count('error[test]') == 2 and
          'did you mean alerts?' in err and 'did you mean clock-tolerance?' in err, out + err)


def sources_that_tell_the_provider(folder):
    for source, channel, warned in (('service: system', '', True), ('service: security', '', False),
                                    ('category: process_creation', '', False), ('', 'Channel: Security, ', False),
                                    ('', 'Channel: System, ', True), ('service: failoverclustering', '', False)):
        folder.write(a__yaml=f'title: A\nlogsource: {{product: windows, {source}}}\n'
                             f'detection: {{s: {{{channel}EventID: 1}}, condition: s}}\n')
        status, _, err = folder.run('rules', 'check', 'a.yaml')
        check(f'{source} {channel}EventID: 1: a provider is {"" if warned else "not "}missed',
              status == 0 and ('warning[provider]' in err) == warned, err)
    event = '{Provider_Name: Microsoft-Windows-FailoverClustering, EventID: 1069, Channel: System}'
    tests = f'tests: {{match: [{event}], no-match: [{event.replace("Failover", "Other")}]}}\n'
    folder.write(a__yaml='title: A\nlogsource: {product: windows, service: failoverclustering}\n'
                         'detection: {s: {EventID: 1069}, condition: s}\n' + tests)
    status, out, err = folder.run('rules', 'test', '--complete', 'a.yaml')
    check('failoverclustering is what its provider writes, to the System log as well', status == 0, out + err)


def rules_that_are_not_found(folder):
    twice = RULE.replace('name: backup', 'name: twice')
    folder.write(a__yaml=RULE.replace('name: backup\n', 'name: own-backup\n'), b__yaml=twice + '---\n' + twice)
    for name, says in (('own-backup', '--add-rules PATH loads your own'), ('a.yaml', '--add-rules a.yaml'),
                       ('Backup', 'is the title of a rule; its name or id is own-backup'),
                       ('twice', 'more than one rule has the name')):
        rules = {'Backup': ['--rules', 'a.yaml'], 'twice': ['--rules', 'b.yaml']}.get(name, [])
        status, out, err = folder.run('rules', 'explain', name, *rules)
        check(f'rules explain {name}: why it is not found', status == 64 and says in err, out + err)


def near_misses_that_are_none(folder):
    folder.write(a__yaml=RULE + '''tests:
    match: [{Provider_Name: Backup, EventID: 1, Channel: System, Opcode: 3}]
    no-match: [{Provider_Nme: Backup, EventID: 1}, {Resource: x}]
''')
    status, out, err = folder.run('rules', 'test', '--complete', 'a.yaml')
    check('a key that events do not have is told', status == 0 and 'events have no Provider_Nme' in err and
          'hint: did you mean Provider_Name?' in err and 'events have no Resource' in err and
          'stand below Data' in err and err.count('warning[test]') == 2, out + err)
    folder.write(a__yaml=RULE + 'tests: {match: [], no-match: [{}]}\n')
    status, out, err = folder.run('rules', 'test', 'a.yaml')
    check('an empty event is a mistake', status == 78 and 'error[test]: an event without anything' in err, out + err)


TOPICS = (tests_beside_a_file, tests_of_a_pipe, folders_named_as_shipped_ones, warnings_of_a_scan, all_at_once,
          correlations_of_other_paths, rules_beside_the_shipped, tests_that_prove_nothing,
          sources_that_tell_the_provider, rules_that_are_not_found, near_misses_that_are_none)


def main():
    for topic in TOPICS:
        with tempfile.TemporaryDirectory() as name:
            topic(Folder(os.path.abspath(sys.argv[1]), name))
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
