#!/bin/sh
# The note on qualifications, step by step, as hitdeck commands: docs/qualification-note.md explains each. It needs an account
# with finished work (a batch name in BATCH) and changes it: run it against a market of your own, or the sandbox.
#
#   BATCH=pilot scripts/qualification-note.sh before    makes the qualifications; then workers can ask for them
#   BATCH=pilot scripts/qualification-note.sh after     answers the requests, sets scores, excludes who took part
set -eu
: "${BATCH:?the name of a batch that was worked on}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n# %s\n' "$*"; }

next_study() {
    cat > "$work/next.toml" <<'TOML'
# The study after this one.
name         = "note-next"
title        = "Does it follow? The next part"
description  = "Read two sentences."
reward       = "0.05"
assignments  = 1
lifetime     = "1h"
time_limit   = "10m"
auto_approve = "3d"
template     = "task.html"
consent      = "none"
data         = "items.csv"
TOML
    echo '<crowd-form><p>${text}</p><crowd-input name="label"></crowd-input></crowd-form>' > "$work/task.html"
    printf 'text\nAll cats sleep.\n' > "$work/items.csv"
}

before() {
    say "An own qualification with any value (Q1), given by hand: workers ask, requests wait (Q3)"
    hitdeck qual create --name "Note: by hand" --description "Ask for it, and we look at you." --retry-delay 1d

    say "One that everybody is granted who asks, with a value (Q4)"
    hitdeck qual create --name "Note: new here" --description "For those who are new to our tasks." --auto-grant 100

    say "Comparators are conditions, and 'has a value' can be asked for (Q1, Q2): requirements in the batch file of the next study"
    next_study
    hitdeck batch require "$work/next.toml" "Note: by hand" '>=' 60 --action preview --yes
    hitdeck batch require "$work/next.toml" "Note: new here" exists --yes
    hitdeck batch require "$work/next.toml" PercentAssignmentsApproved '>=' 95 --yes
    grep -A 3 requirement "$work/next.toml"

    say "Granting by itself is switched on and off on a type that is there (Q4)"
    hitdeck qual create --name "Note: open house" --description "Switched on later."
    hitdeck qual update "Note: open house" --auto-grant 50
    hitdeck qual update "Note: open house" --no-auto-grant

    say "A test with an answer key, scored by itself; then the key of a test that is there is replaced (Q5)"
    cat > "$work/test.xml" <<'XML'
<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd">
  <Question>
    <QuestionIdentifier>follows</QuestionIdentifier>
    <QuestionContent><Text>All cats sleep. Tom is a cat. Does Tom sleep?</Text></QuestionContent>
    <AnswerSpecification><SelectionAnswer><Selections>
      <Selection><SelectionIdentifier>yes</SelectionIdentifier><Text>Yes</Text></Selection>
      <Selection><SelectionIdentifier>no</SelectionIdentifier><Text>No</Text></Selection>
    </Selections></SelectionAnswer></AnswerSpecification>
  </Question>
</QuestionForm>
XML
    cat > "$work/key.xml" <<'XML'
<AnswerKey xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/AnswerKey.xsd">
  <Question>
    <QuestionIdentifier>follows</QuestionIdentifier>
    <AnswerOption><SelectionIdentifier>yes</SelectionIdentifier><AnswerScore>100</AnswerScore></AnswerOption>
  </Question>
</AnswerKey>
XML
    sed 's/100/90/' "$work/key.xml" > "$work/key2.xml"
    hitdeck qual create --name "Note: test" --description "One question." --retry-delay 1d \
        --test "$work/test.xml" --test-duration 40m --answer-key "$work/key.xml"
    hitdeck qual update "Note: test" --answer-key "$work/key2.xml"

    say "The qualification of those who took part, for the next study (Q6)"
    hitdeck qual create --name "Note: took part" --description "Took part in our studies." --auto-grant 100
    hitdeck qual list
}

after() {
    say "The queue: granted with a value, or rejected (Q3)"
    hitdeck qual requests list --qual "Note: by hand"
    first=$(hitdeck qual requests list --qual "Note: by hand" -o csv | sed -n 2p | cut -d, -f1)
    hitdeck qual requests reject "$first" --reason "We have enough people this time. Please ask again tomorrow."
    hitdeck qual requests grant --qual "Note: by hand" --score 70 --yes

    say "Everybody who took part: score 0, so that 'greater than 0' keeps them out, and so does 'does not exist' (Q2, Q6, Q11)"
    hitdeck worker exclude --batch "$BATCH" --qual "Note: took part" --score 0 --yes

    say "The next study keeps them out (Q6): its batch file requires it, and it is published with that"
    next_study
    hitdeck worker exclude --batch "$BATCH" --qual "Note: took part" --score 0 --require-in "$work/next.toml" --way above --yes
    hitdeck worker exclude --batch "$BATCH" --qual "Note: took part" --score 0 --require-in "$work/next.toml" --way above --yes
    hitdeck batch publish "$work/next.toml" --yes

    say "The same from a results file that is matched with the workers known here (Q7)"
    hitdeck assignment list --where "batch:$BATCH" -o csv > "$work/results.csv"
    hitdeck worker exclude --results "$work/results.csv" --qual "Note: took part" --score 0 --yes

    say "Scores as the requester website's worker file: downloaded, filled in, uploaded (Q8)"
    hitdeck qual scores export --qual "Note: new here" --layout website > "$work/workers.csv"
    awk -F, 'BEGIN { OFS = "," } NR > 1 { $3 = 60 } { print }' "$work/workers.csv" > "$work/update.csv"
    hitdeck qual scores import "$work/update.csv" --qual "Note: new here" --yes

    say "Scores as the command-line tools' file (Q9)"
    hitdeck qual scores export --qual "Note: new here" --layout tab > "$work/scores.txt"
    sed 's/60$/65/' "$work/scores.txt" > "$work/better.txt"
    hitdeck qual scores import "$work/better.txt" --qual "Note: new here" --yes

    say "One command over any set of workers, in place of a loop (Q10)"
    hitdeck qual grant "Note: new here" --where "batch:$BATCH" --score 80 --yes

    say "Taken away, so that the test can be taken again"
    someone=$(hitdeck qual holders "Note: new here" -o csv | sed -n 2p | cut -d, -f1)
    hitdeck qual revoke "Note: new here" "$someone" --reason "Please ask for it again."

    say "Blocked with a reason, one or from a file; listed; and set free again"
    echo "$someone" > "$work/blocked.txt"
    hitdeck worker block --file "$work/blocked.txt" --reason "A script answered." --yes
    hitdeck worker blocked
    hitdeck worker unblock "$someone" --reason "It was a mistake."

    hitdeck qual holders "Note: took part"
    hitdeck qual list
}

case "${1:-}" in
    before) before ;;
    after) after ;;
    *)
        echo "usage: BATCH=NAME $0 before|after" >&2
        exit 2
        ;;
esac
