import { randomUUID } from 'node:crypto'
import pLimit from 'p-limit'
import { Aborted, StateError } from './errors.ts'
import { runStates } from './flow.ts'
import { History } from './history.ts'
import type { Json } from './json.ts'
import type { Distributed } from './map-definition.ts'
import { type ChildInput, childInputs } from './map-items.ts'
import type { Scope } from './path.ts'
import type { Progress } from './progress.ts'
import { recordOf, writeResults } from './results.ts'
import type { Run } from './run.ts'

/** An execution that a distributed map starts for an item or a batch. */
export type Child = ChildInput & {
  readonly arn: string
  readonly name: string
  readonly progress: Progress
  status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED'
  redriveCount: number
  output?: Json
  failure?: StateError
  startDate?: Date
  stopDate?: Date
}

type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED'

/** The run of a distributed map, with its children. */
export class MapRun {
  readonly id = randomUUID()
  readonly arn: string
  /** As of a machine of its own: what the children are executions of. */
  readonly childMachineArn: string
  readonly map: Distributed
  readonly children: readonly Child[]
  readonly startDate: Date
  status: Status = 'RUNNING'
  stopDate: Date | undefined
  redriveCount = 0
  redriveDate: Date | undefined

  constructor(map: Distributed, state: string, inputs: readonly ChildInput[], { machine, ports }: Run) {
    const label = map.label ?? state
    this.map = map
    this.arn = `${machine.arn.replace(':stateMachine:', ':mapRun:')}/${label}:${this.id}`
    this.childMachineArn = `${machine.arn}/${label}`
    this.startDate = new Date(ports.now())
    const prefix = this.childMachineArn.replace(':stateMachine:', ':execution:')
    this.children = inputs.map(({ input, items }) => {
      const name = randomUUID()
      const progress = { at: map.processor.startAt, input }
      return { ...{ input, items, name, progress }, arn: `${prefix}:${name}`, status: 'PENDING', redriveCount: 0 }
    })
  }

  /** Items of the children in such a state; of all where none is named. */
  items(status?: Child['status']): number {
    const some = this.children.filter((child) => child.status === (status ?? child.status))
    return some.reduce((sum, { items }) => sum + items, 0)
  }

  /** Whether more failed than is tolerated: nothing, where nothing is said. */
  get isExceeded(): boolean {
    const { percentage, count } = this.map.tolerated
    const failed = this.items('FAILED')
    if (percentage === undefined && count === undefined) return failed > 0
    const isOver = percentage !== undefined && failed * 100 > percentage * this.items()
    return isOver || (count !== undefined && failed > count)
  }

  /** What failed or was not begun is to run again. */
  redrive(now: Date): void {
    Object.assign(this, { status: 'RUNNING', stopDate: undefined, redriveDate: now })
    this.redriveCount += 1
    for (const child of this.children) {
      if (child.status === 'SUCCEEDED' || child.status === 'PENDING') continue
      Object.assign(child, { status: 'PENDING', failure: undefined, redriveCount: child.redriveCount + 1 })
    }
  }
}

async function runChild(child: Child, map: Distributed, run: Run): Promise<void> {
  const { ports } = run
  const now = (): Date => new Date(ports.now())
  const startDate = now()
  Object.assign(child, { status: 'RUNNING', startDate })
  const { arn, name, input } = child
  const execution = { Id: arn, Name: name, Input: input, StartTime: startDate.toISOString() }
  const context = { ...run.context, Execution: { ...execution, RedriveCount: child.redriveCount } }
  try {
    const own = { ...run, history: new History(ports.now), context }
    const output = await runStates(map.processor, child.progress, own)
    Object.assign(child, { status: 'SUCCEEDED', output, stopDate: now() })
  } catch (error) {
    const failure = error instanceof StateError ? { status: 'FAILED', failure: error } : { status: 'ABORTED' }
    Object.assign(child, { ...failure, stopDate: now() })
    if (!(error instanceof StateError) && !(error instanceof Aborted)) throw error
  }
}

/** Runs what is pending, until all is done or more has failed than is tolerated. */
async function runChildren(mapRun: MapRun, run: Run): Promise<void> {
  const [exceeded, limit] = [new AbortController(), pLimit(mapRun.map.concurrency)]
  const signal = AbortSignal.any([run.signal, exceeded.signal])
  const one = async (child: Child): Promise<void> => {
    if (signal.aborted) return
    await runChild(child, mapRun.map, { ...run, signal })
    if (mapRun.isExceeded) exceeded.abort()
  }
  const pending = mapRun.children.filter(({ status }) => status === 'PENDING')
  await Promise.all(pending.map((child) => limit(one, child)))
}

async function beginOrGoOn(map: Distributed, state: string, scope: Scope, progress: Progress, run: Run) {
  const { history, ports } = run
  const known = progress.mapRun
  if (known) {
    known.redrive(new Date(ports.now()))
    const mapRunRedrivenEventDetails = { mapRunArn: known.arn, redriveCount: known.redriveCount }
    history.add('MapRunRedriven', { mapRunRedrivenEventDetails })
    return known
  }
  const mapRun = new MapRun(map, state, await childInputs(map, scope, ports), run)
  progress.mapRun = mapRun
  run.onMapRun(mapRun)
  history.add('MapRunStarted', { mapRunStartedEventDetails: { mapRunArn: mapRun.arn } })
  return mapRun
}

const EXCEEDED = 'States.ExceedToleratedFailureThreshold'

async function resultOf(mapRun: MapRun, scope: Scope, run: Run): Promise<Json> {
  const { writer } = mapRun.map
  const written = writer && (await writeResults(mapRun, writer(scope), run.ports))
  if (mapRun.isExceeded) throw new StateError(EXCEEDED, 'The specified tolerated failure threshold was exceeded')
  const ofChild = (child: Child): Json => child.output ?? recordOf(child, mapRun.childMachineArn)
  return written ?? mapRun.children.map(ofChild)
}

/**
 * Runs a distributed map: an execution for each item or batch. One that is redriven runs again what did not succeed.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 * @throws {StateError} where more fails than is tolerated, or the items or the results cannot be reached
 */
export async function runDistributed(
  map: Distributed,
  state: string,
  scope: Scope,
  progress: Progress,
  run: Run,
): Promise<Json> {
  const mapRun = await beginOrGoOn(map, state, scope, progress, run)
  const end = (status: Status): void => void Object.assign(mapRun, { status, stopDate: new Date(run.ports.now()) })
  try {
    await runChildren(mapRun, run)
    if (run.signal.aborted) throw new Aborted()
    const result = await resultOf(mapRun, scope, run)
    end('SUCCEEDED')
    run.history.add('MapRunSucceeded')
    return result
  } catch (error) {
    end(error instanceof Aborted ? 'ABORTED' : 'FAILED')
    if (error instanceof StateError)
      run.history.add('MapRunFailed', { mapRunFailedEventDetails: { error: error.error, cause: error.reason } })
    throw error
  }
}
