#!/usr/bin/python3
"""evscan verify: whether a remedy held, and baselines and logs that do not tell.  run.py EVSCAN SCHEMA

Prints a line a check; exit status 1 when one fails.
"""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'writer'))

from checks import check, exit_status  # noqa: E402
from description import Event, Log, filetime  # noqa: E402
from evt_writer import write_evt  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
SINCE = '1999-04-13T00:00:00Z'


class Desk:
    def __init__(self, program, schema, folder):
        self.program, self.folder = os.path.abspath(program), pathlib.Path(folder)
        self.schema = jsonschema.Draft202012Validator(json.loads(pathlib.Path(schema).read_bytes()))

    def run(self, *args):
        return subprocess.run([self.program, *args], cwd=self.folder, capture_output=True, timeout=60, check=False,
                              env=dict(os.environ, EVSCAN_CLOCK='1999-04-14T00:00:00Z'))

    def baseline(self, name, *logs):
        report = self.run('--format', 'json', *logs).stdout
        (self.folder / name).write_bytes(report)
        return json.loads(report)

    def verify(self, *logs, since=SINCE, baseline='before.json'):
        """Exit status, the object of JSON, and the text on one line."""
        args = ('verify', '--since', since, '--baseline', baseline)
        text, result = self.run(*args, *logs), self.run(*args, '-o', 'json', *logs)
        found = json.loads(result.stdout) if result.stdout else None
        errors = list(self.schema.iter_errors(found)) if found else []
        check(f'{" ".join(logs)}: both forms end alike, and the JSON is as its schema says',
              not errors and text.returncode == result.returncode and bool(text.stdout) == bool(found), (errors, text))
        return result.returncode, found, ' '.join(text.stdout.decode().split()), text.stderr.decode()


def states(found):
    return {one['node']: one['state'] for one in found['diagnoses'][0]['exercised']}


def held(desk):
    status, found, text, _ = desk.verify('held1.evt', 'held2.evt')
    check('both nodes started their service: it held', status == 0 and found['held'] == 1 and
          states(found) == {'NODE1': 'seen', 'NODE2': 'seen'} and ' held: ' in text, text)
    event = found['diagnoses'][0]['exercised'][1]['event']
    check('... and the event that shows it is named', event['node'] == 'NODE2' and event['rule'] == 'clussvc-1062' and
          event['time'] == '1999-04-13T01:11:05Z' and 'record 2 ClusSvc 1062' in text, event)
    status, found, _, _ = desk.verify('held1.evt', 'held2.evt', 'node1.evt', 'node2.evt')
    check('... whether the logs of before are there or not', status == 0 and found['held'] == 1, found)
    check('the same by a time that is relative', desk.verify('held1.evt', 'held2.evt', since='-24h')[0] == 0)


def untried(desk):
    for log, state, words in (('idle2.evt', 'not-seen', 'nothing happened there'),
                              ('short2.evt', 'too-late', 'but the log of NODE2 ends 1999-04-13 01:11:10 UTC'),
                              ('node2.evt', 'not-covered', 'its log ends 1999-04-12'),
                              (None, 'no-log', 'no log of it was given')):
        status, found, text, _ = desk.verify('held1.evt', *([log] if log else []))
        check(f'{state}: not yet tried', status == 2 and found['untried'] == 1 and
              states(found) == {'NODE1': 'seen', 'NODE2': state} and words in text and 'net start clussvc' in text, text)
    status, found, text, _ = desk.verify('node1.evt', 'node2.evt', since='2020-01-01')
    check('a time behind all logs', status == 2 and set(states(found).values()) == {'not-covered'}, text)
    status, found, _, error = desk.verify('held1.evt', 'held2.evt', 'missing.evt')
    check('an input that cannot be read is not forgotten', status == 2 and found['held'] == 1 and not found['complete'] and
          'missing.evt' in error, error)


def recurred(desk):
    status, found, text, _ = desk.verify('held1.evt', 'again2.evt')
    again = found['diagnoses'][0]['recurrence']
    check('it happened again: where, when and how sure', status == 1 and found['recurred'] == 1 and
          again['affected'] == ['NODE2'] and again['first_seen'] == '1999-04-13T02:12:50Z' and
          'NODE2 1999-04-13 02:12:50 UTC record 3 ClusSvc 1009' in text, text)
    status, found, text, _ = desk.verify('node1.evt', 'node2.evt', since='1999-04-12T00:00')
    check('a time that is too early is said', status == 1 and 'the baseline itself' in text, text)
    check('both: again, and incomplete', desk.verify('again2.evt', 'missing.evt')[0] == 3)
    quiet = desk.verify('again2.evt', 'held1.evt', since='1999-04-13T03:00')
    check('what was before that time does not count', quiet[0] == 2, quiet)


def failover_cluster(desk):
    before = desk.baseline('cluster.json', 'before.evtx')
    check('the baseline has its diagnosis', before['diagnoses'][0]['article'] == 'authentication-after-hardening', before)
    status, found, text, _ = desk.verify('joined.evtx', since='2021-05-04T18:00', baseline='cluster.json')
    check('.evtx: the node joined', status == 0 and found['held'] == 1 and 'The node joined the cluster' in text, text)
    status, found, text, _ = desk.verify('new.evtx', since='2021-05-04T18:00', baseline='cluster.json')
    check('... and what is new since then is told', status == 0 and 'duplicate-ip' in
          [one['article'] for one in found['others']] and 'duplicate-ip' in text, text)


def roles(desk):
    before = desk.baseline('role.json', 'address.evtx')
    check('the baseline says which role it was about', before['diagnoses'][0]['article'] == 'nic-or-address-change' and
          before['diagnoses'][0]['concerned'] == ['SQL'], before['diagnoses'][0])
    for log, status, state in (('sql.evtx', 0, 'seen'), ('files.evtx', 2, 'not-seen')):
        result = desk.verify(log, since='2021-05-04T18:00', baseline='role.json')
        check(f'{log}: only the return of that role proves anything', result[0] == status and
              states(result[1]) == {'NODE1.example.org': state}, result)
    del before['diagnoses'][0]['concerned']
    (desk.folder / 'role.json').write_text(json.dumps(before), encoding='utf-8')
    result = desk.verify('sql.evtx', since='2021-05-04T18:00', baseline='role.json')
    check('a baseline that does not say it', result[0] == 2 and not result[1]['held'], result)


def baselines(desk):
    good = (desk.folder / 'before.json').read_text(encoding='utf-8')
    tree = json.loads(good)

    def given(name, text):
        (desk.folder / name).write_text(text, encoding='utf-8')
        return desk.verify('held1.evt', 'held2.evt', baseline=name)
    for name, text in (('cut.json', good[:len(good) // 2]), ('empty.json', ''), ('list.json', '[1]'),
                       ('lines.json', desk.run('--format', 'jsonl', 'node1.evt').stdout.decode()),
                       ('none.json', json.dumps(dict(tree, diagnoses=[])))):
        status, found, _, error = given(name, text)
        check(f'{name}: is no baseline', status == 65 and not found and name in error, (status, error))
    check('missing.json: cannot be opened', desk.verify('held1.evt', baseline='missing.json')[0] == 66)
    status, found, text, _ = given('partial.json', json.dumps(dict(tree, complete=False)))
    check('one that is incomplete is used, and said', status == 0 and not found['baseline_complete'] and
          'may lack a diagnosis' in text, text)
    old = {'evscan': '0.0.1', 'findings': [], 'diagnoses': [{'article': 'Q218922', 'nodes': ['NODE1', {}, 'node2']}]}
    status, found, _, _ = given('old.json', json.dumps(old))
    check('one of another version, with less in it', status == 0 and states(found) == {'NODE1': 'seen', 'node2': 'seen'},
          found)
    old['diagnoses'] = [{'article': 'Q999999', 'title': '\x1b[2J\n', 'nodes': ['NODE1']}, 7, {}]
    status, found, text, _ = given('odd.json', json.dumps(old))
    check('an article that is not there any more', status == 2 and [one['known'] for one in found['diagnoses']] ==
          3 * [False] and '\x1b' not in text and 'does not have this article' in text, text)


ARTICLE = '''article: X1
title: t
summary: s.
products: [p]
cause: c
remediation: [{node: n, step: s}]
evidence:
    needs: [{rule: test-disk, points: 90, text: x}]
'''


def is_same_node(name, node):
    """With the domain in both, or in one of them only."""
    host = name.partition('.')[0].lower()
    return bool(host) and host == node.partition('.')[0].lower() and ('.' not in name or '.' not in node or
                                                                      name.lower() == node.lower())


def many_nodes(desk):
    """A baseline of 20,000 diagnoses: of each the recurrence on its own node, when there is one, else the first."""
    (desk.folder / 'knowledge' / 'articles').mkdir(parents=True)
    rule = (TESTS / 'state' / 'rule.yaml').read_text(encoding='utf-8').partition('---')[0]
    (desk.folder / 'knowledge' / 'rule.yaml').write_text(rule, encoding='utf-8')
    (desk.folder / 'knowledge' / 'articles' / 'x1.yaml').write_text(ARTICLE, encoding='utf-8')
    forms = ('N{}', 'n{}.a.org', 'N{}.b.org')
    there = [forms[i % 3].format(i // 2) for i in range(300)]
    start = datetime.datetime(2001, 1, 1, tzinfo=datetime.timezone.utc)
    moments = [filetime(start + datetime.timedelta(hours=2 * i)) for i in range(len(there))]
    events = [Event(time=moment, written=moment, source='Disk', id=7, type='error', qualifiers=0x4000, strings=['x'],
                    computer=node, channel='System') for moment, node in zip(moments, there)]
    (desk.folder / 'many.evt').write_bytes(write_evt(Log(file='many.evt', format='evt', computer='N', channel='System',
                                                         events=events, first_number=1)).data)
    before = [forms[i // 400 % 3].format(i % 400) for i in range(20000)]
    old = {'evscan': '0.0.1', 'findings': [], 'diagnoses': [
        {'article': 'X1', 'title': 't', 'confidence': 'likely', 'last_seen': SINCE, 'nodes': ['gone', node]}
        for node in before]}
    (desk.folder / 'many.json').write_text(json.dumps(old), encoding='utf-8')
    result = desk.run('verify', '--rules', 'knowledge', '--since', '2000-01-01', '--baseline', 'many.json', '-o', 'json',
                      'many.evt')
    found = [one['recurrence']['affected'] for one in json.loads(result.stdout)['diagnoses']]
    there = [one['nodes'][0] for one in desk.baseline('now.json', '--rules', 'knowledge', 'many.evt')['diagnoses']]
    wanted = {name: [next((node for node in there if is_same_node(name, node)), there[0])] for name in set(before)}
    wrong = [(name, one, wanted[name]) for name, one in zip(before, found) if one != wanted[name]]
    check('20,000 diagnoses: each recurred on its own node', result.returncode == 1 and len(found) == 20000 and
          len(there) > 100 and not wrong,
          (wrong[:3], len(there), result.stderr))


def mistakes(desk):
    for args, words in ((('held1.evt',), b'say --since TIME'), (('--since', SINCE, 'held1.evt'), b'--baseline REPORT'),
                        (('--since', 'soon', '--baseline', 'before.json', 'held1.evt'), b'must be a time such as'),
                        (('--tz', 'node', '--since', SINCE, '--baseline', 'before.json', 'held1.evt'), b'one zone'),
                        (('--since', SINCE, '--baseline', 'before.json'), b'and the logs')):
        result = desk.run('verify', *args)
        check(f'verify {" ".join(args)}: refused', result.returncode == 64 and words in result.stderr, result)
    for log, status in (('before.json', 65), ('missing.evt', 66)):
        result = desk.run('verify', '--since', SINCE, '--baseline', 'before.json', log)
        check(f'{log}: no log', result.returncode == status and not result.stdout, result)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for description in (TESTS / 'cli/incident.yaml', HERE / 'incident.yaml'):
            subprocess.run([sys.executable, TESTS / 'writer/make_logs.py', description, '--out', folder], check=True)
        desk = Desk(sys.argv[1], sys.argv[2], folder)
        desk.baseline('before.json', 'node1.evt', 'node2.evt')
        for part in (held, untried, recurred, failover_cluster, roles, baselines, many_nodes, mistakes):
            part(desk)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
