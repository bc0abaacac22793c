#!/usr/bin/env python3
"""The Spark job gives each cluster the report that one machine gives it: spark.py EVSCAN

Takes every sample as a cluster of its own, runs packaging/spark/evscan_fleet.py with two workers of one core in separate
processes (local-cluster), one of whose inputs is no log at all, and compares each report with that of evscan alone, byte
by byte.  Run it with a python3 that has pyspark (pip install pyspark; Java 17); skipped with a word where there is none.
"""

import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SKIPPED = 77
MASTER = 'local-cluster[2,1,1024]'
SECONDS = 600


def make_fleet(folder):
    for sample in sorted((ROOT / 'samples').iterdir()):
        logs = [*sample.glob('*.evt'), *sample.glob('*.evtx')] if sample.is_dir() else []
        for log in logs:
            # A folder a node, and names that a URL has to escape.
            place = folder / sample.name / log.stem / f'System log%20{log.suffix}'
            place.parent.mkdir(parents=True)
            shutil.copy(log, place)
    broken = folder / 'broken' / 'NODE1'
    broken.mkdir(parents=True)
    (broken / 'System.evtx').write_bytes(b'no log at all')


def run_spark(evscan, folder):
    import pyspark  # pylint: disable=import-outside-toplevel  # looked for in main
    submit = pathlib.Path(pyspark.__file__).parent / 'bin' / 'spark-submit'
    environment = {**os.environ, 'SPARK_LOCAL_IP': '127.0.0.1', 'PYSPARK_PYTHON': sys.executable}
    return subprocess.run([submit, '--master', MASTER, '--conf', 'spark.ui.enabled=false',
                           ROOT / 'packaging' / 'spark' / 'evscan_fleet.py', '--evscan', evscan, '--depth', '2',
                           '--partitions', '8', f'file://{folder}/fleet', f'file://{folder}/reports'],
                          env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)


def rows_below(folder):
    lines = [line for part in folder.glob('part-*') for line in part.read_text().splitlines()]
    return {row['cluster']: row for row in map(json.loads, lines)}


def difference(evscan, fleet, row):
    """What is wrong with the row of a cluster, or None."""
    alone = subprocess.run([evscan, '--format', 'json', row['cluster']], cwd=fleet, capture_output=True, text=True,
                           check=False)
    if alone.returncode != row['status']:
        return f'status {row["status"]} instead of {alone.returncode}: {row["error"]}'
    return None if alone.stdout == row['report'] else 'another report than on one machine'


def main(arguments):
    if not importlib.util.find_spec('pyspark') or not shutil.which('java'):
        print('skipped: pyspark or java is missing')
        return SKIPPED
    evscan = os.path.abspath(arguments[0])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        make_fleet(folder / 'fleet')
        done = run_spark(evscan, folder)
        rows = rows_below(folder / 'reports')
        clusters = sorted(path.name for path in (folder / 'fleet').iterdir())
        if sorted(rows) != clusters:
            print(f'FAILED: {len(rows)} of {len(clusters)} clusters; {done.stdout}{done.stderr[-3000:]}')
            return 1
        wrong = {name: told for name in clusters if (told := difference(evscan, folder / 'fleet', rows[name]))}
    for name, told in wrong.items():
        print(f'FAILED: {name}: {told}')
    print(f'{len(clusters)} clusters, {len(wrong)} failed')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
