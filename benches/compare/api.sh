#!/bin/bash
# api.sh: what hitdeck makes of an endpoint that answers after a while, beside a client that does as little as it can.
#
#   HITDECK=target/release/hitdeck MOCK=/path/to/mockserver FLOOR=/path/to/floorclient benches/compare/api.sh [RESULTS.csv]
#
# MOCK serves MTurk's API without checking signatures (`--port N --hits N --assignments N --latency-ms N [--rate N]`, its
# counts under /__stats, /__reset to begin again). FLOOR (`URL CONNECTIONS`) lists, reads and approves over bare HTTP and
# prints fetch_s and wall_s. Approvals a second are counted after the fetch, for both. hitdeck chooses its connections
# itself; how many it had at most is told by the server, and FLOOR runs with as many.
set -euo pipefail
: "${HITDECK:?the program}" "${MOCK:?the mock server}" "${FLOOR:?the bare client}"
HITS=${HITS:-500} PER_HIT=${PER_HIT:-10} PORT=${PORT:-8719} ROUNDS=${ROUNDS:-1}
OUT=${1:-/dev/stdout}
url=http://127.0.0.1:$PORT
folder=$(mktemp -d)
export AWS_ACCESS_KEY_ID=AKIAEXAMPLE AWS_SECRET_ACCESS_KEY=example XDG_CONFIG_HOME=$folder/none
server=
stop() { [ -z "$server" ] || { kill "$server"; wait "$server" 2>/dev/null || true; server=; }; }
trap 'stop; rm -rf "$folder"' EXIT

serve() { # hits, assignments, latency, rate
  stop
  "$MOCK" --port "$PORT" --hits "$1" --assignments "$2" --latency-ms "$3" --rate "$4" >"$folder/mock.log" &
  server=$!
  timeout 10 bash -c "until curl -sf $url/__stats >/dev/null; do sleep 0.05; done"
}
stat() { curl -s "$url/__stats" | grep -o "\"$1\":[0-9]*" | cut -d: -f2; }
reset() { curl -s -X POST "$url/__reset" >/dev/null; }
# Runs a command; sets wall (s) and cpu (s).
timed() {
  local TIMEFORMAT='%R %U %S'
  local spent
  spent=$({ time "$@" >"$folder/out" 2>"$folder/err"; } 2>&1) || { cat "$folder/err" >&2; return 1; }
  read -r wall cpu < <(awk '{ print $1, $2 + $3 }' <<<"$spent")
}
calc() { awk "BEGIN { printf \"$1\", $2 }"; }
field() { grep -o "\"$1\":[0-9.]*" "$folder/out" | cut -d: -f2; }
desk() { timed "$HITDECK" --endpoint "$url" --data-dir "$folder/data" "$@"; }

echo "client,latency_ms,rate,approved,fetch_s,approvals_per_s,cpu_ms_per_approval,peak_in_flight,throttled" >"$OUT"
measure() { # latency, rate, hits
  local count=$(($3 * PER_HIT)) fetch cost peak
  serve "$3" "$PER_HIT" "$1" "$2"
  rm -rf "$folder/data"
  desk sync
  fetch=$wall
  desk assignment approve --where status:submitted --yes
  cost=$(calc %.3f "$cpu * 1000 / $count") peak=$(stat peak_in_flight)
  [ "$(stat approved)" = "$count" ] || { echo "approved $(stat approved) of $count" >&2; return 1; }
  echo "hitdeck,$1,$2,$count,$fetch,$(calc %.0f "$count / $wall"),$cost,$peak,$(stat throttled)" >>"$OUT"
  [ "$2" = 0 ] || return 0 # it knows nothing of throttling
  reset
  timed "$FLOOR" "$url" "$peak"
  echo "floor($peak),$1,$2,$count,$(field fetch_s),$(calc %.0f "$count / ($(field wall_s) - $(field fetch_s))"),$(calc %.3f "$cpu * 1000 / $count"),$(stat peak_in_flight),0" >>"$OUT"
}
for _ in $(seq "$ROUNDS"); do
  measure 20 0 "$HITS"
  measure 0 0 "$HITS"
  measure 20 50 "${THROTTLED_HITS:-50}"
done
