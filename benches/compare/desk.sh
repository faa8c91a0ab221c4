#!/bin/bash
# desk.sh: the desk beside other terminal programs, in one interleaved run, and the desk at ten times the rows.
#
#   TUIBENCH=/path/to/tuibench benches/compare/desk.sh [ROUNDS [OUT]]
#
# TUIBENCH is a harness that drives terminal programs from outside (`makedata.py`, `tuibench.py`, `scenarios/`), with its data
# in TUIBENCH_DATA and the floors in TUIBENCH_BIN. Everything else is made here: the reference data, a market that serves
# it, the desk's store. Programs that are not installed are left out. Results: OUT.md and OUT.json, and the figures of
# 1,000,000 rows on stdout (MILLION=0 leaves them out; they take minutes and 6 GB below ${TMPDIR:-/tmp}).
# Port 7979 must be free, and nothing else should run on the machine.
set -euo pipefail
: "${TUIBENCH:?the folder of the harness}"
rounds=${1:-3} out=${2:-/tmp/hitdeck-desk}
here=$(cd "$(dirname "$0")" && pwd)
hitdeck=${HITDECK:-$here/../../target/release/hitdeck}
export TUIBENCH_DATA=${TUIBENCH_DATA:-/tmp/tuibench-data} TUIBENCH_BIN=${TUIBENCH_BIN:-/tmp/tuibench-bin}
export PATH=$TUIBENCH_BIN:$PATH
url=http://127.0.0.1:7979
scratch=$(mktemp -d)
server=
stop() { [ -z "$server" ] || { kill "$server"; wait "$server" 2>/dev/null || true; server=; }; }
trap 'stop; rm -rf "$scratch"; rm -f "$TUIBENCH_DATA/hitdeck"' EXIT

[ -x "$hitdeck" ] || cargo build --release --manifest-path "$here/../../Cargo.toml"
mkdir -p "$TUIBENCH_BIN"
cp -f "$hitdeck" "$TUIBENCH_BIN/hitdeck"
[ -e "$TUIBENCH_DATA/lines.txt" ] || "$TUIBENCH/makedata.py" "$TUIBENCH_DATA"

fill() { # rows: a market with so many assignments, and a store that has read them; sets key and secret
  stop
  rm -rf "${scratch:?}"/*
  "$here/makedata.py" "$scratch/rows.csv" "$1"
  "$hitdeck" market serve --listen 127.0.0.1:7979 --data "$scratch/market" --import "$scratch/rows.csv" -o json \
    >"$scratch/ready" 2>"$scratch/market.log" &
  server=$!
  timeout 600 bash -c "until [ -s '$scratch/ready' ]; do sleep 0.2; done"
  rm "$scratch/rows.csv"
  field() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" "$scratch/ready"; }
  key=$(field access_key_id) secret=$(field secret_access_key)
  AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret "$hitdeck" --endpoint "$url" --data-dir "$scratch/data" sync
  ln -sfn "$scratch/data" "$TUIBENCH_DATA/hitdeck"
}
run() { # harness arguments
  (cd "$TUIBENCH" && "${PYTHON:-python3}" tuibench.py run -D key="$key" -D secret="$secret" "$@")
}

fill 100000
scenarios=("$here/scenarios/hitdeck.toml")
for name in less:less fzf:fzf neomutt:neomutt-mbox ratatui-floor:ratatui-floor gitui:gitui csvlens:csvlens; do
  if command -v "${name%:*}" >/dev/null; then
    scenarios+=("$TUIBENCH/scenarios/${name#*:}.toml")
  else
    echo "${name%:*} is not installed" >&2
  fi
done
run -r "$rounds" --base hitdeck --out "$out" "${scenarios[@]}"

[ "${MILLION:-1}" = 1 ] || exit 0
fill 1000000
sed 's/of 100,000/of 1,000,000/; s/settle_ms = .*/settle_ms = 4000/' "$here/scenarios/hitdeck.toml" >"$scratch/million.toml"
run -r 1 --no-probes --out "$out-million" "$scratch/million.toml"
cat "$out-million.md"
