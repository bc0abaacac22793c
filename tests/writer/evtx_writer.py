"""Writes .evtx logs (Vista and later): a 4096-byte header and chunks of 64 KiB."""

import struct
import zlib

from description import DescriptionError
from evtx_chunk import CHUNK_SIZE, Chunk, ChunkFull
from evtx_shapes import event_tree
from written import Place, Written, cut

HEADER_BLOCK = 4096
DIRTY, NO_CHECKSUMS = 1, 4


def header_block(chunks, following, flags=0, minor=1, first=0):
    """The file header; `chunks` are those in use, `following` the next record number."""
    head = bytearray(HEADER_BLOCK)
    struct.pack_into('<8sQQQIHHHH', head, 0, b'ElfFile\0', first, max(chunks - 1, 0), following, 128, minor, 3,
                     HEADER_BLOCK, chunks & 0xFFFF)
    struct.pack_into('<I', head, 0x78, flags)
    struct.pack_into('<I', head, 0x7C, zlib.crc32(bytes(head[:0x78])))
    return bytes(head)


def add_to(chunk, log, number, event):
    """(offset, size) in the chunk; None when it is full."""
    if log.chunk_records and len(chunk.ids) >= log.chunk_records:
        return None
    try:
        return chunk.add_record(number, event.written, event_tree(event, number))
    except ChunkFull:
        return None


def fill_chunks(log):
    chunks, places = [Chunk()], []
    number = log.first_number
    for event in log.events:
        number = event.number if event.number is not None else number
        spot = add_to(chunks[-1], log, number, event)
        if spot is None:
            chunks.append(Chunk())
            spot = add_to(chunks[-1], log, number, event)
        if spot is None:
            raise DescriptionError(f'{log.file}: event {event.id} is larger than a chunk')
        index = len(chunks) - 1
        places.append(Place(HEADER_BLOCK + index * CHUNK_SIZE + spot[0], spot[1], number, event, index))
        number += 1
    return chunks if places else [], places, number


def log_header(log, chunks, following):
    flags = 0 if log.checksums else NO_CHECKSUMS
    if log.header == 'dirty':  # as of a moment when the first chunk was in use
        return header_block(1, log.first_number + 1, flags | DIRTY, log.minor)
    return header_block(chunks, following, flags, log.minor)


def write_evtx(log):
    chunks, places, following = fill_chunks(log)
    parts, ends, counted = [], [], 1
    for chunk in chunks:
        parts.append(chunk.finish(counted, log.checksums))
        ends.append(len(chunk.data))
        counted += len(chunk.ids)
    spare = bytes(CHUNK_SIZE * max(log.allocated - len(chunks), 0))
    data = log_header(log, len(chunks), following) + b''.join(parts) + spare
    return Written(cut(data, log.truncate), places, ends)
