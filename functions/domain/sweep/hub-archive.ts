import { minute } from '../compose.ts'
import { type AsffFinding, LIMITS, productArn, severityOf, within } from './asff.ts'
import { RULE_TYPES, ruleId, SCAN, VULNERABILITY_TYPES, vulnerabilityId } from './hub-ids.ts'
import type { HubContext, Imported } from './hub-memory.ts'
import { imageResource, resourceOf } from './hub-resource.ts'
import type { ImageRecord, RecordedException, RecordedVerdict, RegistryRecord, RepositoryRecord } from './record.ts'

type Status = NonNullable<AsffFinding['Compliance']>['Status']
type Record = RepositoryRecord | RegistryRecord
type Fixed = Pick<HubContext, 'account' | 'region' | 'partition' | 'now'>

/** A finding that was sent, archived. Notes and workflow of the customer stay as they are. */
export function archive(
  one: Imported,
  why: string,
  { now, ...hub }: Fixed,
  status: Status = 'NOT_AVAILABLE',
): AsffFinding {
  const { id, generator, severity, title, resource, createdAt } = one
  const types = generator === SCAN ? VULNERABILITY_TYPES : RULE_TYPES
  return {
    SchemaVersion: '2018-10-08',
    Id: id,
    ProductArn: productArn(hub, hub.partition),
    ProductName: 'ecr-steward',
    GeneratorId: generator,
    AwsAccountId: hub.account,
    Types: types,
    CreatedAt: createdAt,
    UpdatedAt: now.toISOString(),
    Severity: severityOf(severity),
    FindingProviderFields: { Severity: severityOf(severity), Types: types },
    Title: title,
    Description: within(why, LIMITS.description),
    Resources: [{ Type: resource.type, Id: resource.id, Partition: hub.partition, Region: resource.region }],
    ...(generator !== SCAN && { Compliance: { Status: status } }),
    RecordState: 'ARCHIVED',
  }
}

/** Why a finding that is no longer sent is not fixed either. */
type Pending = { readonly unknown: ReadonlySet<string>; readonly excepted: ReadonlyMap<string, RecordedException> }

type Named = { readonly id: string; readonly verdict: Pick<RecordedVerdict, 'exception'> & Partial<RecordedVerdict> }

function namedOf(record: Record, partition: string): Named[] {
  const own = resourceOf(record, partition)
  const images = record.kind === 'repository' ? record.images : []
  const inImage = (image: ImageRecord): Named[] => {
    const resource = imageResource(record as RepositoryRecord, image, partition)
    return [
      ...image.verdicts.map((verdict) => ({ id: ruleId(resource, verdict.rule), verdict })),
      ...image.findings.map(({ id, exception }) => ({
        id: vulnerabilityId(resource, id),
        verdict: exception ? { exception } : {},
      })),
    ]
  }
  return [...record.verdicts.map((verdict) => ({ id: ruleId(own, verdict.rule), verdict })), ...images.flatMap(inImage)]
}

function pendingOf(record: Record, partition: string): Pending {
  const named = namedOf(record, partition)
  const excepted = named.flatMap(({ id, verdict: { exception } }) =>
    exception?.state === 'excepted' ? [[id, exception] as const] : [],
  )
  const isUnknown = ({ verdict }: Named): boolean => verdict.outcome === 'unknown'
  return { unknown: new Set(named.filter(isUnknown).map(({ id }) => id)), excepted: new Map(excepted) }
}

/** Images whose findings are not known for now. */
const unscannedOf = (record: Record, partition: string): ReadonlySet<string> =>
  new Set(
    record.kind === 'registry'
      ? []
      : record.images
          .filter(({ scan }) => scan !== 'complete')
          .map((image) => imageResource(record, image, partition).Id),
  )

/** Whether nobody knows by now: not read, or left out of the record. */
function isOpen(record: Record, { unknown }: Pending, { scanning, partition }: HubContext) {
  const unscanned = unscannedOf(record, partition)
  const isOmitted = record.kind === 'repository' && record.omitted !== undefined
  return ({ id, generator, resource }: Imported): boolean => {
    if (record.unread.length > 0 || unknown.has(id)) return true
    if (generator === SCAN && scanning === 'ENHANCED') return false
    if (isOmitted && resource.type === 'AwsEcrContainerImage') return true
    return generator === SCAN && (scanning === undefined || unscanned.has(resource.id))
  }
}

/** Of images a record does not say which pass. */
function statusOf(record: Record, { generator, resource }: Imported): Status {
  const count = record.rules.find(({ rule }) => generator === `ecr-steward/${rule}`)
  const isOwn = resource.type !== 'AwsEcrContainerImage'
  return isOwn && count && count.pass > 0 && count.fail === 0 ? 'PASSED' : 'NOT_AVAILABLE'
}

/** Those of `gone` that the record shows to be no longer so, archived. @param gone what was sent and is not to be sent now */
export function archived(record: Record, gone: readonly Imported[], context: HubContext): AsffFinding[] {
  const pending = pendingOf(record, context.partition)
  const isStillOpen = isOpen(record, pending, context)
  return gone
    .filter((one) => !isStillOpen(one))
    .map((one) => {
      const exception = pending.excepted.get(one.id)
      if (exception) {
        const { owner, expires, reason } = exception
        return archive(one, `Excepted until ${expires} by ${owner}: ${reason}`, context)
      }
      if (one.generator === SCAN && context.scanning === 'ENHANCED')
        return archive(one, 'Inspector scans the registry now, and sends findings of its own.', context)
      return archive(
        one,
        `The sweep of ${minute(context.now.toISOString())} no longer finds it.`,
        context,
        statusOf(record, one),
      )
    })
}
