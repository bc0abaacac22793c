#!/usr/bin/python3
"""How long the start of evscan takes with as many articles and rules as there will be.

    knowledge.py EVSCAN [RUNS]     made of the shipped ones, renamed: 240 articles, 900 rules; least of RUNS (25)
"""

import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time
import uuid

RULES = pathlib.Path(__file__).resolve().parents[2] / 'rules'


def renamed(text, key, suffix):
    text = re.sub(rf'(?m)^{key}: (.*)$', lambda m: f'{key}: {m[1]}{suffix}', text)
    return re.sub(r'(?m)^id: .*$', lambda m: f'id: {uuid.uuid4()}', text)


def copies(folder, kind, key, wanted):
    (folder / kind).mkdir()
    count, turn = 0, 0
    while count < wanted:
        for path in sorted((RULES / kind).glob('*.yaml')):
            if path.name.endswith('.test.yaml') or count >= wanted:
                continue
            text = path.read_text()
            (folder / kind / f'{path.stem}-{turn}.yaml').write_text(renamed(text, key, f'-r{turn}' if turn else ''))
            count += len(re.findall(rf'(?m)^{key}:', text))
        turn += 1
    return count


def processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(command, cache, runs):
    best = [float('inf')] * 2
    for _ in range(runs):
        before, began = processor(), time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env={**os.environ, 'EVSCAN_CACHE': cache})
        best = [min(best[0], time.perf_counter() - began), min(best[1], processor() - before)]
    return 'wall {:.1f} ms, processor {:.1f} ms'.format(*(1000 * b for b in best))


def main():
    evscan, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 25
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / 'rules').mkdir()
        rules = copies(folder / 'rules', 'events', 'name', 900)
        articles = copies(folder / 'rules', 'articles', 'article', 240)
        print(f'{articles} articles, {rules} rules')
        command = [evscan, 'rules', 'list', '--rules', str(folder / 'rules')]
        print('without cache:', measure(command, '', runs))
        print('with it:      ', measure(command, str(folder / 'cache'), runs))
        print('the program alone:', measure([evscan, '--version'], '', runs))


if __name__ == '__main__':
    main()
