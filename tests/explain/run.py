#!/usr/bin/python3
"""Every event and error of the list of facts is explained, with the facts as they stand there; without that list, every
entry of our own is whole.

    run.py EVSCAN SHARED
"""

import json
import os
import pathlib
import subprocess
import sys

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import ROOT, part_of  # noqa: E402

EVENTS = 482  # in the list of facts
ERRORS = 978


def explain(evscan, *words):
    done = subprocess.run([evscan, 'explain', '-o', 'json', '--', *map(str, words)], capture_output=True, check=False,
                          timeout=60)
    return json.loads(done.stdout) if done.returncode == 0 else []


def ours():
    for path in sorted((ROOT / 'rules' / 'explain').glob('*.yaml')):
        for document in yaml.safe_load_all(path.read_text(encoding='utf-8')):
            yield document['provider'], document['events']


def all_events(evscan):
    events = {}
    for provider, _ in ours():
        for event in explain(evscan, provider):
            events[event['provider'], event['id']] = event
    return events


def check_whole(events):
    for key, event in events.items():
        if not event['sentence']:
            yield f'{key}: the catalog has no sentence'
        if not event['next'] and event['level'] in ('critical', 'error') and not event['causes']:
            yield f'{key}: neither causes nor next steps'


def check_event(wanted, event):
    facts = {'level': wanted['level'].lower(), 'channel': wanted['channel'], 'guid': wanted['guid'],
             'symbol': wanted.get('symbol'), 'fields': [str(f) for f in wanted['fields'] or []],
             'fields_confirmed': bool(wanted['confirmed'])}
    for key, value in facts.items():
        if event[key] != value:
            yield f"{wanted['provider']} {wanted['id']}: {key} is {event[key]!r}, should be {value!r}"
    for key, other in (('causes', 'causes'), ('companions', 'beside'), ('articles', 'published')):
        if bool(wanted[key]) != bool(event[other]):
            yield f"{wanted['provider']} {wanted['id']}: {other} {event[other]!r}, should stand for {wanted[key]!r}"


def check_events(events, reference):
    for wanted in reference:
        event = events.get((wanted['provider'], wanted['id']))
        if event:
            yield from check_event(wanted, event)
        else:
            yield f"{wanted['provider']} {wanted['id']}: not explained"


def check_errors(evscan, reference):
    catalog = yaml.safe_load((ROOT / 'rules/catalog/win32-errors.yaml').read_text(encoding='utf-8'))['texts']
    names = {code: text if isinstance(text, str) else text[0] for code, text in catalog.items()}
    if len(names) < ERRORS:
        yield f'{len(names)} errors'
    for wanted in reference:
        if names.get(int(wanted['code'])) != wanted['name']:
            yield f"error {wanted['code']}: {names.get(int(wanted['code']))}, should be {wanted['name']}"
    for form in ('1753', '0x6D9', '0x800706D9', '-2147023143', 'EPT_S_NOT_REGISTERED', 'ept_s_not_registered', '%%1753'):
        words = ['error', form] if form[0] in '0123456789-%' else [form]
        if [e['name'] for e in explain(evscan, *words)] != ['EPT_S_NOT_REGISTERED']:
            yield f'error {form}: not found'


def check_double_names(evscan):
    """Errors that have a name as HRESULT and another one as Win32 code."""
    for form, names in (('0x8007000E', ('ERROR_OUTOFMEMORY', 'E_OUTOFMEMORY')), ('14', ('ERROR_OUTOFMEMORY', 'E_OUTOFMEMORY')),
                        ('0x80070057', ('ERROR_INVALID_PARAMETER', 'E_INVALIDARG')), ('0x80070005', ('ERROR_ACCESS_DENIED', None))):
        if [(e['name'], e['also']) for e in explain(evscan, 'error', form)] != [names]:
            yield f'error {form}: not {names}'


def check_sources(evscan, shared):
    """Events of drivers, of providers by other names, and those that only rules know; of the facts all that name a source."""
    for provider, number, name in (('ClusDisk', 1034, 'ClusSvc'), ('clusdisk', 1209, 'ClusSvc'), ('ClusNet', 1118, 'ClusSvc'),
                                   ('Microsoft-Windows-ClusSvc', 1009, 'ClusSvc'), ('scm', 7024, 'Service Control Manager'),
                                   ('MICROSOFT-WINDOWS-disk', 11, 'Disk'), ('wlbs', 23, 'wlbs'), ('DCOM', 10002, 'DCOM')):
        if [e['provider'] for e in explain(evscan, *provider.split(), number)] != [name]:
            yield f'{provider} {number}: not as {name}'
    if explain(evscan, 'ClusDisk', 1009) or explain(evscan, 'Print', 1009):
        yield 'an event is explained for a provider that does not write it'
    facts = shared / 'reference' / 'kb-facts.yaml'
    articles = yaml.safe_load(facts.read_text(encoding='utf-8')) if facts.exists() else []
    events = {(e['source'], e['id']) for a in articles for e in a['events'] or [] if e.get('id') is not None}
    for source, number in part_of(sorted(events), evscan, 8):
        if source != 'unspecified' and 'e.g.' not in source and not explain(evscan, source, number):
            yield f'{source} {number}: not explained'


def answers(evscan, *words):
    return subprocess.run([evscan, *words], capture_output=True, check=False, timeout=60).stdout


def check_names(evscan):
    """Providers as Windows shows them, and articles as others call them, are the same ones."""
    full = 'Microsoft-Windows-FailoverClustering'
    for words in (['1069'], []):
        wanted = explain(evscan, full, *words)
        if not wanted or explain(evscan, 'failoverclustering', *words) != wanted:
            yield f'failoverclustering {words}: not as {full}'
    if explain(evscan, 'Clustering', '1069') or explain(evscan, 'Windows-FailoverClustering', '1069'):
        yield 'any end of the name of a provider is taken for it'
    whole = answers(evscan, 'kb', 'show', 'Q218922')
    for name in ('KB218922', 'kb218922', '218922'):
        if not whole or answers(evscan, 'kb', 'show', name) != whole:
            yield f'kb show {name}: not as Q218922'
    if answers(evscan, 'kb', 'show', 'KB'):
        yield 'kb show KB: found'


def main():
    evscan, shared = sys.argv[1], pathlib.Path(os.environ.get('EVSCAN_SHARED', sys.argv[2]))
    events = all_events(evscan)
    wrong = [] if len(events) >= EVENTS else [f'{len(events)} events']
    wrong += check_whole(events)
    facts = shared / 'reference' / 'cluster-events.yaml'
    reference = []
    if facts.exists():
        wrong += check_events(events, yaml.safe_load(facts.read_text(encoding='utf-8')))
        reference = yaml.safe_load((shared / 'reference' / 'win32-errors.yaml').read_text(encoding='utf-8'))
    else:
        print('skipped: the list of facts is not here')
    wrong += check_errors(evscan, reference)
    wrong += check_names(evscan)
    wrong += check_double_names(evscan)
    wrong += check_sources(evscan, shared)
    print('\n'.join(wrong + [f'{len(events)} events, {len(wrong)} complaints']))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
