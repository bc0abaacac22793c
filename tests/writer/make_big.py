#!/usr/bin/env python3
"""Makes a large .evtx: make_big.py PATH [--bytes N]

A few sound chunks are repeated over and over, each time with new record numbers and right checksums; nothing is sparse.
Prints the number of records.  The default is a little more than 4 GiB, where the header's 16-bit count of chunks has
wrapped and 32-bit offsets are too small.
"""

import argparse
import struct
import sys

sys.dont_write_bytecode = True

from description import read_description
from evtx_chunk import CHUNK_SIZE, seal_chunk
from evtx_writer import HEADER_BLOCK, header_block
from make_logs import make_log

KINDS = 4
DEFAULT_BYTES = (4 << 30) + (8 << 20)


def event(number):
    """Mostly the small talk of a System log."""
    common = {'time': '2021-03-14T22:00:00Z' if number % 2 else '2021-03-14T22:00:01Z', 'user': 'S-1-5-18'}
    if number % 5 == 0:
        return common | {'source': 'Damage', 'id': 700, 'data': {'Text': 'every fifth event', 'Number': 5}}
    if number % 2:
        return common | {'source': 'Service Control Manager', 'id': 7036, 'qualifiers': 0x4000,
                         'data': {'param1': f'Service {number % 7}', 'param2': 'running'}, 'binary': '00'}
    return common | {'source': 'Disk', 'id': 153, 'type': 'warning', 'qualifiers': 0x8004,
                     'strings': ['\\Device\\Harddisk1\\DR1', f'{number:#x}'], 'binary': '0f000101' * 8}


def number_offset(chunk, record):
    """Where value 10, EventRecordID, of the record's template instance stands in the chunk."""
    at = record + 38
    if struct.unpack_from('<I', chunk, at - 4)[0] == at:  # the template stands here
        at += 24 + struct.unpack_from('<I', chunk, at + 20)[0]
    count = struct.unpack_from('<I', chunk, at)[0]
    sizes = [struct.unpack_from('<H', chunk, at + 4 + 4 * index)[0] for index in range(10)]
    return at + 4 + 4 * count + sum(sizes)


class Pattern:
    """A chunk that can be renumbered."""

    def __init__(self, data, places):
        self.data = bytearray(data)
        records = [(place.offset - HEADER_BLOCK) % CHUNK_SIZE for place in places]
        self.spots = [(at + 8, number_offset(data, at)) for at in records]
        self.count = len(records)

    def numbered(self, first):
        """The chunk with record numbers from `first` on."""
        for number, spots in enumerate(self.spots, first):
            for at in spots:
                struct.pack_into('<Q', self.data, at, number)
        struct.pack_into('<4Q', self.data, 8, first, first + self.count - 1, first, first + self.count - 1)
        seal_chunk(self.data)
        return self.data


def patterns():
    events = [event(number) for number in range(1, 1000)]
    log = read_description({'logs': [{'file': 'big.evtx', 'format': 'evtx', 'computer': 'NODE1', 'events': events}]})[0]
    written = make_log(log)
    assert written.places[-1].chunk >= KINDS  # so the first ones are full
    return [Pattern(written.data[HEADER_BLOCK + index * CHUNK_SIZE:][:CHUNK_SIZE],
                    [place for place in written.places if place.chunk == index]) for index in range(KINDS)]


def make_big(path, size):
    """Returns the number of records."""
    kinds = patterns()
    chunks = -(-(size - HEADER_BLOCK) // CHUNK_SIZE)
    following = 1
    with open(path, 'wb') as file:
        file.write(bytes(HEADER_BLOCK))
        for index in range(chunks):
            kind = kinds[index % KINDS]
            file.write(kind.numbered(following))
            following += kind.count
        file.seek(0)
        file.write(header_block(chunks, following))
    return following - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('path')
    parser.add_argument('--bytes', type=int, default=DEFAULT_BYTES)
    options = parser.parse_args()
    print(make_big(options.path, options.bytes))
    return 0


if __name__ == '__main__':
    sys.exit(main())
