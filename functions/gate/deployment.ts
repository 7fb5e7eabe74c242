import { type Answer, sentence } from '../cloudformation.ts'
import type { GateResult } from '../domain/gate/result.ts'
import { matches } from '../domain/pattern.ts'
import { Gone, Unreadable } from '../faults.ts'
import type { Outcome } from '../outcome.ts'
import type { Asks, DeploymentConfig, DeploymentImage, Request } from './contract.ts'
import type { GatePorts, GateQuestion, ImageName } from './ports.ts'
import { refusalOf } from './refusal.ts'

export type DeploymentPorts = Pick<GatePorts, 'find'> & {
  /** The gate. @throws {Unreadable} @throws {Gone} */
  judge(question: GateQuestion): Promise<GateResult>
  /** Status of the stack with this ARN. @throws {Error} where it cannot be read */
  stackStatus(stack: string): Promise<string>
}

/** What CloudFormation is told, and what the log is. */
export type Answered = { readonly answer: Answer; readonly outcome: Outcome }

type Update = Extract<Request, { RequestType: 'Update' }>
type Judged = Exclude<Request, { RequestType: 'Delete' }>

/** A stack, or one that it is nested in, that goes back to what it was. */
const ROLLING_BACK = /ROLLBACK_IN_PROGRESS$/

const repositoryOf = ({ Account, Region, Repository }: DeploymentImage) => ({
  ...{ account: Account, region: Region, repository: Repository },
})

const nameOf = ({ Tag, Digest }: DeploymentImage): ImageName => (Digest ? { digest: Digest } : { tag: Tag ?? '' })

/** The image as it is asked for: `123456789012/eu-west-1/shop:1.4.2`. */
const askedFor = ({ Account, Region, Repository, Tag, Digest }: DeploymentImage): string =>
  `${Account}/${Region}/${Repository}${Digest || !Tag ? '' : `:${Tag}`}`

/**
 * What CloudFormation keeps of the resource, and gives back with the next request: it says which digest was judged for which tag. A
 * new one is a replacement: the old one is deleted after the update, which asks for nothing here.
 */
const idOf = (image: DeploymentImage, digest: string): string => `${askedFor(image)}@${digest}`

const digestIn = (id: string): string | undefined => /@(sha256:[0-9a-f]{64})$/.exec(id)?.[1]

const success = (image: DeploymentImage, digest: string): Answer => ({
  ...{
    Status: 'SUCCESS',
    PhysicalResourceId: idOf(image, digest),
    Data: { DigestHex: digest.slice('sha256:'.length) },
  },
})

/** An update that fails leaves the resource what it was. */
const failed = (request: Judged, reason: string): Answer => ({
  Status: 'FAILED',
  PhysicalResourceId: request.RequestType === 'Update' ? request.PhysicalResourceId : `refused-${request.RequestId}`,
  Reason: sentence(reason),
})

/**
 * Whether an update is one that takes back another. In doubt it is none, and what it asks for is judged: a rollback that is refused can be
 * continued without this resource, an image that was let through by mistake runs.
 */
async function isRollback(request: Judged, { stackStatus }: DeploymentPorts): Promise<boolean> {
  if (request.RequestType !== 'Update') return false
  return ROLLING_BACK.test(await stackStatus(request.StackId).catch(() => 'UNKNOWN'))
}

/** What ran before: as it was asked for, as it was judged, as its tag has it now, as it was judged under another name. */
async function digestBefore({ ResourceProperties, PhysicalResourceId }: Update, { find }: DeploymentPorts) {
  const { Digest } = ResourceProperties
  if (Digest) return Digest
  const judged = digestIn(PhysicalResourceId)
  if (judged && PhysicalResourceId === idOf(ResourceProperties, judged)) return judged
  const found = await find(repositoryOf(ResourceProperties), nameOf(ResourceProperties)).catch(() => undefined)
  return found?.ref.digest ?? judged
}

async function rolledBack(request: Update, ports: DeploymentPorts): Promise<Answered> {
  const image = request.ResourceProperties
  const digest = await digestBefore(request, ports)
  const about = { outcome: 'rolling-back', event: request.RequestId, image: askedFor(image), digest }
  if (digest) {
    const reason = 'the stack goes back to what it was: that is not judged again'
    return { answer: success(image, digest), outcome: { ...about, reason } }
  }
  const reason = `${askedFor(image)} is not there any more, and nothing says which image it was: skip this resource`
  return { answer: failed(request, reason), outcome: { ...about, reason } }
}

type Decision = Pick<Outcome, 'outcome' | 'reason'> & {
  readonly verdict?: GateResult['verdict']
  readonly digest?: string
  readonly passes: boolean
}

function decisionOn(result: GateResult, lenient: boolean): Decision {
  const { verdict, image } = result
  const about = { verdict, digest: image.digest }
  if (verdict === 'pass') return { ...about, passes: true, outcome: 'passed', reason: 'it is within its limits' }
  const reason = refusalOf(result)
  if (verdict === 'fail') return { ...about, passes: false, outcome: 'refused', reason }
  return {
    ...about,
    passes: lenient,
    outcome: 'unjudged',
    reason: lenient ? `onUnknown lets it pass: ${reason}` : reason,
  }
}

/** Nothing says which image it would be: that is let through by nobody. */
const undecided = (image: DeploymentImage, error: unknown): Decision => ({
  passes: false,
  outcome: error instanceof Gone || error instanceof Unreadable ? 'unjudged' : 'invalid',
  reason: `${askedFor(image)} is not deployed: ${error instanceof Error ? error.message : String(error)}`,
})

function questionOf(image: DeploymentImage, { asks, ...config }: DeploymentConfig): GateQuestion {
  const { repositories: _, ...asked } = asks.find(({ repositories }) =>
    repositories.some((pattern) => matches(pattern, image.Repository)),
  ) as Asks
  return { ...config, ...asked, kind: 'gate', repository: repositoryOf(image), name: nameOf(image) }
}

async function judged(request: Judged, config: DeploymentConfig, ports: DeploymentPorts): Promise<Answered> {
  const image = request.ResourceProperties
  const { passes, ...decision } = await ports
    .judge(questionOf(image, config))
    .then((result) => decisionOn(result, config.lenient))
    .catch((error: unknown) => undecided(image, error))
  const outcome = { ...decision, event: request.RequestId, image: askedFor(image) }
  if (passes && decision.digest) return { answer: success(image, decision.digest), outcome }
  // Asked once more: DescribeStacks may have been behind, or not to be reached.
  if (request.RequestType === 'Update' && (await isRollback(request, ports))) return rolledBack(request, ports)
  return { answer: failed(request, decision.reason), outcome }
}

/**
 * Answers one request of CloudFormation. The same request again gets the same answer, or that of a newer scan; one that comes late
 * changes nothing. Deletions pass, since there is nothing to delete, and so does an update that takes back another.
 */
export async function answerDeployment(
  request: Request,
  config: DeploymentConfig,
  ports: DeploymentPorts,
): Promise<Answered> {
  if (request.RequestType === 'Delete') {
    const { PhysicalResourceId, RequestId: event } = request
    const outcome = { outcome: 'deleted', reason: 'there is nothing to delete', event }
    return { answer: { Status: 'SUCCESS', PhysicalResourceId }, outcome }
  }
  if (request.RequestType === 'Update' && (await isRollback(request, ports))) return rolledBack(request, ports)
  return judged(request, config, ports)
}
