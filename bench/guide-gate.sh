#!/bin/bash
# The rival of `ecr-steward gate`: what section 5.4 of the guide has a pipeline run, call for call. It waits for the scan, reads
# the counts of its findings, and refuses where there is any of CRITICAL or HIGH.
#
# Never use it. ECR answers findingSeverityCounts; the field that this asks for, findingsSeverityCounts, does not exist. So the
# answer is null, jq makes 0 of it, and every image passes, as it does where aws or jq fails: test/cli/gate/guide.test.ts.
#
# usage: guide-gate.sh REPOSITORY TAG

MAX_CRITICAL=0
MAX_HIGH=0

aws ecr wait image-scan-complete --repository-name "$1" --image-id "imageTag=$2"

FINDINGS=$(aws ecr describe-image-scan-findings --repository-name "$1" --image-id "imageTag=$2" \
  --query 'imageScanFindings.findingsSeverityCounts')

CRITICAL=$(echo "$FINDINGS" | jq -r '.CRITICAL // 0')
HIGH=$(echo "$FINDINGS" | jq -r '.HIGH // 0')
echo "CRITICAL=$CRITICAL, HIGH=$HIGH"

if [ "$CRITICAL" -gt "$MAX_CRITICAL" ]; then
  echo "ERROR: $CRITICAL CRITICAL, and $MAX_CRITICAL may be."
  exit 1
fi

if [ "$HIGH" -gt "$MAX_HIGH" ]; then
  echo "ERROR: $HIGH HIGH, and $MAX_HIGH may be."
  exit 1
fi

echo "The image passes."
exit 0
