#!/usr/bin/env python3
"""Nights: what is news, what is silence, and what happens to logs in between.  run.py EVSCAN

Prints a line for each check and ends with status 1 when one failed.
"""

import fcntl
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from cluster import HERE, Node, Site, database

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402

RULES = ('--rules', os.path.join(HERE, 'rule.yaml'))
ODD_NAME = 'st%61te?a=b#c'  # each of them means something in a URI


def disk(node, moment):
    node.log(moment, 'Disk', 7, 'error', ('\\Device\\Harddisk0',))


def quiet(node, site, count=5):
    for i in range(count):
        node.log(site.at(minutes=-60 + i))


def news_and_silence(site):
    a, b = Node('NODE1'), Node('NODE2', 'evtx')
    for node in (a, b):
        quiet(node, site)
        site.export(node)
    night = site.night()
    check('healthy logs: silence', not night.out + night.err and night.status == 0, night)
    night = site.night()
    check('nothing changed: silence', not night.out + night.err and night.status == 0, night)
    site.pass_time(days=1)
    disk(a, site.at(hours=-3))
    site.export(a)
    night = site.night()
    check('a finding is news', [k for k, _ in night.news] == ['new'] and night.status == 1, night)
    check('... with its title, node and time', all(w in night.out for w in ('A disk is failing', 'NODE1', 'record 6')), night)
    name = night.news[0][1]
    night = site.night()
    check('told once: silence', not night.out and night.status == 0, night)
    site.pass_time(days=1)
    disk(a, site.at(hours=-20))
    site.export(a)
    night = site.night()
    check('more of the same the day after: silence', not night.out and night.status == 0, night)
    site.pass_time(days=3)
    disk(a, site.at(hours=-1))
    site.export(a)
    night = site.night()
    check('after days of quiet: again, under the same name', night.news == [('again', name)], night)
    check('... with all that it counts', '3 times, 1 of them' in night.out, night)
    site.pass_time(days=9)
    quiet(a, site)
    site.export(a)
    night = site.night()
    check('quiet for long, as its log shows: gone', night.news == [('gone', name)] and night.status == 0, night)
    check('... with the reason', 'not happened again' in night.out, night)
    site.pass_time(days=1)
    disk(a, site.at(hours=-1))
    site.export(a)
    night = site.night()
    check('it comes back under its name', night.news == [('again', name)], night)
    show = site.tool('show')
    check('evscan state show tells of it', name.encode() in show.stdout and b'NODE2' in show.stdout, show)


def odd_names(site):
    nodes = [Node(name, 'evtx') for name in ('B\nC', 'D\\nE', 'F\\', 'N\0A', 'N\0B')]
    for node in nodes:
        disk(node, site.at(hours=-1))
        site.export(node, f'{nodes.index(node)}.evtx')
    night = site.night()
    check('names with line ends, backslashes and NUL: news', [k for k, _ in night.news] == ['new'] * 5, night)
    night = site.night()
    check('... and known again: silence', not night.out + night.err and night.status == 0, night)
    for i, name in enumerate(('A\x01', 'A\x02', 'A\\x01', 'A B', 'A\tB', 'A\nB', 'A"B', 'A\x7f')):
        disk(node := Node(name, 'evtx'), site.at(hours=-1))
        site.export(node, f'control{i}.evtx')
    metrics = os.path.join(site.folder, 'odd.prom')
    site.night('--output', f'prometheus:{metrics}', 'exports')
    with open(metrics, newline='') as file:
        series = [line.rsplit(' ', 1)[0] for line in file.read().split('\n') if line.startswith('evscan_')]
    check('metrics of names with control characters are told apart', len(set(series)) == len(series) and
          sum(one.startswith('evscan_findings') for one in series) == 13 and
          not any(c < ' ' or c == '\x7f' for one in series for c in one), series)


def reminders(site):
    a = Node('NODE1')
    disk(a, site.at(hours=-1))
    site.export(a)
    for how, days in (('once', []), ('daily', [1, 2, 3, 4, 5, 6]), ('diminishing', [1, 3])):
        shutil.rmtree(site.state, ignore_errors=True)
        start = site.now
        site.night('--remind', how, 'exports')
        told = []
        for day in range(1, 7):
            site.pass_time(days=1)
            night = site.night('--remind', how, 'exports')
            if night.news:
                told.append(day)
                check(f'--remind {how}: a reminder', [k for k, _ in night.news] == ['still'], night)
        check(f'--remind {how}: reminded on days {days}', told == days, told)
        site.now = start


def suppressions(site):
    a = Node('NODE1')
    disk(a, site.at(hours=-1))
    site.export(a)
    os.makedirs(os.path.join(site.state, 'suppress.d'))
    path = os.path.join(site.state, 'suppress.d', 'disks.yaml')

    def suppress(text):
        with open(path, 'w') as out:
            out.write(text)

    suppress('- {what: test-disk, until: 2001-01-05, reason: new disks come on Thursday}\n')
    night = site.night()
    check('what is suppressed is not told', not night.out and night.status == 0, night)
    show = ' '.join(site.tool('show').stdout.decode().split())
    check('evscan state show says so', 'suppressed until 2001-01-05T00:00:00Z: new disks come on Thursday' in show and
          'disks.yaml:1)' in show, show)
    a.log(site.at(minutes=-1), 'Ntfs', 55, 'error')
    site.export(a)
    night = site.night()
    check('it is listed, with its reason, when there is other news',
          'new disks come on Thursday' in night.out and 'Suppressed' in night.out and len(night.news) == 2, night)
    site.pass_time(days=5)
    night = site.night()
    check('when the suppression ends it is news', [k for k, _ in night.news] == ['new'] and 'test-disk' in night.out, night)
    suppress('- {what: test-disk, until: soon, reason: x}\n- {what: y, until: 2001-02-02}\n- {wht: z}\n')
    night = site.night()
    check('mistakes in a suppression are said, with their place', night.status == 78 and
          all(word in night.err for word in ('disks.yaml:1:', 'disks.yaml:2:', 'no such key')), night)


def old_evidence(site):
    """Evidence is kept for a while; what it showed is over when logs say so, and told when it was not."""
    a = Node('NODE1')
    disk(a, site.at(hours=-1))
    a.log(site.at(minutes=-30), 'Ntfs', 55, 'error', ('C:',))
    site.export(a)
    os.makedirs(os.path.join(site.state, 'suppress.d'))
    with open(os.path.join(site.state, 'suppress.d', 'disks.yaml'), 'w') as out:
        out.write('- {what: test-disk, until: 2001-03-01, reason: new disks come in March}\n')
    night = site.night('--keep-days', '5', 'exports')
    check('one of two is suppressed', len(night.news) == 2 and 'Suppressed' in night.out, night)
    for days in (1, 10, 30, 15):
        site.pass_time(days=days)
        night = site.night('--keep-days', '5', 'exports')
        check(f'{days} days on, and the log is as it was: silence', not night.out + night.err and night.status == 0, night)
    site.pass_time(days=5)
    night = site.night('--keep-days', '5', 'exports')
    check('the suppression has ended, long behind the evidence: news', [k for k, _ in night.news] == ['new'] and
          'test-disk' in night.out and 'A disk is failing' in night.out and night.status == 1, night)
    night = site.night('--keep-days', '5', 'exports')
    check('... once', not night.out + night.err and night.status == 0, night)
    quiet(a, site)
    site.export(a)
    night = site.night('--keep-days', '5', 'exports')
    check('its log goes on without it: gone', [k for k, _ in night.news] == ['gone', 'gone'] and
          'not happened again' in night.out, night)


def rules_change(site):
    a = Node('NODE1')
    disk(a, site.at(hours=-1))
    site.export(a)
    name = site.night().news[0][1]
    rules = os.path.join(site.folder, 'ntfs.yaml')
    with open(rules, 'w') as out, open(RULES[1]) as shipped:
        out.write(shipped.read().split('---\n')[1])
    site.options = ('--rules', rules)
    night = site.night()
    check('its rule is gone: that is the reason', night.news == [('gone', name)] and
          'no longer among the rules' in night.out, night)


def midnight(site):
    """Evidence of two nights is one incident: shipped articles, two nodes, the logs of Q218922 cut in two."""
    sample = os.path.join(HERE, '..', '..', 'samples', 'Q218922')
    site.options = ()
    shutil.copy(os.path.join(sample, 'node1.evt'), site.exports)
    first = site.night()
    shutil.copy(os.path.join(sample, 'node2.evt'), site.exports)
    second = site.night()
    check('the second node adds to what is known: one diagnosis, now surer or as sure',
          any('Q218922' in n for _, n in first.news) and all(k != 'new' for k, _ in second.news), (first, second))
    shutil.rmtree(site.state)
    whole = site.night()
    score = [line for line in whole.out.splitlines() if 'of 100 points; level' in line][:1]
    check('it has the points that both logs at once give', not second.news or score[0] in second.out, (score, second))


def logs_change(site):
    a = Node('NODE1', most=60)
    disk(a, site.at(hours=-1))
    quiet(a, site)
    site.export(a)
    name = site.night().news[0][1]

    def known(what, words):
        shown = site.tool('show').stdout.decode()
        check(f'{what}: evscan state show knows it', any(words in line and line.startswith('happened')
                                                         for line in shown.splitlines()), shown)

    def next_night(what, words, kinds=()):
        site.pass_time(hours=20)
        quiet(a, site)
        site.export(a)
        night = site.night()
        check(f'{what}: {words or "nothing to say"}', (words in night.out if words else not night.out), night)
        check(f'{what}: nothing told twice', [k for k, _ in night.news] == list(kinds), night)

    next_night('grown', '')
    a.clear()
    next_night('cleared', 'begins anew')
    for _ in range(70):
        a.log(site.at(hours=1))
    next_night('wrapped past the mark', 'overwritten')
    a.roll_back(20)
    next_night('rolled back', 'a snapshot was restored')
    shutil.copy(os.path.join(site.exports, 'NODE1.evt'), os.path.join(site.exports, 'copy.evt'))
    night = site.night()
    check('exported twice: silence', not night.out + night.err and night.status == 0, night)
    known('exported twice', 'copy.evt: all of its')
    os.rename(os.path.join(site.exports, 'NODE1.evt'), os.path.join(site.exports, 'old-NODE1.evt'))
    night = site.night()
    check('renamed: silence, and not read again', not night.out and night.status == 0, night)
    known('renamed', 'old-NODE1.evt: a file that was read before under another name')
    a.first, a.events = a.first + len(a.events), []
    site.pass_time(hours=20)
    quiet(a, site)
    disk(a, site.at(minutes=-5))
    site.export(a)
    night = site.night()
    check('rotated: goes on without a word, and what is new is told', night.news == [('again', name)] or
          (not night.news and not night.out), night)
    known('rotated', 'right behind what was read')
    a.roll_back(2)
    site.export(a)
    night = site.night()
    check('truncated: silence', not night.out and night.status == 0, night)
    known('truncated', 'an older copy, or cut')
    shown = site.tool('show', '--all').stdout.decode()
    check('all that happened is listed, in its order', [words in shown for words in (
        'begins anew', 'overwritten', 'a snapshot was restored')] == [True] * 3 and
        shown.index('begins anew') < shown.index('overwritten'), shown)


def dated_names(site):
    """Each night's export has the day in its name; older ones stay for a while, or not."""
    a = Node('NODE1', most=60)

    def export(kept=True):
        site.pass_time(days=1)
        quiet(a, site)
        if not kept:
            shutil.rmtree(site.exports)
            os.mkdir(site.exports)
        site.export(a, f'NODE1-{site.now:%Y-%m-%d}.evt')
        return site.night()

    for day in range(4):
        night = export(day != 2)
        check(f'night {day}: silence', not night.out + night.err and night.status == 0, night)
    for _ in range(70):
        a.log(site.at(hours=1))
    night = export()
    check('records that no export had: said', 'overwritten' in night.out, night)
    a.clear()
    night = export()
    check('cleared: said', 'begins anew' in night.out, night)
    disk(a, site.at(hours=1))
    night = export()
    check('it goes on', [k for k, _ in night.news] == ['new'] and 'overwritten' not in night.out, night)
    with database(site.state) as db:
        logs = db.execute('SELECT DISTINCT channel FROM generation').fetchall()
    check('all of it is one log', logs == [('NODE1-*.evt',)], logs)


def two_formats(site):
    """The log as it was, and converted: its records name their channel in the one only."""
    a = Node('NODE1')

    def night(*forms):
        site.pass_time(days=1)
        disk(a, site.at(hours=-1))
        quiet(a, site)
        for form in forms:
            a.export(os.path.join(site.exports, f'NODE1.{form}'), form=form)
        return site.night()

    def times():
        return [line.split(', ')[-1] for line in site.tool('show').stdout.decode().splitlines() if ' seen ' in line]

    def happened():
        return [line for line in site.tool('show', '--all').stdout.decode().splitlines() if line.startswith('happened')]

    first = night('evt', 'evtx')
    check('the same log in two formats: counts once', times() == ['1 time'], first)
    night('evt', 'evtx')
    night('evt')
    night('evtx')
    night('evt', 'evtx')
    check('... in later nights as well, whichever of them comes', times() == ['5 times'], times())
    check('... and is said once', len(happened()) == 1 and 'in another format' in happened()[0], happened())
    a.clear()
    told = night('evt', 'evtx')
    check('cleared: told once', told.out.count('begins anew') == 1 and times() == ['6 times'], told)
    a.name = 'NODE2'
    night('evtx')
    os.remove(os.path.join(site.exports, 'NODE1.evtx'))
    night('evt')
    shown = site.tool('show').stdout.decode()
    check('a node whose first log was converted: nothing again', times()[-1] == '2 times', shown)


def no_memory(site):
    """The folder of exports, say, in place of that of the memory."""
    for word in (('show',), ('check',), ('forget', '--all')):
        said = subprocess.run([site.program, 'state', *word, '--state', 'exports'], cwd=site.folder, capture_output=True)
        check(f'state {word[0]}: no memory there', said.returncode == 73 and b'runs with --cron make it' in said.stderr, said)
    check('... and nothing is left there', not os.listdir(site.exports))


def without_a_memory(site):
    """The same records twice in one run: a copy, and the other format."""
    a = Node('NODE1')
    a.log(site.at(hours=-2), 'EventLog', 6005, strings=()) # by it the .evt is a System log
    disk(a, site.at(hours=-1))
    disk(a, site.at(hours=-1))
    for form in ('evt', 'evtx'):
        a.export(os.path.join(site.folder, f'a.{form}'), form=form)
        shutil.copy(os.path.join(site.folder, f'a.{form}'), os.path.join(site.folder, f'copy.{form}'))

    def findings(*logs):
        said = subprocess.run([site.program, *site.options, '--format', 'json', *logs], cwd=site.folder,
                              capture_output=True)
        return len(json.loads(said.stdout)['findings'])

    check('two findings', findings('a.evt') == findings('a.evtx') == 2)
    check('the same log under two names: counts once',
          findings('a.evt', 'copy.evt') == findings('a.evtx', 'copy.evtx') == 2)
    check('... and in two formats', findings('a.evt', 'a.evtx', 'copy.evt', 'copy.evtx') == 2)
    for form in ('evt', 'evtx'):
        subprocess.run([site.program, 'scan', *site.options, '--partial', form, f'a.{form}'], cwd=site.folder, check=True)
    merged = subprocess.run([site.program, 'merge', *site.options, '--format', 'json', 'evt', 'evtx'], cwd=site.folder,
                            capture_output=True)
    check('... also where partials meet', len(json.loads(merged.stdout)['findings']) == 2)


def retention(site):
    """What nothing new came of for more than a year is forgotten, and evidence beyond its size."""
    a, b = Node('NODE1'), Node('NODE2')
    for day in range(12):
        site.pass_time(days=40)
        quiet(a, site)
        site.export(a)
        if not day:
            quiet(b, site)
            site.export(b)
        site.night()
    with database(site.state) as db:
        nodes = [db.execute(f'SELECT DISTINCT node FROM {table}').fetchall() for table in ('generation', 'mark')]
    check('a log of long ago is forgotten', nodes == [[('NODE1',)]] * 2, nodes)
    night = site.night()
    check('... which nobody hears of', not night.out + night.err and night.status == 0, night)
    with database(site.state) as db:
        run = db.execute('SELECT max(run) FROM evidence').fetchone()[0]
        db.execute('UPDATE evidence SET partial = zeroblob(3 << 20) WHERE run = ?', (run,))
    night = site.night('--keep-size', '2', 'exports')
    check('evidence beyond the size is not even looked at', not night.out + night.err and night.status == 0, night)
    with database(site.state) as db:
        large = db.execute('SELECT count(*) FROM evidence WHERE run = ?', (run,)).fetchone()
    check('... and forgotten', large == (0,), large)
    for size in ('0', '257'):
        night = site.night('--keep-size', size, 'exports')
        check(f'--keep-size {size}: refused', night.status == 64, night)


def names(site):
    a, twin = Node('NODE1'), Node('NODE1')
    disk(a, site.at(hours=-1))
    disk(twin, site.at(hours=-2))
    os.makedirs(os.path.join(site.exports, 'east'))
    os.makedirs(os.path.join(site.exports, 'west'))
    a.export(os.path.join(site.exports, 'east', 'n.evt'))
    twin.export(os.path.join(site.exports, 'west', 'n.evt'))
    east = site.night('--cluster', 'EAST', 'exports/east')
    west = site.night('--cluster', 'WEST', 'exports/west')
    check('two clusters with equal node names: each has its news', len(east.news) == len(west.news) == 1 and
          'of EAST' in east.out and 'of WEST' in west.out, (east, west))
    check('... under names of their own', east.news[0][1] != west.news[0][1], (east.news, west.news))
    for cluster in ('EAST', 'WEST'):
        night = site.night('--cluster', cluster, f'exports/{cluster.lower()}')
        check(f'... and then {cluster} is silent', not night.out, night)
    shown = site.tool('show', '--cluster', 'EAST')
    check('evscan state show of a cluster', shown.returncode == 0 and b'NODE1' in shown.stdout and not shown.stderr,
          shown)
    heads = [line.split()[1].rstrip(',') for line in shown.stdout.decode().splitlines() if line.split(' ')[0] in
             ('runs', 'files', 'troubles')]
    check('... whose runs, files and troubles are counted', heads == ['2', '1', '1'], shown)
    shown = site.tool('show', '--cluster', 'EST')
    check('... that is not known: said, with those that are', b'nothing is remembered of a cluster named EST; --cluster '
          b'NAME shows what is: EAST, WEST\n' in shown.stderr, shown)
    shown = site.tool('show')
    check('... without a name where all have one: said', b'--cluster NAME shows what is: EAST, WEST' in shown.stderr, shown)
    forgot = site.tool('forget', '--all')
    check('... nor can it be forgotten', b'--cluster NAME shows what is: EAST, WEST' in forgot.stderr, forgot)
    forgot = site.tool('forget', '--cluster', 'EAST', '--node', 'node1')
    check('evscan state forget', forgot.returncode == 0 and not forgot.stderr, forgot)
    night = site.night('--cluster', 'EAST', 'exports/east')
    check('what was forgotten is news again', [k for k, _ in night.news] == ['new'], night)
    night = site.night('--cluster', 'WEST', 'exports/west')
    check('... and nothing else is', not night.out, night)
    a.name = 'NODE9'
    a.log(site.at(minutes=-1))
    for event in a.events[:1]:
        event.computer = 'NODE1'
    a.export(os.path.join(site.exports, 'east', 'n.evt'))
    night = site.night('--cluster', 'EAST', 'exports/east')
    check('a node that is renamed brings nothing again', not night.news, night)


def written_over(site):
    """Windows does not set the time of a log that it writes to, nor its header at once; and the end may not be used yet."""
    node = Node('NODE1', 'evtx')
    for k in range(600):
        node.log(site.at(hours=-9, seconds=k))
        if k == 300:
            disk(node, site.at(hours=-8.5))
    site.export(node)
    path = os.path.join(site.exports, 'NODE1.evtx')
    with open(path, 'rb') as file:
        whole = file.read()
    check('the log has three chunks and more', len(whole) >= 4096 + 3 * 65536, len(whole))
    told = whole.find('Harddisk0'.encode('utf-16-le'))
    chunk = told - (told - 4096) % 65536
    with open(path, 'r+b') as file:
        file.seek(chunk)
        file.write(bytes(65536))
    about = os.stat(path)
    night = site.night()
    check('a chunk is not written yet', 'A disk is failing' not in night.out, night)
    with open(path, 'r+b') as file:
        file.write(whole)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    night = site.night()
    check('a log that was written over and kept its size, time, header and end is read',
          'A disk is failing' in night.out, night)
    night = site.night()
    check('... once', not night.out + night.err, night)


def inputs(site):
    a = Node('NODE1')
    quiet(a, site)
    site.export(a)
    night = site.night('exports', 'missing.evt')
    check('a log that is missing is said', night.status == 2 and 'missing.evt' in night.err, night)
    night = site.night('exports', 'missing.evt')
    check('... once; the status says it every night', night.status == 2 and not night.err + night.out, night)
    os.rename(site.exports, site.exports + '.away')
    calls = os.path.join(site.folder, 'calls')
    tell = ('--notify-exec', f'echo "$EVSCAN_TITLE" >>{calls}', 'exports')
    night = site.night(*tell)
    check('a folder that went away is news', night.status == 2 and 'News' in night.out and
          '! exports: cannot be opened' in night.out, night)
    night = site.night(*tell)
    check('... once', night.status == 2 and not night.err + night.out, night)
    os.symlink('nowhere', site.exports)
    night = site.night(*tell)
    os.remove(site.exports)
    os.rename(site.exports + '.away', site.exports)
    site.night(*tell)
    link = os.path.join(site.exports, 'NODE2.evt')
    os.symlink('nowhere', link)
    night = site.night(*tell)
    os.remove(link)
    check('so is a symbolic link that leads nowhere', night.status == 2 and 'News' in night.out and
          'NODE2.evt: cannot be opened' in said_flat(night), night)
    with open(calls) as file:
        told = file.read().splitlines()
    check('... and somebody is told of each', len(told) == 2 and told[0].startswith('exports: cannot be opened') and
          'NODE2.evt' in told[1], told)
    with open(os.path.join(site.exports, 'note.txt'), 'w') as out:
        out.write('no log')
    night = site.night()
    check('other files are left alone', not night.out + night.err and night.status == 0, night)
    for arguments, words in [
        (('--cron', 'exports'), '--state'),
        (('--state', 'state', 'exports'), '--cron'),
        (('--cron', '--state', 'state', '--partial', 'x', 'exports'), '--partial'),
        (('--cron', '--state', 'state', '--remind', 'never', 'exports'), 'once, daily or diminishing'),
    ]:
        said = subprocess.run([site.program, *arguments], cwd=site.folder, capture_output=True)
        check(f'{" ".join(arguments)}: refused', said.returncode == 64 and words in said.stderr.decode(), said)


def monitoring(site):
    a = Node('NODE1')
    quiet(a, site)
    site.export(a)
    for state, status in (('OK', 0), ('CRITICAL', 2), ('CRITICAL', 2)):
        night = site.night('--nagios', 'exports')
        check(f'--nagios: {state}', night.status == status and night.out.startswith(f'EVSCAN {state} - ') and
              night.out.count('\n') == 1, night)
        if state == 'OK':
            disk(a, site.at(hours=1))
            site.export(a)
    night = site.night('--nagios', 'missing.evt')
    check('--nagios: what cannot be read does not hide what is open', night.status == 2, night)
    lost = site.run('--nagios', '--state', 'evscan.prom/x', 'exports')
    check('--nagios: no answer is unknown', lost.returncode == 3 and lost.stdout.startswith(b'EVSCAN UNKNOWN'), lost)
    metrics = os.path.join(site.folder, 'evscan.prom')
    for night in range(2):
        site.pass_time(hours=1)
        site.night('--force', '--output', f'prometheus:{metrics}', 'exports')
        with open(metrics) as file:
            text = file.read()
        check('metrics are written every night, with all that is open', 'evscan_findings{cluster="",node="NODE1",'
              'rule="test-disk",level="high"} 1\n' in text, text)
        stamp = f'evscan_last_run_timestamp_seconds{{cluster=""}} {int(site.now.timestamp())}\n'
        check('... and when that was', stamp in text, text)
    if shutil.which('promtool'):
        said = subprocess.run(['promtool', 'check', 'metrics'], input=text.encode(), capture_output=True)
        check('promtool agrees', said.returncode == 0 and not said.stdout + said.stderr, said)
    else:
        print('skipped: metrics against promtool')


def many_unchanged(site):
    for i in range(200):
        node = Node(f'N{i}')
        quiet(node, site)
        site.export(node)
    site.night()
    begin = time.monotonic()
    night = site.night()
    spent = time.monotonic() - begin
    with database(site.state) as db:
        read, unchanged = db.execute('SELECT inputs_read, inputs_unchanged FROM run ORDER BY number DESC').fetchone()
    check(f'200 unchanged exports are not read ({spent:.2f} s)', (read, unchanged) == (0, 200) and not night.out, night)


def lock(site):
    a = Node('NODE1')
    quiet(a, site)
    site.export(a)
    site.night()
    with open(os.path.join(site.state, 'evscan.lock'), 'w') as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        holder.write('process 4711 on HOST, since 2001-01-01T00:00:00Z\n')
        holder.flush()
        begin = time.monotonic()
        night = site.night()
        check('a second run ends with 75 and says who holds the memory', night.status == 75 and '4711' in night.err, night)
        check('... at once', time.monotonic() - begin < 20)
        check('evscan state as well', site.tool('show').returncode == 75)
    check('when it is free all goes on', site.night().status == 0)


def read_only(site):
    a = Node('NODE1')
    quiet(a, site)
    site.export(a)
    site.night()
    disk(a, site.at(hours=1))
    site.export(a)
    if os.getuid() == 0 and not shutil.which('setpriv'):
        print('skipped: a memory that is read-only (no setpriv)')
        return
    os.symlink('state', os.path.join(site.folder, ODD_NAME))
    for root, folders, files in os.walk(site.folder):
        os.chmod(root, 0o555)
        for file in files:
            os.chmod(os.path.join(root, file), 0o444)
    drop = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] if os.getuid() == 0 else []
    for state in ('state', ODD_NAME):
        command = [*drop, site.program, '--cron', '--state', state, *RULES, 'exports']
        result = subprocess.run(command, cwd=site.folder, capture_output=True, env=site.environment())
        if result.returncode in (126, 127):
            print('skipped: another user cannot run the program')
            break
        check('a memory that is read-only: the news, and status 73', result.returncode == 73 and
              b'test-disk' in result.stdout and b'nothing was remembered' in result.stderr, result)
    for root, folders, files in os.walk(site.folder):
        os.chmod(root, 0o755)
        for file in files:
            os.chmod(os.path.join(root, file), 0o644)
    night = site.night()
    check('... and the same once it can be written to', [k for k, _ in night.news] == ['new'], night)


def damage(site):
    node = Node('NODE1')
    quiet(node, site)
    site.export(node)
    site.night()
    path = os.path.join(site.exports, 'NODE1.evt')
    os.truncate(path, os.path.getsize(path) - 300)
    night = site.night()
    check('a log that was cut is said', night.status == 2 and night.out.count('NODE1.evt') == 1 and
          'not all of it could be read' in ' '.join(night.out.split()), night)
    night = site.night()
    check('... once', night.status == 2 and not night.out + night.err, night)
    site.export(node)
    check('whole again: silence', site.night().status == 0)
    os.truncate(path, os.path.getsize(path) - 300)
    night = site.night()
    check('cut again: said again', night.status == 2 and 'NODE1.evt' in night.out, night)
    quiet(node, site)
    site.export(node)
    os.truncate(path, os.path.getsize(path) - 300)
    night = site.night()
    check('it grows and is cut as before: not said', night.status == 2 and 'not all of it' not in night.out, night)


def remedy(site):
    """The fix of Q247065 is installed the day after it was told."""
    site.options = ()
    node = Node('NODE1')
    node.log(site.at(hours=-4), 'EventLog', 6009, 'information', ('4.0', '1381', 'Service Pack 6', 'Uniprocessor Free'))
    node.log(site.at(hours=-4), 'EventLog', 6005)
    node.log(site.at(hours=-3), 'ClusSvc', 1061)
    node.log(site.at(hours=-1), 'Application Popup', 26, 'information', (
        'System Process - Lost Delayed-Write Data',
        'The system was attempting to transfer data from buffers to \\Device\\Harddisk2\\Partition2.'))
    site.export(node)
    first = site.night()
    check('an article is told', [k for k, _ in first.news] == ['new'] and 'Q247065' in first.out, first)
    site.pass_time(days=1)
    node.log(site.at(hours=-1), 'NtServicePack', 4377, 'information', ('Windows NT 4.0', 'Q305638'))
    site.export(node)
    second = site.night()
    check('its hotfix came: gone, with that reason', second.news == [('gone', first.news[0][1])] and second.status == 0 and
          'gone: the remedy was seen' in said_flat(second), second)


def said_flat(night):
    return ' '.join(night.out.split())


def told_bare(what, night, *folders, status=2):
    """That these folders hold no log, and of no other."""
    told = [line.split(':')[0].strip(' !') for line in night.out.splitlines() if 'no event log there' in line]
    check(what, night.status == status and told == list(folders) and not night.err, night)


def no_logs(site):
    """A night that had nothing to judge is none that went well."""
    node = Node('NODE1')
    calls = os.path.join(site.folder, 'calls')

    def night(*folders):
        site.pass_time(days=1)
        return site.night('--notify-exec', f'echo called >>{calls}; cat >/dev/null', *(folders or ['exports']))

    def path(*names):
        return os.path.join(site.folder, *names)

    told_bare('a first night without any log: said, and incomplete', night(), 'exports')
    told_bare('... once', night())
    open(path('exports', 'logs.zip'), 'w').close()
    told_bare('a file that is no log is none', night())
    quiet(node, site)
    site.export(node)
    night_then = night()
    check('a log came: silence', night_then.status == 0 and not night_then.out + night_then.err, night_then)
    os.remove(path('exports', 'NODE1.evt'))
    with_zip = night()
    told_bare('the logs went, an archive is left: said', with_zip, 'exports')
    check('... with what is there instead', '1 file is something else' in said_flat(with_zip), with_zip)
    told_bare('... once', night())
    site.export(node)
    night()
    os.remove(path('exports', 'NODE1.evt'))
    os.remove(path('exports', 'logs.zip'))
    told_bare('once more without: said again', night(), 'exports')
    with open(calls) as file:
        check('somebody was told each of these times', file.read() == 'called\n' * 3)
    site.export(node)
    for name in 'a', 'b':
        os.mkdir(path(name))
    os.link(path('exports', 'NODE1.evt'), path('b', 'same.evt'))
    told_bare('of several folders the one that is empty', night('exports', 'a', 'b'), 'a')
    told_bare('... once', night('exports', 'a', 'b'))
    os.remove(path('b', 'same.evt'))
    told_bare('... and another that has become so', night('exports', 'a/', 'b/'), 'a/', 'b/')
    quiet(cleared := Node('NODE2'), site)
    cleared.clear()
    site.export(cleared, '../a/NODE2.evt')
    empty = night('a')
    check('a log without records is a log', empty.status == 0 and not empty.out + empty.err, empty)
    open(path('empty.evt'), 'w').close()
    named = night('empty.evt')
    check('a file that is named and empty: said, and incomplete', named.status == 2 and 'is empty' in named.out, named)
    named = night('empty.evt')
    check('... once', named.status == 2 and not named.out, named)


def copies_and_gaps(site):
    """A copy of what was read is no news, and remembered; numbers full of gaps are said at once."""
    node = Node('NODE1')
    quiet(node, site)
    site.export(node)
    site.night()
    shutil.copy(os.path.join(site.exports, 'NODE1.evt'), os.path.join(site.exports, 'COPY.evt'))
    night = site.night()
    happened = site.tool('show').stdout.decode()
    check('a copy: silence', not night.out + night.err and night.status == 0, night)
    check('... but it is remembered', 'exports/COPY.evt: all of its 5 records were read before, in another file' in happened,
          happened)
    gaps = Node('NODE2')
    quiet(gaps, site, 1100)
    for number, event in enumerate(gaps.events):
        event.number = 2 * number + 1
    site.export(gaps)
    night = site.night()
    check('more gaps than are kept', night.status == 0 and 'more than 1024 gaps: some may count as read that were not' in
          said_flat(night), night)


def packed(site):
    """Beside a log that is read, those that were packed would be missed by nobody."""
    node = Node('NODE1')
    quiet(node, site)
    site.export(node)
    log = os.path.join(site.exports, 'NODE1.evt')

    def place(name, data):
        with open(os.path.join(site.exports, name), 'wb') as out:
            out.write(data)

    check('a log alone: silence', site.night().status == 0)
    for name, data in (('NODE2.gz', gzip.compress(b'x')), ('logs.zip', b'PK\3\4'), ('NODE3.evtx.xz', b'x'),
                       ('notes.txt', b'x'), ('NODE4.7z', b'7z\xbc\xaf\x27\x1c'), ('one.partial', b'evscan partial 1')):
        place(name, data)
    night = site.night()
    check('packed files beside it: said, and the night is complete', night.status == 0 and 'News' in night.out and
          '! exports: 4 files are packed and not read' in night.out and
          '(NODE2.gz, NODE3.evtx.xz, NODE4.7z and 1 more)' in said_flat(night), night)
    place('NODE5.gz', gzip.compress(b'x'))
    night = site.night()
    check('... once, also when there is another', night.status == 0 and not night.out + night.err, night)
    for name in os.listdir(site.exports):
        if os.path.join(site.exports, name) != log:
            os.remove(os.path.join(site.exports, name))
    check('... all unpacked: silence', not site.night().out)
    place('logs.zip', b'PK\3\4' * 10)
    night = site.night('exports', 'exports/logs.zip')
    check('packed again: said again', '1 file is packed and not read' in night.out, night)
    check('a file that is named is said for what it is', night.status == 2 and '! exports/logs.zip: a zip archive' in
          said_flat(night) and 'is empty' not in night.out, night)


def main():
    program = os.path.abspath(sys.argv[1])
    for scenario in (news_and_silence, reminders, suppressions, old_evidence, rules_change, midnight, logs_change,
                     dated_names, two_formats, no_memory, without_a_memory, retention, names, odd_names, inputs,
                     written_over, damage, no_logs, copies_and_gaps, packed, remedy, monitoring, many_unchanged, lock, read_only):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            print(f'-- {scenario.__name__}')
            scenario(Site(program, folder, *RULES))
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
