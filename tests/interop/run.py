#!/usr/bin/env python3
"""Runs all interoperability tests, then holds that every operation of the service model was called with success.

Run by tests/interop.rs, or by hand against `hitdeck market serve --memory --control --speed 0` with the lines that it prints
in the environment.
"""

import os
import sys
import unittest

import boto3

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import support  # noqa: E402


def main():
    names = sorted(name[:-3] for name in os.listdir(HERE) if name.startswith("test_"))
    wanted = sys.argv[1:] or names
    result = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromNames(wanted))
    if not result.wasSuccessful():
        return 1
    if wanted == names:
        mturk = boto3.client("mturk", endpoint_url=support.ENDPOINT, region_name="us-east-1")
        missing = set(mturk.meta.service_model.operation_names) - support.ANSWERED - {"GetFileUploadURL"}
        print(f"operations answered: {len(support.ANSWERED)}; not called: {sorted(missing) or 'none'}")
        return 1 if missing else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
