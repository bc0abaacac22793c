#!/usr/bin/env python3
"""run.py EVSCAN [CASE..]: evscan finds the article behind the logs of every case, and does not fall for near misses.

A case is tests/knowledge/cases/NAME.yaml, a description as in samples/ (rules/README.md, "Samples") whose logs are made
for the test and thrown away.  Its keys, beside `about` and `logs`:

first       the article that stands first, or `nothing`: there is no diagnosis at all
confidence  of the first one: possible, likely, confirmed
also        articles that are diagnosed too, in any place
below       articles that follow from the first one or are beaten by it, or by what explains events as no trouble
not         articles that are not diagnosed and explain nothing as no trouble
noise       articles that explain events as no trouble
seen        texts of evidence for the first one, or for what explains events as no trouble: all of these were found
story       steps of the first one's story, in that order, others may stand between: NODE1: what happened
down        what was out of service in the first one, and for how long (6m, 1h30m, 40s; open: no end seen): all of it
trouble     nodes that the first one names as those in trouble: all of them, in their order
explained   rules whose findings are all explained by a diagnosis or as no trouble
beside      rules of the findings that are neither explained nor evidence of a diagnosis: all of them
unseen      nodes that are named and whose logs are missing: all of them
says        sentences of the report, without regard to where its lines break

With --explain the points of every diagnosis have to add up (arithmetic.py).  With sanitizers every fourth case is run.

Prints a line for every case that fails and a sum; exit status 1 when one fails.
"""

import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', 'writer'), os.path.join(ROOT, 'tests')]

from arithmetic import mistakes_of, sums_of                 # pylint: disable=wrong-import-position
from checks import part_of                                  # pylint: disable=wrong-import-position
from description import DescriptionError, read_description  # pylint: disable=wrong-import-position
from make_logs import make_log                              # pylint: disable=wrong-import-position

CASES = os.path.join(ROOT, 'tests', 'knowledge', 'cases')
NEEDED = {'about', 'first', 'logs'}
KEYS = NEEDED | {'confidence', 'also', 'below', 'not', 'noise', 'seen', 'story', 'down', 'explained', 'beside',
                 'unseen', 'says', 'trouble', 'fixed', 'closed', 'times'}
CONFIDENCES = {'possible', 'likely', 'confirmed'}
NOTHING_FOUND, FOUND = 0, 1
SECONDS = 60
NOTHING = {'story': [], 'outages': [], 'fixed': [], 'occurrences': 0}


class Failure(Exception):
    """What is wrong, in a line."""


def load_case(path):
    """The case as its YAML has it, with its keys checked."""
    with open(path, encoding='utf-8') as file:
        case = yaml.load(file, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
    if not isinstance(case, dict) or NEEDED - case.keys() or case.keys() - KEYS:
        raise Failure(f'a case has the keys {", ".join(sorted(KEYS))}, of which {", ".join(sorted(NEEDED))} are needed')
    if case.get('confidence', 'possible') not in CONFIDENCES:
        raise Failure(f'confidence: {case["confidence"]!r} is none of {", ".join(sorted(CONFIDENCES))}')
    return case


def write_logs(case, folder):
    for log in read_description({'logs': case['logs']}):
        with open(os.path.join(folder, log.file), 'wb') as file:
            file.write(make_log(log).data)


def diagnose(evscan, folder, *options):
    """What evscan reports of the logs in `folder`."""
    done = subprocess.run([evscan, '--format', 'json', *options, folder], capture_output=True, timeout=SECONDS, check=False)
    if done.returncode not in (NOTHING_FOUND, FOUND):
        raise Failure(f'exit status {done.returncode}: {done.stderr.decode(errors="replace").strip()[:400]}')
    return json.loads(done.stdout)


def judge(case, report):
    """Raises `Failure` unless the report is what the case asks for."""
    diagnoses = report['diagnoses']
    found = [diagnosis['article'] for diagnosis in diagnoses]
    noise = [one['article'] for one in report['noise']]
    ranked = ', '.join(f'{d["article"]} {d["score"]} ({d["confidence"]})' for d in diagnoses) or 'nothing'
    first = found[0] if found else 'nothing'
    if first != case['first']:
        raise Failure(f'first is not {case["first"]}: {ranked}')
    if 'confidence' in case and diagnoses[0]['confidence'] != case['confidence']:
        raise Failure(f'the first one is not {case["confidence"]}: {ranked}')
    for article in case.get('also', []):
        if article not in found:
            raise Failure(f'{article} is missing: {ranked}')
    below = [one['article'] for root in diagnoses[:1] + report['noise']
             for one in root['consequences'] + root['beaten']]
    for article in case.get('below', []):
        if article not in below:
            raise Failure(f'{article} is not below the first one: {ranked}')
    for article in case.get('not', []):
        if article in found or article in noise:
            raise Failure(f'{article} is there: {ranked}')
    for article in case.get('noise', []):
        if article not in noise:
            raise Failure(f'{article} explains nothing: {ranked}')
    seen = {item['text'] for root in diagnoses[:1] + report['noise'] for item in root['evidence']['for']}
    for text in case.get('seen', []):
        if text not in seen:
            raise Failure(f'nothing is seen of "{text}": {sorted(seen)}')


def span(seconds):
    """354 as 5m54s."""
    if seconds is None:
        return 'open'
    parts = [(seconds // 86400, 'd'), (seconds // 3600 % 24, 'h'), (seconds // 60 % 60, 'm'), (seconds % 60, 's')]
    return ''.join(f'{n}{unit}' for n, unit in parts if n) or '0s'


def judge_story(case, first):
    steps = [f'{step["node"].split(".")[0]}: {step["text"]}' for step in first['story']]
    at = 0
    for wanted in case.get('story', []):
        if wanted not in steps[at:]:
            raise Failure(f'the story lacks "{wanted}" behind step {at}: {steps}')
        at += steps[at:].index(wanted) + 1
    down = {outage['what'].split('.')[0]: span(outage['seconds']) for outage in first['outages']}
    if 'down' in case and down != case['down']:
        raise Failure(f'out of service: {down}')


def judge_trouble(case, first):
    troubled = [name.split('.')[0] for name in first.get('troubled', [])]
    if 'trouble' in case and troubled != case['trouble']:
        raise Failure(f'in trouble: {troubled}')


def judge_afterwards(case, report, first):
    fixed = [item['text'] for item in first['fixed']]
    if 'fixed' in case and fixed != case['fixed']:
        raise Failure(f'fixed by: {fixed}')
    closed = [one['article'] for one in report['closed']]
    if 'closed' in case and closed != case['closed']:
        raise Failure(f'closed: {closed}')
    if 'times' in case and first['occurrences'] != case['times']:
        raise Failure(f'it happened {first["occurrences"]} times')


def sort_findings(report):
    """Rules with findings that are explained, with others, and with such that no diagnosis has as evidence either."""
    evidence = {(hit['input'], hit['record']) for d in report['diagnoses'] for item in d['evidence']['for']
                for hit in item['hits']}
    explained, own, beside = set(), set(), set()
    for finding in report['findings']:
        (explained if finding['explained_by'] else own).add(finding['name'])
        if not finding['explained_by'] and (finding['input'], finding['record']) not in evidence:
            beside.add(finding['name'])
    return explained, own, beside


def judge_findings(case, report):
    explained, own, beside = sort_findings(report)
    if 'beside' in case and beside != set(case['beside']):
        raise Failure(f'beside the diagnoses: {sorted(beside)}')
    for rule in case.get('explained', []):
        if rule in own or rule not in explained:
            raise Failure(f'{rule} is {"not all explained" if rule in own else "not found"}: {sorted(explained)}')
    unseen = sorted(node['name'] for node in report['unseen'])
    if 'unseen' in case and unseen != sorted(case['unseen']):
        raise Failure(f'nodes without a log: {unseen}')


def judge_sums(report, text):
    sums = list(sums_of(text))
    if len(sums) < len(report['diagnoses']):
        raise Failure(f'{len(sums)} sums are explained, of {len(report["diagnoses"])} diagnoses')
    for mistake in (mistake for block in sums for mistake in mistakes_of(block)):
        raise Failure(f'the points do not add up: {mistake}')


def judge_words(case, evscan, folder):
    if 'says' not in case:
        return
    done = subprocess.run([evscan, folder], capture_output=True, timeout=SECONDS, check=False)
    words = ' '.join(done.stdout.decode().split())
    for sentence in case['says']:
        if ' '.join(sentence.split()) not in words:
            raise Failure(f'the report does not say "{sentence}"')


def complaint_about(evscan, path):
    """What is wrong with the case at `path`, or None."""
    try:
        case = load_case(path)
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as apart:
            write_logs(case, folder)
            explained = os.path.join(apart, 'explained')
            report = diagnose(evscan, folder, '--explain', '--width', '200', '--output', f'text:{explained}')
            with open(explained, encoding='utf-8') as text:
                judge_sums(report, text.read())
            judge(case, report)
            first = report['diagnoses'][0] if report['diagnoses'] else NOTHING
            judge_story(case, first)
            judge_trouble(case, first)
            judge_afterwards(case, report, first)
            judge_findings(case, report)
            judge_words(case, evscan, folder)
    except (Failure, DescriptionError, yaml.YAMLError, json.JSONDecodeError, subprocess.TimeoutExpired) as failure:
        return str(failure)
    return None


def main(arguments):
    if len(arguments) < 2:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 64
    evscan = os.path.abspath(arguments[1])
    paths = ([os.path.join(CASES, name + '.yaml') for name in arguments[2:]]
             or part_of(sorted(glob.glob(os.path.join(CASES, '*.yaml'))), evscan, 4))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, complaint in zip(paths, pool.map(lambda path: complaint_about(evscan, path), paths)):
            if complaint:
                failed += 1
                print(f'FAILED: {os.path.basename(path)[:-5]}: {complaint}')
    print(f'{len(paths)} cases, {failed} failed')
    return 1 if failed or not paths else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
