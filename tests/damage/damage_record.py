"""Damage to one record of an .evtx: its header, its values, its template."""

from sound import PAGE, evtx
from table import damage, series

SECTOR = 512
RECORD = 60   # in the middle of the middle chunk; named values, templates by reference
HOST = 42     # the record of that chunk in which the templates of RECORD stand
# Offsets in a record with its template elsewhere.
BINXML, TEMPLATE_ID, TEMPLATE_AT, VALUE_COUNT, DESCRIPTORS = 24, 30, 34, 38, 42


def one_lost(log, number=RECORD):
    """The damage costs this record at most, and is reported."""
    return {'must': log.without(number), 'may': [number], 'loss': True, 'notices': ('EVTX_RECORD_PARTIAL|EVTX_SKIPPED',)}


def one_odd(log, number=RECORD):
    """The damage costs this record at most; whether anything is missing depends on how much the reader can make of it."""
    return {'must': log.without(number), 'may': [number]}


@series('.evtx', 'B2: the size of a record is wrong', zero=0, small=8, least=27, odd=1001, past_chunk=70000, most=0xFFFFFFFF,
        half=0x80000000)
def record_size(size):
    log = evtx()
    return log.u32(log.at(RECORD) + 4, size).seal(1), one_lost(log)


@series('.evtx', 'the size of a record is a little off', less=-8, more=16)
def record_size_off(by):
    log = evtx()
    return log.u32(log.at(RECORD) + 4, log.size(RECORD) + by).seal(1), one_lost(log)


@damage('.evtx', 'the size of a record reaches to the end of the next one, the copies do not agree')
def record_size_next():
    log = evtx()
    return log.u32(log.at(RECORD) + 4, log.size(RECORD) + log.size(RECORD + 1) - 8).seal(1), one_lost(log)


@series('.evtx', 'the copy of the size is wrong', zero=0, most=0xFFFFFFFF)
def record_copy(size):
    log = evtx()
    return log.u32(log.end(RECORD) - 4, size).seal(1), one_lost(log)


@damage('.evtx', 'a record without its magic')
def record_magic():
    log = evtx()
    return log.u32(log.at(RECORD), 0).seal(1), one_lost(log)


@damage('.evtx', 'C22: the record that holds the templates of its chunk is broken, their bytes are whole')
def record_host_magic():
    log = evtx()
    return log.u32(log.at(HOST), 0).seal(1), one_lost(log, HOST)


@damage('.evtx', 'the records that hold the templates of a chunk are zero: they stand in other chunks too')
def record_host_zero():
    log = evtx()
    first, last = log.at(41), log.end(43)
    return log.zero(first, last).seal(1), {'must': log.without(41, 42, 43), 'may': [41, 42, 43], 'loss': True}


@damage('.evtx', 'B5: the last record of a log is half written')
def record_half_written():
    log = evtx()
    return log.zero(log.at(120) + 400, log.end(120)), one_lost(log, 120) | {'torn': [120]}


@damage('.evtx', 'B5: a log ends in the middle of its last record, behind what says what it is')
def record_half_file():
    log = evtx()
    del log.data[log.at(120) + 400:]
    return log, one_lost(log, 120) | {'torn': [120]}


@damage('.evtx', 'B5: the last record of a log is zero from a page border on')
def record_half_page():
    log = evtx()
    border = log.end(120) // PAGE * PAGE
    lost = log.touched(border, log.end(120))
    assert lost
    log.zero(border, log.chunk(2) + 0x10000)
    return log, {'must': log.without(*lost), 'may': lost, 'loss': True}


@series('.evtx', 'the time in a record header is nonsense', zero=0, most=(1 << 64) - 1)
def record_time(value):
    log = evtx()
    return log.u64(log.at(RECORD) + 16, value).seal(1), one_odd(log)


@series('.evtx', 'C12: the number in a record header is not that of the event', zero=0, far=1 << 40, most=(1 << 64) - 1)
def record_number(value):
    log = evtx()
    return log.u64(log.at(RECORD) + 8, value).seal(1), one_odd(log)


@damage('.evtx', 'D2: a record was unlinked by enlarging the one before')
def hidden_record():
    log = evtx()
    size = log.size(RECORD) + log.size(RECORD + 1)
    log.u32(log.at(RECORD) + 4, size).u32(log.end(RECORD + 1) - 4, size)
    return log.seal(1), {'must': log.without(RECORD + 1), 'may': [RECORD + 1], 'notices': ('EVTX_HIDDEN',)}


# -- the template instance

GUARDED = ('EVTX_TEMPLATE_FOREIGN|EVTX_TEMPLATE_LOST',)  # the id of the template did not fit what stands there


@series('.evtx', 'the template of a record is said to be outside of the chunk', most=0xFFFFFFF0, end=0xFFF8, zero=0)
def template_offset(offset):
    log = evtx()
    return log.u32(log.at(RECORD) + TEMPLATE_AT, offset).seal(1), one_odd(log) | {'notices': GUARDED}


@damage('.evtx', "a record points at another record's template: never show its values in that form")
def template_of_another():
    log = evtx()
    other = log.get32(log.at(59) + TEMPLATE_AT)
    assert other != log.get32(log.at(RECORD) + TEMPLATE_AT)
    return log.u32(log.at(RECORD) + TEMPLATE_AT, other).seal(1), one_odd(log) | {'notices': GUARDED}


@damage('.evtx', 'a record names a template that nobody has')
def template_id():
    log = evtx()
    return log.u32(log.at(RECORD) + TEMPLATE_ID, 0xDEADBEEF).seal(1), one_odd(log) | {'notices': ('EVTX_TEMPLATE_LOST',)}


@series('.evtx', 'the number of values is wrong', none=0, few=3, many=5000, most=0xFFFFFFFF)
def value_count(count):
    log = evtx()
    return log.u32(log.at(RECORD) + VALUE_COUNT, count).seal(1), one_odd(log)


@series('.evtx', 'the size of a value is wrong: (which value, size)', first=(0, 0xFFFF), zero=(3, 0), payload=(17, 0xFFFF),
        payload_short=(17, 5), time=(6, 3), provider=(14, 1))
def value_size(what):
    log = evtx()
    return log.u16(log.at(RECORD) + DESCRIPTORS + 4 * what[0], what[1]).seal(1), one_odd(log)


@series('.evtx', 'the type of a value is wrong: (which value, type)', unknown=(1, 0x7F), array=(2, 0x86), payload=(17, 0x01),
        binxml=(14, 0x21), text=(6, 0x01), binxml_array=(14, 0xA1))
def value_type(what):
    log = evtx()
    log.data[log.at(RECORD) + DESCRIPTORS + 4 * what[0] + 2] = what[1]
    return log.seal(1), one_odd(log) | {'values': [RECORD]}


@series('.evtx', 'the first tokens of a record are wrong', fragment=(0, 0x09), instance=(4, 0x7F), nothing=(4, 0x00),
        attribute=(4, 0x06))
def record_token(what):
    log = evtx()
    log.data[log.at(RECORD) + BINXML + what[0]] = what[1]
    return log.seal(1), one_odd(log)


# -- the definition of a template

def host_damage(log):
    """All records of the chunk that use the damaged template may suffer, nobody else."""
    users = [n for n in log.of_chunk(1) if n % 3 != 2]
    return {'must': log.without(*users), 'may': users}


def definition(log):
    """Offset of the root template that stands in HOST: its `next` link."""
    return log.chunk(1) + log.get32(log.at(HOST) + TEMPLATE_AT)


@series('.evtx', 'the body size of a template is wrong', zero=0, small=30, large=0xF000, most=0xFFFFFFFF)
def template_size(size):
    log = evtx()
    assert definition(log) == log.at(HOST) + TEMPLATE_AT + 4
    return log.u32(definition(log) + 20, size).seal(1), host_damage(log)


# In the body behind the fragment header: 41, dependency u16, element size u32, name u32.
ELEMENT, NAME = 24 + 4 + 3, 24 + 4 + 7


@series('.evtx', 'the size of an element in a template is wrong', zero=0, small=12, most=0xFFFFFFFF, half=0x80000000)
def element_size(size):
    log = evtx()
    return log.u32(definition(log) + ELEMENT, size).seal(1), host_damage(log)


@series('.evtx', 'the name of an element is elsewhere', most=0xFFFFFFF0, end=0xFFFC, forward=0x9000, zero=0, odd=0x203)
def name_offset(offset):
    log = evtx()
    return log.u32(definition(log) + NAME, offset).seal(1), host_damage(log)


FOREIGN = {'notices': ('EVTX_TEMPLATE_FOREIGN',)}  # other chunks have the templates whole


@series('.evtx', 'a name that the templates of a chunk share is zero: the hash of nothing', id='EventID',
        element='EventData', attribute='Name')
def name_zero(name):
    log = evtx()
    letters = name.encode('utf-16-le')
    at = log.data.index(bytes([len(name), 0]) + letters, log.chunk(1))
    return log.zero(at - 2, at + 2 + len(letters)).seal(1), FOREIGN


@damage('.evtx', 'a sector of zeros over the names that the templates of a chunk share')
def name_sector_zero():
    log = evtx()
    at = log.data.index('EventID'.encode('utf-16-le'), log.chunk(1)) // SECTOR * SECTOR
    lost = log.touched(at, at + SECTOR)
    return log.zero(at, at + SECTOR), {'must': log.without(*lost), 'may': lost} | FOREIGN


@series('.evtx', 'a byte of a template is no token: at this offset of the body', first=4, fragment=0, xmlns=0x34, middle=0x123)
def template_token(offset):
    log = evtx()
    log.data[definition(log) + 24 + offset] = 0x3F
    return log.seal(1), host_damage(log)
