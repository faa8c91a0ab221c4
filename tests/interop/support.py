"""What the interoperability tests share: clients that check every raw answer, and the control interface."""

import json
import os
import re
import subprocess
import urllib.request

import boto3
from botocore.config import Config

ENDPOINT = os.environ["AWS_ENDPOINT_URL_MTURK"]
NAMESPACE = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas"
QUESTION = (
    f'<HTMLQuestion xmlns="{NAMESPACE}/2011-11-11/HTMLQuestion.xsd">'
    "<HTMLContent><![CDATA[<!DOCTYPE html><html><body><form action='/mturk/externalSubmit'><input name='sentiment'>"
    "</form></body></html>]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
)

# Operations that were answered with 200, over the whole run.
ANSWERED = set()


class Wrong(AssertionError):
    """An answer is not what the service model says."""


def check_shape(shape, value, path):
    """One value of an answer against its shape: members, types, enums, patterns, bounds."""

    def must(holds, what):
        if not holds:
            raise Wrong(f"{path}: {what}: {value!r}")

    kind = shape.type_name
    if kind == "structure":
        must(isinstance(value, dict), "is no object")
        unknown = set(value) - set(shape.members)
        must(not unknown, f"has members that the model does not know ({unknown})")
        missing = [name for name in shape.required_members if name not in value]
        must(not missing, f"lacks {missing}")
        for name, member in value.items():
            check_shape(shape.members[name], member, f"{path}.{name}")
    elif kind == "list":
        must(isinstance(value, list), "is no list")
        for number, member in enumerate(value):
            check_shape(shape.member, member, f"{path}[{number}]")
    elif kind == "string":
        must(isinstance(value, str), "is no text")
        must(not shape.enum or value in shape.enum, f"is none of {shape.enum}")
        bounds = shape.metadata
        must(bounds.get("min", 0) <= len(value) <= bounds.get("max", len(value)), f"has not the length {bounds}")
        # The model calls a question's own name an EntityId, which has capitals only; names in forms have what they have.
        free = shape.name == "EntityId" and path.endswith(".QuestionId")
        must(free or "pattern" not in bounds or re.search(bounds["pattern"], value), f"does not match {bounds.get('pattern')}")
    elif kind in ("integer", "long"):
        must(type(value) is int, "is no whole number")
        bits = 31 if kind == "integer" else 63
        must(-(1 << bits) <= value < 1 << bits, f"does not fit into {kind}")
    elif kind == "boolean":
        must(type(value) is bool, "is no truth value")
    elif kind == "timestamp":
        # As the service writes it: 1.558393704E9.
        must(isinstance(value, str) and re.fullmatch(r"\d\.\d+E9", value), "is no timestamp of the service's form")
    else:
        must(False, f"is of a type that the model does not have ({kind})")


def check_answer(response_dict, operation, model):
    """A raw answer: status, headers, form of the JSON, and every value in it."""
    status, headers, body = response_dict["status_code"], response_dict["headers"], response_dict["body"]
    names = {name.lower(): value for name, value in headers.items()}
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", names.get("x-amzn-requestid", "")):
        raise Wrong(f"{operation}: no request id in {headers}")
    if names.get("content-type") != "application/x-amz-json-1.1":
        raise Wrong(f"{operation}: content type {names.get('content-type')}")
    # Floats stay as they were written; only timestamps are any.
    value = json.loads(body, parse_float=str)
    compact = json.dumps(json.loads(body, parse_float=lambda text: f"\0{text}\0"), separators=(",", ":"), ensure_ascii=False)
    compact = re.sub(r'"\\u0000(.*?)\\u0000"', r"\1", compact)
    if compact.encode() != body:
        raise Wrong(f"{operation}: not compact: {body[:300]!r} / {compact[:300]!r}")
    if status == 200:
        check_shape(model.output_shape, value, operation) if model.output_shape else None
        if "NumResults" in value:
            lists = [member for member in value.values() if isinstance(member, list)]
            if value["NumResults"] != len(lists[0]) or ("NextToken" in value) != bool(lists[0]):
                raise Wrong(f"{operation}: a page counts or ends wrongly: {value}")
        ANSWERED.add(operation)
        return
    kind = value.get("__type", "")
    if status not in (400, 500) or not re.fullmatch(r"[A-Za-z]+", kind):
        raise Wrong(f"{operation}: {status} {body!r}")
    if kind in ("RequestError", "ParameterValidationError"):
        if not re.search(r" \(\d{13}\)$", value["Message"]) or set(value) - {"__type", "Message", "TurkErrorCode"}:
            raise Wrong(f"{operation}: {body!r}")
        if kind == "RequestError" and not value.get("TurkErrorCode", "AWS.MechanicalTurk.").startswith("AWS.MechanicalTurk."):
            raise Wrong(f"{operation}: {body!r}")
    elif kind != "ServiceFault" and set(value) != {"__type", "message"}:
        raise Wrong(f"{operation}: {body!r}")


def check_every_answer(client):
    """Lets a client check every raw answer against botocore's service model, before anybody sees it."""

    def received(response_dict, event_name, **_):
        operation = event_name.rsplit(".", 1)[1]
        check_answer(response_dict, operation, client.meta.service_model.operation_model(operation))

    client.meta.events.register("response-received.mturk", received)
    return client


def client(**credentials):
    """As the tutorials make it: endpoint and region, everything else from the environment."""
    config = Config(retries={"max_attempts": 1})
    made = boto3.client("mturk", endpoint_url=ENDPOINT, region_name="us-east-1", config=config, **credentials)
    return check_every_answer(made)


def control(call, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{ENDPOINT}/_control/{call}", data=data)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def submit(hit, worker, **fields):
    assignment = control("accept", {"HITId": hit, "WorkerId": worker})["AssignmentId"]
    control("submit", {"AssignmentId": assignment, "Fields": fields})
    return assignment


def known_worker(mturk, worker):
    """Makes a worker known here: one who has given a HIT back."""
    hit = mturk.create_hit(
        Title="Meet", Description="d", Reward="0.01", MaxAssignments=1, LifetimeInSeconds=60,
        AssignmentDurationInSeconds=60, Question=QUESTION,
    )["HIT"]["HITId"]
    control("return", control("accept", {"HITId": hit, "WorkerId": worker}))
    mturk.update_expiration_for_hit(HITId=hit, ExpireAt=0)
    mturk.delete_hit(HITId=hit)
    return worker


def aws_cli(operation, *arguments, **options):
    """The AWS CLI: exit code, answer, what it said on stderr."""
    command = ["aws", "mturk", operation, "--endpoint-url", ENDPOINT, "--region", "us-east-1", "--output", "json", *arguments]
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        command += [option] if value is True else [option, str(value)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.returncode, (json.loads(done.stdout) if done.stdout.strip() else {}), done.stderr
