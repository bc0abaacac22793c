#!/usr/bin/python3
"""Every entry of the catalogue of real damage has a test: edge_cases.py [SHARED]

EDGE_CASES.tsv names them.  That each test exists is checked here; that the table leaves out no entry, where the catalogue
is (SHARED/reference/evtx-edge-cases.md).
"""

import pathlib
import re
import sys

import damage  # noqa: F401 - its modules register the cases
from table import MAKERS

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
CASES = {name for name, _, _, _ in MAKERS}


def table(text):
    """entry -> words"""
    rows = [line.split('\t') for line in text.splitlines() if line and not line.startswith('#')]
    assert len({row[0] for row in rows}) == len(rows), 'an entry stands twice'
    return {entry: tests.split() for entry, tests in rows}


def entries(catalogue):
    """A1 .. of the numbered sections, the kinds in brackets of the one on hostile input, G: what is reported."""
    numbered = re.findall(r'^\*\*([A-F]\d+)\.', catalogue, flags=re.M)
    hostile = catalogue[catalogue.index('\n## E.'):catalogue.index('\n## F.')]
    kinds = [kind for row in re.findall(r'\[([^]]*)\]', hostile.split('|---', 1)[1]) for kind in row.split(', ')]
    return numbered + [f'E:{kind}' for kind in kinds] + re.findall(r'^## (G)\.', catalogue, flags=re.M)


def defines(path, pattern):
    return path.is_file() and re.search(pattern, path.read_text(encoding='utf-8'), re.M) is not None


def complaint(word, files):
    """What is wrong with a word of the table; '' for nothing.  `files`: names in the corpus, None where it is not."""
    kind, _, name = word.partition(':')
    if kind == 'damage':
        sound = any(case == name or case.startswith(name + '_') for case in CASES)
    elif kind == 'unit':
        program, _, function = name.partition(':')
        sound = defines(TESTS / 'unit' / f'{program}.c', rf'cmocka_unit_test\({function}\)')
    elif kind == 'golden':
        sound = (TESTS / 'golden' / name / 'cmd').is_file()
    elif kind == 'run':
        sound = defines(TESTS / name / 'run.py', r'^def main\(')
    elif kind == 'show':
        sound = defines(TESTS / 'show/run.py', rf'^def {name}\(')
    elif kind == 'long':
        sound = (TESTS / 'long' / name).is_file()
    elif kind == 'corpus':
        sound = files is None or name in files
    else:
        sound = False
    return '' if sound else f'there is no test {word}'


def main(shared=''):
    found = table((HERE / 'EDGE_CASES.tsv').read_text(encoding='utf-8'))
    corpus, catalogue = pathlib.Path(shared) / 'corpus', pathlib.Path(shared) / 'reference/evtx-edge-cases.md'
    files = {path.name for path in corpus.rglob('*.evt*')} if corpus.is_dir() else None
    assert complaint('damage:no such case', files) and complaint('unit:test_base:no_such', files)
    wrong = [f'{entry}: {said}' for entry, tests in found.items() for word in tests if (said := complaint(word, files))]
    wrong += [f'{entry}: no test is named' for entry, tests in found.items() if not tests]
    if catalogue.is_file():
        wanted = entries(catalogue.read_text(encoding='utf-8'))
        wrong += [f'{entry} of the catalogue is not in the table' for entry in wanted if entry not in found]
        wrong += [f'{entry} is not in the catalogue' for entry in found if entry not in wanted]
    else:
        print('skipped: the catalogue is not here')
    print(*wrong, f'{len(found)} entries, {sum(map(len, found.values()))} tests, {len(wrong)} wrong', sep='\n')
    return 1 if wrong or not found else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
