# Sourced by guest/run, guest/unpack and guest/test: the guests' kernels. They come from Debian packages, which are
# unpacked into a cache and not installed.
# shellcheck shell=bash disable=SC2034

# What tests and their networks start in the guest: it is the host's. As command:package.
GUEST_TOOLS="modprobe:kmod ip:iproute2 ipvsadm:ipvsadm iptables:iptables nft:nftables conntrack:conntrack
    strace:strace keepalived:keepalived python3:python3-minimal"
GUEST_EMULATOR="qemu-system-x86_64:qemu-system-x86"

guest_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
guest_cache=${LVS4J_GUEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lvs4j/guest}

guest_packages() {
    case "$1" in
    6.1) printf '%s\n' user-mode-linux tcc ;;
    6.12)
        echo busybox-static
        # There is a package per version; apt would not fetch it with the one that depends on it.
        apt-cache pkgnames linux-image-6.12. | grep -E '^linux-image-6\.12\.[0-9]+(\+deb[0-9]+)?-amd64$' |
            sort -V | tail -1
        ;;
    esac
}

# The package files that apt would fetch now for kernel $1, by name: that has the version. None where it knows none.
guest_files() {
    local packages
    mapfile -t packages < <(guest_packages "$1")
    [ "${#packages[@]}" = 2 ] || return 0
    apt-get -qq --print-uris download "${packages[@]}" 2>/dev/null | awk '{ print $2 }' | sort
}

guest_listing() { (cd "$1" && find . -type f ! -name .intact -printf '%p %s\n' | sort | cksum); }

guest_intact() { [ -s "$1/.intact" ] && [ "$(guest_listing "$1")" = "$(cat "$1/.intact")" ]; }

# Puts the directory for kernel $1 and the versions known to apt into guest_directory.
guest_locate() {
    local known=$guest_cache/$1.files files
    # Asking apt takes half a second.
    if [ ! -s "$known" ] || [ /var/lib/apt/lists -nt "$known" ]; then
        files=$(guest_files "$1") || files=
        if [ -z "$files" ] && [ ! -s "$known" ] && may_install; then
            apt_update_once
            files=$(guest_files "$1")
        fi
        [ -z "$files" ] || echo "$files" >"$known"
    fi
    [ -s "$known" ] ||
        fail "guest: apt knows no package with kernel $1. Debian 12 has it, with its updates: sudo apt-get update"
    guest_directory=$guest_cache/$1-$(cat "$known" "$guest_here"/{unpack,boot-6.12,xstate.c} | cksum | cut -d' ' -f1)
}

# Sets guest_directory to an unpacked kernel $1. It stays as it is while descriptor 8 is open.
guest_prepare() {
    local kernel=$1 new=$guest_cache/new directory
    command -v apt-get >/dev/null || fail "guest: the kernels come from Debian packages, and here is no apt-get"
    exec 9>"$guest_cache/lock"
    flock 9
    guest_locate "$kernel"
    if ! guest_intact "$guest_directory"; then
        say "guest: fetching kernel $kernel"
        if ! "$guest_here/unpack" "$kernel" "$new" && may_install; then
            # What apt knows may be gone from the archive.
            apt_update_once || true
            guest_locate "$kernel"
            "$guest_here/unpack" "$kernel" "$new" || true
        fi
        if guest_intact "$new"; then
            rm -rf "$guest_directory"
            mv -T "$new" "$guest_directory"
            for directory in "$guest_cache/$kernel"-*; do
                [ "$directory" = "$guest_directory" ] || flock -n -x "$directory" rm -rf "$directory" || true
            done
        else
            rm -rf "$new"
            # An older version will do.
            guest_directory=
            for directory in "$guest_cache/$kernel"-*; do
                ! guest_intact "$directory" || guest_directory=$directory
            done
            [ -n "$guest_directory" ] || fail "guest: could not fetch kernel $kernel. Is there a network?"
            say "guest: could not fetch kernel $kernel, taking an older one from the cache"
        fi
    fi
    exec 8<"$guest_directory"
    flock -s 8
    exec 9>&-
}
