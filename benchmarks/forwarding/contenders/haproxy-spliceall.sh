#!/usr/bin/env bash
# HAProxy that always splices, in both directions.
export HAPROXY_OPTIONS="  option splice-request
  option splice-response"
exec "$(dirname "$0")/haproxy.sh" "$@"
