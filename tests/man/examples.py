#!/usr/bin/python3
"""The examples of the manual run: examples.py EVSCAN SOURCE_ROOT

Of each page of section 1, and of others that have any: the lines of EXAMPLES that begin with "$ " run, in order, in a
folder that has what they name; each must end as a command that did its work, and complain about nothing.  Rules and
articles that other pages show are checked; what evscan-compare.1 lists is what compare/known.c knows; and
evscan-articles.5 tells all keys of articles and how its example is reckoned, evscan-catalog.5 all keys of events.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SECONDS = 60

# Programs that examples use; here they only have to be called in a way that works.
STUBS = {
    'less': 'cat', 'mail': 'cat >/dev/null', 'journalctl': ':', 'jq': 'cat', 'unzip': 'cat System.evtx',
    'ssh': 'shift; exec "$@"',
}

# What the machine that tests may not have.
NEEDS_THE_SYSTEM = re.compile(r'--output (?:syslog|journald):')

# Folders that examples name as on a real machine.
MOVED = re.compile(r'(?<![\w.])/(?:srv|var/lib|var/log|etc)/')

LOGS = """
about: What the examples ask for.
expect: []
logs:
    - file: System.evtx
      format: evtx
      computer: node1.example.org
      channel: System
      events:
          - {time: "2016-07-08T18:12:51Z", source: Microsoft-Windows-FailoverClustering, id: 1069, type: error,
             guid: "{baf908ea-3421-4ca9-9b84-6689b8c6f85f}", data: {ResourceName: Disk Q}}
"""


def section(page, name):
    found = re.search(rf'^\.Sh {name}\n(.*?)(?=^\.Sh )', page, flags=re.M | re.S)
    return found.group(1) if found else ''


def plain(text):
    """What a reader sees of a line or a literal block."""
    for roff, seen in (('\\(dq', '"'), ('\\&', ''), ('\\-', '-'), ('\\e', '\\')):
        text = text.replace(roff, seen)
    return text


def examples(page):
    """Commands, one that goes on behind a backslash as one."""
    text = re.sub(r'^\.Dl ', '', section(page, 'EXAMPLES'), flags=re.M)
    return [plain(line).replace('\\\n', '') for line in re.findall(r'^\$ ((?:.*\\e\n)*.*)$', text, flags=re.M)]


def literals(page):
    return [plain(block) for block in re.findall(r'^\.Bd -literal[^\n]*\n(.*?)^\.Ed', page, flags=re.M | re.S)]


def shown_article(root):
    page = (root / 'man/evscan-articles.5').read_text(encoding='utf-8')
    return next(block for block in literals(page) if block.startswith('article:'))


def make_logs(folder, root):
    """By the names that examples use."""
    (folder / 'logs.yaml').write_text(LOGS)
    subprocess.run([sys.executable, root / 'tests/writer/make_logs.py', 'logs.yaml', '--out', '.'], cwd=folder, check=True,
                   timeout=SECONDS)
    for name in ('node1.evt', 'node2.evt'):
        shutil.copy(root / 'samples/Q218922' / name, folder / name)
    for place in ('logs', 'exports', 'srv/logs', 'srv/exports'):
        (folder / place).mkdir(parents=True)
        shutil.copy(folder / 'System.evtx', folder / place / 'node1.evtx')
        shutil.copy(folder / 'node2.evt', folder / place / 'node2.evt')


def make_place(folder, evscan, root):
    make_logs(folder, root)
    for place in ('var/lib/evscan', 'my-rules', 'etc/evscan/rules', 'bin'):
        (folder / place).mkdir(parents=True)
    shown = literals((root / 'man/evscan-rules.5').read_text(encoding='utf-8'))[0]
    own = shown.replace('name: clussvc-', 'name: my-')
    for place in ('my-rules', 'etc/evscan/rules'):
        (folder / place / 'own.yaml').write_text(own)
    (folder / 'my-rules/article.yaml').write_text(shown_article(root))
    for place in ('samples', 'packaging'):
        (folder / place).symlink_to(root / place)
    for name, does in STUBS.items():
        (folder / 'bin' / name).write_text(f'#!/bin/sh\n{does}\n')
        (folder / 'bin' / name).chmod(0o755)
    (folder / 'bin/evscan').symlink_to(evscan)
    subprocess.run([evscan, '--output', 'json:tuesday.json', 'samples/Q218922'], cwd=folder, stdout=subprocess.DEVNULL,
                   check=False, timeout=SECONDS)
    with_memory = ['--cron', '--state', 'var/lib/evscan', 'exports']
    subprocess.run([evscan, *with_memory], cwd=folder, stdout=subprocess.DEVNULL, check=False, timeout=SECONDS)


def run(line, folder):
    """What is wrong with an example; '' for nothing."""
    moved = MOVED.sub(lambda m: str(folder) + m.group(), line)
    path = f'{folder}/bin:{os.environ.get("PATH", os.defpath)}'
    done = subprocess.run(['sh', '-c', moved], cwd=folder, env=os.environ | {'PATH': path}, capture_output=True,
                          timeout=SECONDS, check=False)
    if done.returncode in (0, 1, 2) and not done.stderr:  # 2: verify cannot tell yet
        return ''
    return f'exit status {done.returncode}: {done.stderr.decode(errors="replace")}'


def run_page(page, evscan, root):
    """Each in a place of its own: what one page writes is not there for the next."""
    lines = [line for line in examples(page) if not NEEDS_THE_SYSTEM.search(line)]
    with tempfile.TemporaryDirectory() as name:
        make_place(pathlib.Path(name), evscan, root)
        return lines, [f'{line}: {said}' for line in lines if (said := run(line, pathlib.Path(name)))]


def check_rules(page, evscan):
    """Blocks that are whole rules or articles stand the check."""
    wrong, count = [], 0
    for block in literals(page):
        rule = re.match(r'(?:title|id):', block) and 'detection:' in block
        if not rule and not block.startswith('article:'):
            continue
        count += 1
        with tempfile.TemporaryDirectory() as name:
            (pathlib.Path(name) / 'rule.yaml').write_text(block)
            besides = [] if rule else ['--add-rules']
            done = subprocess.run([evscan, 'rules', 'check', *besides, 'rule.yaml'], cwd=name, capture_output=True,
                                  check=False, timeout=SECONDS)
            said = f'{done.stdout.decode()}{done.stderr.decode()}'
            wrong += [f'what is shown: {said}'] if done.returncode or ' 0 warnings' not in said else []
    return wrong, count


def known(root):
    page = (root / 'man/evscan-compare.1').read_text(encoding='utf-8')
    listed = re.findall(r'^\.It ([a-z-]+)$', page[page.index('.Ss Known differences'):page.index('.Sh EXIT STATUS')], flags=re.M)
    named = re.findall(r'\[KNOWN_\w+\] = \{\s*"([a-z-]+)"', (root / 'analyzer/compare/known.c').read_text(encoding='utf-8'))
    return [] if named and listed == named else [f'evscan-compare.1 lists {listed}, compare/known.c has {named}']


def keys_told(root, name, keys):
    """Those that the page does not tell."""
    page = (root / 'man' / name).read_text(encoding='utf-8')
    told = {word for line in re.findall(r'^\.(?:It )?Cm (.*)$', page, flags=re.M) for word in re.findall(r'[a-z-]+', line)}
    return [f'{name} does not tell the key {key}' for key in sorted(keys - told)] if keys else [f'{name}: no keys found']


def article_keys(root):
    source = ''.join(path.read_text(encoding='utf-8') for path in sorted((root / 'analyzer/kb').glob('*_read.c')))
    return keys_told(root, 'evscan-articles.5', set(re.findall(r'\{ "([a-z-]+)", (?:true|false) \}', source)))


def event_keys(root):
    source = (root / 'analyzer/catalog/guide.c').read_text(encoding='utf-8')
    return keys_told(root, 'evscan-catalog.5', set(re.findall(r'_read\(&?e, "([a-z-]+)"\)', source)))


def article_points(evscan, root):
    """The page reckons its article on the logs of a sample, and so does evscan."""
    page = ' '.join((root / 'man/evscan-articles.5').read_text(encoding='utf-8').split())
    said = re.search(r'make (\d+) of 100 points: (\w+)\.', page)
    with tempfile.TemporaryDirectory() as name:
        (pathlib.Path(name) / 'article.yaml').write_text(shown_article(root))
        done = subprocess.run([evscan, '--add-rules', name, '--format', 'json', root / 'samples/Q218922'],
                              capture_output=True, check=False, timeout=SECONDS)
    article = re.match(r'article: (\S+)', shown_article(root)).group(1)
    found = [d for d in json.loads(done.stdout)['diagnoses'] if d['article'] == article]
    got = [(str(d['score']), d['confidence']) for d in found]
    return [] if said and got == [said.groups()] else [f'evscan-articles.5 reckons {said and said.groups()}, evscan {got}']


def main(evscan, root):
    evscan, root, wrong, count = os.path.abspath(evscan), pathlib.Path(root).resolve(), [], 0
    for path in sorted((root / 'man').glob('*.[15]')):
        page = path.read_text(encoding='utf-8')
        lines, mistakes = run_page(page, evscan, root)
        if path.suffix == '.1' and not lines:
            mistakes.append('it has no examples')
        more, rules = check_rules(page, evscan)
        count += len(lines) + rules
        wrong += [f'{path.name}: {said}' for said in mistakes + more]
    wrong += known(root) + article_keys(root) + event_keys(root) + article_points(evscan, root)
    print(*wrong, f'{count} examples, {len(wrong)} wrong', sep='\n')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
