"""What the writers hand back: the bytes of a log, and where everything in it went."""

from dataclasses import dataclass, field

from description import DescriptionError, Event


@dataclass
class Place:
    """One record: `offset` and `size` in the file, `chunk` counted from 0 (0 in an .evt)."""
    offset: int
    size: int
    number: int
    event: Event
    chunk: int = 0


@dataclass
class Written:
    data: bytes
    places: list = field(default_factory=list)
    ends: list = field(default_factory=list)  # .evtx: free-space offset of each chunk; .evt: offset of the EOF record


def sid_bytes(text):
    """S-1-5-18 as it is stored: revision, count, authority big-endian, the rest little-endian."""
    parts = text.split('-')
    if len(parts) < 3 or parts[0] != 'S' or not all(part.isdigit() for part in parts[1:]):
        raise DescriptionError(f'{text!r} is no SID')
    subs = [int(part) for part in parts[3:]]
    return (bytes([int(parts[1]), len(subs)]) + int(parts[2]).to_bytes(6, 'big')
            + b''.join(sub.to_bytes(4, 'little') for sub in subs))


def cut(data, truncate):
    """`truncate` bytes of data; negative: without so many at the end."""
    return data if truncate is None else data[:truncate]
