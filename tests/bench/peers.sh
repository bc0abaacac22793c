#!/bin/sh
# Installs the programs that bench.py compares evscan with, from their registries, into FOLDER (default: ./peers).
# What cannot be reached is skipped with a word; bench.py does the same with what is not there.
#
# Usage: tests/bench/peers.sh [FOLDER]
folder=${1:-peers}
mkdir -p "$folder/bin" || exit 1

skip() {
    echo "peers: $1 skipped: $2" >&2
}

if command -v cargo >/dev/null; then
    cargo install --quiet --root "$folder" evtx --version 0.15.1 --features fast-alloc ||
        skip evtx_dump "cargo could not install the crate evtx"
else
    skip evtx_dump "no cargo"
fi
if ! command -v evtxexport >/dev/null; then
    apt-get install --yes --quiet libevtx-utils || skip evtxexport "apt could not install libevtx-utils"
fi
if python3 -m venv "$folder/python"; then
    "$folder/python/bin/pip" install --quiet python-evtx || skip evtx_dump.py "pip could not install python-evtx"
else
    skip evtx_dump.py "no venv"
fi
exit 0
