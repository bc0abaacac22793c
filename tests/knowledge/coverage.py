#!/usr/bin/env python3
"""coverage.py [--update]: all that evscan knows, fact by fact, and which test shows it: tests/knowledge/COVERAGE*.md

The articles that evscan is to know, and how far a log can show each of them, stand in tests/knowledge/archive.yaml, the
events that the facts name for each in facts.yaml; what evscan knows is read from rules/, what is tested from
tests/knowledge/cases, samples and the rules' own tests.  Without --update nothing is written: exit status 1 when a
table is not what it would be, when an article of the archive is missing, when something has no test or no near miss
and does not say why, or when a case is named after no article.
"""

import glob
import os
import re
import sys

import coverage_facts
from against import seconds
from coverage_facts import HERE, ROOT, Facts, as_list, events_of, load_all, name_of, rules_in

HEADS = {
    'COVERAGE.md': """# What evscan knows, and what is tested

Made by `tests/knowledge/coverage.py --update`; do not edit.

%s

## Articles and incidents

- Detectable: how far a log alone can show the article. yes: named events decide; partly: indirect or ambiguous
  evidence; no: nothing is logged, the article is there to be shown and related.
- Evidence: items that the article needs / that support it / that speak against it. Why nothing speaks against it,
  where that is so, stands in the article.
- Settles: questions that would decide. Remedy: how evscan sees that it was applied: a service pack, a hotfix, another
  event; otherwise only silence tells. Exercised: what shows that silence means something: an event, or advice only.
- Tested: logs that must give the article in first place, or be explained away by it (yes), or beside or below an
  article that no log can tell it from and that comes first (beside), with the reason below the table; cases of
  `tests/knowledge/cases` and samples.
- Near misses: logs of a competitor, or with one fact changed, that must not give it. Every article with evidence
  has one; no log can show an article without evidence, so there is nothing to miss.
""",
    'COVERAGE-FACTS.md': """# The events that the facts name for each article, and what shows them

Made by `tests/knowledge/coverage.py --update`; do not edit.

`facts.yaml` lists the events: of an article those that it prints (named) or that make it worth suggesting (inferred),
of an incident those of its scenario with their part. Rules: those that the article asks for such an event with.
Tested: the first case or sample that shows the article and has the event in its logs, and how many there are; "put in"
means that `tests/knowledge/seen.py` puts the event into logs that show the article, and sees it counted.
""",
    'COVERAGE-RULES.md': """# The rules, and what tests them

Made by `tests/knowledge/coverage.py --update`; do not edit.

Each rule's own tests are run twice: by `evscan rules test`, and by `tests/rules/logs.py` through logs that are written
and read again, in .evt and .evtx where its provider wrote both. Match: events, or rows of events, that fire it; near:
those that must not. Articles: how many use it. Cases: logs in `tests/knowledge/cases` and samples that have an event
of its provider and number.
""",
    'COVERAGE-EVENTS.md': """# The events that are explained, and what tests them

Made by `tests/knowledge/coverage.py --update`; do not edit.

`tests/explain/run.py` compares each with the list of facts; `tests/explain/logs.py` writes each into a log and reads
its sentence again. Rules and cases: those that look at the event, or have it in their logs.
""",
    'COVERAGE-ERRORS.md': """# The error codes that have a name and a text

Made by `tests/knowledge/coverage.py --update`; do not edit.

`tests/explain/run.py` compares the name of each with the list of facts; `tests/explain/logs.py` writes each as %%CODE
into a log and reads its text again. Cases: those with an event that has the code as %%CODE or in hexadecimal digits.
""",
}
NEVER_FIRST = '''

## Never in first place

What each of these needs to be seen is evidence for another article, and nothing that a log holds tells the two apart.
The case of each shows that it is diagnosed beside or below that one.

'''
NOT_NEEDED = ('against', 'settles', 'exercised-by')
LONG_WINDOW = 3600


class Knowledge:
    def __init__(self):
        self.archive = load_all(os.path.join(HERE, 'archive.yaml'))[0]
        self.facts = Facts()
        self.articles, self.rules = self.facts.articles, self.facts.rules
        self.all_facts = list(self.facts.all())
        self.events = events_of(self.rules)
        self.tests, self.case_names = load_tests()
        self.logs = coverage_facts.load_cases()


def load_tests():
    """What comes first or is noise, also, and not, of every case and sample; and the names of the cases."""
    cases = {name_of(path): load_all(path)[0] for path in sorted(glob.glob(os.path.join(HERE, 'cases', '*.yaml')))}
    tests = [([case['first'], *case.get('noise', [])], case.get('also', []) + case.get('below', []),
              case.get('not', [])) for case in cases.values()]
    for path in glob.glob(os.path.join(ROOT, 'samples', '*', 'incident.yaml')):
        tests += [(expected[:1], expected[1:], []) for expected in [load_all(path)[0].get('expect')] if expected]
    return tests, cases.keys()


def table(columns, rows):
    return '\n'.join(['| ' + ' | '.join(columns) + ' |', '|' + '---|' * len(columns),
                      *('| ' + ' | '.join(str(cell).replace('|', '\\|') for cell in row) + ' |' for row in rows)])


# -- articles

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


def remedy_of(article):
    evidence = article.get('evidence') or {}
    found = ['hotfix'] if any('hotfix' in item for item in evidence.get('fixed-by') or []) else []
    found += ['event'] if any('rule' in item for item in evidence.get('fixed-by') or []) else []
    found += ['service pack'] if any('service-pack' in one for one in as_list(article.get('applies') or {})) else []
    return ', '.join(found) or '-'


def exercise_of(article):
    items = (article.get('evidence') or {}).get('exercised-by') or []
    return 'event' if any('rule' in item for item in items) else 'advice' if items else '-'


def article_row(know, name):
    article, detectable = know.articles.get(name), know.archive.get(name, '')
    if article is None:
        return [name, 'missing', detectable]
    evidence = evidence_of(article)
    near = sum(name in absent for _, _, absent in know.tests)
    settles = len((article.get('evidence') or {}).get('settles') or [])
    return [name, article['title'].strip(), detectable, evidence, settles or '-', remedy_of(article),
            exercise_of(article), tested(name, evidence, know.tests),
            near or ('no log shows it' if evidence == '-' else 'NONE')]


def article_table(know):
    names = sorted(know.archive) + sorted(know.articles.keys() - know.archive.keys())
    return table(['article', 'title', 'detectable', 'evidence', 'settles', 'remedy', 'exercised', 'tested',
                  'near misses'], [article_row(know, name) for name in names])


def text_of(name):
    with open(os.path.join(ROOT, 'rules', 'articles', name + '.yaml'), encoding='utf-8') as file:
        return file.read()


def never_first(name):
    """Why no log has the article in first place, as `# Never first: ..` and the comment lines behind it say."""
    found = re.search(r'^ *# Never first: (.*(?:\n *# .*)*)', text_of(name), re.MULTILINE)
    return re.sub(r'\n *# ', ' ', found[1]) if found else None


def never_first_rows(know):
    return [[name, why] for name in sorted(know.articles) for why in [never_first(name)] if why]


def wrong_about_first(know):
    """Articles that stand beside others only and do not say why, and those that say so and are first somewhere."""
    for name, article in know.articles.items():
        beside = tested(name, evidence_of(article), know.tests) == 'beside'
        if beside and not never_first(name):
            yield f'{name}: no log has it in first place, and no line `# Never first: ..` says why'
        if not beside and never_first(name):
            yield f'{name}: says that it is never first, and it is'


# -- facts, rules, events, errors

def fact_row(fact):
    if fact.reason:
        return [fact.article, fact.source, '' if fact.number is None else fact.number, fact.part,
                ', '.join(fact.rules), fact.reason]
    cases = f'{fact.cases[0]}, {len(fact.cases)}' if fact.cases else 'put in' if fact.rules else 'NO'
    return [fact.article, fact.source, fact.number, fact.part, ', '.join(fact.rules), cases]


def fact_table(know):
    return table(['article', 'source', 'event', 'part', 'rules', 'tested'], map(fact_row, know.all_facts))


def rule_row(know, name, uses):
    rule = know.rules[name]
    tests = rule.get('tests') or {}
    kind = 'correlation' if 'correlation' in rule else rule.get('evscan', 'finding')
    cases = sum(bool(know.events[name] & there) for _, _, there in know.logs)
    return [name, kind, len(tests.get('match', [])) or 'NO', len(tests.get('no-match', [])) or 'NONE', uses, cases]


def rule_table(know):
    used = [rules_in(article.get('evidence') or {}) for article in know.articles.values()]
    return table(['rule', 'kind', 'match', 'near', 'articles', 'cases'],
                 [rule_row(know, name, sum(name in one for one in used)) for name in sorted(know.rules)])


def explained():
    """(provider, event ID) of all that rules/explain explains."""
    for path in sorted(glob.glob(os.path.join(ROOT, 'rules', 'explain', '*.yaml'))):
        for document in load_all(path):
            for number in document['events']:
                yield document['provider'], number


def sentences():
    return {(document['provider'].lower(), number)
            for path in glob.glob(os.path.join(ROOT, 'rules', 'catalog', '*.yaml'))
            for document in load_all(path) for number in document.get('messages') or {}}


def event_rows(know):
    there = sentences()
    for provider, number in explained():
        event = (provider.lower(), number)
        rules = [name for name in sorted(know.events) if event in know.events[name]]
        yield [provider, number, 'yes' if event in there else 'NO', ', '.join(rules) or '-',
               sum(event in logged for _, _, logged in know.logs)]


def values_of_cases():
    """The values of the events of each case and sample, as one set each."""
    paths = glob.glob(os.path.join(HERE, 'cases', '*.yaml'))
    paths += glob.glob(os.path.join(ROOT, 'samples', '*', 'incident.yaml'))
    for path in sorted(paths):
        events = [event for log in load_all(path)[0]['logs'] for event in log['events'] or []]
        yield {str(value).lower() for event in events
               for value in (event.get('strings') or []) + list(dict(event.get('data') or {}).values())}


def error_rows():
    texts = load_all(os.path.join(ROOT, 'rules', 'catalog', 'win32-errors.yaml'))[0]['texts']
    values = list(values_of_cases())
    for code, text in texts.items():
        forms = {f'%%{code}', hex(code & 0xFFFFFFFF)} | ({hex(0x80070000 | code)} if 0 < code < 0x10000 else set())
        yield [code, text if isinstance(text, str) else text[0], sum(bool(forms & one) for one in values)]


# -- all of it

def parts_of(know):
    """{file: its tables without the head}"""
    return {'COVERAGE.md': article_table(know) + NEVER_FIRST + table(['article', 'why'], never_first_rows(know)),
            'COVERAGE-FACTS.md': fact_table(know), 'COVERAGE-RULES.md': rule_table(know),
            'COVERAGE-EVENTS.md': table(['provider', 'event', 'sentence', 'rules', 'cases'], event_rows(know)),
            'COVERAGE-ERRORS.md': table(['code', 'name', 'cases'], error_rows())}


def count(rows, *words):
    return sum(any(f'| {word} |' in row for word in words) for row in rows)


def summary_of(know, parts):
    rows = {file: text.splitlines()[2:] for file, text in parts.items()}
    numbered = {name for name in know.archive.keys() | know.articles.keys() if name[0] == 'Q' and name[1:].isdigit()}
    incidents = (know.archive.keys() | know.articles.keys()) - numbered
    facts = know.all_facts
    said = sum(bool(fact.reason) for fact in facts)
    return table(['what', 'how many', 'tested', 'not', 'where'], [
        ['Knowledge Base articles', len(numbered), *split(know, numbered), 'below'],
        ['incidents', len(incidents), *split(know, incidents), 'below'],
        ['events that the facts name for them', len(facts), sum(bool(fact.rules) and not fact.reason for fact in facts),
         f'{said}, each with its reason', '[COVERAGE-FACTS.md](COVERAGE-FACTS.md)'],
        ['rules', len(know.rules), len(know.rules) - count(rows['COVERAGE-RULES.md'], 'NO', 'NONE'),
         count(rows['COVERAGE-RULES.md'], 'NO', 'NONE'), '[COVERAGE-RULES.md](COVERAGE-RULES.md)'],
        ['events explained', len(rows['COVERAGE-EVENTS.md']),
         len(rows['COVERAGE-EVENTS.md']) - count(rows['COVERAGE-EVENTS.md'], 'NO'),
         count(rows['COVERAGE-EVENTS.md'], 'NO'), '[COVERAGE-EVENTS.md](COVERAGE-EVENTS.md)'],
        ['error codes', len(rows['COVERAGE-ERRORS.md']), len(rows['COVERAGE-ERRORS.md']), 0,
         '[COVERAGE-ERRORS.md](COVERAGE-ERRORS.md)']])


def split(know, names):
    """How many of them are tested, and how many are not, with the reason."""
    states = [tested(name, evidence_of(know.articles.get(name, {})), know.tests) for name in names]
    silent, beside = states.count('-'), states.count('beside')
    return (f'{states.count("yes")} in first place' + (f', {beside} beside another' if beside else ''),
            f'{silent} that no log shows' if silent else states.count('NO'))


def make_tables(know):
    parts = parts_of(know)
    heads = {**HEADS, 'COVERAGE.md': HEADS['COVERAGE.md'] % summary_of(know, parts)}
    return {file: f'{heads[file]}\n{text}\n' for file, text in parts.items()}


def silent_about(know):
    """Articles that lack something and do not say why, in a line like `# No against: ..`."""
    for name, article in know.articles.items():
        evidence = article.get('evidence')
        text = text_of(name)
        if evidence and article.get('kind') != 'noise' and seconds(evidence.get('window', '30m')) > LONG_WINDOW:
            if ('quiet' in evidence) == ('# No quiet: ' in text):
                yield f'{name}: its window is long, and it has no `quiet` or no line `# No quiet: ..` that says why'
        for key in NOT_NEEDED if evidence else ():
            if not evidence.get(key) and f'# No {key}: ' not in text:
                yield f'{name}: neither `{key}`, nor a line `# No {key}: ..` that says why'
            if evidence.get(key) and f'# No {key}: ' in text:
                yield f'{name}: says that there is no `{key}`, and there is'


def is_current(file, text):
    try:
        with open(os.path.join(HERE, file), encoding='utf-8') as there:
            return there.read() == text
    except OSError:
        return False


def main(arguments):
    know = Knowledge()
    tables = make_tables(know)
    if arguments == ['--update']:
        for file, text in tables.items():
            with open(os.path.join(HERE, file), 'w', encoding='utf-8') as out:
                out.write(text)
        return 0
    wrong = [f'{file} is not what it should be: run tests/knowledge/coverage.py --update'
             for file, text in tables.items() if not is_current(file, text)]
    # A case is ARTICLE.yaml or ARTICLE-near-WHAT.yaml.
    wrong += [f'{name}: no article has that name' for name in know.case_names
              if name.split('-near-')[0] not in know.articles]
    wrong += [f'not there, not tested, or without a near miss: {line}' for text in tables.values()
              for line in text.splitlines() if any(f'| {word} |' in line for word in ('missing', 'NO', 'NONE'))]
    wrong += [*silent_about(know), *wrong_about_first(know)]
    print('\n'.join(wrong), end='\n' if wrong else '')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
