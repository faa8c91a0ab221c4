#!/usr/bin/env python3
"""What a careful script does today: ten threads, first everything is read and parsed, then everything is approved.

    boto3_threads.py URL [THREADS]        prints fetch_s and wall_s as api.sh reads them
"""
import sys
import time
import xml.etree.ElementTree as xml

BEGUN = time.perf_counter()
from concurrent.futures import ThreadPoolExecutor  # noqa: E402

import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402

url, threads = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
mturk = boto3.client(
    "mturk", endpoint_url=url, region_name="us-east-1", config=Config(max_pool_connections=threads))


def pages(operation, member, **arguments):
    for page in mturk.get_paginator(operation).paginate(PaginationConfig={"PageSize": 100}, **arguments):
        yield from page[member]


def read(hit):
    found = pages("list_assignments_for_hit", "Assignments", HITId=hit["HITId"], AssignmentStatuses=["Submitted"])
    return [(one["AssignmentId"], xml.fromstring(one["Answer"].encode("ascii", "xmlcharrefreplace"))) for one in found]


with ThreadPoolExecutor(threads) as pool:
    work = [one for some in pool.map(read, list(pages("list_hits", "HITs"))) for one in some]
    fetched = time.perf_counter()
    list(pool.map(lambda one: mturk.approve_assignment(AssignmentId=one[0]), work))
print(f'{{"approved":{len(work)},"fetch_s":{fetched - BEGUN:.3f},"wall_s":{time.perf_counter() - BEGUN:.3f}}}')
