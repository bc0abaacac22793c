#!/usr/bin/python3
"""The configuration file: run.py EVSCAN

Its runs are those of the command lines that it stands for, and every mistake in it is told with its place.  Prints a
line for each check and ends with 1 when one failed.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import check, exit_status  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / 'man' / 'evscan.conf.5'


TWO_CLUSTERS = """\
options:
    cron: true
    state: state
    recover: false
clusters:
    sql:
        folders: exports/sql
        options: {remind: daily}
    it's files:
        folders: [exports/files, '-odd']
"""

WRONG = """\
options:
    stat: /var/lib/evscan
    cron: maybe
    remind: never
    threads: 9999
    tz: [UTC, UTC]
    cluster: x
    rules: {a: b}
folder: exports
clusters:
    sql: {folder: exports/sql}
    files: 7
"""

# line, column, what it says
MISTAKES = [
    (2, 5, 'did you mean state?'), (3, 11, 'true or false'), (4, 13, 'once, daily or diminishing'),
    (5, 14, 'from 1 to 256'), (6, 9, 'given once'), (7, 5, 'not for the file'), (8, 12, 'a text or a number'),
    (9, 1, 'did you mean folders?'), (11, 5, 'needs its folders'),
    (11, 11, 'did you mean folders?'), (12, 12, 'needs its folders'),
]


class Machine:
    """A folder with a configuration and the exports of two clusters."""

    def __init__(self, evscan, folder):
        self.evscan, self.folder = str(Path(evscan).resolve()), Path(folder)
        for cluster, sample in ('sql', 'Q218922'), ('files', 'Q251284'):
            shutil.copytree(ROOT / 'samples' / sample, self.folder / 'exports' / cluster)
        shutil.copytree(ROOT / 'samples' / 'healthy', self.folder / '-odd')

    def run(self, *arguments):
        return subprocess.run([self.evscan, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)

    def write(self, text):
        (self.folder / 'evscan.conf').write_text(text)


def check_lines(machine):
    machine.write(TWO_CLUSTERS)
    done = machine.run('config', 'check', 'evscan.conf')
    expected = ['evscan --cron --state=state --cluster=sql --remind=daily exports/sql',
                "evscan --cron --state=state '--cluster=it'\\''s files' exports/files ./-odd"]
    check('a file comes to one command line for each cluster', (done.returncode, done.stdout.splitlines()) == (0, expected),
          f'{done.returncode}: {done.stdout}{done.stderr}')


def check_runs(machine):
    first = machine.run('--config', 'evscan.conf')
    check('both clusters are read', first.returncode == 1 and 'News of sql' in first.stdout
          and "News of it's files" in first.stdout, f'{first.returncode}: {first.stdout[:300]}{first.stderr}')
    second = machine.run('--config', 'evscan.conf', '--cluster', "it's files")
    check('the second night of one of them is silent', (second.returncode, second.stdout, second.stderr) == (0, '', ''),
          f'{second.returncode}: {second.stdout}{second.stderr}')
    many = machine.run('--config', 'evscan.conf', '--nagios')
    check('one status line has to be of one cluster', many.returncode in (3, 64) and '--cluster' in many.stdout + many.stderr,
          f'{many.returncode}: {many.stdout}{many.stderr}')
    same = machine.run('--config', 'evscan.conf', '--format', 'nagios')
    check('... nor by its other name', (same.returncode, same.stderr) == (many.returncode, many.stderr), same)
    machine.write('options: {format: nagios}\nfolders: exports/sql\n')
    written = machine.run('config', 'check', 'evscan.conf')
    check('... and not of the file', written.returncode == 78 and '--nagios on the command line' in written.stderr, written)
    machine.write(TWO_CLUSTERS)
    one = machine.run('--config', 'evscan.conf', '--nagios', '--cluster', 'sql')
    check('and may be of one', one.returncode < 3 and len(one.stdout.splitlines()) == 1, f'{one.stdout}{one.stderr}')
    unknown = machine.run('--config', 'evscan.conf', '--cluster', 'mail')
    check('a cluster that is not there is a mistake', unknown.returncode == 64 and 'mail' in unknown.stderr,
          f'{unknown.returncode}: {unknown.stderr}')


def check_same(machine):
    machine.write('options: {format: json}\nfolders: exports/sql\n')
    configured, said = machine.run('--config', 'evscan.conf'), machine.run('--format', 'json', 'exports/sql')
    check('one run without clusters is that of its command line', configured.stdout == said.stdout
          and configured.returncode == said.returncode == 1, configured.stderr)
    named = machine.run('--config', 'evscan.conf', '--format', 'csv', 'exports/files')
    check('the command line has the last word', named.stdout.startswith('kind,') and 'Q251284' in named.stdout
          and 'Q218922' not in named.stdout, named.stdout[:200] + named.stderr)


def check_zones(machine):
    """Clusters are runs of one process: the zone of one is not that of the next."""
    machine.write('clusters:\n    a: {folders: exports/sql, options: {tz: Asia/Tokyo}}\n'
                  '    b: {folders: exports/sql, options: {tz: local}}\n')
    done = subprocess.run([machine.evscan, '--config', 'evscan.conf'], cwd=machine.folder, capture_output=True,
                          text=True, check=False, env=dict(os.environ, TZ='America/New_York'))
    first, second = [part.splitlines()[0] for part in re.split('(?m)^(?=Confirmed)', done.stdout)[1:]]
    check('each cluster has its zone', '+09:00' in first and '-04:00' in second, [first, second])


def check_statuses(machine):
    machine.write('clusters:\n    gone: {folders: nowhere}\n    sql: {folders: exports/sql}\n')
    done = machine.run('--config', 'evscan.conf')
    check('a cluster without logs leaves the others alone: 3', done.returncode == 3 and 'Q218922' in done.stdout,
          f'{done.returncode}: {done.stderr}')
    machine.write('clusters:\n    bad: {folders: exports/sql, options: {output: "html:/dev/null/x"}}\n'
                  '    sql: {folders: exports/sql}\n')
    done = machine.run('--config', 'evscan.conf')
    check('what keeps one run from its end is the status of all', done.returncode == 73 and 'Q218922' in done.stdout,
          f'{done.returncode}: {done.stderr}')


def check_mistakes(machine):
    machine.write(WRONG)
    for arguments in ('config', 'check', 'evscan.conf'), ('--config', 'evscan.conf'):
        done = machine.run(*arguments)
        check(f'{arguments[0]}: mistakes are 78, and nothing runs', (done.returncode, done.stdout) == (78, ''),
              f'{done.returncode}: {done.stdout}')
        blocks = re.split(r'^(?=evscan\.conf:)', done.stderr, flags=re.MULTILINE)[1:]
        for (line, column, words), block in zip(MISTAKES, blocks):
            check(f'line {line}: {words}', block.startswith(f'evscan.conf:{line}:{column}:') and words in block, block)
        check('each is told once', len(blocks) == len(MISTAKES), done.stderr)
    for text, words in [('', 'one YAML document'), ('a: 1\n---\nb: 2\n', 'one YAML document'), ('- a\n', 'must be a map'),
                        ('clusters: {}\n', 'clusters by their names'), ('folders: "a\\0b"\n', 'a text or a number'),
                        ('folders: {a\n', 'error[yaml]'), ('options: {nagios: true}\nfolders: x\n', 'on the command line'),
                        ('options: {state: ""}\nfolders: x\n', 'must not be empty'),
                        ('folders: [x, m*]\n', 'names are not patterns'), ('folders: x\nclusters: {a: {folders: y}}\n', 'its own folders')]:
        machine.write(text)
        done = machine.run('config', 'check', 'evscan.conf')
        check(f'{text!r}: {words}', done.returncode == 78 and words in done.stderr, f'{done.returncode}: {done.stderr}')


def check_outputs(machine):
    """A file that two runs write to would hold what the last of them wrote."""
    two = 'clusters:\n    a: {folders: x, options: {output: [%s]}}\n    b: {folders: x, options: {output: [%s]}}\n'
    for text, refused in [
        ('options: {output: "json:x.json"}\nclusters: {a: {folders: x}, b: {folders: x}}\n', True),
        (two % ('"json:d/x"', '"syslog:local0", "prometheus:.//d/./x"'), True),
        (two % ('"json:d/x"', '"json:d/y"'), False),
        (two % ('"json:d/.x"', '"json:d/x"'), False),
        ('options: {output: "syslog:local0"}\nclusters: {a: {folders: x}, b: {folders: x}}\n', False),
        ('options: {output: ["json:x", "html:y", "csv:x"]}\nfolders: x\n', True),
        ('options: {partial: x}\nclusters: {a: {folders: x}, b: {folders: x}}\n', True),
    ]:
        machine.write(text)
        for arguments in ('config', 'check', 'evscan.conf'), ('--config', 'evscan.conf'):
            done = machine.run(*arguments)
            check(f'{arguments[0]}: {text!r}: {"refused" if refused else "good"}', (done.returncode == 78 and
                  'same file' in done.stderr and done.stdout == '') if refused else 'same file' not in done.stderr, done)
    machine.write('options: {output: ["html:%c/%c.html", "json:x%cy"]}\nclusters: {a: {folders: x}, "b/%c": {folders: x, '
                  'options: {output: "csv:%c.csv"}}}\n')
    done = machine.run('config', 'check', 'evscan.conf')
    names = [re.findall('--output=(\\S+)', line) for line in done.stdout.splitlines()]
    check('%c in a path is the name of the cluster', done.returncode == 0 and names == [
        ['html:a/a.html', 'json:xay'], ['html:b_%c/b_%c.html', 'json:xb_%cy', 'csv:b_%c.csv']], done)
    machine.write('options: {output: "html:%c.html"}\nfolders: x\n')
    done = machine.run('config', 'check', 'evscan.conf')
    check('... where there are clusters', '--output=html:%c.html' in done.stdout, done)
    machine.write('options: {output: "html:%c.html"}\nclusters: {"a/b": {folders: x}, a_b: {folders: x}}\n')
    done = machine.run('config', 'check', 'evscan.conf')
    check('... and two may come to the same', done.returncode == 78 and 'same file' in done.stderr, done)
    machine.write(f'options: {{output: "html:{"%c" * 3000}"}}\nclusters: {{"{"n" * 3000}": {{folders: x}}}}\n')
    check('... and it has an end', len(machine.run('config', 'check', 'evscan.conf').stdout) < 20000)
    machine.write(TWO_CLUSTERS)
    for option in ('--output', 'json:all.json'), ('--partial', 'p'):
        done = machine.run('--config', 'evscan.conf', *option)
        check(f'{option[0]} on the command line holds for all: refused', done.returncode == 64 and not done.stdout and
              not (machine.folder / option[1].split(':')[-1]).exists(), done)
    done = machine.run('--config', 'evscan.conf', '--cluster', 'sql', '--output', 'prometheus:sql.prom')
    check('... and good for one cluster', done.returncode < 4 and (machine.folder / 'sql.prom').exists(), done)


def check_suppressions(machine, base):
    """In the memory's folder, which need not be there, and in one that is named, which must."""
    own, named = machine.folder / 's' / 'suppress.d', machine.folder / 'hush'
    for folder, text in ((own, base % ''), (named, base % ', suppress: hush')):
        folder.mkdir(parents=True)
        (folder / 'a.yaml').write_text('- {what: Q1, until: soon, reason: x}\n- {what: Q2, until: 2030-01-01}\n')
        machine.write(text)
        done = machine.run('config', 'check', 'evscan.conf')
        check(f'{folder.name}: mistakes in suppressions are said', done.returncode == 78 and not done.stdout and
              all(f'{folder.name}/a.yaml:{line}' in done.stderr for line in (1, 2)), done)
        night = machine.run('--config', 'evscan.conf')
        check('... as the run does', night.returncode == 78 and all(line in night.stderr for line in
                                                                    done.stderr.splitlines()), night)
        shutil.rmtree(folder)
        done = machine.run('config', 'check', 'evscan.conf')
        check(f'{folder.name} is not there', done.returncode == (78 if folder == named else 0) and
              ('hush: No such file' in done.stderr) == (folder == named), done)
    check_stray_suppressions(machine, own, base % '')
    machine.write('options: {state: s, suppress: hush}\nclusters: {a: {folders: x}, b: {folders: x}}\n')
    done = machine.run('config', 'check', 'evscan.conf')
    check('what is wrong in a folder of all clusters is said once', done.stderr.count('hush') == 1, done)
    shutil.rmtree(machine.folder / 's')


def check_stray_suppressions(machine, folder, text):
    """Those that are written well and suppress nothing."""
    def checked(*lines):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / 'a.yaml').write_text(''.join(f'- {{{line}, reason: x}}\n' for line in lines))
        machine.write(text)
        done = machine.run('config', 'check', 'evscan.conf')
        (folder / 'a.yaml').unlink()
        return done

    until = 'until: 2999-01-01'
    good = checked(*(f'what: {what}, {until}' for what in ('Q251284', 'q251284-1f3a9c', 'clussvc-1009', 'node-missing')))
    check('what is known is no stray', good.returncode == 0 and good.stdout and not good.stderr, good)
    rules = (ROOT / 'rules/events/clussvc.yaml').read_text()
    uuid = re.search('^id: (\\S+)\nname: clussvc-1009$', rules, re.M)[1]
    for line, words in ((f'what: Q251248, {until}', 'did you mean Q251284?'), (f'what: 251284, {until}', 'did you mean Q251284?'),
                        (f'what: Q251284-what, {until}', 'no article of that name'),
                        (f'what: {uuid}, {until}', 'write what: clussvc-1009'), ('what: Q251284, until: 2001-01-01', 'it has ended')):
        done = checked(line)
        check(f'{line}: a warning', done.returncode == 0 and done.stdout and f'{folder.name}/a.yaml:1:' in done.stderr and
              'warning[suppression]' in done.stderr and words in ' '.join(done.stderr.split()), done)
    (folder / 'b.yml').write_text('- x\n')
    done = checked()
    check('a file that is ignored: a warning', done.returncode == 0 and 'b.yml: warning' in done.stderr, done)
    shutil.rmtree(folder)


def check_said_once(machine):
    """One folder of suppressions for all clusters."""
    machine.write('options: {cron: true, state: once, suppress: hush}\nclusters:\n    a: {folders: exports/sql}\n'
                  '    b: {folders: exports/files}\n')
    (machine.folder / 'hush').mkdir()
    (machine.folder / 'hush/a.yaml').write_text('- {what: Q1}\n')
    night = machine.run('--config', 'evscan.conf')
    check('a mistake in suppressions is said once for all clusters', night.returncode == 78 and
          night.stderr.count('a.yaml:1') == 1 and night.stdout.count('News') == 2, night)
    shutil.rmtree(machine.folder / 'hush')


def check_refused(machine):
    """What a run would refuse before it reads a log: by its own code, so its words are those of the run."""
    base = 'options: {cron: true, state: s%s}\nfolders: exports/sql\n'
    (machine.folder / 'wrong.yaml').write_text('title: x\ndetection: 7\n')
    for text, words in [
        ('options: {cron: true}\nfolders: exports/sql\n', '--cron and --state FOLDER belong together'),
        (base % ', tz: Foo/Bar', 'Foo/Bar'), (base % ', output: html', 'FORMAT:PATH'),
        (base % ', output: "foo:bar"', 'no format foo'), (base % ', codepage: bogus', 'bogus'),
        (base % ', partial: p', '--partial'), (base % ', rules: nonexist', 'nonexist'),
        (base % ', add-rules: [nonexist]', 'nonexist'), (base % ', rules: wrong.yaml', 'wrong.yaml:'),
        ('options: {state: s, partial: p}\nfolders: exports/sql\n', '--partial'),
        ('options: {cron: true, state: s}\n', 'no log given'), ('folders: []\n', 'no folder in the list'),
        ('clusters: {a: {folders: []}}\n', 'no folder in the list'),
        ('clusters: {a: {folders: x}, b: {folders: x, options: {tz: Foo/Bar}}}\n', 'cluster b: '),
    ]:
        machine.write(text)
        done = machine.run('config', 'check', 'evscan.conf')
        check(f'{text!r} is refused: {words}', done.returncode == 78 and not done.stdout and words in done.stderr, done)
        night = machine.run('--config', 'evscan.conf', *(['--cron'] if 'state' in text else []))
        check('... as the run does', night.returncode in (64, 78) and words.removeprefix('cluster b: ') in night.stderr, night)
    check_suppressions(machine, base)
    machine.write('options: {tz: Foo/Bar}\nclusters: {a: {folders: x}, b: {folders: x}}\n')
    done = machine.run('config', 'check', 'evscan.conf')
    check('what is wrong with all clusters is said once', done.stderr.count('Foo/Bar') == 1, done)
    for text in ('options: {state: t}\nfolders: away\n', base % ', rules: "%s"' % (ROOT / 'rules'), 'folders: x\n'):
        machine.write(text)
        done = machine.run('config', 'check', 'evscan.conf')
        check(f'{text!r} is right', done.returncode == 0 and not done.stderr and done.stdout.startswith('evscan '), done)
    check('nothing was run', not (machine.folder / 't').exists())


def check_manual(machine):
    machine.write(MANUAL.read_text().split('.Bd -literal -offset indent\n')[1].split('.Ed')[0])
    done = machine.run('config', 'check', 'evscan.conf')
    check('the example of the manual is right', done.returncode == 0 and len(done.stdout.splitlines()) == 2, done.stderr)


def main(arguments):
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(arguments[1], folder)
        for part in (check_lines, check_runs, check_same, check_zones, check_statuses, check_mistakes, check_outputs,
                     check_refused, check_said_once, check_manual):
            part(machine)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main(sys.argv))
