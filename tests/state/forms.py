#!/usr/bin/env python3
"""Nights in the forms for people and programs: each tells the news, what is suppressed, and what happened to logs.

forms.py EVSCAN

Prints a line for each check and ends with status 1 when one failed.
"""

import csv
import datetime
import json
import os
import shutil
import sys
import tempfile

import jsonschema

from cluster import HERE, WRITERS, Node, Site
from description import filetime, load_description

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402

ROOT = os.path.join(HERE, '..', '..')
RULES = ('--rules', os.path.join(HERE, 'rule.yaml'))
FORMS = ('markdown', 'csv', 'jsonl')
REASON = 'new disks | *come* on <Thursday>'


def disk(node, moment):
    node.log(moment, 'Disk', 7, 'error', ('\\Device\\Harddisk0',))


def suppress(site, text):
    folder = os.path.join(site.state, 'suppress.d')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'known.yaml'), 'w') as out:
        out.write(text)


def valid_line():
    with open(os.path.join(ROOT, 'analyzer', 'report', 'report.schema.json')) as file:
        schema = json.load(file)
    return jsonschema.Draft202012Validator({'$ref': '#/$defs/line', '$defs': schema['$defs']})


def foreign(told, valid):
    """What the schema does not know."""
    return [f'{error.json_path}: {error.message}' for line in told.lines for error in valid.iter_errors(line)]


class Reports:
    """What a night wrote in each form."""

    def __init__(self, site):
        outputs = [word for form in FORMS for word in ('--output', f'{form}:report.{form}')]
        self.night = site.night('--force', *outputs, 'exports')
        texts = [self.text(site, f'report.{form}') for form in FORMS] if self.night.out else ['', '', '']
        self.markdown, table, lines = texts
        self.rows = list(csv.DictReader(table.lstrip('\ufeff').splitlines(), strict=True))
        self.lines = [json.loads(line) for line in lines.splitlines()]

    @staticmethod
    def text(site, name):
        with open(os.path.join(site.folder, name), encoding='utf-8', newline='') as file:
            return file.read()

    def cells(self, kind):
        return [row for row in self.rows if row['kind'] == kind]

    def of(self, kind):
        return [line[kind] for line in self.lines if kind in line]

    def __repr__(self):
        return f'{self.night}\n{self.markdown}\n{self.rows}\n{self.lines}'[:6000]


def night_with_both(site, valid):
    """One node's trouble is news, another's is suppressed."""
    a, b = Node('NODE1'), Node('NODE2')
    suppress(site, f"- {{what: test-disk, node: NODE2, until: 2001-02-05, reason: '{REASON}'}}\n")
    for node in (a, b):
        disk(node, site.at(hours=-1))
        site.export(node)
    told = Reports(site)
    name = told.night.news[0][1]
    check('markdown begins with the news', told.markdown.startswith('## News') and f'- new `{name}` found on NODE1' in
          told.markdown, told)
    check('... and has what is suppressed, with its end, its reason no markup', 'not told until 2001-02-05' in
          told.markdown.split('### Suppressed')[1] and '<Thursday>' not in told.markdown, told)
    check('... and the rest of the report', 'What was read' in told.markdown and 'A disk is failing' in told.markdown, told)
    check('csv has a row of the news', [(row['id'], row['nodes'], row['text']) for row in told.cells('news')] ==
          [(name, 'NODE1', 'new: found')], told)
    check('... and one of what is suppressed', [row['text'] for row in told.cells('suppressed')] ==
          [f'new: found; not told until 2001-02-05 00:00:00 UTC: {REASON}'], told)
    check('... and every row has all columns', all(None not in row and None not in row.values() for row in told.rows), told)
    news = told.of('news')
    check('jsonl has both', [(item['id'], item['suppressed']) for item in news][0] == (name, None) and
          [item['suppressed'] for item in news][1:] == [REASON], told)
    check('... as the schema says', not foreign(told, valid), foreign(told, valid) or told)
    return a, name


def night_of_good_news(site, valid, a, name):
    """Something is gone, and nothing else happened."""
    site.pass_time(days=9)
    for i in range(5):
        a.log(site.at(minutes=-60 + i))
    site.export(a)
    told = Reports(site)
    check('only something gone: markdown says so and why', f'- gone `{name}`' in told.markdown and 'not happened again' in
          told.markdown and 'Nothing' not in told.markdown, told)
    check('... csv, too', [row['text'].startswith('gone: it has not happened again') for row in told.cells('news')] ==
          [True], told)
    check('... and jsonl', [item['kind'] for item in told.of('news') if not item['suppressed']] == ['gone'] and
          not foreign(told, valid), foreign(told, valid) or told)


def night_of_a_cleared_log(site, valid, a):
    site.pass_time(hours=2)
    a.clear()
    for i in range(3):
        a.log(site.at(minutes=-5 + i))
    site.export(a)
    told = Reports(site)
    check('only a log that was cleared: markdown', '**Caution:**' in told.markdown and 'begins anew' in told.markdown, told)
    check('... csv', [row['text'].count('begins anew') for row in told.cells('remark')] == [1] and
          all(None not in row and None not in row.values() for row in told.rows), told)
    check('... jsonl', [words.count('begins anew') for words in told.of('remark')] == [1] and
          not foreign(told, valid), foreign(told, valid) or told)


def night_with_a_stray(site):
    """A suppression that names nothing is said beside the news, and is none itself."""
    until = 'until: 2001-02-05, reason: x'
    suppress(site, f'- {{what: tset-disk, {until}}}\n- {{what: TEST-DISK, node: NODE9, {until}}}\n'
                   f'- {{what: 5D9F1C2E-2b7a-4f0e-9a54-0d5bdcf6d7a1, node: NODE9, {until}}}\n'
                   f'- {{what: gone, until: 2000-01-01, reason: x}}\n')
    a = Node('NODE1')
    a.log(site.at(hours=-2))
    site.export(a)
    told = Reports(site)
    check('a suppression of nothing wakes nobody', told.night.status == 0 and not told.night.out + told.night.err, told.night)
    disk(a, site.at(hours=-1))
    site.export(a)
    told = Reports(site)
    check('... and is said beside the news, with its place', len(told.of('remark')) == 2 and
          'known.yaml:1: the suppression of tset-disk names no rule' in told.of('remark')[0], told)
    check('... of a rule by its id, by which no news is called: its name', 'known.yaml:3' in told.of('remark')[1] and
          told.of('remark')[1].endswith("; the rule's name is test-disk"), told)


def export_until(site, moment):
    """The logs of an incident as they were then."""
    for log in load_description(os.path.join(ROOT, 'samples', 'Q218922-converted', 'incident.yaml')):
        log.events = [event for event in log.events if event.time <= filetime(moment)]
        with open(os.path.join(site.exports, log.file), 'wb') as out:
            out.write(WRITERS[log.format](log).data)


def night_that_spreads(site, valid):
    """The second node joins an incident that was told: one incident, and news for its node."""
    site.now = datetime.datetime(1999, 4, 11, 22, 40, tzinfo=datetime.timezone.utc)
    export_until(site, site.now)
    first = Reports(site)
    name = first.night.news[0][1]
    check('an incident of one node is new', first.night.news[0][0] == 'new' and ' on CLUS-B\n' in first.night.out and
          [item['spread'] for item in first.of('news')][0] == [], first)
    site.pass_time(days=1)
    export_until(site, site.now)
    before = os.path.join(site.folder, 'before')
    shutil.copytree(site.state, before)

    def night_again(*arguments):
        shutil.rmtree(site.state)
        shutil.copytree(before, site.state)
        return site.night(*arguments, 'exports')

    night = night_again('--notify-exec', 'printf "%s|%s" "$EVSCAN_NODES" "$EVSCAN_SPREAD" >told')
    check('its other node: spread, status 1, and no second incident', night.status == 1 and
          night.news == [('spread', name)] and '\n    spread to CLUS-A\n' in night.out and
          ', 1 time\n' in night.out, night)
    check('... a command', Reports.text(site, 'told') == 'CLUS-A CLUS-B|CLUS-A')
    for form, words in (('html', '<small>spread to CLUS-A</small>'),
                        ('syslog', ' nodes="CLUS-A,CLUS-B" spread="CLUS-A" '),
                        ('journald', 'EVSCAN_SPREAD=CLUS-A\n')):
        check(f'... {form}', words in night_again('--format', form).out, words)
    news = json.loads(night_again('--format', 'json').out)['news']['items']
    check('... json', [(item['kind'], item['spread']) for item in news] == [('spread', ['CLUS-A'])], news)
    shutil.rmtree(site.state)
    shutil.copytree(before, site.state)
    told = Reports(site)
    check('... markdown', f'- spread `{name}` likely on CLUS-A and CLUS-B' in told.markdown and
          '; spread to CLUS-A\n' in told.markdown, told)
    check('... csv', [row['text'] for row in told.cells('news')] == ['spread: likely; spread to CLUS-A'], told)
    check('... jsonl', [item['spread'] for item in told.of('news')] == [['CLUS-A']] and not foreign(told, valid),
          foreign(told, valid) or told)


def main():
    valid = valid_line()
    with tempfile.TemporaryDirectory() as folder:
        night_that_spreads(Site(os.path.abspath(sys.argv[1]), folder), valid)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(os.path.abspath(sys.argv[1]), folder, *RULES)
        a, name = night_with_both(site, valid)
        night_of_good_news(site, valid, a, name)
        night_of_a_cleared_log(site, valid, a)
    with tempfile.TemporaryDirectory() as folder:
        night_with_a_stray(Site(os.path.abspath(sys.argv[1]), folder, *RULES))
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
