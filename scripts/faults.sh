#!/bin/sh
# The long fault run: 2,000 approvals and 200 rejections (and 110 bonuses) against a market that throttles, fails and cuts
# connections, while the sender is killed with SIGKILL ten times at random moments. Then the market's ledger is held
# against the decisions. Takes a few minutes. Usage: scripts/faults.sh [SEED]...   (default: 1)
set -eu
cd "$(dirname "$0")/.."
for seed in "${@:-1}"; do
    HITDECK_FAULTS_SEED="$seed" cargo test --quiet --test faults -- kill::the_long_run --exact --ignored --nocapture
done
