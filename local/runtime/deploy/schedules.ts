import { randomUUID } from 'node:crypto'
import type { ScheduleState, Target } from '@aws-sdk/client-scheduler'
import type { LocalAws } from '../../aws/server.ts'
import type { Json } from '../../aws/states/json.ts'
import type { Role } from '../iam.ts'
import { isObject } from '../is-object.ts'
import type { InstancePool } from '../lambda/pool.ts'
import { type Resource, type Template, TemplateError } from '../template.ts'
import { ruleName } from './names.ts'
import { object, text } from './properties.ts'
import type { InvokeLater } from './rules.ts'

export type Schedule = {
  /** `clean-up/Schedule`: the construct that it is in, and its own id. */
  readonly name: string
  /** As the template has it: `cron(0 3 * * ? *)`. */
  readonly expression: string
  /**
   * Starts its target now. Scheduler does so at least once: more than once where that is asked for, each time with the same
   * instant. Time does not start it: the clock of a local run jumps.
   * @param times how often @throws where the schedule is disabled
   */
  fire(times?: number): void
}

type Around = {
  readonly aws: LocalAws
  readonly pools: readonly InstancePool[]
  readonly later: InvokeLater
  /** Of a role of the template by its ARN; undefined where IAM is not enforced. */
  readonly roleOf: (arn: string, where: string) => Role | undefined
  /** Told of the queues that take what cannot be started. */
  readonly onDeadLetters: (arn: string) => void
}

/** What is put in the place of `<aws.scheduler.…>` in an input. */
type Attributes = Readonly<Record<'schedule-arn' | 'scheduled-time' | 'execution-id' | 'attempt-number', string>>

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const withAttributes = (input: string, attributes: Attributes): string =>
  input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (all, name: string) => attributes[name as keyof Attributes] ?? all)

/** What a target without an input of its own is given. */
const usualInput = ({ account, region }: LocalAws, attributes: Attributes): object => ({
  ...{ version: '0', id: attributes['execution-id'], 'detail-type': 'Scheduled Event', source: 'aws.scheduler' },
  ...{ account, time: attributes['scheduled-time'], region, resources: [attributes['schedule-arn']], detail: '{}' },
})

/** What a schedule starts. */
type Started = { readonly action: string; readonly start: (event: object) => void }

function startedBy(arn: string, { aws, pools, later }: Around): Started | undefined {
  const pool = pools.find(({ lambda }) => lambda.arn === arn)
  if (pool) return { action: 'lambda:InvokeFunction', start: (event) => later(pool, event) }
  if (!aws.states.hasMachine(arn)) return undefined
  return { action: 'states:StartExecution', start: (event) => void aws.states.start(arn, event as Json) }
}

function checkTarget(schedule: Resource, target: Record<string, unknown>, { action }: Started, around: Around): void {
  const where = `${schedule.where}.Target`
  const resource = String(target.Arn)
  const role = around.roleOf(String(target.RoleArn), `${where}.RoleArn`)
  const decision = role?.decide({ action, resource }) ?? { allowed: true }
  if (!decision.allowed) throw new TemplateError(where, `the schedule's role does not allow ${action} on ${resource}`)
  const deadLetters = isObject(target.DeadLetterConfig) ? target.DeadLetterConfig.Arn : undefined
  if (deadLetters === undefined) return
  if (!around.aws.sqs.get(String(deadLetters)))
    throw new TemplateError(`${where}.DeadLetterConfig`, `${deadLetters} is no queue of the stack`)
  around.onDeadLetters(String(deadLetters))
}

function createSchedule(schedule: Resource, around: Around): Schedule {
  const { aws } = around
  if (schedule.properties.GroupName !== undefined)
    throw new TemplateError(`${schedule.where}.GroupName`, 'the local run has the default group only')
  const target = object(schedule, 'Target')
  const started = startedBy(String(target.Arn), around)
  if (!started)
    throw new TemplateError(`${schedule.where}.Target`, `${target.Arn} is no function or state machine of the stack`)
  checkTarget(schedule, target, started, around)
  const [name, expression] = [ruleName(schedule), text(schedule, 'ScheduleExpression')]
  const state = (schedule.properties.State ?? 'ENABLED') as ScheduleState
  aws.scheduler.putSchedule({ name: schedule.identity.name, expression, state, target: target as unknown as Target })
  const eventOf = (scheduledTime: string): object => {
    const attributes: Attributes = {
      'schedule-arn': schedule.identity.attributes.Arn ?? '',
      'scheduled-time': scheduledTime,
      'execution-id': randomUUID(),
      'attempt-number': '1',
    }
    const { Input: input } = target
    return typeof input === 'string' ? JSON.parse(withAttributes(input, attributes)) : usualInput(aws, attributes)
  }
  return {
    ...{ name, expression },
    fire(times = 1) {
      if (state !== 'ENABLED') throw new Error(`The schedule ${name} is disabled.`)
      const scheduledTime = new Date(aws.clock.now()).toISOString().replace(/\.\d+/, '')
      for (let n = 0; n < times; n++) started.start(eventOf(scheduledTime))
    },
  }
}

/** The schedules of the template: each starts a function or a state machine, with a role of its own. @throws {TemplateError} */
export const createSchedules = (template: Template, around: Around): Schedule[] =>
  template.resources('AWS::Scheduler::Schedule').map((schedule) => createSchedule(schedule, around))
