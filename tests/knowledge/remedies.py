#!/usr/bin/env python3
"""remedies.py EVSCAN [ARTICLE..]: what mends an article closes it, or takes its points away; nothing else does.

To the logs of a case that shows the article one record is added on every node that had the trouble, an hour behind all
other events:

- an installed hotfix (NtServicePack 4377; of Windows 2000 also an update of the Windows Update Agent, 19): the
  one of its own number, each that it names in `fixed-by`, and there one of a number that nobody names, which must leave
  the article as it is;
- what the node says about its system (EventLog 6009): where the article ends with a service pack, that one, which must
  leave it as it is, and the next; where it has no end and is about Windows NT only, Windows 2000;
- what `exercised-by` says that would have shown it again, months later: it takes points away when the logs go on for
  `shows` behind it, and nothing when they end before. Where there is advice only, starts of the computer and of the
  cluster service take nothing away;
- the hotfix of its number, and then all of the case again: that neither closes it nor takes points away.

Articles that stand below others only, and what is no trouble, have no remedy that a report tells.
"""

import concurrent.futures
import copy
import dataclasses
import os
import re
import sys

from against import (SPECIAL, anchors_of, cases_by_article, event_for, load_articles, load_rules, report_of, sampled,
                     seconds)
from coverage_facts import as_list
from description import TICKS_PER_SECOND, DescriptionError, Event, read_description
from run import Failure

NOBODYS = 'Q199999'
HOUR = 3600 * TICKS_PER_SECOND
# Behind all windows but those that look for what is installed.
LATER = 60 * 24 * HOUR
STARTS = ['eventlog-6005', 'clussvc-1061', 'clussvc-1062', 'failover-1061', 'failover-1062']
NEUTRAL = {'Provider_Name': 'Perflib', 'EventID': 1008}
SHOWS, HELD_POINTS = '5m', 20
LAST_PACK = {'nt4': 6, 2000: 4}
VERSIONS = {'nt4': ('4.0', '1381'), 2000: ('5.0', '2195')}
SYSTEMS = {version: system for system, (version, _) in VERSIONS.items()}


class Shown:
    """An article in the logs of a case, before anything was done."""

    def __init__(self, evscan, article, case):
        self.evscan, self.article, self.name = evscan, article, article['article']
        self.logs = read_description({'logs': case})
        report = report_of(evscan, self.logs)
        self.nodes = {node for node, _ in anchors_of(report, self.logs, self.name)}
        self.end = max(event.time for log in self.logs for event in log.events) + HOUR
        self.score = score_in(report, self.name)

    def after(self, source, number, strings):
        """Its score, and whether it is closed, when each node had that event in the end."""
        logs = copy.deepcopy(self.logs)
        for node in self.nodes:
            mine = [log for log in logs if log.computer == node]
            log = next((log for log in mine if log.channel == 'System'), mine[0])
            log.events.append(Event(time=self.end, written=self.end, source=source, id=number, computer=node,
                                    channel=log.channel, strings=list(strings), form=log.form))
        report = report_of(self.evscan, logs)
        return score_in(report, self.name), self.name in {one['article'] for one in report['closed']}

    def after_return(self, source, number, strings):
        """As `after`, when all that the case has comes once more behind it."""
        begin = min(event.time for log in self.logs for event in log.events)
        logs, later = copy.deepcopy(self.logs), self.end - begin + LATER
        for log in logs:
            again = [dataclasses.replace(event, time=event.time + later, written=event.written + later)
                     for event in log.events]
            if log.computer in self.nodes:
                log.events.append(Event(time=self.end, written=self.end, source=source, id=number,
                                        computer=log.computer, channel=log.channel, strings=list(strings),
                                        form=log.form))
            log.events += again
        report = report_of(self.evscan, logs)
        return score_in(report, self.name), self.name in {one['article'] for one in report['closed']}

    def after_rules(self, names, rules, wait):
        """As `after`, with an event for each of the rules on all nodes, and the logs going on for `wait` behind it."""
        logs, at = copy.deepcopy(self.logs), self.end + LATER
        for log in logs:
            # It ran until then, and was not down since the last event of the case.
            log.events.append(event_for(NEUTRAL, log, at - HOUR))
            system = next((event for event in reversed(log.events) if event.id == 6009), None)
            for name in names if log.channel == 'System' else ():
                if name == 'eventlog-6005' and system:
                    log.events.append(dataclasses.replace(system, time=at, written=at))
                log.events.append(event_for(rules[name], log, at))
            log.events.append(event_for(NEUTRAL, log, at + wait))
        report = report_of(self.evscan, logs)
        return score_in(report, self.name), self.name in {one['article'] for one in report['closed']}

    def said(self):
        """What its nodes say about their system last: (nt4 or 2000, service pack), or None."""
        last = None
        for log in self.logs:
            for event in log.events if log.computer in self.nodes else []:
                if (event.source, event.id) == ('EventLog', 6009):
                    last = SYSTEMS.get(event.strings[0]), int((re.search(r'\d+', event.strings[2]) or '0')[0])
                elif (event.source, event.id) == ('EventLog', 6005) and last is None:
                    last = 'nt4', 3
        return last


    def family(self):
        """What the names of the rules for its cluster service begin with."""
        newer = any(event.source.endswith('FailoverClustering') for log in self.logs for event in log.events)
        return 'failover' if newer else 'clussvc'


def score_in(report, name):
    return max((one['score'] for one in report['diagnoses'] if one['article'] == name), default=None)


def scopes_of(article):
    applies = article.get('applies') or {}
    return applies if isinstance(applies, list) else [applies]


def top_of(scope):
    """The last service pack that it is about, or None."""
    text = str(scope.get('service-pack', ''))
    found = re.fullmatch(r'(?:<=|\d+-)?(\d+)', text)
    return int(found[1]) if found else None


def packs_of(article, said):
    """(record of the system, whether it closes) of what the nodes can say later."""
    system, pack = said
    scope = next((one for one in scopes_of(article) if system in one.get('os', [])), None)
    if scope is None:
        return
    top = top_of(scope)
    if top is not None and pack <= top < LAST_PACK[system]:
        # Windows NT 4.0 says its service pack from the fourth on.
        if system != 'nt4' or top > 3:
            yield [*VERSIONS[system], f'Service Pack {top}', 'Uniprocessor Free'], False
        yield [*VERSIONS[system], f'Service Pack {top + 1}', 'Uniprocessor Free'], True
    elif all(one.get('os') and 2000 not in one['os'] for one in scopes_of(article)) and system == 'nt4':
        yield [*VERSIONS[2000], '', 'Uniprocessor Free'], True


def records_of(article, hotfix):
    yield 'NtServicePack', 4377, ['Windows NT 4.0', hotfix]
    if any(2000 in one.get('os', []) for one in scopes_of(article)):
        yield 'Windows Update Agent', 19, [f'Update for Windows 2000 ({hotfix.replace("Q", "KB")})']


def hotfixes_of(article):
    """(number, points that it takes away or None when it closes the article)"""
    if re.fullmatch(r'Q\d{6}', article['article']):
        yield article['article'], None
    for item in article['evidence'].get('fixed-by') or []:
        if 'hotfix' in item:
            yield item['hotfix'], item.get('points')


def complaints_about_hotfixes(shown):
    named = list(hotfixes_of(shown.article))
    for hotfix, points in named if len(named) < 2 else [(NOBODYS, 0), *named]:
        for record in records_of(shown.article, hotfix):
            score, closed = shown.after(*record)
            if points is None and (score is not None or not closed):
                yield f'{shown.name}: {hotfix} ({record[0]}) does not close it'
            elif points is not None and score != shown.score - points and not (points and closed):
                yield f'{shown.name}: {hotfix} makes {shown.score} {score}, and is worth {points}'


def complaints_about_packs(shown):
    said = shown.said()
    for record, closes in packs_of(shown.article, said) if said else ():
        score, closed = shown.after('EventLog', 6009, record)
        if (score is None and closed) != closes:
            yield f'{shown.name}: {" ".join(record)} {"does not close" if closes else "closes"} it'


def complaints_about_silence(shown, rules):
    items = shown.article['evidence'].get('exercised-by') or []
    if not items or all(log.channel != 'System' for log in shown.logs):
        return
    before, _ = shown.after_rules([], rules, 0)
    if all('rule' not in item for item in items):
        # The newer system's starts are no events of the older one, and the other way round.
        names = [name for name in STARTS if rules[name] and name.startswith(('eventlog', shown.family()))]
        after, _ = shown.after_rules(names, rules, HOUR)
        if after != before:
            yield f'{shown.name}: there is advice only, and starts make {before} {after}'
        return
    item = next(item for item in items if 'rule' in item)
    # What its anchor is shows the trouble again when it stands alone.
    anchor = shown.article['evidence']['needs'][0]['rule']
    if item.keys() & SPECIAL or set(as_list(item['rule'])) & set(as_list(anchor)):
        return
    names = [name for one in items for name in as_list(one.get('rule') or [])]
    name = next((name for name in names if name.startswith(shown.family())), names[0])
    wait = seconds(item.get('shows', SHOWS)) * TICKS_PER_SECOND
    held, closed = shown.after_rules([name], rules, wait + HOUR)
    if 'shows' in item and shown.after_rules([name], rules, wait // 2)[0] != before:
        yield f'{shown.name}: {name} counts before it can show'
    if held != before - HELD_POINTS and not (held is None and closed):
        yield f'{shown.name}: {name} makes {before} {held}, and it would have shown'


def complaints_about_return(shown):
    score, closed = shown.after_return(*next(records_of(shown.article, next(hotfixes_of(shown.article))[0])))
    if closed or score is None or score < shown.score:
        yield f'{shown.name}: a hotfix makes {shown.score} {score}, and it came again'


def complaints_about(evscan, article, case, rules):
    try:
        shown = Shown(evscan, article, case)
        if shown.score is None:
            return [f'{shown.name}: its case does not show it']
        return [*complaints_about_hotfixes(shown), *complaints_about_packs(shown),
                *complaints_about_silence(shown, rules),
                *(complaints_about_return(shown) if list(hotfixes_of(article)) else [])]
    except (Failure, DescriptionError) as failure:
        return [f'{article["article"]}: {failure}']


def main(arguments):
    evscan = os.path.abspath(arguments[1])
    rules, (cases, below) = load_rules(), cases_by_article()
    articles = [article for name, article in load_articles().items()
                if 'evidence' in article and article.get('kind') != 'noise' and name not in below
                and (not arguments[2:] or name in arguments[2:])]
    wrong = [f'{article["article"]}: no case can take more events' for article in articles
             if article['article'] not in cases]
    shown = sampled(evscan, [article for article in articles if article['article'] in cases])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(complaints_about, evscan, article, cases[article['article']], rules) for article in shown]
        wrong += [complaint for job in jobs for complaint in job.result()]
    named = sum(any(points is not None or number != article['article'] for number, points in hotfixes_of(article))
                for article in shown)
    print('\n'.join(wrong + [f'{len(shown)} articles, of which {named} name a hotfix, {len(wrong)} complaints']))
    return 1 if wrong or not shown else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
