"""What `--explain` adds up is the score: the points that are printed give the printed sum, and that, cut to 0 and 100, the
score; and the word is that of the score, or the line says why it is less."""

import re

BEGIN = 'How the points add up'
POINTS = re.compile(r'^ +([+-]\d+)  ')
SUM = re.compile(r'^ +(-?\d+)  (?:(\w+): )?(\d+) of 100 points(?:; (.*))?')
WORDS = [('confirmed', 80), ('likely', 50), ('possible', 20)]


def word_of(score):
    return next((word for word, least in WORDS if score >= least), None)


def sums_of(text):
    """The lines of each sum in a text of --width 200."""
    lines = text.split('\n')
    for at, line in enumerate(lines):
        if line.strip() == BEGIN:
            end = next(i for i in range(at, len(lines)) if SUM.match(lines[i]))
            yield lines[at + 1:end + 1]


def mistakes_of(block):
    total, word, score, reason = SUM.match(block[-1]).groups()
    added = sum(int(match[1]) for match in map(POINTS.match, block[:-1]) if match)
    if added != int(total):
        yield f'{added} is printed as {total}'
    if min(100, max(0, int(total))) != int(score):
        yield f'{total} gives {score}'
    if word != word_of(int(score)) and not reason:
        yield f'{score} points are {word}, without a reason'
