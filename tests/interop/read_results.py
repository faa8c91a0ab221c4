"""Opens exported results in pandas, as people do, and says what is there. Run by tests/cli/tutorial.rs."""

import json
import pathlib
import sys

import pandas

FIXED = """HITId HITTypeId Title Description Keywords Reward CreationTime MaxAssignments RequesterAnnotation
AssignmentDurationInSeconds AutoApprovalDelayInSeconds Expiration NumberOfSimilarHITs LifetimeInSeconds AssignmentId WorkerId
AssignmentStatus AcceptTime SubmitTime AutoApprovalTime ApprovalTime RejectionTime RequesterFeedback WorkTimeInSeconds
LifetimeApprovalRate Last30DaysApprovalRate Last7DaysApprovalRate""".split()

folder = pathlib.Path(sys.argv[1])
website = pandas.read_csv(folder / "website.csv")
expected = FIXED + ["Input.text", "Answer.comment", "Answer.label", "Approve", "Reject"]
assert list(website.columns) == expected, list(website.columns)
assert website["MaxAssignments"].dtype.kind == "i" and website["WorkTimeInSeconds"].dtype.kind == "i", website.dtypes
assert website["AssignmentId"].is_unique and website["Approve"].isna().all()

tidy = pandas.read_csv(folder / "tidy.csv")
submitted = pandas.to_datetime(tidy["SubmitTime"], utc=True)
assert submitted.notna().all()
wide = tidy.pivot(index="AssignmentId", columns="Field", values="Value")
assert list(wide.columns) == ["comment", "label"], wide.columns

lines = pandas.read_json(folder / "results.jsonl", lines=True)
answers = pandas.json_normalize(lines["Answer"].tolist())
assert sorted(answers.columns) == ["comment", "label"], answers.columns

print(json.dumps({
    "website": len(website),
    "tidy": len(tidy),
    "jsonl": len(lines),
    "labels": website.groupby("Answer.label").size().to_dict(),
    "approved": int((website["AssignmentStatus"] == "Approved").sum()),
}))
