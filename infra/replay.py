#!/usr/bin/env python3
"""Sends stream records that a function failed on too often to that function again.

Lambda writes each batch that it gave up on to the failures bucket, whole. A batch that is now taken without a failure is
deleted from the bucket (a version of it stays for 30 days), any other stays for the next run. Every consumer may see a
record twice, so running this twice does no harm.

  python infra/replay.py BUCKET            list what waits, and why it failed
  python infra/replay.py BUCKET --send     send it

Needs boto3 and AWS credentials that may read the bucket and invoke the functions.
"""
import argparse
import json
import sys


def waiting(s3, bucket):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="aws/lambda/"):
        for found in page.get("Contents", []):
            body = s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read()
            yield found["Key"], json.loads(body)


def send(functions, failure):
    """Returns why the batch failed again, or None."""
    answer = functions.invoke(FunctionName=failure["requestContext"]["functionArn"], Payload=failure["payload"].encode())
    result = json.loads(answer["Payload"].read() or b"null") or {}
    if answer.get("FunctionError"):
        return result.get("errorType", answer["FunctionError"])
    failed = result.get("batchItemFailures", [])
    return f"{len(failed)} records failed" if failed else None


def replay(s3, functions, bucket, really, say=print):
    """Returns how many batches still wait."""
    left = 0
    for key, failure in waiting(s3, bucket):
        context = failure["requestContext"]
        name = context["functionArn"].split(":function:")[1]
        records = len(json.loads(failure["payload"])["Records"])
        if not really:
            say(f"{name}: {records} records, {context['condition']}, {failure['timestamp']}, {key}")
            left += 1
            continue
        reason = send(functions, failure)
        say(f"{name}: {records} records, {'taken' if reason is None else reason}, {key}")
        if reason is None:
            s3.delete_object(Bucket=bucket, Key=key)
        else:
            left += 1
    return left


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bucket", help="the stack's output FailuresBucketName")
    parser.add_argument("--send", action="store_true", help="send what waits, instead of listing it")
    arguments = parser.parse_args()
    import boto3  # here, so that --help needs nothing
    still = replay(boto3.client("s3"), boto3.client("lambda"), arguments.bucket, arguments.send)
    print(f"{still} batches wait")
    sys.exit(1 if still and arguments.send else 0)
