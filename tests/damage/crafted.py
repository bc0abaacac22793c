"""Logs with a record of our own making between sound ones: BinXML that the writer would never write."""

import struct

from sound import Image, evtx_event, make, text_of  # noqa: F401 - also puts the writer on the path
from description import read_description
from evtx_chunk import EOF, FRAGMENT, INSTANCE, Chunk, Element
from evtx_shapes import NAMESPACE, event_tree, literal_system, root_template, system_values
from evtx_values import BINXML, NULL, STRING, Value, utf16
from evtx_writer import HEADER_BLOCK, header_block
from written import Place, Written

COUNT, SPECIAL = 20, 11


class Crafted(Chunk):
    """A chunk in which a function may stand for a tree or for content: called with the chunk, it writes what it likes."""

    def write_document(self, tree):
        return tree(self) if callable(tree) else super().write_document(tree)

    def write_content(self, item):
        return item(self) if callable(item) else super().write_content(item)

    def raw(self, data):
        self.data += data

    def u16(self, value):
        self.data += struct.pack('<H', value)


def event_of(number, **more):
    log = {'file': 'x.evtx', 'format': 'evtx', 'computer': 'NODE1', 'events': [evtx_event(number, **more)]}
    return read_description({'logs': [log]})[0].events[0]


def log_with(tree):
    """Twenty records; the eleventh is `tree`."""
    chunk, places = Crafted(), []
    for number in range(1, COUNT + 1):
        event = event_of(number)
        described = None if number == SPECIAL else event
        at, size = chunk.add_record(number, event.time, tree if number == SPECIAL else event_tree(event, number))
        places.append(Place(HEADER_BLOCK + at, size, number, described))
    end = len(chunk.data)
    return Image(Written(header_block(1, COUNT + 1) + chunk.finish(1), places, [end]))


def literal_event(*payload):
    """An event without a template; `payload`: elements or functions behind <System>."""
    event = event_of(SPECIAL, form='forwarded')
    return Element('Event', [('xmlns', NAMESPACE)], [literal_system(event, SPECIAL), *payload])


def text_data():
    return Element('Data', [('Name', 'Text')], [text_of(SPECIAL)])


def event_data(*items):
    return Element('EventData', [], [text_data(), *items])


def with_payload(write):
    """A usual event with a template, whose value 17 is what `write` writes."""
    event = event_of(SPECIAL)
    def tree(chunk):
        chunk.raw(FRAGMENT)
        chunk.byte(INSTANCE, 1)
        template = root_template(event, 'values')
        chunk.raw(template.guid[:4])
        chunk.u32(chunk.templates[template.guid])
        chunk.write_values(system_values(event, SPECIAL)
                           + [Value(NULL), Value(STRING, utf16('Damage')), Value(NULL), Value(STRING, utf16('System')),
                              Value(BINXML, tree=write)])
        chunk.byte(EOF)
    return tree
