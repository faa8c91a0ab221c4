#!/bin/sh
# The long publishing run: 10,000 rows against a market that throttles one request in five and cuts one connection in twenty
# after it has acted, while the program is killed with SIGKILL ten times at random moments. Then the market's HITs are held
# against the rows: each exactly once. Takes a few minutes. Usage: scripts/publish.sh [SEED]...   (default: 1)
set -eu
cd "$(dirname "$0")/.."
for seed in "${@:-1}"; do
    HITDECK_FAULTS_SEED="$seed" cargo test --quiet --test faults -- publish::the_long_run --exact --ignored --nocapture
done
