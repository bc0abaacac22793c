#!/usr/bin/env python3
"""What monitoring gets of evscan whatever happens, and nights that are told to end.  plug_in.py EVSCAN

A plug-in answers in one line, and its word is its exit status; metrics tell when a night last worked; SIGTERM ends a
night that then never was.  Prints a line for each check and ends with status 1 when one failed.
"""

import fcntl
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

from cluster import HERE, SCHEMA, Node, Site, database, schema_back

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402

RULES = ('--rules', os.path.join(HERE, 'rule.yaml'))
STATES = ('OK', 'WARNING', 'CRITICAL', 'UNKNOWN')


def disk(site, node):
    node.log(site.at(hours=-1), 'Disk', 7, 'error', ('\\Device\\Harddisk0',))
    site.export(node)


def answer(what, site, state, *arguments, words=''):
    """A plug-in's: one line, and the exit status that its word says."""
    said = subprocess.run([site.program, *arguments], cwd=site.folder, capture_output=True, env=site.environment(),
                          stdin=subprocess.DEVNULL, timeout=60)
    line = said.stdout.decode()
    check(f'{what}: {state}', line.startswith(f'EVSCAN {state} - ') and line.count('\n') == 1 and
          said.returncode == STATES.index(state) and words in line, said)


def plug_in(site):
    node = Node('NODE1')
    node.log(site.at(hours=-1))
    site.export(node)
    night = ('--cron', '--state', 'state', '--nagios', *RULES)
    answer('a night', site, 'OK', *night, 'exports')
    answer('without a memory', site, 'OK', '--nagios', *RULES, 'exports')
    answer('an option that is not', site, 'UNKNOWN', '--nagios', '--nonsense', 'exports')
    answer('... behind a mistake', site, 'UNKNOWN', '--nonsense', '--format=nagios', 'exports')
    answer('... in other words', site, 'UNKNOWN', '--nonsense', '-o', 'nagios', 'exports')
    answer('no log given', site, 'UNKNOWN', '--nagios')
    answer('no memory named', site, 'UNKNOWN', '--nagios', '--cron', 'exports')
    answer('no configuration', site, 'UNKNOWN', '--nagios', '--cron', '--config', 'missing.conf')
    with open(os.path.join(site.folder, 'bad.conf'), 'w') as out:
        out.write('nonsense: 1\n')
    answer('a mistake in it', site, 'UNKNOWN', '--nagios', '--cron', '--config', 'bad.conf')
    answer('no log there', site, 'UNKNOWN', '--nagios', *RULES, 'missing.evt')
    answer('no rules', site, 'UNKNOWN', '--nagios', '--rules', 'missing', 'exports')
    os.mkdir(os.path.join(site.folder, 'empty'))
    answer('a folder without rules', site, 'UNKNOWN', '--nagios', '--rules', 'empty', 'exports')
    done = subprocess.run([site.program, '--rules', 'empty', 'exports'], cwd=site.folder, capture_output=True, text=True)
    check('... of which nothing is said to be found', done.returncode == 78 and not done.stdout and
          'empty: no rule there' in done.stderr, done)
    with open(os.path.join(site.folder, 'other.yaml'), 'w') as out:
        out.write('title: x\nname: x\nid: 5ba86a4c-9ab6-43b4-a1ca-4b4eb29e3d6f\nlevel: low\nlogsource: {product: windows}\n'
                  'detection:\n  s: {Provider_Name: nobody, EventID: 1}\n  condition: s\n')
    answer('rules of what wrote nothing', site, 'OK', '--nagios', '--rules', 'other.yaml', 'exports',
           words='nothing found; no rule applies to what was read')
    blind = ('--cron', '--state', 'blind', '--nagios', '--rules', 'other.yaml', 'exports')
    answer('... at night', site, 'OK', *blind, words='nothing found; no rule applies to what was read')
    answer('... when there is nothing new', site, 'OK', *blind, words='nothing found |')
    with open(os.path.join(site.folder, 'other.yaml')) as rule:
        text = rule.read().replace('windows', 'linux')
    with open(os.path.join(site.folder, 'linux.yaml'), 'w') as out:
        out.write(text)
    for options in ((), ('--cron', '--state', 'linux')):
        answer('rules of another product', site, 'UNKNOWN', *options, '--nagios', '--rules', 'linux.yaml', 'exports',
               words='nothing found; no rule is about logs of Windows')
    os.mkdir(os.path.join(site.state, 'suppress.d'))
    with open(os.path.join(site.state, 'suppress.d', 'x.yaml'), 'w') as out:
        out.write('- {wht: z}\n')
    answer('a mistake in a suppression', site, 'UNKNOWN', *night, 'exports', words='not all rules')
    shutil.rmtree(os.path.join(site.state, 'suppress.d'))
    answer('a memory that cannot be opened', site, 'UNKNOWN', '--cron', '--state', 'bad.conf', '--nagios', 'exports')
    disk(site, node)
    answer('somebody who cannot be told, and nothing hidden by it', site, 'CRITICAL', *night, '--notify-exec', 'exit 3',
           'exports', words='standard error')
    answer('the same without mishap', site, 'CRITICAL', *night, 'exports')
    subprocess.run([site.program, 'scan', *RULES, '--partial', 'p', 'exports'], cwd=site.folder, check=True)
    answer('a merge', site, 'CRITICAL', 'merge', '--nagios', *RULES, 'p')
    answer('a merge by the other name', site, 'CRITICAL', 'merge', '--format', 'nagios', *RULES, 'p')
    answer('a merge of nothing', site, 'UNKNOWN', 'merge', '--nagios')
    answer('a merge of what is none', site, 'UNKNOWN', 'merge', '--nagios', 'bad.conf')
    said = subprocess.run([site.program, 'merge', '--nonsense', '--', '--nagios'], cwd=site.folder, capture_output=True)
    check('the name of a file is no option', said.returncode == 64 and not said.stdout, said)


def no_logs(site):
    night = ('--cron', '--state', 'state', '--nagios', *RULES)
    for _ in range(2):
        answer('a folder without a log', site, 'UNKNOWN', *night, 'exports', words='no log in exports')
    node = Node('NODE1')
    node.log(site.at(hours=-1))
    site.export(node)
    answer('... with one', site, 'OK', *night, 'exports')


def content(folder):
    """The files in it, byte for byte."""
    return {name: open(os.path.join(folder, name), 'rb').read() for name in sorted(os.listdir(folder))}


def looks(site):
    """A check between two nights: it says what is open and takes no news away from anybody."""
    node = Node('NODE1')
    node.log(site.at(hours=-1))
    site.export(node)
    look = ('--nagios', '--state', 'state', *RULES, 'exports')
    answer('before the first night', site, 'UNKNOWN', *look)
    check('... and no memory is made', not os.path.exists(site.state))
    site.night()
    answer('a look', site, 'OK', *look, words='news=0')
    disk(site, node)
    before = content(site.state)
    for words in ('open=1 news=1', 'open=1 news=1'):
        answer('a look at what is new', site, 'CRITICAL', *look, words=words)
    check('... leaves the memory as it was', content(site.state) == before, sorted(before))
    with database(site.state) as db:
        db.execute('SELECT count(*) FROM run').fetchall()
        answer('... beside somebody who reads it', site, 'CRITICAL', *look)
        for end in ('', '-wal'): # as a run that was killed leaves it, without what only processes of one machine share
            shutil.copy(os.path.join(site.state, f'evscan.db{end}'), site.folder)
    cut = os.path.join(site.folder, 'cut')
    os.mkdir(cut)
    for end in ('', '-wal'):
        shutil.move(os.path.join(site.folder, f'evscan.db{end}'), cut)
    left = content(cut)
    answer('a part of the memory cannot be read', site, 'UNKNOWN', '--nagios', '--state', 'cut', *RULES, 'exports')
    check('... and nothing is made there', content(cut) == left, sorted(left))
    with open(os.path.join(site.state, 'evscan.lock')) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer('... while a night is at work', site, 'CRITICAL', *look)
        fcntl.flock(lock, fcntl.LOCK_SH)
        answer('... and it would hold up no other one', site, 'CRITICAL', *look)
    if not os.getuid():
        os.chmod(site.folder, 0o755)
        os.chmod(site.state, 0o755)
        said = subprocess.run([site.program, *look], cwd=site.folder, capture_output=True, env=site.environment(),
                              user=65534, group=65534)
        check('... by somebody who may only read it', said.returncode == 2 and b'open=1 news=1' in said.stdout, said)
    for args in (('--output', 'json:x'), ('--notify-exec', 'touch told'), ('--partial', 'x'), ('--from', '2001-01-01')):
        answer(f'{args[0]} with it', site, 'UNKNOWN', *look, *args)
    with open(os.path.join(site.folder, 'night.conf'), 'w') as out:
        out.write(f'options: {{cron: true, state: state, rules: "{RULES[1]}", output: "json:told", notify-exec: '
                  '"touch told"}\nfolders: exports\n')
    answer('a check by the file of the nights', site, 'CRITICAL', '--config', 'night.conf', '--nagios', words='news=1')
    check('... tells nobody', not os.path.exists(os.path.join(site.folder, 'told')) and content(site.state) == before)
    night = site.night()
    check('the night has its news', [kind for kind, _ in night.news] == ['new'], night)
    answer('behind it', site, 'CRITICAL', *look, words='open=1 news=0')
    answer('a check that says --cron is a night', site, 'CRITICAL', '--cron', *look, words='open=1 news=0')
    with database(site.state) as db:
        schema_back(db, SCHEMA - 1)
    before = content(site.state)
    answer('a memory of an earlier evscan', site, 'UNKNOWN', *look)
    check('... is left to a night', content(site.state) == before)
    with open(os.path.join(site.state, 'evscan.db'), 'r+b') as file:
        file.truncate(5000)
    before = content(site.state)
    answer('a damaged one', site, 'UNKNOWN', *look)
    check('... as well', content(site.state) == before)


def metric(site, name, path='evscan.prom'):
    with open(os.path.join(site.folder, path)) as file:
        found = re.findall(rf'^evscan_{name}{{.*}} (\d+)$', file.read(), re.M)
    return int(found[0]) if found else None


def last_success(site):
    node = Node('NODE1')
    disk(site, node)
    output = ('--force', '--output', 'prometheus:evscan.prom', 'exports')

    def night(what, success, complete, *arguments, **options):
        site.pass_time(days=1)
        said = site.night(*output, *arguments, **options)
        told = metric(site, 'last_success_timestamp_seconds'), metric(site, 'last_run_complete')
        wanted = int(site.now.timestamp()) if success == 'now' else success
        check(f'{what}: when a night last worked', told == (wanted, complete), (told, wanted, said))
        check('... and when it last ran', metric(site, 'last_run_timestamp_seconds') == int(site.now.timestamp()), said)
        return wanted

    night('a first one with a log that is missing', None, 0, 'missing.evt')
    good = night('one that worked', 'now', 1)
    night('one with a log that is missing', good, 0, 'missing.evt')
    os.rename(site.exports, site.exports + '.away')
    os.mkdir(site.exports)
    night('one without any log', good, 0)
    night('... and the next', good, 0)
    os.rmdir(site.exports)
    os.rename(site.exports + '.away', site.exports)
    node.log(site.at(minutes=-5), 'Ntfs', 55, 'error', ('C:',))
    site.export(node)
    night('one whose news nobody heard', good, 0, '--notify-exec', 'exit 1')
    night('one that tells them', 'now', 1, '--notify-exec', 'true')
    rest = [line for line in open(os.path.join(site.folder, 'evscan.prom')) if not line.startswith('#')]
    check('metrics are written when the night is remembered: all that is open is in them',
          sum('evscan_findings' in line for line in rest) == 2, rest)
    if os.getuid():
        return
    os.chmod(site.state, stat.S_IRUSR)
    said = site.night('--state', 'evscan.prom', *output)
    os.chmod(site.state, 0o755)
    check('a night that had no memory leaves the metrics as they were', said.status == 73 and
          metric(site, 'last_run_timestamp_seconds') == int(site.now.timestamp()), said)


def colours(site):
    disk(site, Node('NODE1'))
    night = site.night('--color', 'always', 'exports')
    check('--cron has no colours', '\x1b' not in night.out and night.news, night)


def is_waiting(pid):
    """Whether it sleeps in poll: it has opened the FIFO."""
    try:
        with open(f'/proc/{pid}/wchan') as file:
            return 'poll' in file.read()
    except OSError:
        return False


def interrupted(site, number, *arguments, ready=is_waiting):
    command = [site.program, '--cron', '--state', 'state', *RULES, *arguments]
    run = subprocess.Popen(command, cwd=site.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env=site.environment())
    end = time.monotonic() + 30
    while time.monotonic() < end and not ready(run.pid):
        time.sleep(0.02)
    time.sleep(0.2)
    run.send_signal(number)
    out, err = run.communicate(timeout=60)
    return run.returncode, out.decode(), err.decode()


def signals(site):
    node = Node('NODE1')
    disk(site, node)
    site.night()
    site.pass_time(days=3)
    disk(site, node)
    good = os.path.join(site.folder, 'good')
    shutil.copytree(site.state, good)
    reference = site.night()
    check('there is news', [kind for kind, _ in reference.news] == ['again'], reference)
    os.mkfifo(os.path.join(site.folder, 'fifo'))
    for number in (signal.SIGTERM, signal.SIGINT):
        shutil.rmtree(site.state)
        shutil.copytree(good, site.state)
        status, out, err = interrupted(site, number, 'exports', 'fifo')
        check(f'{number.name} while logs are read: a word, nothing told, status 2', status == 2 and not out and
              err.count('interrupted') == 1, (status, out, err))
        status, out, err = interrupted(site, number, '--nagios', 'exports', 'fifo')
        check('... a plug-in knows nothing', status == 3 and out.startswith('EVSCAN UNKNOWN - ') and out.count('\n') == 1,
              (status, out, err))
        mark = os.path.join(site.folder, 'mark')
        begin = time.monotonic()
        status, out, err = interrupted(site, number, '--notify-exec', f'touch {mark}; sleep 50', 'exports',
                                       ready=lambda _: os.path.exists(mark))
        check(f'{number.name} while somebody is told: what tells him ends as well', status == 73 and
              '--notify-exec: interrupted' in err and time.monotonic() - begin < 40, (status, err))
        os.remove(mark)
        night = site.night()
        check('the next night has the same news', night.out == reference.out, night)
        check('... and then silence', not site.night().out)
        check('the memory is sound', site.tool('check').returncode == 0)


def main():
    program = os.path.abspath(sys.argv[1])
    for scenario in (plug_in, no_logs, looks, last_success, colours, signals):
        with tempfile.TemporaryDirectory() as folder:
            print(f'-- {scenario.__name__}')
            scenario(Site(program, folder, *RULES))
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
