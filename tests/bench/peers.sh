#!/bin/sh
# Installs the programs that bench.py compares evscan with, from their registries, into FOLDER (default: ./peers).
# What cannot be reached, or takes longer than SECONDS (default: 1200) each, is skipped with a word; bench.py does the
# same with what is not there.
#
# The crate evtx is compiled with its 143 dependencies: minutes, on a busy machine many.  What is compiled stays in
# FOLDER/build, so that a call that ran out of time is gone on with by the next one.
#
# Usage: tests/bench/peers.sh [FOLDER [SECONDS]]
folder=${1:-peers}
seconds=${2:-1200}
mkdir -p "$folder/bin" || exit 1
folder=$(cd "$folder" && pwd) || exit 1

say() {
    echo "peers: $1" >&2
}

# WHAT COMMAND..: nobody answers its questions, and it does not run for ever.
attempt() {
    what=$1
    shift
    timeout "$seconds" "$@" </dev/null
    case $? in
    0) return 0 ;;
    124) say "$what skipped: $1 took more than $seconds seconds" ;;
    *) say "$what skipped: $1 failed" ;;
    esac
    return 1
}

if [ ! -x "$folder/bin/evtx_dump" ] && ! command -v cargo >/dev/null; then
    say "evtx_dump skipped: no cargo"
elif [ ! -x "$folder/bin/evtx_dump" ]; then
    say "compiling evtx_dump"
    CARGO_TARGET_DIR=$folder/build CARGO_NET_RETRY=1 \
        attempt evtx_dump cargo install --quiet --locked --root "$folder" evtx --version 0.15.1 --features fast-alloc &&
        rm -rf "$folder/build"
fi
if ! command -v evtxexport >/dev/null; then
    DEBIAN_FRONTEND=noninteractive attempt evtxexport apt-get install --yes --quiet libevtx-utils
fi
if ! "$folder/python/bin/python" -c 'import Evtx' 2>/dev/null; then
    attempt python-evtx python3 -m venv "$folder/python" &&
        attempt python-evtx "$folder/python/bin/pip" install --quiet --disable-pip-version-check python-evtx
fi
exit 0
