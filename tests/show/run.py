#!/usr/bin/python3
"""evscan show: every form, every filter, streams, threads and limits.  run.py EVSCAN

The logs are made here.  Prints a line a check; exit status 1 when one fails.
"""

import csv
import io
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'damage'))

from damage_binxml import rare, values_of  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import check, exit_status  # noqa: E402

ROOT = HERE.parent.parent
WRITER = ROOT / 'tests/writer/make_logs.py'
HEADER, CHUNK = 4096, 65536
SECONDS = 60


class Show:
    """evscan show in a folder of its own."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, *args, **options):
        options = {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE} | options
        return subprocess.run([self.program, 'show', *args], cwd=self.folder, timeout=SECONDS, check=False, **options)

    def text(self, *args):
        return self.run(*args).stdout.decode()

    def records(self, *args):
        """(node, id, record) of every event, from CSV."""
        rows = csv.DictReader(io.StringIO(self.text('-o', 'csv', *args)))
        return [(row['node'], row['id'], row['record']) for row in rows]

    def rendered(self, *args):
        """The same from JSON Lines."""
        systems = [json.loads(line)['Event']['System'] for line in self.text('-o', 'jsonl', *args).splitlines()]
        ids = [system['EventID'] for system in systems]
        ids = [id['#text'] if isinstance(id, dict) else id for id in ids]
        return [(system['Computer'], str(id), str(system['EventRecordID'])) for system, id in zip(systems, ids)]


def forms(show):
    for log in ('node1.evt', 'node2.evtx'):
        count = len(show.records(log))
        lines = show.text('-o', 'jsonl', log).splitlines()
        check(f'{log}: a line of JSON an event', len(lines) == count and all('Event' in json.loads(line) for line in lines))
        array = json.loads(show.text('-o', 'json', log))
        check(f'{log}: json holds what jsonl does', array == [json.loads(line) for line in lines], array[:1])
        document = ET.fromstring(show.text('-o', 'xml', log))
        check(f'{log}: one document of XML', document.tag == 'Events' and len(document) == count, len(document))
        check(f'{log}: a block of text an event', len(show.text(log).split('\n\n')) == count)
    check('nothing is an empty array', json.loads(show.text('-o', 'json', '--id', '9', 'node1.evt')) == [])
    check('nothing is an empty document', len(ET.fromstring(show.text('-o', 'xml', '--id', '9', 'node1.evt'))) == 0)


def sentences(show):
    text = show.text('node1.evt')
    check('the sentence of an event', "  Group 'Cluster Group' is being brought online.\n" in text, text)
    check('a reference is resolved in the sentence', 'error: access is denied (5 ERROR_ACCESS_DENIED)' in text, text)
    check('... and the value stays as it is in the log', '%2: %%5 = access is denied (5 ERROR_ACCESS_DENIED)\n' in text, text)
    check('a reference in a text of users stays', '%1: cmd /c echo %%5\n' in text, text)
    check('the form with fewer values', "  Resource 'Disk Q' failed.\n" in text, text)
    check('nothing of a log moves the cursor', '\x1b' not in text and '\\x1b[2J' in text, text)
    check('every line of a value is indented', '%1: first\n      second\n' in text, text)
    newer = show.text('node2.evtx')
    check('the sentence of a manifest event', "  Node 'NODE1' was removed from the active membership" in newer, newer)
    forwarded = show.text('--id', '7', 'node2.evtx')
    check('what a collector rendered goes first', 'Said where it happened.' in forwarded, forwarded)


def spreadsheets(show):
    rows = list(csv.reader(io.StringIO(show.text('-o', 'csv', 'node1.evt'))))
    check('all rows have the same columns', {len(row) for row in rows} == {11}, rows)
    data = {row[4]: row[10] for row in rows[1:]}
    check('a formula is disarmed', data['90'].startswith("'=cmd|"), data)
    check('a formula behind blanks too', data['91'].lstrip(' ').startswith(("'", '+')) and "'" in data['91'], data)
    check('quotes and commas come back', data['92'] == 'a "b", c', data)
    check('a row is a line', len(show.text('-o', 'csv', 'node1.evt').splitlines()) == len(rows))


def filters(show):
    logs = ('node1.evt', 'node2.evtx')
    everything = show.records(*logs)
    ids = [record[1] for record in everything]
    for what, args, wanted in [
        ('one ID', ['--id', '1069'], [r for r in everything if r[1] == '1069']),
        ('a list and a range', ['--id', '90-91,1135'], [r for r in everything if r[1] in ('90', '91', '1135')]),
        ('an open range', ['--id', '1100-'], [r for r in everything if int(r[1]) >= 1100]),
        ('a node without its domain', ['--node', 'node2'], [r for r in everything if r[0].startswith('NODE2')]),
        ('a node by a wildcard', ['--node', 'NODE2.*'], [r for r in everything if r[0].startswith('NODE2')]),
        ('records', ['--record', '2-3', '--node', 'node1'], [r for r in everything if r[0] == 'NODE1' and r[2] in '23']),
        ('a provider', ['--provider', 'CLUS?vc'], [r for r in everything if r[1] in ('1200', '1069') and r[0] == 'NODE1']),
        ('a provider of .evtx', ['--provider', '*failoverclustering'],
         [r for r in everything if r[1] in ('1135', '1177')]),
        ('a provider as Windows shows it', ['--provider', 'FailoverClustering'],
         [r for r in everything if r[1] in ('1135', '1177')]),
        ('a provider by any end of its name', ['--level', '1-3', '--provider', 'Clustering'], []),
        ('two parts', ['--id', '1135', '--level', 'critical'], [r for r in everything if r[1] == '1135']),
        ('a level that nothing has', ['--level', 'verbose'], []),
        ('a channel', ['--channel', 'sys*'], everything),
        ('no time', ['--to', '1999-01-01'], []),
        ('from is within', ['--from', '2021-03-14T22:05:00.1234567Z'], [r for r in everything if r[0] != 'NODE1']),
        ('to is not', ['--to', '2021-03-14T22:05:00.1234567Z'], [r for r in everything if r[0] == 'NODE1']),
        ('an offset', ['--from', '2021-03-15T00:05:00.1234567+02:00'], [r for r in everything if r[0] != 'NODE1']),
        ('times are those of the zone', ['--tz', '+02:00', '--from', '2021-03-15T00:05:00.1234567'],
         [r for r in everything if r[0] != 'NODE1']),
        ('before now', ['--from', '-24h'], []),
    ]:
        got = show.records(*args, *logs)
        check(f'{what}: {" ".join(args)}', got == wanted and (wanted or args[0] in ('--level', '--to', '--from')), got)
        rendered = show.rendered(*args, *logs) # these forms read less of the key
        check(f'{what}: the same in jsonl', rendered == wanted, rendered)
    check('there is something to filter', len(set(ids)) > 8, ids)


def zones(show):
    head = show.text('--id', '1135', '--tz', 'Europe/Berlin', 'node2.evtx').split('  ')[0]
    if not os.path.exists('/usr/share/zoneinfo/Europe/Berlin'):
        print('skipped: no time zones here')
    else:
        check('a zone of the system', head == '2021-03-14T23:05:00.1234567+01:00', head)
    for zone, wanted in [('UTC', '2021-03-14T22:05:00.1234567Z'), ('-0330', '2021-03-14T18:35:00.1234567-03:30'),
                         ('+2', '2021-03-15T00:05:00.1234567+02:00'), ('Z', '2021-03-14T22:05:00.1234567Z'),
                         ('-03', '2021-03-14T19:05:00.1234567-03:00')]:
        head = show.text('--id', '1135', '--tz', zone, 'node2.evtx').split('  ')[0]
        check(f'--tz {zone}', head == wanted, head)


SUMMER = """
about: Both borders of summer time in Europe in 2021; no incident.
expect: []
logs:
    - file: summer.evt
      format: evt
      computer: NODE1
      channel: System
      events:
          - {time: "2021-03-28T00:59:59Z", source: Program, id: 1, type: information}
          - {time: +1s, source: Program, id: 2, type: information}
          - {time: "2021-10-31T00:30:00Z", source: Program, id: 3, type: information}
          - {time: +1h, source: Program, id: 4, type: information}
"""


def summer(show):
    """One o'clock UTC: the hour from two to three is left out in spring, and there twice in autumn."""
    if not os.path.exists('/usr/share/zoneinfo/Europe/Berlin'):
        print('skipped: no time zones here')
        return
    (show.folder / 'summer.yaml').write_text(SUMMER)
    subprocess.run([sys.executable, WRITER, 'summer.yaml', '--out', '.'], cwd=show.folder, check=True, timeout=SECONDS)
    berlin = ['--tz', 'Europe/Berlin']
    wanted = ['2021-03-28T01:59:59.0000000+01:00', '2021-03-28T03:00:00.0000000+02:00',
              '2021-10-31T02:30:00.0000000+02:00', '2021-10-31T02:30:00.0000000+01:00']
    rows = csv.DictReader(io.StringIO(show.text('-o', 'csv', *berlin, 'summer.evt')))
    check('csv: each time has the offset of its moment', [row['time'] for row in rows] == wanted)
    heads = [line.split('  ')[0] for line in show.text(*berlin, 'summer.evt').splitlines() if line.startswith('2021-')]
    check('text: each time has the offset of its moment', heads == wanted, heads)
    check('json is UTC whatever the zone', show.text('-o', 'jsonl', *berlin, 'summer.evt') == show.text('-o', 'jsonl', 'summer.evt'))
    for what, args, ids in [
            ('the time the clock was put to', ['--from', '2021-03-28T03:00:00', '--to', '2021-04-01'], ['2']),
            ('a time that was left out: the longer span, from', ['--from', '2021-03-28T02:59:59', '--to', '2021-04-01'], ['1', '2']),
            ('a time that was left out: the longer span, to', ['--to', '2021-03-28T02:00:01'], ['1', '2']),
            ('the time it was put forward at', ['--to', '2021-03-28T01:59:59'], []),
            ('the first of the two hours, by its offset', ['--from', '2021-10-31T02:30:00+02:00'], ['3', '4']),
            ('the second one', ['--from', '2021-10-31T02:30:00+01:00'], ['4']),
            ('a time that was there twice: the longer span, from', ['--from', '2021-10-31T02:30:00'], ['3', '4']),
            ('a time that was there twice: the longer span, to', ['--from', '2021-10-01', '--to', '2021-10-31T02:31:00'], ['3', '4']),
            ('the hour before', ['--from', '2021-10-01', '--to', '2021-10-31T01:59:59'], []),
            ('the hour behind', ['--from', '2021-10-31T03:00:00'], [])]:
        got = [id for _, id, _ in show.records(*berlin, *args, 'summer.evt')]
        check(f'{what}: {" ".join(args)}', got == ids, got)


def mistakes(show):
    for args, word in [(['--id', 'x'], '--id x'), (['--id', '9-3'], '--id 9-3'), (['--level', 'bad'], '--level bad'),
                       (['--tz', 'Mars/Base'], '--tz Mars/Base'), (['--tz', '../etc/passwd'], '--tz'),
                       (['--tz', 'Europe'], '--tz Europe'), (['--tz', 'zone.tab'], '--tz zone.tab'),
                       (['--from', 'soon'], '--from soon'), (['--id', '99999999999'], 'up to 65535'),
                       (['--id', '3221226472'], 'of the identifier 0xC00003E8 is 1000'), (['--level', '256'], 'up to 255'),
                       (['--provider', ''], 'name is empty'), (['--node', ''], 'name is empty'),
                       (['--channel', '', '--id', '9'], 'name is empty'), (['--limit', '0'], '--limit 0'), (['-o', 'yaml'], '-o yaml')]:
        result = show.run(*args, 'node1.evt')
        check(f'{" ".join(args)} is a mistake', result.returncode == 64 and word.encode() in result.stderr, result)
    for args, status in [(['text.txt'], 65), (['missing.evt'], 66), (['node1.evt', 'missing.evt'], 2), ([], 64)]:
        check(f'exit status {status}: {" ".join(args)}', show.run(*args).returncode == status)
    check('help fits 80 columns', max(map(len, show.text('--help').splitlines())) <= 80, max(show.text('--help').splitlines(), key=len))


def names_met(show):
    """A name that no log has is said, once, and only when nothing was printed."""
    near = show.run('--quiet', '--provider', 'ClusSv', 'node1.evt')
    check('a provider that no log has: the nearest', near.stderr == b'evscan: --provider ClusSv: no log has such a provider; '
          b'did you mean ClusSvc?\n' and not near.stdout and near.returncode == 0, near)
    far = show.run('--node', 'zzzzzzzz', 'node1.evt').stderr.decode()
    check('a node that no log has: those there are', 'no log has such a node; there is NODE1\n' in far, far)
    check('a comma does not divide names', b'give it again' in show.run('--provider', 'ClusSvc,EventLog', 'node1.evt').stderr)
    check('a level of no Windows', b'--level 6: no event' in show.run('--level', '6', 'node1.evt').stderr)
    for args in (['--provider', 'clussvc', '--id', '9'], ['--provider', 'ClusSv', '--provider', 'ClusSvc'], ['--id', '9']):
        said = show.run('--quiet', *args, 'node1.evt').stderr
        check(f'{" ".join(args)}: nothing is said', said == b'', said)
    said = show.run('--id', '9', 'node1.evt')
    check('nothing matched: what was read, on standard error only', said.returncode == 0 and not said.stdout and
          said.stderr == b'evscan: nothing matched among 10 events in 1 log, 1999-04-12T02:10:05Z to '
                         b'1999-04-12T02:10:14Z\n', said)
    with open(show.folder / 'node1.evt', 'rb') as log:
        said = show.run('--id', '9', '-', stdin=log).stderr
    check('... of standard input what can be said', said == b'evscan: nothing matched among 10 events in 1 log\n', said)
    said = show.run('--id', '9', '-o', 'json', 'node1.evt')
    check('... and the form stays whole', said.stdout == b'[\n]\n', said)


def closed_pipe(show, *args):
    """Exit status and what was said when nobody reads any more.  More than a pipe holds, whatever the form."""
    with subprocess.Popen([show.program, 'show', *args, 'copies'], cwd=show.folder, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        first = process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()
        return len(first), process.wait(SECONDS), said


def streams(show):
    (show.folder / 'copies').mkdir()
    for number in range(6):
        shutil.copy(show.folder / 'long.evtx', show.folder / f'copies/{number}.evtx')
    for form in ('text', 'csv', 'json', 'jsonl', 'xml'):
        for threads in ('1', '2'):
            args = ['-o', form, '--threads', threads]
            with open('/dev/full', 'wb') as full:
                result = show.run(*args, 'node1.evt', stdout=full)
            check(f'a full disk is exit status 73: {" ".join(args)}',
                  result.returncode == 73 and b'standard output: No space left' in result.stderr, result)
            read, status, said = closed_pipe(show, *args)
            check(f'a pipe that is closed is exit status 73: {" ".join(args)}',
                  read == 10 and status == 73 and b'standard output: Broken pipe' in said, (status, said))
    with open(show.folder / 'node1.evt', 'rb') as log:
        piped = show.run('-', stdin=log).stdout
    check('standard input gives what the file gives', piped.decode() == show.text('node1.evt'))


def threads(show):
    for form in ('text', 'csv', 'json', 'jsonl', 'xml'):
        for limit in ([], ['--limit', '37']):
            runs = [show.run('-o', form, '--threads', n, *limit, 'long.evtx', 'node1.evt', 'missing.evt')
                    for n in ('1', '2', '7')]
            answers = {(r.stdout, r.stderr, r.returncode) for r in runs}
            check(f'{form} {" ".join(limit)}: the same for 1, 2 and 7 threads', len(answers) == 1 and runs[0].stdout)


def readers(show):
    """The same bytes in every form; libyal knows the channel of an .evt log from the name of its file alone."""
    shutil.copy(show.folder / 'node1.evt', show.folder / 'System.evt')
    for form in ('text', 'csv', 'json', 'jsonl', 'xml'):
        native = show.text('-o', form, 'System.evt')
        for args in (['libyal'], ['both'], ['both', '--recover'], ['libyal', '--threads', '2'],
                     ['both', '--recover', '--threads', '2']):
            other = show.text('-o', form, '--reader', *args, 'System.evt')
            check(f'{form} of .evt by {" ".join(args)} is what evscan reads', other == native and native, other[:300])
    native, libyal = (json.loads(show.text('-o', 'jsonl', '--reader', reader, '--id', '1135', 'node2.evtx'))['Event']
                      for reader in ('native', 'libyal'))
    check('JSON of .evtx by libyal has the same members',
          list(native['System']) == list(libyal['System']) and native['EventData'] == libyal['EventData'], libyal)
    check('a reader that does not exist is a mistake', show.run('--reader', 'other', 'node1.evt').returncode == 64)


def sealed(chunk, end):
    """Its bytes with the checksums that they should have, of records up to `end`."""
    struct.pack_into('<I', chunk, 0x34, zlib.crc32(chunk[0x200:end]))
    struct.pack_into('<I', chunk, 0x7c, zlib.crc32(chunk[0x80:0x200], zlib.crc32(chunk[:0x78])))
    return bytes(chunk)


def with_slack(chunk):
    """The chunk without its last record, which stays behind the free-space offset."""
    chunk = bytearray(chunk)
    at = 0x200
    while at + struct.unpack_from('<I', chunk, at + 4)[0] < struct.unpack_from('<I', chunk, 0x30)[0]:
        last, at = at, at + struct.unpack_from('<I', chunk, at + 4)[0]
    for place in (0x10, 0x20):
        struct.pack_into('<Q', chunk, place, struct.unpack_from('<Q', chunk, place)[0] - 1)
    struct.pack_into('<II', chunk, 0x2c, last, at)
    return sealed(chunk, at)


def old_records(show):
    """They come behind all others of their log, in their own order, for any number of threads."""
    log = (show.folder / 'node2.evtx').read_bytes()
    (show.folder / 'slack.evtx').write_bytes(log[:HEADER] + with_slack(log[HEADER:HEADER + CHUNK]) * 40)
    shutil.copy(show.folder / 'node1.evt', show.folder / 'z.evt')
    live, all_ = show.records('slack.evtx'), show.records('--recover', 'slack.evtx')
    check('there are old records in every chunk', len(live) == 80 and len(all_) == 120, (len(live), len(all_)))
    rows = csv.DictReader(io.StringIO(show.text('-o', 'csv', '--recover', 'slack.evtx', 'z.evt')))
    sources = ' '.join(row['source'] for row in rows)
    check('live ones first, then the old ones, then the next log',
          re.fullmatch('(live ){80}(slack ){40}live( live)*', sources), sources)
    for form in ('text', 'csv', 'json', 'jsonl', 'xml'):
        plain = show.text('-o', form, 'slack.evtx')
        runs = [show.text('-o', form, '--recover', '--threads', n, *limit, 'slack.evtx')
                for limit in ([], ['--limit', '90']) for n in ('1', '2', '7')]
        check(f'{form}: the same for 1, 2 and 7 threads', len(set(runs[:3])) == len(set(runs[3:])) == 1)
        body = plain.rstrip().rstrip(']').rstrip() if form == 'json' else plain.replace('</Events>\n', '')
        check(f'{form}: what the log has stands in front, as without --recover', runs[0].startswith(body) and runs[0] != plain)
    shown = show.run('--recover', '-o', 'csv', '-', stdin=open(show.folder / 'slack.evtx', 'rb')).stdout
    check('a log from standard input is read twice as well', shown == show.text('-o', 'csv', '--recover', 'slack.evtx').encode())
    found = subprocess.run([show.program, 'search', '--recover', '-o', 'csv', 'NODE', 'slack.evtx'], cwd=show.folder,
                           capture_output=True, timeout=SECONDS, check=False, text=True).stdout
    sources = ' '.join(row['source'] for row in csv.DictReader(io.StringIO(found)))
    check('search has the same order', re.fullmatch('(live ?)+(slack ?)+', sources), sources)
    account = json.loads(subprocess.run([show.program, '--format', 'json', '--recover', 'slack.evtx'], cwd=show.folder,
                                        capture_output=True, timeout=SECONDS, check=False).stdout)['inputs'][0]['records']
    check('each is counted once', (account['by_source']['live'], account['by_source']['slack']) == (80, 40), account)


def carved(show):
    """Chunks that no file header accounts for: all their records are delivered, marked and counted."""
    log = (show.folder / 'node2.evtx').read_bytes()
    chunk, count = log[HEADER:HEADER + CHUNK], len(show.records('node2.evtx'))
    for name, data, marks in [
            ('chunks.evtx', chunk * 2, 'carved carved'), ('zeros.evtx', bytes(HEADER) + chunk, 'carved'),
            ('behind.evtx', log[:HEADER] + chunk + b'junk' * 250 + chunk * 2, 'live carved carved'),
            ('front.evtx', b'junk' * 250 + log[:HEADER] + chunk, 'live'),
            ('moved.evtx', log[:HEADER] + chunk[:-5] + chunk, 'live live')]:
        (show.folder / name).write_bytes(data)
        rows = csv.DictReader(io.StringIO(show.text('-o', 'csv', name)))
        got = ' '.join(row['source'] for row in rows)
        check(f'{name}: {marks}', got == ' '.join(mark for mark in marks.split() for _ in range(count)), got)
        report = json.loads(subprocess.run([show.program, '--format', 'json', name], cwd=show.folder, capture_output=True,
                                           timeout=SECONDS, check=False).stdout)['inputs'][0]
        by_source, wanted = report['records']['by_source'], marks.count('carved') * count
        check(f'{name}: it is counted', by_source['carved'] == wanted <= report['records']['recovered'], report['records'])
        said = [notice['number'] for notice in report['notices']]
        check(f'{name}: and noticed', (208 in said) == (wanted > 0), said)
    check('JSON says it', show.text('-o', 'jsonl', 'chunks.evtx').count('"Remarks":["carved"]') == 2 * count)
    check('XML says it', show.text('-o', 'xml', 'chunks.evtx').count('<!-- carved -->') == 2 * count)


def disagreement(show):
    """--reader both says of every record what compare says, and is not content when one reader lacks some."""
    shutil.copy(show.folder / 'node2.evtx', show.folder / 'lacking.evtx')
    log = (show.folder / 'node2.evtx').read_bytes()
    (show.folder / 'lacking.evtx').write_bytes(log + b'junk' * 250 + log[HEADER:HEADER + CHUNK])
    compared = subprocess.run([show.program, 'compare', 'lacking.evtx'], cwd=show.folder, capture_output=True, text=True,
                              timeout=SECONDS, check=False)
    both = show.run('-o', 'jsonl', '--reader', 'both', 'lacking.evtx')
    listed = [line.strip() for line in compared.stdout.splitlines() if line.startswith('  record ')]
    said = [line.split(': ', 2)[2] for line in both.stderr.decode().splitlines() if ': record ' in line]
    check('each record is said', said == listed and len(said) >= 3, (said, listed))
    check('what libyal does not have is a difference, beside bytes that hold no record', compared.returncode == 3, compared)
    check('... for show as well', both.returncode & 1, both)
    check('the events are the same', both.stdout == show.run('-o', 'jsonl', 'lacking.evtx').stdout)
    for command in (['search', 'NODE'], ['stats'], ['timeline']):
        said = subprocess.run([show.program, *command, '--reader', 'both', 'lacking.evtx'], cwd=show.folder,
                              capture_output=True, timeout=SECONDS, check=False).stderr
        check(f'{command[0]} says how many', f'lacking.evtx: {len(listed)} records cannot be compared'.encode() in said, said)
    agree = show.run('--reader', 'both', 'node1.evt')
    check('readers that agree are no difference', agree.returncode == 0 and agree.stderr == b'', agree)


MOMENTS = {
    '2004-06-01T12:00:00Z': ['20040601T120000Z', '2004-06-01T12Z', '20040601T12Z', '2004-153T12:00Z', '2004153T1200Z',
                             '2004-W23-2T12Z', '2004W232T12Z', '2004-06-01T14:00+02:00', '20040601T1400+0200', '2004-06-01T14+02',
                             '2004-06-01T11:59:60Z', '2004-06-01T12:00:00,0Z', '2004-06-01 12:00'],
    '2004-06-01T12:30:00Z': ['2004-06-01T12.5Z', '2004-06-01T12,5', '20040601T1230'],
    '2004-06-02T00:00:00Z': ['2004-06-01T24:00', '20040601T240000Z', '2004-06-02', '2004-154', '2004-W23-3'],
    '2004-06-01T00:00:00Z': ['2004-06', '2004-06-01', '2004-153'],
    '2004-05-31T00:00:00Z': ['2004-W23', '2004W23', '2004-W23-1'],
    '2004-12-31T00:00:00Z': ['2004-366', '2004-W53-5'],
    '2005-01-01T00:00:00Z': ['2005', '2004-W53-6'],
    '2008-12-29T00:00:00Z': ['2009-W01-1'],
}
NO_MOMENTS = ['200406', '2004-6-1', '2004-13', '2004-00', '2004-06-31', '2004-06-', '2004-0601', '200406-01', '2004-367', '2005-366',
              '2004-000', '2004-W54', '2003-W53', '2004-W00', '2004-W23-8', '2004-W23-0', '2004-W23-', '2004-W2', '2004-06T12',
              '2004-W23T12', '2004-06-01T', '2004-06-01T1', '2004-06-01T24:01', '2004-06-01T25', '2004-06-01T12:60', '2004-06-01T12:00:60',
              '2004-06-01T12.', '2004-06-01T120', '2004-06-01T12Z1', '2004-06-01Z', '1600', '04-06-01', 'T12', '']


def moments(show):
    """Every form of ISO 8601, by what --from refuses behind --to: the two are the same moment when neither is before."""
    for moment, forms_ in MOMENTS.items():
        second = moment.replace(':00Z', ':01Z')
        for form in forms_:
            same = show.run('--from', form, '--to', moment, 'node1.evt')
            before = show.run('--from', form, '--to', second, 'node1.evt')
            check(f'{form} is {moment}', same.returncode == 64 and b'is not before' in same.stderr and before.returncode == 0,
                  (same.stderr, before.stderr))
    for form in NO_MOMENTS:
        result = show.run('--from', form, 'node1.evt')
        check(f'{form!r} is no moment', result.returncode == 64 and b'must be a time' in result.stderr, result)


def second_attempt(show):
    """An old record that libevt recovers and evscan takes for no record: its second length and its type are damaged."""
    log = bytearray((show.folder / 'node1.evt').read_bytes())
    begin = log.index(b'LfLe', 48) - 4
    length, = struct.unpack_from('<I', log, begin)
    old = bytearray(log[begin:begin + length])
    struct.pack_into('<I', old, 8, 777)
    struct.pack_into('<H', old, 24, 0x55)
    struct.pack_into('<I', old, length - 4, 0)
    (show.folder / 'old.evt').write_bytes(log + old + bytes(-(len(log) + length) % 65536))
    native = show.records('--recover', 'old.evt')
    check('evscan has no such record', native and '777' not in [number for _, _, number in native], native)
    recovered = show.records('--recover', '--reader', 'both', 'old.evt')
    check('libyal is offered behind the log', recovered == native + [('NODE1', native[0][1], '777')], recovered)
    check('not without being asked', show.records('--reader', 'both', 'old.evt') == native)
    for form, mark in [('text', 'record 777 - libyal'), ('csv', ',libyal'), ('json', '"Remarks":["libyal"'),
                       ('jsonl', '"Remarks":["libyal"'), ('xml', '<!-- libyal')]:
        both = [show.text('-o', form, '--recover', '--reader', 'both', '--threads', n, 'old.evt') for n in ('1', '2')]
        check(f'{form} says that it is libyal\'s', mark in both[0] and both[0] == both[1], both[0][-300:])
        filtered = show.text('-o', form, '--recover', '--reader', 'both', '--record', '777', 'old.evt')
        check(f'{form}: a filter holds for it, too', mark in filtered and len(filtered) < len(both[0]), filtered)
    said = show.run('--recover', '--reader', 'both', 'old.evt').stderr
    check('it is said that the readers differ', b'differ in 1 records' in said, said)


def unique(show):
    """A log, the same under another name, and one that ends in the middle of it."""
    folder = show.folder / 'twice'
    folder.mkdir()
    log = (show.folder / 'node1.evt').read_bytes()
    begins = [match.start() - 4 for match in re.finditer(b'LfLe', log)]
    (folder / 'a.evt').write_bytes(log[:begins[5]])
    (folder / 'b.evt').write_bytes(log)
    shutil.copy(show.folder / 'node2.evtx', folder / 'c.evtx')
    paths = ['twice/a.evt', 'twice/b.evt', 'twice/c.evtx']
    part, whole, other = (show.records(path) for path in paths)
    check('there is something to leave out', 0 < len(part) < len(whole))
    check('all are printed', show.records('twice') == part + whole + other)
    rest = [record for record in whole if record not in part]
    check('each is printed once', show.records('--unique', 'twice') == part + rest + other)
    said = show.run('--unique', 'twice').stderr.decode()
    check('how many, and of which log', f'b.evt: {len(part)} events are in an earlier log' in said and 'c.evtx' not in said, said)
    for form in ('text', 'csv', 'json', 'jsonl', 'xml'):
        for limit in ([], ['--limit', str(len(part) + 3)], ['--id', '100-']):
            runs = [show.text('-o', form, '--unique', '--threads', n, *limit, 'twice') for n in ('1', '2')]
            check(f'{form} {" ".join(limit)}: the same for any number of threads', runs[0] == runs[1] and runs[0])
    check('a limit counts what is printed', show.records('--unique', '--limit', str(len(part) + 3), 'twice') == part + rest[:3])
    array = json.loads(show.text('-o', 'json', '--unique', 'twice'))
    check('the array is whole', len(array) == len(part) + len(rest) + len(other), len(array))
    same = show.run('--unique', '-o', 'json', 'node1.evt', 'twice/b.evt')
    check('a copy alone adds nothing', json.loads(same.stdout) == json.loads(show.text('-o', 'json', 'node1.evt')))
    check('that is no error', same.returncode == 0, same)
    said = show.run('twice').stderr.decode()
    check('without --unique it is said how many stand twice',
          f'b.evt: {len(part)} events are in an earlier log as well (--unique leaves them out)' in said and 'c.evtx' not in said, said)
    for form in ('text', 'jsonl'):
        said = show.run('-o', form, '--limit', str(len(part) + 2), 'twice').stderr.decode()
        check(f'{form}: of what is printed', 'b.evt: 2 events are in an earlier log' in said, said)
    check('one log has no duplicates', show.run('long.evtx').stderr == b'')
    other_text = log.replace('Disk Q'.encode('utf-16-le'), 'Disk R'.encode('utf-16-le'))
    (show.folder / 'changed.evt').write_bytes(other_text)
    for form in ('text', 'csv', 'json', 'jsonl', 'xml'):
        both = show.text('-o', form, '--unique', 'changed.evt', 'node1.evt')
        check(f'{form}: what says something else is no duplicate', both.count('Disk Q') == both.count('Disk R') > 0, both)
    again = [show.records(*args, 'long.evtx') for args in ([], ['--unique'])]
    check('within one log nothing is left out', again[0] == again[1] and len(again[0]) > len(set(again[0])))


def codepages(show):
    """A value of type ANSI; the writer takes its bytes for windows-1252."""
    log, _ = rare(values_of(('ansi', '\u00cf\u00f0\u00e8\u00e2\u00e5\u00f2 \u201c\u00fa\u2013{')))
    (show.folder / 'ansi.evtx').write_bytes(bytes(log.data))
    for name, wanted in [('', 'Ïðèâåò “ú–{'), ('windows-1252', 'Ïðèâåò “ú–{'), ('1251', 'Привет “ъ–{'), ('cp932', 'ﾏ\ue0a7粢\ufffd 日本'),
                         ('utf-8', '\ufffd' * 6 + ' ' + '\ufffd' * 3 + '{')]:
        for form in ('text', 'csv', 'jsonl', 'xml'):
            option = ['--codepage', name] if name else []
            text = show.text('-o', form, *option, 'ansi.evtx')
            check(f'--codepage {name or "(none)"}: {form}', wanted in text, text[-400:])
    libyal = show.text('--reader', 'libyal', '--codepage', '1251', 'ansi.evtx')
    check('libyal takes the code page, too', 'Привет' in libyal, libyal)
    for name in ('nonsense', 'UTF-16', 'GB18030'):
        result = show.run('--codepage', name, 'ansi.evtx')
        check(f'--codepage {name} is a mistake', result.returncode == 64 and name.encode() in result.stderr, result)


def renumbered(chunk, more):
    """The chunk as if its records had been written with other numbers than those they tell themselves."""
    chunk = bytearray(chunk)
    at, end = 0x200, struct.unpack_from('<I', chunk, 0x30)[0]
    places = [0x8, 0x10, 0x18, 0x20]
    while at < end:
        places.append(at + 8)
        at += struct.unpack_from('<I', chunk, at + 4)[0]
    for place in places:
        struct.pack_into('<Q', chunk, place, struct.unpack_from('<Q', chunk, place)[0] + more)
    return sealed(chunk, end)


def exported(show):
    """The number by which notices name a record stands beside its own where they differ, in text alone."""
    log = (show.folder / 'node2.evtx').read_bytes()
    other = renumbered(log[HEADER:HEADER + CHUNK], 1200)
    (show.folder / 'exported.evtx').write_bytes(log[:HEADER] + other)
    numbers = [int(number) for _, _, number in show.records('node2.evtx')]
    shown = re.findall('^ .*record .*$', show.text('exported.evtx'), re.MULTILINE)
    check('text has both numbers of a record', len(shown) == len(numbers) and
          all(f'record {n} ({n + 1200} in its header)' in line for n, line in zip(numbers, shown)), shown)
    check('... one where they are the same', ' in its header' not in show.text('node2.evtx', 'node1.evt'))
    for form in ('csv', 'json', 'jsonl', 'xml'):
        both = [show.text('-o', form, name).replace(name, '') for name in ('exported.evtx', 'node2.evtx')]
        check(f'{form} has the record\'s own', both[0] == both[1], both[0][:300])
    (show.folder / 'exported.evtx').write_bytes(log[:HEADER] + other[:0x200 + 60])
    said = show.run('exported.evtx').stderr.decode()
    check('... which is how a notice names it', f'the tail of record {numbers[0] + 1200} is missing' in said, said)


def losses(show):
    """What is missing is said at once, by the place and the kind that was met first."""
    log = (show.folder / 'node2.evtx').read_bytes()
    (show.folder / 'cut.evtx').write_bytes(log[:HEADER + 20000])
    (show.folder / 'empty.evtx').write_bytes(b'')
    short = log[:HEADER + 0x200 + 60]  # the first record too
    (show.folder / 'shorter.evtx').write_bytes(short)
    for args, status, words in [
            (['cut.evtx'], 2, f'cut.evtx: not all of it could be read: at byte {HEADER}, the file ends inside of this chunk; '
                              f'{CHUNK - 20000} bytes are missing\n'),
            (['shorter.evtx'], 2, 'the tail of record 1 is missing; what is there was read (and 3 more: the report of evscan scan tells'),
            (['--reader', 'libyal', 'node2.evtx'], 2, 'libyal gives nothing of number 3 of the records that it counts'),
            (['--reader', 'libyal', 'cut.evtx'], 2, 'libyal finds this file damaged: it may leave out records'),
            (['empty.evtx'], 65, 'empty.evtx: the file is empty: no records; was it copied?  Export or copy the log again\n'),
            (['empty.evtx', 'node1.evt'], 0, 'empty.evtx: the file is empty'),
            (['node2.evtx'], 0, ''), (['--reader', 'libyal', 'node1.evt'], 0, '')]:
        result = show.run(*args)
        said = result.stderr.decode()
        check(f'{" ".join(args)}: what is missing is said', words in said and bool(words) == bool(said), said)
        check(f'{" ".join(args)}: exit status {status}', result.returncode == status, result.returncode)


def limits(show):
    all_lines = show.text('-o', 'jsonl', 'long.evtx', 'node1.evt').splitlines()
    for n in (1, 2, 40, len(all_lines), len(all_lines) + 1):
        lines = show.text('-o', 'jsonl', '--limit', str(n), 'long.evtx', 'node1.evt').splitlines()
        check(f'--limit {n} gives the first {n}', lines == all_lines[:n], len(lines))
    check('a cut array is whole JSON', len(json.loads(show.text('-o', 'json', '--limit', '3', 'long.evtx'))) == 3)
    # A FIFO that nobody writes to would be waited for.
    os.mkfifo(show.folder / 'z-never.evtx')
    done = show.run('--threads', '1', '--limit', '1', 'node1.evt', 'z-never.evtx')
    check('--limit opens no further log', done.returncode == 0)


def long_log(folder):
    short = (folder / 'node2.evtx').read_bytes()
    (folder / 'long.evtx').write_bytes(short[:HEADER] + short[HEADER:HEADER + CHUNK] * 60)


def main(evscan):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.executable, WRITER, HERE / 'events.yaml', '--out', folder], check=True, timeout=SECONDS)
        (folder / 'text.txt').write_text('This is no event log. ' * 400)
        long_log(folder)
        show = Show(os.path.abspath(evscan), folder)
        for test in (forms, sentences, spreadsheets, filters, zones, summer, mistakes, names_met, streams, threads, limits, readers, second_attempt,
                     old_records, carved, disagreement, moments, unique, codepages, exported, losses):
            test(show)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
