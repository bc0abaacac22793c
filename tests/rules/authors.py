#!/usr/bin/python3
"""Whoever wrote a rule is named wherever it matches, with the rule's id: the licence of published rules asks for it.
authors.py EVSCAN

A rule, and a correlation over a correlation over a rule, each by somebody else, are let loose on a sample; every form
of report, at every detail, and every other command that shows matches must name all of them.
"""

import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
sys.dont_write_bytecode = True

from checks import check, exit_status  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLE = os.path.join(ROOT, 'samples', 'Q218922')
FORMS = ('text', 'html', 'markdown', 'csv', 'json', 'jsonl', 'nagios', 'prometheus', 'syslog', 'journald')
# A name, an id and an author each.
EVENT = ('cluster-error', '11111111-0000-4000-8000-000000000001', 'Ann of Events')
COUNT = ('several-errors', '11111111-0000-4000-8000-000000000002', 'Bob the Counter')
CHAIN = ('errors-again', '11111111-0000-4000-8000-000000000003', 'Cy Chain')


def head(rule, level):
    return f'title: A rule of {rule[2]}\nname: {rule[0]}\nid: {rule[1]}\nauthor: {rule[2]}\nlevel: {level}\n'


DETECTION = head(EVENT, 'medium') + '''logsource: {product: windows, service: system}
detection:
    selection: {Provider_Name: ClusSvc, EventID: 1058}
    condition: selection
'''
CORRELATIONS = '---\n' + head(COUNT, 'high') + f'''correlation:
    {{type: event_count, rules: {EVENT[0]}, timespan: 1h, condition: {{gte: 2}}}}
''' + '---\n' + head(CHAIN, 'critical') + f'''correlation:
    {{type: event_count, rules: {COUNT[1]}, timespan: 1h, condition: {{gte: 1}}}}
'''


def run(evscan, *arguments):
    done = subprocess.run([evscan, *arguments], capture_output=True, check=False, timeout=60)
    return done.stdout.decode('utf-8', 'replace')


def named(text, *rules):
    """What is missing of them: text may be wrapped between words, and a cell may escape a hyphen."""
    plain = ' '.join(text.replace('\\', '').split())
    return [word for _, number, author in rules for word in (number, author) if word not in plain]


def check_reports(evscan, path, name, *rules):
    for form in FORMS:
        missing = named(run(evscan, '-o', form, '--rules', path, SAMPLE), *rules)
        check(f'{name}: {form} names id and author', not missing, missing)
    for detail in ('low', 'med', 'high'):
        missing = named(run(evscan, '--detail', detail, '--rules', path, SAMPLE), *rules)
        check(f'{name}: so does text of --detail {detail}', not missing, missing)


def check_nights(evscan, folder, path, *rules):
    for form in ('text', 'html', 'json', 'prometheus', 'nagios'):
        state = os.path.join(folder, 'state-' + form)
        missing = named(run(evscan, '--cron', '--state', state, '-o', form, '--rules', path, SAMPLE), *rules)
        check(f'the news of a night as {form} name id and author', not missing, missing)


def main():
    evscan = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        rule, chain = os.path.join(folder, 'rule.yaml'), os.path.join(folder, 'chain.yaml')
        for path, text in ((rule, DETECTION), (chain, DETECTION + CORRELATIONS)):
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
        check_reports(evscan, rule, 'a rule', EVENT)
        check_reports(evscan, chain, 'a correlation', EVENT, COUNT, CHAIN)
        check_nights(evscan, folder, chain, EVENT, COUNT, CHAIN)
        for form in ('csv', 'jsonl'):
            missing = named(run(evscan, 'timeline', '-o', form, '--rules', rule, SAMPLE), EVENT)
            check(f'the timeline as {form} names id and author', not missing, missing)
        missing = named(run(evscan, 'rules', 'why-not', CHAIN[0], SAMPLE, '--rules', chain), EVENT, COUNT, CHAIN)
        check('why-not names id and author of a correlation', not missing, missing)
        missing = named(run(evscan, 'rules', 'why-not', EVENT[0], SAMPLE, '--rules', chain), EVENT)
        check('... and of a rule', not missing, missing)
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
