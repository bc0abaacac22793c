#!/usr/bin/python3
"""The last line of ./check says what happened, and no way of failing looks like success."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import sum_runs


class Sum(unittest.TestCase):
    def run_sums(self, *runs):
        """(exit status, lines) for runs given as lists of results; None is a run without a log."""
        with tempfile.TemporaryDirectory() as folder:
            arguments = []
            for number, results in enumerate(runs):
                path = pathlib.Path(folder, f'{number}.json')
                arguments.append(f'run{number}={path}')
                if results is not None:
                    path.write_text(''.join(json.dumps({'name': 't', 'result': r}) + '\n' for r in results))
            with contextlib.redirect_stdout(io.StringIO()) as out:
                status = sum_runs.main(arguments)
        return status, out.getvalue().splitlines()

    def last(self, *runs):
        status, lines = self.run_sums(*runs)
        return status, lines[-1]

    def test_runs_are_summed(self):
        self.assertEqual(self.last(['OK', 'OK'], ['OK']), (0, '3 passed, 0 failed'))
        self.assertEqual(self.last(['OK', 'SKIP'], ['OK']), (0, '2 passed, 0 failed, 1 skipped'))
        self.assertEqual(self.last(['EXPECTEDFAIL']), (0, '1 passed, 0 failed'))

    def test_every_bad_result_counts(self):
        for bad in ('FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT', 'UNEXPECTEDPASS'):
            self.assertEqual(self.last(['OK', bad]), (1, '1 passed, 1 failed'), bad)

    def test_a_run_without_tests_failed(self):
        self.assertEqual(self.last(['OK'], None), (1, '1 passed, 1 failed'))
        self.assertEqual(self.last(['OK'], []), (1, '1 passed, 1 failed'))
        self.assertEqual(self.last(['OK'], ['SKIP']), (1, '1 passed, 1 failed, 1 skipped'))
        self.assertEqual(self.last(), (1, '0 passed, 0 failed'))

    def test_failures_are_named(self):
        _, lines = self.run_sums(['OK', 'TIMEOUT'])
        self.assertIn('    TIMEOUT t', lines)


if __name__ == '__main__':
    unittest.main()
