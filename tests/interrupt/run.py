#!/usr/bin/python3
"""Ctrl-C and progress, in a terminal of our own.  run.py EVSCAN

A FIFO that nobody writes to stops a run at a known place.  Prints a line a check; exit status 1 when one fails.
"""

import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SECONDS = 60
sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import check, exit_status  # noqa: E402


def has_opened_fifo(pid):
    """Then it waits for what nobody writes."""
    for link in pathlib.Path(f'/proc/{pid}/fd').glob('*'):
        try:
            if os.readlink(link).endswith('.fifo'):
                return True
        except OSError:
            pass
    return False


def work_of(pid):
    """Processor time so far, and whether it sleeps."""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text(encoding='ascii').rsplit(')', 1)[1].split()
    return fields[11:13], fields[0] == 'S'


def started(evscan, folder, *args, **options):
    """A run that has read node1.evt and waits for the FIFO behind it."""
    process = subprocess.Popen([evscan, *args], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL, **options)
    end = time.monotonic() + 5
    while time.monotonic() < end and not has_opened_fifo(process.pid):
        time.sleep(0.05)
    time.sleep(0.3)
    return process


def interrupts(evscan, folder):
    paths = ['node1.evt', 'node2.fifo', 'z.evt']
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for threads in ('1', '3'):
            process = started(evscan, folder, '--format', 'json', '--threads', threads, *paths)
            process.send_signal(number)
            out, err = process.communicate(timeout=SECONDS)
            check(f'{number.name}, {threads} threads: exit status 3', process.returncode == 3, (process.returncode, err))
            report = json.loads(out)
            check('... a whole report of what was read', report['findings'] and [i['path'] for i in report['inputs']] == paths,
                  out[-300:])
            notices = {i['path']: [n['number'] for n in i['notices']] for i in report['inputs']}
            check('... which says what was not', notices == {'node1.evt': [], 'node2.fifo': [107], 'z.evt': [107]}, notices)
            check('... and a word on standard error', err.decode().count('interrupted') == 1, err)
    for form, words in [('text', b'Interrupted: likely on CLUS-A'), ('html', b'Interrupted: likely on CLUS-A'),
                        ('markdown', b'## Interrupted: likely on CLUS'), ('jsonl', b'"text":"Interrupted: likely on'),
                        ('csv', b'\nincomplete,,,,,,,,,,,,,z.evt,,,,the run was interrupted'),
                        ('syslog', b'<5>incomplete: 2 of 3 inputs were not read to the end: the run was interrupted'),
                        ('nagios', b'; not all could be read'), ('prometheus', b'last_run_complete{cluster=""} 0')]:
        process = started(evscan, folder, '--format', form, *paths)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
        check(f'{form}: says that it was interrupted', words in out, out[:300])
    for args, status in [(['show'], 2), (['search', 'clusres'], 3), (['stats'], 2)]:
        process = started(evscan, folder, *args, *paths)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
        check(f'{args[0]}: exit status {status}, with what was read', process.returncode == status and out,
              (process.returncode, err))
    events_that_end(evscan, folder, paths)
    nothing_yet(evscan, folder)
    process = started(evscan, folder, 'stats', '-o', 'csv', *paths)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    lines = out.decode().splitlines()
    check('stats in CSV: every row is marked', len(lines) > 1 and lines[0].endswith(',complete') and
          all(line.endswith(',no') for line in lines[1:]), lines[:2])
    process = started(evscan, folder, 'compare', *paths)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    check('compare: exit status 2, with what was compared', process.returncode == 2 and b'1 log, ' in out and
          b'interrupted' in err, (process.returncode, out, err))
    process = started(evscan, folder, *paths)
    process.send_signal(signal.SIGSTOP)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    _, err = process.communicate(timeout=SECONDS)
    check('two different signals end it once', process.returncode in (3, -signal.SIGTERM, -signal.SIGINT), process.returncode)
    process = started(evscan, folder, *paths, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    check('what the caller ignores stays ignored', process.poll() is None)
    process.kill()
    process.communicate()


def events_that_end(evscan, folder, paths):
    """What was printed says itself that it is a part, where that is not taken for an event."""
    last = 'interrupted: not all was read\n'
    for form, commands in (('text', ['show', 'search', 'timeline']), ('xml', ['show', 'search']),
                           ('csv', ['show', 'search', 'timeline']), ('jsonl', ['show', 'search', 'timeline'])):
        for command in commands:
            pattern = ['clusres'] if command == 'search' else []
            _, out, _ = interrupted(evscan, folder, command, '--format', form, *pattern, *paths)
            ends = {'text': '\n' + last, 'xml': f'<!-- {last[:-1]} -->\n'}.get(form)
            check(f'{command} --format {form}: {"the last line says so" if ends else "events alone"}',
                  out.endswith(ends) if ends else out and 'interrupted' not in out, out[-200:])
            if form == 'xml':
                xml.etree.ElementTree.fromstring(out)
    _, out, _ = interrupted(evscan, folder, 'stats', '--format', 'json', *paths)
    check('stats --format json: a member says so', json.loads(out)['interrupted'] and not json.loads(out)['complete'], out)
    for args in (['rules', 'why-not', 'clussvc-1009'], ['compare'], ['stats'], ['kb', 'why-not', 'Q218922']):
        _, out, _ = interrupted(evscan, folder, *args, *paths)
        check(f'{" ".join(args)}: so does its', out.endswith('\n' + last), out[-200:])


def first_finding(process):
    """What comes before the FIFO is written to, up to the first finding."""
    said = b''
    while b'{"finding":' not in said and select.select([process.stdout], [], [], SECONDS)[0]:
        piece = os.read(process.stdout.fileno(), 65536)
        said += piece
        if not piece:
            break
    return said


def streams(evscan, folder):
    """Findings of one log are told while the next one lets evscan wait; the rest is the same for any number of threads."""
    wholes = set()
    for threads in '1', '2', '5':
        process = started(evscan, folder, '--format', 'jsonl', '--threads', threads, 'node1.evt', 'node2.fifo', 'z.evt')
        said = first_finding(process)
        check(f'{threads} threads: findings come while a later log is waited for',
              b'{"finding":' in said and b'"verdict"' not in said, said[-200:])
        with open(os.path.join(folder, 'node2.fifo'), 'wb') as fifo:
            fifo.write(pathlib.Path(folder, 'z.evt').read_bytes())
        wholes.add(said + process.communicate(timeout=SECONDS)[0])
    check('... and all is the same in the end', len(wholes) == 1 and b'"verdict"' in wholes.pop().splitlines()[-1], len(wholes))


def nothing_yet(evscan, folder):
    """Before the first event nobody knows what there is: that is not the same as no logs."""
    for args in (['show'], ['stats'], ['timeline'], ['search', 'x'], ['rules', 'why-not', 'clussvc-1009'], ['compare'], []):
        process = started(evscan, folder, *args, 'node2.fifo')
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SECONDS)
        check(f'{args[0] if args else "scan"}: nothing read yet is incomplete', process.returncode == 2 and
              err.decode().count('interrupted') == 1 and 'no event' not in err.decode(), (process.returncode, err))


RULE = """title: The event log started
name: test-6005
author: the tests
level: high
logsource: {product: windows, service: system}
detection:
    selection: {Provider_Name: EventLog, EventID: 6005}
    condition: selection
tests:
    match:
        - {Provider_Name: EventLog, EventID: 6006}
        - {file: node2.fifo}
        - {file: node1.evt}
"""


def interrupted(evscan, folder, *args):
    process = started(evscan, folder, *args)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    return process.returncode, out.decode(), err.decode()


def other_commands(evscan, folder):
    """Those that read something else than logs, or do more with them."""
    for args in (['scan', '--partial', 'a.partial', 'node1.evt'], ['scan', '--partial', 'z.partial', 'z.evt'],
                 ['--output', 'json:before.json', 'node1.evt']):
        subprocess.run([evscan, *args], cwd=folder, capture_output=True, timeout=SECONDS, check=False)
    status, out, err = interrupted(evscan, folder, 'merge', '--format', 'json', 'a.partial', 'node2.fifo', 'z.partial')
    report = json.loads(out)
    check('merge: exit status 3, and the report of what was read', status == 3 and not report['complete'] and
          [i['path'] for i in report['inputs']] == ['node1.evt'], (status, out[:300]))
    check('... which is said once, and that no partial is damaged', err.count('\n') == 1 and 'interrupted' in err, err)
    status, out, err = interrupted(evscan, folder, 'merge', 'node2.fifo', 'z.partial')
    check('merge: before the first partial', status == 2 and not out and 'nothing to report' in err, (status, out, err))
    for args in (['before.json', 'node2.fifo'], ['node2.fifo', 'before.json']):
        status, out, err = interrupted(evscan, folder, 'diff', *args)
        check('diff: exit status 2, and no word of a difference', status == 2 and not out and
              err == 'evscan: node2.fifo: interrupted before all of it was read: there is nothing to report\n',
              (status, out, err))
    status, out, err = interrupted(evscan, folder, 'timeline', 'node1.evt', 'node2.fifo')
    check('timeline: exit status 2, with what was read', status == 2 and 'CLUS-A' in out and 'interrupted' in err,
          (status, err))
    verify = ['verify', '--since', '1999-01-01', '--baseline']
    status, out, err = interrupted(evscan, folder, *verify, 'before.json', 'node1.evt', 'node2.fifo')
    check('verify: exit status 3, with what recurred', status == 3 and 'Q218922' in out and 'interrupted' in err,
          (status, out, err))
    status, out, err = interrupted(evscan, folder, *verify, 'node2.fifo', 'node1.evt')
    check('verify: before the baseline is read', status == 2 and not out, (status, out, err))
    (pathlib.Path(folder) / 'rule.yaml').write_text(RULE)
    status, out, err = interrupted(evscan, folder, 'rules', 'test', 'rule.yaml')
    check('rules test: exit status 3, with the test that failed before', status == 3 and out.count('FAILED') == 1 and
          'interrupted: 2 of 3 tests' in out, (status, out, err))


def rules_from_a_pipe(evscan, folder):
    """It waits in open(): it sleeps, and goes on sleeping."""
    process = subprocess.Popen([evscan, 'kb', 'search', '--rules', 'node2.fifo', 'quorum'], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    end, before = time.monotonic() + 5, None
    while time.monotonic() < end and (before != work_of(process.pid) or not before[1]):
        before = work_of(process.pid)
        time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=SECONDS)
    check('kb search: exit status 2, and not "no such words"', process.returncode == 2 and
          b'kb search: interrupted' in err and b'nothing holds' not in err, (process.returncode, err))


def read_terminal(terminal, process):
    said = b''
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if ready:
            try:
                said += os.read(terminal, 65536)
            except OSError:
                return said
        elif process.poll() is not None:
            return said


def held_up(process, folder):
    """
    A second and more after it came to the FIFO, which it did behind the beginning of its work, the log that it waits for
    comes.  Whatever it reads then is told of: that is the first word.
    """
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and not has_opened_fifo(process.pid):
        time.sleep(0.05)
    time.sleep(1.1)
    with open(os.path.join(folder, 'node2.fifo'), 'wb') as fifo:
        fifo.write(pathlib.Path(folder, 'z.evt').read_bytes())


def watched(evscan, folder, *args):
    """What a run that is held up for more than a second writes to the terminal on standard error."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([evscan, *args], cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs,
                               env=os.environ | {'TERM': 'xterm'})
    os.close(theirs)
    held_up(process, folder)
    said = read_terminal(ours, process)
    process.wait(timeout=SECONDS)
    os.close(ours)
    return said.decode()


def progress(evscan, folder):
    """
    What a FIFO gives counts as it comes: 3,652 of the 3,692 bytes stand before its end record.
    Files are read by their names; hits are those of the files before.
    """
    speed = r'\d+(\.\d)? [KM]?B/s, \d+ s left'
    (pathlib.Path(folder) / 'rule.yaml').write_text(RULE)
    hits = subprocess.run([evscan, 'show', '-o', 'jsonl', '--provider', 'EventLog', '--id', '6005', 'node1.evt'],
                          cwd=folder, capture_output=True, check=False).stdout.count(b'\n')
    alone = f'99 %, 3.7 KB of 3.7 KB, 0 of 2 files, {speed}'
    for first, args in [(alone, ['node2.fifo', 'z.evt']), (alone, ['stats', 'node2.fifo', 'z.evt']),
                        (alone, ['search', 'clusres', 'node2.fifo', 'z.evt']),
                        (f'100 %, 7.7 KB of 7.7 KB, 1 of 2 files, {speed}, {hits} hits',
                         ['--rules', 'rule.yaml', 'node1.evt', 'node2.fifo'])]:
        said = watched(evscan, folder, *args, '--threads', '1')
        lines = said.split('\r\x1b[K')
        check(f'{" ".join(args)}: the first word', len(lines) > 2 and not lines[0] and re.fullmatch(first, lines[1]), lines)
        check('... on lines that fit', max(map(len, lines)) < 80, lines)
        check('... which are gone in the end', not lines[-1], lines)
    said = watched(evscan, folder, '--quiet', 'node2.fifo', 'node1.evt')
    check('--quiet is quiet', said == '', said)
    process = subprocess.Popen([evscan, 'stats', 'node2.fifo', 'node1.evt'], cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    held_up(process, folder)
    _, err = process.communicate(timeout=SECONDS)
    check('a pipe gets no progress', err == b'', err)


def main():
    evscan = os.path.abspath(sys.argv[1])
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored, and so it would stay in evscan
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / 'samples/Q218922/node1.evt', folder)
        shutil.copy(ROOT / 'samples/Q218922/node2.evt', os.path.join(folder, 'z.evt'))
        os.mkfifo(os.path.join(folder, 'node2.fifo'))
        interrupts(evscan, folder)
        streams(evscan, folder)
        other_commands(evscan, folder)
        rules_from_a_pipe(evscan, folder)
        progress(evscan, folder)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
