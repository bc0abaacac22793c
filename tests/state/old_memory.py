#!/usr/bin/env python3
"""Memories that evscans of earlier schemas really wrote: known again, brought up, and nothing told twice.

old_memory.py EVSCAN [FOLDER]         each FOLDER/schema-N.db is taken for the memory of an evscan that is updated tonight
old_memory.py --make EVSCAN FILE      two nights with an older evscan; its memory is the file

The files in tests/state/old were made with the last evscan of each schema (schema 1 was in no commit).
"""

import glob
import os
import shutil
import sys
import tempfile

from cluster import HERE, SCHEMA, Node, Site, database

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import check, exit_status  # noqa: E402

RULES = ('--rules', os.path.join(HERE, 'rule.yaml'))


def disk(node, moment):
    node.log(moment, 'Disk', 7, 'error', ('\\Device\\Harddisk0',))


class Story:
    """Trouble on one of three nodes, a night, and a night without anything new; one name has a backslash."""

    def __init__(self, program, folder):
        self.site = Site(program, folder, *RULES)
        self.nodes = [Node('NODE1'), Node('NODE2', 'evtx'), Node('DOM\\NODE3', 'evtx')]
        for i, node in enumerate(self.nodes):
            for k in range(50):
                node.log(self.site.at(hours=-9, minutes=k))
            if i != 1:
                disk(node, self.site.at(hours=-1))
        self.export()

    def export(self):
        for i, node in enumerate(self.nodes):
            self.site.export(node, f'{i}.{node.form}')

    def first_nights(self):
        self.told = self.site.night()
        self.site.pass_time(days=1)
        for node in self.nodes:
            node.log(self.site.at(hours=-2))
        self.export()
        return self.site.night() if os.path.isdir(self.site.state) else None


def make(program, path):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(program, folder)
        second = story.first_nights()
        if len(story.told.news) != 2 or second.out + second.err:
            sys.exit(f'not as it should be: {story.told} {second}')
        shutil.copy(os.path.join(story.site.state, 'evscan.db'), path)


def brought_up(program, path):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(program, folder)
        site = story.site
        site.pass_time(days=1)
        for node in story.nodes:
            node.log(site.at(hours=-2))
        os.mkdir(site.state)
        shutil.copy(path, os.path.join(site.state, 'evscan.db'))
        with database(site.state) as db:
            schema = db.execute('PRAGMA user_version').fetchone()[0]
            known = sorted(name for name, in db.execute('SELECT id FROM trouble'))
        what = os.path.basename(path)
        check(f'{what}: of an earlier schema', 0 < schema < SCHEMA and str(schema) in what and len(known) == 2, known)
        site.pass_time(hours=6)
        story.export()
        night = site.night()
        check(f'{what}: brought up, silence', not night.news and 'set aside' not in night.err and night.status in (0, 2),
              night)
        with database(site.state) as db:
            check('... to the schema of today', db.execute('PRAGMA user_version').fetchone() == (SCHEMA,))
            records = db.execute('SELECT records FROM run ORDER BY number DESC').fetchone()
            check('... and no record counts as new', records == (0,), records)
        check('the memory is sound', site.tool('check').returncode == 0)
        site.pass_time(days=3)
        for node in (story.nodes[0], story.nodes[2]):
            disk(node, site.at(hours=-1))
        story.export()
        night = site.night()
        check('what it knew happens again, under the same names', sorted(night.news) == [('again', n) for n in known], night)
        check('... and then silence', not site.night().out)


def main():
    if sys.argv[1] == '--make':
        make(os.path.abspath(sys.argv[2]), sys.argv[3])
        return
    files = sorted(glob.glob(os.path.join(sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, 'old'), 'schema-*.db')))
    check('there are some', len(files) == SCHEMA - 2, files)
    for path in files:
        brought_up(os.path.abspath(sys.argv[1]), path)
    sys.exit(exit_status())


if __name__ == '__main__':
    main()
