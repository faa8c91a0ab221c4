"""Drives Dallinger's own MTurkService (dallinger/mturk.py, unmodified) through what its recruiter does with it.

The rest of Dallinger wants PostgreSQL and Redis; of it only the function that reports an error is stood in for here.
"""

import importlib.util
import os
import sys
import types

import control

recruiters = types.ModuleType("dallinger.recruiters")


def report(error):
    raise error


recruiters.handle_and_raise_recruitment_error = report
sys.modules["dallinger"], sys.modules["dallinger.recruiters"] = types.ModuleType("dallinger"), recruiters
spec = importlib.util.spec_from_file_location("dallinger_mturk", sys.argv[1])
dallinger = importlib.util.module_from_spec(spec)
spec.loader.exec_module(dallinger)
service = dallinger.MTurkService(
    os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], "us-east-1", sandbox=False
)
assert service.check_credentials()
print("balance", service.account_balance())
qualification = service.create_qualification_type("Dallinger group", "worked before")
try:
    service.create_qualification_type("Dallinger group", "worked before")
    raise SystemExit("a second type of that name was made")
except dallinger.DuplicateQualificationNameError as error:
    print("refused", error)
found = service.get_qualification_type_by_name("Dallinger group")
assert found["id"] == qualification["id"], found
hit = service.create_hit(
    experiment_id="exp-1", title="An experiment", description="Take part", keywords=["psychology"], reward=0.05, duration_hours=1.0,
    lifetime_days=1, max_assignments=2, annotation="exp-1", qualifications=(dallinger.MTurkQualificationRequirements.min_approval(0),),
    question=dallinger.MTurkQuestions.external("https://example.org/ad"), do_subscribe=False,
)
print("hit", hit["id"], hit["status"], hit["worker_url"])
assignment = control.work(hit["id"], "A1DALLINGER", answer="42")
# Its HIT types approve at submission (AutoApprovalDelayInSeconds 0).
assert service.get_assignment(assignment)["status"] == "Approved"
try:
    service.approve_assignment(assignment)
    raise SystemExit("approved twice")
except dallinger.MTurkServiceException as error:
    print("refused", error)
service.grant_bonus(assignment, 0.25, "thanks")
service.increment_qualification_score(qualification["id"], "A1DALLINGER")
service.increment_qualification_score(qualification["id"], "A1DALLINGER")
assert service.current_qualification_score(qualification["id"], "A1DALLINGER") == 2
assert [worker["id"] for worker in service.get_workers_with_qualification(qualification["id"])] == ["A1DALLINGER"]
service.revoke_qualification(qualification["id"], "A1DALLINGER", "over")
service.extend_hit(hit["id"], 1, duration_hours=1.0)
assert hit["id"] in [other["id"] for other in service.get_hits()]
service.expire_hit(hit["id"])
assert service.disable_hit(hit["id"], "exp-1")
service.dispose_qualification_type(qualification["id"])
print("dallinger: all done")
