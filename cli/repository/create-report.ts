import { counted } from '../../functions/domain/counted.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { registryHost, repositoryArn, repositoryUri } from '../../functions/domain/registry.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import { stateOf } from '../check/tally.ts'
import type { Io } from '../io.ts'
import { tabbed } from '../table.ts'
import { oneLine, painter } from '../terminal.ts'
import { callLine } from './calls.ts'
import type { Done } from './make.ts'

/** What became of a repository. `completed`: it was there, and lacked something. `incomplete`: it is there, and lacks something still. */
export type State = 'created' | 'completed' | 'unchanged' | 'planned' | 'incomplete'

export type Created = {
  readonly ref: RepositoryRef
  readonly state: State
  /** Every call, made or planned. */
  readonly calls: readonly Done[]
  /** Whether images are scanned, in words. */
  readonly scanning: string
  /** Undefined without a steward.yaml, and where nothing was made. */
  readonly verdicts: readonly Verdict[] | undefined
}

const toJson = ({ ref, state, calls, scanning, verdicts }: Created) => ({
  ...{ schemaVersion: 1, state, ...ref, uri: repositoryUri(ref), arn: repositoryArn(ref) },
  calls: calls.map(({ call, failed }) => ({
    ...{ operation: call.operation, command: callLine(call, ref), failed: failed ?? null },
  })),
  lacks: calls.flatMap(({ call, failed }) => (failed === undefined ? [] : [call.brings])),
  scanning,
  verdicts: verdicts?.map(({ rule, outcome, reason }) => ({ rule, outcome, reason })) ?? null,
})

const COLOURS = {
  created: 'green',
  completed: 'green',
  unchanged: 'green',
  planned: 'yellow',
  incomplete: 'red',
} as const

/** On a terminal three lines to copy from; in a pipe one: state, URI, ARN. Of what is planned, the calls as lines of the AWS CLI. */
function lines({ ref, state, calls }: Created, { stdout }: Io): readonly string[] {
  if (state === 'planned') return calls.map(({ call }) => oneLine(callLine(call, ref)))
  if (!stdout.isTTY) return [tabbed([state, repositoryUri(ref), repositoryArn(ref)])]
  const paint = painter(stdout)
  return [
    `${paint('bold', ref.repository)}  ${paint(COLOURS[state], state)}`,
    `  URI  ${repositoryUri(ref)}`,
    `  ARN  ${repositoryArn(ref)}`,
  ]
}

function verdictLines(verdicts: readonly Verdict[]): readonly string[] {
  const open = verdicts.filter((verdict) => stateOf(verdict) === 'fail' || stateOf(verdict) === 'unknown')
  const passed = verdicts.filter(({ outcome }) => outcome === 'pass').length
  return [
    `By steward.yaml ${counted(passed, 'rule')} ${passed === 1 ? 'passes' : 'pass'}${open.length > 0 ? ', and others do not:' : '.'}`,
    ...open.map(({ rule, outcome, reason }) => `  ${outcome}: ${rule}: ${reason}`),
  ]
}

/** How one pushes to it. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html */
const pushLines = (ref: RepositoryRef): readonly string[] => [
  'To push to it:',
  `  aws ecr get-login-password --region ${ref.region} | docker login --username AWS --password-stdin ${registryHost(ref)}`,
  `  docker push ${repositoryUri(ref)}:TAG`,
]

/** Shows what was made, or would be: the result on stdout, and what to do with it on stderr. */
export function reportCreated(created: Created, json: boolean, io: Io): void {
  const { ref, state, scanning, verdicts } = created
  if (json) io.stdout.write(`${JSON.stringify(toJson(created), null, 2)}\n`)
  else io.stdout.write([...lines(created, io), ''].join('\n'))
  const hints = [
    scanning,
    ...(verdicts ? verdictLines(verdicts) : []),
    ...(state === 'planned' || state === 'incomplete' ? [] : pushLines(ref)),
  ]
  for (const line of hints) io.stderr.write(`${oneLine(line)}\n`)
}
