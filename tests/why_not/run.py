#!/usr/bin/python3
"""kb why-not: what is there of an article, what is missing, and whether the logs could have shown it.  run.py EVSCAN

Prints a line a check; exit status 1 when one fails.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from checks import Evscan, check, exit_status  # noqa: E402


class Questions(Evscan):
    def asked(self, *args):
        return json.loads(self.run('kb', 'why-not', '-o', 'json', *args).stdout)


def as_the_report(evscan):
    """Every article that a report names has the same points and confidence, and the same records, when it is asked for."""
    for sample in ('samples/Q218922', 'samples/Q251284', 'samples/cno-password-or-rights'):
        report = json.loads(evscan.run('--format', 'json', sample).stdout)
        for d in report['diagnoses']:
            answer = evscan.asked(d['article'], sample)
            check(f'{sample}: {d["article"]}: points as in the report', (answer['score'], answer['confidence']) ==
                  (d['score'], d['confidence']) and 'so the report names it' in answer['verdict'],
                  (answer['verdict'], d['score'], d['confidence']))
            told = {(h['node'], h['record']) for e in d['evidence']['for'] for h in e['hits']}
            found = {(h['node'], h['record']) for e in answer['evidence'] if e['kind'] != 'against' for h in e['events']}
            check('... and no record that the report does not have', found and found <= told, found - told)


def what_is_missing(evscan):
    answer = evscan.asked('Q251284', 'samples/Q218922')
    check('nothing to start from', answer['node'] is None and answer['times'] == 0 and
          answer['verdict'].startswith('Nothing to start from') and
          {e['state'] for e in answer['evidence']} == {'unknown'}, answer)
    text = ' '.join(evscan.run('kb', 'why-not', 'Q251284', 'samples/Q218922').stdout.split())
    check('... of which nothing is said to be missing', 'missing' not in text and '? unknown (35 points)' in text, text)
    check('... what would be looked for, and the next step', 'looked for: clussvc-1021, clussvc-1022' in text and
          'evscan rules why-not clussvc-1021 samples/Q218922' in text, text)
    answer = evscan.asked('KB218922', 'samples/Q218922/node1.evt')
    gaps = [e['gap'] for e in answer['evidence'] if 'node: other' in e['looked_for']]
    check('a node without a log: that is why', gaps and all('other node' in (gap or '') for gap in gaps), answer)
    answer = evscan.asked('Q171451', 'samples/Q218922')
    against = [e for e in answer['evidence'] if e['kind'] == 'against' and e['state'] == 'found']
    check('what speaks against it is shown with its records', answer['times'] and (not against or against[0]['events']), answer)
    answer = evscan.asked('Q218922', 'samples/near-miss-1058-userenv')
    check('a near miss: what it needs is not there', answer['confidence'] == 'none', answer)


def refusals(evscan):
    for args, status, words in [(['Q21892', 'samples/Q218922'], 64, 'did you mean Q218922?'), (['Q218922'], 64, 'for example'),
                                (['Q218922', 'samples/README.md'], 65, 'neither an .evt'),
                                (['Q218922', 'samples/Q21892'], 66, 'did you mean samples/Q218922?'),
                                (['Q218922', 'samples/Q218922', '--tz', 'Nowhere'], 64, '--tz Nowhere')]:
        done = evscan.run('kb', 'why-not', *args)
        check(f'kb why-not {" ".join(args)}: {words}', done.returncode == status and words in done.stderr, done)
    done = evscan.run('rules', 'explain', 'Q218922')
    check('rules explain ARTICLE: the next step', 'evscan kb why-not Q218922 LOG' in done.stderr, done)


def main(program):
    evscan = Questions(program, text=True)
    as_the_report(evscan)
    what_is_missing(evscan)
    refusals(evscan)
    return exit_status()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
