#!/bin/bash
# market.sh [SECONDS]: durable approvals of the market beside PostgreSQL's simple update (pgbench -N), in one session.
#
# Both are driven over loopback by 32 connections, both answer after an fsync, both keep their data under ${TMPDIR:-/tmp}.
# Needs initdb, postgres and pgbench; as root the server runs as user postgres. Nothing is left behind.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-10}

scratch=$(mktemp -d)
chmod 755 "$scratch"
run() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$scratch"
  run() { runuser -u postgres -- "$@"; }
fi
tool() { command -v "$1" || find /usr/lib/postgresql /usr/local/pgsql -path "*/bin/$1" 2>/dev/null | sort -V | tail -1; }
initdb=$(tool initdb) pg_ctl=$(tool pg_ctl) pgbench=$(tool pgbench)
port=$((20000 + RANDOM % 20000))
finish() {
  [ -f "$scratch/data/postmaster.pid" ] && run timeout 60 "$pg_ctl" -D "$scratch/data" -m immediate stop >/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT

run timeout 120 "$initdb" -D "$scratch/data" -A trust -U bench >/dev/null
run timeout 60 "$pg_ctl" -D "$scratch/data" -l "$scratch/log" -w \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=64" start >/dev/null
connect=(-h 127.0.0.1 -p "$port" -U bench)
timeout 120 "$pgbench" "${connect[@]}" -q -i -s 10 postgres >/dev/null 2>&1

update() { timeout $((seconds + 60)) "$pgbench" "${connect[@]}" -n -N -c 32 -j 2 -T "$seconds" "$@" postgres 2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p'; }
# Before and after, because machines are noisy.
before=$(update) prepared=$(update -M prepared)
timeout 900 cargo bench --quiet --bench market | tee "$scratch/market.txt"
after=$(update)

approvals=$(awk '/^approvals/ { print $(NF - 1) }' "$scratch/market.txt")
echo "pgbench -N, 32 connections            $before, then $after tps ($prepared with -M prepared)"
awk -v a="$approvals" -v b="$before" -v c="$after" -v p="$prepared" \
  'BEGIN { printf "approvals / simple updates            %.2f (%.2f of prepared ones)\n", 2 * a / (b + c), a / p }'
