"""The shape of an event in an .evtx: which template, which values, in which of the forms that Windows uses.

values     provider and channel are values 14 and 16, the payload is value 17 (18 values)
literal    provider, channel and computer are text of the template, the payload is value 19 (20 values)
forwarded  no template: elements at the root, every value is text, RenderingInfo behind the payload
"""

import datetime
import hashlib

from evtx_chunk import Element, Instance, Sub, Template
from evtx_values import (ARRAY, BINARY, BINXML, FILETIME, GUID, HEX64, NULL, SID, STRING, UINT8, UINT16, UINT32, UINT64,
                         Value, guid_bytes, number, plain, sid_bytes, strings, utf16)

NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event'
LEVELS = {'success': 0, 'critical': 1, 'error': 2, 'warning': 3, 'information': 4, 'verbose': 5,
          'audit-success': 0, 'audit-failure': 0}
CLASSIC, MANIFEST = 0x80000000000000, 0x8000000000000000
AUDIT = {'audit-success': 0x20000000000000, 'audit-failure': 0x10000000000000}


def template_of(root):
    """A template; its GUID is made from its content, so that a GUID names one body."""
    return Template(hashlib.md5(repr(root).encode(), usedforsecurity=False).digest(), root)


def is_classic(event):
    return event.data is None and event.user_data is None


def keywords_of(event):
    if event.keywords is not None:
        return event.keywords
    return (CLASSIC if is_classic(event) else MANIFEST) | AUDIT.get(event.type, 0)


def form_of(event):
    if event.form:
        return event.form
    return 'forwarded' if event.rendering is not None else 'values'


# -- System

def leaf(name, index, kind, optional=True):
    return Element(name, [], [Sub(index, kind, optional)], index)


def provider(event, form):
    if form == 'values':
        return Element('Provider', [('Name', Sub(14, STRING)), ('Guid', Sub(15, GUID))])
    guid = [('Guid', event.guid)] if event.guid else []
    return Element('Provider', [('Name', event.source)] + guid)


def execution(form):
    pairs = [('ProcessID', Sub(8, UINT32)), ('ThreadID', Sub(9, UINT32))]
    if form == 'literal':
        pairs += [('SessionID', Sub(13, UINT32)), ('ProcessorID', Sub(14, UINT8)), ('KernelTime', Sub(15, UINT32)),
                  ('UserTime', Sub(16, UINT32)), ('ProcessorTime', Sub(17, UINT64))]
    return Element('Execution', pairs)


def system(event, form):
    """<System> as a template has it."""
    related = 13 if form == 'values' else 18
    channel = leaf('Channel', 16, STRING) if form == 'values' else Element('Channel', [], [event.channel])
    return Element('System', [], [
        provider(event, form),
        Element('EventID', [('Qualifiers', Sub(4, UINT16))], [Sub(3, UINT16)], 3),
        leaf('Version', 11, UINT8), leaf('Level', 0, UINT8), leaf('Task', 2, UINT16), leaf('Opcode', 1, UINT8),
        leaf('Keywords', 5, HEX64),
        Element('TimeCreated', [('SystemTime', Sub(6, FILETIME))]),
        leaf('EventRecordID', 10, UINT64),
        Element('Correlation', [('ActivityID', Sub(7, GUID)), ('RelatedActivityID', Sub(related, GUID))]),
        execution(form), channel,
        Element('Computer', [], [event.computer]),
        Element('Security', [('UserID', Sub(12, SID))]),
    ])


def root_template(event, form):
    payload = 17 if form == 'values' else 19
    return template_of(Element('Event', [('xmlns', NAMESPACE)], [system(event, form), Sub(payload, BINXML)], payload))


def guid_value(text):
    return Value(GUID, guid_bytes(text)) if text else Value(NULL)


def system_values(event, record):
    """Values 0 to 12, alike in both forms."""
    return [number('uint8', LEVELS[event.type]), number('uint8', event.opcode), number('uint16', event.category),
            number('uint16', event.id), number('uint16', event.qualifiers), number('hex64', keywords_of(event)),
            number('filetime', event.time), guid_value(event.activity), number('uint32', event.process),
            number('uint32', event.thread), number('uint64', record), number('uint8', event.version),
            Value(SID, sid_bytes(event.user)) if event.user else Value(NULL)]


# -- EventData and UserData

def classic_payload(event):
    """Unnamed Data: one array of strings, and Binary.  Its template declares 8E for what is a plain 0E."""
    root = Element('EventData', [], [Element('Data', [], [Sub(0, ARRAY | STRING)], 0),
                                     Element('Binary', [], [Sub(1, ARRAY | BINARY)], 1)])
    binary = Value(BINARY, event.binary) if event.binary else Value(NULL)
    return Instance(template_of(root), [strings(event.strings or []), binary])


def named_payload(event):
    values = [plain(value) for _, value in event.data]
    items = [Element('Data', [('Name', name)], [Sub(index, value.type, False)])
             for index, ((name, _), value) in enumerate(zip(event.data, values))]
    for text in event.strings or []:
        items.append(Element('Data', [], [Sub(len(values), STRING, False)]))
        values.append(Value(STRING, utf16(text)))
    return Instance(template_of(Element('EventData', [], items)), values)


def user_tree(name, content, values):
    """An element of UserData; "@name" is an attribute, a map has children, anything else is a value."""
    if not isinstance(content, dict):
        values.append(plain(content))
        return Element(name, [], [Sub(len(values) - 1, values[-1].type, False)])
    attributes = [(key[1:], str(text)) for key, text in content.items() if key.startswith('@')]
    children = [user_tree(key, child, values) for key, child in content.items() if not key.startswith('@')]
    return Element(name, attributes, children or None)


def user_payload(event):
    values = []
    children = [user_tree(name, content, values) for name, content in event.user_data.items()]
    return Instance(template_of(Element('UserData', [], children)), values)


def payload(event):
    if event.user_data is not None:
        return user_payload(event)
    return classic_payload(event) if event.data is None else named_payload(event)


# -- without a template

def time_text(filetime):
    seconds, ticks = divmod(filetime, 10_000_000)
    days, seconds = divmod(seconds, 86400)
    date = datetime.date(1601, 1, 1) + datetime.timedelta(days=days)
    return f'{date}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ticks:07}00Z'


def text_leaf(name, value):
    return Element(name, [], [str(value)])


def with_attributes(name, pairs, content=None):
    return Element(name, [(key, str(value)) for key, value in pairs if value is not None], content)


def literal_system(event, record):
    return Element('System', [], [
        with_attributes('Provider', [('Name', event.source), ('Guid', event.guid)]),
        with_attributes('EventID', [('Qualifiers', event.qualifiers)], [str(event.id)]),
        text_leaf('Version', event.version), text_leaf('Level', LEVELS[event.type]), text_leaf('Task', event.category),
        text_leaf('Opcode', event.opcode), text_leaf('Keywords', f'{keywords_of(event):#x}'),
        with_attributes('TimeCreated', [('SystemTime', time_text(event.time))]),
        text_leaf('EventRecordID', record),
        with_attributes('Correlation', [('ActivityID', event.activity)]),
        with_attributes('Execution', [('ProcessID', event.process), ('ThreadID', event.thread)]),
        text_leaf('Channel', event.channel), text_leaf('Computer', event.computer),
        with_attributes('Security', [('UserID', event.user)]),
    ])


def literal_user(name, content):
    if not isinstance(content, dict):
        return text_leaf(name, content)
    attributes = [(key[1:], str(text)) for key, text in content.items() if key.startswith('@')]
    children = [literal_user(key, child) for key, child in content.items() if not key.startswith('@')]
    return Element(name, attributes, children or None)


def literal_payload(event):
    if event.user_data is not None:
        return Element('UserData', [], [literal_user(name, child) for name, child in event.user_data.items()])
    items = [Element('Data', [('Name', name)], [str(value)]) for name, value in event.data or []]
    items += [text_leaf('Data', text) for text in event.strings or []]
    items += [text_leaf('Binary', event.binary.hex().upper())] if event.binary else []
    return Element('EventData', [], items or None)


def rendering_info(event):
    culture = event.rendering.get('Culture', 'en-US')
    return Element('RenderingInfo', [('Culture', culture)],
                   [text_leaf(name, text) for name, text in event.rendering.items() if name != 'Culture'])


def event_tree(event, record):
    """What the record of this event holds."""
    form = form_of(event)
    if form == 'forwarded':
        rendering = [rendering_info(event)] if event.rendering else []
        return Element('Event', [('xmlns', NAMESPACE)],
                       [literal_system(event, record), literal_payload(event)] + rendering)
    between = [guid_value(None), Value(STRING, utf16(event.source)), guid_value(event.guid),
               Value(STRING, utf16(event.channel))] if form == 'values' else [Value(NULL)] * 6
    return Instance(root_template(event, form),
                    system_values(event, record) + between + [Value(BINXML, tree=payload(event))])
