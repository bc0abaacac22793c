#!/bin/sh
# parallel.sh EVSCAN - what packaging/FLEETS.md does with GNU parallel: two collectors, here two folders, with the nodes of
# each cluster spread over both.  Each report has to be that of one evscan over all the logs, byte for byte.
set -eu
evscan=$(realpath "$1")
samples=$(realpath "$(dirname "$0")/../../samples")
parallel --version 2>/dev/null | grep -q '^GNU' || { echo 'skipped: GNU parallel is missing'; exit 77; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for sample in "$samples"/*/; do
    cluster=$(basename "$sample")
    collector=0
    for log in "$sample"*.ev*; do
        collector=$((collector % 2 + 1))
        node=$(basename "$log")
        mkdir -p "all/$cluster/$node" "collector$collector/exports/$cluster/$node"
        cp "$log" "all/$cluster/$node/"
        cp "$log" "collector$collector/exports/$cluster/$node/"
    done
done

parallel 'cd {}/exports && mkdir ../partials && ls | parallel -I% '"$evscan"' scan --partial ../partials/%.partial %' \
    ::: collector1 collector2
mkdir reports
ls collector*/partials/ | grep '\.partial$' | sort -u |
    parallel "$evscan"' merge --format json collector*/partials/{} >reports/{.}.json; test $? -lt 4'

failed=0
clusters=0
for cluster in $(ls all); do
    clusters=$((clusters + 1))
    (cd all && "$evscan" --format json "$cluster") >alone.json || [ $? -lt 4 ]
    cmp -s alone.json "reports/$cluster.json" || { echo "FAILED: $cluster: another report"; failed=$((failed + 1)); }
done
echo "$clusters clusters, $failed failed"
[ "$failed" -eq 0 ]
