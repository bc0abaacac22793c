"""Writes classic event logs (.evt, NT 3.1 to Server 2003).

The file is a ring behind a 48-byte header.  Records follow one another; one that meets the end of the ring goes on at
0x30, and one whose fixed 56 bytes do not fit before the end is put at 0x30 with 0x27 filled in before.  The EOF record
stands behind the newest record and overwrites, like every record, the oldest ones in its way.
"""

import struct

from description import TICKS_1970, TICKS_PER_SECOND, DescriptionError
from written import Place, Written, cut, sid_bytes

HEADER_SIZE = 0x30
FIXED_SIZE = 56
EOF_SIZE = 40
SIGNATURE = b'LfLe'
FILL = struct.pack('<I', 0x27)

TYPE_CODES = {'success': 0, 'error': 1, 'critical': 1, 'warning': 2, 'information': 4, 'verbose': 4,
              'audit-success': 8, 'audit-failure': 16}
# The severity that goes with a type; what sources usually put into the high word of the identifier.
QUALIFIERS = {'error': 0xC000, 'critical': 0xC000, 'warning': 0x8000, 'information': 0x4000}

DIRTY, WRAPPED = 1, 2


def seconds(filetime):
    return (filetime - TICKS_1970) // TICKS_PER_SECOND


def utf16z(text):
    return text.encode('utf-16-le', 'surrogatepass') + b'\0\0'


def identifier(event):
    high = event.qualifiers if event.qualifiers is not None else QUALIFIERS.get(event.type, 0)
    return high << 16 | event.id


def insertion_strings(event):
    if event.user_data is not None or event.rendering is not None:
        raise DescriptionError(f'event {event.id}: an .evt record holds strings and data only')
    return event.strings if event.strings is not None else [str(value) for _, value in event.data or []]


def record_bytes(event, number):
    """One record, both its lengths included."""
    strings = insertion_strings(event)
    head = utf16z(event.source) + utf16z(event.computer)
    head += bytes(-(FIXED_SIZE + len(head)) % 4)
    sid = sid_bytes(event.user) if event.user else b''
    text = b''.join(utf16z(string) for string in strings)
    data = event.binary or b''
    sid_at = FIXED_SIZE + len(head)
    text_at = sid_at + len(sid)
    data_at = text_at + len(text)
    body = head + sid + text + data
    body += bytes(-(FIXED_SIZE + len(body)) % 4)
    length = FIXED_SIZE + len(body) + 4
    fixed = struct.pack('<I4s4I4H6I', length, SIGNATURE, number, seconds(event.time), seconds(event.written),
                        identifier(event), TYPE_CODES[event.type], len(strings), event.category, 0, 0,
                        text_at, len(sid), sid_at, len(data), data_at)
    return fixed + body + struct.pack('<I', length)


def eof_bytes(start, end, following, oldest):
    return struct.pack('<10I', EOF_SIZE, 0x11111111, 0x22222222, 0x33333333, 0x44444444, start, end, following,
                       oldest, EOF_SIZE)


def header_bytes(start, end, following, oldest, size, flags):
    return struct.pack('<I4s10I', HEADER_SIZE, SIGNATURE, 1, 1, start, end, following, oldest, size, flags, 0,
                       HEADER_SIZE)


class Ring:
    """The bytes of the file behind its header, written round and round."""

    def __init__(self, size, start):
        self.data = bytearray(size)
        self.size = size
        self.at = start
        self.live = []        # places, oldest first
        self.wrapped = False

    def spans(self, at, length):
        """The one or two stretches of the file that `length` bytes from `at` take."""
        first = min(length, self.size - at)
        return [(at, at + first)] + ([(HEADER_SIZE, HEADER_SIZE + length - first)] if first < length else [])

    def touches(self, place, spans):
        return any(low < stop and start < high for low, high in self.spans(place.offset, place.size)
                   for start, stop in spans)

    def put(self, data):
        spans = self.spans(self.at, len(data))
        while self.live and self.touches(self.live[0], spans):
            self.live.pop(0)
        done = 0
        for start, stop in spans:
            self.data[start:stop] = data[done:done + stop - start]
            done += stop - start
        self.wrapped |= len(spans) > 1
        offset, self.at = self.at, spans[-1][1]
        if self.at == self.size:
            self.at = HEADER_SIZE
            self.wrapped = True
        return offset

    def add(self, event, number):
        data = record_bytes(event, number)
        if self.size - self.at < FIXED_SIZE:
            self.put(FILL * ((self.size - self.at) // 4))
        self.live.append(Place(self.put(data), len(data), number, event))


def numbered(log):
    """(number, event) in order."""
    number = log.first_number
    for event in log.events:
        number = event.number if event.number is not None else number
        yield number, event
        number += 1


def start_of(log, sizes, ring):
    """
    Where the first record has to be written so that the end of the ring is met in the way asked for:
    across  the record in the middle goes over the end of the file
    skip    the record in the middle does not fit with its fixed part: 0x27 fills the rest
    eof     the EOF record goes over the end of the file
    """
    before = sum(sizes) if log.wrapped == 'eof' else sum(sizes[:len(sizes) // 2])
    room = {'across': FIXED_SIZE + 8, 'skip': 24, 'eof': 16}[log.wrapped]
    start = ring - room - before
    if start < HEADER_SIZE:
        raise DescriptionError(f'{log.file}: a ring of {ring} bytes is too small')
    return start


def stale_header(log, ring, places):
    """As of a moment when half of the records had been written; the wrap flag lags too."""
    half = places[len(places) // 2:][:1]
    end, following = (half[0].offset, half[0].number) if half else (HEADER_SIZE, 1)
    return header_bytes(log.start if not places else places[0].offset, end, following, log.first_number,
                        ring.size, DIRTY)


def write_evt(log):
    records = [(number, event, len(record_bytes(event, number))) for number, event in numbered(log)]
    sizes = [size for _, _, size in records]
    if log.wrapped and not log.ring:
        raise DescriptionError(f'{log.file}: a wrapped log needs the size of its ring')
    size = log.ring or log.start + sum(sizes) + EOF_SIZE
    if size % 4 or size < HEADER_SIZE + EOF_SIZE + max(sizes, default=0):
        raise DescriptionError(f'{log.file}: a ring of {size} bytes cannot hold the records')
    ring = Ring(size, start_of(log, sizes, size) if log.wrapped else log.start)
    for number, event, _ in records:
        ring.add(event, number)
    return finish(log, ring, records)


def finish(log, ring, records):
    """Puts the EOF record and the header."""
    following = records[-1][0] + 1 if records else log.first_number
    end = ring.at
    wrapped_before = ring.wrapped
    ring.put(bytes(EOF_SIZE))  # pushes out the oldest records, which the EOF record then names
    start, oldest = (ring.live[0].offset, ring.live[0].number) if ring.live else (end, 0)
    ring.at = end
    ring.put(eof_bytes(start, end, following, oldest) if log.eof == 'there' else bytes(EOF_SIZE))
    flags = WRAPPED if wrapped_before or (ring.live and end < start) else 0
    clean = header_bytes(start, end, following, oldest, ring.size, flags)
    ring.data[:HEADER_SIZE] = clean if log.header == 'clean' else stale_header(log, ring, ring.live)
    return Written(bytes(cut(ring.data, log.truncate)), ring.live, [end])
