#!/usr/bin/env python3
"""A memory that is damaged, old, newer, or made by somebody who means harm.  memory.py EVSCAN [FAULTS.so]

Prints a line for each check and ends with status 1 when one failed.
"""

import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile

from cluster import HERE, SCHEMA, Node, Site, database, schema_back

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status, is_sanitized  # noqa: E402


RULES = ('--rules', os.path.join(HERE, 'rule.yaml'))


def disk(node, moment):
    node.log(moment, 'Disk', 7, 'error', ('\\Device\\Harddisk0',))


def first_run_ended(site):
    """What is left of a first run that was ended when SQLite had made its file and written nothing."""
    a = Node('NODE1')
    disk(a, site.at(hours=-1))
    site.export(a)
    os.mkdir(site.state)

    def left(line):
        with open(os.path.join(site.state, 'evscan.lock'), 'w') as out:
            out.write(line)
        open(os.path.join(site.state, 'evscan.db'), 'w').close()

    for line in '', 'process 7 on tower, since 2001-01-01 00:00:00, the first\n':
        shutil.rmtree(site.state)
        os.mkdir(site.state)
        left(line)
        night = site.night()
        check('a first run was ended: a line, and a first night', night.status == 1 and len(night.news) == 1 and
              night.err.count('\n') == 1 and 'was empty: the first run' in night.err, night)
        check('... nothing is set aside', not any('damaged' in n for n in os.listdir(site.state)), site.state)
        check('... and the mark is gone', 'first' not in open(os.path.join(site.state, 'evscan.lock')).read())
        night = site.night()
        check('... the next night is as always', night.status == 0 and not night.out + night.err, night)
    left('process 7 on tower, since 2001-01-01 00:00:00\n')
    checked = site.tool('check')
    check('state check: a memory without a byte is damaged', checked.returncode == 2 and b'it is empty' in checked.stderr,
          checked)
    open(os.path.join(site.state, 'evscan.db'), 'w').close()
    look = site.run('--nagios', 'exports', cron=False)
    check('a look at it says so', look.returncode == 3 and b'evscan.db is empty' in look.stderr, look)


def memory_fails(site):
    a = Node('NODE1')
    disk(a, site.at(hours=-1))
    site.export(a)
    reference = site.night()
    path = os.path.join(site.state, 'evscan.db')

    def damaged(what, data, lock_goes=True):
        for part in os.listdir(site.state):
            if part != 'evscan.lock' or lock_goes:
                os.remove(os.path.join(site.state, part))
        with open(path, 'wb') as out:
            out.write(data)
        night = site.night()
        check(f'{what}: set aside, and the run goes on without it', night.status == 3 and 'set aside' in night.err and
              night.news == reference.news, night)
        check(f'{what}: the old one is kept', any('damaged-' in n for n in os.listdir(site.state)), site.state)
        night = site.night()
        check(f'{what}: the next night is as always', night.status == 0 and not night.out + night.err, night)

    with open(path, 'rb') as file:
        good = file.read()
    damaged('garbage', b'not a database, but long enough to be looked at' * 100)
    damaged('without a byte', b'')
    damaged('without a byte, beside the lock of the last run', b'', lock_goes=False)
    damaged('cut', good[:len(good) // 2])
    torn = bytearray(good)
    for at in range(4096, len(torn), 97):
        torn[at] ^= 0x5A
    damaged('torn', bytes(torn))
    with database(site.state) as db:
        db.execute("UPDATE generation SET seen = 'x'")
    night = site.night()
    check('rows that make no sense: set aside', night.status == 3 and 'set aside' in night.err, night)
    with database(site.state) as db:
        packed = bytearray(db.execute('SELECT partial FROM evidence').fetchone()[0])
        packed[len(packed) // 2] ^= 1
        db.execute('UPDATE evidence SET partial = ?', (bytes(packed),))
    check('evscan state check: a bit of the evidence is another', site.tool('check').returncode == 2)
    with database(site.state) as db:
        db.execute("UPDATE evidence SET partial = 'x'")
    checked = site.tool('check')
    check('evscan state check: evidence is no evidence', checked.returncode == 2 and b'run 1' in checked.stderr, checked)
    night = site.night()
    check('evidence that is damaged is forgotten, with a word', night.status == 2 and 'forgotten' in night.err, night)
    check('... and nothing is gone for that', not night.news, night)
    check('evscan state check: it is forgotten', site.tool('check').returncode == 0)
    site.pass_time(days=1)
    a.log(site.at(minutes=-5))
    site.export(a)
    night = site.night()
    check('... nor in the night after', night.status == 0 and not night.out + night.err, night)
    with database(site.state) as db:
        db.execute('PRAGMA user_version = 99')
    night = site.night()
    check('a newer schema is refused', night.status == 73 and 'newer evscan (schema 99' in night.err, night)
    with database(site.state) as db:
        db.execute(f'PRAGMA user_version = {SCHEMA}')
    checked = site.tool('check')
    check('evscan state check', (checked.returncode, checked.stdout) == (0, b'state: sound\n'), checked)
    kept = os.path.join(site.folder, 'kept')
    shutil.copytree(site.state, kept)
    with database(site.state) as db:
        db.execute("UPDATE generation SET seen = 'x'")
    checked = site.tool('check')
    check('evscan state check: rows that make no sense are set aside, as a run would', checked.returncode == 2 and
          b'set aside' in checked.stderr, checked)
    check('... and then all is sound', site.tool('check').returncode == 0)
    shutil.rmtree(site.state)
    shutil.copytree(kept, site.state)
    with open('/dev/full', 'wb') as full:
        disk(a, site.at(days=3))
        site.export(a)
        night = site.run(stdout=full)
    check('output that cannot be written: 73', night.returncode == 73, night)
    night = site.night()
    check('... and the news comes the next night', [k for k, _ in night.news] in (['again'], ['new']), night)


def set_aside(site, faults):
    """A run that sets a memory aside is killed at each moment: the next one says it, and tells all."""
    node = Node('NODE1')
    disk(node, site.at(hours=-1))
    site.export(node)
    reference = site.night()
    bad = os.path.join(site.folder, 'bad')
    shutil.copytree(site.state, bad)
    with open(os.path.join(bad, 'evscan.db'), 'r+b') as file:
        file.write(b'x' * 5000)
    for part in ('-wal', '-shm'):
        with open(os.path.join(bad, f'evscan.db{part}'), 'wb') as file:
            file.write(b'y' * 5000)
    for at in range(1, 1000):
        shutil.rmtree(site.state)
        shutil.copytree(bad, site.state)
        killed = site.run(env=site.environment(LD_PRELOAD=faults, EVSCAN_FAULT='kill', EVSCAN_FAULT_AT=str(at)))
        if killed.returncode != -signal.SIGKILL or killed.stdout:
            break
        night = site.night()
        check(f'killed at {at} of setting it aside: said, and the news', 'set aside' in night.err and
              night.status == 3 and night.news == reference.news, night)
        check('... and the old one is kept', any('.damaged-' in name for name in os.listdir(site.state)))
        night = site.night()
        check('... and then silence', night.status == 0 and not night.out + night.err, night)
    check('it was killed at some', at > 5, at)


VERSION = range(60, 64) # bytes of the file: a higher one is refused


def is_out_of_order(path):
    """Sound for SQLite's quick check, and not for its whole one."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        def says(word):
            return db.execute(f'PRAGMA {word}(1)').fetchone()[0] == 'ok'
        try:
            return says('quick_check') and not says('integrity_check')
        except sqlite3.DatabaseError:
            return False


def with_bit(good, at, bit):
    data = bytearray(good)
    data[at] ^= 1 << bit
    return bytes(data)


def marks_disorder(good, folder, count):
    """The first bits of rows of marks that make their keys disagree."""
    path, found = os.path.join(folder, 'bits.db'), []
    pages = [at for at in range(0, len(good), 4096) if good[at:at + 4096].count(b'NODE1NODE1.evt') > 10]
    for at in (at for page in pages for at in range(page + 100, page + 4096, 7) if good[at]):
        with open(path, 'wb') as out:
            out.write(with_bit(good, at, 2))
        if is_out_of_order(path):
            found.append((at, 2))
        if len(found) == count:
            break
    return found


def every_bit(site):
    """Whatever bit of the memory is another: a night goes on, and so does the one after it."""
    node = Node('NODE1')
    for minute in range(60):
        node.log(site.at(hours=-2, minutes=minute))
    for _ in range(2):
        disk(node, site.at(minutes=-2))
        site.export(node)
        site.night()
        site.pass_time(days=1)
    disk(node, site.at(minutes=-2))
    site.export(node)
    kept = os.path.join(site.folder, 'kept')
    shutil.copytree(site.state, kept)
    with open(os.path.join(kept, 'evscan.db'), 'rb') as file:
        good = file.read()

    def night(at, bit):
        shutil.rmtree(site.state)
        shutil.copytree(kept, site.state)
        with open(os.path.join(site.state, 'evscan.db'), 'wb') as out:
            out.write(with_bit(good, at, bit))
        return site.night(), site.night()

    keys = marks_disorder(good, site.folder, 3)
    check('there are bits of keys', len(keys) == 3, keys)
    for at, bit in (*keys, (18, 5), (47, 4)):
        first, second = night(at, bit)
        check(f'bit {bit} of byte {at}: set aside, and then silence', first.status == 3 and 'set aside' in first.err and
              second.status == 0 and not second.out + second.err, (first, second))
    chance = random.Random(1)
    some = [(chance.randrange(len(good)), chance.randrange(8)) for _ in range(20 if is_sanitized(site.program) else 80)]
    bad = [(at, bit, nights) for at, bit in some if at not in VERSION for nights in [night(at, bit)]
           if nights[0].status not in (0, 1, 2, 3) or nights[1].status != 0]
    check('any bit: the night goes on, and the next one is as always', not bad, bad)
    shutil.copyfile(os.path.join(kept, 'evscan.db'), os.path.join(site.state, 'evscan.db'))
    with open(os.path.join(site.state, 'evscan.db'), 'r+b') as file:
        file.write(with_bit(good, *keys[0]))
    checked = site.tool('check')
    check('state check: a key, and it is set aside', checked.returncode == 2 and b'set aside' in checked.stderr,
          checked)
    checked = site.tool('check')
    check('... and then all is sound', checked.returncode == 0, checked)


def damaged_at_night(site):
    """Rows that contradict those of the run that is about to save."""
    node = Node('NODE1')
    disk(node, site.at(hours=-1))
    site.export(node)
    script = os.path.join(site.folder, 'meddle.py')
    with open(script, 'w') as out:
        out.write("import sqlite3\ndb = sqlite3.connect('state/evscan.db')\n"
                  "db.execute(\"INSERT INTO run VALUES (1, 'x', 0, 0, '', 0, 0, 0, 0, 0)\")\ndb.commit()\n")
    first = site.night('--notify-exec', f"'{sys.executable}' '{script}'", 'exports')
    check('rows that contradict a run: told, set aside, incomplete', first.status == 3 and len(first.news) == 1 and
          'set aside' in first.err and 'nothing was remembered' in first.err, first)
    again = site.night()
    check('... the next one says why it tells all again', again.status == 3 and again.news == first.news and
          'is new: the one before it was damaged' in again.err, again)
    night = site.night()
    check('... and then silence', night.status == 0 and not night.out + night.err, night)


def older_schema(site):
    """A memory as earlier versions made it: without indices, and with names as they were."""
    a, b = Node('NODE1'), Node('DOM\\n', 'evtx')
    for version in range(1, SCHEMA):
        for node in (a, b):
            disk(node, site.at(hours=-1))
            site.export(node, f'{node.name[:3]}.{node.form}')
        site.pass_time(days=3)
        site.night()
        with database(site.state) as db:
            check('names are written with escapes', db.execute(
                "SELECT count(*) FROM generation WHERE node = 'DOM\\\\n'").fetchone() == (1,))
            schema_back(db, version)
        site.pass_time(hours=1)
        for node in (a, b): # the logs are looked into again: what was read is known
            node.log(site.at(minutes=-1))
            site.export(node, f'{node.name[:3]}.{node.form}')
        night = site.night()
        check(f'a memory of schema {version} is brought up', night.status == 0 and not night.out + night.err, night)
        with database(site.state) as db:
            check('... to the schema of today', db.execute('PRAGMA user_version').fetchone() == (SCHEMA,))
            check('... with its indices', db.execute("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name "
                                                     "LIKE '%_of_cluster'").fetchone() == (3,))
            check('... and its names', db.execute('SELECT DISTINCT node FROM generation ORDER BY 1').fetchall() ==
                  [('DOM\\\\n',), ('NODE1',)])


# What somebody who can write to the memory may do to it; all of it is damage.
ENDLESS = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)'
HOSTILE = {
    'a view without an end in the place of a table': (
        'DROP TABLE run', f'CREATE VIEW run AS {ENDLESS} SELECT i AS number, \'\' AS cluster, 0 AS began FROM n'),
    'a trigger that never ends': (
        f'CREATE TRIGGER t AFTER INSERT ON run BEGIN INSERT INTO mark {ENDLESS} SELECT \'\', \'\', \'\', 1, i, 0, 0 '
        'FROM n; END',),
    'a table more': ('CREATE TABLE more (x)',),
    'a column more': ('ALTER TABLE trouble ADD COLUMN x AS (hex(zeroblob(400000000)))',),
    'a table of other columns': ('DROP TABLE input', 'CREATE TABLE input (cluster, path)'),
    'a version below zero': ('PRAGMA user_version = -7',),
    'tables without a version': ('PRAGMA user_version = 0',),
    'a huge value': ('UPDATE trouble SET title = CAST(zeroblob(120 << 20) AS TEXT)',),
    'a long list of numbers': (
        f'UPDATE generation SET seen = (SELECT group_concat(2 * i) FROM ({ENDLESS} SELECT i FROM n LIMIT 100000))',),
    'a trouble of sixty million nodes': ("UPDATE trouble SET nodes = replace(hex(zeroblob(30 << 20)), '0', char(10))",),
    'a text that is no UTF-8': ("UPDATE trouble SET title = CAST(x'41FF' AS TEXT)",),
    'a confidence that there is not': ('UPDATE trouble SET confidence = 77',),
    'a level of another type': ("UPDATE trouble SET level = '9x'",),
    'the last of all runs': ('UPDATE run SET number = 9223372036854775807 WHERE number = 1',),
    'generations beyond 32 bits': ('UPDATE generation SET number = number + 4294967296',),
}
# What makes no difference.
HARMLESS = {
    'evidence of a run that is still to come': (
        "INSERT INTO evidence SELECT run + 1, 'x', began, partial FROM evidence WHERE run = (SELECT max(run) FROM evidence)",),
    'evidence larger than all that is kept': ('UPDATE evidence SET run = run + 10',
                                              "INSERT INTO evidence VALUES (1, '', 0, zeroblob(60 << 20))",
                                              "INSERT INTO evidence VALUES (2, '', 0, zeroblob(60 << 20))"),
    'marks of a generation that is not there': (
        "INSERT INTO mark SELECT cluster, node, channel, 77, record, time, checksum FROM mark",),
}


def limit_memory():
    resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))


def hostile_memory(site):
    a = Node('NODE1')
    disk(a, site.at(hours=-1))
    site.export(a)
    reference = site.night()
    site.night()
    good = os.path.join(site.folder, 'good')
    shutil.copytree(site.state, good)
    for what, changes in (*HOSTILE.items(), *HARMLESS.items()):
        shutil.rmtree(site.state)
        shutil.copytree(good, site.state)
        with database(site.state) as db:
            for sql in changes:
                db.execute(sql)
        night = site.night(preexec_fn=None if is_sanitized(site.program) else limit_memory)
        if what in HARMLESS:
            check(f'{what}: no difference', not night.news and 'set aside' not in night.err and
                  night.status in (0, 2), night)
        else:
            check(f'{what}: set aside, and the news again', night.status == 3 and 'set aside' in night.err and
                  night.news == reference.news, night)
        night = site.night()
        check('... and then silence', night.status == 0 and not night.out + night.err, night)


def main():
    program = os.path.abspath(sys.argv[1])
    faults = [os.path.abspath(library) for library in sys.argv[2:]] # absent under a sanitizer
    plain = (memory_fails, every_bit, damaged_at_night, first_run_ended, older_schema, hostile_memory)
    for scenario, more in (*((one, []) for one in plain), *[(set_aside, faults)][:len(faults)]):
        with tempfile.TemporaryDirectory() as folder:
            print(f'-- {scenario.__name__}')
            scenario(Site(program, folder, *RULES), *more)
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
