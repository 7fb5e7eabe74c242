import type { LocalAws, PlaceRef, QueueMessage } from '../aws/server.ts'
import { asynchronousPolicies } from './deploy/asynchronous.ts'
import type { Asking } from './deploy/custom/request.ts'
import { createFunctions, serveFunctions } from './deploy/functions.ts'
import { createMachines, type MachineRoles } from './deploy/machines.ts'
import { createMappings } from './deploy/mappings.ts'
import { deployMessaging } from './deploy/messaging.ts'
import { registryCalls } from './deploy/registry/apply.ts'
import { authorizer, functionRoles, roleFinder } from './deploy/roles.ts'
import { createRules, type Rule, type Undelivered } from './deploy/rules.ts'
import { createSchedules, type Schedule } from './deploy/schedules.ts'
import { Stacks } from './deploy/stack.ts'
import { deployState } from './deploy/state.ts'
import { otherThanRegistry } from './deploy/unknown.ts'
import { updateStack } from './deploy/update.ts'
import type { Completed } from './lambda/instance.ts'
import type { LogEntry } from './lambda/logs.ts'
import type { InstancePool } from './lambda/pool.ts'
import { AsynchronousInvocations } from './later.ts'
import { type BatchDone, Poller } from './poller.ts'
import { allTimed, Settlement } from './settle.ts'
import type { ParameterValues } from './template/parameters.ts'
import { loadTemplate, type Template, TemplateError } from './template.ts'

export type Invocation = {
  /** For people: `scan-alert`. */
  function: string
  logicalId: string
  requestId: string
  records: readonly unknown[]
  logs: readonly LogEntry[]
  error?: { type: string; message: string }
  /** The item identifiers that the function reported in `batchItemFailures`. */
  failures: readonly string[]
  /** Real milliseconds from the hand-over to the answer. */
  durationMs: number
  /** Real milliseconds that the process took to be ready, with the first invocation of an instance. */
  initMs?: number
}

export type Cloud = {
  /** Gives an event to the default bus; returns the names of the rules that match. */
  put(event: object): { rules: string[] }
  /** A schedule by its name: `clean-up/Schedule`. @throws where there is none of that name */
  schedule(name: string): Schedule
  /** Runs until nothing is left but dead letters; jumps the clock when idle. @throws {EndlessQueue} */
  settle(): Promise<void>
  onInvocation(listener: (invocation: Invocation) => void): void
  /** Events that did not reach a target of a rule, oldest first. */
  undelivered(): readonly Undelivered[]
  /** The dead-letter queues that hold something. */
  deadLetters(): { queue: string; messages: QueueMessage[] }[]
  outputs: Record<string, string>
  /** Of the outputs, those that stacks which are deployed later may import, by the name of their export. */
  exports: Record<string, string>
  /** Sentences on what is in the template and was not done, or was left as it is. */
  remarks: readonly string[]
  /**
   * Deletes the stack, and ends what runs: what it has of ECR goes, unless it is to be retained, and custom resources are asked to.
   * @returns sentences on what is left
   */
  destroy(): Promise<readonly string[]>
  /** Ends what runs; what was deployed stays, and the next deployment of the stack changes it. */
  close(): Promise<void>
}

export type DeployOptions = {
  /** Folder of the cloud assembly, `cdk.out`, or the file of a template. */
  assembly: string
  stack: string
  aws: LocalAws
  /** Values of the template's parameters; the others have their defaults. */
  parameters?: ParameterValues
  /** Another account or region than those of the local AWS, for stacks that have nothing but ECR in them. */
  place?: Partial<PlaceRef>
  /** Added to the environment of every function. */
  environment?: Record<string, string>
  /**
   * Ask the functions of custom resources, as CloudFormation does when it makes, changes or removes one. Default: false, for
   * who asks them by hand.
   */
  customResources?: boolean
  /** Let functions do only what their roles allow. Default: true. */
  enforceIam?: boolean
  /** When the processes of the functions start. Default: `deploy`, so that they are ready when the first event comes. */
  start?: 'deploy' | 'first-use'
}

const asInvocation = (pool: InstancePool, records: readonly unknown[], completed: Completed): Invocation => {
  const { requestId, logs, error, durationMs, initMs } = completed
  return {
    function: pool.lambda.name,
    logicalId: pool.lambda.logicalId,
    requestId,
    records,
    logs,
    failures: [],
    durationMs,
    ...(error ? { error } : {}),
    ...(initMs === undefined ? {} : { initMs }),
  }
}

function asBatchInvocation(pool: InstancePool, { records, completed, failures, problem }: BatchDone): Invocation {
  const invocation = asInvocation(pool, records, completed)
  if (completed.error) return invocation
  return problem === undefined
    ? { ...invocation, failures }
    : { ...invocation, error: { type: 'InvalidBatchResponse', message: problem } }
}

type Parts = {
  readonly template: Template
  readonly aws: LocalAws
  readonly pools: readonly InstancePool[]
  readonly rules: readonly Rule[]
  readonly undelivered: readonly Undelivered[]
  readonly schedules: readonly Schedule[]
  readonly settlement: Settlement
  readonly deadLetterArns: ReadonlySet<string>
  readonly listeners: ((invocation: Invocation) => void)[]
  readonly release: () => void
  readonly remarks: readonly string[]
  readonly destroy: () => Promise<readonly string[]>
}

function scheduleOf(schedules: readonly Schedule[], name: string): Schedule {
  const found = schedules.find((schedule) => schedule.name === name)
  if (found) return found
  throw new Error(`There is no schedule ${name}; there is: ${schedules.map((one) => one.name).join(', ') || 'none'}.`)
}

function createCloud(parts: Parts): Cloud {
  const { template, aws, pools, rules, schedules, settlement, deadLetterArns, listeners, release } = parts
  let last: Promise<void> = Promise.resolve()
  const close = async (): Promise<void> => {
    settlement.stop()
    await Promise.all(pools.map((pool) => pool.close()))
    release()
  }
  return {
    ...{ outputs: template.outputs(), exports: template.exports(), remarks: parts.remarks, close },
    put(event) {
      const matched = rules.filter((rule) => rule.matches(event))
      for (const { targets } of matched) for (const target of targets) target.deliver(event)
      return { rules: matched.map(({ name }) => name) }
    },
    undelivered: () => parts.undelivered,
    schedule: (name) => scheduleOf(schedules, name),
    settle() {
      const run = (): Promise<void> => settlement.run()
      last = last.then(run, run)
      return last
    },
    onInvocation: (listener) => void listeners.push(listener),
    deadLetters: () =>
      [...deadLetterArns]
        .map((arn) => aws.sqs.get(arn))
        .filter((queue) => queue !== undefined)
        .map((queue) => ({ queue: queue.name, messages: [...queue.peek()] }))
        .filter(({ messages }) => messages.length > 0),
    destroy: () => parts.destroy().finally(close),
  }
}

/** Lets the roles of the functions decide; returns what takes that back. */
function enforce(
  aws: LocalAws,
  roles: ReturnType<typeof functionRoles>,
  template: Template,
  pools: InstancePool[],
  machineRoles: MachineRoles,
): () => void {
  const before = aws.authorize
  const ofFunctions = pools.flatMap(({ lambda }) => {
    const role = roles.get(lambda.logicalId)
    return role ? [[lambda.accessKeyId, role] as const] : []
  })
  const byKey = new Map([...ofFunctions, ...machineRoles])
  const own = authorizer(byKey, template.place)
  aws.authorize = (call) => (byKey.has(call.accessKeyId) || !before ? own(call) : before(call))
  return () => {
    aws.authorize = before
  }
}

/** Reads the template for the place where it is deployed. @throws {TemplateError} */
function read({ assembly, stack, aws, parameters, place: elsewhere }: DeployOptions) {
  const place = { account: aws.account, region: aws.region, ...elsewhere, stack, endpoint: aws.url }
  const stacks = new Stacks(aws, place)
  const template = loadTemplate(assembly, place, { imports: stacks.imports, ...(parameters && { parameters }) })
  stacks.checkExports(template)
  const other = otherThanRegistry(template)
  const isElsewhere = place.account !== aws.account || place.region !== aws.region
  if (isElsewhere && other !== undefined)
    throw new TemplateError(`Resources.${other}`, `the local run has ECR alone in ${place.account} and ${place.region}`)
  return { template, stacks, call: registryCalls(aws, place) }
}

/**
 * Deploys a stack of a cloud assembly to the local AWS: what the template says is what runs. A stack that was deployed
 * before is updated: what CloudFormation changes in place is changed, what it would replace is refused.
 * @throws {TemplateError} for what the local run cannot do, or AWS would refuse, naming the place in the template
 */
export async function deployLocally(options: DeployOptions): Promise<Cloud> {
  const { aws, environment = {}, enforceIam = true, start = 'deploy' } = options
  const around = read(options)
  const { template, stacks } = around
  const isThere = (logicalId: string): boolean => stacks.before?.contents?.has(logicalId) ?? false
  const pools = createFunctions(template, aws, environment)
  const roles = enforceIam ? functionRoles(template) : new Map()
  const deadLetterArns = deployMessaging(template, aws, isThere)
  const listeners: ((invocation: Invocation) => void)[] = []
  const tell = (invocation: Invocation): void => {
    for (const listener of listeners) listener(invocation)
  }
  const onDeadLetters = (arn: string): void => void deadLetterArns.add(arn)
  const later = new AsynchronousInvocations(
    aws.clock,
    ({ pool, event, completed }) => tell(asInvocation(pool, [event], completed)),
    asynchronousPolicies(template, aws, pools, roles, onDeadLetters),
  )
  serveFunctions(pools, aws, (pool, event, completed) => tell(asInvocation(pool, [event], completed)))
  const targets = { aws, pools, later: (pool: InstancePool, event: object) => later.add(pool, event) }
  const undelivered: Undelivered[] = []
  const rules = createRules(template, { ...targets, onUndelivered: (one) => void undelivered.push(one) })
  const roleOf = enforceIam ? roleFinder(template) : () => undefined
  const machineRoles = createMachines(template, { aws, roleOf })
  const schedules = createSchedules(template, { ...targets, roleOf, onDeadLetters })
  for (const { deadLetters } of rules.flatMap((rule) => rule.targets)) if (deadLetters) deadLetterArns.add(deadLetters)
  const mapped = createMappings(template, aws, pools, roles)
  const pollers = mapped.map(({ mapping, pool }) => new Poller(mapping, (done) => tell(asBatchInvocation(pool, done))))
  await deployState(template, aws, isThere)
  if (start === 'deploy') for (const pool of pools) pool.warm()
  const release = enforceIam ? enforce(aws, roles, template, pools, machineRoles) : () => undefined
  const settlement = new Settlement(pollers, allTimed([later, aws.states.quiet]), aws.clock)
  const asking: Asking = { ...targets, answers: aws.answers, settle: () => settlement.run(), stackId: stacks.id }
  try {
    const updated = await updateStack({ ...around, asking: options.customResources ? asking : undefined })
    return createCloud({
      ...{ template, aws, pools, rules, undelivered, schedules, settlement, deadLetterArns, listeners, release },
      ...updated,
    })
  } catch (error) {
    settlement.stop()
    release()
    await Promise.all(pools.map((pool) => pool.close()))
    throw error
  }
}
