"""Hostile and rare BinXML: one crafted record between sound ones, which must all be delivered."""

import struct

from crafted import SPECIAL, event_data, event_of, literal_event, log_with, text_data, with_payload
from evtx_chunk import (CLOSE_EMPTY, CLOSE_START, END, ENTITY, EOF, FRAGMENT, INSTANCE, MORE, OPEN, TEXT, Element,
                        Instance, Sub, Template)
from evtx_shapes import event_tree, literal_system
from evtx_values import ARRAY, BINXML, NULL, STRING, UINT32, Value, typed, utf16
from sound import text_of
from table import damage, series


def hostile(tree):
    """The crafted record may be lost, or come cut and marked; its neighbours must come."""
    log = log_with(tree)
    return log, {'must': log.without(SPECIAL), 'may': [SPECIAL]}


def bomb(tree):
    """As before, and the report says that an event was cut or is damaged."""
    log, expect = hostile(tree)
    return log, expect | {'loss': True, 'notices': ('EVTX_EVENT_CUT|EVTX_BINXML|EVTX_TEMPLATE_LOST',)}


def rare(tree):
    """Allowed, if rare: the crafted record must come as well."""
    return log_with(tree), {'loss': False}


def template(name, content):
    return Template(name.encode().ljust(16, b'\0'), Element(name, [], content))


def value_text(text):
    return Value(STRING, utf16(text))


# -- depth and expansion

def nested_elements(chunk, depth):
    """<A><A>.. with right sizes; written in a loop, for it is deeper than any stack."""
    chunk.names.get('A') or chunk.write_element(Element('A', [], None))
    sizes = []
    for _ in range(depth):
        chunk.byte(OPEN)
        sizes.append(len(chunk.data))
        chunk.u32(0)
        chunk.write_name('A')
        chunk.byte(CLOSE_START)
    for at in reversed(sizes):
        chunk.byte(END)
        struct.pack_into('<I', chunk.data, at, len(chunk.data) - at - 4)


@series('.evtx', 'elements in elements', some=200, many=300, most=3000)
def deep_elements(depth):
    nested = Element('UserData', [], [lambda chunk: nested_elements(chunk, depth)])
    return (hostile if depth < 256 else bomb)(literal_event(event_data(), nested))


@damage('.evtx', 'elements that are opened and never closed')
def unclosed_elements():
    def write(chunk):
        for _ in range(3000):
            chunk.byte(OPEN)
            chunk.u32(0xFFFFFF)
            chunk.write_name('A')
            chunk.byte(CLOSE_START)
    return bomb(literal_event(event_data(), write))


def nested_instance(chunk, outer, depth):
    """Instances of one template in one another's values; only the first is resident, so the inner bytes do not depend
    on their place."""
    if outer.guid not in chunk.templates:
        chunk.raw(FRAGMENT)
        chunk.write_instance(Instance(outer, [Value(NULL)]))
    head = bytes([INSTANCE, 1]) + outer.guid[:4] + struct.pack('<II', chunk.templates[outer.guid], 1)
    inner = b'\0'
    for _ in range(depth):
        inner = head + struct.pack('<HBB', len(inner), BINXML, 0) + inner + b'\0'
    chunk.raw(inner)


@series('.evtx', 'BinXML in BinXML', some=20, many=40, most=2000)
def deep_binxml(depth):
    one = template('Deep', [Sub(0, BINXML)])
    return (hostile if depth < 32 else bomb)(with_payload(lambda chunk: nested_instance(chunk, one, depth)))


@damage('.evtx', '16 uses of one value on each of 12 levels: 2.8 * 10^14 elements')
def bomb_substitution():
    shape = template('Bomb', [Sub(0, BINXML, False)] * 16)
    return bomb(with_payload(lambda chunk: nested_instance(chunk, shape, 12)))


@damage('.evtx', '16 arrays in one element: a cross product of 700^16')
def bomb_arrays():
    cross = template('Cross', [Sub(index, ARRAY | STRING, False) for index in range(16)])
    return bomb(with_payload(lambda chunk: chunk.write_document(
        Instance(cross, [Value(ARRAY | STRING, bytes(1400))] * 16))))


@damage('.evtx', 'one array of 20000 items in an element with a long attribute')
def bomb_attribute():
    wide = Template(b'Wide'.ljust(16), Element('Wide', [], [Element('Item', [('Long', 'x' * 2000)], [
        Sub(0, ARRAY | STRING, False)])]))
    return hostile(with_payload(lambda chunk: chunk.write_document(
        Instance(wide, [Value(ARRAY | STRING, bytes(40000))]))))


@damage('.evtx', 'a template whose body holds an instance of itself')
def template_in_itself():
    root = Element('Self', [], [])
    one = Template(b'Self'.ljust(16), root)
    root.content.append(Instance(one, []))
    return bomb(with_payload(lambda chunk: chunk.write_document(Instance(one, []))))


@damage('.evtx', 'two templates whose bodies hold instances of each other')
def template_in_another():
    one, two = Element('One', [], []), Element('Two', [], [])
    first, second = Template(b'One!'.ljust(16), one), Template(b'Two!'.ljust(16), two)
    one.content.append(Instance(second, []))
    two.content.append(Instance(first, []))
    return bomb(with_payload(lambda chunk: chunk.write_document(Instance(first, []))))


@series('.evtx', 'a template instance that lies about its definition', here=0, record=24, forward=4096)
def instance_of_nowhere(ahead):
    def write(chunk):
        chunk.raw(FRAGMENT + bytes([INSTANCE, 1]) + b'Fake')
        chunk.u32((len(chunk.data) + 4 - (4 if ahead == 0 else -ahead)) & 0xFFFF)
        chunk.u32(0)
        chunk.byte(EOF)
    return hostile(with_payload(write))


@damage('.evtx', '4000 attributes')
def many_attributes():
    return hostile(literal_event(event_data(Element('Data', [('A', '')] * 4000, []))))


@damage('.evtx', '700 values of different names')
def many_values():
    items = [[f'N{index}', 'v'] for index in range(700)]
    return rare(event_tree(event_of(SPECIAL, strings=None, data=[['Text', text_of(SPECIAL)]] + items), SPECIAL))


@damage('.evtx', 'an array of 20000 empty strings')
def many_empty_strings():
    return rare(event_tree(event_of(SPECIAL, strings=None, data=[
        ['Text', text_of(SPECIAL)], ['Many', {'type': 'string[]', 'value': [''] * 20000}]]), SPECIAL))


# -- what is there

@damage('.evtx', 'an event with nothing in it')
def empty_event():
    return hostile(Element('Event', [], None))


@damage('.evtx', 'a record that ends at once')
def no_element():
    return hostile(lambda chunk: chunk.raw(FRAGMENT + b'\0'))


@damage('.evtx', 'a record without a single token')
def no_tokens():
    return hostile(lambda chunk: None)


@damage('.evtx', 'System twice, the second says something else')
def two_systems():
    other = event_of(5, form='forwarded', source='Other', id=1)
    return hostile(literal_event(literal_system(other, 5), event_data()))


@damage('.evtx', 'C15: a version that is no number, and character references (NetApp)')
def odd_numbers():
    def reference(chunk):
        chunk.raw(bytes([0x48]) + struct.pack('<H', 0x41) + bytes([0x08]) + struct.pack('<H', 0x263A))
    tree = literal_event(event_data(Element('Data', [('Name', 'Reference')], [reference])))
    system = tree.content[0].content
    system[2] = Element('Version', [], ['101.1'])
    return rare(tree)


@damage('.evtx', 'A1: an event without a template, with RenderingInfo')
def no_template():
    event = event_of(SPECIAL, form='forwarded', rendering={'Message': 'a & b', 'Level': 'Error'})
    event.data = [('Text', text_of(SPECIAL)), ('Other', '<&>')]
    event.strings = None
    return rare(event_tree(event, SPECIAL))


@damage('.evtx', 'A2: an attribute value in several pieces')
def attribute_pieces():
    def pieces(chunk):
        chunk.write_text('a ', TEXT | MORE)
        chunk.byte(ENTITY | MORE)
        chunk.write_name('quot')
        chunk.write_text('b', TEXT | MORE)
        chunk.byte(ENTITY)
        chunk.write_name('quot')
    return rare(literal_event(event_data(Element('Data', [('Name', 'Quoted'), ('Pieces', pieces)], []))))


@damage('.evtx', 'C18: CDATA, processing instruction, entity and character references')
def rare_tokens():
    def write(chunk):
        text = utf16('in ]]> CDATA')
        chunk.raw(bytes([0x47]) + struct.pack('<H', len(text) // 2) + text)
        chunk.byte(0x0A)
        chunk.write_name('target')
        text = utf16('some data')
        chunk.raw(bytes([0x0B]) + struct.pack('<H', len(text) // 2) + text)
        chunk.raw(bytes([0x48]) + struct.pack('<H', 0x20AC))
        chunk.byte(ENTITY)
        chunk.write_name('amp')
    return rare(literal_event(event_data(Element('Data', [('Name', 'Rare')], [write]))))


def values_of(*items):
    """A usual event that carries these typed values besides its text."""
    data = [['Text', text_of(SPECIAL)]] + [[f'{kind} {index}', {'type': kind, 'value': value}]
                                           for index, (kind, value) in enumerate(items)]
    return event_tree(event_of(SPECIAL, strings=None, data=data), SPECIAL)


SID = 'S-1-5-21-1-2-3-500'
GUID = '{01234567-89ab-cdef-0123-456789abcdef}'
TIME = [2017, 4, 5, 21, 10, 41, 18, 7]


@damage('.evtx', 'C16: every type of value and every array of it')
def all_types():
    one = [('string', 'x'), ('ansi', 'Größe'), ('int8', -1), ('uint8', 255), ('int16', -2), ('uint16', 7), ('int32', -3),
           ('uint32', 8), ('int64', -4), ('uint64', 9), ('float', 1.5), ('double', 3199.234), ('boolean', 1),
           ('binary', '0aff'), ('guid', GUID), ('size_t', 5), ('filetime', 132600000000000000), ('systemtime', TIME),
           ('sid', SID), ('hex32', 255), ('hex64', 1 << 40), ('null', None)]
    arrays = [(f'{kind}[]', [value, value]) for kind, value in one if kind not in ('null', 'binary')]
    return rare(values_of(*one, *arrays))


@damage('.evtx', 'C2 C5 C10 C11: values at the edge of their type')
def odd_values():
    return rare(values_of(('boolean', 0x10000), ('int32', -2147186583), ('int64', -(1 << 63)), ('filetime', 0),
                          ('filetime', (1 << 64) - 1), ('filetime', 0x24C85A5ED1C04000), ('systemtime', [0] * 8),
                          ('systemtime', [65535] * 8), ('double', float('nan')), ('float', float('inf')), ('size_t', 0),
                          ('sid', 'S-1-281474976710655'), ('string', ''), ('uint16[]', [])))


@damage('.evtx', 'C6 C7: text that is no text')
def odd_text():
    return rare(values_of(('string', 'lone \ud800 surrogate'), ('string', 'nul \0 inside'), ('string', '\x1b[31m\x07'),
                          ('string', 'end\0\0'), ('ansi', '€ûÿ'), ('string', '\uffff\ufffe\u202e')))


def instance_values(change):
    """A usual event of which `change` alters the payload: list of values -> list of values."""
    inner = template('Payload', [Element('Data', [('Name', name)], [Sub(index, kind, False)]) for index, (name, kind) in
                                 enumerate([('Text', STRING), ('Second', STRING), ('Third', UINT32)])])
    values = [value_text(text_of(SPECIAL)), value_text('second'), typed('uint32', 3)]
    return with_payload(lambda chunk: chunk.write_document(Instance(inner, change(values))))


@damage('.evtx', 'C17: fewer values than the template asks for')
def few_values():
    return rare(instance_values(lambda values: values[:1]))


@damage('.evtx', 'more values than the template asks for')
def more_values():
    return rare(instance_values(lambda values: values * 3))


@damage('.evtx', 'C1: NULL with a size: the bytes are to be skipped')
def null_with_size():
    return rare(instance_values(lambda values: [values[0], Value(NULL, b'\1\2\3\4\5'), values[2]]))


@series('.evtx', 'values whose size does not fit their type', uint32=Value(8, b'\1'), uint64=Value(10, b'\1\2\3'),
        guid=Value(15, bytes(7)), sid=Value(19, b'\1'), sid_count=Value(19, b'\1\xff\0\0\0\0\0\5' + bytes(8)),
        filetime=Value(17, bytes(3)), systemtime=Value(18, bytes(5)), odd_string=Value(STRING, b'a\0b'),
        array=Value(0x86, b'\1\2\3'), sid_array=Value(0x93, b'\1\xff' + bytes(9)), boolean=Value(13, b'\1'),
        double=Value(12, bytes(2)), unknown=Value(0x66, b'\1\2'), binxml_array=Value(0xA1, bytes(9)),
        handle=Value(0x20, bytes(8)), xml=Value(0x23, utf16('<a/>')), empty=Value(8, b''))
def odd_size(value):
    """Never an error of the record: it comes, perhaps marked."""
    log = log_with(instance_values(lambda values: [values[0], value, values[2]]))
    return log, {'loss': False}


@series('.evtx', 'C21: BinXML values that start in another way', instance=True, element=False)
def binxml_without_fragment(is_instance):
    inner = Element('EventData', [], [text_data()])

    def write(chunk):
        if is_instance:
            chunk.write_instance(Instance(template('Bare', [Element('Data', [('Name', 'Text')], [Sub(0, STRING)])]),
                                          [value_text(text_of(SPECIAL))]))
        else:
            chunk.write_element(inner)
        chunk.byte(EOF)
    return rare(with_payload(write))


@damage('.evtx', 'a BinXML value of noise')
def binxml_noise():
    return hostile(with_payload(lambda chunk: chunk.raw(bytes(range(1, 200)))))


@damage('.evtx', 'a normal substitution of BinXML in an attribute')
def binxml_in_attribute():
    odd = Template(b'Attr'.ljust(16), Element('Odd', [('Name', Sub(0, BINXML, False))], []))
    return hostile(with_payload(lambda chunk: chunk.write_document(Instance(odd, [Value(BINXML, tree=Element('X'))]))))


@series('.evtx', 'the empty end of an element stands where no element is', end=END, close=CLOSE_START, empty=CLOSE_EMPTY)
def stray_token(token):
    return hostile(literal_event(event_data(lambda chunk: chunk.byte(token))))

