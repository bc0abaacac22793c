"""Sound logs to be damaged, and the means to do it: an `Image` is the bytes of a log that knows where its records are.

Every record number N says "record N" in one of its values; whoever shows that text under another number has mixed up
two records.
"""

import os
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, 'writer'))

from description import read_description  # noqa: E402
from evtx_chunk import CHUNK_SIZE, seal_chunk  # noqa: E402
from evtx_writer import HEADER_BLOCK  # noqa: E402
from make_logs import make_log  # noqa: E402

FILLER = 'what the record says besides its number ' * 5
PAGE = 4096
HEADER_SIZE = 0x30  # of an .evt


def text_of(number):
    return f'record {number}'


IMAGES = []  # of the case that is being made


class Image:
    """A log that can be damaged.  Offsets are those of the sound file until bytes are put in or taken out."""

    def __init__(self, written):
        IMAGES.append(self)
        self.sound = bytes(written.data)
        self.is_evt = self.sound[4:8] == b'LfLe'
        self.data = bytearray(self.sound)
        self.places = {place.number: place for place in written.places}
        self.ends = written.ends
        self.numbers = list(self.places)

    def at(self, number):
        return self.places[number].offset

    def size(self, number):
        return self.places[number].size

    def end(self, number):
        return self.at(number) + self.size(number)

    def put(self, at, data):
        assert at + len(data) <= len(self.data)
        self.data[at:at + len(data)] = data
        return self

    def u16(self, at, value):
        return self.put(at, struct.pack('<H', value))

    def u32(self, at, value):
        return self.put(at, struct.pack('<I', value))

    def u64(self, at, value):
        return self.put(at, struct.pack('<Q', value))

    def get32(self, at):
        return struct.unpack_from('<I', self.data, at)[0]

    def zero(self, start, stop):
        return self.put(start, bytes(stop - start))

    def touched(self, start, stop):
        """Numbers of the records that have bytes in start..stop."""
        return [n for n in self.numbers if self.at(n) < stop and start < self.end(n)]

    def is_whole(self, number):
        """No byte of it was changed: bytes were neither put in nor taken out."""
        start, stop = self.at(number), self.end(number)
        past = HEADER_SIZE + stop - len(self.data)  # of a record that goes on at the front of its ring
        return (self.data[start:stop] == self.sound[start:stop] and
                (past <= HEADER_SIZE or self.data[HEADER_SIZE:past] == self.sound[HEADER_SIZE:past]))

    def without(self, *numbers):
        return [n for n in self.numbers if n not in numbers]

    # -- .evtx only

    def chunk(self, index):
        """Offset of a chunk."""
        return HEADER_BLOCK + index * CHUNK_SIZE

    def chunk_bytes(self, index):
        return bytes(self.data[self.chunk(index):self.chunk(index) + CHUNK_SIZE])

    def of_chunk(self, *indexes):
        return [n for n in self.numbers if self.places[n].chunk in indexes]

    def seal(self, *indexes):
        """Right checksums for these chunks, as if the damage had been done before they were sealed."""
        for index in indexes:
            chunk = bytearray(self.chunk_bytes(index))
            seal_chunk(chunk)
            self.put(self.chunk(index), chunk)
        return self

    def seal_chunk_header(self, index):
        """The right checksum for the header alone."""
        chunk = self.chunk_bytes(index)
        return self.u32(self.chunk(index) + 0x7C, zlib.crc32(chunk[0x80:0x200], zlib.crc32(chunk[:0x78])))

    def seal_header(self):
        """The right checksum for the file header."""
        return self.u32(0x7C, zlib.crc32(bytes(self.data[:0x78])))


def evtx_event(number, /, **more):
    """Three kinds in turn: named values, unnamed values, and the form with a literal provider."""
    event = {'time': '2021-03-14T22:00:00Z' if number % 2 else '2021-03-14T22:00:01Z', 'source': 'Damage', 'id': 700}
    if number % 3 == 1:
        event |= {'strings': [text_of(number), FILLER, '', 'end']}
    else:
        event |= {'data': {'Text': text_of(number), 'Number': number, 'Filler': FILLER}}
    if number % 3 == 2:
        event |= {'form': 'literal', 'user': 'S-1-5-18'}
    return event | {'number': number} | more


def make(log):
    return Image(make_log(read_description({'logs': [log]})[0]))


def evtx(count=120, first=1, change=None, **options):
    """A sound log of chunks with 40 records each; `change`: number -> keys of its event."""
    events = [evtx_event(n, **(change or {}).get(n, {})) for n in range(first, first + count)]
    return make({'file': 'sound.evtx', 'format': 'evtx', 'computer': 'NODE1', 'channel': 'System',
                 'chunk_records': 40, 'first_number': first, 'events': events} | options)


def evt_event(number, /, **more):
    return {'time': '1999-04-12T02:10:05Z' if number % 2 else '1999-04-12T02:10:06Z', 'source': 'Damage', 'id': 700,
            'strings': [text_of(number), FILLER], 'number': number, 'binary': '0badf00d'} | more


def evt(count=60, first=1, change=None, **options):
    """A sound .evt: exported (cut to its records) unless a ring is asked for."""
    events = [evt_event(n, **(change or {}).get(n, {})) for n in range(first, first + count)]
    return make({'file': 'sound.evt', 'format': 'evt', 'computer': 'NODE1', 'channel': 'System',
                 'first_number': first, 'events': events} | options)
