#!/bin/sh
# A whole project as a notebook for boto3 would walk through it, as hitdeck commands: from the balance to the deleted HITs. It
# publishes, pays and blocks: run it against a market of your own, or the sandbox, never where money is real.
#
#   scripts/tutorial.sh [DIR]      DIR: where the files of the project go (default: tutorial)
#
# Where workers have to work it waits for Enter: they take the test first, then the HITs.
set -eu
dir=${1:-tutorial}
batch=relations-pilot
mkdir -p "$dir"

say() { printf '\n# %s\n' "$*"; }
wait_for() { printf '\n=== %s (Enter goes on)\n' "$*"; read -r _; }
# Some of what a command is asked for may not be possible; that it says so is its job (6: some items failed).
some() { "$@" || [ $? -eq 6 ]; }

say "T1, T2: the account of the AWS profile, where it is, and what it holds"
hitdeck doctor || true
hitdeck balance

say "T7: a qualification test from two files; then a type that is there gets another test"
hitdeck batch new qualification "$dir/test"
hitdeck qual create --name "Relations: trained" --description "A short test on relations" --keywords "relation, test" \
    --test "$dir/test/test.xml" --test-duration 40m --answer-key "$dir/test/key.xml" --retry-delay 1m -o csv > "$dir/type.csv"
qual=$(sed -n 2p "$dir/type.csv" | cut -d, -f1)
hitdeck qual update "$qual" --description "A short test on relations between things"

say "T3 to T6, T8: a template and a table; consent, cost, wage; only for those who passed"
hitdeck batch new relations "$dir/task"
cat >> "$dir/task/batch.toml" <<TOML
[[requirement]]
qualification = "Relations: trained"
comparator    = ">="
value         = 50
TOML
hitdeck batch check "$dir/task/batch.toml"

say "T19: a row as a worker sees it (--serve shows it in a browser)"
hitdeck batch preview "$dir/task/batch.toml" --row 2

say "T9: one HIT a row, first a pilot; the link leads workers to it"
hitdeck batch publish "$dir/task/batch.toml" --limit 2 --yes
hitdeck batch publish "$dir/task/batch.toml" --yes

wait_for "workers take the test"
hitdeck qual holders "$qual"
wait_for "workers do the HITs"

say "T10: how far it is, over the batch and HIT by HIT"
hitdeck batch status "$batch"

say "T11: the answers beside their rows"
hitdeck assignment list --where "batch:$batch"
hitdeck batch export "$batch" --to "$dir/results.csv" --yes

say "T12, T13: valid answers are approved with a word of thanks, the others rejected with the reason: first the summary"
valid="batch:$batch status:submitted answer.relation:json"
broken="batch:$batch status:submitted -answer.relation:json"
hitdeck assignment approve --where "$valid" --feedback "Thank you!" --dry-run
hitdeck assignment approve --where "$valid" --feedback "Thank you!" --yes
hitdeck assignment reject --where "$broken" --feedback "The answer was not valid JSON." --dry-run
hitdeck assignment reject --where "$broken" --feedback "The answer was not valid JSON." --yes
# Again: what is decided already is left alone.
hitdeck assignment approve --where "$valid" --feedback "Thank you!" --yes

say "T14: what cannot be rejected is said, with the reason"
hitdeck assignment list --where "batch:$batch status:approved" -o csv | sed 1d | cut -d, -f1 > "$dir/approved.txt"
some hitdeck assignment reject --ids "$dir/approved.txt" --feedback "Too late." --yes

say "Rejected work is asked for again, and so is what nobody did"
hitdeck batch top-up "$batch" --yes

say "T18: results without worker IDs; the key stays apart"
hitdeck batch export "$batch" --pseudonymize "$dir/worker.key" --to "$dir/public.csv" --yes
hitdeck batch export "$batch" --format tidy --to "$dir/tidy.csv" --yes

say "T16: blocked with a reason, one or from a file; the list; unblocked"
hitdeck worker list --where "batch:$batch status:rejected" -o csv | sed 1d | cut -d, -f1 > "$dir/workers.txt"
hitdeck worker block --file "$dir/workers.txt" --reason "Several answers were not valid JSON." --yes
hitdeck worker blocked
hitdeck worker unblock --file "$dir/workers.txt" --reason "They wrote to us." --yes

say "T17: the qualification is taken away, so that the test can be taken again"
hitdeck qual revoke "$qual" --file "$dir/workers.txt" --reason "Please take the test again." --yes

say "T15: the HITs are deleted, expired first where needed; what could not be is said, and why"
hitdeck archive "$dir/archive"
some hitdeck hit delete --batch "$batch" --yes
hitdeck balance
