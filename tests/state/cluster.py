"""A cluster whose nodes write logs, night after night, for the tests of evscan --cron."""

import contextlib
import datetime
import os
import sqlite3
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'writer'))

from description import Event, Log, filetime  # noqa: E402
from evt_writer import write_evt  # noqa: E402
from evtx_writer import write_evtx  # noqa: E402

WRITERS = {'evt': write_evt, 'evtx': write_evtx}
START = datetime.datetime(2001, 1, 1, tzinfo=datetime.timezone.utc)


class Node:
    """Its System log: records with numbers that go on until it is cleared."""

    def __init__(self, name, form='evt', most=4000):
        self.name, self.form, self.most = name, form, most
        self.first, self.events = 1, []

    def log(self, moment, source='Print', number=10, kind='information', strings=('x',)):
        self.events.append(Event(time=filetime(moment), source=source, id=number, type=kind, qualifiers=0x4000,
                                 strings=list(strings), written=filetime(moment), computer=self.name,
                                 channel='System'))
        if len(self.events) > self.most:
            self.first += 1
            self.events.pop(0)

    def clear(self):
        self.first, self.events = 1, []

    def roll_back(self, records):
        del self.events[len(self.events) - records:]

    def export(self, path, name=None, form=None):
        form = form or self.form
        log = Log(file=os.path.basename(path), format=form, computer=name or self.name, channel='System',
                  events=list(self.events), first_number=self.first)
        with open(path, 'wb') as out:
            out.write(WRITERS[form](log).data)


SCHEMA = 7 # of the memory, today


@contextlib.contextmanager
def database(state):
    """The memory in a folder, closed at the end.

    sqlite3's own `with` commits and leaves the connection to the garbage collector (it and its statements refer to each
    other in a circle).  Until then it holds the -shm of that night, and a connection made later in this process shares
    that one, whatever evscan has put in its place: it then looks for pages of the one -wal in the other.  After a run
    that was killed that is "database disk image is malformed", of a memory that is sound.
    """
    db = sqlite3.connect(os.path.join(state, 'evscan.db'))
    try:
        with db:
            yield db
    finally:
        db.close()


def schema_back(db, version):
    """The memory as an earlier evscan made it."""
    if version < 7:
        db.execute('ALTER TABLE input DROP COLUMN touched')
    if version < 6:
        db.execute('ALTER TABLE generation DROP COLUMN file')
    if version < 5:
        db.execute('DROP TABLE happened')
    if version < 4:
        for table, column in (('generation', 'node'), ('generation', 'channel'), ('mark', 'node'), ('mark', 'channel')):
            plain = column # a backslash stands for itself, and each of two for one
            for written, meant in ((r'\\', '\x01'), (r'\n', '\n'), ('\x01', '\\')):
                plain = f"replace({plain}, '{written}', '{meant}')"
            db.execute(f'UPDATE {table} SET {column} = {plain}')
    if version < 3:
        db.execute('ALTER TABLE input DROP COLUMN nodes')
    if version < 2:
        db.execute('DROP INDEX run_of_cluster')
        db.execute('DROP INDEX evidence_of_cluster')
    db.execute(f'PRAGMA user_version = {version}')


class Night:
    """What a run said."""

    def __init__(self, result):
        self.status, self.out, self.err = result.returncode, result.stdout.decode(), result.stderr.decode()

    @property
    def news(self):
        """[(kind, id), ..]"""
        kinds = ('new ', 'again ', 'confidence ', 'spread ', 'gone ', 'still ')
        lines = [line.split() for line in self.out.splitlines() if line.startswith('  ') and
                 line[2:].startswith(kinds) and line[2:3] != ' ']
        return [(words[0], words[1]) for words in lines]

    def __repr__(self):
        return f'status {self.status}\n{self.out[:1500]}\n{self.err[:500]}'


class Site:
    """A folder of exports, a memory, and a clock."""

    def __init__(self, program, folder, *options):
        self.program, self.folder, self.options = program, folder, options
        self.exports, self.state = os.path.join(folder, 'exports'), os.path.join(folder, 'state')
        self.now = START
        os.makedirs(self.exports, exist_ok=True)

    def at(self, **delta):
        return self.now + datetime.timedelta(**delta)

    def pass_time(self, **delta):
        self.now += datetime.timedelta(**delta)

    def export(self, node, file=None):
        node.export(os.path.join(self.exports, file or f'{node.name}.{node.form}'))

    def environment(self, **more):
        return dict(os.environ, EVSCAN_CLOCK=self.now.strftime('%Y-%m-%dT%H:%M:%SZ'), **more)

    def run(self, *arguments, env=None, cron=True, **options):
        command = [self.program, *(['--cron'] * cron), '--state', 'state', *self.options, *(arguments or ['exports'])]
        return subprocess.run(command, cwd=self.folder, stdout=options.pop('stdout', subprocess.PIPE),
                              stderr=subprocess.PIPE, env=env or self.environment(), timeout=300, **options)

    def night(self, *arguments, **options):
        return Night(self.run(*arguments, **options))

    def tool(self, *arguments):
        return subprocess.run([self.program, 'state', *arguments, '--state', 'state'], cwd=self.folder,
                              capture_output=True, env=self.environment(), timeout=60)
