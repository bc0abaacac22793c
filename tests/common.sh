# common.sh - what ./demo and ./check share: the packages they need, and builds.  Sourced at the top of the tree.

# Debian's own tools first: another meson or python3 in PATH lacks the modules that the packages bring.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

# a|b: either will do, the first is installed when both are missing.
build_packages='gcc libc6-dev meson ninja-build pkg-config|pkgconf libyaml-dev libpcre2-dev
    libdeflate-dev nettle-dev libsqlite3-dev libjansson-dev libevtx-dev libevt-dev libbfio-dev libexpat1-dev'
test_packages='clang libclang-rt-14-dev|libclang-rt-dev llvm libcmocka-dev python3 python3-yaml python3-jsonschema
    mandoc libevt-utils libevtx-utils zlib1g-dev'

package_there() {
    for alternative in $(echo "$1" | tr '|' ' '); do
        dpkg-query -W -f='${db:Status-Status}\n' "$alternative" 2>/dev/null | grep -qx installed && return 0
    done
    return 1
}

packages_missing() {
    for package in $1; do
        package_there "$package" || printf ' %s' "${package%%|*}"
    done
}

# What makes a command run as root, without a question where nobody can answer it.
become_root() {
    if [ "$(id -u)" -eq 0 ]; then
        echo env
    elif [ -t 0 ]; then
        echo sudo
    else
        echo sudo -n
    fi
}

# packages_need LIST: installs what is missing of it, or says what to install and ends.
packages_need() {
    if ! command -v dpkg-query >/dev/null; then
        echo "This is no Debian system: packages are not checked.  Needed are, by their Debian names:" $1
        return
    fi
    missing=$(packages_missing "$1")
    [ -n "$missing" ] || return 0
    echo "== Missing packages:$missing"
    root=$(become_root)
    if ! $root true 2>/dev/null; then
        echo "This needs root or sudo.  Please let an administrator run, then try again:"
        echo
        echo "    apt-get install --no-install-recommends$missing"
        exit 1
    fi
    $root apt-get update -qq </dev/null || echo 'apt-get update failed: trying with the package lists at hand'
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends $missing \
        </dev/null || exit 1
}

# build NAME OPTION..: build/NAME, configured anew only when the options, the compiler or the place changed.  Made is all,
# or what $targets names.
build() {
    dir=build/$1
    shift
    wanted="$PWD: CC=${CC:-cc} $*"
    mkdir -p build
    if [ "$(cat "$dir/configured-as" 2>/dev/null)" != "$wanted" ]; then
        rm -rf "$dir"
        meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log"; return 1; }
        echo "$wanted" >"$dir/configured-as"
    fi
    ninja -C "$dir" ${targets:-} >"$dir.log" 2>&1 || { cat "$dir.log"; return 1; }
}
