"""The market as boto3 and the AWS CLI see it: HITs, assignments, bonuses, errors."""

import datetime
import os
import re
import shutil
import unittest
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from support import ENDPOINT, QUESTION, aws_cli, client, submit


class Boto3(unittest.TestCase):
    def setUp(self):
        self.mturk = client()

    def create(self, **changed):
        values = dict(
            Title="What is the sentiment?",
            Description="Read a sentence",
            Keywords="text, sentiment",
            Reward="0.15",
            MaxAssignments=2,
            LifetimeInSeconds=86400,
            AssignmentDurationInSeconds=600,
            AutoApprovalDelayInSeconds=259200,
            Question=QUESTION,
            RequesterAnnotation="row-1",
        )
        values.update(changed)
        return self.mturk.create_hit(**values)["HIT"]

    def refused(self, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        response = caught.exception.response
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 400)
        return caught.exception, response

    def test_a_whole_project(self):
        before = float(self.mturk.get_account_balance()["AvailableBalance"])
        hit = self.create()
        self.assertEqual(hit["HITStatus"], "Assignable")
        self.assertNotEqual(hit["HITGroupId"], hit["HITTypeId"])
        self.assertEqual(hit["Expiration"] - hit["CreationTime"], datetime.timedelta(days=1))
        self.assertEqual(hit["QualificationRequirements"], [])
        hit_id = hit["HITId"]

        good = submit(hit_id, "A1WORKER", sentiment="positive", note="\u00e4 < b")
        bad = submit(hit_id, "A2WORKER", sentiment="")
        pages = self.mturk.get_paginator("list_assignments_for_hit").paginate(
            HITId=hit_id, AssignmentStatuses=["Submitted"], PaginationConfig={"PageSize": 1}
        )
        listed = [assignment for page in pages for assignment in page["Assignments"]]
        self.assertEqual([assignment["AssignmentId"] for assignment in listed], [good, bad])
        self.assertIn("<FreeText>positive</FreeText>", listed[0]["Answer"])
        self.assertEqual(listed[0]["AutoApprovalTime"] - listed[0]["SubmitTime"], datetime.timedelta(days=3))
        self.assertIn(hit_id, [hit["HITId"] for hit in self.mturk.list_reviewable_hits(MaxResults=100)["HITs"]])

        self.mturk.approve_assignment(AssignmentId=good, RequesterFeedback="good", OverrideRejection=False)
        self.mturk.reject_assignment(AssignmentId=bad, RequesterFeedback="The answer was empty.")
        error, response = self.refused(self.mturk.approve_assignment, AssignmentId=bad)
        self.assertIsInstance(error, self.mturk.exceptions.RequestError)
        self.assertEqual(response["TurkErrorCode"], "AWS.MechanicalTurk.InvalidAssignmentState")
        self.assertRegex(response["Message"], r"^This operation can be called with a status of: Submitted \(\d{13}\)$")
        self.mturk.approve_assignment(AssignmentId=bad, OverrideRejection=True)
        status = self.mturk.get_assignment(AssignmentId=bad)["Assignment"]["AssignmentStatus"]
        self.assertEqual(status, "Approved")

        bonus = dict(WorkerId="A1WORKER", AssignmentId=good, BonusAmount="1.00", Reason="thanks")
        self.mturk.send_bonus(UniqueRequestToken=f"bonus-{good}", **bonus)
        _, response = self.refused(self.mturk.send_bonus, UniqueRequestToken=f"bonus-{good}", **bonus)
        self.assertIn(f'The idempotency token "bonus-{good}" has already been processed.', response["Message"])
        payments = self.mturk.list_bonus_payments(HITId=hit_id)
        self.assertEqual([p["BonusAmount"] for p in payments["BonusPayments"]], ["1.00"])

        after = float(self.mturk.get_account_balance()["AvailableBalance"])
        self.assertAlmostEqual(before - after, 2 * 0.18 + 1.20, places=2)

        self.mturk.update_expiration_for_hit(HITId=hit_id, ExpireAt=datetime.datetime(2015, 1, 1))
        self.mturk.delete_hit(HITId=hit_id)
        self.assertNotIn(hit_id, [hit["HITId"] for hit in self.mturk.list_hits(MaxResults=100)["HITs"]])
        _, response = self.refused(self.mturk.delete_hit, HITId=hit_id)
        self.assertIn("currently in the state 'Disposed'", response["Message"])

    def test_expiring_with_zero_and_deleting_what_is_open(self):
        hit_id = self.create()["HITId"]
        _, response = self.refused(self.mturk.delete_hit, HITId=hit_id)
        self.assertEqual(response["TurkErrorCode"], "AWS.MechanicalTurk.InvalidHITState")
        self.assertIn("currently in the state 'Assignable'.  This operation", response["Message"])
        self.mturk.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
        self.assertEqual(self.mturk.get_hit(HITId=hit_id)["HIT"]["HITStatus"], "Reviewable")
        self.mturk.delete_hit(HITId=hit_id)

    def test_error_codes(self):
        error, response = self.refused(self.mturk.get_hit, HITId="3NOSUCHHIT")
        self.assertIsInstance(error, self.mturk.exceptions.RequestError)
        self.assertEqual(response["Error"]["Code"], "RequestError")
        self.assertEqual(response["TurkErrorCode"], "AWS.MechanicalTurk.HITDoesNotExist")
        self.assertRegex(response["Message"], r"^Hit 3NOSUCHHIT does not exist\. \(\d{13}\)$")
        for call, arguments, code in [
            (self.mturk.get_hit, dict(HITId="dud lower"), "ValidationException"),
            (self.mturk.list_hits, dict(MaxResults=1000), "ValidationException"),
            (self.mturk.list_hits, dict(NextToken="nonsense"), "ParameterValidationError"),
            (self.create, dict(Question="<a/>"), "ParameterValidationError"),
            (self.create, dict(LifetimeInSeconds=1), "ParameterValidationError"),
            (self.create, dict(Reward="9000"), "RequestError"),
        ]:
            error, response = self.refused(call, **arguments)
            self.assertEqual(response["Error"]["Code"], code)
            self.assertEqual(isinstance(error, self.mturk.exceptions.RequestError), code == "RequestError")
        _, response = self.refused(client(aws_access_key_id="NOBODY", aws_secret_access_key="x").list_hits)
        self.assertEqual(response["Error"]["Code"], "UnrecognizedClientException")
        _, response = self.refused(client(aws_secret_access_key="x", aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"]).list_hits)
        self.assertEqual(response["Error"]["Code"], "InvalidSignatureException")

    def test_loops_that_index_the_token_of_a_page_with_results_end(self):
        made = {self.create(MaxAssignments=1)["HITId"] for _ in range(3)}
        seen, arguments = set(), dict(MaxResults=2)
        while True:
            page = self.mturk.list_hits(**arguments)
            if page["NumResults"] == 0:
                self.assertNotIn("NextToken", page)
                break
            seen.update(hit["HITId"] for hit in page["HITs"])
            arguments["NextToken"] = page["NextToken"]
        self.assertLessEqual(made, seen)

    def test_types_are_shared(self):
        type_id = self.mturk.create_hit_type(
            Title="Shared", Description="d", Reward="0.05", AssignmentDurationInSeconds=60
        )["HITTypeId"]
        hit = self.mturk.create_hit_with_hit_type(
            HITTypeId=type_id, LifetimeInSeconds=60, Question=QUESTION, UniqueRequestToken="shared-1"
        )["HIT"]
        self.assertEqual((hit["HITTypeId"], hit["Title"], hit["MaxAssignments"]), (type_id, "Shared", 1))
        self.assertEqual(hit["AutoApprovalDelayInSeconds"], 2592000)
        _, response = self.refused(
            self.mturk.create_hit_with_hit_type,
            HITTypeId=type_id, LifetimeInSeconds=60, Question=QUESTION, UniqueRequestToken="shared-1",
        )
        self.assertEqual(response["TurkErrorCode"], "AWS.MechanicalTurk.HitAlreadyExists")
        self.assertIn(hit["HITId"], response["Message"])

    def test_throttling_is_retried_by_the_sdk(self):
        request = urllib.request.Request(f"{ENDPOINT}/_control/faults", data=b"throttle=0.5,error500=0.2")
        urllib.request.urlopen(request, timeout=30).close()
        try:
            patient = boto3.client("mturk", endpoint_url=ENDPOINT, config=Config(retries={"max_attempts": 25}))
            self.assertIn("AvailableBalance", patient.get_account_balance())
        finally:
            urllib.request.urlopen(urllib.request.Request(f"{ENDPOINT}/_control/faults", data=b""), timeout=30).close()


@unittest.skipUnless(shutil.which("aws"), "the AWS CLI is not here")
class AwsCli(unittest.TestCase):
    def must(self, operation, **arguments):
        code, answer, errors = aws_cli(operation, **arguments)
        self.assertEqual(code, 0, errors)
        return answer

    def test_a_whole_project(self):
        hit = self.must(
            "create-hit", title="By CLI", description="d", reward="0.05", max_assignments=2, lifetime_in_seconds=3600,
            assignment_duration_in_seconds=600, question=QUESTION, unique_request_token="cli-1",
        )["HIT"]
        hit_id = hit["HITId"]
        good, bad = submit(hit_id, "A1WORKER", a="1"), submit(hit_id, "A2WORKER", a="2")
        listed = self.must("list-assignments-for-hit", hit_id=hit_id)
        self.assertEqual([a["AssignmentId"] for a in listed["Assignments"]], [good, bad])
        self.must("approve-assignment", assignment_id=good)
        self.must("reject-assignment", assignment_id=bad, requester_feedback="no")
        self.must("send-bonus", worker_id="A1WORKER", assignment_id=good, bonus_amount="0.10", reason="thanks")
        payments = self.must("list-bonus-payments", hit_id=hit_id)
        self.assertEqual(payments["BonusPayments"][0]["BonusAmount"], "0.10")
        code, _, errors = aws_cli("approve-assignment", assignment_id=good)
        self.assertNotEqual(code, 0)
        self.assertTrue(re.search(r"\(RequestError\).*ApproveAssignment.*status of: Submitted", errors), errors)
        self.must("update-expiration-for-hit", hit_id=hit_id, expire_at="0")
        self.must("delete-hit", hit_id=hit_id)
        self.assertEqual(self.must("get-hit", hit_id=hit_id)["HIT"]["HITStatus"], "Disposed")
        self.assertIn("AvailableBalance", self.must("get-account-balance"))
