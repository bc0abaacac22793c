#!/usr/bin/python3
"""--nodes: nodes that a cluster has and whose logs are missing, in a report and night after night.  run.py EVSCAN SCHEMA

Prints a line a check; exit status 1 when one fails.
"""

import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import jsonschema

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / 'state')]

from checks import check, exit_status  # noqa: E402
from cluster import schema_back  # noqa: E402

MISSING = 'node-missing-'

CONFIG = """\
options: {cron: true, state: state}
clusters:
    sql:
        folders: sql
        nodes: [NODE1, NODE2]
    files:
        folders: files
        nodes: NODE1
"""


class Desk:
    """A folder with logs, a folder that they are dropped into, and nights that follow each other."""

    def __init__(self, program, schema, folder):
        self.program, self.folder, self.day = os.path.abspath(program), pathlib.Path(folder), 0
        self.schema = json.loads(pathlib.Path(schema).read_bytes())

    def run(self, *args):
        clock = f'2001-01-{self.day + 1:02}T02:00:00Z'
        return subprocess.run([self.program, *args], cwd=self.folder, capture_output=True, timeout=60, check=False,
                              encoding='utf-8', env=dict(os.environ, EVSCAN_CLOCK=clock))

    def night(self, *args, nodes='NODE1,node2.example.org'):
        """Its exit status, and what it says of nodes: {name: kind}."""
        self.day += 1
        result = self.run('--cron', '--state', 'state', '--rules', 'rule.yaml', '--nodes', nodes, '--format', 'json', *args,
                          'drop')
        news = json.loads(result.stdout)['news']['items'] if result.stdout else []
        told = {item['nodes'][0]: item for item in news if item['what'] == 'node-missing'}
        return result.returncode, {name: item['kind'] for name, item in told.items()}, told, result

    def drop(self, log, name=None):
        shutil.copy(self.folder / log, self.folder / 'drop' / (name or log))

    def valid(self, value, part=None):
        schema = {'$defs': self.schema['$defs'], '$ref': f'#/$defs/{part}'} if part else self.schema
        return not list(jsonschema.Draft202012Validator(schema).iter_errors(value))


def scans(desk):
    quiet = ('--rules', 'rule.yaml')
    result = desk.run(*quiet, '--nodes', 'NODE3', 'quiet.evtx')
    check('a node by its name without the domain is there', result.returncode == 1 and 'expected' not in result.stdout, result)
    result = desk.run(*quiet, '--nodes', 'node3.example.com', '--nodes', ' NODE9, ,node9', 'quiet.evtx')
    check('one that is not is listed once, and the run is incomplete', result.returncode == 3 and
          result.stdout.count('expected, and no log is there') == 1, result)
    result = desk.run('--nodes', 'NODE9', 'quiet.evtx')
    check('... also when nothing was found', result.returncode == 2 and 'in the logs that are there' in result.stdout, result)
    report = json.loads(desk.run(*quiet, '--nodes', 'NODE9', '--format', 'json', 'quiet.evtx').stdout)
    check('JSON', report['missing'] == ['NODE9'] and not report['complete'] and desk.valid(report), report)
    lines = [json.loads(line) for line in desk.run('--nodes', 'NODE9', '--format', 'jsonl', 'quiet.evtx').stdout.splitlines()]
    check('JSON Lines', {'missing': 'NODE9'} in lines and all(desk.valid(line, 'line') for line in lines), lines)
    for form, name in (('html', '&lt;b&gt;`9\\x1b'), ('markdown', '``<b>`9\\x1b``'), ('text', '<b>`9\\x1b')):
        result = desk.run('--nodes', '<b>`9\x1b', '--format', form, 'quiet.evtx')
        check(f'{form}: the name is disarmed', 'no log is there' in result.stdout and name in result.stdout and
              '\x1b' not in result.stdout, result)
    result = desk.run('--nodes', 'NODE9', '--nagios', 'quiet.evtx')
    check('a plug-in does not say that all is well', result.returncode == 3 and 'no log of NODE9' in result.stdout, result)
    metrics = desk.run('--nodes', 'NODE9', '--format', 'prometheus', 'quiet.evtx').stdout
    check('metrics', 'evscan_nodes_missing{cluster=""} 1' in metrics and 'last_run_complete{cluster=""} 0' in metrics, metrics)
    for log in ('node1.evt', 'node2.evt'):
        desk.run('--partial', f'{log}.partial', log)
    merged = desk.run('merge', '--nodes', 'NODE1,NODE2,NODE9', 'node1.evt.partial', 'node2.evt.partial')
    scanned = desk.run('--nodes', 'NODE1,NODE2,NODE9', 'node1.evt', 'node2.evt')
    check('merge lists the same', (merged.stdout, merged.returncode) == (scanned.stdout, scanned.returncode) and
          merged.returncode == 3, merged)


def nights(desk):
    (desk.folder / 'drop').mkdir()
    desk.drop('node1.evt')
    status, told, items, night = desk.night()
    check('a node that is missing is news', status == 3 and told == {'node2.example.org': 'new'}, night)
    number = items['node2.example.org']['id']
    check('... with an id', number.startswith(MISSING) and desk.valid(json.loads(night.stdout)), number)
    status, told, _, night = desk.night()
    check('... once, and the run stays incomplete', status == 2 and not told, night)
    text = desk.run('--cron', '--state', 'other', '--rules', 'rule.yaml', '--nodes', 'NODE1,NODE2', 'drop').stdout
    check('... in the words of the text report', ' no log of NODE2\n' in text, text)
    desk.day += 3
    status, told, _, night = desk.night()
    check('... also when nights were left out', status == 2 and not told, night)
    status, told, items, night = desk.night('--remind', 'daily')
    check('... but for reminders', told == {'node2.example.org': 'still'}, night)
    desk.drop('node2.evt')
    status, told, items, night = desk.night()
    check('it is back', status == 0 and told == {'node2.example.org': 'gone'} and
          items['node2.example.org']['reason'] == 'its logs are here again', night)
    check('... and stays so, with files that are not read again', desk.night()[:2] == (0, {}))
    (desk.folder / 'drop/node2.evt').rename(desk.folder / 'drop/other-name.evt')
    check('... under another name', desk.night()[:2] == (0, {}))
    check('... and the night after', desk.night()[:2] == (0, {}))
    (desk.folder / 'drop/other-name.evt').unlink()
    status, told, items, night = desk.night()
    check('gone again: the same id', status == 3 and told == {'node2.example.org': 'again'} and
          items['node2.example.org']['id'] == number, night)
    (desk.folder / 'drop/node2.evt').write_bytes(b'no log')
    status, told, _, night = desk.night()
    check('a file that is no log does not bring it back', status == 2 and not told, night)
    status, told, items, night = desk.night(nodes='NODE1')
    check('a node that is not expected any more', status == 2 and
          items['node2.example.org']['reason'] == 'it is not expected any more', night)
    (desk.folder / 'state/suppress.d').mkdir(exist_ok=True)
    (desk.folder / 'state/suppress.d/known.yaml').write_text('- {what: node-missing, node: NODE7, until: 2002-01-01, '
                                                             'reason: ordered}\n', encoding='utf-8')
    status, told, _, night = desk.night(nodes='NODE1,NODE7')
    check('one that is suppressed', status == 2 and not night.stdout, night)


def upgrade(desk):
    """A memory that does not know which nodes its files are of."""
    shutil.rmtree(desk.folder / 'state')
    desk.drop('node2.evt')
    before = desk.night()
    with contextlib.closing(sqlite3.connect(desk.folder / 'state/evscan.db')) as db, db:
        schema_back(db, 2)
    status, told, _, night = desk.night()
    check('files of before are read again, and nothing is counted twice', before[0] == 1 and
          (status, told, night.stdout) == (0, {}, ''), night)
    with contextlib.closing(sqlite3.connect(desk.folder / 'state/evscan.db')) as db, db:
        nodes = sorted(db.execute('SELECT nodes FROM input').fetchall())
    check('... and then known', nodes == [('NODE1\n',), ('NODE2\n',)], nodes)


def configured(desk):
    (desk.folder / 'evscan.conf').write_text(CONFIG, encoding='utf-8')
    for cluster in ('sql', 'files'):
        (desk.folder / cluster).mkdir()
        shutil.copy(desk.folder / 'node1.evt', desk.folder / cluster)
    lines = desk.run('config', 'check', 'evscan.conf').stdout
    check('config check says what it comes to', '--nodes=NODE1 --nodes=NODE2 sql' in lines and
          '--nodes=NODE1 files' in lines, lines)
    result = desk.run('--config', 'evscan.conf', '--state', 'two')
    parts = result.stdout.split('News of ')
    check('each cluster has its own nodes', result.returncode == 3 and MISSING in parts[1] and parts[1].startswith('sql') and
          MISSING not in parts[2], result)
    for text, words in (('nodes: [{a: b}]\nfolders: sql\n', 'a text or a number'),
                        (CONFIG + 'nodes: NODE1\n', 'each has its own nodes'),
                        (CONFIG.replace('nodes', 'node'), 'did you mean nodes')):
        (desk.folder / 'wrong.conf').write_text(text, encoding='utf-8')
        result = desk.run('config', 'check', 'wrong.conf')
        check(f'a mistake: {words}', result.returncode == 78 and words in result.stderr, result)


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, TESTS / 'writer/make_logs.py', TESTS / 'cli/incident.yaml', '--out', folder],
                       check=True)
        shutil.copy(TESTS / 'cli/rule.yaml', folder)
        desk = Desk(sys.argv[1], sys.argv[2], folder)
        for part in (scans, nights, upgrade, configured):
            part(desk)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
