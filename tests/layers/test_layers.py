#!/usr/bin/python3
"""The layers test can fail: each wrong include of a small house made for it is found, and nothing else is."""

import pathlib
import tempfile
import unittest

import layers

TABLE = """# a table as in analyzer/meson.build
levels = [
  ['base'],   # the floor
  ['io', 'yaml'],
  ['evtx'],
]
rooms = []
"""

SOUND = {
    'base/a.h': '#include <stdint.h>\n',
    'base/a.c': '#include "base/a.h"\n',
    'io/b.h': '#include "base/a.h"\n#include <zlib.h>\n',
    'yaml/y.c': '#include <yaml.h>\n',
    'evtx/c.c': '#include "io/b.h"\n  #  include "base/a.h"\n',
}

# what is added to the sound house -> what must be said about it
WRONG = [
    ('base/w.c', '#include "io/b.h"\n', 'w.c:1: "io/b.h" points upwards, from base to io'),
    ('io/w.c', '\n#include "yaml/y.h"\n', 'w.c:2: "yaml/y.h" points sideways, from io to yaml'),
    ('io/w.h', '#ifdef X\n# include "evtx/d.h"\n#endif\n', 'w.h:2: "evtx/d.h" points upwards'),
    ('evtx/w.c', '#include "c.h"\n', '"c.h" does not name its room'),
    ('evtx/w.c', '#include "attic/c.h"\n', 'there is no room attic'),
    ('evtx/w.c', '#include "base/gone.h"\n', 'there is no such file'),
    ('evtx/w.c', '#include <yaml.h>\n', '<yaml.h> belongs to yaml'),
    ('evtx/w.c', '#include "yaml.h"\n', '<yaml.h> belongs to yaml'),
    ('yaml/w.c', '#include <zlib.h>\n', '<zlib.h> belongs to evtx and io'),
    ('yaml/w.c', '#include <pcre2.h>\n', '<pcre2.h> belongs to match and rule'),
    ('io/w.c', '#include <sqlite3.h>\n', '<sqlite3.h> belongs to state'),
    ('attic/w.c', '', 'attic is not in the table of rooms'),
]


class Layers(unittest.TestCase):
    def house(self, files):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = pathlib.Path(folder.name)
        root.joinpath('meson.build').write_text(TABLE)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return root

    def test_sound_house(self):
        self.assertEqual(layers.check(self.house(SOUND)), ([], len(SOUND)))

    def test_wrong_includes(self):
        targets = {'yaml/y.h': '', 'evtx/d.h': ''}
        for name, text, reason in WRONG:
            with self.subTest(name=name, text=text):
                complaints, _ = layers.check(self.house({**SOUND, **targets, name: text}))
                self.assertEqual(len(complaints), 1, complaints)
                self.assertIn(reason, complaints[0])

    def test_table_is_needed(self):
        root = self.house(SOUND)
        root.joinpath('meson.build').write_text('rooms = []\n')
        with self.assertRaises(SystemExit):
            layers.check(root)


if __name__ == '__main__':
    unittest.main()
