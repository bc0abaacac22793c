"""The table of the damage set: a case is a name, the bytes, and what must come of them."""

from collections import Counter
from dataclasses import dataclass, field

from said import log_said
from sound import IMAGES


@dataclass
class Case:
    """
    must     record numbers that have to be delivered whole, with their own text; a number stands as often as it has to come
    may      further numbers that may come, never with the text of another record
    torn     numbers among `may` that have to come with what says what they are: provider, id, level, computer
    values   numbers of records whose own values were damaged, or crafted: what they say may be something else
    whole    not judged: {offset: number} of records that were not damaged
    said     {number: what its record in each of the undamaged logs says}
    recover  numbers of old records that have to come as well with --recover, as no part of the log
    judged   False: damage that may be anywhere; only that the run ends in good order counts
    loss     True: the report must say that something could not be read; False: it must not; None: either is right
    notices  names of notices (analyzer/base/notice.def); "A|B": one of them
    """
    name: str
    why: str
    data: bytes
    must: list
    may: list = field(default_factory=list)
    torn: list = field(default_factory=list)
    values: list = field(default_factory=list)
    whole: dict = field(default_factory=dict)
    said: dict = field(default_factory=dict)
    recover: list = field(default_factory=list)
    judged: bool = True
    loss: bool | None = None
    notices: tuple = ()
    statuses: tuple = ()  # exit statuses that are right; () = 0 to 3 as records and loss say
    suffix: str = ''

    @property
    def expected(self):
        return Counter(self.must)

    @property
    def allowed(self):
        return Counter(self.must) + Counter(self.may)


MAKERS = []


def damage(suffix, why):
    """Registers a function that makes a case.  It returns (image or bytes, {fields of Case}); its name is the case's."""
    def register(function):
        MAKERS.append((function.__name__.rstrip('_'), suffix, why, function))
        return function
    return register


def series(suffix, why, **variants):
    """The same with one argument: a case for each NAME=ARGUMENT, called FUNCTION_NAME."""
    def register(function):
        for name, argument in variants.items():
            MAKERS.append((f'{function.__name__}_{name}', suffix, why, lambda a=argument: function(a)))
        return function
    return register


def all_said(images):
    said = {}
    for image in images:
        for number, event in log_said(image).items():
            said.setdefault(number, []).append(event)
    return said


def all_cases():
    """Every case, made one after the other.  What a function leaves open: every record of its image must come."""
    names = [name + suffix for name, suffix, _, _ in MAKERS]
    assert len(names) == len(set(names)), 'two cases have the same name'
    for name, suffix, why, function in MAKERS:
        IMAGES.clear()
        made, expect = function()
        if isinstance(made, (bytes, bytearray)):
            data = bytes(made)
        else:
            data, expect = bytes(made.data), {'must': made.numbers} | expect
        yield Case(name, why, data, suffix=suffix, said=all_said(IMAGES), **expect)
