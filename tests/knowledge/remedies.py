#!/usr/bin/env python3
"""remedies.py EVSCAN: a hotfix that an article names closes it, and another one does not.

To the logs of a case that shows the article the record of an installed hotfix (NtServicePack 4377) is added on every
node that had the trouble, an hour behind all other events: first one of a number that nobody names, which must leave
the article as it is, then each that the article names in `fixed-by`, and the one of its own number.
"""

import os
import sys

from against import anchors_of, cases_by_article, load_articles, report_of
from description import TICKS_PER_SECOND, Event, read_description
from run import Failure

NOBODYS = 'Q199999'
HOUR = 3600 * TICKS_PER_SECOND


def hotfixes_of(article):
    named = [item['hotfix'] for item in article['evidence'].get('fixed-by') or [] if 'hotfix' in item]
    return [article['article'], *named] if named else []


def with_hotfix(evscan, name, case, hotfix):
    """What is reported, with that hotfix installed in the end."""
    logs = read_description({'logs': case})
    nodes = {node for node, _ in anchors_of(report_of(evscan, logs), logs, name)}
    end = max(event.time for log in logs for event in log.events) + HOUR
    for node in nodes:
        log = next(log for log in logs if log.computer == node and log.channel == 'System')
        log.events.append(Event(time=end, written=end, source='NtServicePack', id=4377, computer=node, channel='System',
                                strings=['Windows NT 4.0', hotfix], form=log.form))
    report = report_of(evscan, logs)
    return [{one['article'] for one in report[kind]} for kind in ('diagnoses', 'closed')]


def complaints_about(evscan, article, case):
    name = article['article']
    diagnosed, closed = with_hotfix(evscan, name, case, NOBODYS)
    if name not in diagnosed or name in closed:
        yield f'{name}: {NOBODYS} closes it'
    for hotfix in hotfixes_of(article):
        diagnosed, closed = with_hotfix(evscan, name, case, hotfix)
        if name in diagnosed or name not in closed:
            yield f'{name}: {hotfix} does not close it'


def main(arguments):
    evscan = os.path.abspath(arguments[1])
    cases, _ = cases_by_article()
    articles = [article for article in load_articles().values()
                if 'evidence' in article and hotfixes_of(article)]
    wrong = [f'{article["article"]}: no case can take more events' for article in articles
             if article['article'] not in cases]
    for article in articles:
        try:
            if article['article'] in cases:
                wrong += complaints_about(evscan, article, cases[article['article']])
        except Failure as failure:
            wrong.append(f'{article["article"]}: {failure}')
    print('\n'.join(wrong + [f'{len(articles)} articles name a hotfix, {len(wrong)} complaints']))
    return 1 if wrong or not articles else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
