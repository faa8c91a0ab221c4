#!/usr/bin/env bash
# Runs programs for Mechanical Turk that nobody here wrote, as they are in their package registries, against a market of this
# build. Not part of CI: it installs packages, some with very old dependencies, into a folder of its own.
#
#     cargo build && scripts/programs/run.sh [DIRECTORY]
#
# What ran and what happened is in docs/market.md, "Programs that were run".
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
cd "$work"
hitdeck=${HITDECK:-$here/../../target/debug/hitdeck}
moto_port=${MOTO_PORT:-5123}

environment() { # NAME PACKAGE...: a virtual environment with these packages
    local name=$1
    shift
    [ -x "$name/bin/python3" ] || python3 -m venv "$name"
    "$name/bin/pip" install --quiet --disable-pip-version-check "$@"
}
environment modern boto3 'moto[server]' 'mcp<2' mcp-server-mturk
environment old psiturk 'setuptools<70'
old/bin/pip install --quiet --disable-pip-version-check --upgrade boto3 # the one it asks for does not run on a Python of today
[ -d dallinger ] || { modern/bin/pip download --quiet --no-deps -d . dallinger && modern/bin/python3 -m zipfile -e dallinger-*.whl .; }

stop() { kill "${started[@]}" 2>/dev/null || true; }
started=()
trap stop EXIT

modern/bin/moto_server -H 127.0.0.1 -p "$moto_port" >moto.log 2>&1 & started+=($!)
"$hitdeck" market serve --memory --listen 127.0.0.1:0 --control -o json \
    --sqs-endpoint "http://127.0.0.1:$moto_port" --sns-endpoint "http://127.0.0.1:$moto_port" >ready.json 2>market.log & started+=($!)
until [ -s ready.json ]; do kill -0 "${started[1]}" && read -rt 0.1 _ < <(:) || true; done
said() { modern/bin/python3 -c "import json; print(json.load(open('ready.json'))['$1'])"; }
MARKET_CONTROL=$(said endpoint) AWS_ACCESS_KEY_ID=$(said access_key_id) AWS_SECRET_ACCESS_KEY=$(said secret_access_key)
export MARKET_CONTROL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null NO_PROXY=127.0.0.1,localhost
modern/bin/python3 "$here/amazon_proxy.py" "$MARKET_CONTROL" "$work" >proxy.env 2>proxy.log & started+=($!)
until grep -q AWS_CA_BUNDLE proxy.env; do kill -0 "${started[2]}" && read -rt 0.1 _ < <(:) || true; done

echo "== mcp-server-mturk (endpoint from the environment)"
AWS_ENDPOINT_URL_MTURK=$MARKET_CONTROL modern/bin/python3 "$here/mcp_server.py"
# These two have Amazon's endpoint in their code: they reach the market through a proxy that stands where Amazon stood.
# shellcheck disable=SC1091
source proxy.env
echo "== Dallinger's MTurkService (with SNS at moto)"
AWS_ENDPOINT_URL_SNS=http://127.0.0.1:$moto_port modern/bin/python3 "$here/dallinger_service.py" dallinger/mturk.py
echo "== psiTurk's MTurkServices (its own boto3)"
old/bin/python3 "$here/psiturk_services.py"
