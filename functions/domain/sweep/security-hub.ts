import { advise } from '../advice.ts'
import { findingKey } from '../finding.ts'
import { consoleUrl, type Subject, shortName } from '../registry.ts'
import { ruleOf } from '../rulebook.ts'
import { bySeverity, type Severity } from '../severity.ts'
import {
  type AsffFinding,
  type AsffPackage,
  type AsffResource,
  contentOf,
  LIMITS,
  productArn,
  severityOf,
  within,
} from './asff.ts'
import { archived } from './hub-archive.ts'
import { RULE_TYPES, ruleId, SCAN, VULNERABILITY_TYPES, vulnerabilityId } from './hub-ids.ts'
import type { HubContext, Imported } from './hub-memory.ts'
import { imageResource, resourceOf } from './hub-resource.ts'
import type { ImageRecord, RecordedFinding, RecordedVerdict, RegistryRecord, RepositoryRecord } from './record.ts'

/** What a finding is about. */
type About = { readonly subject: Subject; readonly resource: AsffResource; readonly owner: string | undefined }

type Told = Pick<AsffFinding, 'Title' | 'Description'> & {
  readonly id: string
  readonly generator: string
  readonly types: readonly string[]
  readonly severity: Severity
  readonly fields: Readonly<Record<string, string | undefined>>
}

function envelope({ subject, resource, owner }: About, told: Told, context: HubContext): AsffFinding {
  const { id, generator, types, severity, fields, Title, Description } = told
  const at = context.now.toISOString()
  const Severity = severityOf(severity)
  const all = Object.entries({ ...fields, owner }).flatMap(([name, text]) => (text ? [[name, text] as const] : []))
  return {
    SchemaVersion: '2018-10-08',
    Id: id,
    ProductArn: productArn(context, context.partition),
    ProductName: 'ecr-steward',
    GeneratorId: generator,
    AwsAccountId: context.account,
    Types: types,
    CreatedAt: at,
    UpdatedAt: at,
    Severity,
    FindingProviderFields: { Severity, Types: types },
    Title: within(Title, LIMITS.title),
    Description: within(Description, LIMITS.description),
    SourceUrl: consoleUrl(subject),
    ProductFields: Object.fromEntries(all.map(([name, text]) => [`ecr-steward/${name}`, within(text, LIMITS.field)])),
    Resources: [resource],
    RecordState: 'ACTIVE',
  }
}

function ofRule(
  about: About,
  { rule, severity, mode, reason, fix }: RecordedVerdict,
  context: HubContext,
): AsffFinding {
  const { why = '', see } = ruleOf(rule) ?? {}
  const told = {
    id: ruleId(about.resource, rule),
    generator: within(`ecr-steward/${rule}`, LIMITS.id),
    types: RULE_TYPES,
    severity,
    Title: `${shortName(about.subject)} fails ${rule}`,
    Description: `${reason} ${why}`,
    fields: { rule, mode },
  }
  const Text = within(fix?.text ?? 'See the report of ecr-steward.', LIMITS.remediation)
  return {
    ...envelope(about, told, context),
    Remediation: { Recommendation: { Text, ...(see !== undefined && { Url: see }) } },
    Compliance: { Status: 'FAILED' },
  }
}

const packageOf = ({ package: name, installed, fixed }: RecordedFinding): AsffPackage => ({
  Name: within(name, LIMITS.word),
  ...(installed && { Version: within(installed, LIMITS.word) }),
  ...(fixed && { FixedInVersion: within(fixed, LIMITS.word) }),
})

const inWords = ({ Name, Version, FixedInVersion }: AsffPackage): string =>
  [Name, Version, FixedInVersion && `(fixed in ${FixedInVersion})`].filter(Boolean).join(' ')

/** Where Security Hub leads whoever reads it: the first that is an address of the web. */
const urlOf = (findings: readonly RecordedFinding[]): string | undefined =>
  findings
    .map(({ url }) => url)
    .find((url) => url?.startsWith('https://') && URL.canParse(url) && url.length <= LIMITS.field)

function vulnerabilityOf(
  id: string,
  findings: readonly RecordedFinding[],
): NonNullable<AsffFinding['Vulnerabilities']> {
  const packages = findings.slice(0, LIMITS.list).map(packageOf)
  const fixed = findings.filter((finding) => finding.fixed).length
  const url = urlOf(findings)
  return [
    {
      Id: within(id, LIMITS.word),
      VulnerablePackages: packages,
      ...(url !== undefined && { ReferenceUrls: [url] }),
      ...(fixed > 0 && { FixAvailable: fixed === findings.length ? ('YES' as const) : ('PARTIAL' as const) }),
    },
  ]
}

const worstOf = (findings: readonly RecordedFinding[]): Severity =>
  findings.reduce<Severity>((worst, { severity }) => (bySeverity(severity, worst) < 0 ? severity : worst), 'UNDEFINED')

const firstOf = (findings: readonly RecordedFinding[], now: Date): string =>
  new Date(Math.min(now.getTime(), ...findings.map(({ firstSeen }) => Date.parse(firstSeen)))).toISOString()

/** One vulnerability of one image, in all the packages that have it. */
function ofVulnerability(
  about: About,
  id: string,
  findings: readonly RecordedFinding[],
  context: HubContext,
): AsffFinding {
  const Vulnerabilities = vulnerabilityOf(id, findings)
  const names = Vulnerabilities[0].VulnerablePackages.map(inWords).join(', ')
  const url = urlOf(findings)
  const score = Math.max(...findings.map((finding) => finding.score ?? 0))
  const told = {
    id: vulnerabilityId(about.resource, id),
    generator: SCAN,
    types: VULNERABILITY_TYPES,
    severity: worstOf(findings),
    Title: `${id} in ${shortName(about.subject)}`,
    Description: `${id} was found in ${names}.`,
    fields: { cvss: score > 0 ? String(score) : undefined },
  }
  const Text = within(advise(findings, { fixesKnown: findings.some(({ fixed }) => fixed) }), LIMITS.remediation)
  return {
    ...envelope(about, told, context),
    FirstObservedAt: firstOf(findings, context.now),
    Remediation: { Recommendation: { Text, ...(url !== undefined && { Url: url }) } },
    Vulnerabilities,
  }
}

const isExcepted = ({ exception }: Pick<RecordedVerdict, 'exception'>): boolean => exception?.state === 'excepted'

const rulesOf = (about: About, verdicts: readonly RecordedVerdict[], context: HubContext): AsffFinding[] =>
  verdicts
    .filter((verdict) => verdict.outcome === 'fail' && !isExcepted(verdict))
    .map((verdict) => ofRule(about, verdict, context))

const aboutImage = (record: RepositoryRecord, image: ImageRecord, partition: string): About => ({
  subject: { ...record, digest: image.digest, tags: image.tags },
  resource: imageResource(record, image, partition),
  owner: record.owner,
})

function ofImage(record: RepositoryRecord, image: ImageRecord, context: HubContext): AsffFinding[] {
  const about = aboutImage(record, image, context.partition)
  const open = context.scanning === 'BASIC' ? image.findings.filter((finding) => !isExcepted(finding)) : []
  const once = [...new Map(open.map((finding) => [findingKey(finding), finding])).values()]
  return [
    ...rulesOf(about, image.verdicts, context),
    ...[...Map.groupBy(once, ({ id }) => id)].map(([id, those]) => ofVulnerability(about, id, those, context)),
  ]
}

function active(record: RepositoryRecord | RegistryRecord, context: HubContext): AsffFinding[] {
  const owner = record.kind === 'repository' ? record.owner : undefined
  const subject = { ...record, tags: [] }
  const own = { subject, resource: resourceOf(record, context.partition), owner }
  const images = record.kind === 'repository' ? record.images : []
  return [
    ...rulesOf(own, record.verdicts, context),
    ...images.flatMap((image) => ofImage(record as RepositoryRecord, image, context)),
  ]
}

/**
 * What Security Hub is to have of a record: a finding for each rule that fails and, under basic scanning alone, for each
 * vulnerability of each image; archived, those of `previous` that are no longer so. What is unknown by now, or was not read,
 * is neither: it stays as it is. Worst first, what is archived last. Every finding is far below the 240 KB that one may have.
 */
export function toAsff(record: RepositoryRecord | RegistryRecord, context: HubContext): readonly AsffFinding[] {
  const findings = active(record, context).toSorted(
    (a, b) => bySeverity(a.Severity.Label, b.Severity.Label) || (a.Id < b.Id ? -1 : 1),
  )
  const createdAt = new Map(context.previous.map((one) => [one.id, one.createdAt]))
  const ids = new Set(findings.map(({ Id }) => Id))
  const gone = context.previous.filter(({ id }) => !ids.has(id))
  return [
    ...findings.map((finding) => ({ ...finding, CreatedAt: createdAt.get(finding.Id) ?? finding.CreatedAt })),
    ...archived(record, gone, context),
  ]
}

/** What is remembered of a finding that was sent. */
export const imported = (finding: AsffFinding): Imported => {
  const [{ Id, Type, Region }] = finding.Resources
  return {
    id: finding.Id,
    generator: finding.GeneratorId,
    severity: finding.Severity.Original as Severity,
    title: finding.Title,
    resource: { type: Type, id: Id, region: Region },
    createdAt: finding.CreatedAt,
    sentAt: finding.UpdatedAt,
    content: contentOf(finding),
  }
}
