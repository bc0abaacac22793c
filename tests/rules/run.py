#!/usr/bin/env python3
"""run.py EVSCAN: the rules that ship and those that the manual shows are sound, and their tests say that they work.

Every rule of rules/events has events that fire it and near misses; nothing about it is suspicious.  An example of
evscan-rules(5) that has a title is a whole file; one that begins with `detection:` lacks only what all rules have.
"""

import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MANUAL = os.path.join(ROOT, 'man', 'evscan-rules.5')
HEAD = 'title: An example\nlogsource: {product: windows}\n'
# What the example of a correlation refers to.
LOGONS = ''.join(f'\n---\ntitle: {name}\nname: {name}\nlogsource: {{product: windows, service: security}}\n'
                 f'detection: {{selection: {{Provider_Name: Security, EventID: {number}}}, condition: selection}}\n'
                 for name, number in (('failed_logon', 4625), ('logon', 4624)))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def check_rules(evscan, name, path, *options):
    status, said = run(evscan, 'rules', 'check', *options, path)
    check(f'{name}: nothing is wrong or suspicious', status == 0 and '0 mistakes, 0 warnings' in said, said)


def examples():
    with open(MANUAL, encoding='utf-8') as file:
        blocks = re.findall(r'^\.Bd -literal.*?\n(.*?)^\.Ed', file.read(), re.M | re.S)
    for block in blocks:
        text = block.replace('\\e', '\\').replace('\\&', '')
        if text.startswith('detection:'):
            yield 'rule.yaml', HEAD + text
        elif text.startswith('placeholders:'):
            yield 'site.pipeline.yaml', text
        elif 'failed_logon' in text:
            yield 'rule.yaml', text + LOGONS
        elif re.match(r'title:', text):
            yield 'rule.yaml', text


def check_examples(evscan):
    texts = list(examples())
    tested = 0
    for number, (name, text) in enumerate(texts, 1):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, name)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            status, said = run(evscan, 'rules', 'check', path)
            check(f'example {number} of the manual loads', status == 0, said)
            if 'tests:' in text:
                tested += 1
                whole = [] if 'correlation:' in text else ['--complete']  # what it refers to has no tests here
                status, said = run(evscan, 'rules', 'test', *whole, path)
                check(f'... and does what it says ({said.splitlines()[-1]})', status == 0, said)
    check('the manual shows rules, and two with tests', len(texts) > 1 and tested > 1, texts)


def main():
    evscan = os.path.abspath(sys.argv[1])
    events = os.path.join(ROOT, 'rules', 'events')
    check_rules(evscan, 'rules/events', events, '--own')
    check_rules(evscan, 'rules', os.path.join(ROOT, 'rules'), '--own')
    status, said = run(evscan, 'rules', 'test', '--complete', events)
    check(f'rules/events have tests of both kinds, and pass them ({said.splitlines()[-1]})', status == 0, said)
    check_examples(evscan)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main())
