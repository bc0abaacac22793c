"""What a log shall hold: reads the YAML descriptions of samples (rules/README.md, "Samples") and checks them.

A description is turned into `Log` and `Event` objects with every default filled in; the writers see nothing else.
"""

import datetime
import re
from dataclasses import dataclass, field, fields

import yaml

TICKS_PER_SECOND = 10_000_000
TICKS_1970 = 116444736000000000

TYPES = {'success', 'error', 'warning', 'information', 'audit-success', 'audit-failure', 'critical', 'verbose'}
FORMS = {'values', 'literal', 'forwarded'}
UNITS = {'ms': TICKS_PER_SECOND // 1000, 's': TICKS_PER_SECOND, 'm': 60 * TICKS_PER_SECOND,
         'h': 3600 * TICKS_PER_SECOND, 'd': 86400 * TICKS_PER_SECOND}


class DescriptionError(Exception):
    """Says where in the description something is wrong, and what."""


@dataclass
class Event:
    time: int                       # FILETIME
    source: str
    id: int
    type: str = 'information'
    computer: str = ''
    channel: str = ''
    written: int = 0                # FILETIME; the event's time when not given
    qualifiers: int | None = None   # high 16 bits of a classic identifier
    category: int = 0               # Task of an .evtx
    strings: list | None = None     # unnamed values
    binary: bytes | None = None
    data: list | None = None        # named values: (name, value)
    user_data: dict | None = None   # {root element: {child: text}}
    user: str | None = None         # S-1-..
    version: int = 0
    opcode: int = 0
    keywords: int | None = None
    guid: str | None = None         # of the provider
    activity: str | None = None
    process: int = 0
    thread: int = 0
    number: int | None = None       # record number, when it is not the one before plus one
    rendering: dict | None = None   # RenderingInfo of a forwarded event
    form: str = ''                  # how an .evtx stores it: one of FORMS


@dataclass
class Log:
    file: str
    format: str
    computer: str
    channel: str = 'System'
    events: list = field(default_factory=list)
    header: str = 'clean'           # clean, or dirty: the header is as of an earlier moment
    first_number: int = 1
    truncate: int | None = None     # bytes that are left; negative: bytes cut off at the end
    # .evt
    ring: int | None = None         # size of the file; None: an exported log, cut to its records
    start: int = 0x30               # where the first record is written
    wrapped: str = ''               # across, skip, eof: what happens at the end of the ring (evt_writer.py)
    eof: str = 'there'              # there, missing
    # .evtx
    form: str = ''
    chunk_records: int = 0          # records in a chunk at most; 0: as many as fit
    allocated: int = 0              # chunks of the file; those behind the used ones are zero
    minor: int = 1                  # version 3.minor
    checksums: bool = True


EVENT_KEYS = {f.name for f in fields(Event)} | {'task'}
LOG_KEYS = {f.name for f in fields(Log)}
CHOICES = {'format': {'evt', 'evtx'}, 'header': {'clean', 'dirty'}, 'wrapped': {'', 'across', 'skip', 'eof'},
           'eof': {'there', 'missing'}, 'form': FORMS | {''}}


def fail(where, what):
    raise DescriptionError(f'{where}: {what}')


def check_keys(where, mapping, known):
    if not isinstance(mapping, dict):
        fail(where, 'must be a map')
    for key in mapping:
        if key not in known:
            fail(where, f'unknown key {key!r}; known are {", ".join(sorted(known))}')


def check_choices(where, mapping):
    for key, allowed in CHOICES.items():
        if key in mapping and mapping[key] not in allowed:
            fail(where, f'{key}: {mapping[key]!r} is none of {", ".join(sorted(a for a in allowed if a))}')


def filetime(moment):
    """FILETIME of a datetime; without a zone it is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    delta = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    seconds = delta.days * 86400 + delta.seconds
    return TICKS_1970 + seconds * TICKS_PER_SECOND + delta.microseconds * 10


def read_absolute(where, text):
    match = re.fullmatch(r'(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z?', text)
    if not match:
        fail(where, f'time {text!r} is neither like "1999-04-12T02:10:05Z" nor like "+35s"')
    whole = datetime.datetime.fromisoformat(f'{match[1]}T{match[2]}')
    return filetime(whole) + int((match[3] or '0').ljust(7, '0'))


def read_time(where, value, before):
    """A moment, or a distance from the event before."""
    if isinstance(value, datetime.datetime):
        return filetime(value)
    match = re.fullmatch(r'([+-])(\d+)(ms|s|m|h|d)', str(value))
    if not match:
        return read_absolute(where, str(value))
    if before is None:
        fail(where, 'the first event needs a full time')
    distance = int(match[2]) * UNITS[match[3]]
    return before + distance if match[1] == '+' else before - distance


def read_named(where, data):
    if isinstance(data, dict):
        return list(data.items())
    if isinstance(data, list) and all(isinstance(item, list) and len(item) == 2 for item in data):
        return [tuple(item) for item in data]
    return fail(where, 'data must be a map, or a list of [name, value]')


def read_event(where, raw, log, before):
    check_keys(where, raw, EVENT_KEYS)
    check_choices(where, raw)
    raw = dict(raw)
    for key in ('time', 'source', 'id'):
        if key not in raw:
            fail(where, f'{key} is missing')
    if raw.get('type', 'information') not in TYPES:
        fail(where, f'type {raw["type"]!r} is none of {", ".join(sorted(TYPES))}')
    if 'task' in raw:
        raw['category'] = raw.pop('task')
    raw['time'] = read_time(where, raw['time'], before)
    raw['written'] = read_time(where, raw['written'], raw['time']) if 'written' in raw else raw['time']
    if raw.get('data') is not None:
        raw['data'] = read_named(where, raw['data'])
    if raw.get('strings') is not None:
        raw['strings'] = [str(s) for s in raw['strings']]
    if raw.get('binary') is not None:
        raw['binary'] = bytes.fromhex(str(raw['binary']))
    raw.setdefault('computer', log.computer)
    raw.setdefault('channel', log.channel)
    raw.setdefault('form', log.form)
    return Event(**raw)


def read_log(where, raw):
    check_keys(where, raw, LOG_KEYS)
    check_choices(where, raw)
    for key in ('file', 'format', 'computer', 'events'):
        if key not in raw:
            fail(where, f'{key} is missing')
    if '/' in raw['file']:
        fail(where, 'file must be a name without folders')
    log = Log(**{key: value for key, value in raw.items() if key != 'events'})
    before = None
    for number, event in enumerate(raw['events'] or []):
        log.events.append(read_event(f'{where}, event {number + 1}', event, log, before))
        before = log.events[-1].time
    return log


def read_description(source, name='description'):
    """The logs that a description (already parsed from YAML) asks for."""
    if not isinstance(source, dict) or not isinstance(source.get('logs'), list):
        fail(name, 'must be a map with a list `logs`')
    return [read_log(f'{name}: log {number + 1}', raw) for number, raw in enumerate(source['logs'])]


def load_description(path):
    try:
        with open(path, encoding='utf-8') as file:
            return read_description(yaml.safe_load(file), path)
    except (OSError, yaml.YAMLError) as error:
        raise DescriptionError(f'{path}: {error}') from error
