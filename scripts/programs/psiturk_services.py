"""Drives psiTurk's own MTurkServices (installed as it is) through what its command line and dashboard do with it."""

import datetime
import os

import control
from psiturk.amt_services import MTurkServices
from psiturk.psiturk_config import PsiturkConfig

config = PsiturkConfig()
config.load_config()
config.set("AWS Access", "aws_access_key_id", os.environ["AWS_ACCESS_KEY_ID"])
config.set("AWS Access", "aws_secret_access_key", os.environ["AWS_SECRET_ACCESS_KEY"])
services = MTurkServices(config, mode="live")


def must(response):
    assert response.success, response.exception
    return response.data


print("balance", must(services.check_balance()))
hit = must(
    services.create_hit(
        dict(
            approve_requirement=0, number_hits_approved=0, require_master_workers=False, us_only=False,
            require_qualification_ids=[], block_qualification_ids=[], advanced_qualifications=[], title="Stroop task",
            description="Judge colours", reward="0.05", duration=datetime.timedelta(hours=1), keywords="Perception, Psychology",
            ad_location="https://example.org/ad?mode=live", lifetime=datetime.timedelta(hours=24), max_assignments=3,
        )
    )
)
hit_id = hit["HITId"]
one, two = control.work(hit_id, "A1PSITURK", answer="red"), control.work(hit_id, "A2PSITURK", answer="blue")
print("hits", [(h.options["hitid"] == hit_id, h.options["status"]) for h in must(services.get_all_hits())][:1])
found = must(services.get_assignments(assignment_status="Submitted", hit_ids=[hit_id]))
assert sorted(a["assignmentId"] for a in found) == sorted([one, two]), found
must(services.approve_assignment(one))
must(services.reject_assignment(two))
must(services.unreject_assignment(two))
must(services.bonus_assignment(one, None, 0.5, "well done"))
again = services.approve_assignment(one)
assert not again.success and "status of: Submitted" in str(again.exception), again.exception
print("refused", again.exception)
must(services.extend_hit(hit_id, assignments_increment=2, expiration_increment=60))
must(services.list_qualification_types())
must(services.expire_hit(hit_id))
must(services.delete_hit(hit_id))
print("psiturk: all done")
