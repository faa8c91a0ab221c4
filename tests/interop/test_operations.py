"""The operations beside the common ones, through boto3: qualifications, workers, notifications, review policies, layouts."""

import datetime
import unittest

from botocore.exceptions import ClientError

from support import NAMESPACE, QUESTION, aws_cli, client, control, known_worker, submit

TEST = f"""<QuestionForm xmlns="{NAMESPACE}/2017-11-06/QuestionForm.xsd"><Question>
<QuestionIdentifier>capital</QuestionIdentifier><IsRequired>true</IsRequired>
<QuestionContent><Text>Capital of France?</Text></QuestionContent>
<AnswerSpecification><SelectionAnswer><StyleSuggestion>radiobutton</StyleSuggestion><Selections>
<Selection><SelectionIdentifier>paris</SelectionIdentifier><Text>Paris</Text></Selection>
<Selection><SelectionIdentifier>rome</SelectionIdentifier><Text>Rome</Text></Selection>
</Selections></SelectionAnswer></AnswerSpecification></Question></QuestionForm>"""
KEY = f"""<AnswerKey xmlns="{NAMESPACE}/2005-10-01/AnswerKey.xsd"><Question><QuestionIdentifier>capital</QuestionIdentifier>
<AnswerOption><SelectionIdentifier>paris</SelectionIdentifier><AnswerScore>10</AnswerScore></AnswerOption></Question>
<QualificationValueMapping><PercentageMapping><MaximumSummedScore>10</MaximumSummedScore></PercentageMapping>
</QualificationValueMapping></AnswerKey>"""
ANSWER = f"""<QuestionFormAnswers xmlns="{NAMESPACE}/2005-10-01/QuestionFormAnswers.xsd"><Answer>
<QuestionIdentifier>capital</QuestionIdentifier><SelectionIdentifier>paris</SelectionIdentifier></Answer></QuestionFormAnswers>"""


class Operations(unittest.TestCase):
    def setUp(self):
        self.mturk = client()

    def hit(self, **changed):
        values = dict(
            Title="Operations", Description="d", Reward="0.05", MaxAssignments=3, LifetimeInSeconds=3600,
            AssignmentDurationInSeconds=600, Question=QUESTION,
        )
        values.update(changed)
        return self.mturk.create_hit(**values)["HIT"]

    def qualification(self, name, **changed):
        values = dict(Name=name, Description="d", Keywords="k", QualificationTypeStatus="Active")
        values.update(changed)
        return self.mturk.create_qualification_type(**values)["QualificationType"]

    def refused(self, call, code, turk=None, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        response = caught.exception.response
        self.assertEqual(response["Error"]["Code"], code, response)
        if turk:
            self.assertEqual(response["TurkErrorCode"], f"AWS.MechanicalTurk.{turk}")
        return response.get("Message") or response["Error"]["Message"]

    def pages(self, operation, key, **arguments):
        paginator = self.mturk.get_paginator(operation)
        pages = paginator.paginate(PaginationConfig={"PageSize": 1}, **arguments)
        return [item for page in pages for item in page[key]]

    def test_qualifications_from_request_to_revocation(self):
        worker = known_worker(self.mturk, "A1QUALIFIED")
        made = self.qualification("Asked for")
        self.assertTrue(made["IsRequestable"])
        self.assertFalse(made["AutoGranted"])
        type_id = made["QualificationTypeId"]
        self.assertEqual(self.mturk.get_qualification_type(QualificationTypeId=type_id)["QualificationType"]["Name"], "Asked for")
        message = self.refused(
            self.mturk.create_qualification_type, "RequestError", "QualificationTypeAlreadyExists",
            Name="Asked for", Description="d", QualificationTypeStatus="Active",
        )
        self.assertTrue(message.startswith("You have already created a QualificationType with this name."), message)
        message = self.refused(
            self.mturk.get_qualification_score, "RequestError", "QualificationDoesNotExist",
            QualificationTypeId=type_id, WorkerId=worker,
        )
        self.assertTrue(message.startswith("You requested a Qualification that does not exist. ("), message)

        control("request-qualification", {"QualificationTypeId": type_id, "WorkerId": worker})
        other = known_worker(self.mturk, "A2QUALIFIED")
        control("request-qualification", {"QualificationTypeId": type_id, "WorkerId": other})
        requests = self.pages("list_qualification_requests", "QualificationRequests", QualificationTypeId=type_id)
        self.assertEqual([request["WorkerId"] for request in requests], [worker, other])
        self.mturk.accept_qualification_request(QualificationRequestId=requests[0]["QualificationRequestId"], IntegerValue=70)
        self.mturk.reject_qualification_request(QualificationRequestId=requests[1]["QualificationRequestId"], Reason="no")
        self.assertEqual(self.mturk.list_qualification_requests(QualificationTypeId=type_id)["NumResults"], 0)
        score = self.mturk.get_qualification_score(QualificationTypeId=type_id, WorkerId=worker)["Qualification"]
        self.assertEqual((score["IntegerValue"], score["Status"]), (70, "Granted"))

        self.mturk.associate_qualification_with_worker(
            QualificationTypeId=type_id, WorkerId=other, IntegerValue=80, SendNotification=False
        )
        holders = self.pages(
            "list_workers_with_qualification_type", "Qualifications", QualificationTypeId=type_id, Status="Granted"
        )
        self.assertEqual({holder["WorkerId"]: holder["IntegerValue"] for holder in holders}, {worker: 70, other: 80})
        self.mturk.disassociate_qualification_from_worker(QualificationTypeId=type_id, WorkerId=other, Reason="retake")
        message = self.refused(
            self.mturk.get_qualification_score, "RequestError", QualificationTypeId=type_id, WorkerId=other
        )
        self.assertIn("status of: Granted", message)

        hit = self.hit(
            Title="Guarded",
            QualificationRequirements=[
                {"QualificationTypeId": type_id, "Comparator": "GreaterThanOrEqualTo", "IntegerValues": [60], "ActionsGuarded": "Accept"}
            ],
        )
        self.assertFalse(hit["QualificationRequirements"][0]["RequiredToPreview"])
        listed = self.pages("list_hits_for_qualification_type", "HITs", QualificationTypeId=type_id)
        self.assertEqual([found["HITId"] for found in listed], [hit["HITId"]])
        submit(hit["HITId"], worker, a="b")

        updated = self.mturk.update_qualification_type(QualificationTypeId=type_id, Description="changed")["QualificationType"]
        self.assertEqual(updated["Description"], "changed")
        found = self.mturk.list_qualification_types(Query="Asked", MustBeRequestable=False, MustBeOwnedByCaller=True, MaxResults=100)
        self.assertIn(type_id, [found["QualificationTypeId"] for found in found["QualificationTypes"]])
        self.mturk.delete_qualification_type(QualificationTypeId=self.qualification("Short-lived")["QualificationTypeId"])

    def test_a_scored_test_grants_at_once(self):
        worker = known_worker(self.mturk, "A3QUALIFIED")
        made = self.qualification("Scored", Test=TEST, AnswerKey=KEY, TestDurationInSeconds=600, RetryDelayInSeconds=60)
        self.assertEqual((made["Test"], made["AnswerKey"], made["TestDurationInSeconds"]), (TEST, KEY, 600))
        type_id = made["QualificationTypeId"]
        control("request-qualification", {"QualificationTypeId": type_id, "WorkerId": worker, "Answer": ANSWER})
        score = self.mturk.get_qualification_score(QualificationTypeId=type_id, WorkerId=worker)["Qualification"]
        self.assertEqual(score["IntegerValue"], 100)
        self.refused(
            self.mturk.update_qualification_type, "ParameterValidationError",
            QualificationTypeId=type_id, Test="<QuestionForm/>", TestDurationInSeconds=60,
        )

    def test_more_assignments_other_types_and_review_marks(self):
        hit_id = self.hit(MaxAssignments=1)["HITId"]
        self.mturk.create_additional_assignments_for_hit(HITId=hit_id, NumberOfAdditionalAssignments=2, UniqueRequestToken="more-1")
        self.refused(
            self.mturk.create_additional_assignments_for_hit, "RequestError",
            HITId=hit_id, NumberOfAdditionalAssignments=2, UniqueRequestToken="more-1",
        )
        self.refused(
            self.mturk.create_additional_assignments_for_hit, "RequestError", "InvalidMaximumAssignmentsIncrease",
            HITId=hit_id, NumberOfAdditionalAssignments=7,
        )
        other = self.mturk.create_hit_type(Title="Other", Description="d", Reward="0.07", AssignmentDurationInSeconds=60)
        self.mturk.update_hit_type_of_hit(HITId=hit_id, HITTypeId=other["HITTypeId"])
        hit = self.mturk.get_hit(HITId=hit_id)["HIT"]
        self.assertEqual((hit["Title"], hit["Reward"], hit["MaxAssignments"]), ("Other", "0.07", 3))
        for worker in ["A1WORKER", "A2WORKER", "A3WORKER"]:
            submit(hit_id, worker, a="b")
        self.mturk.update_hit_review_status(HITId=hit_id, Revert=False)
        reviewing = self.mturk.list_reviewable_hits(HITTypeId=other["HITTypeId"], Status="Reviewing")["HITs"]
        self.assertEqual([hit["HITId"] for hit in reviewing], [hit_id])
        self.mturk.update_hit_review_status(HITId=hit_id, Revert=True)
        self.refused(self.mturk.update_hit_review_status, "RequestError", "InvalidHITState", HITId=hit_id, Revert=True)

    def test_review_policies(self):
        hit_id = self.hit(
            MaxAssignments=1,
            AssignmentReviewPolicy={
                "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
                "Parameters": [
                    {"Key": "AnswerKey", "MapEntries": [{"Key": "q1", "Values": ["B"]}]},
                    {"Key": "ApproveIfKnownAnswerScoreIsAtLeast", "Values": ["79"]},
                ],
            },
            HITReviewPolicy={
                "PolicyName": "SimplePlurality/2011-09-01",
                "Parameters": [{"Key": "QuestionIds", "Values": ["q1"]}, {"Key": "QuestionAgreementThreshold", "Values": ["50"]}],
            },
        )["HITId"]
        assignment = submit(hit_id, "A1WORKER", q1="B")
        results = self.mturk.list_review_policy_results_for_hit(HITId=hit_id, PolicyLevels=["Assignment", "HIT"])
        self.assertEqual(results["AssignmentReviewPolicy"]["PolicyName"], "ScoreMyKnownAnswers/2011-09-01")
        self.assertIn("KnownAnswerScore", [result["Key"] for result in results["AssignmentReviewReport"]["ReviewResults"]])
        self.assertEqual(self.mturk.get_assignment(AssignmentId=assignment)["Assignment"]["AssignmentStatus"], "Approved")

    def test_blocks_and_messages(self):
        workers = [known_worker(self.mturk, f"A{number}BLOCKED") for number in range(3)]
        for worker in workers:
            self.mturk.create_worker_block(WorkerId=worker, Reason="spam")
        self.assertEqual([b["WorkerId"] for b in self.pages("list_worker_blocks", "WorkerBlocks")], workers)
        for worker in workers:
            self.mturk.delete_worker_block(WorkerId=worker, Reason="appealed")
        self.refused(self.mturk.create_worker_block, "ParameterValidationError", WorkerId="A1NOBODY", Reason="r")
        self.refused(self.mturk.create_worker_block, "ValidationException", WorkerId="A1,A2", Reason="r")
        hit_id = self.hit()["HITId"]
        self.mturk.approve_assignment(AssignmentId=submit(hit_id, workers[0], a="b"))
        failed = self.mturk.notify_workers(Subject="Hello", MessageText="More work", WorkerIds=workers)
        self.assertEqual(
            {f["WorkerId"]: f["NotifyWorkersFailureCode"] for f in failed["NotifyWorkersFailureStatuses"]},
            {workers[1]: "HardFailure", workers[2]: "HardFailure"},
        )

    def test_notification_settings(self):
        type_id = self.hit()["HITTypeId"]
        specification = dict(
            Destination="arn:aws:sns:us-east-1:123456789012:events", Transport="SNS", Version="2014-08-15",
            EventTypes=["AssignmentSubmitted"],
        )
        self.mturk.update_notification_settings(HITTypeId=type_id, Notification=specification, Active=False)
        self.mturk.update_notification_settings(HITTypeId=type_id, Active=False)
        self.refused(self.mturk.update_notification_settings, "ParameterValidationError", HITTypeId=type_id)
        wrong = dict(specification, Destination="nowhere")
        self.refused(
            self.mturk.update_notification_settings, "RequestError", "InvalidTransportEndpoint",
            HITTypeId=type_id, Notification=wrong,
        )

    def test_what_is_withdrawn_or_of_others_is_refused(self):
        hit_id = self.hit()["HITId"]
        assignment = submit(hit_id, "A1WORKER", a="b")
        self.refused(self.mturk.get_file_upload_url, "RequestError", AssignmentId=assignment, QuestionIdentifier="q")
        account = control("requester", {"name": f"other-{datetime.datetime.now().timestamp()}"})
        other = client(aws_access_key_id=account["access_key_id"], aws_secret_access_key=account["secret_access_key"])
        for call, turk, arguments in [
            (other.get_hit, "HITDoesNotExist", dict(HITId=hit_id)),
            (other.list_assignments_for_hit, "HITDoesNotExist", dict(HITId=hit_id)),
            (other.list_review_policy_results_for_hit, "HITDoesNotExist", dict(HITId=hit_id)),
            (other.update_expiration_for_hit, "HITDoesNotExist", dict(HITId=hit_id, ExpireAt=0)),
            (other.get_assignment, "AssignmentDoesNotExist", dict(AssignmentId=assignment)),
            (other.approve_assignment, "AssignmentDoesNotExist", dict(AssignmentId=assignment)),
        ]:
            self.refused(call, "RequestError", turk, **arguments)

    def test_the_command_line(self):
        worker = known_worker(self.mturk, "A1CLI")
        code, made, errors = aws_cli(
            "create-qualification-type", name="By CLI", description="d", qualification_type_status="Active", auto_granted=True
        )
        self.assertEqual(code, 0, errors)
        type_id = made["QualificationType"]["QualificationTypeId"]
        for operation, options in [
            ("associate-qualification-with-worker", dict(qualification_type_id=type_id, worker_id=worker, integer_value=5)),
            ("get-qualification-score", dict(qualification_type_id=type_id, worker_id=worker)),
            ("list-workers-with-qualification-type", dict(qualification_type_id=type_id)),
            ("disassociate-qualification-from-worker", dict(qualification_type_id=type_id, worker_id=worker, reason="r")),
            ("create-worker-block", dict(worker_id=worker, reason="spam")),
            ("list-worker-blocks", {}),
            ("delete-worker-block", dict(worker_id=worker)),
            ("notify-workers", dict(subject="s", message_text="t", worker_ids=worker)),
            ("list-qualification-requests", {}),
            ("delete-qualification-type", dict(qualification_type_id=type_id)),
        ]:
            code, _, errors = aws_cli(operation, **options)
            self.assertEqual(code, 0, f"{operation}: {errors}")
        code, _, errors = aws_cli("list-qualification-types", "--no-must-be-requestable", "--must-be-owned-by-caller")
        self.assertEqual(code, 0, errors)
