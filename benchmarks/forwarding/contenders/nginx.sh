#!/usr/bin/env bash
# nginx with its module stream, round robin, over TCP and UDP. NGINX_MODULES: where the module lies.
set -eu

module=${NGINX_MODULES:-/usr/lib/nginx/modules}/ngx_stream_module.so

if [ "$1" = caps ]; then
    command -v nginx >/dev/null || { echo "nginx is not installed" >&2; exit 1; }
    [ -e "$module" ] || { echo "no $module (Debian: libnginx-mod-stream)" >&2; exit 1; }
    echo tcp udp
    exit
fi

servers=
for backend in $BACKENDS; do
    servers+="server $backend; "
done
reuseport=
[ "$THREADS" = 1 ] || reuseport=reuseport
cat >"$DIR/nginx.conf" <<END
load_module $module;
daemon off;
master_process on;
pid $DIR/nginx.pid;
error_log $DIR/error.log warn;
worker_processes $THREADS;
worker_rlimit_nofile 20000;
events {
    worker_connections 20000;
    multi_accept on;
}
stream {
    access_log off;
    tcp_nodelay on;
    upstream servers { $servers }
    server { listen $LISTEN backlog=4096 $reuseport; proxy_pass servers; proxy_timeout 120s; }
    server { listen $LISTEN udp $reuseport; proxy_pass servers; proxy_timeout 10s; }
}
END
exec nginx -p "$DIR" -c "$DIR/nginx.conf"
