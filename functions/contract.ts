/** Names that the functions and the stack both spell: environment variables, table attributes. */
export const ENV_TABLE = 'STEWARD_TABLE'
/** ARN of the topic of alerts. */
export const ENV_TOPIC = 'STEWARD_TOPIC'

/** String partition key of the state table. */
export const TABLE_KEY = 'pk'
/** Epoch seconds after which DynamoDB drops the item. */
export const TABLE_TTL = 'expires'

/** Of the metrics that functions write, all without dimensions. */
export const METRIC_NAMESPACE = 'EcrSteward'

/** Role that changes settings of repositories in another account: the member stack makes it where its owner asks for it. */
export const ENFORCE_ROLE = 'ecr-steward-enforce'

/**
 * What ECR asks Inspector, as whoever asks ECR, for findings of enhanced scanning. IAM knows no resource for it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-iam.html
 */
export const READS_OF_INSPECTOR = ['ListCoverage', 'ListFindings'] as const

/** Operations of ECR that bring an image into quarantine: the second removes a tag, and never a digest. */
export const QUARANTINE_WRITES = ['PutImage', 'BatchDeleteImage'] as const

/**
 * Operations of ECR that tell what is attached to an image, and how ECR signed it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html
 */
export const READS_OF_EVIDENCE = ['DescribeImageSigningStatus', 'ListImageReferrers'] as const
