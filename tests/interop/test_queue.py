"""Notifications arrive in a real SQS-compatible queue and through a real SNS-compatible topic (moto's server)."""

import json
import os
import unittest

import boto3

from support import QUESTION, client, submit

try:
    from moto.server import ThreadedMotoServer
except ImportError:
    ThreadedMotoServer = None
PORT = os.environ.get("HITDECK_QUEUES_PORT")


@unittest.skipUnless(ThreadedMotoServer and PORT, "moto[server] is not here, or the market has no --sqs-endpoint")
class Queues(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = ThreadedMotoServer(ip_address="127.0.0.1", port=int(PORT), verbose=False)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        local = dict(endpoint_url=f"http://127.0.0.1:{PORT}", region_name="us-east-1")
        local.update(aws_access_key_id="test", aws_secret_access_key="test")
        cls.sqs, cls.sns = boto3.client("sqs", **local), boto3.client("sns", **local)

    def events(self, queue, count):
        """The next events of a queue, in the order in which they arrive; waited for as SQS lets one wait."""
        told = []
        for _ in range(60):
            answer = self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                document = json.loads(message["Body"])
                document = json.loads(document["Message"]) if "Message" in document else document
                self.assertEqual(document["EventDocVersion"], "2014-08-15")
                told += [(event["EventType"], event.get("AssignmentId")) for event in document["Events"]]
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            if len(told) >= count:
                return told
        self.fail(f"only {told} arrived")

    def watched(self, destination, transport):
        mturk = client()
        type_id = mturk.create_hit_type(
            Title=f"By {transport}", Description="d", Reward="0.05", AssignmentDurationInSeconds=600
        )["HITTypeId"]
        specification = dict(Destination=destination, Transport=transport, Version="2014-08-15")
        specification["EventTypes"] = ["AssignmentSubmitted", "HITReviewable", "AssignmentApproved"]
        mturk.update_notification_settings(HITTypeId=type_id, Notification=specification, Active=True)
        mturk.send_test_event_notification(Notification=specification, TestEventType="Ping")
        hit = mturk.create_hit_with_hit_type(HITTypeId=type_id, LifetimeInSeconds=60, Question=QUESTION)["HIT"]["HITId"]
        assignment = submit(hit, "A1QUEUE", a="b")
        mturk.approve_assignment(AssignmentId=assignment)
        return [("Ping", None), ("AssignmentSubmitted", assignment), ("HITReviewable", None), ("AssignmentApproved", assignment)]

    def test_a_queue(self):
        queue = self.sqs.create_queue(QueueName="events")["QueueUrl"]
        expected = self.watched(queue, "SQS")
        self.assertEqual(sorted(self.events(queue, 4), key=str), sorted(expected, key=str))

    def test_a_topic_that_a_queue_subscribes_to(self):
        topic = self.sns.create_topic(Name="events")["TopicArn"]
        queue = self.sqs.create_queue(QueueName="subscribed")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        expected = self.watched(topic, "SNS")
        self.assertEqual(sorted(self.events(queue, 4), key=str), sorted(expected, key=str))
