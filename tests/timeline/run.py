#!/usr/bin/python3
"""evscan timeline: every event once, in order, with the clocks of the report; in memory and out of it.
run.py EVSCAN [SHARED]

Prints a line a check; exit status 1 when one fails.
"""

import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import ROOT, Evscan, check, exit_status, logs_of_nodes, part_of  # noqa: E402


class Timeline(Evscan):
    def lines(self, *args):
        return [json.loads(line) for line in self.run('timeline', '-o', 'jsonl', *args).stdout.splitlines()]


def same_events(evscan, paths):
    rows = csv.DictReader(io.StringIO(evscan.run('show', '-o', 'csv', *paths).stdout.decode()))
    wanted = sorted((row['time'], row['node'].lower().split('.')[0], row['record']) for row in rows)
    lines = evscan.lines('--all', *paths)
    got = [(line['logged'] or '', line['node'].lower().split('.')[0], str(line['record'])) for line in lines]
    check(f'{len(wanted)} events, each once', sorted(got) == wanted, len(got))
    order = [(line['time'] is None, line['time'], line['node'].lower()) for line in lines]
    check('in the order of time and node', all(a[:2] <= b[:2] for a, b in zip(order, order[1:])),
          next(((a, b) for a, b in zip(order, order[1:]) if a[:2] > b[:2]), ''))


def same_anyhow(evscan, paths, forms=('text', 'csv', 'jsonl')):
    for form in forms:
        outputs = {evscan.run('timeline', '--all', '-o', form, '--threads', n, '--memory', memory, *paths).stdout
                   for n, memory in (('1', '32'), ('3', '32'), ('2', '1'), ('1', '1'))}
        check(f'{form}: the same bytes for any number of threads and any memory',
              len(outputs) == 1 and outputs != {b''}, [len(o) for o in outputs])


def long_names(evscan):
    """Nodes whose names begin alike are told apart, in as many columns as there are."""
    names = [f'PRODUCTION-HYPERV-CLUSTERNODE0{i}' for i in (1, 2)]
    with tempfile.TemporaryDirectory() as folder:
        logs_of_nodes(folder, names)
        for args, shown in ((['--width', '80'], ['PRODUC...NODE01', 'PRODUC...NODE02']), (['--width', '220'], names), ([], names)):
            lines = evscan.run('timeline', '--all', *args, folder).stdout.decode().splitlines()
            got = sorted({line.split()[2] for line in lines[1:] if not line.startswith(' ')})
            check(f'{" ".join(args) or "a pipe"}: {" and ".join(shown)}', got == shown, lines)
            most = max(map(len, lines))
            check('... within the width', not args or most <= int(args[1]), most)


def defaults(evscan):
    path = 'samples/Q218922'
    everything, some = evscan.lines('--all', path), evscan.lines(path)
    wanted = [line for line in everything if line['level'] in ('Critical', 'Error', 'Warning') or
              any(rule['name'] != 'netbt-device' for rule in line['rules'])]  # a fact about the node, no event of its story
    check('without --all what matters', some == wanted and 0 < len(some) < len(everything), (len(some), len(wanted)))
    check('--limit takes the first', evscan.lines('--limit', '3', path) == some[:3])
    check('filters are those of show', {line['node'] for line in evscan.lines('--node', 'CLUS-A', path)} == {'CLUS-A'})
    text = evscan.run('timeline', '--tz', '+02:00', '--width', '80', path).stdout.decode().splitlines()
    check('text says its zone and fits', '+02:00' in text[0] and max(map(len, text)) <= 80, text[:2])
    rows = [i for i, line in enumerate(text) if not line.startswith(' ')][1:]
    check('what does not fit hangs below where its event begins', len(rows) == len(some) < len(text) - 1 and
          {len(line) - len(line.lstrip()) for line in text if line.startswith(' ')} == {text[0].index('Event')}, text[:9])


CLOCKS = '''about: Three nodes lose two others, and one clock is ahead.
expect: []
logs:
'''
NODE = '''  - file: {node}.evtx
    format: evtx
    computer: {node}
    channel: System
    events:
      - {{time: "2021-03-14T22:0{minute}:00Z", source: Microsoft-Windows-FailoverClustering, id: 1135, type: critical,
         guid: "{{baf908ea-3421-4ca9-9b84-6689b8c6f85f}}", data: {{NodeName: LOST1}}}}
      - {{time: "2021-03-14T22:1{minute}:00Z", source: Microsoft-Windows-FailoverClustering, id: 1135, type: critical,
         guid: "{{baf908ea-3421-4ca9-9b84-6689b8c6f85f}}", data: {{NodeName: LOST2}}}}
'''


def clocks(evscan):
    """The third node's clock is three minutes ahead."""
    with tempfile.TemporaryDirectory() as folder:
        nodes = [('NODE1', 1), ('NODE2', 1), ('NODE3', 4)]
        pathlib.Path(folder, 'logs.yaml').write_text(CLOCKS + ''.join(NODE.format(node=n, minute=m) for n, m in nodes),
                                                     encoding='utf-8')
        subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', 'logs.yaml', '--out', folder], cwd=folder,
                       check=True)
        result = evscan.run('timeline', '-o', 'jsonl', folder)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        check('times are corrected', {line['time'][:19] for line in lines} ==
              {'2021-03-14T22:01:00', '2021-03-14T22:11:00'}, [line['time'] for line in lines])
        check('... and told as they were logged', {line['logged'][:19] for line in lines if line['node'] == 'NODE3'} ==
              {'2021-03-14T22:04:00', '2021-03-14T22:14:00'}, lines)
        check('... in the order of nodes', [line['node'] for line in lines] == ['NODE1', 'NODE2', 'NODE3'] * 2, lines)
        check('... which is said', 'clock of NODE3 was 3 min' in result.stderr.decode(), result.stderr)


CLOCK_SET = CLOCKS + NODE.format(node='NODE1', minute=1) + NODE.format(node='NODE2', minute=4) + '''\
      - {time: "2021-03-14T23:00:00Z", source: Microsoft-Windows-Kernel-General, id: 1, type: information,
         data: {NewTime: "2021-03-14T23:00:00Z", OldTime: "2021-03-14T23:03:00Z", Reason: "1"}}
      - {time: "2021-03-14T23:20:00Z", source: Service Control Manager, id: 7036, type: information, strings: [a, stopped]}
  - file: other.evtx
    format: evtx
    computer: NODE2
    channel: Other
    events:
      - {time: "2021-03-14T22:30:00Z", source: Other, id: 1, type: error}
      - {time: "2021-03-14T23:01:00Z", source: Other, id: 2, type: error}
      - {time: "2021-03-14T23:10:00Z", source: Other, id: 3, type: error}
'''


def clock_that_was_set(evscan):
    """It was three minutes ahead until 23:00: of the other log only what can be of one time is corrected."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, 'logs.yaml').write_text(CLOCK_SET, encoding='utf-8')
        subprocess.run([sys.executable, ROOT / 'tests/writer/make_logs.py', 'logs.yaml', '--out', folder], cwd=folder,
                       check=True)
        lines = evscan.lines('--all', folder)
        got = {(line['logged'][11:16], line['time'][11:16]) for line in lines if line['node'] == 'NODE2'}
        check('each record by the time of its clock', got == {
            ('22:04', '22:01'), ('22:14', '22:11'), ('23:00', '23:00'), ('23:20', '23:20'), ('22:30', '22:27'),
            ('23:01', '23:01'), ('23:10', '23:10')}, sorted(got))


def exit_statuses(evscan):
    for args, status in [(['samples/healthy'], 0), (['samples/healthy', 'missing.evt'], 2), (['README.md'], 65),
                         (['missing.evt'], 66), ([], 64), (['--rules', 'missing.yaml', 'samples/healthy'], 78)]:
        result = evscan.run('timeline', *args)
        check(f'exit status {status}: {" ".join(args)}', result.returncode == status, result)
    with open('/dev/full', 'wb') as full:
        check('a full disk is exit status 73', evscan.run('timeline', 'samples/healthy', stdout=full).returncode == 73)
    result = evscan.run('timeline', '--all', '--memory', '1', 'samples', env=os.environ | {'TMPDIR': '/dev/null/nowhere'})
    check('little memory is enough for little, without a temporary file', result.returncode == 0, result.stderr)


def main():
    evscan = Timeline(sys.argv[1])
    shared = sys.argv[2] if len(sys.argv) > 2 else ''
    same_events(evscan, ['samples/Q218922', 'samples/healthy-2019'])
    same_anyhow(evscan, ['samples'])
    defaults(evscan)
    long_names(evscan)
    clocks(evscan)
    clock_that_was_set(evscan)
    exit_statuses(evscan)
    if os.path.isdir(os.path.join(shared, 'corpus')):
        paths = [os.path.abspath(os.path.join(shared, 'corpus', kind)) for kind in ('evt', 'evtx')]
        same_events(evscan, paths)
        same_anyhow(evscan, paths, part_of(('text', 'csv', 'jsonl'), evscan.program, 3))
        result = evscan.run('timeline', '--all', '--memory', '1', *paths, env=os.environ | {'TMPDIR': '/dev/null/nowhere'})
        check('no temporary file is exit status 73 and said', result.returncode == 73 and b'TMPDIR' in result.stderr,
              result.stderr)
    else:
        print('skipped: the corpus of real logs is not here')
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
