import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { acknowledge } from './nag.ts'

export type StoreBucketProps = {
  /** What is forgotten, and when; parts of uploads that never ended always are. */
  readonly lifecycleRules: readonly LifecycleRule[]
  /** Why nobody has to know who reads it. */
  readonly whyNoLog: string
}

/** A bucket that a use case keeps its files in: private, over TLS alone, with older versions, and not lost with the stack. */
export function storeBucket(scope: Construct, id: string, { lifecycleRules, whyNoLog }: StoreBucketProps): Bucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [...lifecycleRules, { id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  })
  acknowledge(bucket, 'S1', `${whyNoLog} A log would need a bucket of its own.`)
  return bucket
}
