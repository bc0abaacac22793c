#!/usr/bin/env python3
"""mutations.py EVSCAN [--part N] [CASE..]: evidence of another thing, or of another time, is no evidence.

In the logs of every sample, and of every case but near misses, that have a confirmed diagnosis or confirmed noise, each
item of evidence but the first need is changed, all of its events in one way:

before, behind  they are three days earlier or later
name            a value that they have in common with the first need (a resource, a disk, a network) is another one

The item must not be found then, or the diagnosis not be confirmed.  What survives stands in mutations.yaml, with the
reason why a person would still say so.  An entry that no mutant needs is told as well when all cases are run.

--part N runs every N-th case; with sanitizers it is one of eight times as many.
"""

import concurrent.futures
import glob
import itertools
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from against import candidates, is_plain, load_all, report_of  # pylint: disable=wrong-import-position
from checks import part_of                                    # pylint: disable=wrong-import-position
from description import TICKS_PER_SECOND, read_description    # pylint: disable=wrong-import-position
from run import ROOT, Failure                                 # pylint: disable=wrong-import-position

DAYS = 3 * 86400 * TICKS_PER_SECOND
ACCEPTED = os.path.join(ROOT, 'tests', 'knowledge', 'mutations.yaml')
NUMBER = re.compile(r'(%%)?-?\d+|0[xX][0-9a-fA-F]+')
ADDRESS = re.compile(r'(\d+\.\d+\.\d+\.)(\d+)')


def confirmed(report):
    return {one['article']: one for one in report['diagnoses'] + report['noise'] if one['confidence'] == 'confirmed'}


def is_found(report, article, text):
    """Is the article still confirmed, and the item evidence for it?"""
    one = confirmed(report).get(article)
    return one is not None and any(item['text'] == text and item['hits'] for item in one['evidence']['for'])


def events_of(logs, item):
    """The events that the report lists for an item, each once."""
    by_file = {log.file: log for log in logs}
    places = {(os.path.basename(hit['input']), hit['record']) for hit in item['hits']}
    return [by_file[file].events[record - by_file[file].first_number] for file, record in sorted(places)]


def values_of(event):
    return {str(value) for value in (event.strings if event.strings is not None else dict(event.data or []).values())}


def names_in_common(logs, first, item):
    """Values that the events of an item have in common with the first need: neither numbers nor nodes."""
    nodes = {name for log in logs for name in (log.computer.lower(), log.computer.split('.')[0].lower())}
    mine = set().union(*map(values_of, events_of(logs, item)))
    return sorted(value for value in mine & set().union(*map(values_of, events_of(logs, first)))
                  if len(value) > 1 and value.lower() not in nodes and not NUMBER.fullmatch(value))


def other_name(value):
    match = ADDRESS.fullmatch(value)
    return f'{match[1]}{int(match[2]) % 250 + 1}' if match else value + ' X9'


def rename(event, name):
    if event.strings is not None:
        event.strings = [other_name(name) if value == name else value for value in event.strings]
    else:
        event.data = [(key, other_name(name) if str(value) == name else value) for key, value in event.data]


def move(event, ticks):
    event.time += ticks
    event.written += ticks


def changes_of(logs, first, item):
    """(what is done, a function that does it to an event) of all mutants of an item."""
    yield 'before', lambda event: move(event, -DAYS)
    yield 'behind', lambda event: move(event, DAYS)
    for name in names_in_common(logs, first, item):
        yield 'name', lambda event, name=name: rename(event, name)


def items_of(diagnosis):
    """The first need, and all other items that have events."""
    items = [item for item in diagnosis['evidence']['for'] if item['kind'] != 'system' and item['hits']]
    return items[0], items[1:]


def survivors_of(evscan, case):
    """(article, text of the item, change) of the mutants that change nothing, and how many there were."""
    logs = read_description({'logs': case})
    if not all(map(is_plain, logs)):
        return [], 0
    found, tried = [], 0
    for article, diagnosis in confirmed(report_of(evscan, logs)).items():
        first, items = items_of(diagnosis)
        for item, (change, apply) in ((item, one) for item in items for one in changes_of(logs, first, item)):
            mutant = read_description({'logs': case})
            for event in events_of(mutant, item):
                apply(event)
            for log in mutant:
                log.events.sort(key=lambda event: event.written)
            tried += 1
            if is_found(report_of(evscan, mutant), article, item['text']):
                found.append((article, item['text'], change))
    return found, tried


def accepted():
    """(article, text, change) of each survivor that has a reason."""
    entries = {}
    for entry in load_all(ACCEPTED)[0]:
        if entry.keys() != {'article', 'text', 'changes', 'why'}:
            raise Failure(f'mutations.yaml: {entry}: needs article, text, changes and why')
        entries.update({(entry['article'], entry['text'], change): entry['why'] for change in entry['changes']})
    return entries


def jobs_for(arguments):
    """(cases, is it all of them)"""
    names = [one[:-5] if one.endswith('.yaml') else one for one in arguments[2:]]
    step = int(names[1]) if names[:1] == ['--part'] else 1
    cases = [case for file, _, _, case in candidates()
             if file.removesuffix('.yaml') in names or ((step > 1 or not names) and '-near-' not in file)]
    cases = part_of(cases[::step], arguments[1], 8)
    return cases, not names


def main(arguments):
    evscan = os.path.abspath(arguments[1])
    cases, is_all = jobs_for(arguments)
    known, seen, tried = accepted(), set(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found, count in pool.map(survivors_of, itertools.repeat(evscan), cases):
            seen.update(found)
            tried += count
    wrong = [f'{article}: "{text}" is evidence with its events changed: {change}'
             for article, text, change in sorted(seen - known.keys())]
    if is_all:
        wrong += [f'{article}: "{text}" needs no entry for {change}'
                  for article, text, change in sorted(known.keys() - seen)]
    print('\n'.join(wrong + [f'{tried} mutants of {len(cases)} cases, {len(seen)} kinds survive, '
                             f'{len(wrong)} complaints']))
    return 1 if wrong or not tried else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
