"""Builds one 64 KiB chunk of an .evtx: records, BinXML, and the tables of names and templates.

Everything in BinXML is addressed by its offset in the chunk, so it is written straight into the chunk's bytes: a name or
a template stands where it is used first, later uses refer back to it.
"""

import struct
import zlib
from dataclasses import dataclass, field

from evtx_values import BINXML

CHUNK_SIZE = 65536
RECORDS_AT = 0x200
RECORD_MAGIC = b'\x2a\x2a\0\0'
# What Windows leaves between the end of an event and the size copy is whatever lay there before.
SLACK = b'\x76\x65\x6e\x74\x45\x76\x65'

FRAGMENT = b'\x0f\x01\x01\x00'
EOF, OPEN, CLOSE_START, CLOSE_EMPTY, END, TEXT, ATTRIBUTE, ENTITY = 0, 1, 2, 3, 4, 5, 6, 9
INSTANCE, NORMAL, OPTIONAL = 0x0C, 0x0D, 0x0E
MORE = 0x40
NO_DEPENDENCY = 0xFFFF

ENTITIES = {'&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos'}


@dataclass
class Sub:
    """A substitution: value `index` goes here."""
    index: int
    type: int
    optional: bool = True


@dataclass
class Element:
    """`attributes`: (name, text or Sub).  `content`: texts, Subs, Elements.  None as content: <name/>."""
    name: str
    attributes: list = field(default_factory=list)
    content: list | None = None
    dependency: int = NO_DEPENDENCY


@dataclass
class Template:
    guid: bytes
    root: Element


@dataclass
class Instance:
    """A template filled with values."""
    template: Template
    values: list


def name_hash(units):
    """65599 over 16-bit units; the buckets of both tables come from it."""
    h = 0
    for unit in units:
        h = (h * 65599 + unit) & 0xFFFFFFFF
    return h


def units_of(data):
    return struct.unpack(f'<{len(data) // 2}H', data)


class ChunkFull(Exception):
    """The record does not fit; the chunk is as it was before."""


class Chunk:
    def __init__(self):
        self.data = bytearray(RECORDS_AT)
        self.names = {}
        self.templates = {}
        self.name_heads = [0] * 64
        self.template_heads = [0] * 32
        self.in_template = False
        self.ids = []
        self.last_record = 0

    # -- records

    def add_record(self, number, written, tree):
        """Appends a record; returns (offset, size)."""
        before = (len(self.data), dict(self.names), dict(self.templates), list(self.name_heads),
                  list(self.template_heads))
        at = before[0]
        self.data += RECORD_MAGIC + struct.pack('<IQQ', 0, number, written)
        self.write_document(tree)
        self.data += SLACK[:-(len(self.data) + 4) % 8]
        size = len(self.data) + 4 - at
        if at + size > CHUNK_SIZE:
            del self.data[at:]
            self.names, self.templates, self.name_heads, self.template_heads = before[1:]
            raise ChunkFull
        self.data += struct.pack('<I', size)
        struct.pack_into('<I', self.data, at + 4, size)
        self.ids.append(number)
        self.last_record = at
        return at, size

    # -- BinXML

    def byte(self, *values):
        self.data += bytes(values)

    def u32(self, value):
        self.data += struct.pack('<I', value)

    def write_document(self, tree):
        self.data += FRAGMENT
        self.write_root(tree)
        self.byte(EOF)

    def write_root(self, tree):
        if isinstance(tree, Instance):
            self.write_instance(tree)
        else:
            self.write_element(tree)

    def write_name(self, text):
        if text in self.names:
            return self.u32(self.names[text])
        at = len(self.data) + 4
        units = text.encode('utf-16-le')
        h = name_hash(units_of(units)) & 0xFFFF
        self.u32(at)
        self.data += struct.pack('<IHH', self.name_heads[h % 64], h, len(units) // 2) + units + b'\0\0'
        self.names[text] = self.name_heads[h % 64] = at
        return None

    def write_text(self, text, token=TEXT):
        units = text.encode('utf-16-le', 'surrogatepass')
        self.byte(token, 1)
        self.data += struct.pack('<H', len(units) // 2) + units

    def write_pieces(self, text):
        """Text of an element without a template: entities stand between its pieces."""
        pieces = []
        for char in text:
            if char in '&<>':
                pieces.append((ENTITY, ENTITIES[char]))
            elif pieces and pieces[-1][0] == TEXT:
                pieces[-1] = (TEXT, pieces[-1][1] + char)
            else:
                pieces.append((TEXT, char))
        for place, (token, piece) in enumerate(pieces or [(TEXT, '')]):
            token |= MORE if place + 1 < len(pieces) else 0
            if token & ~MORE == TEXT:
                self.write_text(piece, token)
            else:
                self.byte(token)
                self.write_name(piece)

    def write_content(self, item):
        if isinstance(item, Sub):
            self.byte(OPTIONAL if item.optional else NORMAL)
            self.data += struct.pack('<HB', item.index, item.type)
        elif isinstance(item, str):
            self.write_text(item) if self.in_template else self.write_pieces(item)
        else:
            self.write_root(item)

    def write_attributes(self, attributes):
        size_at = len(self.data)
        self.u32(0)
        for place, (name, content) in enumerate(attributes):
            self.byte(ATTRIBUTE | (MORE if place + 1 < len(attributes) else 0))
            self.write_name(name)
            self.write_content(content)
        struct.pack_into('<I', self.data, size_at, len(self.data) - size_at - 4)

    def write_element(self, element):
        self.byte(OPEN | (MORE if element.attributes else 0))
        if self.in_template:
            self.data += struct.pack('<H', element.dependency)
        size_at = len(self.data)
        self.u32(0)
        self.write_name(element.name)
        if element.attributes:
            self.write_attributes(element.attributes)
        if element.content is None:
            self.byte(CLOSE_EMPTY)
        else:
            self.byte(CLOSE_START)
            for item in element.content:
                self.write_content(item)
            self.byte(END)
        struct.pack_into('<I', self.data, size_at, len(self.data) - size_at - 4)

    def write_definition(self, template):
        at = len(self.data)
        bucket = name_hash(units_of(template.guid)) % 32
        self.templates[template.guid] = at
        self.u32(self.template_heads[bucket])
        self.template_heads[bucket] = at
        self.data += template.guid
        self.u32(0)
        self.in_template = True
        self.write_document(template.root)
        self.in_template = False
        struct.pack_into('<I', self.data, at + 20, len(self.data) - at - 24)

    def write_instance(self, instance):
        template = instance.template
        self.byte(INSTANCE, 1)
        self.data += template.guid[:4]
        if template.guid in self.templates:
            self.u32(self.templates[template.guid])
        else:
            self.u32(len(self.data) + 4)
            self.write_definition(template)
        self.write_values(instance.values)

    def write_values(self, values):
        self.u32(len(values))
        descriptors = len(self.data)
        self.data += bytes(4 * len(values))
        for place, value in enumerate(values):
            at = len(self.data)
            if value.type == BINXML:
                self.write_document(value.tree)
            else:
                self.data += value.data
            struct.pack_into('<HB', self.data, descriptors + 4 * place, (len(self.data) - at) & 0xFFFF, value.type)

    # -- the whole

    def finish(self, first_number, checksums=True):
        """The 64 KiB, sealed.  `first_number`: of its first record, counted within the file from 1."""
        end = len(self.data)
        data = self.data + bytes(CHUNK_SIZE - end)
        struct.pack_into('<64I', data, 0x80, *self.name_heads)
        struct.pack_into('<32I', data, 0x180, *self.template_heads)
        struct.pack_into('<8sQQQQII', data, 0, b'ElfChnk\0', first_number, first_number + len(self.ids) - 1,
                         self.ids[0], self.ids[-1], 128, self.last_record)
        struct.pack_into('<I', data, 0x30, end)
        struct.pack_into('<I', data, 0x78, 1 if checksums else 5)
        seal_chunk(data, checksums)
        return bytes(data)


def seal_chunk(data, checksums=True):
    """Puts the two checksums of a chunk; without checksums they are left as nonsense."""
    end = min(struct.unpack_from('<I', data, 0x30)[0], len(data))
    records = zlib.crc32(data[RECORDS_AT:end])
    struct.pack_into('<I', data, 0x34, records if checksums else 0x5EED0001)
    header = zlib.crc32(bytes(data[0x80:0x200]), zlib.crc32(bytes(data[:0x78])))
    struct.pack_into('<I', data, 0x7C, header if checksums else 0x5EED0002)
