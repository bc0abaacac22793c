#!/usr/bin/python3
"""evscan diff: what changed between two reports, and files that are none.  run.py EVSCAN

Prints a line a check; exit status 1 when one fails.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import check, exit_status  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECONDS = 120
ODD_SHAPES = '{"evscan": 1, "findings": {"a": 1}, "diagnoses": [1, [], {"affected": 2}]}'


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False)


def keys(changes, what):
    return {(change['kind'], change['key']) for change in changes[what]}


def main():
    evscan = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        def path(name):
            return os.path.join(folder, name)

        def report(name, *logs):
            pathlib.Path(path(name)).write_bytes(run(evscan, '--format', 'json', *logs).stdout)
            return json.loads(pathlib.Path(path(name)).read_bytes())

        def diff(a, b, *options):
            return run(evscan, 'diff', *options, path(a), path(b))
        both = report('both.json', 'samples/Q218922')
        report('one.json', 'samples/Q218922/node1.evt')
        result = diff('both.json', 'both.json')
        check('a report says what it says', result.returncode == 0 and b'the same' in result.stdout, result)
        forth = json.loads(diff('both.json', 'one.json', '-o', 'json').stdout)
        back = json.loads(diff('one.json', 'both.json', '-o', 'json').stdout)
        check('gone one way is new the other', forth['gone'] and keys(forth, 'gone') == keys(back, 'new'), forth)
        check('a node, a log, findings and the diagnosis are gone',
              {kind for kind, _ in keys(forth, 'gone')} == {'node', 'input', 'finding', 'diagnosis'}, forth)
        check('the exit status says so', diff('both.json', 'one.json').returncode == 1)
        whole = 'is not complete'
        check('of whole ones no word', whole not in diff('both.json', 'one.json').stdout.decode() and
              forth['before_complete'] and forth['after_complete'], forth)
        part = dict(both, complete=False)
        pathlib.Path(path('part.json')).write_text(json.dumps(part), encoding='utf-8')
        for a, b, said in (('both.json', 'part.json', 'gone'), ('part.json', 'both.json', 'new')):
            words = diff(a, b).stdout.decode()
            changes = json.loads(diff(a, b, '-o', 'json').stdout)
            check(f'{a} and {b}: an incomplete one is said', words.startswith('Caution: ') and 'part.json ' + whole in
                  words and f'what is {said} may' in words and
                  changes['after_complete'] == (b == 'both.json') and changes['before_complete'] == (a == 'both.json'), words)
        both['diagnoses'][0]['score'] -= 1
        both['findings'].append(both['findings'][0])
        pathlib.Path(path('less.json')).write_text(json.dumps(both), encoding='utf-8')
        changes = json.loads(diff('both.json', 'less.json', '-o', 'json').stdout)
        check('points and numbers of findings are changes', not changes['new'] and not changes['gone'] and
              {change['kind'] for change in changes['changed']} == {'diagnosis', 'finding'}, changes)
        both['findings'][0]['node'] = '\x1b[2J'
        pathlib.Path(path('odd.json')).write_text(json.dumps(both), encoding='utf-8')
        check('nothing of a report moves the cursor', b'\x1b' not in diff('both.json', 'odd.json').stdout)
        both['findings'][0]['node'] = 'N\\ud83d\U000e0041\uffff\ufffe'
        for ascii_only in (True, False):
            pathlib.Path(path('far.json')).write_text(json.dumps(both, ensure_ascii=ascii_only), encoding='utf-8')
            result = diff('odd.json', 'far.json', '-o', 'json')
            check('characters that YAML does not take as they are', result.returncode == 1 and
                  any(key.endswith(both['findings'][0]['node']) for _, key in keys(json.loads(result.stdout), 'new')),
                  result)
        for name, text, status in [('torn.json', '{"evscan": [1,', 65), ('deep.json', '[' * 100000, 65),
                                   ('empty.json', '', 65), ('other.json', '{"a": 1}', 65), ('list.json', '[]', 65),
                                   ('shapes.json', ODD_SHAPES, 1)]:
            pathlib.Path(path(name)).write_text(text, encoding='utf-8')
            result = diff('both.json', name)
            check(f'{name}: exit status {status}', result.returncode == status, result)
            check('... with a word that names it', status == 1 or name.encode() in result.stderr, result.stderr)
        page = run(evscan, '--format', 'html', 'samples/Q218922').stdout
        partial = run(evscan, 'scan', '--partial', '-', 'samples/Q218922').stdout
        lines = run(evscan, '--format', 'jsonl', 'samples/Q218922').stdout
        log = (ROOT / 'samples/Q218922/node1.evt').read_bytes()
        for name, data, words in [('page.html', page, 'does not begin as JSON'), ('a.partial', partial, 'evscan merge'),
                                  ('lines.json', lines, 'JSON Lines'), ('node1.evt', log, 'an event log'),
                                  ('maps.json', b'{"evscan": [' + b'{},' * 400000 + b'0]}', 'more lists and maps'),
                                  ('nothing.json', b'', 'empty'), ('number.json', b'{"a": 1}', 'no findings')]:
            pathlib.Path(path(name)).write_bytes(data)
            result = diff('both.json', name)
            check(f'{name}: {words}', result.returncode == 65 and words in result.stderr.decode(), result)
        many = json.loads(pathlib.Path(path('one.json')).read_bytes())
        many['findings'] = [{'name': f'{i}', 'node': 'N' * 400} for i in range(50000)]
        pathlib.Path(path('many.json')).write_text(json.dumps(many), encoding='utf-8')
        result = diff('one.json', 'many.json', '-o', 'json')
        check('a report of 20 MB', len(json.loads(result.stdout)['new']) >= 50000, result.stderr)
        check('a torn one is told with its line', b'torn.json:1:' in diff('both.json', 'torn.json').stderr)
        check('no file is exit status 66', diff('both.json', 'missing.json').returncode == 66)
        check('one report is not enough', run(evscan, 'diff', path('both.json')).returncode == 64)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
