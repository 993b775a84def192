# Sourced by ./test, ./demo and what is in benchmarks/ and guest/: finds a JDK and tools, and installs what is missing where it may (root
# on Debian or Ubuntu). Elsewhere it says what is missing and how to get it.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit "${fail_status:-1}"
}

# The feature version of the JDK at $1 (17 for 17.0.15), or 0 where there is none.
jdk_version() {
    local version
    version=$("$1/bin/javac" -version 2>&1) || version="javac 0"
    version=${version##*javac }
    version=${version%%[!0-9]*}
    echo "${version:-0}"
}

is_jdk17() { [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ "$(jdk_version "$1")" -ge 17 ]; }

# Prints the first fitting JDK: JAVA_HOME, then the javac on PATH, then what lies in the usual place.
find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" \
        "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/bin/javac)")")")" \
        /usr/lib/jvm/*; do
        if is_jdk17 "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_update_once() {
    [ "${apt_updated:-no}" = yes ] || apt-get -qq update </dev/null
    apt_updated=yes
}

# Installs packages; no service of theirs is started, now or at the next boot.
apt_install() {
    local policy=/usr/sbin/policy-rc.d ours=no status=0
    apt_update_once
    if [ ! -e "$policy" ]; then
        ours=yes
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" </dev/null >/dev/null || status=$?
    if [ "$ours" = yes ]; then
        rm -f "$policy"
        trap - EXIT
    fi
    [ "$status" = 0 ] || fail "apt-get could not install: $*"
}

# Sets JAVA_HOME to a JDK of version 17 or later.
need_jdk() {
    local found package=openjdk-17-jdk-headless
    found=$(find_jdk)
    if [ -z "$found" ]; then
        may_install || fail "No JDK 17 or later found (JAVA_HOME, PATH). Install one, for example: sudo apt-get install $package"
        say "No JDK 17 or later found: installing one"
        apt_update_once
        # Newer distributions have dropped 17 for something newer.
        apt-cache show "$package" >/dev/null 2>&1 || package=default-jdk-headless
        apt_install "$package"
        found=$(find_jdk)
        [ -n "$found" ] || fail "$package brought no JDK 17 or later; install one and set JAVA_HOME"
    fi
    if [ -n "${JAVA_HOME:-}" ] && [ "$JAVA_HOME" != "$found" ]; then
        say "JAVA_HOME=$JAVA_HOME is no JDK 17 or later: using $found"
    fi
    export JAVA_HOME=$found
}

# Each argument is command:package.
need_tools() {
    local tool missing=
    local PATH=$PATH:/usr/sbin:/sbin:/usr/lib/frr # where frr has its daemons
    for tool in "$@"; do
        command -v "${tool%%:*}" >/dev/null || missing="$missing ${tool#*:}"
    done
    [ -n "$missing" ] || return 0
    may_install || fail "Needed here:$missing. Install them, for example: sudo apt-get install$missing"
    say "Installing what is needed here and missing:$missing"
    # shellcheck disable=SC2086 # one word per package
    apt_install $missing
    for tool in nginx haproxy frr; do # not as a service
        case "$missing" in
        *$tool*) systemctl disable $tool >/dev/null 2>&1 || update-rc.d $tool disable >/dev/null 2>&1 || true ;;
        esac
    done
}
