#!/usr/bin/env python3
"""facts.py SHARED [--update]: tests/knowledge/facts.yaml holds every event that the lists of facts name for an article.

And every article is related to those that the facts relate it to.  The lists stand in SHARED/reference, beside the
checkout; where they are not the test is skipped.  Of a Knowledge Base article: the events that it prints (named) and
those that make it worth suggesting (inferred).  Of an incident: its events with their part in it.
"""

import os
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, 'facts.yaml')
ARTICLES = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'rules', 'articles')
SKIPPED = 77
HEAD = """# The events that the facts name for each article, and their part.  Which of them evscan looks at, and which
# test shows them, stands in COVERAGE-FACTS.md.  Made by tests/knowledge/facts.py; do not edit.
"""


def load(path):
    with open(path, encoding='utf-8') as file:
        return yaml.load(file, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))


def article_facts(reference):
    facts = {}
    for entry in load(os.path.join(reference, 'kb-event-index.yaml')):
        for part in ('named', 'inferred'):
            for article in entry[part]:
                facts.setdefault(article, []).append((entry['source'], entry['id'], part))
    return facts


def incident_facts(reference):
    return {incident['id']: [(event['provider'], number, event['role']) for event in incident['events']
                             for number in event['ids']]
            for incident in load(os.path.join(reference, 'incident-scenarios.yaml'))}


def line_of(source, number, part):
    name = source if source.isalnum() else repr(source)
    return f'    - [{name}, {"null" if number is None else number}, {part}]\n'


def make(reference):
    facts = {**article_facts(reference), **incident_facts(reference)}
    lines = [HEAD]
    for article in sorted(facts):
        lines.append(f'{article}:\n')
        ordered = sorted(set(facts[article]), key=lambda fact: (fact[0], fact[1] or 0, fact[2]))
        lines += [line_of(*fact) for fact in ordered]
    return ''.join(lines)


def unrelated(reference):
    for entry in load(os.path.join(reference, 'kb-facts.yaml')):
        article = load(os.path.join(ARTICLES, f'{entry["id"]}.yaml'))
        related = {one['article'] for one in article.get('related') or []}
        for other in entry['related']:
            if other not in related:
                yield f'{entry["id"]} is not related to {other}'


def main(arguments):
    reference = os.path.join(os.environ.get('EVSCAN_SHARED', arguments[1]), 'reference')
    if not os.path.isdir(reference):
        print('skipped: the lists of facts are not here')
        return SKIPPED
    made = make(reference)
    if arguments[2:] == ['--update']:
        with open(TABLE, 'w', encoding='utf-8') as file:
            file.write(made)
        return 0
    missing = list(unrelated(reference))
    with open(TABLE, encoding='utf-8') as file:
        same = file.read() == made
    print(''.join(f'{line}\n' for line in missing), end='')
    print('facts.yaml is as the lists have it' if same else
          'facts.yaml is not as the lists have it: run tests/knowledge/facts.py SHARED --update')
    return 0 if same and not missing else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv))
