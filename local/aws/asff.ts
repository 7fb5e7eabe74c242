import * as v from 'valibot'

/** A text that is not blank. Characters. */
const text = (most = 2_048) => v.pipe(v.string(), v.regex(/\S/), v.maxLength(most))
const list = <T extends v.GenericSchema>(item: T, most: number) => v.pipe(v.array(item), v.maxLength(most))
const instant = v.pipe(v.string(), v.isoTimestamp())

const Severity = v.strictObject({
  Label: v.picklist(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
  Original: v.optional(text(64)),
})

const NAMESPACE =
  /^(Software and Configuration Checks|TTPs|Effects|Unusual Behaviors|Sensitive Data Identifications)(\/[^/]+){0,2}$/
const Types = list(v.pipe(text(), v.regex(NAMESPACE)), 50)

const Image = v.strictObject({
  RegistryId: v.optional(text()),
  RepositoryName: v.optional(text()),
  ImageDigest: v.optional(text()),
  ImageTags: v.optional(v.array(text())),
  ImagePublishedAt: v.optional(instant),
})

const Resource = v.strictObject({
  Type: text(256),
  Id: text(512),
  Partition: v.optional(v.picklist(['aws', 'aws-cn', 'aws-us-gov'])),
  Region: v.optional(text(16)),
  Details: v.optional(
    v.strictObject({
      AwsEcrContainerImage: v.optional(Image),
      AwsEcrRepository: v.optional(v.strictObject({ Arn: v.optional(text()), RepositoryName: v.optional(text()) })),
    }),
  ),
})

const Vulnerability = v.strictObject({
  Id: text(),
  VulnerablePackages: v.optional(
    v.array(
      v.strictObject({ Name: v.optional(text()), Version: v.optional(text()), FixedInVersion: v.optional(text()) }),
    ),
  ),
  ReferenceUrls: v.optional(v.array(text())),
  FixAvailable: v.optional(v.picklist(['YES', 'NO', 'PARTIAL'])),
})

const fields = v.pipe(
  v.record(
    v.pipe(
      text(128),
      v.check((key) => !key.startsWith('aws/')),
    ),
    text(),
  ),
  v.check((map) => Object.keys(map).length <= 50, 'more than 50 fields'),
)

/**
 * Of ASFF what ecr-steward sends, with the limits that the API names; anything else is a fault here.
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export const AsffSchema = v.strictObject({
  SchemaVersion: v.literal('2018-10-08'),
  Id: text(512),
  ProductArn: text(),
  ProductName: v.optional(text(128)),
  GeneratorId: text(512),
  AwsAccountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  Types,
  FirstObservedAt: v.optional(instant),
  CreatedAt: instant,
  UpdatedAt: instant,
  Severity,
  FindingProviderFields: v.optional(v.strictObject({ Severity: v.optional(Severity), Types: v.optional(Types) })),
  Title: text(256),
  Description: text(1_024),
  Remediation: v.optional(
    v.strictObject({ Recommendation: v.strictObject({ Text: text(512), Url: v.optional(v.pipe(text(), v.url())) }) }),
  ),
  SourceUrl: v.optional(v.pipe(text(), v.url())),
  ProductFields: v.optional(fields),
  Resources: v.pipe(list(Resource, 32), v.minLength(1)),
  Compliance: v.optional(v.strictObject({ Status: v.picklist(['PASSED', 'WARNING', 'FAILED', 'NOT_AVAILABLE']) })),
  Vulnerabilities: v.optional(v.array(Vulnerability)),
  RecordState: v.optional(v.picklist(['ACTIVE', 'ARCHIVED'])),
})

export type Asff = v.InferOutput<typeof AsffSchema>
