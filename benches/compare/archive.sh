#!/bin/bash
# archive.sh: `hitdeck archive` of an account beside a client that reads the same lists, does as little as it can, and keeps
# nothing.
#
#   HITDECK=target/release/hitdeck MOCK=/path/to/mockserver FLOOR=/path/to/floorclient benches/compare/archive.sh
#
# MOCK and FLOOR are those of api.sh. The mock server has neither bonuses nor qualifications: the archive says so and ends
# with 6, and both clients ask for the same pages of HITs and assignments. FLOOR reads over 50 connections.
set -euo pipefail
: "${HITDECK:?the program}" "${MOCK:?the mock server}" "${FLOOR:?the bare client}"
HITS=${HITS:-1000} PER_HIT=${PER_HIT:-10} LATENCY=${LATENCY:-20} PORT=${PORT:-8721} ROUNDS=${ROUNDS:-5}
url=http://127.0.0.1:$PORT
folder=$(mktemp -d)
export AWS_ACCESS_KEY_ID=AKIAEXAMPLE AWS_SECRET_ACCESS_KEY=example XDG_CONFIG_HOME=$folder/none
"$MOCK" --port "$PORT" --hits "$HITS" --assignments "$PER_HIT" --latency-ms "$LATENCY" >"$folder/mock.log" &
server=$!
trap 'kill "$server"; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
timeout 10 bash -c "until curl -sf $url/__stats >/dev/null; do sleep 0.05; done"
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
for round in $(seq "$ROUNDS"); do
  rm -rf "$folder/archive"
  TIMEFORMAT=%R
  { time "$HITDECK" --endpoint "$url" --data-dir "$folder/data" archive "$folder/archive" >/dev/null 2>"$folder/said" || [ $? = 6 ]; } 2>>"$folder/hitdeck"
  [ "$(wc -l <"$folder/archive/assignments.jsonl")" = $((HITS * PER_HIT)) ] || { cat "$folder/said" >&2; exit 1; }
  curl -s -X POST "$url/__reset" >/dev/null
  "$FLOOR" "$url" 50 | grep -o '"fetch_s":[0-9.]*' | cut -d: -f2 >>"$folder/floor"
  curl -s -X POST "$url/__reset" >/dev/null
done
ours=$(median <"$folder/hitdeck") floor=$(median <"$folder/floor")
echo "archive of $HITS HITs x $PER_HIT at $LATENCY ms: hitdeck $ours s, bare client $floor s, $(awk "BEGIN { printf \"%.2f\", $ours / $floor }") times"
