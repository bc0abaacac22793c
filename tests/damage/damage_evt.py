"""Damage to .evt logs.  Letters and numbers as in a catalogue of real damage: F1 dirty header, F2 wrapped, F3 older
records, F6 fill, F7 lengths, F8 offsets, F10 signature in data.
"""

import random
import struct

from sound import FILLER, HEADER_SIZE, evt, text_of
from description import TICKS_1970, TICKS_PER_SECOND
from table import damage, series

RECORD = 30
RING = 65536
EOF_SIZE = 40
START, END, NEXT, OLDEST, MAXIMUM, FLAGS = 16, 20, 24, 28, 32, 36


def one_lost(log):
    return {'must': log.without(RECORD), 'may': [RECORD], 'loss': True, 'notices': ('EVT_RECORD_BROKEN|EVT_SKIPPED',)}


def one_odd(log):
    return {'must': log.without(RECORD), 'may': [RECORD]}


@damage('.evt', 'nothing is done to it')
def evt_sound():
    return evt(), {'loss': False}


# -- states of a log that are no damage

@damage('.evt', 'F1: the header is stale, the EOF record is right')
def evt_dirty():
    return evt(ring=RING, header='dirty'), {'loss': False, 'notices': ('EVT_DIRTY',)}


@series('.evt', 'F2 F6: the end of the ring', across='across', skip='skip', eof='eof')
def wrapped(how):
    return evt(ring=RING, wrapped=how), {'loss': False}


@series('.evt', 'F1 F2 F6: the end of the ring, with a stale header', across='across', skip='skip', eof='eof')
def wrapped_dirty(how):
    return evt(ring=RING, wrapped=how, header='dirty'), {'loss': False}


@damage('.evt', 'F3: a ring that has overwritten its oldest records; what is left of them is no part of the log')
def overwritten():
    return evt(count=200, ring=RING), {'loss': False}


@damage('.evt', 'a log without records')
def evt_none():
    return evt(count=0), {'statuses': (0,), 'loss': False}


@damage('.evt', 'F3: older records behind the EOF record are no part of the log')
def older_records():
    log, old = evt(ring=RING), evt(first=9001, ring=RING)
    end = log.ends[0] + EOF_SIZE
    start = next(old.at(n) for n in old.numbers if old.at(n) >= HEADER_SIZE + 2000)
    piece = old.data[start:start + 15000]
    whole = [n for n in old.numbers if start <= old.at(n) and old.end(n) <= start + len(piece)]
    return log.put(end, piece), {'loss': False, 'notices': ('EVT_OLDER',), 'recover': whole}


@damage('.evt', 'F5: part of an overwritten record behind the EOF record')
def older_half():
    log, old = evt(ring=RING), evt(first=9001, ring=RING)
    end = log.ends[0] + EOF_SIZE
    return log.put(end, old.data[end:end + 4000]), {'loss': False}


def renumbered(number):
    return evt(change={31: {'number': number, 'strings': [text_of(number), FILLER]}})


@damage('.evt', 'record numbers that jump')
def number_jump():
    return renumbered(1000), {'loss': False, 'notices': ('EVT_NUMBER_JUMP',)}


@damage('.evt', 'a record number that comes twice')
def number_again():
    log = renumbered(5)
    return log, {'must': log.numbers + [5], 'loss': False}


@damage('.evt', 'F9: flags and closing number hold garbage')
def evt_garbage_fields():
    log = evt()
    for number in log.numbers:
        log.u16(log.at(number) + 30, 0xABCD).u32(log.at(number) + 32, 0x12345678)
    return log, {'loss': False}


@damage('.evt', 'times that run backwards and the last second of 32 bits')
def evt_times():
    log = evt()
    for number, second in ((RECORD, 0xFFFFFFFF), (RECORD + 1, 0)):
        log.u32(log.at(number) + 12, second)
        log.places[number].event.time = TICKS_1970 + second * TICKS_PER_SECOND
    return log, {'loss': False}


# -- the header and the EOF record

@series('.evt', 'the header is wrong, the EOF record is right', zero=(0, bytes(48)), signature=(4, b'XXXX'),
        size=(0, b'\xff\xff\xff\xff'), version=(8, b'\x09\0\0\0'), start=(START, b'\xf0\xff\xff\xff'),
        end=(END, b'\xf0\xff\xff\xff'), middle=(START, b'\x01\x03\0\0'), same=(START, b'\x30\0\0\0\x30\0\0\0'),
        flags=(FLAGS, b'\xff\xff\xff\xff'), maximum=(MAXIMUM, b'\1\0\0\0'), numbers=(NEXT, b'\1\0\0\0\xff\xff\xff\xff'))
def evt_header(what):
    return evt().put(*what), {}


@damage('.evt', 'the header is gone')
def evt_no_header():
    log = evt()
    return log.data[HEADER_SIZE:], {'must': log.numbers}


@series('.evt', 'junk in front of the header', some=1000, odd=3)
def evt_junk_prefix(size):
    log = evt()
    must = log.numbers if size % 4 == 0 else []
    return random.Random(5).randbytes(size) + log.data, {'must': must, 'may': log.numbers}


@series('.evt', 'no EOF record', exported={}, ring={'ring': RING}, dirty={'ring': RING, 'header': 'dirty'},
        across={'ring': RING, 'wrapped': 'across', 'header': 'dirty'})
def eof_missing(options):
    return evt(eof='missing', **options), {}


@series('.evt', 'the EOF record is wrong', start=(20, b'\xf0\xff\xff\xff'), start_inside=(20, b'\x33\x03\0\0'),
        end=(24, b'\x30\0\0\0'), numbers=(28, b'\xff\xff\xff\xff\0\0\0\0'), copy=(36, b'\0\0\0\0'))
def eof_record(what):
    log = evt(ring=RING, header='dirty')
    return log.put(log.ends[0] + what[0], what[1]), {}


@damage('.evt', 'a stale copy of the EOF record behind the true one')
def eof_stale_copy():
    log = evt(ring=RING, header='dirty')
    stale = struct.pack('<10I', 40, 0x11111111, 0x22222222, 0x33333333, 0x44444444, 0x30, log.at(20), 20, 1, 40)
    return log.put(log.ends[0] + 4000, stale), {'loss': False}


@damage('.evt', 'an EOF record that names its own place, but fewer records, behind the true one')
def eof_older():
    log = evt(ring=RING, header='dirty')
    at = log.ends[0] + 4000
    stale = struct.pack('<10I', 40, 0x11111111, 0x22222222, 0x33333333, 0x44444444, 0x30, at, 20, 1, 40)
    return log.put(at, stale), {'loss': False, 'notices': ('EVT_ENDS',)}


# -- a ring that has overwritten its oldest records, and an EOF record that is lost or does not stand where it says

OLD = 30


def turned(header='clean'):
    """In the file: newest, EOF record, rest of an old one, 30 old ones, oldest.  And what is to come with --recover."""
    log = evt(count=200, ring=RING, header=header)
    assert log.at(log.numbers[-1]) < log.at(log.numbers[0])
    old, log.numbers = log.numbers[:OLD], log.numbers[OLD:]
    oldest = log.numbers[0]
    log.u32(START, log.at(oldest)).u32(OLDEST, oldest)
    log.u32(log.ends[0] + 20, log.at(oldest)).u32(log.ends[0] + 32, oldest)
    return log, {'recover': old}


@series('.evt', 'F2 F3: the EOF record of a turned ring is wrong', zeros=(0, bytes(EOF_SIZE)), size=(0, b'\x29'),
        signature=(4, b'\x12'),
        last=(19, b'\0'), start=(20, b'\xcf'), end=(24, b'\0'), moved=(24, b'\xff\xff'))
def turned_eof(what):
    log, expect = turned()
    return log.put(log.ends[0] + what[0], what[1]), expect | {'loss': False}


@series('.evt', 'F1 F2 F3: a turned ring without an EOF record, with a true header or a stale one', clean='clean',
        dirty='dirty')
def turned_no_eof(header):
    log, expect = turned(header)
    return log.zero(log.ends[0], log.ends[0] + EOF_SIZE), expect | {'loss': False}


@series('.evt', 'F2 F3: bytes were put in or taken away in front of the EOF record of a turned ring', one=1, two=2,
        word=4, gone=-1, word_gone=-4, sector=512, sector_gone=-512)
def turned_moved(by):
    log, expect = turned()
    at = log.at(log.numbers[-20]) + 200
    lost = log.touched(at, at + max(-by, 1)) + log.touched(len(log.data) - 1, len(log.data))
    data = log.data[:at] + bytes(max(by, 0)) + log.data[at - min(by, 0):]
    return data, {'must': log.without(*lost), 'may': lost, 'loss': True}


@damage('.evt', 'F2 F3: four bytes more behind the header of a turned ring')
def turned_front():
    log, expect = turned()
    data = log.data[:HEADER_SIZE] + bytes(4) + log.data[HEADER_SIZE:]
    lost = log.touched(len(log.data) - 1, len(log.data))
    return data, {'must': log.without(*lost), 'may': lost}


# -- records

@series('.evt', 'F7: the length of a record is wrong', zero=0, small=8, eof=40, fill=0x27, less=56, odd=1001,
        most=0xFFFFFFFF, half=0x80000000, ring=65536)
def evt_length(length):
    log = evt()
    return log.u32(log.at(RECORD), length), one_lost(log)


@series('.evt', 'F7: the copy of the length is wrong', zero=0, most=0xFFFFFFFF)
def evt_copy(length):
    log = evt()
    return log.u32(log.end(RECORD) - 4, length), one_lost(log)


@damage('.evt', 'a record without its signature')
def evt_signature():
    log = evt()
    return log.u32(log.at(RECORD) + 4, 0), one_lost(log)


@series('.evt', 'records of zeros', one=1, three=3)
def evt_zero_records(count):
    log = evt()
    lost = list(range(RECORD, RECORD + count))
    return log.zero(log.at(RECORD), log.end(RECORD + count - 1)), {'must': log.without(*lost), 'loss': True}


@damage('.evt', 'a page of zeros')
def evt_zero_page():
    log = evt()
    lost = log.touched(0x3000, 0x4000)
    return log.zero(0x3000, 0x4000), {'must': log.without(*lost), 'may': lost, 'loss': True}


def nothing_of(what, size):
    return {'zeros': bytes(size), 'noise': random.Random(8).randbytes(size), 'text': (b'not a log\r\n' * size)[:size]}[what]


@series('.evt', 'all behind a record is overwritten; only the header knows how much was there',
        clean_zeros=('clean', 'zeros'), clean_noise=('clean', 'noise'), dirty_zeros=('dirty', 'zeros'),
        dirty_text=('dirty', 'text'))
def evt_wiped(how):
    header, what = how
    log = evt(ring=RING, header=header)
    at = log.at(RECORD - 20)
    return log.put(at, nothing_of(what, len(log.data) - at)), {
        'must': log.numbers[:RECORD - 21], 'may': log.numbers, 'loss': True, 'notices': ('EVT_MISSING',)}


@series('.evt', 'nothing is left but the header', zeros='zeros', noise='noise', text='text')
def evt_all_wiped(what):
    log = evt(ring=RING)
    return log.put(HEADER_SIZE, nothing_of(what, len(log.data) - HEADER_SIZE)), {
        'must': [], 'loss': True, 'notices': ('EVT_MISSING',)}


@damage('.evt', 'the first record is broken: where the walk begins')
def evt_first_record():
    log = evt()
    return log.zero(log.at(1), log.at(1) + 8), {'must': log.without(1), 'may': [1], 'loss': True}


@damage('.evt', 'a record in a wrapped ring is broken')
def evt_wrapped_broken():
    log = evt(ring=RING, wrapped='across')
    return log.u32(log.at(RECORD - 5), 0), {'must': log.without(RECORD - 5), 'may': [RECORD - 5], 'loss': True}


@series('.evt', 'F8: the fields of a record point outside: (offset of the field, value)', inside=(36, 0),
        strings=(36, 0xFFFFFFF0), sid_length=(40, 0xFFFFFFFF), sid_offset=(44, 0xFFFFFFF0), data_length=(48, 0x7FFFFFFF),
        data_offset=(52, 0xFFFFFFF0), past=(36, 0x10000), odd=(36, 0x71))
def evt_offset(what):
    log = evt(change={RECORD: {'user': 'S-1-5-18'}})
    return log.u32(log.at(RECORD) + what[0], what[1]), one_odd(log)


@series('.evt', 'F8: the number of strings is wrong', none=0, more=3, most=65535)
def evt_string_count(count):
    log = evt()
    return log.u16(log.at(RECORD) + 26, count), one_odd(log)


@damage('.evt', 'F8: a source name without an end')
def evt_unterminated():
    log = evt()
    at = log.at(RECORD)
    return log.put(at + 56, b'A\0' * ((log.size(RECORD) - 60) // 2)), one_odd(log)


@damage('.evt', 'F10: a whole record inside the data of another')
def fake_record_in_data():
    other = evt(first=9001, count=1)
    inner = bytes(other.data[other.at(9001):other.end(9001)])
    return evt(change={RECORD: {'binary': inner.hex()}}), {'loss': False}


@damage('.evt', 'F10: signatures inside the data of a record')
def signature_in_data():
    return evt(change={RECORD: {'binary': b'LfLe'.hex() * 200}}), {'loss': False}


@damage('.evt', 'an EOF record inside the data of a record')
def eof_in_data():
    inner = struct.pack('<10I', 40, 0x11111111, 0x22222222, 0x33333333, 0x44444444, 0x30, 0x30, 1, 1, 40)
    return evt(change={RECORD: {'binary': inner.hex()}}), {'loss': False}


@damage('.evt', 'a record of 150 KiB: larger than what is read at a time')
def evt_large_record():
    strings = [text_of(RECORD)] + [FILLER * 15] * 25  # each is shorter than what a report keeps of a value
    return evt(change={RECORD: {'strings': strings}}), {'loss': False}


# -- the file

@series('.evt', 'an exported log that was cut', record=0.5, eof=-20, all_but_copy=-44)
def evt_cut(where):
    log = evt()
    end = int(len(log.data) * where) if 0 < where < 1 else len(log.data) + where
    must = [n for n in log.numbers if log.end(n) <= end]
    return log.data[:end], {'must': must, 'may': log.touched(end - 1, end)}


@damage('.evt', 'a wrapped ring that was cut: its end is no longer the end of the file')
def evt_wrapped_cut():
    log = evt(ring=RING, wrapped='across')
    end = RING - 8000
    must = [n for n in log.numbers if log.end(n) <= end]
    return log.data[:end], {'must': must, 'may': log.touched(end - 1, end), 'loss': True}


@series('.evt', 'only a piece of the header', some=20, most=47)
def evt_header_cut(size):
    return evt().data[:size], {'must': [], 'statuses': (0, 2, 65)}


READ = {'loss': False, 'notices': ('EVT_JOINED_READ',)}


@series('.evt', 'D7: two logs one behind the other, each in a state of its own: both are read', exported=({}, {}),
        rings=({'ring': RING}, {'ring': RING}), dirty=({'ring': RING, 'header': 'dirty'}, {'ring': RING, 'header': 'dirty'}),
        across=({'ring': RING, 'wrapped': 'across'}, {'ring': RING, 'wrapped': 'across'}),
        across_dirty=({'ring': RING, 'wrapped': 'across', 'header': 'dirty'}, {}),
        skip=({'ring': RING, 'wrapped': 'skip'}, {'ring': RING, 'wrapped': 'skip', 'header': 'dirty'}),
        eof=({'ring': RING, 'wrapped': 'eof'}, {}), none=({'count': 0}, {}), behind=({}, {'count': 0}))
def evt_concatenated(how):
    one, two = evt(**how[0]), evt(first=1001, **how[1])
    return one.data + two.data, {'must': one.numbers + two.numbers} | READ


@damage('.evt', 'D7: the same log twice: every record comes twice')
def evt_twice():
    log = evt(ring=RING, header='dirty')
    return log.data + log.data, {'must': log.numbers * 2} | READ


@damage('.evt', 'D7: twenty logs one behind the other')
def evt_many():
    logs = [evt(first=1 + 100 * i, wrapped='skip', ring=RING) if i % 2 else evt(first=1 + 100 * i) for i in range(20)]
    return b''.join(log.data for log in logs), {'must': [n for log in logs for n in log.numbers]} | READ


@damage('.evt', 'D7: the first of two logs was cut')
def evt_concatenated_cut():
    one, two = evt(), evt(first=1001)
    end = one.at(RECORD) + 40
    return one.data[:end] + two.data, {'must': list(range(1, RECORD)) + two.numbers, 'may': [RECORD], 'loss': True,
                                       'notices': ('EVT_JOINED_READ',)}


@damage('.evt', 'D7: a record of the first of two logs is broken; its ring is wrapped')
def evt_concatenated_broken():
    one, two = evt(ring=RING), evt(first=1001, ring=RING, wrapped='across')
    one.u32(one.at(RECORD), 0)
    return one.data + two.data, {'must': one.without(RECORD) + two.numbers, 'may': [RECORD], 'loss': True,
                                 'notices': ('EVT_JOINED_READ',)}


@damage('.evt', 'D7: the second of two logs has neither header nor EOF record to go by: its records are old ones')
def evt_concatenated_lost():
    one, two = evt(ring=RING), evt(first=1001, eof='missing', header='dirty')
    return one.data + two.data, {'must': one.numbers, 'recover': two.numbers, 'loss': True, 'notices': ('EVT_JOINED',)}


@series('.evt', 'F10: a whole log inside the data of a record', alone={}, wrapped={'ring': RING, 'wrapped': 'skip'},
        dirty={'ring': RING, 'wrapped': 'across', 'header': 'dirty'})
def evt_log_in_data(options):
    inner = evt(first=9001, count=2)
    return evt(change={RECORD: {'binary': bytes(inner.data).hex()}}, **options), {'loss': False}


@series('.evt', 'bytes are missing in a record; those around it are as long', one=1, two=2, three=3, word=4, words=8)
def evt_bytes_gone(count):
    log = evt()
    assert log.size(RECORD) == log.size(RECORD + 1)
    at = log.end(RECORD) - 100
    return log.data[:at] + log.data[at + count:], one_lost(log) | {'torn': [RECORD]}


@damage('.evt', 'a CR LF became LF on the way')
def evt_text_mode():
    log = evt(change={RECORD: {'binary': '410d0a42'}})
    assert log.data.count(b'\r\n') == 1
    return log.data.replace(b'\r\n', b'\n'), {'must': list(range(1, RECORD)), 'may': list(range(RECORD, 61)), 'loss': True}


@damage('.evt', 'F11: an .evt that is EVTX inside')
def evt_is_evtx():
    from sound import evtx
    return evtx(), {'loss': False}


# -- much of little

@series('.evt', '4 MiB of one thing', signature=b'LfLe', fill=b'\x27\0\0\0', zero=b'\0\0\0\0', length=b'\x40\0\0\0LfLe',
        large=b'\0\0\x40\0LfLe', eof=struct.pack('<10I', 40, 0x11111111, 0x22222222, 0x33333333, 0x44444444, 48, 48, 1, 1, 40))
def evt_full_of(piece):
    head = bytes(evt().data[:HEADER_SIZE])
    return head + piece * ((4 << 20) // len(piece)), {'must': [], 'statuses': (0, 2, 65)}


@damage('.evt', 'a chain of records each of which claims to reach to the end of a 4 MiB ring')
def evt_long_claims():
    size = 4 << 20
    body = bytearray(evt().data[:HEADER_SIZE].ljust(size, b'\0'))
    for at in range(HEADER_SIZE, size - 64, 64):
        body[at:at + 8] = struct.pack('<I4s', size - at, b'LfLe')
    return bytes(body), {'must': [], 'statuses': (0, 2, 65)}


@series('.evt', 'bytes changed all over the file', **{f'seed{n}': n for n in range(40)})
def evt_noise(seed):
    chance = random.Random(seed)
    log = evt(ring=RING, wrapped=chance.choice(('across', 'skip', 'eof')), header=chance.choice(('clean', 'dirty')))
    for _ in range(chance.choice((1, 20, 2000))):
        log.data[chance.randrange(len(log.data))] = chance.randrange(256)
    whole = {log.at(number): number for number in log.numbers if log.is_whole(number)}
    return log, {'must': [], 'judged': False, 'whole': whole}
