#!/usr/bin/env python3
"""against.py EVSCAN [ARTICLE..]: what speaks against an article is seen when it is there.

To the logs of a case or sample in which an article is diagnosed, or explains events as no trouble, an event is added
for every rule that the article has in `against`: the first one of the rule's own tests, on the node and within the time
that the article asks for.  The report must then count each of these items against the article, with all of its rules;
or the article is no diagnosis any more, for an item alone too.

Items that ask for more than an event (at-least, distinct, sides, names, a node by its part in the incident) or for
none (absent) are left to the cases; how many they are is printed. So are articles that stand below others only: a
report has no evidence of them.
"""

import concurrent.futures
import copy
import glob
import itertools
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

import run                  # pylint: disable=wrong-import-position
from checks import part_of  # pylint: disable=wrong-import-position
from run import CASES, ROOT, Failure, diagnose, load_case

from description import (TICKS_PER_SECOND, DescriptionError, Event,  # pylint: disable=wrong-import-position
                         read_description)
from make_logs import make_log  # pylint: disable=wrong-import-position

UNITS = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}
SPECIAL = {'at-least', 'distinct', 'sides', 'names', 'same', 'every', 'apart', 'differ', 'clock', 'wrote'}
NODES = {'same', 'any', 'other'}
OTHER = 'SOMEBODY'


def load_all(path):
    with open(path, encoding='utf-8') as file:
        loader = getattr(run.yaml, 'CSafeLoader', run.yaml.SafeLoader)
        return [one for one in run.yaml.load_all(file, Loader=loader) if one]


def load_rules():
    """{name: the event that its tests begin with}; rules that need a row of events have None."""
    rules = {}
    for path in glob.glob(os.path.join(ROOT, 'rules', 'events', '*.yaml')):
        for rule in load_all(path):
            event = rule['tests']['match'][0]
            rules[rule['name']] = None if isinstance(event, list) else event
    return rules


def load_articles():
    articles = {}
    for path in sorted(glob.glob(os.path.join(ROOT, 'rules', 'articles', '*.yaml'))):
        article = load_all(path)[0]
        articles[article['article']] = article
    return articles


def is_plain(log):
    return not (log.wrapped or log.truncate is not None or any(event.number is not None for event in log.events))


def candidates():
    """(name, articles that it shows, articles below them, logs as YAML) of all cases and samples."""
    for path in sorted(glob.glob(os.path.join(CASES, '*.yaml'))):
        case = load_case(path)
        shown = [case['first'], *case.get('noise', []), *case.get('also', [])]
        yield os.path.basename(path), shown, case.get('below', []), case['logs']
    for path in sorted(glob.glob(os.path.join(ROOT, 'samples', '*', 'incident.yaml'))):
        sample = load_all(path)[0]
        yield os.path.basename(os.path.dirname(path)), sample['expect'], [], sample['logs']


def cases_by_article():
    """Logs of each article, as YAML, that can take more events: of a case of its own, else of any that shows it; and
    the articles that stand below others only."""
    cases, ranks, all_below = {}, {}, set()
    for file, shown, below, logs in candidates():
        all_below |= set(below)
        for name in set(shown) - {'nothing'}:
            rank = 1 + file.startswith(name) + (file == name + '.yaml')
            if rank > ranks.get(name, 0) and all(map(is_plain, read_description({'logs': logs}))):
                cases[name], ranks[name] = logs, rank
    return cases, all_below - cases.keys()


def seconds(text):
    match = re.fullmatch(r'(-?)(\d+)([smhd])', str(text).strip())
    return (-1 if match[1] else 1) * int(match[2]) * UNITS[match[3]] if match else 0


def window_of(item, evidence):
    within = item.get('within', evidence.get('quiet', evidence.get('window', '30m')))
    return [seconds(bound) for bound in within] if isinstance(within, list) else [-seconds(within), seconds(within)]


def anchors_of(report, logs, name):
    """(node, time) of all events that are as the first need of the article: it may have begun with any of them."""
    for one in report['diagnoses'] + report['noise']:
        if one['article'] == name:
            hit = one['evidence']['for'][0]['hits'][0]
            log = next(log for log in logs if log.file == os.path.basename(hit['input']))
            seen = log.events[hit['record'] - log.first_number]
            return [(log.computer, event.time) for log in logs for event in log.events
                    if (event.source, event.id) == (seen.source, seen.id)]
    raise Failure('it is not found in its own case')


def event_for(rule, log, time):
    data = rule.get('Data')
    named = {key: str(value) for key, value in rule.items()
             if key not in ('Provider_Name', 'EventID', 'Channel', 'Computer', 'TimeCreated', 'Binary', 'Data')}
    return Event(time=time, written=time, source=rule['Provider_Name'], id=rule['EventID'], computer=log.computer,
                 channel=log.channel, strings=[str(value) for value in data] if isinstance(data, list) else None,
                 binary=bytes.fromhex(rule['Binary']) if 'Binary' in rule else None,
                 data=list(named.items()) or None, form=log.form)


def put(logs, node, channel, rule, time):
    """Into a log of the node, that channel before others."""
    mine = [log for log in logs if log.computer == node]
    log = next((log for log in mine if log.channel == channel), mine[0])
    event = event_for(rule, log, time)
    at = next((i for i, other in enumerate(log.events) if other.time > time), len(log.events))
    log.events.insert(at, event)


def add_other(logs, channel):
    """A second node's log over the same time."""
    log = copy.deepcopy(next((log for log in logs if log.channel == channel), logs[0]))
    times = [event.time for one in logs for event in one.events]
    log.computer, log.file = OTHER, f'{OTHER}-{len(logs)}.{log.format}'
    log.events = [Event(time=time, written=time, source='Print', id=10, computer=OTHER, channel=log.channel,
                        form=log.form) for time in (min(times), max(times))]
    logs.append(log)


def usable(item, rules):
    if 'rule' not in item:  # what speaks against it by not being there
        return False
    names = item['rule'] if isinstance(item['rule'], list) else [item['rule']]
    return (not item.keys() & SPECIAL and item.get('node', 'same') in NODES and
            all(rules[name] is not None for name in names))


def time_for(anchor, window, number):
    """A moment that lies in the window, as near to the anchor as can be."""
    low, high = (bound * TICKS_PER_SECOND for bound in window)
    shift = min(number * TICKS_PER_SECOND // 10, TICKS_PER_SECOND)
    return anchor + (shift if high > 0 >= low else high - shift if high <= 0 else low + shift)


def insert(logs, items, evidence, anchors, rules):
    if any(item.get('node') == 'other' for item in items) and len({log.computer for log in logs}) < 2:
        add_other(logs, 'System')
    for item, (node, time) in itertools.product(items, anchors):
        others = sorted({log.computer for log in logs} - {node})
        where = others[0] if item.get('node') == 'other' else node
        for number, name in enumerate(item['rule'] if isinstance(item['rule'], list) else [item['rule']], 1):
            put(logs, where, item.get('log', 'System'), rules[name], time_for(time, window_of(item, evidence), number))


def sampled(evscan, things):
    """What is known says nothing about memory: some are enough for a sanitizer."""
    return part_of(things, evscan, 10)


def report_of(evscan, logs):
    with tempfile.TemporaryDirectory() as folder:
        for log in logs:
            with open(os.path.join(folder, log.file), 'wb') as file:
                file.write(make_log(log).data)
        return diagnose(evscan, folder)


def against_of(report, name):
    """How many hits speak against the article, by the text of the item; None: it is no diagnosis any more."""
    seen = {}
    there = report['diagnoses'] + report['noise']
    for one in there + report['considered'] + report['closed']:
        if one['article'] == name:
            for item in one['evidence']['against']:
                seen[item['text']] = max(item['hits_seen'], seen.get(item['text'], 0))
    return seen if seen or any(one['article'] == name for one in there) else None


def missing_of(evscan, article, case, items, rules):
    """Those of `items` that the report does not count, with an event for each in the logs."""
    logs = read_description({'logs': case})
    anchors = anchors_of(report_of(evscan, logs), logs, article['article'])
    insert(logs, items, article['evidence'], anchors, rules)
    seen = against_of(report_of(evscan, logs), article['article'])
    return [item for item in items if seen is not None and seen.get(' '.join(item['text'].split()), 0) <
            (len(item['rule']) if isinstance(item['rule'], list) else 1)], seen is None


def complaints_about(evscan, article, case, rules):
    items = [item for item in article['evidence']['against'] if usable(item, rules)]
    try:
        missing, gone = missing_of(evscan, article, case, items, rules) if items else ([], False)
        alone = [item for item in (items if gone else missing)
                 if missing_of(evscan, article, case, [item], rules)[0]]
    except (Failure, DescriptionError) as failure:
        return [f'{article["article"]}: {failure}']
    return [f'{article["article"]}: nothing is seen of {item["rule"]}' for item in alone]


def main(arguments):
    evscan = os.path.abspath(arguments[1])
    rules, (cases, below) = load_rules(), cases_by_article()
    articles = {name: article for name, article in load_articles().items()
                if (article.get('evidence') or {}).get('against') and (not arguments[2:] or name in arguments[2:])}
    wrong = [f'{name}: no case can take more events' for name in articles.keys() - cases.keys() - below]
    shown = sampled(evscan, [article for name, article in articles.items() if name in cases])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(complaints_about, evscan, article, cases[article['article']], rules) for article in shown]
        wrong += [complaint for job in jobs for complaint in job.result()]
    items = [item for article in shown for item in article['evidence']['against']]
    tried = sum(usable(item, rules) for item in items)
    left = len(items) - tried + sum(len(articles[name]['evidence']['against']) for name in articles.keys() & below)
    print('\n'.join(wrong + [f'{tried} items of {len(shown)} articles, {left} are left to the cases, '
                             f'{len(wrong)} complaints']))
    return 1 if wrong or not tried else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
