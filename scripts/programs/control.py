"""The hands of workers: the market's control interface, past any proxy that the program under test goes through."""

import json
import os
import urllib.request


def call(name, **body):
    url = f"{os.environ['MARKET_CONTROL']}/_control/{name}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return json.load(opener.open(urllib.request.Request(url, data=json.dumps(body).encode()), timeout=30))


def work(hit, worker, **fields):
    """A worker takes a HIT and hands in; the assignment."""
    assignment = call("accept", HITId=hit, WorkerId=worker)["AssignmentId"]
    call("submit", AssignmentId=assignment, Fields=fields)
    return assignment
