#!/usr/bin/python3
"""--output syslog: and journald: against sockets that this test listens on.  run.py EVSCAN

Prints a line a check; exit status 1 when one fails.
"""

import datetime
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'state'))

from checks import check, exit_status  # noqa: E402
from cluster import Node, START  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
LOGS = ('node1.evt', 'node2.evt')
LINE = re.compile(rb'<(\d+)>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d evscan\[\d+\]: (.*)', re.S)


class Daemon:
    """A socket in the folder and what came to it."""

    def __init__(self, folder, name, kind=socket.SOCK_DGRAM):
        self.path = str(folder / name)
        pathlib.Path(self.path).unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, kind)
        self.socket.bind(self.path)
        if kind == socket.SOCK_STREAM:
            self.socket.listen(8)
        self.socket.setblocking(False)

    def took(self):
        """Datagrams, in their order."""
        messages = []
        try:
            while True:
                messages.append(self.socket.recv(1 << 20))
        except BlockingIOError:
            return messages

    def took_stream(self):
        connection, _ = self.socket.accept()
        data = b''
        while piece := connection.recv(1 << 16):
            data += piece
        return data.split(b'\0')

    def close(self):
        self.socket.close()
        os.unlink(self.path)


class Desk:
    def __init__(self, program, folder):
        self.program, self.folder = os.path.abspath(program), pathlib.Path(folder)

    def command(self, *args):
        return dict(args=[self.program, *args], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    env=dict(os.environ, EVSCAN_CLOCK='1999-04-13T00:00:00Z'))

    def run(self, *args):
        return subprocess.run(**self.command(*args), timeout=60, check=False)


def entry(datagram):
    """The fields of one entry of the journal: lists of values by name."""
    fields = {}
    for line in datagram.decode().rstrip('\n').split('\n'):
        name, _, value = line.partition('=')
        fields.setdefault(name, []).append(value)
    return fields


def syslog(desk):
    daemon = Daemon(desk.folder, 'log')
    plain = desk.run(*LOGS)
    result = desk.run('--output', f'syslog:{daemon.path}', *LOGS)
    lines = daemon.took()
    found = LINE.fullmatch(lines[0]) if lines else None
    check('the report and the exit status are as without it', (plain.stdout, plain.stderr, plain.returncode) ==
          (result.stdout, result.stderr, result.returncode) and plain.returncode == 1, result)
    check('a trouble is one line, as syslog(3) writes it', found and b'\n' not in lines[0], lines)
    check('... from daemon, with the priority of its level', found and int(found[1]) == 3 << 3 | 2, lines)
    check('... with id, level, nodes, article and title', found and all(word in found[2] for word in (
        b'found Q218922-f7552e level=critical', b' nodes="NODE1,NODE2"', b' article="Q218922"', b' title="Installing')),
        lines)
    printed = desk.run('--format', 'syslog', *LOGS)
    check('--format syslog prints the same lines, as logger --prio-prefix reads them',
          printed.stdout.split(b'\n')[:-1] == [b'<%d>%s' % (int(LINE.fullmatch(line)[1]) & 7, LINE.fullmatch(line)[2])
                                               for line in lines], printed)
    desk.run('--tz', 'Asia/Tokyo', '--output', f'syslog:{daemon.path}', *LOGS)
    lines = daemon.took()
    written = time.strptime(f'{time.localtime().tm_year} {lines[0][4:19].decode()}', '%Y %b %d %H:%M:%S') if lines else None
    off = time.time() - time.mktime(written) if written else None
    check('whatever zone the report has, the line has the time of the machine', written and (abs(off) < 7200 or
          abs(off) > 360 * 86400), lines)  # the year may have ended meanwhile
    desk.run('--output', f'syslog:local3@{daemon.path}', *LOGS)
    lines = daemon.took()
    check('a facility', lines and int(LINE.fullmatch(lines[0])[1]) == 19 << 3 | 2, lines)
    desk.run('--rules', 'rule.yaml', '--output', f'syslog:{daemon.path}', 'quiet.evtx')
    lines = daemon.took()
    check('findings without a diagnosis have a rule', len(lines) == 1 and b' rule="test-6005"' in lines[0] and
          b'article' not in lines[0], lines)
    rule = pathlib.Path(desk.folder) / 'rule.yaml'
    rule.write_text(rule.read_text().replace('author: the tests', 'author: A. "B" Writer'))
    desk.run('--rules', 'rule.yaml', '--output', f'syslog:{daemon.path}', '--output', f'journald:{daemon.path}',
             'quiet.evtx')
    lines = daemon.took()
    number = re.search(r'^id: (\S+)$', rule.read_text(), re.M)[1].encode()
    check('... with its id and author', len(lines) == 2 and
          b' rule_id="' + number + b'" author="A. \'B\' Writer"' in lines[0] and b'\nEVSCAN_RULE_ID=' + number + b'\nEVSCAN_AUTHOR=A. "B" Writer\n' in lines[1], lines)
    desk.run('--output', f'syslog:{daemon.path}', 'quiet.evtx')
    check('nothing found: nothing is said', not daemon.took())
    daemon.close()


def stream(desk):
    daemon = Daemon(desk.folder, 'stream', socket.SOCK_STREAM)
    result = desk.run('--output', f'syslog:{daemon.path}', *LOGS)
    lines = daemon.took_stream()
    check('a daemon that listens on a stream', result.returncode == 1 and lines[-1] == b'' and len(lines) > 1 and
          all(LINE.fullmatch(line) for line in lines[:-1]), lines)
    daemon.close()


def journald(desk):
    daemon = Daemon(desk.folder, 'journal')
    result = desk.run('--output', f'journald:{daemon.path}', *LOGS)
    entries = [entry(datagram) for datagram in daemon.took()]
    first = entries[0] if entries else {}
    check('a trouble is one entry', result.returncode == 1 and first.get('PRIORITY') == ['2'] and
          first['MESSAGE_ID'] == ['8986188e813847a89af53a67ab207b8f'] and first['SYSLOG_IDENTIFIER'] == ['evscan'] and
          first['EVSCAN_ID'] == ['Q218922-f7552e'] and first['EVSCAN_NODE'] == ['NODE1', 'NODE2'] and
          first['EVSCAN_ARTICLE'] == ['Q218922'] and first['EVSCAN_CONFIDENCE'] == ['likely'] and
          first['MESSAGE'][0].startswith('found Q218922-f7552e '), entries)
    check('... whose fields have names that journald takes', all(re.fullmatch('[A-Z][A-Z0-9_]{0,63}', name)
                                                                 for fields in entries for name in fields), entries)
    daemon.close()


def nobody_listens(desk):
    for given in ('syslog:./none', 'journald:./none', 'syslog:' + 200 * '/x'):
        result = desk.run('--output', given, *LOGS)
        check(f'{given[:16]}: said, 73, and nothing else is done', result.returncode == 73 and not result.stdout and
              b"cannot write to the system's log" in result.stderr, result)
    for given, words in (('syslog:locl0', b'did you mean local0'), ('syslog:@./none', b''), ('syslog:x@./none', b'no facility'),
                         ('journald:local0', b'takes no facility'), ('syslog', b'must be FORMAT:PATH')):
        result = desk.run('--output', given, *LOGS)
        check(f'--output {given}', result.returncode == (73 if not words else 64) and words in result.stderr, result)


def restarted(desk):
    """The daemon goes after the socket was connected and comes again before anything is told."""
    daemon = Daemon(desk.folder, 'again')
    with subprocess.Popen(**desk.command('--output', f'syslog:{daemon.path}', '-'), stdin=subprocess.PIPE) as run:
        files = pathlib.Path(f'/proc/{run.pid}/fd')
        while run.poll() is None and not any(os.readlink(file).startswith('socket:') for file in files.iterdir()):
            time.sleep(0.01)
        daemon.close()
        daemon = Daemon(desk.folder, 'again')
        run.communicate((desk.folder / 'node1.evt').read_bytes(), timeout=60)
        lines = daemon.took()
        check('a daemon that was restarted meanwhile', run.returncode == 1 and lines, (run.returncode, lines))
    daemon.close()


def hostile(desk):
    daemon = Daemon(desk.folder, 'hostile')
    for log in ('hostile.evt', 'long.evt'):
        desk.run('--rules', str(TESTS / 'state/rule.yaml'), '--output', f'syslog:{daemon.path}', log)
        lines = daemon.took()
        check(f'{log}: one line of text, not too long', lines and all(len(line) < 8192 and LINE.fullmatch(line) and
              all(byte >= 0x20 for byte in line) and line.count(b'"') % 2 == 0 for line in lines), lines)
        desk.run('--rules', str(TESTS / 'state/rule.yaml'), '--output', f'journald:{daemon.path}', log)
        entries = daemon.took()
        check('... and no field of its own making', entries and all(name in b'MESSAGE MESSAGE_ID PRIORITY SYSLOG_IDENTIFIER'
              b''.split() or name.startswith(b'EVSCAN_') for one in entries
              for name in (line.partition(b'=')[0] for line in one.rstrip(b'\n').split(b'\n'))), entries)


def nights(desk):
    night = ('--cron', '--state', 'state', '--cluster', 'sql')
    gone = desk.run('--output', 'syslog:./none', *night, *LOGS)
    check('a night that cannot be told is not remembered', gone.returncode == 73, gone)
    daemon = Daemon(desk.folder, 'night')
    output = ('--output', f'syslog:{daemon.path}')
    first = desk.run(*output, *night, *LOGS)
    lines = daemon.took()
    check('... the next one tells it', first.returncode == 1 and lines and b': new Q218922-' in lines[0] and
          b' cluster="sql"' in lines[0], lines)
    nameless = desk.run('--cron', '--state', 'nameless', *output, *LOGS)
    check('... in a cluster without a name by the id that a scan without memory gives', nameless.returncode == 1 and
          any(b' Q218922-f7552e ' in line for line in daemon.took()), nameless)
    number = re.search(rb'Q218922-[0-9a-f]{6}', lines[0])[0]
    check('... by the id that the memory has', number in desk.run('state', 'show', '--state', 'state', '--cluster',
                                                                   'sql').stdout, number)
    second = desk.run(*output, *night, *LOGS)
    check('without news nothing is said', second.returncode == 0 and not daemon.took(), second)
    daemon.close()


def remarks(desk):
    """What happened to a log, and what is gone."""
    daemon, journal = Daemon(desk.folder, 'remarks'), Daemon(desk.folder, 'entries')
    night = ('--cron', '--state', 'remarks.state', '--cluster', 'c', '--gone-days', '1', '--output', f'syslog:{daemon.path}',
             '--output', f'journald:{journal.path}', '--rules', str(TESTS / 'state/rule.yaml'), 'remarks.evt')
    node = Node('NODE5')
    node.log(START, 'Disk', 7, 'error')
    node.export(str(desk.folder / 'remarks.evt'))
    first = desk.run(*night)
    lines = daemon.took()
    check('new', first.returncode == 1 and len(lines) == 1 and b': new ' in lines[0] and journal.took(), lines)
    node.first, node.events = 90, []
    node.log(START + datetime.timedelta(days=5))
    node.export(str(desk.folder / 'remarks.evt'))
    desk.run(*night)
    lines, entries = daemon.took(), [entry(one) for one in journal.took()]
    check('what is gone says why, and is a notice', len(lines) == 2 and b' gone="it has not happened again' in lines[0] and
          LINE.fullmatch(lines[0])[1] == b'29', lines)
    check('a log that lost records is a notice without an id', b': c: NODE5, remarks.evt log (remarks.evt): 88 records ' in lines[1] and
          LINE.fullmatch(lines[1])[1] == b'29', lines)
    check('... and entries of their own kinds', [one['MESSAGE_ID'][0][:8] for one in entries] == ['68ed1d8a', '9b8003e0'] and
          'EVSCAN_REASON' in entries[0] and 'EVSCAN_ID' not in entries[1], entries)
    daemon.close()
    journal.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        for description in (TESTS / 'cli/incident.yaml', TESTS / 'notify/incident.yaml'):
            subprocess.run([sys.executable, TESTS / 'writer/make_logs.py', description, '--out', folder], check=True)
        (pathlib.Path(folder) / 'rule.yaml').write_bytes((TESTS / 'cli/rule.yaml').read_bytes())
        desk = Desk(sys.argv[1], folder)
        syslog(desk)
        stream(desk)
        journald(desk)
        nobody_listens(desk)
        restarted(desk)
        hostile(desk)
        nights(desk)
        remarks(desk)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
