#!/bin/bash
# api.sh: what hitdeck makes of an endpoint that answers after a while, beside a client that does as little as it can and,
# where boto3 is installed, beside ten threads of boto3.
#
#   HITDECK=target/release/hitdeck MOCK=/path/to/mockserver FLOOR=/path/to/floorclient benches/compare/api.sh [RESULTS.csv]
#
# MOCK serves MTurk's API without checking signatures (`--port N --hits N --assignments N --latency-ms N [--rate N]`, its
# counts under /__stats, /__reset to begin again; with a rate it lets as many through at once as in a second). FLOOR
# (`URL CONNECTIONS`) lists, reads and approves over bare HTTP and prints fetch_s and wall_s. ROUNDS rounds, one client after
# the other; the medians and their ratios are printed at the end.
#
# fetch_s: everything is read and, by hitdeck, in its mirror (`hitdeck sync`, from the start of the process to its end); FLOOR
# on 50 connections. approvals_per_s: from the first request to the last outcome; hitdeck's journal tells both times, and FLOOR
# has as many connections as hitdeck had at most. command_s: the whole of `hitdeck assignment approve`, which reads the list of
# HITs again, chooses, writes the decisions down, sends them and prints what became of them. cpu_ms: of that command, by
# approval.
set -euo pipefail
: "${HITDECK:?the program}" "${MOCK:?the mock server}" "${FLOOR:?the bare client}"
HITS=${HITS:-500} PER_HIT=${PER_HIT:-10} PORT=${PORT:-8719} ROUNDS=${ROUNDS:-3} PYTHON=${PYTHON:-python3}
here=$(cd "$(dirname "$0")" && pwd)
url=http://127.0.0.1:$PORT
folder=$(mktemp -d)
OUT=${1:-$folder/results.csv}
export AWS_ACCESS_KEY_ID=AKIAEXAMPLE AWS_SECRET_ACCESS_KEY=example XDG_CONFIG_HOME=$folder/none
server=
stop() { [ -z "$server" ] || { kill "$server"; wait "$server" 2>/dev/null || true; server=; }; }
trap 'stop; rm -rf "$folder"' EXIT

serve() { # hits, latency, rate
  stop
  "$MOCK" --port "$PORT" --hits "$1" --assignments "$PER_HIT" --latency-ms "$2" --rate "$3" >"$folder/mock.log" &
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
# Seconds from the first request to the last outcome.
sending() {
  "$PYTHON" - "$folder/data" <<'PY'
import pathlib, sqlite3, sys
journal = sqlite3.connect(next(pathlib.Path(sys.argv[1]).rglob("journal.db")))
of = lambda what, event: journal.execute(f"SELECT {what}(at) FROM audit WHERE event = ?", [event]).fetchone()[0]
print((of("max", "done") - of("min", "sending")) / 1000)
PY
}
row() { # client, latency, rate, count, fetch, approving, command
  echo "$1,$2,$3,$4,$5,$6,$(calc %.0f "$4 / $6"),$7,$(calc %.3f "$cpu * 1000 / $4"),$(stat peak_in_flight),$(stat throttled)" >>"$OUT"
}
others() { # name, latency, count, command...: a client that prints its own times
  local name=$1 latency=$2 count=$3
  shift 3
  reset
  timed "$@"
  [ "$(stat approved)" = "$count" ] || { echo "$name approved $(stat approved) of $count" >&2; return 1; }
  row "$name" "$latency" 0 "$count" "$(field fetch_s)" "$(calc %.3f "$(field wall_s) - $(field fetch_s)")" "$wall"
}
measure() { # latency, rate, hits
  local count=$(($3 * PER_HIT)) fetch peak
  serve "$3" "$1" "$2"
  rm -rf "$folder/data"
  desk sync
  fetch=$wall
  # What reading has used of the allowance has to come back.
  [ "$2" = 0 ] || sleep 2
  desk assignment approve --where status:submitted --yes
  [ "$(stat approved)" = "$count" ] || { echo "approved $(stat approved) of $count" >&2; return 1; }
  row hitdeck "$1" "$2" "$count" "$fetch" "$(sending)" "$wall"
  # The others know nothing of throttling.
  [ "$2" = 0 ] || return 0
  peak=$(stat peak_in_flight)
  others floor "$1" "$count" "$FLOOR" "$url" "$((peak < 50 ? 50 : peak))"
  others floor50 "$1" "$count" "$FLOOR" "$url" 50
  ! "$PYTHON" -c 'import boto3' 2>"$folder/err" || others boto3 "$1" "$count" "$PYTHON" "$here/boto3_threads.py" "$url"
}

echo "client,latency_ms,rate,approved,fetch_s,approving_s,approvals_per_s,command_s,cpu_ms,peak_in_flight,throttled" >"$OUT"
for _ in $(seq "$ROUNDS"); do
  for latency in ${LATENCIES:-20 0}; do measure "$latency" 0 "$HITS"; done
  [ "${THROTTLED_HITS:-50}" = 0 ] || measure 20 50 "${THROTTLED_HITS:-50}"
done
[ -n "${1:-}" ] || cat "$OUT"
"$PYTHON" - "$OUT" <<'PY'
import csv, statistics, sys
seen = {}
for line in csv.DictReader(open(sys.argv[1])):
    seen.setdefault((line["client"], int(line["latency_ms"]), float(line["rate"])), []).append(line)
def of(column, *key):
    return statistics.median(float(line[column]) for line in seen[key]) if key in seen else None
def ratio(what, ours, theirs):
    if ours and theirs:
        print(f"{what}: {ours:.4g} against {theirs:.4g}, {ours / theirs:.2f}x")
for latency in sorted({key[1] for key in seen}, reverse=True):
    us = ("hitdeck", latency, 0)
    if us not in seen:
        continue
    print(f"-- {latency} ms of latency, medians")
    for peer in ("floor", "boto3"):
        ratio(f"approvals/s, {peer}", of("approvals_per_s", *us), of("approvals_per_s", peer, latency, 0))
    ratio("whole command, s, against floor's approving", of("command_s", *us), of("approving_s", "floor", latency, 0))
    for peer in ("floor50", "boto3"):
        ratio(f"fetch, s, {peer}", of("fetch_s", *us), of("fetch_s", peer, latency, 0))
    for peer in ("floor", "boto3"):
        ratio(f"CPU ms an approval, {peer}", of("cpu_ms", *us), of("cpu_ms", peer, latency, 0))
for (client, latency, rate), lines in seen.items():
    if rate:
        count = float(lines[0]["approved"])
        ratio(f"throttled at {rate:g}/s, s, best possible", of("approving_s", client, latency, rate), (count - rate) / rate)
        print(f"throttled answers: {of('throttled', client, latency, rate):g} of {count:g} approvals")
PY
