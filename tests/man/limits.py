#!/usr/bin/python3
"""Every limit of rules and of articles is in their manual, with the value that base/limits.h gives it.

usage: limits.py SOURCE_ROOT [--update]

--update writes the lists in man/evscan-rules.5 and man/evscan-articles.5 anew.  A limit is one of rules when a room that
reads rules, matches them or correlates names it; one of articles when kb/ does.
"""
import re
import sys
import textwrap
from pathlib import Path

START = ".\\\" limits: made from analyzer/base/limits.h by tests/man/limits.py --update\n"
END = ".\\\" end of limits\n"

# Heading, what follows it, and the limits below it.
OF_RULES = [
    ("Files", "What goes beyond is a mistake, and what it stands in is left out.", {
        "YAML_BYTES": "bytes of a file",
        "YAML_NODES": "values, lists and maps of a file",
        "YAML_DEPTH": "lists and maps inside of each other",
        "DIAGS_PER_FILE": "mistakes of a file that are shown, and as many warnings; the others are counted",
        "DIAGS": "mistakes and warnings of all files that are shown",
        "DIAG_LINE": "bytes of the line of a mistake that are looked at",
        "DIAG_TEXT": "bytes of what is said of a mistake; a longer text is cut in the middle",
        "SITE_SOURCES": "log sources in .pipeline.yaml files",
    }),
    ("Rules", "Where all rules are named, it is those that are loaded together.", {
        "RULES_BYTES": "memory of all compiled rules",
        "RULE_WORK": "values of all rules that templates (action) make",
        "SELECTIONS": "selections of a rule",
        "CONDITION_TERMS": "selections that the conditions of a rule name, each as often as it is named",
        "CONDITION_DEPTH": "parentheses inside of each other",
        "CONDITION_WORK": "selections that the patterns in all conditions are held against",
        "RULE_FIELDS": "different fields of a rule",
        "MODIFIERS": "modifiers of a field",
        "EXPANSION": "texts that one value stands for, by its placeholders, or by its dashes below windash and base64",
        "EXPANSION_BYTES": "bytes of these texts of all rules",
        "PATTERN_RUN": "characters between two stars of a value with ? or windash",
        "FILTERS": "filters",
        "FILTER_WORK": "values of a filter times the rules that it is for, of all filters; those behind are left out",
    }),
    ("Regular expressions", "Equal ones of several rules are one.", {
        "REGEXES": "expressions of all rules",
        "REGEX_PATTERN": "bytes of an expression",
        "REGEX_BYTES": "compiled code of all",
        "REGEX_MATCH": "steps of one match (notice 401)",
        "REGEX_DEPTH": "places to go back to in one match (notice 401)",
        "REGEX_HEAP_KIB": "KiB of memory of one match (notice 401)",
        "REGEX_STACK": "stack of one match (notice 401)",
        "REGEX_SUBJECT": "bytes of a value that an expression looks at (notice 401)",
        "REGEX_TRIALS": "steps in which rules check looks for expressions that give up, of all together",
    }),
    ("Correlations", None, {
        "CORRELATIONS": "correlations",
        "CORRELATION_RULES": "rules of a correlation",
        "CORRELATION_FIELDS": "fields of group-by, and of the condition",
        "CORRELATION_DEPTH": "correlations that stand on each other",
        "READ_FIELDS": "fields that correlations read of one rule (notice 505)",
        "CORRELATION_MATCHES": "matches that one is worked out over (notice 510)",
        "CORRELATION_BYTES": "memory of one (notice 510)",
        "CORRELATION_WORK": "steps that --clock-tolerance may cost one",
        "ALERTS": "alerts of one (notice 511)",
        "ALERT_BYTES": "memory of the alerts of all (notice 511)",
    }),
    ("Speed", "What goes beyond takes longer, or is not looked at by rules check; no match is lost.\n"
     "Values with ? in which no three bytes stand together are tried one by one:\n"
     "100,000 of them take seconds in a large log.", {
        "RULE_IDS": "event IDs under which a rule is found; with more it is looked at for every event",
        "SHORT_TEXTS": "values of two or three bytes that are searched for together",
        "GATE_WORK": "steps in search of texts without which a rule cannot match",
        "SUSPECT_WORK": "tests of one rule that rules check compares to find demands that exclude each other",
        "SUSPECT_WORK_ALL": "the same, of all rules",
    }),
]

OF_ARTICLES = [
    (None, "Those of files, of\n.Xr evscan-rules 5 ,\nhold for articles as well.", {
        "ROLES": "roles of an article",
        "CAST": "nodes that play a role in one case, and anchors of it whose values are compared",
        "EVIDENCE_HITS": "records that are listed for a piece of evidence",
        "OUTAGES": "things that a diagnosis says were out of service",
        "STORY_STEPS": "steps of the story of an incident",
        "DIAGNOSES": "diagnoses of an article; the weakest are left out (notice 503)",
        "CAUSES": "diagnoses that can explain others: the best",
        "EXPLAINED": "events that all diagnoses explain (notice 504)",
        "EVIDENCE_WORK": "questions of all articles, and events that are looked at for them; what is asked afterwards is "
                         "not found (notice 504)",
    }),
]

# Page, the rooms whose limits it lists, these, and limits that they name and nobody can reach by what he writes: they
# bound work on logs, are begun anew, or are told elsewhere.
PAGES = [
    ("evscan-rules.5", ("yaml", "rule", "match", "corr"), OF_RULES,
     {"CLOCK_STRETCHES", "CLOCK_RUNS", "COVERAGE", "FIELD_WORK", "SCREEN_KEYS", "SCREEN_BYTES"}),
    ("evscan-articles.5", ("kb",), OF_ARTICLES, {"EVENT_FIELDS", "HITS_PER_RULE"}),
]

DEFINE = re.compile(r"^#define LIMIT_(\w+)\s+(.*)$", re.M)


def limits(root, names):
    """Name to value."""
    source = (root / "analyzer/base/limits.h").read_text(encoding="utf-8")
    found = {}
    for name, value in DEFINE.findall(source):
        if name in names:
            if not re.fullmatch(r"\(?\d+u?(?: ?<< ?\d+)?\)?", value):
                sys.exit(f"LIMIT_{name}: {value} is more than this test can read")
            found[name] = eval(value.replace("u", ""))  # pylint: disable=eval-used
    return found


def listed(groups):
    return [name for _, _, entries in groups for name in entries]


def named(root, rooms):
    """The limits that the rooms name."""
    files = (p for room in rooms for p in sorted((root / "analyzer" / room).glob("*.[ch]")))
    return {name for p in files for name in re.findall(r"\bLIMIT_([A-Z0-9_]+)", p.read_text(encoding="utf-8"))}


def shown(name, value):
    if value % (1 << 20) == 0:
        return f"{value >> 20:,} MiB"
    return f"{value >> 10:,} KiB" if name != "CONDITION_TERMS" and value >= 65536 and value % 1024 == 0 and \
        name.endswith(("BYTES", "SUBJECT", "PATTERN")) else f"{value:,}"


def section(root, groups):
    values, lines = limits(root, listed(groups)), []
    for heading, about, entries in groups:
        lines += ([f".Ss {heading}"] if heading else []) + ([about] if about else [])
        lines.append(".Bl -tag -width 200,000,000 -compact")
        for name, words in entries.items():
            lines.append(f".It {shown(name, values[name])}")
            lines += ["\\&" + line if line[0] in ".'" else line for line in textwrap.wrap(words, 78)]
        lines.append(".El")
    return "".join(line + "\n" for line in lines)


def page_check(root, update, name, rooms, groups, others):
    """What is wrong."""
    known, used = set(listed(groups)) | others, named(root, rooms)
    wrong = [f"LIMIT_{limit} is in no list of {name} in tests/man/limits.py" for limit in sorted(used - known)]
    wrong += [f"LIMIT_{limit} is no limit of {name}" for limit in sorted(known - used)]
    page = root / "man" / name
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(START)
    there, after = rest.split(END)
    wanted = section(root, groups) if not wrong else there
    if update:
        page.write_text(before + START + wanted + END + after, encoding="utf-8")
    elif there != wanted:
        wrong.append(f"man/{name} does not list the limits as they are; run tests/man/limits.py --update")
    return wrong


def main(root, update):
    wrong = [said for page in PAGES for said in page_check(root, update, *page)]
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--update" in sys.argv[2:]))
