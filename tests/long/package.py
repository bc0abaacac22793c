#!/usr/bin/python3
"""The Debian package, from the tree to its purge: package.py [MIRROR]

Builds the package, installs it in a fresh root that debootstrap makes, drops the logs of two nodes, runs two nights with
the command line of the systemd service as the user evscan, and purges it.  Needs root, debootstrap, debhelper and lintian;
MIRROR is where Debian's packages come from (where this machine has its own from).  Prints a line for each point.
"""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SUITE = 'bookworm'
SAMPLE = ROOT / 'samples' / 'Q218922'
NEEDED = ['debootstrap', 'dh', 'lintian']
NOTHING_NEW, NEWS, SKIPPED = 0, 1, 77


def run(*command, **options):
    return subprocess.run([str(part) for part in command], text=True, capture_output=True, check=False, **options)


def must(*command, **options):
    done = run(*command, **options)
    if done.returncode:
        sys.exit(f'FAILED: {" ".join(map(str, command))}: {done.stdout[-2000:]}{done.stderr[-2000:]}')
    return done.stdout


def point(what, holds, told=''):
    print(f'{"ok" if holds else "FAILED"}: {what}{"" if holds else ": " + told}', flush=True)
    if not holds:
        sys.exit(1)


def mirror_of_this_machine():
    found = re.search(r'(https?://\S+) ' + SUITE + r'/main', run('apt-cache', 'policy', 'base-files').stdout)
    return found[1] if found else sys.exit(f'this machine does not take {SUITE} from a mirror: name one')


def build_package(folder):
    package = pathlib.Path(must(ROOT / 'packaging' / 'build-deb', folder).splitlines()[-1])
    lint = run('lintian', '--fail-on', 'error,warning', '--allow-root', package)
    point('lintian finds neither errors nor warnings', lint.returncode == 0, lint.stdout)
    return package


class Machine:
    """A fresh Debian in a folder."""

    def __init__(self, folder, mirror):
        self.root = folder
        must('debootstrap', '--variant=minbase', SUITE, folder, mirror)

    def run(self, *command):
        return run('chroot', self.root, *command, env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root',
                                                       'LC_ALL': 'C.UTF-8', 'DEBIAN_FRONTEND': 'noninteractive'})

    def install(self, package):
        shutil.copy(package, self.root / 'tmp')
        return self.run('apt-get', 'install', '-y', '--no-install-recommends', f'/tmp/{package.name}')

    def service(self, key):
        unit = (self.root / 'lib/systemd/system/evscan.service').read_text()
        return re.search(rf'^{key}=(.*)$', unit, re.MULTILINE)[1]

    def night(self):
        """What the service would do tonight, as its user."""
        command = self.service('ExecStart').split()
        return self.run('setpriv', '--reuid=evscan', '--regid=evscan', '--clear-groups', '--no-new-privs', *command)

    def path(self, name):
        return self.root / name.lstrip('/')


def modes(machine):
    """systemd gives the folders of the unit its mode at each start: what the package gave them must be the same."""
    for key, parent in ('StateDirectory', '/var/lib'), ('LogsDirectory', '/var/log'):
        wanted = int(machine.service(f'{key}Mode'), 8)
        for name in machine.service(key).split():
            mode = stat.S_IMODE(machine.path(f'{parent}/{name}').stat().st_mode)
            point(f'{parent}/{name} keeps its mode when the service starts', mode == wanted, f'{mode:o}, then {wanted:o}')
    exports = stat.S_IMODE(machine.path('/var/lib/evscan/exports').stat().st_mode)
    point('members of the group may write to the exports', exports == 0o2775, f'{exports:o}')


def metrics(machine):
    """What the example for the node exporter says, done; systemd itself does not run in this root."""
    example = machine.path('/usr/share/doc/evscan/examples/node-exporter.conf').read_text()
    folder = re.search(r'^ReadWritePaths=-(\S+)$', example, re.MULTILINE)[1]
    steps = [line.lstrip('# ') for line in example.splitlines() if line.startswith('#   install ')]
    made = [machine.run('sh', '-c', f'cd /usr/share/doc/evscan/examples && {step}') for step in steps]
    point('what the example for the node exporter says can be done', len(made) == 2 and
          not any(step.returncode for step in made), str(made))
    if shutil.which('systemd-analyze'): # the root has none of the targets that a unit needs, and that is said as well
        unit = run('systemd-analyze', 'verify', '--man=no', f'--root={machine.root}', 'evscan.service')
        point('... and systemd understands it', 'node-exporter.conf' not in unit.stderr, unit.stderr)
    options = re.findall(r'^#   (force|output): (.*)$', example, re.MULTILINE)
    conf = machine.path('/etc/evscan/evscan.conf')
    lines = ''.join(f'    {name}: {value}\n' for name, value in options)
    conf.write_text(conf.read_text().replace('    # tz:', f'{lines}    # tz:', 1))
    night = machine.night()
    file = machine.path(folder) / 'evscan.prom'
    point('metrics are written where it says', night.returncode == NOTHING_NEW and file.exists() and
          'evscan_last_run' in file.read_text(), f'{night.stdout}{night.stderr}')


def elsewhere(machine):
    """The folders stand in the configuration: a unit that looks at a folder itself would pass over such nights in silence."""
    unit = machine.path('lib/systemd/system/evscan.service').read_text()
    point('every configuration is run', not re.search(r'^(Condition|Assert)', unit, re.MULTILINE), unit)
    other = machine.path('/srv/exports')
    other.mkdir()
    conf, kept = machine.path('/etc/evscan/evscan.conf'), machine.path('/etc/evscan/evscan.conf').read_text()
    conf.write_text(kept.replace('/var/lib/evscan/exports', '/srv/exports').replace('/var/lib/evscan/state', '/var/lib/evscan/state/srv'))
    empty = machine.night()
    point('a folder without logs is said', '/srv/exports: no event log' in empty.stdout, empty.stdout + empty.stderr)
    for log in SAMPLE.glob('*.evt'):
        shutil.copy(log, other)
    first = machine.night()
    point('logs in another folder are diagnosed', 'Q218922' in first.stdout, first.stdout + first.stderr)
    conf.write_text(kept)


def nights(machine):
    for log in SAMPLE.glob('*.evt'):
        shutil.copy(log, machine.path('/var/lib/evscan/exports'))
    first, second = machine.night(), machine.night()
    point('the first night tells of Q218922', first.returncode == NEWS and 'Q218922' in first.stdout,
          f'{first.returncode}: {first.stdout}{first.stderr}')
    point('the second night is silent', (second.returncode, second.stdout, second.stderr) == (NOTHING_NEW, '', ''),
          f'{second.returncode}: {second.stdout}{second.stderr}')


def purge(machine):
    done = machine.run('apt-get', 'purge', '-y', 'evscan')
    point('purge', done.returncode == 0, done.stderr)
    gone = ['/usr/bin/evscan', '/usr/share/evscan', '/var/lib/evscan/state', '/var/log/evscan', '/etc/cron.d/evscan']
    left = [name for name in gone if machine.path(name).exists()]
    point('nothing of evscan is left', not left, ', '.join(left))
    exports = machine.path('/var/lib/evscan/exports')
    point('the exports are left', exports.is_dir() and any(exports.iterdir()))


def main(arguments):
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        print(f'skipped: {", ".join(missing) or "root"} is missing')
        return SKIPPED
    mirror = arguments[0] if arguments else mirror_of_this_machine()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        package = build_package(folder)
        machine = Machine(folder / 'root', mirror)
        installed = machine.install(package)
        point('it installs', installed.returncode == 0, installed.stdout[-1000:] + installed.stderr)
        point('it runs', machine.run('evscan', '--version').returncode == 0)
        modes(machine)
        elsewhere(machine)
        nights(machine)
        metrics(machine)
        purge(machine)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
