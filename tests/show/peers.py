#!/usr/bin/python3
"""evscan show prints of real logs what other readers print: JSON Lines and XML, event by event, value by value.

    peers.py EVSCAN SHARED [EVTX_DUMP]

Others are libevtx and libevt (evscan show --reader libyal) and, where it is installed, evtx_dump (crate evtx): its path is
the third argument or EVSCAN_EVTX_DUMP.  An event that only the other one has, or a value that differs for no reason of the
tables below, fails.  With sanitizers it is every fourth log: the test `libyal` reads all of them.  Without the corpus or
without evtx_dump the word is "skipped"; exit status 77 when all was.
"""

import json
import math
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import part_of  # noqa: E402

SECONDS = 300
ABSENT = '(absent)'
NAMESPACE = re.compile(r'^\{[^}]*\}')


# -- why two values may differ; each is asked with the path, evscan's value, the other's

def text(value):
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return str(value) if isinstance(value, (int, float)) else value


def number(value):
    try:
        return int(value, 16) if value.startswith('0x') else int(value)
    except ValueError:
        return None


def guid_case(_, ours, theirs):
    return re.fullmatch(r'\{[-0-9a-f]{36}\}', ours) and ours == theirs.lower()


def time_digits(_, ours, theirs):
    return theirs.endswith('00Z') and theirs[:-3] + 'Z' == ours


def number_form(_, ours, theirs):
    return number(ours) is not None and number(ours) == number(theirs)


def no_types(_, ours, theirs):
    return ours == theirs


def blanks(_, ours, theirs):
    return (not ours.strip() and theirs == '') or re.sub(r'[\n\t]', ' ', ours) == theirs


def negative(_, ours, theirs):
    return ours.startswith('-') and theirs.startswith('-') and -int(theirs) == int(ours) & 0x7FFFFFFF


def real(_, ours, theirs):
    return 'e+' in theirs and math.isclose(float(ours), float(theirs), rel_tol=1e-6)


def lone_surrogate(_, ours, theirs):
    return re.sub('\ufffd.', '\ufffd', ours) == theirs


def raw_markup(_, ours, theirs):
    return '<' in ours and theirs.startswith('{')


def systemtime(_, ours, theirs):
    return re.fullmatch(r'[-0-9]{10}T[:0-9]{8}\.\d{3}Z', ours) and theirs == ours[:-1] + '0000Z'


def odd_boolean(_, ours, theirs):
    return ours == 'true' and number(theirs) not in (None, 0, 1)


def no_character(_, ours, theirs):
    return '\ufffd' in ours and ours.replace('\ufffd', '_') == theirs.replace('\ufffd', '_')


LIBYAL = [
    (guid_case, 'GUIDs: libyal writes capitals'),
    (time_digits, 'times: libyal writes 9 digits'),
    (number_form, 'libyal pads hexadecimal numbers, and writes size_t as decimal'),
    (no_types, "libyal's text has no types: numbers and booleans of the payload are strings"),
    (blanks, 'libyal leaves out texts of blanks; line ends in its attributes become blanks'),
    (negative, 'libyal loses a part of negative 32-bit numbers'),
    (real, 'libyal rounds to seven digits'),
    (lone_surrogate, 'libyal loses the character behind half of a surrogate pair'),
    (raw_markup, 'libyal does not escape texts of type ANSI: their markup becomes elements'),
]
EVTX_DUMP = [
    (systemtime, 'SYSTEMTIME holds milliseconds: evtx_dump writes seven digits'),
    (odd_boolean, 'a boolean that is neither 0 nor 1: evtx_dump writes the number'),
    (no_character, 'characters that XML does not have: evtx_dump writes _'),
]
# Members that only one of them has: (path, whether evscan has it) -> why.
LIBYAL_MEMBERS = {('Event', 'RenderingInfo', True): 'libyal leaves out RenderingInfo behind a template'}


# -- two documents side by side

def values(element):
    """An element of XML in the shape of the JSON: attributes, text, children in order."""
    children = [(NAMESPACE.sub('', child.tag), values(child)) for child in element]
    own = (element.text or '') + ''.join(child.tail or '' for child in element)
    return {'attributes': {NAMESPACE.sub('', k): v for k, v in element.attrib.items()},
            'text': own if own.strip() or not children else '', 'children': children}


def differences(ours, theirs, path=()):
    """(path, ours, theirs) of each value that differs; a missing member is ABSENT."""
    if ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if list(ours) != list(theirs) and ours.keys() == theirs.keys():
            yield path + ('(order)',), str(list(ours)), str(list(theirs))
        for name in list(ours) + [name for name in theirs if name not in ours]:
            yield from differences(ours.get(name, ABSENT), theirs.get(name, ABSENT), path + (name,))
    elif isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)) and len(ours) == len(theirs):
        for left, right in zip(ours, theirs):
            yield from differences(left, right, path)
    else:
        yield path, ours, theirs


class Comparison:
    def __init__(self, name, known, members):
        self.name, self.known, self.members = name, known, members
        self.counts, self.wrong = Counter(), []

    def reason(self, path, ours, theirs):
        member = self.members.get(path + (theirs == ABSENT,)) if ABSENT in (ours, theirs) else None
        if member or ABSENT in (ours, theirs):
            return member
        left, right = text(ours), text(theirs)
        if isinstance(left, str) and not isinstance(right, str):
            right = json.dumps(right)
        if not isinstance(left, str) or not isinstance(right, str):
            return None
        return next((why for explains, why in self.known if explains(path, left, right)), None)

    def padding(self, ours, theirs):
        """A classic record without data: libevt takes the padding for one more string."""
        longer = isinstance(theirs, list) and theirs[-1:] == [''] and theirs[:-1]
        return longer and (longer == ours or longer == [ours])

    def pair(self, where, ours, theirs):
        self.counts['compared'] += 1
        for path, left, right in differences(ours, theirs):
            why = self.reason(path, left, right)
            if not why and self.name == 'libyal' and self.padding(left, right):
                why = 'libevt takes the padding of a record without data for one more, empty string'
            if why:
                self.counts[why] += 1
            else:
                self.wrong.append(f'{where}: {".".join(path)}: {str(left)[:120]!r}, {self.name} has {str(right)[:120]!r}')

    def report(self):
        for line in self.wrong[:20]:
            print(f'FAILED: {line}')
        print(f'{self.name}: {len(self.wrong)} unexplained')
        for what, count in self.counts.most_common():
            print(f'{count:8}  {what}')
        return not self.wrong and self.counts['compared'] > 0


# -- events of a log

def output(*command):
    return subprocess.run(command, capture_output=True, timeout=SECONDS, check=False).stdout.decode(errors='replace')


def json_events(lines):
    return [json.loads(line) for line in lines.splitlines() if line.startswith('{')]


def xml_events(document):
    """The events of <Events>, each with the comment in front of it."""
    found, remarks = [], ''
    for event in ET.fromstring(document, ET.XMLParser(target=ET.TreeBuilder(insert_comments=True))):
        if event.tag is ET.Comment:
            remarks = event.text
            continue
        found.append((values(event), remarks))
        remarks = ''
    return found


def dump_xml_events(out):
    """evtx_dump prints documents one after the other.  It writes CR as it is, which a parser takes for LF, and control
    characters, which are none of XML's (evscan: U+FFFD)."""
    out = re.sub('[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]', '\ufffd', out.replace('\r', '&#13;'))
    return [(values(ET.fromstring(part)), '') for part in re.split(r'^<\?xml[^>]*>\n', out, flags=re.M) if '<Event' in part]


def json_key(event):
    system = (event.get('Event') or {}).get('System') or {}
    created = ((system.get('TimeCreated') or {}).get('#attributes') or {}).get('SystemTime', '')
    return str(system.get('EventRecordID')), created[:26]


def xml_key(event):
    system = dict(dict(event['children']).get('System', {'children': []})['children'])
    record = system.get('EventRecordID', {'text': ''})['text']
    return record, system.get('TimeCreated', {'attributes': {}})['attributes'].get('SystemTime', '')[:26]


def with_remarks(event):
    remarks = event.pop('Remarks', [])
    return event, ' '.join(remarks)


def compare_log(comparison, where, ours, theirs, key):
    """`ours` and `theirs`: (event, remarks).  An event that evscan calls partial is paired with what is left over."""
    waiting = defaultdict(list)
    partial = 0
    for event, remarks in ours:
        if 'partial' in remarks:
            partial += 1
        else:
            waiting[key(event)].append(event)
    for event, remarks in theirs:
        if 'partial' in remarks:
            comparison.counts['header only: the library gave the record up'] += 1
        elif waiting[key(event)]:
            comparison.pair(f'{where}: record {key(event)[0]}', waiting[key(event)].pop(0), event)
        elif partial:
            # The record's tail is zeros: evscan delivers what stands before them and marks it, others print the
            # zeros as values (EventRecordID 0, 1601-01-01), so that nothing tells the two by their keys.
            partial -= 1
            comparison.counts['half-written record: others print the missing bytes as zeros'] += 1
        else:
            comparison.counts[f'only {comparison.name} has it'] += 1
            comparison.wrong.append(f'{where}: record {key(event)}: only {comparison.name} has it')
    comparison.counts[f'only evscan has it: {comparison.name} gives up or does not look there'] += \
        sum(map(len, waiting.values()))


def compare_json(comparison, evscan, log, other):
    ours = map(with_remarks, json_events(output(evscan, 'show', '-o', 'jsonl', log)))
    compare_log(comparison, log.name, ours, map(with_remarks, json_events(other)), json_key)


def compare_xml(comparison, evscan, log, other):
    compare_log(comparison, log.name, xml_events(output(evscan, 'show', '-o', 'xml', log)), other, xml_key)


def libyal(evscan, corpus):
    comparison = Comparison('libyal', LIBYAL, LIBYAL_MEMBERS)
    for log in part_of(sorted(corpus.glob('evt*/*')), evscan, 4):
        compare_json(comparison, evscan, log, output(evscan, 'show', '-o', 'jsonl', '--reader', 'libyal', log))
    return comparison.report()


def evtx_dump(evscan, corpus, program):
    json_, xml_ = Comparison('evtx_dump -o jsonl', EVTX_DUMP, {}), Comparison('evtx_dump -o xml', EVTX_DUMP, {})
    for log in sorted(corpus.glob('evtx/*')):
        compare_json(json_, evscan, log, output(program, '-t', '1', '-o', 'jsonl', log))
        compare_xml(xml_, evscan, log, dump_xml_events(output(program, '-t', '1', '-o', 'xml', '--dont-show-record-number', log)))
    return json_.report() & xml_.report()


def main(evscan, shared, program=''):
    program = program or os.environ.get('EVSCAN_EVTX_DUMP', '')
    corpus = pathlib.Path(shared) / 'corpus'
    if not corpus.is_dir():
        print('skipped: the corpus of real logs is not here')
        return 77
    sound = libyal(evscan, corpus)
    if os.access(program, os.X_OK):
        sound &= evtx_dump(evscan, corpus, program)
    else:
        print('skipped: evtx_dump is not here (EVSCAN_EVTX_DUMP; tests/bench/peers.sh installs it)')
    return 0 if sound else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
