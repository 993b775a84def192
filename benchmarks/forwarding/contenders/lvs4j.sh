#!/usr/bin/env bash
# lvs4j's runner with what it is used for: wlc, persistence, and its counters, over TCP and UDP.
# LVS_JAR: another jar of it. JAVA_OPTIONS: for the JVM.
set -eu

jar=${LVS_JAR:-$(dirname "$0")/../../../lvs-examples/target/lvs.jar}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

if [ "$1" = caps ]; then
    command -v "$java" >/dev/null || { echo "no $java" >&2; exit 1; }
    [ -e "$jar" ] || { echo "no $jar" >&2; exit 1; }
    echo tcp udp
    exit
fi

# shellcheck disable=SC2086 # one word per option
exec "$java" ${JAVA_OPTIONS:-} -jar "$jar" serve --listen "$LISTEN" --protocol tcp,udp --servers "${BACKENDS// /,}" \
    --scheduler wlc --persistence 10s --threads "$THREADS" --drain-timeout 0s
