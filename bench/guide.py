"""The anchor: what the guide's section 5.3 does, event in, one attachment to Slack out, with urllib3."""
import json
import os
import sys

import urllib3

WEBHOOK = os.environ["SLACK_WEBHOOK_URL"]


def handle(event):
    detail = event["detail"]
    counts = detail["finding-severity-counts"]
    critical, high = counts.get("CRITICAL", 0), counts.get("HIGH", 0)
    if not critical and not high:
        return
    name = f"{detail['repository-name']}:{(detail.get('image-tags') or ['untagged'])[0]}"
    fields = [{"title": word, "value": str(counts.get(word, 0)), "short": True} for word in ("CRITICAL", "HIGH", "MEDIUM")]
    attachment = {"color": "#ff0000" if critical else "#ff9900", "title": f"ECR Image Scan Alert: {name}", "fields": fields}
    urllib3.PoolManager().request(
        "POST",
        WEBHOOK,
        body=json.dumps({"attachments": [attachment]}),
        headers={"Content-Type": "application/json"},
    )


with open(sys.argv[1], encoding="utf-8") as file:
    handle(json.load(file))
