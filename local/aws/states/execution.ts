import type { Definition } from './definition.ts'
import { Aborted, StateError } from './errors.ts'
import { runStates } from './flow.ts'
import { History } from './history.ts'
import type { Json } from './json.ts'
import type { MapRun } from './map-run.ts'
import type { Ports } from './ports.ts'
import type { Progress } from './progress.ts'

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

export type Machine = {
  readonly arn: string
  readonly name: string
  readonly roleArn: string
  /** As it was given: JSON. */
  readonly text: string
  readonly definition: Definition
  readonly ports: Ports
  readonly createdAt: Date
}

const EVENTS: Readonly<Partial<Record<Status, string>>> = {
  ...{ FAILED: 'Failed', TIMED_OUT: 'TimedOut', ABORTED: 'Aborted' },
}

type Failure = { readonly error: string; readonly reason: string }

/** An execution of a Standard machine. It runs by itself once it is begun. */
export class Execution {
  readonly arn: string
  readonly name: string
  readonly input: Json
  readonly machine: Machine
  readonly startDate: Date
  readonly history: History
  readonly mapRuns: MapRun[] = []
  status: Status = 'RUNNING'
  stopDate: Date | undefined
  output: Json | undefined
  failure: Failure | undefined
  redriveCount = 0
  redriveDate: Date | undefined
  readonly #progress: Progress
  #stop = new AbortController()

  constructor(machine: Machine, name: string, input: Json) {
    this.machine = machine
    this.name = name
    this.input = input
    this.arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`
    this.startDate = this.#now()
    this.history = new History(machine.ports.now)
    this.#progress = { at: machine.definition.startAt, input }
  }

  /** From its first state. */
  begin(): void {
    const executionStartedEventDetails = { input: JSON.stringify(this.input), roleArn: this.machine.roleArn }
    this.history.add('ExecutionStarted', { executionStartedEventDetails })
    void this.#run()
  }

  /** From the state at which it ended without success. */
  redrive(): void {
    this.redriveCount += 1
    this.redriveDate = this.#now()
    this.#stop = new AbortController()
    Object.assign(this, { status: 'RUNNING', stopDate: undefined, failure: undefined })
    const executionRedrivenEventDetails = { redriveCount: this.redriveCount }
    this.history.add('ExecutionRedriven', { executionRedrivenEventDetails })
    void this.#run()
  }

  /** Ends it; what it has begun goes on by itself, and nobody waits for it. */
  stop(failure: Failure): void {
    if (this.status !== 'RUNNING') return
    this.#end('ABORTED', failure)
    this.#stop.abort()
  }

  #now(): Date {
    return new Date(this.machine.ports.now())
  }

  async #run(): Promise<void> {
    const { definition } = this.machine
    const done = this.#limit(definition.timeoutMs)
    try {
      this.output = await runStates(definition, this.#progress, this.#surroundings())
      if (this.status === 'RUNNING') this.#end('SUCCEEDED')
    } catch (error) {
      if (error instanceof Aborted) return
      const failure = error instanceof StateError ? error : new StateError('States.Runtime', String(error))
      if (this.status === 'RUNNING') this.#end('FAILED', failure)
    } finally {
      done.abort()
    }
  }

  /** Ends it when it takes too long. @returns what takes that back */
  #limit(timeoutMs: number | undefined): AbortController {
    const done = new AbortController()
    if (timeoutMs === undefined) return done
    const tooLate = (): void => {
      if (this.status === 'RUNNING') this.#end('TIMED_OUT')
      this.#stop.abort()
    }
    this.machine.ports.sleep(timeoutMs, done.signal).then(tooLate, () => undefined)
    return done
  }

  #surroundings() {
    const { machine, history } = this
    const { arn: Id, name: Name, input: Input, redriveCount: RedriveCount } = this
    const StartTime = this.startDate.toISOString()
    return {
      ...{ ports: machine.ports, signal: this.#stop.signal, history, machine },
      context: {
        Execution: { Id, Name, Input, StartTime, RedriveCount, RoleArn: machine.roleArn },
        StateMachine: { Id: machine.arn, Name: machine.name },
      },
      onMapRun: (mapRun: MapRun) => void this.mapRuns.push(mapRun),
    }
  }

  #end(status: Status, failure?: Failure): void {
    Object.assign(this, { status, failure, stopDate: this.#now() })
    if (status === 'SUCCEEDED') {
      const executionSucceededEventDetails = { output: JSON.stringify(this.output) }
      return void this.history.add('ExecutionSucceeded', { executionSucceededEventDetails })
    }
    const word = EVENTS[status]
    const details = failure && { error: failure.error, cause: failure.reason }
    this.history.add(`Execution${word}`, details && { [`execution${word}EventDetails`]: details })
  }
}
