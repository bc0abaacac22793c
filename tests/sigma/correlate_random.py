#!/usr/bin/env python3
"""correlate_random.py CASES [SEED [COUNT]]: random correlations over random events mean what oracle.py says.

Writes COUNT cases in the format of correlations.yaml and lets CASES (cases.c) run them.  A failure is told with the
case; the same SEED makes the same cases.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

import oracle

LETTERS = 'abcd'  # a rule each: those of an event stand in its field Kind
NODES = ['N1', 'n1', 'N2', 'N3.example.org']
NUMBERS = ['1', '2', '0x10', '-3', '2.5', '0.25', '1e2', '-1e2', 'none', '18446744073709551615', '-7', ' 4 ', '-1e30', '0.1']
SPANS = ['1s', '5s', '10s', '1m', '1h']
SECONDS = {'1s': 1, '5s': 5, '10s': 10, '1m': 60, '1h': 3600}
TYPES = ['event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_percentile',
         'value_median']


def maybe(rng, chance):
    return rng.random() < chance


def random_event(rng, record, spread):
    data = {'Kind': ''.join(x for x in LETTERS if maybe(rng, 0.4)) or 'x'}
    for name, values in (('G', ['u', 'U', 'v', '']), ('H', ['u', 'v', 'V']), ('N', NUMBERS), ('V', ['p', 'P', 'q', 'r'])):
        if maybe(rng, 0.85):
            value = rng.choice(values)
            data[name] = [value, rng.choice(values)] if value and maybe(rng, 0.1) else value
    tenths = None if maybe(rng, 0.03) else rng.randrange(spread * 2) * 5
    return {'time': None if tenths is None else oracle.Fraction(tenths, 10), 'computer': rng.choice(NODES),
            'record': record, 'data': data}


def time_text(seconds):
    tenths = int(seconds * 10)
    minutes, tenths = divmod(tenths, 600)
    return f'2024-01-01T{minutes // 60:02}:{minutes % 60:02}:{tenths // 10:02}.{tenths % 10}Z'


def event_yaml(event):
    written = {'Computer': event['computer'], 'EventRecordID': event['record'], 'Data': event['data']}
    if event['time'] is not None:
        written['TimeCreated'] = time_text(event['time'])
    return written


def random_bounds(rng, kind):
    most = {'temporal': 3, 'value_count': 4, 'event_count': 6}.get(kind, 20)
    operators = rng.sample(sorted(oracle.COMPARE), 2 if maybe(rng, 0.15) else 1)
    operators = ['gte'] if maybe(rng, 0.5) else operators
    return {op: rng.choice([rng.randint(1, most), 2.5 if kind.startswith('value_') else 2]) for op in operators}


def random_expression(rng, rules):
    """As written and as a function; mentions every rule once."""
    text, parts = '', []
    for rule in rules:
        negate = maybe(rng, 0.3)
        joint = rng.choice(['and', 'or']) if parts else ''
        text += f'{" " + joint + " " if joint else ""}{"not " if negate else ""}{rule}'
        parts.append((joint, negate, rule))

    def holds(present):
        result, term = False, True
        for joint, negate, rule in parts:
            value = present(rule) != negate
            result, term = (result or term, value) if joint == 'or' else (result, term and value)
        return result or term
    return text, holds


def random_correlation(rng, title, names):
    kind = rng.choice(TYPES)
    rules = rng.sample(names, rng.randint(1 if kind != 'temporal_ordered' else 2, min(3, len(names))))
    span = rng.choice(SPANS)
    group_by = rng.sample(['G', 'H', 'Computer', 'X'], rng.choice([0, 1, 1, 2]))
    aliases = {'X': {rule: rng.choice(['G', 'H']) for rule in rules if maybe(rng, 0.9)}} if 'X' in group_by else {}
    written = {'type': kind, 'rules': rules, 'timespan': span, 'group-by': group_by}
    meant = {'group_by': group_by, 'aliases': aliases}
    if aliases and aliases['X']:
        written['aliases'] = aliases
    if kind == 'temporal' and maybe(rng, 0.5):
        written['condition'], meant['expression'] = random_expression(rng, rules)
    elif kind.startswith('temporal') and (kind == 'temporal_ordered' or maybe(rng, 0.5)):
        meant['bounds'] = {'gte': len(rules)}
    else:
        meant['bounds'] = random_bounds(rng, kind)
        written['condition'] = dict(meant['bounds'])
    if kind.startswith('value_'):
        meant['fields'] = rng.choice([['V'], ['V', 'G']]) if kind == 'value_count' else ['N']
        written['condition']['field'] = meant['fields'] if len(meant['fields']) > 1 else meant['fields'][0]
    if kind == 'value_percentile':
        written['condition']['percentile'] = rng.choice([0, 10, 50, 95, 99.5, 100])
    meant['percentile'] = 50 if kind == 'value_median' else written.get('condition', {}) and (
        written['condition'].get('percentile') if isinstance(written['condition'], dict) else None)
    return written, oracle.Correlation(title, kind, rules, SECONDS[span], **meant)


def random_case(rng, number):
    rules = {x: (lambda e, x=x: x in e['data']['Kind']) for x in LETTERS}
    events = [random_event(rng, record, rng.choice([3, 20, 100])) for record in range(rng.randint(2, 25))]
    documents, correlations, silent, names = [], [], set(), list(LETTERS)
    for title in [f'C{i}' for i in range(rng.randint(1, 4))]:
        written, meant = random_correlation(rng, title, names)
        generate = maybe(rng, 0.3)
        silent |= set() if generate else set(meant.rules)
        documents.append({'title': title, 'name': title, 'generate': generate, 'correlation': written})
        correlations.append(meant)
        names.append(title)
    rng.shuffle(documents)
    for x in LETTERS:
        documents.append({'title': x, 'name': x, 'logsource': {'product': 'windows'},
                          'detection': {'s': {'Kind|contains': x}, 'condition': 's'}})
    tolerance = rng.choice([0, 0, 0, 1, 7])
    found = oracle.correlate(events, rules, correlations, tolerance)
    expected = [{'rule': x, 'events': [i]} for i, e in enumerate(events) for x in LETTERS
                if x not in silent and rules[x](e)]
    for title, alerts in found.items():
        expected += [{'rule': title, 'events': sorted(e['record'] for e in a['events']), 'group': a['group']}
                     for a in alerts if title not in silent]
    return {'name': f'case {number}', 'rule': '\n---\n'.join(json.dumps(d) for d in documents),
            'config': {'clock_tolerance': tolerance}, 'events': [event_yaml(e) for e in events],
            'expect_alerts': expected}


def main():
    cases, seed, count = sys.argv[1], int((sys.argv[2:] or ['1'])[0]), int((sys.argv[3:] or ['400'])[0])
    rng = random.Random(seed)
    made = [random_case(rng, number) for number in range(count)]
    alerts = sum(len(case['expect_alerts']) for case in made)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'cases.yaml')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump({'event_defaults': {'Provider': 'Test', 'EventID': 1, 'Channel': 'System'}, 'cases': made}, file)
        done = subprocess.run([cases, path], capture_output=True, text=True, timeout=600, check=False)
    print(f'seed {seed}: {alerts} alerts and matches expected; {done.stdout}{done.stderr}')
    for case in made:
        if f'FAILED {case["name"]}\n' in done.stdout:
            print(json.dumps(case, indent=1))
            break
    return done.returncode or (0 if alerts > count else 1)


if __name__ == '__main__':
    sys.exit(main())
