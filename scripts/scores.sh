#!/bin/sh
# The long run of score files: the built program uploads 5,000 score changes to a market that throttles a fifth of all
# requests, and is killed with SIGKILL ten times on the way. Then the market's scores are held against the file, and its
# count of changes against 5,000. Takes a few minutes. Usage: scripts/scores.sh [SEED]...   (default: 1)
set -eu
cd "$(dirname "$0")/.."
for seed in "${@:-1}"; do
    HITDECK_FAULTS_SEED="$seed" cargo test --quiet --test faults -- scores::the_long_run --exact --ignored --nocapture
done
