#!/usr/bin/python3
"""Every notice is in the manual, with its number, severity and text as notice.def says them.

usage: notices.py SOURCE_ROOT [--update]

--update writes the list in man/evscan.1 anew.
"""
import re
import sys
import textwrap
from pathlib import Path

START = ".\\\" notices: made from analyzer/base/notice.def by tests/man/notices.py --update\n"
END = ".\\\" end of notices\n"
NOTICE = re.compile(r'^NOTICE\((\d+), (\w+), (INFO|WARNING|LOSS),\s*"([^"]*)"\)', re.M)
RANGES = {1: "Files and folders", 2: "EVTX", 3: "EVT", 4: "Rules and matching", 5: "Diagnosis",
          6: "The second reader", 7: "Printing",
          8: "The memory between runs"}


def notices(root):
    source = (root / "analyzer/base/notice.def").read_text(encoding="utf-8")
    found = [(int(number), severity.lower(), text) for number, _, severity, text in NOTICE.findall(source)]
    if len(found) != len(re.findall(r"^NOTICE\(", source, re.M)):
        sys.exit("notice.def has a line that this test cannot read")
    return sorted(found)


def prose(text):
    """The text with words for its holes, as roff: short lines, none of which begins with a dot."""
    for hole, words in (("{e}", "the system's words for the error"), ("{x}", "N"), ("{}", "N"),
                        ("{rule}", "a rule")):
        text = text.replace(hole, words)
    text = text.replace("\\", "\\e")
    text = text[0].upper() + text[1:] + ("" if text.endswith("?") else ".")
    lines = textwrap.wrap(text, 78, break_long_words=False, break_on_hyphens=False)
    return "\n".join("\\&" + line if line[0] in ".'" else line for line in lines)


def section(root):
    lines, hundred = [], 0
    for number, severity, text in notices(root):
        if number // 100 != hundred:
            if hundred:
                lines.append(".El")
            hundred = number // 100
            lines += [f".Ss {RANGES[hundred]}", ".Bl -tag -width Ds -compact"]
        lines += [f".It {number} Pq {severity}", prose(text)]
    return "".join(line + "\n" for line in lines + [".El"])


def main(root, update):
    page = root / "man/evscan.1"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(START)
    listed, after = rest.split(END)
    wanted = section(root)
    if listed == wanted:
        return 0
    if update:
        page.write_text(before + START + wanted + END + after, encoding="utf-8")
        return 0
    missing = sorted(set(wanted.splitlines()) - set(listed.splitlines()))
    print("man/evscan.1 does not say what notice.def says; run", sys.argv[0], root, "--update")
    print("missing or different:", *missing, sep="\n  ")
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--update" in sys.argv[2:]))
