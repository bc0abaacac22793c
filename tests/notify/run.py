#!/usr/bin/python3
"""--notify-exec: who is told what and when, and commands that fail, hang or do not listen.  run.py EVSCAN

Prints a line a check; exit status 1 when one fails.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import check, exit_status  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
LOGS = ('node1.evt', 'node2.evt')
KEEP = 'cat >report; env -0 >env; ls /proc/self/fd >files'
NAMES = {'TEST', 'STATUS', 'CLUSTER', 'NEWS', 'DIAGNOSES', 'FINDINGS', 'ARTICLE', 'RULE', 'TITLE', 'CONFIDENCE',
         'NODES', 'SPREAD'}


class Desk:
    """A folder with logs, and what the command left in it."""

    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)

    def run(self, *args, zone=None):
        for name in ('report', 'env', 'files', 'started'):
            (self.folder / name).unlink(missing_ok=True)
        usual = {name: value for name, value in os.environ.items() if name != 'TZ'} | ({'TZ': zone} if zone else {})
        return subprocess.run([self.program, *args], cwd=self.folder, capture_output=True, timeout=60, check=False,
                              env=usual | {'EVSCAN_CLOCK': '1999-04-13T00:00:00Z', 'EVSCAN_STATUS': 'old'})

    def read(self, name):
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def told(self):
        """The variables of the command; None: it was not started."""
        text = self.read('env')
        pairs = [line.partition(b'=') for line in text.split(b'\0')] if text is not None else []
        own = {name[7:].decode(): value for name, _, value in pairs if name.startswith(b'EVSCAN_')}
        return {name: value for name, value in own.items() if name in NAMES} if text is not None else None


def what_is_told(desk):
    plain = desk.run(*LOGS)
    result = desk.run('--notify-exec', KEEP, *LOGS)
    told = desk.told()
    check('the report and the exit status are as without it',
          (plain.stdout, plain.stderr, plain.returncode) == (result.stdout, result.stderr, result.returncode), result)
    check('the command gets the text report', desk.read('report') == plain.stdout and len(plain.stdout) > 1000)
    check('... and all variables', told and set(told) == NAMES, told)
    check('... which say what the report says', told and told['ARTICLE'] == b'Q218922' and told['STATUS'] == b'1' and
          told['NODES'].split() == [b'NODE1', b'NODE2'] and told['TEST'] == b'0' and told['RULE'] == b'' and
          told['CONFIDENCE'] in plain.stdout.lower() and told['CONFIDENCE'] and told['TITLE'] and
          int(told['DIAGNOSES']) >= 1 and int(told['NEWS']) == int(told['DIAGNOSES']) + int(told['FINDINGS']), told)
    check('... and no file but its own', desk.read('files').split() == [b'0', b'1', b'2', b'3'], desk.read('files'))
    result = desk.run('--format', 'json', '--notify-exec', KEEP + '; echo said', *LOGS)
    check('what it prints does not get into the report', result.stdout.startswith(b'{') and b'said' not in result.stdout
          and result.stderr.endswith(b'said\n') and desk.read('report') == plain.stdout, result)
    desk.run('--rules', 'rule.yaml', '--notify-exec', KEEP, 'quiet.evtx')
    told = desk.told()
    check('findings without a diagnosis have a rule', told and told['RULE'] == b'test-6005' and not told['ARTICLE'] and
          told['CONFIDENCE'] == b'' and told['DIAGNOSES'] == b'0' and told['FINDINGS'] == b'1', told)


def whose_zone(desk):
    """--tz is for the report: the command lives where the user does."""
    for zone in (None, 'Asia/Tokyo'):
        desk.run('--tz', 'Europe/Berlin', '--notify-exec', KEEP, *LOGS, zone=zone)
        found = [line for line in desk.read('env').split(b'\0') if line.startswith(b'TZ=')]
        check(f'--tz does not change TZ of the command: {zone}',
              found == ([b'TZ=' + zone.encode()] if zone else []), found)
        check('... and the report has its times', b'+02:00' in desk.read('report'))


def when_it_is_told(desk):
    result = desk.run('--notify-exec', KEEP, 'quiet.evtx')
    check('nothing found: nobody is told', result.returncode == 0 and desk.told() is None, result)
    result = desk.run('--notify-exec', KEEP, 'quiet.evtx', 'missing.evtx')
    check('an input that is missing is told', result.returncode == 2 and desk.told()['STATUS'] == b'2', result)
    result = desk.run('--notify-exec', KEEP, '--output', 'json:no/such/folder', *LOGS)
    check('a report that cannot be written is not told', result.returncode == 73 and desk.told() is None, result)


def commands_that_fail(desk):
    for command, words in (('exit 3', b'ended with status 3: exit 3'),
                           ('no-such-command-here', b'ended with status 127'),
                           ('kill -9 $$', b'ended by signal 9'), ('kill -PIPE $$; exit 0', b'ended by signal 13'),
                           ('-x', b'ended with status 127')):
        result = desk.run('--notify-exec', command, *LOGS)
        check(f'{command}: said, and the exit status is 73', result.returncode == 73 and words in result.stderr and
              result.stdout, result)
    for command in ('true', 'exec <&-', 'head -c 1 >/dev/null'):
        result = desk.run('--notify-exec', command, *LOGS)
        check(f'{command}: does not listen, which is well', result.returncode == 1 and not result.stderr, result)
    result = desk.run('--notify-timeout', '1', '--notify-exec', 'sleep 600 & echo $! >started; wait', *LOGS)
    check('one that hangs is ended', result.returncode == 73 and b'not done after 1 seconds' in result.stderr, result)
    child = pathlib.Path('/proc') / desk.read('started').decode().strip() / 'stat'
    try:
        alive = child.read_text().rpartition(')')[2].split()[0] not in 'ZX' # dead, but not buried yet
    except (FileNotFoundError, ProcessLookupError):
        alive = False
    check('... with what it started', not alive)


def hostile(desk):
    for log in ('hostile.evt', 'long.evt'):
        desk.run('--rules', str(TESTS / 'state/rule.yaml'), '--notify-exec', KEEP + '; echo $EVSCAN_NODES '
                 '"$EVSCAN_TITLE"', log)
        told = desk.told()
        check(f'{log}: the name arrives', told and told['NODES'].startswith(b'N'), told)
        check('... as one line of text', told and all(byte >= 0x20 for value in told.values() for byte in value) and
              all(len(value.decode()) <= 20480 for value in told.values()), told)
    check('what logs say is never run', not (desk.folder / 'pwned').exists())


def tests(desk):
    result = desk.run('--notify-exec', KEEP, '--notify-test')
    told = desk.told()
    check('--notify-test: the same way, marked', result.returncode == 0 and not result.stdout and told and
          set(told) == NAMES and told['TEST'] == b'1' and told['STATUS'] == b'0' and
          b'test' in desk.read('report'), result)
    check('... and says when it did not work', desk.run('--notify-exec', 'exit 9', '--notify-test').returncode == 73)
    for args in (['--notify-test'], ['--notify-exec', KEEP, '--partial', 'x', *LOGS], ['--notify-exec', KEEP],
                 ['--notify-exec', KEEP, '--notify-timeout', '0', *LOGS]):
        result = desk.run(*args)
        check(f'{" ".join(args)}: refused', result.returncode == 64 and desk.told() is None, result)


def nights(desk):
    night = ('--cron', '--state', 'state', '--cluster', 'sql', *LOGS)
    result = desk.run('--notify-exec', 'exit 1', *night)
    check('a night whose news did not arrive is not remembered', result.returncode == 73 and result.stdout, result)
    again = desk.run('--notify-exec', KEEP, *night)
    told = desk.told()
    check('... so the next one tells it again', again.stdout == result.stdout and again.returncode == 1, again)
    check('the command is told the news', desk.read('report') == again.stdout and told and told['CLUSTER'] == b'sql' and
          told['ARTICLE'] == b'Q218922' and int(told['NEWS']) >= 1, told)
    result = desk.run('--notify-exec', KEEP, *night)
    check('without news nobody is told', result.returncode == 0 and not result.stdout and desk.told() is None, result)
    result = desk.run('--notify-exec', KEEP, '--force', '--output', 'prometheus:metrics', *night)
    check('... also when metrics are written', (desk.folder / 'metrics').exists() and desk.told() is None, result)


def news_without_article(desk):
    """The subject of a mail is never empty."""
    def night(*args):
        desk.run('--cron', '--state', 'second', '--notify-exec', KEEP, *args)
        return desk.told()

    night('quiet.evtx')
    told = night('--nodes', 'NODE9', 'quiet.evtx')
    check('a node that is missing has words', told and told['TITLE'] == b'no log of NODE9' and told['NODES'] == b'NODE9' and
          told['RULE'] == b'node-missing' and not told['ARTICLE'], told)
    told = night('quiet.evtx')
    check('... and when that is over', told and told['TITLE'] == b'gone: no log of NODE9', told)
    told = night('quiet.evtx', 'away')
    check('... a folder that is away', told and told['TITLE'].startswith(b'away: cannot be opened') and
          not told['RULE'] + told['ARTICLE'], told)
    log = (desk.folder / 'quiet.evtx').read_bytes()
    (desk.folder / 'cut.evtx').write_bytes(log[:5000])
    (desk.folder / 'also.evtx').write_bytes(log[:5001])
    told = night('quiet.evtx', 'cut.evtx', 'also.evtx')
    check('... logs that were cut', told and b'.evtx: not all of it could be read' in told['TITLE'] and
          told['TITLE'].endswith(b' (and 1 more)'), told)
    desk.run('--notify-exec', KEEP, 'quiet.evtx', 'missing.evtx')
    check('... a run that is incomplete', b'could not be read' in desk.told()['TITLE'], desk.told())
    desk.run('--nodes', 'NODE9', '--notify-exec', KEEP, 'quiet.evtx')
    check('... for want of a node', desk.told()['NODES'] == b'NODE9' and b'NODE9' in desk.told()['TITLE'], desk.told())


def merge(desk):
    plain = desk.run('--notify-exec', KEEP, *LOGS)
    report, told = desk.read('report'), desk.told()
    for log in (*LOGS, 'quiet.evtx'):
        desk.run('--partial', f'{log}.partial', log)
    result = desk.run('merge', '--notify-exec', KEEP, *(f'{log}.partial' for log in LOGS))
    check('merge tells what one scan would', (result.stdout, result.returncode, desk.read('report'), desk.told()) ==
          (plain.stdout, plain.returncode, report, told) and told, result)
    result = desk.run('merge', '--notify-exec', KEEP, 'quiet.evtx.partial')
    check('... and nobody when nothing was found', result.returncode == 0 and desk.told() is None, result)
    result = desk.run('merge', '--notify-exec', 'exit 3', 'node1.evt.partial')
    check('... and says when that failed', result.returncode == 73 and b'ended with status 3' in result.stderr, result)
    result = desk.run('merge', '--notify-exec', KEEP, '--notify-test')
    check('... and is tried the same way', result.returncode == 0 and desk.told()['TEST'] == b'1', result)
    check('... with a command', desk.run('merge', '--notify-test').returncode == 64)


def plug_ins(desk):
    """One line and the status of a plug-in, by either name."""
    rule = (desk.folder / 'rule.yaml').read_text(encoding='utf-8')
    (desk.folder / 'medium.yaml').write_text(re.sub('level: .*', 'level: medium', rule), encoding='utf-8')
    for args, status, word in ((LOGS, 2, b'CRITICAL'), (('quiet.evtx',), 0, b'OK'), (('quiet.evtx', 'none.evt'), 3, b'UNKNOWN'),
                               (('--fail-level', 'critical', '--rules', 'rule.yaml', 'quiet.evtx'), 0, b'OK'),
                               (('--rules', 'medium.yaml', 'quiet.evtx'), 1, b'WARNING'),
                               (('--rules', 'none.yaml', 'quiet.evtx'), 3, b'UNKNOWN')):
        by_option, by_format = desk.run('--nagios', *args), desk.run('--format', 'nagios', *args)
        check(f'a plug-in: {word.decode()}', by_option.returncode == status and
              by_option.stdout.startswith(b'EVSCAN ' + word), by_option)
        check('... by either name', (by_option.stdout, by_option.returncode) ==
              (by_format.stdout, by_format.returncode), by_format)
    merged = desk.run('merge', '--format', 'nagios', *(f'{log}.partial' for log in LOGS))
    scanned = desk.run('--nagios', *LOGS)
    check('... and by merge', (merged.stdout, merged.returncode) == (scanned.stdout, scanned.returncode), merged)
    none = desk.run('merge', '--format', 'nagios', 'none.partial')
    check('... which without an answer is unknown', none.returncode == 3 and none.stdout.startswith(b'EVSCAN UNKNOWN'), none)
    both = desk.run('--output', 'nagios:line', *LOGS)
    check('a line that goes to a file leaves the status as it is', both.returncode == 1 and
          desk.read('line').startswith(b'EVSCAN CRITICAL'), both)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for description in (TESTS / 'cli/incident.yaml', HERE / 'incident.yaml'):
            subprocess.run([sys.executable, TESTS / 'writer/make_logs.py', description, '--out', folder], check=True)
        shutil.copy(TESTS / 'cli/rule.yaml', folder)
        desk = Desk(os.path.abspath(sys.argv[1]), folder)
        what_is_told(desk)
        whose_zone(desk)
        when_it_is_told(desk)
        commands_that_fail(desk)
        hostile(desk)
        tests(desk)
        nights(desk)
        news_without_article(desk)
        merge(desk)
        plug_ins(desk)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
