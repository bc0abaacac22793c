#!/bin/sh
# big_file.sh EVSCAN [DIR]: a log of more than 4 GiB is read whole and within 64 MiB.  Takes minutes and 4.1 GiB in DIR
# (default: the folder for temporary files); not part of ./check, which does the same with 64 MiB.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 EVSCAN [DIR]" >&2; exit 64; }
exec /usr/bin/python3 "$(dirname "$0")/check_big.py" "$1" --folder "${2:-${TMPDIR:-/tmp}}"
