#!/usr/bin/env python3
"""coverage.py [--update]: what evscan knows of each article, and whether a test shows it: tests/knowledge/COVERAGE.md

The articles that evscan is to know, and how far a log can show each of them, stand in tests/knowledge/archive.yaml;
what it knows is read from rules/articles, what is tested from tests/knowledge/cases and samples.  Without --update
nothing is written: exit status 1 when the table is not what it would be, when an article of the archive is missing or
one with evidence has no test or no near miss, or when a case is named after no article.
"""

import glob
import os
import sys

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, 'tests', 'knowledge')
TABLE = os.path.join(HERE, 'COVERAGE.md')
HEAD = """# Which articles evscan knows, and which are tested

Made by `tests/knowledge/coverage.py --update`; do not edit.

- Detectable: how far a log alone can show the article. yes: named events decide; partly: indirect or ambiguous
  evidence; no: nothing is logged, the article is there to be shown and related.
- Evidence: items that the article needs / that support it / that speak against it.
- Tested: logs that must give the article in first place, or be explained away by it (yes), or beside or below an
  article that no log can tell it from and that comes first (beside); cases of `tests/knowledge/cases` and samples.
- Near misses: logs of a competitor, or with one fact changed, that must not give it. Every article with evidence
  has one; no log can show an article without evidence, so there is nothing to miss.
"""


def load(path):
    with open(path, encoding='utf-8') as file:
        return yaml.load(file, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))


def name_of(path):
    return os.path.basename(path)[:-len('.yaml')]


def load_articles():
    paths = sorted(glob.glob(os.path.join(ROOT, 'rules', 'articles', '**', '*.yaml'), recursive=True))
    return {name_of(path): load(path) for path in paths}


def load_tests():
    """What comes first or is noise, also, and not, of every case and sample; and the names of the cases."""
    cases = {name_of(path): load(path) for path in sorted(glob.glob(os.path.join(HERE, 'cases', '*.yaml')))}
    tests = [([case['first'], *case.get('noise', [])], case.get('also', []) + case.get('below', []), case.get('not', []))
             for case in cases.values()]
    for path in glob.glob(os.path.join(ROOT, 'samples', '*', 'incident.yaml')):
        tests += [(expected[:1], expected[1:], []) for expected in [load(path).get('expect')] if expected]
    return tests, cases.keys()


def evidence_of(article):
    """`2 / 5 / 1`, or a dash when the article has no evidence."""
    evidence = article.get('evidence')
    if not evidence:
        return '-'
    return ' / '.join(str(len(evidence.get(part) or [])) for part in ('needs', 'supports', 'against'))


def tested(name, evidence, tests):
    if any(name in first for first, _, _ in tests):
        return 'yes'
    if any(name in also for _, also, _ in tests):
        return 'beside'
    return '-' if evidence == '-' else 'NO'


def row(name, detectable, article, tests):
    if article is None:
        return f'| {name} | missing | {detectable} | | | |'
    evidence = evidence_of(article)
    near = sum(name in absent for _, _, absent in tests) or ('no log shows it' if evidence == '-' else 'NONE')
    return f'| {name} | {article["title"].strip()} | {detectable} | {evidence} | {tested(name, evidence, tests)} | {near} |'


def make_table():
    archive, articles = load(os.path.join(HERE, 'archive.yaml')), load_articles()
    tests, _ = load_tests()
    lines = [HEAD, '| article | title | detectable | evidence | tested | near misses |', '|---|---|---|---|---|---|']
    lines += [row(name, archive[name], articles.get(name), tests) for name in sorted(archive)]
    lines += [row(name, '', articles[name], tests) for name in sorted(articles.keys() - archive.keys())]
    return '\n'.join(lines) + '\n'


def misnamed():
    """Cases that do not begin with the name of an article; a case is ARTICLE.yaml or ARTICLE-near-WHAT.yaml."""
    articles = load_articles()
    return [name for name in load_tests()[1] if name.split('-near-')[0] not in articles]


def main(arguments):
    table = make_table()
    if arguments == ['--update']:
        with open(TABLE, 'w', encoding='utf-8') as file:
            file.write(table)
        return 0
    try:
        with open(TABLE, encoding='utf-8') as file:
            same = file.read() == table
    except OSError:
        same = False
    if not same:
        print('COVERAGE.md is not what it should be: run tests/knowledge/coverage.py --update')
    wrong = [f'{name}: no article has that name' for name in misnamed()]
    wrong += [f'not there, not tested, or without a near miss: {line}' for line in table.splitlines()
              if '| missing |' in line or '| NO |' in line or '| NONE |' in line]
    print('\n'.join(wrong), end='\n' if wrong else '')
    return 0 if same and not wrong else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
