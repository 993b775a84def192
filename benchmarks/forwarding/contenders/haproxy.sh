#!/usr/bin/env bash
# HAProxy in TCP mode, roundrobin. HAPROXY_OPTIONS: further lines for its section "defaults".
set -eu

if [ "$1" = caps ]; then
    command -v haproxy >/dev/null || { echo "haproxy is not installed" >&2; exit 1; }
    echo tcp
    exit
fi

servers=
for backend in $BACKENDS; do
    servers+="  server $backend $backend"$'\n'
done
cat >"$DIR/haproxy.cfg" <<END
global
  maxconn 9800
  maxpipes 64
  nbthread $THREADS
defaults
  mode tcp
  timeout connect 5s
  timeout client 120s
  timeout server 120s
${HAPROXY_OPTIONS:-}
listen l4
  bind $LISTEN
  balance roundrobin
$servers
END
exec haproxy -db -f "$DIR/haproxy.cfg"
