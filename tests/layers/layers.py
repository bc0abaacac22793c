#!/usr/bin/python3
"""Every #include of analyzer/ points downwards, and each library is met in its own room only.

The table of rooms is the one that builds them: `levels` in analyzer/meson.build.

    layers.py ANALYZER    checks the folder; prints every wrong include; exit status 1 when there is one
"""

import ast
import pathlib
import re
import sys

# Who may know a library.  Everybody else uses what that room offers.
LIBRARY_ROOMS = {
    'archive.h': {'io'},
    'archive_entry.h': {'io'},
    'expat.h': {'libyal'},
    'libbfio.h': {'libyal'},
    'libevt.h': {'libyal'},
    'libevtx.h': {'libyal'},
    'nettle/base64.h': {'io'},
    'nettle/sha2.h': {'io'},
    'pcre2.h': {'rule', 'match', 'search'},
    'sqlite3.h': {'state'},
    'jansson.h': {'cli'},
    'yaml.h': {'yaml'},
    'zlib.h': {'io', 'evtx'},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)
LEVELS = re.compile(r'^levels = (\[.*?^\])', re.MULTILINE | re.DOTALL)


def read_levels(build_file):
    """Room name -> level, the floor being 0.  Meson writes this list as Python would."""
    found = LEVELS.search(build_file.read_text())
    if not found:
        raise SystemExit(f'{build_file}: no table `levels = [ .. ]`')
    table = ast.literal_eval(found.group(1))
    return {room: level for level, rooms in enumerate(table) for room in rooms}


def complaint_own(analyzer, levels, room, target):
    """What is wrong with #include "target" in a file of `room`; None when nothing is."""
    target_room, slash, _ = target.partition('/')
    if not slash:
        return f'"{target}" does not name its room'
    if target_room not in levels:
        return f'"{target}": there is no room {target_room} in the table'
    # What the build makes of a file is called like it: report.css.inc.
    if not (analyzer / target.removesuffix('.inc')).is_file():
        return f'"{target}": there is no such file'
    if target_room != room and levels[target_room] >= levels[room]:
        direction = 'sideways' if levels[target_room] == levels[room] else 'upwards'
        return f'"{target}" points {direction}, from {room} to {target_room}'
    return None


def complaint_library(room, target):
    rooms = LIBRARY_ROOMS.get(target)
    if rooms is None or room in rooms:
        return None
    return f'<{target}> belongs to {" and ".join(sorted(rooms))}'


def check_file(analyzer, levels, path):
    room = path.relative_to(analyzer).parts[0]
    text = path.read_text()
    for include in INCLUDE.finditer(text):
        kind, target = include.groups()
        if kind == '<' or target in LIBRARY_ROOMS:
            reason = complaint_library(room, target)
        else:
            reason = complaint_own(analyzer, levels, room, target)
        if reason:
            line = text.count('\n', 0, include.start(2)) + 1
            yield f'{path}:{line}: {reason}'


def check(analyzer):
    """(complaints, number of files read)"""
    levels = read_levels(analyzer / 'meson.build')
    complaints = []
    files = sorted(p for p in analyzer.rglob('*') if p.suffix in ('.c', '.h', '.def'))
    for path in files:
        room = path.relative_to(analyzer).parts[0]
        if room not in levels:
            complaints.append(f'{path}: {room} is not in the table of rooms')
        else:
            complaints.extend(check_file(analyzer, levels, path))
    return complaints, len(files)


def main():
    complaints, files = check(pathlib.Path(sys.argv[1]))
    print('\n'.join(complaints + [f'{files} files, {len(complaints)} wrong includes']))
    return 1 if complaints or not files else 0


if __name__ == '__main__':
    sys.exit(main())
