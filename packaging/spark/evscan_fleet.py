#!/usr/bin/env python3
"""Diagnoses the clusters of a fleet with Apache Spark: spark-submit evscan_fleet.py [OPTIONS] EXPORTS REPORTS

EXPORTS is a folder that Spark can read, with the logs of each cluster in a folder of its own: EXPORTS/CLUSTER/../NAME.evtx.
The executors read the files, and evscan, which is installed on them, turns each batch into a partial result; the
partials of a cluster, a few KiB a log, are then brought together and diagnosed.  REPORTS gets one JSON line a cluster:

    cluster   its folder's name
    status    the exit status of evscan: 0 nothing found, 1 findings, 2 incomplete, 3 both,
              65 no log among the files; others: it failed
    report    what `evscan --format json CLUSTER` prints in EXPORTS on one machine, byte by byte
    error     what evscan wrote to standard error

A cluster that fails costs that cluster: its line says why, the others are diagnosed, and the exit status is 2.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

REPORTED = [0, 1, 2, 3, 65]
ONE_BATCH = 256 << 20  # bytes of logs that lie on an executor's disk at once


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('exports')
    parser.add_argument('reports')
    parser.add_argument('--evscan', default='evscan', help='the program on the executors')
    parser.add_argument('--option', action='append', default=[], metavar='OPTION',
                        help='an option for the diagnosis, such as --option=--tz=Europe/Berlin')
    parser.add_argument('--pattern', default='*', help='which files below a cluster (*)')
    parser.add_argument('--depth', type=int, default=1, help='folders between a cluster and its logs (1)')
    parser.add_argument('--partitions', type=int, default=64, help='at least so many tasks read (64)')
    return parser.parse_args()


def path_in(url):
    """The path of a URL as Hadoop writes it, which escapes nothing."""
    return re.sub(r'^[A-Za-z][A-Za-z0-9+.-]*:(//[^/]*)?', '', url)


def place_of(url, root):
    """The path of a log below EXPORTS, as (cluster, rest)."""
    path = path_in(url)
    return tuple(path[path.index(root) + len(root):].strip('/').split('/', 1))


def evscan_in(folder, *command):
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode(errors='replace')


class Batch:
    """Logs of one cluster on this executor's disk, named as below EXPORTS: reports name them so."""

    def __init__(self, cluster):
        self.cluster, self.bytes = cluster, 0
        self.folder = tempfile.TemporaryDirectory(prefix='evscan-')

    def add(self, rest, content):
        path = pathlib.Path(self.folder.name, 'logs', self.cluster, rest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.bytes += len(content)

    def scanned(self, evscan):
        """(cluster, (partial or None, error)); the logs are gone afterwards."""
        with self.folder as folder:
            partial = pathlib.Path(folder, 'partial')
            status, _, error = evscan_in(pathlib.Path(folder, 'logs'), evscan, 'scan', '--partial', partial, self.cluster)
            if partial.exists():  # whole or absent; it says what could not be read
                return self.cluster, (partial.read_bytes(), '')
            return self.cluster, (None, f'evscan scan ended with status {status}: {error}')


def scan_files(files, root, evscan):
    """The partials of the files of one task, a batch at a time."""
    batch = None
    for url, content in files:
        cluster, rest = place_of(url, root)
        if batch and (batch.cluster != cluster or batch.bytes >= ONE_BATCH):
            yield batch.scanned(evscan)
            batch = None
        batch = batch or Batch(cluster)
        batch.add(rest, content)
    if batch:
        yield batch.scanned(evscan)


def diagnose_cluster(cluster, results, evscan, options):
    """The row of a cluster from the (partial, error) of its batches."""
    errors = sorted(error for partial, error in results if partial is None)
    if errors:
        return cluster, 70, '', '\n'.join(errors)
    with tempfile.TemporaryDirectory(prefix='evscan-') as folder:
        names = []
        for number, partial in enumerate(sorted(partial for partial, _ in results)):
            names.append(f'partial-{number}')
            pathlib.Path(folder, names[-1]).write_bytes(partial)
        status, report, error = evscan_in(folder, evscan, 'merge', '--format', 'json', *options, *names)
    return cluster, status, report.decode(), error


def main():
    arguments = parse_arguments()
    from pyspark.sql import SparkSession  # pylint: disable=import-outside-toplevel  # --help works without it
    session = SparkSession.builder.appName('evscan').getOrCreate()
    evscan, options = arguments.evscan, arguments.option
    root = path_in(arguments.exports).rstrip('/')
    files = session.sparkContext.binaryFiles(arguments.exports.rstrip('/') + '/*' * arguments.depth + '/'
                                             + arguments.pattern, arguments.partitions)
    rows = (files.mapPartitions(lambda part: scan_files(part, root, evscan))
            .groupByKey()
            .map(lambda pair: diagnose_cluster(pair[0], list(pair[1]), evscan, options)))
    table = rows.toDF(['cluster', 'status', 'report', 'error']).cache()
    table.write.json(arguments.reports, mode='errorifexists')
    failed = table.where(~table.status.isin(*REPORTED)).count()
    print(f'{table.count()} clusters, {failed} failed')
    session.stop()
    return 2 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
