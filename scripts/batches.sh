#!/bin/sh
# What import and export of many assignments take, beside SQLite's own shell with the same columns. Makes a batch-results file
# of N assignments (default 1,000,000; 10 to a HIT), imports it, exports it, and says seconds and peak memory of each.
# Usage: scripts/batches.sh [N] [PROGRAM]   (default program: target/release/hitdeck)
set -eu
cd "$(dirname "$0")/.."
count=${1:-1000000}
program=${2:-target/release/hitdeck}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

awk -v count="$count" 'BEGIN {
    print "HITId,HITTypeId,Title,Description,Keywords,Reward,CreationTime,MaxAssignments,RequesterAnnotation,AssignmentDurationInSeconds,AutoApprovalDelayInSeconds,Expiration,NumberOfSimilarHITs,LifetimeInSeconds,AssignmentId,WorkerId,AssignmentStatus,AcceptTime,SubmitTime,AutoApprovalTime,ApprovalTime,RejectionTime,RequesterFeedback,WorkTimeInSeconds,LifetimeApprovalRate,Last30DaysApprovalRate,Last7DaysApprovalRate,Input.text,Input.hypothesis,Answer.comment,Answer.label,Approve,Reject"
    for (n = 0; n < count; n++) {
        hit = int(n / 10)
        printf "\"3HIT%026d\",\"3TYPE\",\"Does it follow?\",\"Read and answer\",\"text, logic\",\"$0.05\",\"Mon Jan 22 09:00:00 PST 2018\",\"10\",\"BatchId:77;\",\"600\",\"259200\",\"Mon Jan 29 09:00:00 PST 2018\",\"\",\"\",\"3ASG%026d\",\"A%013d\",\"Approved\",\"Tue Jan 23 12:26:20 PST 2018\",\"Tue Jan 23 12:27:02 PST 2018\",\"Fri Jan 26 12:27:02 PST 2018\",\"Wed Jan 24 10:00:00 PST 2018\",\"\",\"\",\"42\",\"\",\"\",\"\",\"Three of its five permanent members are pushing number %d to lift the embargo.\",\"They want to put an end to sanctions number %d.\",\"It follows from the %d. word\",\"%s\",\"\",\"\"\n", hit, n, n % 4001, hit, hit, n % 50000, n % 3 ? "yes" : "no"
    }
}' > "$folder/work.csv"

timed() {
    name=$1
    shift
    python3 - "$name" "$@" <<'END'
import resource, subprocess, sys, time
begun = time.time()
subprocess.run(sys.argv[2:], check=True, stderr=subprocess.DEVNULL)
spent, peak = time.time() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{sys.argv[1]:<28} {spent:7.2f} s  {peak:7.1f} MB", file=sys.stderr)
END
}

export HOME="$folder"
echo "$count assignments, $(wc -c < "$folder/work.csv") bytes" >&2
timed "sqlite3 .import" sqlite3 "$folder/plain.db" ".mode csv" ".import $folder/work.csv work"
timed "hitdeck import" "$program" import "$folder/work.csv" -o json > /dev/null
mirror=$(ls "$folder"/.local/share/hitdeck/offline_work/*/mirror.db)
timed "sqlite3 -csv, plain table" sqlite3 -csv "$folder/plain.db" "SELECT * FROM work" > "$folder/plain.csv"
timed "sqlite3 -csv, the mirror" sqlite3 -csv "$mirror" "SELECT h.id, h.type_id, h.title, h.description, h.keywords,
  h.reward, h.created, h.maximum, h.annotation, h.duration, h.delay, h.expires, a.id, w.id, a.status, a.accepted,
  a.submitted, a.auto, a.decided, a.feedback, h.inputs, h.given, a.given, t.fields, t.xml FROM hit h
  JOIN assignment a ON a.hit = h.key JOIN worker w ON w.key = a.worker JOIN answer t ON t.id = a.answer
  ORDER BY h.created, h.key, a.key" > "$folder/mirror.csv"
for format in website tidy jsonl; do
    timed "hitdeck export $format" "$program" export --env offline:work --format "$format" > "$folder/out.$format"
done
