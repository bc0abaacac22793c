"""Values of an .evtx: text, numbers and the rest as the bytes that BinXML keeps, with their type."""

import struct
import uuid
from dataclasses import dataclass

from description import DescriptionError
from written import sid_bytes

NULL, STRING, ANSI, UINT8, UINT16, UINT32, UINT64 = 0, 1, 2, 4, 6, 8, 10
INT64, DOUBLE, BOOLEAN, BINARY, GUID, FILETIME, SID = 9, 12, 13, 14, 15, 17, 19
HEX32, HEX64, BINXML = 0x14, 0x15, 0x21
ARRAY = 0x80

NUMBERS = {'int8': (3, '<b'), 'uint8': (4, '<B'), 'int16': (5, '<h'), 'uint16': (6, '<H'), 'int32': (7, '<i'),
           'uint32': (8, '<I'), 'int64': (9, '<q'), 'uint64': (10, '<Q'), 'float': (11, '<f'), 'double': (12, '<d'),
           'boolean': (13, '<I'), 'size_t': (16, '<I'), 'filetime': (17, '<Q'), 'hex32': (20, '<I'),
           'hex64': (21, '<Q')}


@dataclass
class Value:
    type: int
    data: bytes = b''
    tree: object = None  # of type 0x21: what to write once its place in the chunk is known


def utf16(text):
    return text.encode('utf-16-le', 'surrogatepass')


def guid_bytes(text):
    return uuid.UUID(text).bytes_le


def systemtime_bytes(parts):
    """From [year, month, day of week, day, hour, minute, second, millisecond]."""
    return struct.pack('<8H', *parts)


ENCODERS = {
    'string': (STRING, utf16),
    'ansi': (ANSI, lambda text: text.encode('cp1252')),
    'binary': (BINARY, bytes.fromhex),
    'guid': (GUID, guid_bytes),
    'systemtime': (18, systemtime_bytes),
    'sid': (SID, sid_bytes),
    'null': (NULL, lambda _: b''),
} | {name: (code, lambda number, form=form: struct.pack(form, number)) for name, (code, form) in NUMBERS.items()}

ENDS = {'string': b'\0\0', 'ansi': b'\0'}  # between the items of an array


def typed(name, value):
    """A value of a named type; "uint16[]" is an array of it."""
    item = name.removesuffix('[]')
    if item not in ENCODERS:
        raise DescriptionError(f'{name!r} is no type of value; known are {", ".join(sorted(ENCODERS))}')
    code, encode = ENCODERS[item]
    if item == name:
        return Value(code, encode(value))
    return Value(ARRAY | code, b''.join(encode(one) + ENDS.get(item, b'') for one in value))


def plain(value):
    """The value for what a description says: text, a number, true, a list, null, or {type: .., value: ..}."""
    if isinstance(value, dict):
        return typed(value['type'], value.get('value'))
    if value is None:
        return Value(NULL)
    if isinstance(value, bool):
        return typed('boolean', value)
    if isinstance(value, int):
        return typed('uint32' if 0 <= value < 1 << 32 else 'int64', value)
    if isinstance(value, float):
        return typed('double', value)
    if isinstance(value, list):
        return strings(value)
    return Value(STRING, utf16(str(value)))


def number(name, value):
    """A number of a named type, NULL for None."""
    return Value(NULL) if value is None else typed(name, value)


def strings(items):
    """An array of texts; NULL when there is none."""
    return typed('string[]', [str(item) for item in items]) if items else Value(NULL)
