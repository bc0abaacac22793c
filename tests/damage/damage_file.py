"""Damage to .evtx files and chunks: headers, pages, order.  Letters and numbers as in a catalogue of real damage: A3 an
empty file, B1 a cut chunk, B2 size 0, B3 zeroed pages, B4 torn chunks, B6 stale headers, B7 free space, B9 tables.
"""

import random

from sound import CHUNK_SIZE, HEADER_BLOCK, PAGE, evt, evtx
from table import damage, series

@damage('.evtx', 'nothing is done to it')
def evtx_sound():
    return evtx(), {'loss': False}


# -- the file header

@damage('.evtx', 'the file header is zero')
def zero_file_header():
    return evtx().zero(0, HEADER_BLOCK), {'loss': False, 'notices': ('EVTX_FILE_HEADER_GONE',)}


@damage('.evtx', 'the file header is gone')
def no_file_header():
    log = evtx()
    return log.data[HEADER_BLOCK:], {'must': log.numbers}


@series('.evtx', 'junk in front of the header', bytes_=1000, block=512, chunk=CHUNK_SIZE, odd=3)
def junk_prefix(size):
    log = evtx()
    return random.Random(1).randbytes(size) + log.data, {'must': log.numbers}


@damage('.evtx', 'the first 100 bytes were cut off: no file header, all chunks at odd places')
def front_cut_off():
    log = evtx()
    return log.data[100:], {'must': log.numbers, 'notices': ('EVTX_FILE_HEADER_GONE',)}


@damage('.evtx', 'cut off up to the second byte of the first chunk: each magic lies over the end of a block')
def front_cut_into_chunk():
    log = evtx()
    lost = log.of_chunk(0)
    return log.data[HEADER_BLOCK + 1:], {'must': log.without(*lost), 'may': lost}


@damage('.evtx', '5 MiB and 3 bytes of junk in front of a log without its header')
def junk_of_megabytes():
    log = evtx()
    return random.Random(1).randbytes((5 << 20) + 3) + log.data[HEADER_BLOCK:], {'must': log.numbers}


@damage('.evtx', 'an .evt log behind it: both cannot be read as one')
def evt_behind():
    log = evtx()
    return log.data + evt(count=20).data, {'must': log.numbers, 'loss': True, 'notices': ('EVTX_THEN_EVT',)}


@damage('.evt', 'an .evtx log behind it: both cannot be read as one')
def evtx_behind():
    log = evt()
    return log.data + evtx(count=20).data, {'must': log.numbers, 'loss': True, 'notices': ('EVT_THEN_EVTX',)}


@damage('.evtx', 'the checksum of the file header is wrong')
def file_checksum():
    return evtx().u32(0x7C, 0x12345678), {'loss': False, 'notices': ('EVTX_FILE_CHECKSUM',)}


@damage('.evtx', 'B6: the header is as of an earlier moment, the log was not closed')
def stale_file_header():
    return evtx(header='dirty', allocated=16), {'loss': False, 'notices': ('EVTX_DIRTY',)}


@series('.evtx', 'the header counts other chunks than there are', none=0, one=1, many=0xFFFF)
def chunk_count(count):
    return evtx().u16(0x2A, count).seal_header(), {'loss': False}


@series('.evtx', 'the header names chunks that are not there', first=(8, 1 << 40), last=(0x10, 1 << 63), id_=(0x18, 0))
def header_number(where):
    return evtx().u64(*where).seal_header(), {'loss': False}


@series('.evtx', 'another version number', minor=(0x24, 9), major=(0x26, 9))
def version(where):
    return evtx().u16(*where).seal_header(), {'loss': False, 'notices': ('EVTX_VERSION',)}


@series('.evtx', 'the header says that chunks start elsewhere', zero=0, most=0xFFFF)
def header_block(size):
    return evtx().u16(0x28, size).seal_header(), {'loss': False}


@damage('.evtx', 'D4: flags that nobody knows, the checksum is right')
def unknown_flags():
    return evtx().u32(0x78, 0x1B970000), {'loss': False}


@damage('.evtx', 'D3: no checksums are kept, and the flags say so')
def no_checksums():
    return evtx(checksums=False), {'loss': False}


@damage('.evtx', 'A3: no bytes at all')
def empty():
    return b'', {'must': [], 'statuses': (0, 65), 'notices': ('INPUT_EMPTY',)}


@damage('.evtx', 'only a header: a log without records')
def header_only():
    return evtx(count=0), {'statuses': (0,), 'loss': False}


@damage('.evtx', 'only the first 100 bytes of a header')
def header_cut():
    return evtx().data[:100], {'must': [], 'statuses': (0, 2, 65), 'notices': ('EVTX_HEADER_CUT',)}


@damage('.evtx', 'two logs one behind the other')
def concatenated():
    one, two = evtx(), evtx(count=80, first=1001)
    return one.data + two.data, {'must': one.numbers + two.numbers, 'notices': ('EVTX_JOINED',)}


@damage('.evtx', 'the same log twice: every record comes twice')
def concatenated_same():
    log = evtx()
    return log.data * 2, {'must': log.numbers * 2}


# -- chunks

@damage('.evtx', '512 bytes of junk between two chunks: the rest is off the grid')
def chunk_off_grid():
    log = evtx()
    at = log.chunk(1)
    return log.data[:at] + random.Random(2).randbytes(512) + log.data[at:], {'must': log.numbers}


@damage('.evtx', 'the checksum of a chunk header is wrong')
def chunk_header_checksum():
    log = evtx()
    return log.u32(log.chunk(1) + 0x7C, 1), {'loss': False, 'notices': ('EVTX_CHUNK_CHECKSUM',)}


@damage('.evtx', "the checksum of a chunk's records is wrong")
def chunk_records_checksum():
    log = evtx()
    return log.u32(log.chunk(1) + 0x34, 1).seal_chunk_header(1), {'loss': False, 'notices': ('EVTX_RECORDS_CHECKSUM',)}


@damage('.evtx', 'B3: a chunk without its magic; the records are whole')
def chunk_magic():
    log = evtx()
    return log.zero(log.chunk(1), log.chunk(1) + 8), {'notices': ('EVTX_CHUNK_GONE',)}


@damage('.evtx', 'B3: a chunk without its header')
def chunk_header_zero():
    log = evtx()
    return log.zero(log.chunk(1), log.chunk(1) + 0x200), {'notices': ('EVTX_CHUNK_GONE',)}


def zero_range(log, start, stop):
    lost = log.touched(start, stop)
    return log.zero(start, stop), {'must': log.without(*lost), 'may': lost, 'loss': True}


@damage('.evtx', 'B3: the first page of a chunk is zero, its templates are in other chunks')
def chunk_first_page():
    log = evtx()
    return zero_range(log, log.chunk(1), log.chunk(1) + PAGE)


@series('.evtx', 'B3: zeroed pages in the middle of a chunk', one=(3, 4), two=(3, 5), apart=(6, 7))
def zero_pages(pages):
    log = evtx()
    return zero_range(log, log.chunk(1) + pages[0] * PAGE, log.chunk(1) + pages[1] * PAGE)


@damage('.evtx', 'a chunk of nothing but zeros between two others')
def zero_chunk():
    log = evtx()
    log.zero(log.chunk(1), log.chunk(2))
    return log, {'must': log.of_chunk(0, 2), 'loss': True, 'notices': ('EVTX_CHUNK_EMPTY',)}


@series('.evtx', 'zeros from a chunk to the end of the file, where the header counts chunks', all_=0, last=2)
def zero_tail(first):
    log = evtx()
    log.zero(log.chunk(first), len(log.data))
    return log, {'must': log.of_chunk(*range(first)), 'loss': True, 'notices': ('EVTX_CHUNK_EMPTY',)}


@damage('.evtx', 'zeros behind the chunks that the header counts: room that the service had not used yet')
def zero_room():
    log = evtx()
    return log.data + bytes(3 * CHUNK_SIZE), {'must': log.numbers, 'loss': False}


@damage('.evtx', 'a chunk of noise')
def noise_chunk():
    log = evtx()
    log.put(log.chunk(1), random.Random(3).randbytes(CHUNK_SIZE))
    return log, {'must': log.of_chunk(0, 2)}


@series('.evtx', 'B1: the file ends in the middle of a chunk', record=20000, page=8 * 1024, header=0x100, first=0x204)
def cut_chunk(size):
    log = evtx()
    end = log.chunk(2) + size
    must = [n for n in log.numbers if log.end(n) <= end]
    return log.data[:end], {'must': must, 'may': log.touched(end - 1, end), 'loss': True, 'notices': ('EVTX_CHUNK_SHORT',)}


@series('.evtx', 'the file ends at a chunk border: only its header knows', one=1, two=2)
def cut_border(chunks):
    log = evtx()
    end = log.chunk(chunks)
    return log.data[:end], {'must': [n for n in log.numbers if log.end(n) <= end], 'loss': True, 'notices': ('EVTX_FILE_CUT',)}


@series('.evtx', 'B7: the free-space offset is wrong; the numbers go on as the header says', small=None, zero=0, inside=0x80,
        large=0x10000, huge=0xFFFFFFFF)
def free_space(offset):
    log = evtx()
    small = log.end(50) - log.chunk(1)
    log.u32(log.chunk(1) + 0x30, small if offset is None else offset)
    notices = {None: ('EVTX_FREE_SPACE',), 0x10000: ()}.get(offset, ('EVTX_CHUNK_BOUNDS',))
    return log.seal(1), {'notices': notices}


@damage('.evtx', 'the header of a chunk counts fewer records than there are')
def chunk_last_number():
    log = evtx()
    log.u64(log.chunk(1) + 0x10, 50).u64(log.chunk(1) + 0x20, 50)
    return log.seal(1), {}


@series('.evtx', 'the record numbers in the header of a chunk are nonsense', most=(1 << 64) - 1, zero=0)
def chunk_numbers(value):
    log = evtx()
    for field in (0x08, 0x10, 0x18, 0x20):
        log.u64(log.chunk(1) + field, value)
    return log.seal(1), {}


@damage('.evtx', 'the last-record offset of a chunk points outside')
def chunk_last_record():
    log = evtx()
    return log.u32(log.chunk(1) + 0x2C, 0xFFFFFFF0).seal(1), {'loss': False}


@series('.evtx', 'B9: the tables of a chunk are nonsense', names=(0x80, 0x180), templates=(0x180, 0x200))
def table_noise(span):
    log = evtx()
    log.put(log.chunk(1) + span[0], random.Random(4).randbytes(span[1] - span[0]))
    return log.seal(1), {'loss': False}


@series('.evtx', 'B9: links of the tables run in circles', name=(0x80, 64), template=(0x180, 32))
def next_self(table):
    log = evtx()
    for place in range(table[1]):
        at = log.get32(log.chunk(1) + table[0] + 4 * place)
        if at:
            log.u32(log.chunk(1) + at, at)
    return log.seal(1), {'loss': False}


@damage('.evtx', 'D7: a chunk is there twice')
def repeated_chunk():
    log = evtx()
    return log.data + log.chunk_bytes(1), {'must': log.numbers + log.of_chunk(1)}


@damage('.evtx', 'D6: the chunks stand in another order')
def chunk_order():
    log = evtx()
    chunks = [log.chunk_bytes(index) for index in (2, 0, 1)]
    return bytes(log.data[:HEADER_BLOCK]) + b''.join(chunks), {'must': log.numbers, 'loss': False}


@series('.evtx', 'B4: from a page on a chunk has the bytes of another generation', early=2, late=6)
def torn_chunk(page):
    log, other = evtx(), evtx(first=5001)
    at = log.chunk(1) + page * PAGE
    stop = log.chunk(2)
    lost = log.touched(at, stop)
    log.put(at, other.data[at:stop])
    return log, {'must': log.without(*lost), 'may': lost + other.touched(at, stop)}


@damage('.evtx', 'D1: old records behind the free-space offset are no part of the log')
def slack():
    log, old = evtx(), evtx(first=9001, chunk_records=60)
    end = log.chunk(1) + log.ends[1]
    log.put(end, old.data[end:log.chunk(2)])
    return log, {'loss': False, 'recover': [n for n in old.of_chunk(1) if old.at(n) >= end]}


@damage('.evtx', 'D1: a byte is gone in front of old records: they stand at odd places')
def slack_moved():
    log, expect = slack()
    at = log.chunk(1) + log.ends[1]
    return log.data[:at] + log.data[at + 1:], expect | {'must': log.numbers, 'notices': ('EVTX_MISALIGNED',)}


@damage('.evtx', 'D1: old records behind the free-space offset, whole and with their templates')
def slack_whole():
    log, old = evtx(), evtx(count=10, first=9001)
    end = log.chunk(1) + log.ends[1]
    start = old.chunk(0) + 0x200
    log.put(end, old.data[start:start + log.chunk(2) - end])
    return log, {'loss': False}


@damage('.evtx', 'a CR LF became LF on the way: all behind it stands one byte early')
def text_mode():
    log = evtx(change={20: {'data': {'Text': 'record 20', 'Bytes': {'type': 'binary', 'value': '410d0a42'}}}})
    assert log.data.count(b'\r\n') == 1
    return log.data.replace(b'\r\n', b'\n'), {'must': log.without(20), 'may': [20], 'notices': ('EVTX_MISALIGNED',)}


@series('.evtx', 'a CR LF became LF in front of templates and names, of which there are no others', first=(1,), several=(1, 2, 9, 30))
def text_mode_front(numbers):
    bytes_ = {'data': {'Text': 'CR LF', 'Bytes': {'type': 'binary', 'value': '410d0a42'}}}
    log = evtx(count=40, change=dict.fromkeys(numbers, bytes_))
    assert log.data.count(b'\r\n') == len(numbers)
    return log.data.replace(b'\r\n', b'\n'), {'must': log.without(*numbers), 'may': list(numbers), 'loss': True}


@series('.evtx', 'bytes in front of templates and names, of which there are no others', gone=-1, more=1, sector=-512)
def moved_front(by):
    log = evtx(count=40, change={1: {'data': {'Text': 'long', 'Bytes': {'type': 'binary', 'value': '41' * 1000}}}})
    at = log.end(1) - 600
    moved = log.data[:at] + bytes(max(by, 0)) + log.data[at - min(by, 0):]
    return moved, {'must': log.without(1), 'may': [1], 'loss': True}


@series('.evtx', "bytes are missing in a chunk's header: its records stand in front of their place",
        **{f'{name}_{count}': (where, count) for count in range(1, 9)
           for name, where in (('numbers', 0x10), ('sums', 0x36), ('table', 0x90))})
def header_short(where):
    log = evtx(count=80)
    at, count = log.chunk(0) + where[0], where[1]
    return log.data[:at] + log.data[at + count:], {'must': log.numbers, 'notices': ('EVTX_MISALIGNED',)}


@damage('.evtx', 'B6: two pages of another generation in a chunk with one wrong bit in its checksum')
def stale_pages_wrong_checksum():
    log, old = full_evtx(), evtx(count=210, first=101, chunk_records=92)
    first, last = log.chunk(1) + 4 * PAGE, log.chunk(1) + 6 * PAGE
    gone = log.touched(first, last)
    log.put(first, bytes(old.data[first:last]))
    log.data[log.chunk(1) + 0x7C] ^= 1
    return log, {'must': log.without(*gone), 'may': gone,
                 'notices': ('EVTX_GENERATION',), 'loss': True}


def full_evtx():
    """A log whose chunks have hardly room for another record."""
    return evtx(count=210, chunk_records=92)


@series('.evtx', 'bytes are missing in a chunk: the next one starts in front of its place', sector=512, page=PAGE, odd=1001)
def bytes_gone(size):
    log = full_evtx()
    at = log.at(120) + 100
    lost = log.touched(at, at + size)
    return log.data[:at] + log.data[at + size:], {'must': log.without(*lost), 'may': lost, 'loss': True}


@series('.evtx', 'bytes were put into a chunk: its last records stand behind its 64 KiB', sector=512, page=PAGE, odd=1001)
def bytes_more(size):
    log = full_evtx()
    at = log.at(120)
    return log.data[:at] + bytes(size) + log.data[at:], {'must': log.numbers}


# -- much of little

@damage('.evtx', '8 MiB of chunk magics: the search stays linear')
def many_magics():
    return bytes(evtx(count=1).data[:HEADER_BLOCK]) + (b'ElfChnk\0' + bytes(504)) * 16384, {'must': []}


@damage('.evtx', '8 MiB of record headers that are not whole')
def many_record_headers():
    header = b'\x2a\x2a\0\0' + (0x1000).to_bytes(4, 'little') + bytes(8)
    return bytes(evtx(count=1).data[:HEADER_BLOCK]) + header * (1 << 19), {'must': []}


def whole_records(log):
    """Those that no byte was changed of, neither in the first of their chunk, which have its templates and names."""
    whole = {}
    for chunk in range(3):
        numbers = log.of_chunk(chunk)
        if all(map(log.is_whole, numbers[:3])):
            whole |= {log.at(number): number for number in numbers if log.is_whole(number)}
    return whole


@series('.evtx', 'bytes changed all over the file', **{f'seed{n}': n for n in range(40)})
def noise(seed):
    log, chance = evtx(), random.Random(seed)
    for _ in range(chance.choice((1, 20, 2000))):
        log.data[chance.randrange(len(log.data))] = chance.randrange(256)
    return log, {'must': [], 'judged': False, 'whole': whole_records(log)}

