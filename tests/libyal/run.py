#!/usr/bin/python3
"""evscan's readers and libyal agree on every record of the samples and of the shared corpus, but for known differences.

    run.py EVSCAN SAMPLES SHARED

What only one of them has is a difference as well: a second reader that gave up everything would agree with anything.
"""

import pathlib
import re
import subprocess
import sys
from collections import Counter

# What the readers do not agree on, file by file: the beginning of the name, records by verdict (and by where evscan met
# them), and why evscan is right.  Everything else fails, and so does a line that no longer holds.
LACKS, DAMAGED, MALFORMED = 'libyal does not have it', 'damaged, read in part', "libyal's XML is not well-formed"
NO_TEMPLATE = 'libevtx ends at the first record without a template: it reads an identifier there that such elements do not have'
PIECES = 'libevtx ends at the first attribute whose value stands in several pieces'
TORN = 'libevtx ends a chunk at its first damaged record; evscan goes on at the next whole one'
ZEROS = 'the tail of the record was never written: it ends in zeros, and no reader has all of it'
CONTROL = 'control characters in a value: libevtx writes them as they are, which no XML may have'
HIDDEN = 'the record was unlinked by enlarging the one before it: libevtx reads over it'
KNOWN = {
    'evtx': [
        ('hayabusa-sample-evtx__ID1116-1117-Defender_threat', {LACKS: 6}, NO_TEMPLATE),
        ('hayabusa-sample-evtx__ID1149-RDP_success_logins', {LACKS: 11}, NO_TEMPLATE),
        ('hayabusa-sample-evtx__ID1151-Defender_health', {LACKS: 455}, NO_TEMPLATE),
        ('hayabusa-sample-evtx__ID2003-4950-Firewall', {LACKS: 6}, NO_TEMPLATE),
        ('hayabusa-sample-evtx__ID800-4103-4104-Print_spooler', {LACKS: 10}, NO_TEMPLATE),
        ('hayabusa-sample-evtx__ID800-4103-4104-WMI', {LACKS: 10}, NO_TEMPLATE),
        ('omerbenamram-evtx__issue_201', {LACKS: 1}, NO_TEMPLATE),
        ('omerbenamram-evtx__E_ShadowCopy6', {LACKS: 23}, PIECES),
        ('omerbenamram-evtx__E_Windows', {LACKS: 3}, PIECES),
        ('omerbenamram-evtx__2-vss_0-Microsoft-Windows-RemoteDesktopServices', {DAMAGED: 2}, TORN),
        ('omerbenamram-evtx__2-vss_0-Microsoft-Windows-TerminalServices', {LACKS + ' (resync)': 21, DAMAGED: 1}, TORN),
        ('omerbenamram-evtx__sample-with-zero-data-size', {LACKS + ' (resync)': 114, DAMAGED: 1}, TORN),
        ('omerbenamram-evtx__sample_with_a_bad_chunk_magic',
         {LACKS + ' (orphan)': 82, LACKS + ' (resync)': 31, DAMAGED: 3, DAMAGED + ' (orphan)': 1},
         TORN + '; and it does not look for records of chunks that lost their header'),
        ('plaso__System2', {LACKS: 89, DAMAGED: 1}, 'the file ends inside of its last chunk, which libevtx does not read'),
        ('omerbenamram-evtx__Microsoft-Windows-HelloForBusiness', {DAMAGED: 1}, ZEROS),
        ('omerbenamram-evtx__Microsoft-Windows-LanguagePackSetup', {DAMAGED: 1}, ZEROS),
        ('omerbenamram-evtx__post-Security', {LACKS + ' (hidden)': 1}, HIDDEN),
        ('omerbenamram-evtx__security.evtx', {MALFORMED: 1}, CONTROL),
        ('omerbenamram-evtx__security_bad_string_cache', {MALFORMED: 1}, CONTROL),
        ('python-evtx__dns_log_malformed', {MALFORMED: 4}, CONTROL),
    ],
    'evt': [],
}
AGREE = {'the same', 'known differences'}


def counts_of(out):
    """The verdicts and how many records have each, from the end of what compare prints."""
    return {name: int(count) for count, name in re.findall(r'^ *(\d+)  (?!values )(.+)$', out, re.MULTILINE)}


def by_file(out):
    """File name -> verdict -> records, of what is printed record by record."""
    found, name = {}, ''
    for line in out.splitlines():
        record = re.match(r'  record \d+ at byte \d+: (.+)$', line)
        if record:
            found.setdefault(name, Counter())[record[1]] += 1
        elif not line.startswith(' '):
            name = pathlib.PurePath(line).name
    return found


def check(evscan, folder, known, status):
    run = subprocess.run([evscan, 'compare', folder], capture_output=True, text=True, errors='replace')
    counts, found = counts_of(run.stdout), by_file(run.stdout)
    agree = sum(counts.pop(name, 0) for name in AGREE)
    wrong = [f'exit status {run.returncode}'] if run.returncode != status else []
    wrong += [run.stderr] if run.stderr else []
    wrong += ['no record agrees'] if agree == 0 else []
    listed = sum(sum(verdicts.values()) for verdicts in found.values())
    wrong += [f'{listed} records are listed, {sum(counts.values())} counted'] if listed != sum(counts.values()) else []
    for start, expected, _ in known:
        names = [name for name in found if name.startswith(start)] or ['(no such file)']
        got = dict(found.pop(names[0], {}))
        wrong += [f'{start}..: {got}, expected {expected}'] if len(names) != 1 or got != expected else []
    wrong += [f'{name}: {dict(got)}, none of which is known' for name, got in found.items()]
    for complaint in wrong:
        print(f'{folder}: {complaint}')
    print(f'{folder}: {agree} records agree')
    return not wrong


def losses_of_old_records(evscan, log):
    """Old records whose templates are gone are no loss of the log."""
    old = subprocess.run([evscan, 'show', '--recover', log], capture_output=True).returncode
    run = subprocess.run([evscan, 'compare', log], capture_output=True, text=True, errors='replace')
    if old == 2 and run.returncode == 0 and 'lost' not in run.stdout:
        return True
    print(f'{log}: show --recover ends with {old}, compare with {run.returncode}, of which 2 and 0 are expected\n{run.stdout}')
    return False


def main(evscan, samples, shared):
    sound = check(evscan, samples, [], 0)
    corpus = pathlib.Path(shared) / 'corpus'
    for name, known in KNOWN.items():
        if (corpus / name).is_dir():
            sound &= check(evscan, str(corpus / name), known, 3 if known else 0)  # damaged logs are among those that differ
        else:
            print(f'skipped: {name} of the shared corpus is not here')
    slack = corpus / 'evtx' / 'hayabusa-sample-evtx__App_1_CVE-Detected.evtx'
    sound &= not slack.exists() or losses_of_old_records(evscan, str(slack))
    return 0 if sound else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
