import { type CfnElement, Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { SWEEP_PREFIX } from '../functions/sweep/contract.ts'
import type { HasFunction } from './grants.ts'
import { acknowledge } from './nag.ts'
import { storeBucket } from './store-bucket.ts'

/** How long a sweep, its records and its report can be looked up. */
const SWEEP_DAYS = 90
/** What every sweep replaces: history, first sights, what was sent. Its older versions are for accidents. */
const REPLACED_DAYS = 7

/** Sweeps are named by their hour: `2026-11-24t21`. What is kept for good begins with a letter. */
const SWEEPS = `${SWEEP_PREFIX}/2`

/** Sweeps with their reports, and beside them what makes a trend of them. Its loss forgets ages and trends; it hides nothing. */
export function sweepStore(scope: Construct, id: string): Bucket {
  return storeBucket(scope, id, {
    lifecycleRules: [
      {
        id: 'sweeps',
        prefix: SWEEPS,
        expiration: Duration.days(SWEEP_DAYS),
        noncurrentVersionExpiration: Duration.days(REPLACED_DAYS),
      },
      {
        id: 'replaced',
        prefix: `${SWEEP_PREFIX}/`,
        noncurrentVersionExpiration: Duration.days(REPLACED_DAYS),
        expiredObjectDeleteMarker: true,
      },
    ],
    whyNoLog: 'Who reads reports is seen by data events of CloudTrail, where somebody wants that.',
  })
}

/** What lies in the bucket below a path, as IAM and cdk-nag write it. */
export function objectsBelow(bucket: Bucket, path: string): { readonly arn: string; readonly nag: string } {
  const name = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement)
  return { arn: bucket.arnForObjects(`${SWEEP_PREFIX}/${path}`), nag: `<${name}.Arn>/${SWEEP_PREFIX}/${path}` }
}

/** Reading and writing of sweeps. Nothing is ever taken away: the bucket forgets by itself. */
export function grantSweeps(worker: HasFunction, bucket: Bucket): void {
  const { arn, nag } = objectsBelow(bucket, '*')
  worker.function.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [arn] }))
  // Without it S3 answers for what is not there as for what one may not see; a condition on the prefix would not hold then.
  worker.function.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }))
  acknowledge(
    worker,
    `IAM5[Resource::${nag}]`,
    'Records, reports and first sights have names that are made on the way; all lie below one prefix.',
  )
}
