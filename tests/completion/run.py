#!/usr/bin/python3
"""One table of options: help fits a screen, the manual tells of every option, and shells complete them.  run.py EVSCAN

Prints a line a check; exit status 1 when one fails.
"""

import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import check, exit_status  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECONDS = 60
# Commands that take names, and the command that lists these.
NAMED = [(('kb', 'show'), ('kb', 'list')), (('kb', 'why-not'), ('kb', 'list')),
         (('rules', 'explain'), ('rules', 'list')), (('rules', 'why-not'), ('rules', 'list'))]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False, **options)


def tables(evscan):
    """Command -> its long options, from what fish is told."""
    options = {}
    for line in run(evscan, 'completion', 'fish').stdout.splitlines():
        found = re.match(r"complete -c evscan -n '__evscan_is ([a-z -]+)'.* -l (\S+)", line)
        if found:
            options.setdefault(found[1], set()).add(found[2])
    return options


def helps(evscan, commands):
    for command in commands:
        text = run(evscan, *command.split(), '--help').stdout
        lines = text.splitlines()
        fits = lines and max(map(len, lines)) <= 80 and len(lines) <= 40
        check(f'{command}: help fits 80 columns and 40 lines', fits,
              (len(lines), max(lines, key=len, default='')))
        for option in commands[command]:
            check(f'... and names --{option}', re.search(rf'--{option}\b', text), text)


def manual_of(evscan, command):
    found = re.search(r'^More: man (\S+)$', run(evscan, *command.split(), '--help').stdout, re.MULTILINE)
    return (ROOT / 'man' / f'{found[1]}.1') if found else None


def manuals(evscan, commands):
    told = {}
    for command, options in commands.items():
        page = manual_of(evscan, command)
        check(f'{command}: has a manual', page and page.exists(), page)
        text = page.read_text(encoding='utf-8')
        missing = [o for o in options - {'help'} if not re.search(rf'(?<![\w-])-{o}(?![\w-])', text)]
        check(f'{page.name} tells of every option of {command}', not missing, missing)
        told.setdefault(page, set()).update(options)
    for page, options in told.items():
        text = page.read_text(encoding='utf-8')
        items = re.findall(r'^\.It (Fl .*)$', text, re.MULTILINE)
        listed = {o for item in items for o in re.findall(r'Fl -([a-z-]+)', item)}
        check(f'{page.name} tells of no option that there is not', not listed - options, listed - options)


def answer_to(names):
    """A beginning that only one of the names has, and that name."""
    name = next(n for n in names if sum(m.startswith(n[:-1]) for m in names) == 1)
    return name[:-1], name


def names_of(evscan, *command):
    return [line.split()[1] for line in run(evscan, *command).stdout.splitlines() if not line.startswith(' ')]


def bash(script, evscan):
    def lines(folder, *words):
        result = run('bash', '-c', f'. {script}; COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}; _evscan; '
                                   'printf "%s\\n" "${COMPREPLY[@]}"', cwd=folder)
        return [line for line in result.stdout.split('\n') if line]

    def complete(*words):
        return lines(ROOT, *words)
    check('bash: commands', 'timeline' in complete('evscan', 'tim'), complete('evscan', 'tim'))
    check('bash: options', complete('evscan', 'show', '--form') == ['--format'], complete('evscan', 'show', '--form'))
    check('bash: without a command those of scan', '--fail-level' in complete('evscan', '--fail'))
    check('bash: values', complete('evscan', 'show', '-o', 'js') == ['json', 'jsonl'])
    check('bash: words', complete('evscan', 'rules', 'why') == ['why-not'], complete('evscan', 'rules', 'why'))
    check('bash: options behind words', complete('evscan', 'rules', 'check', '--o') == ['--own'])
    check('bash: options behind other words', complete('evscan', 'kb', 'why-not', '--clock') == ['--clock-tolerance'] and
          complete('evscan', 'kb', 'list', '--det') == ['--detectable'])
    check('bash: values of lists', complete('evscan', 'stats', '--by', 'pro') == ['provider'] and
          complete('evscan', 'show', '--level', 'e') == ['error'], complete('evscan', 'stats', '--by', 'pro'))
    check('bash: no files where none are taken', complete('evscan', 'completion', '') == ['bash', 'zsh', 'fish'],
          complete('evscan', 'completion', ''))
    check('bash: files', 'README.md' in complete('evscan', 'show', 'READ'), complete('evscan', 'show', 'READ'))
    check('bash: formats, with their colon', complete('evscan', '--output', 'ht') == ['html:'] and
          complete('evscan', 'merge', '--output', 'js') == ['json:', 'jsonl:'], complete('evscan', '--output', 'ht'))
    check('bash: a file behind the colon, which is a word of its own or is not',
          complete('evscan', '--output', 'html', ':', 'READ') == ['README.md'] and
          complete('evscan', '--output', 'html:READ') == ['html:README.md'] and
          'README.md' in complete('evscan', '--output', 'html', ':'), complete('evscan', '--output', 'html', ':', 'READ'))
    check('bash: values behind =', complete('evscan', 'show', '--format', '=', 'jso') == ['json', 'jsonl'] and
          complete('evscan', '--detail', '=') == ['low', 'med', 'high'] and
          complete('evscan', '--output', '=', 'html', ':', 'READ') == ['README.md'], complete('evscan', '--detail', '='))
    with tempfile.TemporaryDirectory() as folder:
        log = 'Windows PowerShell.evtx'
        pathlib.Path(folder, log).touch()
        for typed in 'Win', 'Windows\\ Po', '"Windows Po':
            check(f'bash: a name with a blank, typed {typed}', lines(folder, 'evscan', 'show', typed) == [log] and
                  lines(folder, 'evscan', '--output', 'html', ':', typed) == [log], lines(folder, 'evscan', 'show', typed))
    for command, listed in NAMED:
        begun, name = answer_to(names_of(evscan, *listed))
        said = complete('evscan', *command, begun)
        check(f'bash: {" ".join(command)} {begun}', said == [name], said)
    check('bash: providers', complete('evscan', 'explain', 'Clus') == ['ClusSvc'] and
          complete('evscan', 'explain', 'SC') == ['SCM'], complete('evscan', 'explain', 'Clus'))
    check('bash: files too where logs are taken', not complete('evscan', 'kb', 'show', 'READ') and
          'README.md' in complete('evscan', 'kb', 'why-not', 'Q218922', 'READ'))


class Zsh:
    """A zsh in a terminal: what is typed, a tab behind it, and what then stands on the line."""

    SETUP = """autoload -U compinit && compinit -u -D
zstyle ':completion:*' insert-tab false
zstyle ':completion:*' list-prompt ''
line_tell() { print -r -- "$BUFFER" > line.new; mv line.new line; BUFFER=; }
zle -N line_tell
bindkey '^X' line_tell
bindkey '^I' complete-word
"""

    def __init__(self, script, folder):
        self.line = pathlib.Path(folder, 'line')
        pathlib.Path(folder, 'setup').write_text(self.SETUP + f'. {script}\n', encoding='utf-8')
        shutil.copy(ROOT / 'README.md', folder)
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(['zsh', '-f', '-i'], stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
                                        start_new_session=True, env=os.environ | {'TERM': 'dumb', 'HOME': folder})
        os.close(theirs)
        os.write(self.ours, b'. ./setup\n')

    def complete(self, typed):
        """None: nothing came."""
        end = time.monotonic() + SECONDS
        os.write(self.ours, typed.encode() + b'\t\x18')
        while not self.line.exists() and time.monotonic() < end:
            if select.select([self.ours], [], [], 0.05)[0]:
                os.read(self.ours, 65536)
        if not self.line.exists():
            return None
        said = self.line.read_text(encoding='utf-8').rstrip('\n')
        self.line.unlink()
        return said

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)


def zsh(script, evscan):
    lines = [('commands', 'evscan tim', 'eline '), ('options', 'evscan show --form', 'at='),
             ('without a command those of scan', 'evscan --fail', '-level='), ('values', 'evscan show -o cs', 'v '),
             ('words', 'evscan rules why', '-not '), ('options behind words', 'evscan rules check --o', 'wn '),
             ('options behind other words', 'evscan kb why-not --clock', '-tolerance='),
             ('options without a value', 'evscan show --uni', 'que '),
             ('files', 'evscan show READ', 'ME.md '), ('shells', 'evscan completion zs', 'h '),
             ('values behind =', 'evscan --format=ht', 'ml '), ('values in the same word', 'evscan show -ocs', 'v '),
             ('files behind =', 'evscan --output=html:READ', 'ME.md '), ('providers', 'evscan explain Clus', 'Svc '),
             ('formats, with their colon', 'evscan --output ht', 'ml:'), ('... of merge', 'evscan merge --output c', 'sv:'),
             ('a file behind the colon', 'evscan --output html:READ', 'ME.md '),
             ('files too where logs are taken', 'evscan kb why-not Q218922 READ', 'ME.md '),
             ('no files where none are', 'evscan kb show READ', '')]
    for command, listed in NAMED:
        begun, name = answer_to(names_of(evscan, *listed))
        lines.append((f'names of {" ".join(listed)}', f'evscan {" ".join(command)} {begun}', name[len(begun):] + ' '))
    with tempfile.TemporaryDirectory() as folder:
        shell = Zsh(script, folder)
        for what, typed, added in lines:
            said = shell.complete(typed)
            check(f'zsh: {what}: {typed}', said == typed + added, said)
        shell.close()


def fish(script, evscan):
    def complete(line):
        result = run('fish', '--no-config', '-c', f'source {script}; complete -C "{line}"', cwd=ROOT,
                     env=os.environ | {'HOME': '/dev/null', 'XDG_CONFIG_HOME': '/dev/null', 'XDG_DATA_HOME': '/dev/null'})
        return [answer.split('\t')[0] for answer in result.stdout.splitlines()]
    check('fish: commands', 'timeline' in complete('evscan tim'), complete('evscan tim'))
    check('fish: options', complete('evscan show --form') == ['--format'], complete('evscan show --form'))
    check('fish: values', complete('evscan show --format js') == ['json', 'jsonl'], complete('evscan show --format js'))
    check('fish: values of lists', complete('evscan stats --by pro') == ['provider'], complete('evscan stats --by pro'))
    check('fish: no files where none are taken', set(complete('evscan completion ')) == {'bash', 'zsh', 'fish'},
          complete('evscan completion '))
    check('fish: formats, with their colon', complete('evscan --output ht') == ['html:'], complete('evscan --output ht'))
    check('fish: a file behind the colon', complete('evscan --output html:READ') == ['html:README.md'],
          complete('evscan --output html:READ'))
    for command, listed in NAMED:
        begun, name = answer_to(names_of(evscan, *listed))
        said = complete(f'evscan {" ".join(command)} {begun}')
        check(f'fish: {" ".join(command)} {begun}', said == [name], said)
    check('fish: providers', 'ClusSvc' in complete('evscan explain Clus'), complete('evscan explain Clus'))
    check('fish: values behind =', complete('evscan --format=ht') == ['--format=html'], complete('evscan --format=ht'))
    check('fish: files too where logs are taken', 'README.md' in complete('evscan kb why-not Q218922 READ') and
          'README.md' not in complete('evscan kb show READ'), complete('evscan kb show READ'))
    check('fish: options behind words', '--own' in complete('evscan rules check --o') and
          '--clock-tolerance' in complete('evscan kb why-not --clock'))


def shells(evscan):
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(evscan, pathlib.Path(folder, 'evscan'))
        os.environ['PATH'] = f'{folder}:{os.environ["PATH"]}'
        for shell, checks in (('bash', bash), ('zsh', zsh), ('fish', fish)):
            script = pathlib.Path(folder, f'{shell}.script')
            script.write_text(run(evscan, 'completion', shell).stdout, encoding='utf-8')
            if not shutil.which(shell):
                print(f'skipped: there is no {shell} here')
                continue
            result = run(shell, '-n', script)
            check(f'{shell}: the script has no mistakes', result.returncode == 0 and not result.stderr, result.stderr)
            checks(script, evscan)
    check('an unknown shell is a mistake', run(evscan, 'completion', 'csh').returncode == 64)


def suggestions(evscan):
    for args, word in [(['serach', 'x', 'y'], 'evscan search'), (['show', '--chanel', 'x'], '--channel'),
                       (['stats', '-o', 'josn', 'x'], 'did you mean json'), (['rules', 'chekc'], 'evscan rules check'),
                       (['kb', 'shwo', 'x'], 'evscan kb show'), (['tiemline'], 'evscan timeline'),
                       (['stas', '--help'], 'evscan stats'), (['hepl'], 'evscan help')]:
        result = run(evscan, *args)
        check(f'{" ".join(args)}: suggests {word}', result.returncode == 64 and word in result.stderr, result.stderr)


def main():
    evscan = os.path.abspath(sys.argv[1])
    commands = tables(evscan)
    known = {'scan', 'show', 'search', 'timeline', 'stats', 'rules check', 'rules pack', 'kb', 'kb why-not'}
    check('all commands are there', known <= commands.keys(),
          commands.keys())
    helps(evscan, commands)
    manuals(evscan, commands)
    shells(evscan)
    suggestions(evscan)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
