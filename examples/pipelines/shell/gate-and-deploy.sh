#!/usr/bin/env bash
# Builds and pushes the image of this commit, lets the gate judge it, and deploys it to Amazon ECS by its digest.
#
#   gate-and-deploy.sh                builds, pushes, judges, deploys
#   gate-and-deploy.sh sha256:…       judges and deploys an image that was pushed before: after exit 3, or to roll back
#
# It needs docker with buildx, the AWS CLI, jq, ecr-steward, and AWS credentials in the environment: ../README.md.
# It ends as the gate does where that is not 0, and with 0 where the new image runs.
set -euo pipefail

: "${REGISTRY:?the registry, as in 123456789012.dkr.ecr.eu-central-1.amazonaws.com}"
: "${REPOSITORY:?the repository, as in prod/api}"
: "${CLUSTER:?the ECS cluster}"
: "${SERVICE:?the ECS service}"
: "${CONTAINER:?the container of its task definition that gets the image}"
# With more than one, the builder must be one that can: docker buildx create --use
PLATFORMS=${PLATFORMS:-linux/amd64}
AWS_REGION=$(cut -d . -f 4 <<< "$REGISTRY")
export AWS_REGION

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() {
  printf '%s\n' "$*" >&2
}

build_and_push() {
  local commit
  commit=$(git rev-parse HEAD)
  # The token lasts 12 hours: log in just before it is needed, not when the machine starts.
  aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"
  docker buildx build --platform "$PLATFORMS" --tag "$REGISTRY/$REPOSITORY:$commit" --push \
    --metadata-file "$work/build.json" .
}

# Leaves the digest of an image that passed, and of no other, in a file.
gate() {
  local status=0
  ecr-steward gate "$1" --digest-file "$work/passed" || status=$?
  case $status in
    0) ;;
    1) say "Not deployed: the image has findings that it may not have. Its fixes are above." ;;
    2) say "Not deployed: the gate was called wrongly, or steward.yaml is at fault. Nothing was judged." ;;
    3) say "Not deployed: the image could not be judged, and that is no pass. Once its scan is there: $0 ${1##*@}" ;;
    4) say "Not deployed: credentials or a permission are missing. Once they are there: $0 ${1##*@}" ;;
    *) say "Not deployed: the gate was cut off (exit $status). Again: $0 ${1##*@}" ;;
  esac
  return "$status"
}

# A new revision of the task definition that runs now, with nothing changed but the image of one container.
deploy() {
  local running revision
  running=$(aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \
    --query 'services[0].taskDefinition' --output text)
  aws ecs describe-task-definition --task-definition "$running" --query taskDefinition --output json |
    jq --exit-status --arg container "$CONTAINER" --arg image "$1" '
      if any(.containerDefinitions[]; .name == $container) then . else error("no container \($container)") end
      | (.containerDefinitions[] | select(.name == $container) | .image) = $image
      | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy)
    ' > "$work/task.json"
  revision=$(aws ecs register-task-definition --cli-input-json "file://$work/task.json" \
    --query taskDefinition.taskDefinitionArn --output text)
  aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition "$revision" \
    --query service.status --output text >&2
  aws ecs wait services-stable --cluster "$CLUSTER" --services "$SERVICE"
}

digest=${1:-}
if [ -z "$digest" ]; then
  build_and_push
  digest=$(jq --exit-status --raw-output '."containerimage.digest"' "$work/build.json")
fi
gate "$REGISTRY/$REPOSITORY@$digest"
passed=$(cat "$work/passed")
deploy "$REGISTRY/$REPOSITORY@$passed"
say "Deployed: $REGISTRY/$REPOSITORY@$passed"
