"""rules_hostile.py EVSCAN: rule files that nobody means well with.  Made here, loaded, and judged by the exit status,
by what is said, by seconds of processor time and by memory.

The bounds are some ten times what a build without sanitizers takes; RULES_HOSTILE_SLOW=N multiplies them.
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from checks import is_sanitized, part_of  # noqa: E402

EVSCAN = os.path.abspath(sys.argv[1])
SLOW = float(os.environ.get('RULES_HOSTILE_SLOW', '1'))
MIB = 1 << 20
SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'samples')
FAST = '/dev/shm'  # 50,000 files take minutes on a busy disk

HEAD = 'title: %s\nlogsource: {product: windows, category: process_creation}\ndetection:\n'


def rule(title, selection, condition='s'):
    return HEAD % title + selection + '  condition: %s\n' % condition


def alternatives(count, modifier='|contains', form='evil%d-tool'):
    values = ''.join("      - '%s'\n" % (form % i) for i in range(count))
    return '  s:\n    CommandLine%s:\n%s' % (modifier, values)


def plain_values(key, count, form):
    """Without quotes, and for fields that every record has."""
    values = ''.join('      - %s\n' % form(i) for i in range(count))
    return 'title: plain\nlogsource: {product: windows}\ndetection:\n  s:\n    %s:\n%s  condition: s\n' % (key, values)


def maps(count, form):
    """A list of maps; the form takes the number of each."""
    values = ''.join('    - %s\n' % (form % ((i,) * form.count('%'))) for i in range(count))
    return 'title: maps\nlogsource: {product: windows}\ndetection:\n  s:\n%s  condition: s\n' % values


def network(i):
    return '%d.%d.%d.0/24' % (11 + i // 65536, i // 256 % 256, i % 256)


def nested_lists(depth):
    return rule('deep', '  s: ' + '[' * depth + '{Image: x}' + ']' * depth + '\n')


def nested_block(depth):
    lines = [' ' * i + 'a:' for i in range(depth)]
    return '\n'.join(lines) + '\n'


def alias_bomb():
    lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for i in range(1, 30):
        lines.append('a%d: &a%d [%s]' % (i, i, ', '.join(['*a%d' % (i - 1)] * 9)))
    return '\n'.join(lines) + '\n' + rule('bomb', '  s: {Image: *a29}\n')


def conditions(count):
    return rule('terms', alternatives(3), ' or '.join(['s'] * count))


def one_string(size):
    return rule('long', "  s:\n    CommandLine|contains: '%s'\n" % ('x' * size))


def stars(count):
    return rule('stars', "  s:\n    CommandLine: '%s'\n" % ('*a' * count))


def many_rules(count):
    return '---\n'.join(rule('R%d' % i, '  s: {Image|endswith: \'\\tool%d.exe\'}\n' % i) for i in range(count))


def documents(count, form):
    return '---\n'.join(form % ((i,) * form.count('%')) for i in range(count))


def filters(count, rules):
    """Each for every rule."""
    form = 'title: F%d\nlogsource: {product: windows}\nfilter: {rules: any, s: {A: [x%d, y, z]}, condition: not s}\n'
    return documents(count, form) + '---\n' + many_rules(rules)


def template(values, form, count):
    """A template, and documents that make a rule of it."""
    head = 'action: global\nlogsource: {product: windows}\ndetection:\n  condition: s\n'
    return head + alternatives(values) + '---\n' + documents(count, form)


def mistakes_in_a_line(count):
    return rule('line', '  s: {' + ', '.join('A%d|no: x' % i for i in range(count)) + '}\n')


def patterns(count):
    selections = ''.join('  s%d: {A: x}\n' % i for i in range(4000))
    return rule('patterns', selections, 'all of s* or ' + ' or '.join('1 of s%d*' % (i % 4000) for i in range(count)))


def correlations(count, width):
    """Each of so many rules."""
    rules = documents(width, 'name: r%d\n' + HEAD.replace('%s', 'R%d') + '  s: {A: 1}\n  condition: s\n')
    names = ', '.join('r%d' % i for i in range(width))
    return rules + '---\n' + documents(count, 'title: C%d\ncorrelation: {type: event_count, rules: [' + names +
                                       '], group-by: [A], timespan: 1m, condition: {gte: 2}}\n')


def size_of(text, size):
    """The text as often as it takes to be that long, as a comment behind a sound rule."""
    line = '# ' + 'x' * 125 + '\n'
    return text + line * ((size - len(text)) // len(line))


OK, REFUSED = 0, 78
SOUND = rule('sound', "  s: {Image|endswith: '\\a.exe'}\n")

# name, content, exit status of `rules check`, what is said, seconds, MiB
CASES = [
    ('10 MB of comments', lambda: size_of(SOUND, 10_000_000), OK, '', 5, 100),
    ('10 MB of rules', lambda: many_rules(68_000), REFUSED, 'too many values', 20, 1500),
    ('17 MB', lambda: size_of(SOUND, 17 * MIB), REFUSED, 'larger than 16 MiB', 5, 100),
    ('10 MB in one value', lambda: one_string(10_000_000), OK, '', 10, 200),
    ('10 MB in one key', lambda: rule('key', '  s:\n    ? %s\n    : x\n' % ('k' * 10_000_000)), None, '', 10, 300),
    ('100,000 alternatives', lambda: rule('many', alternatives(100_000)), OK, '', 10, 300),
    ('100,000 alternatives that begin alike', lambda: rule('alike', alternatives(100_000, form='aaaaaaaaaaaa%d')), OK,
     '', 10, 300),
    ('100,000 whole values', lambda: rule('whole', alternatives(100_000, '')), OK, '', 10, 300),
    ('100,000 values that must all hold', lambda: rule('all', alternatives(100_000, '|contains|all')), OK, '', 5, 300),
    ('100,000 keywords that must all hold', lambda: plain_values("'|all'", 100_000, lambda i: 'key%d' % i), OK, '', 5,
     300),
    ('100,000 numbers', lambda: plain_values('Level', 100_000, lambda i: 1000 + 7 * i), OK, '', 1, 300),
    ('100,000 comparisons', lambda: plain_values('Level|gt', 100_000, lambda i: 1000 + 7 * i), OK, '', 1, 300),
    ('100,000 hours', lambda: plain_values('TimeCreated|hour', 100_000, lambda i: 1000 + i), OK, '', 1, 300),
    ('100,000 networks', lambda: plain_values('Computer|cidr', 100_000, network), OK, '', 1, 300),
    ('100,000 event IDs', lambda: plain_values('EventID', 100_000, lambda i: 100_000 + i), OK, '', 1, 300),
    ('100,000 maps of one field', lambda: maps(100_000, '{Computer: n%d}'), OK, '', 2, 300),
    ('100,000 maps of a field each', lambda: maps(100_000, '{F%d: x}'), REFUSED, 'more than 256 different fields', 2,
     300),
    ('100,000 fields behind fieldref', lambda: plain_values('Computer|fieldref', 100_000, lambda i: 'F%d' % i), REFUSED,
     'more than 256 different fields', 2, 300),
    ('100,000 expressions', lambda: rule('re', alternatives(100_000, '|re', 'ev.l%d')), REFUSED,
     'more than 10000 regular expressions', 60, 1500),
    ('100 expressions of classes', lambda: rule('re', alternatives(100, '|re', '[ab][cd][ef][gh]' * 600 + '%d')), None,
     '', 2, 300),
    ('100,000 dashes', lambda: rule('dash', alternatives(100_000, '|windash|contains', ' -x%d')), OK, '', 20, 300),
    ('lists nested 1,000 deep', lambda: nested_lists(1000), REFUSED, 'nested too deeply', 5, 100),
    ('lists nested 100,000 deep', lambda: nested_lists(100_000), REFUSED, 'nested too deeply', 5, 100),
    ('maps nested 1,000 deep', lambda: nested_block(1000), REFUSED, 'nested too deeply', 5, 100),
    ('parentheses nested 1,000 deep', lambda: rule('deep', alternatives(1), '(' * 1000 + 's' + ')' * 1000), REFUSED,
     'condition', 5, 100),
    ('not, 100,000 times', lambda: rule('not', alternatives(1), 'not ' * 100_000 + 's'), OK, '', 5, 100),
    ('30,000 terms', lambda: conditions(30_000), OK, '', 10, 200),
    ('1,000,000 terms', lambda: conditions(1_000_000), REFUSED, 'condition', 10, 300),
    ('aliases of aliases', alias_bomb, REFUSED, 'aliases are not supported', 5, 100),
    ('no UTF-8', lambda: SOUND.encode() + b'# \xff\xfe\n', REFUSED, 'is not UTF-8', 5, 100),
    ('half a character', lambda: SOUND.encode() + b'author: \xe2\x82', REFUSED, 'is not UTF-8', 5, 100),
    ('UTF-16', lambda: SOUND.encode('utf-16'), REFUSED, 'is not UTF-8', 5, 100),
    ('zeros', lambda: b'\0' * 1000, REFUSED, 'error', 5, 100),
    ('100,000 dashes in Base64', lambda: rule('dash', alternatives(100_000, '|windash|base64offset', ' -a -b -c %d')),
     REFUSED, 'placeholders and dashes of the rules stand for take more than', 10, 1000),
    ('100,000 expressions that are one', lambda: rule('re', alternatives(100_000, '|re', 'ev.l%.0s')), OK, '', 10, 300),
    ('5,000 expressions that give up', lambda: rule('re', alternatives(5_000, '|re', '(a|b|ab)*c%d')), OK, 'gives up',
     30, 300),
    ('3,000 expressions that take long', lambda: rule('re', alternatives(3_000, '|re', '^[a-z0 ]+[a-z0 ]+x%d')), OK,
     'is not known', 30, 300),
    ('a name of 5 MB', lambda: rule('name', alternatives(1), 'n' * 5_000_000), REFUSED, 'nnn..nnn', 5, 100),
    ('4,000 filters for 5,000 rules', lambda: filters(4000, 5000), REFUSED, 'this filter and those behind it', 10, 600),
    ('100,000 rules of a template', lambda: template(1000, 'title: T%d\n', 100_000), REFUSED,
     'the templates make too many rules', 10, 300),
    ('100,000 rules that repeat one', lambda: template(1000, 'action: repeat\ntitle: T%d\n', 100_000), REFUSED,
     'the templates make too many rules', 10, 300),
    ('100,000 mistakes in a line', lambda: mistakes_in_a_line(100_000), REFUSED, '199800 more of this file are not',
     5, 200),
    ('60,000 patterns for 4,000 selections', lambda: patterns(60_000), REFUSED, 'too many patterns', 5, 200),
    ('1,000 correlations of 256 rules', lambda: correlations(1000, 256), OK, '', 10, 600),
    ('a value of 1,000 stars', lambda: stars(1000), OK, '', 5, 100),
]


def run(args):
    """Exit status, output, processor seconds, MiB."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([EVSCAN] + args, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read(4 * MIB).decode('utf-8', 'replace')
    return process.returncode, said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def judge(name, result, status, says, seconds, mib):
    got, said, used, memory = result
    faults = []
    if got < 0 or (status is not None and got != status):
        faults.append('exit status %d instead of %s' % (got, status))
    if says not in said:
        faults.append('"%s" is not said' % says)
    if status == REFUSED and 'error' not in said:
        faults.append('no error is shown')
    if used > seconds * SLOW:
        faults.append('%.1f s, more than %d' % (used, seconds))
    if memory > mib * SLOW:
        faults.append('%d MiB, more than %d' % (memory, mib))
    print('%-40s %6.2f s %5d MiB  %s' % (name, used, memory, '; '.join(faults) or 'ok'))
    if faults:
        print(said[:600])
    return not faults


def write(path, content):
    with open(path, 'wb') as f:
        f.write(content if isinstance(content, bytes) else content.encode())


def one_file(folder, case):
    name, make, status, says, seconds, mib = case
    path = os.path.join(folder, 'rule.yml')
    write(path, make())
    good = judge(name, run(['rules', 'check', path]), status, says, seconds, mib)
    # The same file beside a log: the other way in.  What is refused stops no scan.
    got = run(['scan', '--rules', path, SAMPLES])
    return judge(name + ', scan', (0 if got[0] in (0, 1, 78) else got[0],) + got[1:], OK, '', seconds, mib) and good


def files_write(folder, count, form):
    for i in range(count):
        if i % 1000 == 0:
            os.makedirs(os.path.join(folder, str(i // 1000)))
        write(os.path.join(folder, str(i // 1000), '%d.yml' % i), rule('R%d' % i, form % ((i,) * form.count('%'))))


def many_files(folder):
    rules = os.path.join(folder, 'many')
    count = 5_000 if is_sanitized(EVSCAN) else 50_000
    files_write(rules, count, "  s: {Image|endswith: '\\tool%d.exe', CommandLine|contains: ['a%d', 'b%d']}\n")
    got = run(['scan', '--rules', rules, SAMPLES])
    good = judge(f'a folder of {count:,} rules', (0 if got[0] in (0, 1) else got[0],) + got[1:], OK, '', 30, 1000)
    return judge(f'a folder of {count:,} rules, check', run(['rules', 'check', rules]), OK, '', 30, 300) and good


def many_expressions(folder):
    """More than are tried, and than there may be."""
    rules = os.path.join(folder, 'expressions')
    files_write(rules, 11_000, "  s: {CommandLine|re: '.*tool%d.*[0-9]+x.*'}\n")
    return judge('a folder of 11,000 expressions, check', run(['rules', 'check', rules]), REFUSED,
                 'more than 10000 regular expressions', 30, 1000)


def main():
    good = True
    with tempfile.TemporaryDirectory(dir=FAST if os.access(FAST, os.W_OK) else None) as folder:
        # The sanitizers are slow with files of this size; what else loads rules is tested with them as well.
        for case in part_of(CASES, EVSCAN, 3):
            good = one_file(folder, case) and good
        good = many_files(folder) and good
        good = many_expressions(folder) and good
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
