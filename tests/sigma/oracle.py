"""What correlations mean, by the shortest way: the reference for random tests, slow and without any limit.

An event is a dict: `time` (seconds, or None), `computer`, `record`, and the fields of its data as texts, each absent,
or a list of which the first counts.  A match is (time, place of its event in the order of all, events, value of a field).
"""
import re
from fractions import Fraction

NUMBER = re.compile(r'[+-]?(\d+|\d*\.\d+|\d+\.\d*)([eE][+-]?\d+)?$')
SLIDING = ('event_count', 'value_count', 'temporal', 'value_sum')
COMPARE = {'gt': lambda a, b: a > b, 'gte': lambda a, b: a >= b, 'lt': lambda a, b: a < b,
           'lte': lambda a, b: a <= b, 'eq': lambda a, b: a == b, 'neq': lambda a, b: a != b}


def number(text):
    text = text.strip()
    if re.match(r'0[xX][0-9a-fA-F]+$', text):
        return Fraction(int(text, 16))
    if re.match(r'[+-]?\d+$', text) and abs(int(text)) < 1 << 64:
        return Fraction(int(text))
    return Fraction(float(text)) if NUMBER.match(text) else None


def rounded(exact):
    """Integers of 64 bits are exact, everything else is the nearest double."""
    return exact if exact.denominator == 1 and abs(exact) < 1 << 64 else Fraction(float(exact))


class Match:
    """Of a rule (`inner` None: one event) or of a correlation (an alert); `ref` is which of the correlation's rules."""

    def __init__(self, ref, event, place, inner=None):
        self.ref, self.event, self.place, self.inner = ref, event, place, inner
        self.events = inner['events'] if inner else [event]
        self.time = event['time']
        self.identity = (place, id(inner) if inner else None)

    def value(self, name, fields):
        """(as written, folded), or None: what all events agree on."""
        if self.inner and name in self.inner['names']:
            text = self.inner['group'][self.inner['names'].index(name)]
            return text, text.lower()
        values = [first_value(event, fields) for event in self.events]
        if any(v is None for v in values) or len({v.lower() for v in values}) > 1:
            return None
        return values[0], values[0].lower()


def first_value(event, field):
    if field == 'Computer':
        return event['computer']
    value = event['data'].get(field)
    value = value[0] if isinstance(value, list) else value
    return value or None


class Correlation:
    """`rules`: names of rules and correlations; `alias(name, rule)` is the field that a name means there."""

    def __init__(self, title, kind, rules, span, **more):
        self.title, self.kind, self.rules, self.span = title, kind, rules, span
        self.group_by = more.get('group_by', [])
        self.aliases = more.get('aliases', {})
        self.bounds = more.get('bounds', {})
        self.fields = more.get('fields', [])
        self.percentile = more.get('percentile')
        self.expression = more.get('expression')

    def value(self, match, name):
        rule = self.rules[match.ref]
        field = self.aliases.get(name, {}).get(rule, name)
        return match.value(field, field)

    def group_of(self, match):
        values = [self.value(match, name) for name in self.group_by]
        return None if None in values else tuple(v[1] for v in values)

    def measure(self, window):
        if self.kind == 'event_count':
            return len({m.identity for m in window})
        if self.kind == 'value_count':
            rows = [[self.value(m, name) for name in self.fields] for m in window]
            return len({tuple(v[1] for v in row) for row in rows if None not in row})
        if self.kind == 'temporal':
            return len({m.ref for m in window})
        return self.measure_numbers(window)

    def measure_numbers(self, window):
        numbers = {}
        for m in window:
            value = self.value(m, self.fields[0])
            read = number(value[0]) if value else None
            if read is not None:
                numbers.setdefault(m.identity, read)
        ranked = sorted(numbers.values())
        if not ranked:
            return None
        if self.kind == 'value_sum':
            return rounded(sum(ranked))
        if self.kind == 'value_avg':
            return rounded(sum(ranked) / len(ranked))
        rank = -(-Fraction(self.percentile) * len(ranked) // 100)
        return ranked[max(1, int(rank)) - 1]

    def holds(self, window):
        if self.expression:
            present = {self.rules[m.ref]: True for m in window}
            return self.expression(lambda name: name in present)
        measured = self.measure(window)
        if measured is None:
            return False
        return all(COMPARE[op](measured, Fraction(bound)) for op, bound in self.bounds.items())

    def slides(self):
        return self.kind in SLIDING and not self.expression and set(self.bounds) <= {'gt', 'gte'}


def slack(a, b, tolerance):
    return tolerance if a.event['computer'].lower() != b.event['computer'].lower() else 0


def windows(c, matches, tolerance):
    """(members, moment) of every alert of a group."""
    taken = set()
    for i, first in enumerate(matches):
        if i in taken:
            continue
        inside = [k for k in range(i, len(matches)) if k not in taken
                  and matches[k].time - first.time <= c.span + slack(first, matches[k], tolerance)]
        window = [matches[k] for k in inside]
        holds = c.holds(window)
        if holds or not c.slides():
            taken.update(inside)
        if holds:
            shortest = next(n for n in range(1, len(window) + 1) if not c.slides() or c.holds(window[:n]))
            yield window, window[shortest - 1 if c.slides() else -1]


def follows(before, m, order, tolerance):
    more = slack(before, m, tolerance)
    return order[m.identity] > order[before.identity] or (more > 0 and m.time + more >= before.time)


def chain_from(c, first, matches, order, taken, tolerance):
    chain = [first]
    for ref in range(1, len(c.rules)):
        for m in matches:
            late = m.time - first.time > c.span + slack(first, m, tolerance)
            used = m.identity in (x.identity for x in chain)
            if m.ref == ref and m not in taken and not late and not used and \
                    follows(chain[-1], m, order, tolerance) and follows(first, m, order, tolerance):
                chain.append(m)
                break
        else:
            return None
    return chain


def sequences(c, matches, tolerance):
    order, taken, last = {}, set(), -1
    for m in matches:
        order.setdefault(m.identity, len(order))
    for first in (m for m in matches if m.ref == 0):
        if first in taken or order[first.identity] <= last:
            continue
        chain = chain_from(c, first, matches, order, taken, tolerance)
        if chain:
            taken.update(chain)
            last = max(order[m.identity] for m in chain)
            yield chain, chain[-1]


def alert_of(c, members, moment, places):
    events = {places[id(e)]: e for m in members for e in m.events}
    return {'title': c.title, 'events': [events[p] for p in sorted(events)], 'moment': moment.event,
            'place': places[id(moment.event)], 'names': c.group_by,
            'group': [c.value(members[0], name)[0] for name in c.group_by]}


def correlate(events, rules, correlations, tolerance):
    """`rules`: name -> (event -> bool).  The alerts of each correlation by title, inner ones first in `correlations`."""
    ordered = sorted((e for e in events), key=lambda e: (e['time'] or 0, e['computer'].lower(), e['record']))
    places = {id(e): place for place, e in enumerate(ordered)}
    found = {}
    for c in correlations:
        matches = []
        for ref, name in enumerate(c.rules):
            if name in rules:
                matches += [Match(ref, e, places[id(e)]) for e in ordered if rules[name](e) and e['time'] is not None]
            else:
                matches += [Match(ref, a['moment'], a['place'], a) for a in found[name]]
        matches.sort(key=lambda m: (m.time, m.place, m.inner is not None, m.ref))
        groups = {}
        for m in matches:
            key = c.group_of(m)
            if key is not None:
                groups.setdefault(key, []).append(m)
        search = sequences if c.kind == 'temporal_ordered' else windows
        found[c.title] = [alert_of(c, members, moment, places) for key in sorted(groups)
                          for members, moment in search(c, groups[key], tolerance)]
    return found
