"""infra/restore.py on DynamoDB Local: what it counts, what it writes, and that a second run finds nothing to do."""
import os
import sys
from pathlib import Path

import boto3

sys.path.append(str(Path(__file__).parents[1] / "infra"))
from restore import restore  # noqa: E402

# A database of its own: DynamoDB Local keeps one per access key.
dynamo = boto3.client("dynamodb", endpoint_url=os.environ["MODELOPS_DYNAMODB"], region_name="eu-central-1",
                      aws_access_key_id="restoretest", aws_secret_access_key="any")


def table(name, items):
    dynamo.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
                        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}])
    for pk, value in items.items():
        dynamo.put_item(TableName=name, Item={"pk": {"S": pk}, "sk": {"S": "-"}, "body": {"S": value}})


def items(name):
    return {item["pk"]["S"]: item["body"]["S"] for page in dynamo.get_paginator("scan").paginate(TableName=name)
            for item in page["Items"]}


same = {f"same-{number}": "x" * 20_000 for number in range(120)}  # more than a page of a scan, than a batch of either kind
was = same | {"changed": "before", **{f"gone-{number}": "here" for number in range(30)}}
table("copy", was)
table("live", same | {"changed": "after", **{f"new-{number}": "late" for number in range(30)}})

assert restore(dynamo, "copy", "live", False) == (31, 30)
assert items("live") != was, "it only counts unless it is told to write"
assert restore(dynamo, "copy", "live", True) == (31, 30)
assert items("live") == was
assert restore(dynamo, "copy", "live", True) == (0, 0)
print("restore.py: the table is again what its copy is")
