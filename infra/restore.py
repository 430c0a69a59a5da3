#!/usr/bin/env python3
"""Makes a table again what a restored copy of it is: puts what differs or is missing, deletes what the copy has not.

The table keeps its name, stream, indexes and alarms, so nothing else has to change. Let nobody write meanwhile
(infra/README.md says how). Works page by page, and may be stopped and started again at any time.

  python infra/restore.py COPY TABLE             say what differs
  python infra/restore.py COPY TABLE --write     make it so

Needs boto3 and AWS credentials that may read both tables and write the second one.
"""
import argparse
import itertools
import time


def pages(dynamo, table, names):
    """All items, a page at a time; of each only its key attributes when names are given."""
    only = {"ProjectionExpression": ", ".join(f"#{name}" for name in names),
            "ExpressionAttributeNames": {f"#{name}": name for name in names}} if names else {}
    for page in dynamo.get_paginator("scan").paginate(TableName=table, ConsistentRead=True, **only):
        yield page["Items"]


def chunks(items, most):
    items = iter(items)
    while chunk := list(itertools.islice(items, most)):
        yield chunk


def found(dynamo, table, keys, names):
    """The items that are there, by key."""
    items = {}
    for chunk in chunks(keys, 100):
        asked = {table: {"Keys": chunk, "ConsistentRead": True}}
        while asked:
            answer = dynamo.batch_get_item(RequestItems=asked)
            items.update((identity(item, names), item) for item in answer["Responses"].get(table, []))
            asked = answer.get("UnprocessedKeys", {})
            time.sleep(0.2 if asked else 0)
    return items


def write(dynamo, table, requests):
    for chunk in chunks(requests, 25):
        left = {table: chunk}
        while left:
            left = dynamo.batch_write_item(RequestItems=left).get("UnprocessedItems", {})
            time.sleep(0.2 if left else 0)


def key(item, names):
    return {name: item[name] for name in names}


def identity(item, names):
    return tuple(str(item[name]) for name in names)


def restore(dynamo, copy, table, really):
    """Returns how many items were, or would be, put and deleted."""
    names = [part["AttributeName"] for part in dynamo.describe_table(TableName=table)["Table"]["KeySchema"]]
    put = deleted = 0
    for items in pages(dynamo, copy, []):
        there = found(dynamo, table, [key(item, names) for item in items], names)
        differing = [item for item in items if there.get(identity(item, names)) != item]
        put += len(differing)
        if really:
            write(dynamo, table, [{"PutRequest": {"Item": item}} for item in differing])
    for items in pages(dynamo, table, names):
        there = found(dynamo, copy, items, names)
        extra = [item for item in items if identity(item, names) not in there]
        deleted += len(extra)
        if really:
            write(dynamo, table, [{"DeleteRequest": {"Key": item}} for item in extra])
    return put, deleted


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("copy", help="the table that was restored")
    parser.add_argument("table", help="the table that is to be like it")
    parser.add_argument("--write", action="store_true", help="write what differs, instead of counting it")
    arguments = parser.parse_args()
    import boto3  # here, so that --help needs nothing
    counted = restore(boto3.client("dynamodb"), arguments.copy, arguments.table, arguments.write)
    print("%d items %s, %d %s" % (counted[0], "put" if arguments.write else "differ or are missing", counted[1],
                                  "deleted" if arguments.write else "are not in the copy"))
