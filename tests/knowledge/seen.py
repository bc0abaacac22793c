#!/usr/bin/env python3
"""seen.py EVSCAN [ARTICLE..]: an event that the facts name for an article is seen when it is there.

Most of what tests/knowledge/facts.yaml lists stands in the logs of a case.  For the rest an event is put into the logs
of a case or sample that shows the article: one that the article's rules know, beside the event that it begins with, on
each node in turn, with the values of the rule's own tests, of that first event, or with the names of the nodes.  In one
of these logs the report must have it as evidence for or against the article, or explain it by the article.
"""

import concurrent.futures
import itertools
import os
import sys

from against import (anchors_of, cases_by_article, event_for, load_articles, load_rules, report_of, sampled, seconds,
                     time_for, window_of)
from coverage_facts import Facts
from description import TICKS_PER_SECOND, read_description  # pylint: disable=wrong-import-position
from run import Failure

PARTS = ('needs', 'supports', 'against', 'explains', 'ends')


def items_with(evidence, names):
    """(item, a rule of `names` that it asks for, part), also of the other ways to see an item."""
    for part in PARTS:
        for item in evidence.get(part) or []:
            for one in (item, {**item, **item['or']} if 'or' in item else None):
                rules = one and one.get('rule')
                for name in rules if isinstance(rules, list) else [rules]:
                    if name in names:
                        yield one, name, part


def values_for(logs, anchor):
    """What the event may say: as in the rule's tests, as the article's first event, the name of a node."""
    yield None
    yield anchor
    for computer in sorted({log.computer for log in logs}):
        yield computer.split('.')[0]


def dressed(event, values):
    if isinstance(values, str):
        event.strings, event.data = [values] * 4, None
    elif values is not None:
        event.strings, event.data = values.strings, values.data
    return event


def window_for(item, part, evidence):
    if part == 'ends' and 'within' not in item:
        return [0, seconds(evidence.get('window', '30m'))]
    return window_of(item, evidence)


def insert(logs, node, item, event, time, values):
    """The records that were added: (file, number)."""
    mine = [log for log in logs if log.computer == node and log.events]
    log = next((log for log in mine if log.channel == item.get('log', 'System')), mine[0])
    added = []
    for number in range(item.get('at-least', 1)):
        one = dressed(event_for(event, log, time + number * TICKS_PER_SECOND), values)
        at = next((i for i, other in enumerate(log.events) if other.time > one.time), len(log.events))
        log.events.insert(at, one)
        added.append(id(one))
    return [(log.file, number) for number, event in enumerate(log.events, log.first_number) if id(event) in added]


def is_seen(report, name, records):
    hits = [hit for kind in ('diagnoses', 'noise', 'considered', 'closed') for one in report[kind]
            if one['article'] == name for item in one['evidence']['for'] + one['evidence']['against']
            for hit in item['hits']]
    explained = [finding for finding in report['findings'] if finding['explained_by'] == name]
    return any((os.path.basename(hit['input']), hit['record']) in records for hit in hits + explained)


def event_of(rules, name, source, number):
    """The event of the rule's tests, with the number, and the source when that is one."""
    event = dict(rules[name])
    event['EventID'] = number
    if source:
        event['Provider_Name'] = source
    return event


def tries(evidence, names, logs, anchor):
    nodes = sorted({log.computer for log in logs if log.events})
    for (item, name, part), node in itertools.product(list(items_with(evidence, names)), nodes):
        for values in values_for(logs, anchor):
            yield item, name, part, node, values


def try_fact(evscan, article, case, fact, rules):
    """Whether one of the logs shows it."""
    logs = read_description({'logs': case})
    evidence, name = article['evidence'], article['article']
    _, time = anchors_of(report_of(evscan, logs), logs, name)[-1]
    anchor = next(event for log in logs for event in log.events if event.time == time)
    for item, rule, part, node, values in tries(evidence, fact.rules, logs, anchor):
        if rules[rule] is None:
            continue
        changed = read_description({'logs': case})
        event = event_of(rules, rule, fact.provider, fact.number)
        records = insert(changed, node, item, event, time_for(time, window_for(item, part, evidence), 1), values)
        if is_seen(report_of(evscan, changed), name, records):
            return True
    return False


def complaint_about(evscan, article, case, fact, rules):
    try:
        if case is None:
            return f'{fact}: no case of the article can take more events'
        return None if try_fact(evscan, article, case, fact, rules) else f'{fact}: is not seen'
    except Failure as failure:
        return f'{fact}: {failure}'


def main(arguments):
    evscan = os.path.abspath(arguments[1])
    articles, rules, (cases, _) = load_articles(), load_rules(), cases_by_article()
    facts = sampled(evscan, [fact for fact in Facts().all() if fact.rules and not fact.cases and not fact.reason
                             and (not arguments[2:] or fact.article in arguments[2:])])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(complaint_about, evscan, articles[fact.article], cases.get(fact.article), fact, rules)
                for fact in facts]
        wrong = [job.result() for job in jobs]
    wrong = [complaint for complaint in wrong if complaint]
    print('\n'.join(wrong + [f'{len(facts)} events that are in no case, {len(wrong)} complaints']))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
