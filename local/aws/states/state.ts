import { randomUUID } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Surroundings } from '../service.ts'
import { compileDefinition } from './definition.ts'
import { Execution, type Machine } from './execution.ts'
import { MOST_BYTES } from './flow.ts'
import type { Json } from './json.ts'
import type { MapRun } from './map-run.ts'
import type { Ports } from './ports.ts'
import { Quiet } from './quiet.ts'

export type NewMachine = {
  readonly name: string
  readonly roleArn: string
  /** In the Amazon States Language, as JSON. */
  readonly definition: string
  readonly ports: Pick<Ports, 'invoke' | 'readObject' | 'writeObject'>
}

/** The in-process face of the local Step Functions. */
export type StatesState = {
  /** @throws {InvalidDefinition} also for every field that is not honoured here */
  createMachine(machine: NewMachine): { arn: string }
  hasMachine(arn: string): boolean
  /** As StartExecution. @throws AwsError as AWS does */
  start(machineArn: string, input: Json, name?: string): Execution
  /** As RedriveExecution. @throws AwsError as AWS does */
  redrive(executionArn: string): Execution
  /** The latest last. */
  executions(machineArn?: string): readonly Execution[]
  readonly quiet: Quiet
}

/** Machines, all of them Standard, and their executions. */
export class StateMachines implements StatesState {
  readonly machines = new Map<string, Machine>()
  readonly quiet: Quiet
  readonly #executions = new Map<string, Execution>()
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
    this.quiet = new Quiet(around.clock)
  }

  createMachine({ name, roleArn, definition, ports }: NewMachine): { arn: string } {
    const { account, region, clock } = this.#around
    const arn = `arn:aws:states:${region}:${account}:stateMachine:${name}`
    const machine: Machine = {
      ...{ arn, name, roleArn, text: definition, definition: compileDefinition(JSON.parse(definition)) },
      createdAt: new Date(clock.now()),
      ports: {
        now: clock.now,
        random: Math.random,
        sleep: (ms, signal) => this.quiet.sleep(ms, signal),
        invoke: (functionArn, payload) => this.quiet.work(ports.invoke(functionArn, payload)),
        readObject: (bucket, key) => this.quiet.work(ports.readObject(bucket, key)),
        writeObject: (bucket, key, body) => this.quiet.work(ports.writeObject(bucket, key, body)),
      },
    }
    this.machines.set(arn, machine)
    return { arn }
  }

  hasMachine(arn: string): boolean {
    return this.machines.has(arn)
  }

  start(machineArn: string, input: Json, name: string = randomUUID()): Execution {
    const machine = this.needMachine(machineArn)
    if (Buffer.byteLength(JSON.stringify(input)) > MOST_BYTES)
      throw new AwsError('InvalidExecutionInput', `The input has more than ${MOST_BYTES} bytes.`)
    const execution = new Execution(machine, name, input)
    const known = this.#executions.get(execution.arn)
    if (known) return sameOf(known, execution)
    this.#executions.set(execution.arn, execution)
    this.quiet.stir()
    execution.begin()
    return execution
  }

  redrive(arn: string): Execution {
    const execution = this.need(arn)
    if (execution.status === 'RUNNING' || execution.status === 'SUCCEEDED')
      throw new AwsError('ExecutionNotRedrivable', `Execution is ${execution.status} and cannot be redriven`)
    this.quiet.stir()
    execution.redrive()
    return execution
  }

  executions(machineArn?: string): readonly Execution[] {
    return [...this.#executions.values()].filter(({ machine }) => machine.arn === (machineArn ?? machine.arn))
  }

  mapRuns(): readonly { readonly execution: Execution; readonly mapRun: MapRun }[] {
    return this.executions().flatMap((execution) => execution.mapRuns.map((mapRun) => ({ execution, mapRun })))
  }

  /** @throws AwsError StateMachineDoesNotExist */
  needMachine(arn: string): Machine {
    const machine = this.machines.get(arn)
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
    return machine
  }

  /** @throws AwsError ExecutionDoesNotExist */
  need(arn: string): Execution {
    const execution = this.#executions.get(arn)
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
    return execution
  }
}

/**
 * The name of an execution is taken: by the same one as long as it runs, by another one for ninety days on AWS, for ever here.
 * @throws AwsError ExecutionAlreadyExists
 */
function sameOf(known: Execution, asked: Execution): Execution {
  if (known.status === 'RUNNING' && JSON.stringify(known.input) === JSON.stringify(asked.input)) return known
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${known.arn}'`)
}
