"""What the report says of a record that stands whole: from the description of its event alone."""

import datetime

FIRST_DAY = datetime.datetime(1601, 1, 1)  # of FILETIME
# Values that the writer gives every .evtx event of the set.
EVTX_SYSTEM = [('system', name, '0') for name in ('Version', 'Opcode', 'Execution_ProcessID', 'Execution_ThreadID')]
KEYS = ('provider', 'id', 'event_id', 'qualifiers', 'channel', 'computer', 'level', 'level_name', 'time', 'record',
        'user')


def value_said(value):
    """Numbers and texts as they are; the only typed ones of damaged logs are binary."""
    return value['value'].upper() if isinstance(value, dict) else str(value)


def values_said(event, is_evt):
    if event.strings is not None:
        values = [('data', '', text) for text in event.strings]
    else:
        values = [('data', name, value_said(value)) for name, value in event.data]
    if not is_evt:
        return EVTX_SYSTEM + values
    return values + [('data', 'Binary', event.binary.hex().upper())]


def event_said(event, number, is_evt):
    """`event`: writer/description.py.  An .evt has the class of its identifier, and no channel in it."""
    time = FIRST_DAY + datetime.timedelta(microseconds=event.time // 10)
    qualifiers, channel = (0x4000, None) if is_evt else (0, event.channel)
    own = (event.source, event.id, str(event.id), qualifiers, channel, event.computer, 4, 'Information',
           time.isoformat() + 'Z', number, event.user)
    return dict(zip(KEYS, own)) | {'values': values_said(event, is_evt)}


def log_said(image):
    """Number -> what its record says; not of records that nobody described."""
    return {number: event_said(place.event, number, image.is_evt)
            for number, place in image.places.items() if place.event}


def found_said(event):
    """The same of an event of a report."""
    values = [(value['part'], value['name'], value['value']) for value in event['values']]
    return {key: event.get(key) for key in KEYS} | {'values': values}


def difference(found, wanted):
    """The first one, in words."""
    key = next(key for key in found if found[key] != wanted[key])
    if key != 'values' or len(found[key]) != len(wanted[key]):
        return f'{key} {found[key]!r:.200}, not {wanted[key]!r:.200}'
    return next(f'value {mine!r:.200}, not {its!r:.200}' for mine, its in zip(found[key], wanted[key]) if mine != its)
