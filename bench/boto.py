"""The anchor: the calls of scan-alert, made with boto3, in the order that they depend on each other."""
import json
import os
import sys
import time
import uuid

import boto3

TABLE, TOPIC = os.environ["STEWARD_TABLE"], os.environ["STEWARD_TOPIC"]

with open(sys.argv[1], encoding="utf-8") as file:
    event = json.load(file)

dynamodb, ecr, sns = (boto3.client(name) for name in ("dynamodb", "ecr", "sns"))
detail = event["detail"]
repository, digest = detail["repository-name"], detail["image-digest"]
key = {"pk": {"S": f"told#boto#{uuid.uuid4()}"}}
owner, now = str(uuid.uuid4()), int(time.time() * 1000)

dynamodb.update_item(
    TableName=TABLE,
    Key=key,
    UpdateExpression="SET leaseOwner = :me, leaseUntil = :until",
    ConditionExpression="attribute_not_exists(leaseUntil) OR leaseUntil < :now",
    ExpressionAttributeValues={":me": {"S": owner}, ":until": {"N": str(now + 120_000)}, ":now": {"N": str(now)}},
    ReturnValues="ALL_OLD",
)
image = {"registryId": event["account"], "repositoryName": repository}
pages = ecr.get_paginator("describe_image_scan_findings").paginate(**image, imageId={"imageDigest": digest})
findings = [one for page in pages for one in page["imageScanFindings"].get("findings", [])]
described = ecr.describe_images(**image, imageIds=[{"imageDigest": digest}])["imageDetails"][0]
alert = {
    "title": f"{repository}:{described.get('imageTags', ['untagged'])[0]}",
    "items": [{"id": one["name"], "severity": one["severity"]} for one in findings],
}
sns.publish(
    TopicArn=TOPIC,
    Message=json.dumps({"default": json.dumps(alert)}),
    MessageStructure="json",
    Subject=alert["title"][:100],
    MessageAttributes={"kind": {"DataType": "String", "StringValue": "bench"}},
)
dynamodb.update_item(
    TableName=TABLE,
    Key=key,
    UpdateExpression="SET told = :told REMOVE leaseOwner, leaseUntil",
    ConditionExpression="leaseOwner = :me",
    ExpressionAttributeValues={":me": {"S": owner}, ":told": {"S": json.dumps([one["name"] for one in findings])}},
)
