#!/usr/bin/python3
"""What somebody mistypes is answered with what was probably meant, and what is not there with its next step.

run.py EVSCAN.  Prints a line a check; exit status 1 when one fails.
"""

import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import ROOT, Evscan, check, exit_status  # noqa: E402


class Typist(Evscan):
    def says(self, args, status, words):
        done = self.run(*args)
        check(f'{" ".join(args)}: {words.strip()}', done.returncode == status and words in done.stderr, done)


def words(evscan):
    for command, typed, meant in [('state', 'shwo', 'show'), ('state', 'forgt', 'forget'), ('config', 'chekc', 'check'),
                                  ('completion', 'bsh', 'bash'), ('completion', 'FISH', 'fish'), ('kb', 'serach', 'search'),
                                  ('kb', 'li', 'list'), ('rules', 'tst', 'test'), ('rules', 'why_not', 'why-not')]:
        evscan.says([command, typed], 64, f'evscan: {command} has no {typed}; did you mean evscan {command} {meant}?')
    said = evscan.run('x').stderr
    check('x: a letter is no misspelt name', 'did you mean' not in said, said)
    evscan.says(['report'], 66, 'evscan --help names the commands')
    evscan.says(['stas', '--help'], 64, 'did you mean evscan stats?')
    for args in (['help'], ['help', 'show']):
        done, wanted = evscan.run(*args), evscan.run(*args[1:], '--help')
        check(f'{" ".join(args)} is --help', (done.returncode, done.stdout) == (0, wanted.stdout), done)
    evscan.says(['version'], 64, 'did you mean evscan --version?')
    for command in ('state', 'config', 'completion', 'kb', 'rules'):
        evscan.says([command, 'zzzzzz'], 64, f'evscan: {command} has no zzzzzz; there is ')
        evscan.says([command], 64, f'evscan {command} --help says more')


def values(evscan):
    log = 'node1.evt'
    for args, meant in [(['show', '--level', 'eror', log], '--level eror: did you mean error?'),
                        (['stats', '--level', 'error,warn', log], '--level warn: did you mean warning?'),
                        (['search', '--level', 'information,Info', 'x', log], '--level Info: did you mean information?'),
                        (['timeline', '--level', 'zzzzzzzz', log], '--level zzzzzzzz: it must be critical, error'),
                        (['stats', '--by', 'provdier', log], '--by provdier: did you mean provider?'),
                        (['stats', '--by', 'chan', log], '--by chan: did you mean channel?'),
                        (['show', '--tz', 'Europe/Berln', log], 'did you mean Europe/Berlin?'),
                        (['show', '--tz', 'berlin', log], 'did you mean Europe/Berlin?'),
                        (['timeline', '--tz', 'New York', log], 'did you mean America/New_York?'),
                        (['--tz', 'W. Europe Standart Time', log], 'did you mean W. Europe Standard Time?'),
                        (['--tz', 'Nowhere/At_All_Whatsoever', log], 'here; names are such as Europe/Berlin')]:
        evscan.says(args, 64, meant)
    by_source = evscan.run('stats', '-o', 'csv', '--by', 'Source,LOG,computer', log)
    by_provider = evscan.run('stats', '-o', 'csv', '--by', 'provider,channel,node', log)
    check('--by takes the words of the event viewer', by_source.stdout == by_provider.stdout and not by_source.returncode,
          by_source)


def zones(evscan):
    for given, shown in [('W. Europe Standard Time', '+02:00'), ('tokyo standard time', '+09:00'),
                         ('US Mountain Standard Time', '-07:00'), ('India Standard Time', '+05:30')]:
        text = evscan.run('show', '--tz', given, '--record', '17', 'node1.evt').stdout
        check(f'--tz {given}', f'{shown}  CLUS-A' in text, text)
    for given, label in [('+2', '+02:00'), ('-5', '-05:00'), ('+0530', '+05:30'), ('UTC+2', '+02:00'), ('gmt-05:30', '-05:30')]:
        for args, words in [(['stats'], f'times are {label}'), (['timeline'], f'Time {label} '),
                            ([], f'All times are {label}.')]:
            out = evscan.run(*args, '--tz', given, 'node1.evt').stdout
            check(f'{" ".join(args) or "scan"} --tz {given}: is called {label}', words in out, out[-300:])


def paths(evscan):
    missing = 'No such file or directory'
    for command in (['show'], ['stats'], ['timeline'], ['search', 'x'], ['rules', 'why-not', 'clussvc-1009'], ['compare'], []):
        evscan.says([*command, 'nod1.evt'], 66, f'{missing}; did you mean node1.evt?')
        evscan.says([*command, 'no/such/folder/x.evt'], 66, f'{missing}; there is no no\n')
        evscan.says([*command, 'logs/zzzzzzzzzzzzzzz'], 66, f'{missing}; logs/ has no such name, nor one like it')
        evscan.says([*command, 'dangling.evt'], 66, f'{missing}; it is a symbolic link, and there is no away/node1.evt')
        evscan.says([*command, 'zero.evt'], 65, 'zero.evt: ')
        evscan.says([*command, 'empty'], 65, 'empty: ')
    both = evscan.run('show', 'node1.evt', 'nod1.evt')
    check('what else could be read is printed', both.returncode == 2 and 'CLUS-A' in both.stdout and
          both.stderr.count('\n') == 1, both.stderr)
    both = evscan.run('node1.evt', 'nod1.evt')
    check('... and reported', both.returncode == 3 and 'CLUS-A' in both.stdout and both.stderr.count('\n') == 1, both.stderr)
    for args in (['diff', 'beforee.json', 'before.json'], ['diff', 'before.json', 'beforee.json'],
                 ['verify', '--since', '1999-01-01', '--baseline', 'beforee.json', 'logs']):
        evscan.says(args, 66, f'beforee.json: cannot be read: {missing}; did you mean before.json?')
    evscan.says(['merge', 'node1.partal'], 66, 'did you mean node1.partial?')
    evscan.says(['merge', 'empty'], 65, 'empty: nothing to merge: no file is there; evscan scan --partial FILE LOG..')
    evscan.says(['merge', 'logs'], 65, 'logs: nothing to merge: no partial of these rules is there')
    compared = evscan.run('compare', 'zero.evt', 'node1.evt')
    check('compare: what is compared besides an empty file', compared.returncode == 0 and '1 log, ' in compared.stdout and
          not compared.stderr, compared)
    os.chmod(evscan.folder / 'logs', 0)
    if not os.access(evscan.folder / 'logs', os.R_OK):
        evscan.says(['show', 'logs'], 66, 'Permission denied; its owner has to let you read it')
    os.chmod(evscan.folder / 'logs', 0o755)


def main(program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        evscan = Typist(program, folder, text=True)
        for made in ('logs', 'empty'):
            (folder / made).mkdir()
        shutil.copy(ROOT / 'samples/Q218922/node1.evt', folder)
        shutil.copy(ROOT / 'samples/Q218922/node2.evt', folder / 'logs')
        (folder / 'zero.evt').touch()
        (folder / 'dangling.evt').symlink_to('away/node1.evt')
        evscan.run('--output', 'json:before.json', 'node1.evt')
        evscan.run('scan', '--partial', 'node1.partial', 'node1.evt')
        words(evscan)
        values(evscan)
        zones(evscan)
        paths(evscan)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
