import { getDotPath, safeParse } from 'valibot'
import { type Asff, AsffSchema } from './asff.ts'
import { commonComplaints } from './complaints.ts'
import { AwsError } from './error.ts'
import type { OperationShape, Shape } from './protocol/shape.ts'
import type { Handler, Service, Surroundings } from './service.ts'

/** A finding as it is kept; the workflow is the customer's. */
export type HubFinding = Asff & { readonly Workflow: { readonly Status: string } }

export type SecurityHubState = {
  /** It is, until told otherwise. */
  setEnabled(isEnabled: boolean): void
  /** By id. */
  findings(): ReadonlyMap<string, HubFinding>
  /** What a customer sets with BatchUpdateFindings. */
  setWorkflow(id: string, status: string): void
  /** Does not take the finding so many times. */
  refuse(id: string, times: number): void
}

type Fault = { Id: string; ErrorCode: string; ErrorMessage: string }

const MOST_FINDINGS = 100
const MOST_BYTES = 240_000
const MOST_IN_ALL = 6_000_000

export class SecurityHub implements SecurityHubState {
  readonly around: Surroundings
  isEnabled = true
  readonly #findings = new Map<string, HubFinding>()
  readonly #refused = new Map<string, number>()

  constructor(around: Surroundings) {
    this.around = around
  }

  setEnabled(isEnabled: boolean): void {
    this.isEnabled = isEnabled
  }

  findings(): ReadonlyMap<string, HubFinding> {
    return this.#findings
  }

  setWorkflow(id: string, status: string): void {
    const finding = this.#findings.get(id)
    if (finding) this.#findings.set(id, { ...finding, Workflow: { Status: status } })
  }

  refuse(id: string, times: number): void {
    this.#refused.set(id, times)
  }

  /** @returns why it is not taken */
  take(given: unknown): Fault | undefined {
    const { success, output, issues } = safeParse(AsffSchema, given)
    const Id = String((given as { Id?: unknown }).Id ?? '')
    const fault = (ErrorMessage: string): Fault => ({ Id, ErrorCode: 'InvalidInput', ErrorMessage })
    if (!success) return fault(issues.map((issue) => `${getDotPath(issue)}: ${issue.message}`).join('; '))
    if (Buffer.byteLength(JSON.stringify(output)) > MOST_BYTES) return fault('The finding is larger than 240 KB.')
    const times = this.#refused.get(Id) ?? 0
    if (times > 0) {
      this.#refused.set(Id, times - 1)
      return { Id, ErrorCode: 'InternalError', ErrorMessage: 'Told to refuse it.' }
    }
    const before = this.#findings.get(Id)
    if (before && before.UpdatedAt > output.UpdatedAt) return fault('UpdatedAt is before that of the finding.')
    // The top level is the customer's once the finding is there.
    const kept = before && { Severity: before.Severity, Types: before.Types }
    this.#findings.set(Id, { ...output, ...kept, Workflow: before?.Workflow ?? { Status: 'NEW' } })
    return undefined
  }
}

/** An account may send findings of its own alone, under its own product. */
function isOwn(given: unknown, { account, region }: Surroundings): boolean {
  const { ProductArn, AwsAccountId } = Object(given) as { ProductArn?: unknown; AwsAccountId?: unknown }
  return (
    ProductArn === `arn:aws:securityhub:${region}:${account}:product/${account}/default` && AwsAccountId === account
  )
}

const handlersOf = (hub: SecurityHub): Record<string, Handler> => ({
  BatchImportFindings({ Findings }: { Findings: unknown[] }) {
    const { account } = hub.around
    if (!hub.isEnabled)
      throw new AwsError('InvalidAccessException', `Account ${account} is not subscribed to AWS Security Hub`, 401)
    if (Findings.length === 0 || Findings.length > MOST_FINDINGS)
      throw new AwsError('InvalidInputException', `Findings: expected 1 to 100, found ${Findings.length}`)
    if (Buffer.byteLength(JSON.stringify(Findings)) > MOST_IN_ALL)
      throw new AwsError('InvalidInputException', 'The request is larger than 6 MB.')
    if (!Findings.every((finding) => isOwn(finding, hub.around)))
      throw new AwsError(
        'AccessDeniedException',
        'User is not authorized to perform BatchImportFindings on the product',
        403,
      )
    const FailedFindings = Findings.flatMap((finding) => hub.take(finding) ?? [])
    const FailedCount = FailedFindings.length
    return { FailedCount, SuccessCount: Findings.length - FailedCount, FailedFindings }
  },
})

const structure = (members: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape => ({
  ...{ kind: 'structure', name: 'BatchImportFindings', flattened: new Set(), bindings: new Map() },
  members: new Map(Object.entries(members).map(([name, shape]) => [name, () => shape])),
  required: new Set(required),
})

/** Its SDK client is not among ours: the schema of a finding is in asff.ts. */
const OPERATION: OperationShape = {
  name: 'BatchImportFindings',
  http: { method: 'POST', uri: '/findings/import', status: 200 },
  input: structure({ Findings: { kind: 'list', member: () => ({ kind: 'document' }) } }, ['Findings']),
  output: structure({
    FailedCount: { kind: 'number' },
    SuccessCount: { kind: 'number' },
    FailedFindings: { kind: 'list', member: () => ({ kind: 'document' }) },
  }),
}

/** What Security Hub takes. @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html */
export const securityHubService = (hub: SecurityHub): Service => ({
  ...{ name: 'securityhub', protocol: 'rest-json', target: '', jsonVersion: '1.1', xmlNamespace: '' },
  errorNamespace: 'com.amazonaws.securityhub',
  operations: new Map([[OPERATION.name, OPERATION]]),
  handlers: handlersOf(hub),
  complaints: commonComplaints('InvalidInputException'),
  denied: { code: 'AccessDeniedException', status: 403 },
  requires: (operation) => {
    const { region, account } = hub.around
    const resource = `arn:aws:securityhub:${region}:${account}:product/${account}/default`
    return [{ action: `securityhub:${operation}`, resource }]
  },
})
