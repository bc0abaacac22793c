"""The events that the facts name for each article (facts.yaml), the rules that look for them, the cases with them."""

import glob
import os

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
REFERENCES = {'rule', 'absent', 'began', 'latest'}


def load_all(path):
    with open(path, encoding='utf-8') as file:
        return [one for one in yaml.load_all(file, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader)) if one]


def name_of(path):
    return os.path.basename(path)[:-len('.yaml')]


def as_list(value):
    return value if isinstance(value, list) else [value]


def load_articles():
    paths = sorted(glob.glob(os.path.join(ROOT, 'rules', 'articles', '*.yaml')))
    return {name_of(path): load_all(path)[0] for path in paths}


def load_rules():
    return {rule['name']: rule for path in sorted(glob.glob(os.path.join(ROOT, 'rules', 'events', '*.yaml')))
            for rule in load_all(path)}


def collect(node, providers, numbers):
    """What the detection says about provider and event ID, anywhere in it."""
    for child in node if isinstance(node, list) else node.values() if isinstance(node, dict) else []:
        collect(child, providers, numbers)
    for key, value in node.items() if isinstance(node, dict) else []:
        if key.split('|')[0] == 'Provider_Name':
            providers.update(str(one).lower() for one in as_list(value))
        elif key.split('|')[0] == 'EventID':
            numbers.update(as_list(value))


def events_of(rules):
    """{rule: {(provider, event ID)}}; a correlation has those of its rules."""
    events = {}
    for name, rule in rules.items():
        providers, numbers = set(), set()
        collect(rule.get('detection') or {}, providers, numbers)
        events[name] = {(provider, number) for provider in providers for number in numbers}
    for name, rule in rules.items():
        for other in as_list((rule.get('correlation') or {}).get('rules') or []):
            events[name] |= events[other]
    return events


def rules_in(node, keys=REFERENCES):
    """The rules that evidence refers to."""
    found = set()
    for key, value in node.items() if isinstance(node, dict) else []:
        if key in keys:
            found.update(as_list(value))
    for child in node if isinstance(node, list) else node.values() if isinstance(node, dict) else []:
        found |= rules_in(child, keys)
    return found


def load_cases():
    """(name, articles that it shows, {(provider, event ID)}) of all cases and samples."""
    cases = []
    for path in sorted(glob.glob(os.path.join(HERE, 'cases', '*.yaml'))):
        case = load_all(path)[0]
        shown = {case['first'], *(one for key in ('noise', 'also', 'below') for one in case.get(key, []))}
        cases.append((name_of(path), shown, case['logs']))
    for path in sorted(glob.glob(os.path.join(ROOT, 'samples', '*', 'incident.yaml'))):
        sample = load_all(path)[0]
        cases.append((f'samples/{os.path.basename(os.path.dirname(path))}', set(sample['expect']), sample['logs']))
    return [(name, shown, {(str(event['source']).lower(), event['id']) for log in logs
                           for event in log['events'] or []}) for name, shown, logs in cases]


def is_described(source):
    """Not the name of a provider: several of a kind, or none that the facts know."""
    return source == 'unspecified' or 'miniport' in source or 'drivers' in source


class Fact:
    """An event, the article that it belongs to, and what there is of it."""

    def __init__(self, article, source, number, part):
        self.article, self.source, self.number, self.part = article, source, number, part
        self.provider = None if is_described(source) else source
        self.rules, self.cases, self.reason = [], [], ''

    def __str__(self):
        return f'{self.article}: {self.source} {self.number}'

    def is_of(self, event):
        return event[1] == self.number and (self.provider is None or event[0] == self.provider.lower())


class Facts:
    def __init__(self):
        self.articles, self.rules, self.cases = load_articles(), load_rules(), load_cases()
        self.events = events_of(self.rules)

    def reason_for(self, article, number, part):
        """Why no event is asked for."""
        if not article.get('evidence'):
            return 'no log shows the article'
        if number is None:
            return 'the facts have no number'
        return 'the system of the node' if number == 6009 and part == 'inferred' and article.get('applies') else ''

    def rules_for(self, fact, article):
        mine = rules_in(article['evidence'])
        by_event = [name for name in mine if any(map(fact.is_of, self.events.get(name, ())))]
        # What the facts list as an event without a source can be the error code of another one.
        by_code = [name for name in mine if fact.source == 'unspecified'
                   and str(fact.number) in str(self.rules.get(name, {}).get('detection'))]
        return sorted(by_event or by_code)

    def make(self, name, source, number, part):
        fact, article = Fact(name, source, number, part), self.articles[name]
        fact.reason = self.reason_for(article, number, part)
        if fact.reason:
            return fact
        fact.rules = self.rules_for(fact, article)
        events = {event for rule in fact.rules for event in self.events[rule]}
        if any(map(fact.is_of, events)):
            events = set(filter(fact.is_of, events))
        if fact.rules and not set(fact.rules) & rules_in(article['evidence'], REFERENCES - {'absent'}):
            fact.reason = 'it counts that there is none'
        fact.cases = [case for case, shown, there in self.cases if name in shown and events & there]
        return fact

    def all(self):
        for name, facts in load_all(os.path.join(HERE, 'facts.yaml'))[0].items():
            for source, number, part in facts:
                yield self.make(name, source, number, part)
