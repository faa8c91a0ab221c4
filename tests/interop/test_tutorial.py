"""A whole project as a tutorial for boto3 walks through it: from the balance to taking a qualification away again."""

import csv
import datetime
import io
import json
import unittest
import xml.etree.ElementTree

from botocore.exceptions import ClientError

from support import NAMESPACE, client, control
from test_operations import ANSWER, KEY, TEST

ITEMS = """subject,object,hint
Ada Lovelace,Analytical Engine,"a ""program"", 1843"
Grace Hopper,COBOL,1959
Mar\u00eda & Co,\u201cquotes\u201d,none
"""
TEMPLATE = """<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>
<section id="consent"><p>Taking part is voluntary.</p></section>
<crowd-form><p>How is ${subject} related to ${object}? (${hint})</p><input name="relation"></crowd-form>
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script></body></html>"""
WORKERS = ["A1TUTORIAL", "A2TUTORIAL", "A3TUTORIAL"]


def question(row):
    html = TEMPLATE
    for name, value in row.items():
        html = html.replace("${" + name + "}", value)
    return (
        f'<HTMLQuestion xmlns="{NAMESPACE}/2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[{html}]]></HTMLContent>'
        "<FrameHeight>650</FrameHeight></HTMLQuestion>"
    )


def answers(document):
    root = xml.etree.ElementTree.fromstring(document)
    space = root.tag.split("}")[0] + "}"
    return {a.find(f"{space}QuestionIdentifier").text: a.find(f"{space}FreeText").text for a in root.iter(f"{space}Answer")}


class Tutorial(unittest.TestCase):
    def test_a_project_from_end_to_end(self):
        mturk = client()
        before = float(mturk.get_account_balance()["AvailableBalance"])

        # A qualification with a test, created and then updated.
        made = mturk.create_qualification_type(
            Name="Relations test", Keywords="test, relations", Description="A short test", QualificationTypeStatus="Active",
            Test=TEST, AnswerKey=KEY, TestDurationInSeconds=300, RetryDelayInSeconds=60,
        )["QualificationType"]["QualificationTypeId"]
        updated = mturk.update_qualification_type(
            QualificationTypeId=made, Description="A short test, changed", QualificationTypeStatus="Active",
            Test=TEST.replace("France?", "France, please?"), AnswerKey=KEY, TestDurationInSeconds=600,
        )["QualificationType"]
        self.assertEqual((updated["TestDurationInSeconds"], updated["RetryDelayInSeconds"]), (600, 60))
        self.assertIn("France, please?", updated["Test"])

        # One HIT a row, for those who passed.
        rows = list(csv.DictReader(io.StringIO(ITEMS)))
        hits = []
        for row in rows:
            hits.append(
                mturk.create_hit(
                    MaxAssignments=2, LifetimeInSeconds=3600, AssignmentDurationInSeconds=600, Reward="0.15",
                    AutoApprovalDelayInSeconds=3 * 86400, Title="Find a suitable relation", Keywords="knowledge graph, link",
                    Description="Identify a suitable relation for the given entities", Question=question(row),
                    RequesterAnnotation=json.dumps(row)[:255],
                    QualificationRequirements=[
                        {"QualificationTypeId": made, "Comparator": "EqualTo", "IntegerValues": [100],
                         "ActionsGuarded": "DiscoverPreviewAndAccept"},
                    ],
                )["HIT"]
            )
        self.assertEqual(len({hit["HITGroupId"] for hit in hits}), 1)
        self.assertEqual(len({hit["HITTypeId"] for hit in hits}), 1)
        self.assertIn("\u201cquotes\u201d", mturk.get_hit(HITId=hits[2]["HITId"])["HIT"]["Question"])

        # Workers take the test, then the HITs. One did not pass.
        for worker in WORKERS:
            answer = ANSWER if worker != WORKERS[2] else ANSWER.replace("paris", "rome")
            control("request-qualification", {"QualificationTypeId": made, "WorkerId": worker, "Answer": answer})
        with self.assertRaises(Exception):
            control("accept", {"HITId": hits[0]["HITId"], "WorkerId": WORKERS[2]})
        for number, hit in enumerate(hits):
            for worker in WORKERS[:2]:
                assignment = control("accept", {"HITId": hit["HITId"], "WorkerId": worker})
                relation = json.dumps([{"relation": f"r{number}"}]) if worker == WORKERS[0] else "not json"
                control("submit", {**assignment, "Fields": {"relation": relation}})

        # Progress over the batch.
        progress = {}
        for hit in hits:
            now = mturk.get_hit(HITId=hit["HITId"])["HIT"]
            done = now["MaxAssignments"] - now["NumberOfAssignmentsAvailable"] - now["NumberOfAssignmentsPending"]
            progress[hit["HITId"]] = (done, now["MaxAssignments"], now["HITStatus"])
        self.assertEqual(set(progress.values()), {(2, 2, "Reviewable")})

        # Results; what parses is approved, what does not is rejected, what is decided already is skipped.
        rejected = []
        for _ in range(2):
            for hit in hits:
                pages = mturk.get_paginator("list_assignments_for_hit").paginate(HITId=hit["HITId"])
                for assignment in (a for page in pages for a in page["Assignments"]):
                    if assignment["AssignmentStatus"] != "Submitted":
                        continue
                    relation = answers(assignment["Answer"])["relation"]
                    try:
                        json.loads(relation)
                    except ValueError:
                        mturk.reject_assignment(AssignmentId=assignment["AssignmentId"], RequesterFeedback="Not valid JSON.")
                        rejected.append(assignment["WorkerId"])
                    else:
                        mturk.approve_assignment(AssignmentId=assignment["AssignmentId"], RequesterFeedback="Thank you.")
        self.assertEqual(rejected, [WORKERS[1]] * 3)
        spent = before - float(mturk.get_account_balance()["AvailableBalance"])
        self.assertAlmostEqual(spent, 3 * 0.18, places=2)

        # Expire and delete, whatever state a HIT is in; what is gone is said and not fatal.
        not_deleted = []
        for hit in hits + hits[:1]:
            try:
                if mturk.get_hit(HITId=hit["HITId"])["HIT"]["HITStatus"] == "Assignable":
                    mturk.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=datetime.datetime(2015, 1, 1))
                mturk.delete_hit(HITId=hit["HITId"])
            except ClientError as error:
                not_deleted.append(error.response["Message"])
        self.assertEqual(len(not_deleted), 1)
        self.assertIn("currently in the state 'Disposed'", not_deleted[0])

        # Block, list, unblock; take the qualification away so that the test can be taken again.
        mturk.create_worker_block(WorkerId=WORKERS[1], Reason="Three answers were not valid JSON.")
        self.assertIn(WORKERS[1], [block["WorkerId"] for block in mturk.list_worker_blocks()["WorkerBlocks"]])
        mturk.delete_worker_block(WorkerId=WORKERS[1], Reason="They wrote to us.")
        self.assertNotIn(WORKERS[1], [block["WorkerId"] for block in mturk.list_worker_blocks()["WorkerBlocks"]])
        mturk.disassociate_qualification_from_worker(QualificationTypeId=made, WorkerId=WORKERS[1], Reason="Please take the test again.")
        control("clock", {"advance_seconds": 3600})
        control("request-qualification", {"QualificationTypeId": made, "WorkerId": WORKERS[1], "Answer": ANSWER})
        score = mturk.get_qualification_score(QualificationTypeId=made, WorkerId=WORKERS[1])["Qualification"]
        self.assertEqual((score["IntegerValue"], score["Status"]), (100, "Granted"))
