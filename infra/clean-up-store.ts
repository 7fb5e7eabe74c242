import { Aws, type CfnElement, Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Bucket, LifecycleRule } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { storePrefix } from '../functions/clean-up/contract.ts'
import type { HasFunction } from './grants.ts'
import { acknowledge } from './nag.ts'
import { storeBucket } from './store-bucket.ts'

/** Below it lies everything of the registry of this account and region. */
const PREFIX = storePrefix({ account: Aws.ACCOUNT_ID, region: Aws.REGION })

/** How long one can look up what was removed, and why. */
const JOURNAL_DAYS = 400
const PLAN_DAYS = 90

const forgotten = (id: string, key: string, days: number): LifecycleRule => ({
  id,
  prefix: `${PREFIX}/${key}`,
  expiration: Duration.days(days),
  noncurrentVersionExpiration: Duration.days(days),
})

/** What is replaced all the time: its older versions are of no use. */
const replaced = (id: string, key: string): LifecycleRule => ({
  id,
  prefix: `${PREFIX}/${key}`,
  noncurrentVersionExpiration: Duration.days(7),
  expiredObjectDeleteMarker: true,
})

/** Plans, and the journal of what was removed. Its loss removes nothing: without the journal nothing is ever removed. */
export function cleanUpStore(scope: Construct, id: string): Bucket {
  return storeBucket(scope, id, {
    lifecycleRules: [
      forgotten('plans', 'plans/', PLAN_DAYS),
      forgotten('runs', 'runs/', PLAN_DAYS),
      forgotten('journal', 'journal/', JOURNAL_DAYS),
      replaced('lease', 'lease.json'),
      replaced('told', 'told.json'),
    ],
    whyNoLog: "Who reads plans is nobody's concern: they hold names of images.",
  })
}

/** Reading and writing below the registry's prefix. @param removes whether it may take something away: the lease, in mode apply */
export function grantStore(worker: HasFunction, bucket: Bucket, removes: boolean): void {
  worker.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObject', ...(removes ? ['s3:DeleteObject'] : [])],
      resources: [bucket.arnForObjects(`${PREFIX}/*`)],
    }),
  )
  // Without it S3 answers for what is not there as for what one may not see; a condition on the prefix would not hold then.
  worker.function.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }))
  const name = Stack.of(worker).getLogicalId(bucket.node.defaultChild as CfnElement)
  acknowledge(
    worker,
    `IAM5[Resource::<${name}.Arn>/clean-up/<AWS::AccountId>/<AWS::Region>/*]`,
    'Plans and batches of the journal have names that are made on the way; all lie below the prefix of the registry.',
  )
}
