import { gathered, listOf, pages, type Reading, Refused, type SourceKind, withQuery } from './site.ts'
import { imagesOfTaskDefinition } from './task-definitions.ts'

type EcsTarget = { readonly Arn?: string; readonly EcsParameters?: { readonly TaskDefinitionArn?: string } }
type Named = { readonly Name?: string }
type Summary = Named & { readonly GroupName?: string; readonly Target?: { readonly Arn?: string } }

const LIMIT = 100

async function useTaskDefinition(reading: Reading, name: string, by: string): Promise<void> {
  for (const image of await imagesOfTaskDefinition(reading, name)) reading.use(image, by)
}

async function* listEvents<T>(reading: Reading, operation: string, input: object, list: string): AsyncGenerator<T> {
  const ask = (NextToken: string | undefined) =>
    reading.call('events', operation, { ...input, Limit: LIMIT, ...(NextToken !== undefined && { NextToken }) })
  for await (const page of pages(ask, 'NextToken')) yield* listOf<T>(page, list, `events:${operation}`)
}

/** What a rule that is disabled would start is in use too: it can be enabled without a push. */
async function readRule(reading: Reading, rule: string, bus: string): Promise<void> {
  const input = { Rule: rule, EventBusName: bus }
  for await (const { EcsParameters } of listEvents<EcsTarget>(reading, 'ListTargetsByRule', input, 'Targets')) {
    const name = EcsParameters?.TaskDefinitionArn
    if (name !== undefined) await useTaskDefinition(reading, name, `EventBridge rule ${rule} on bus ${bus}`)
  }
}

async function readBus(reading: Reading, bus: string): Promise<void> {
  const rules = await gathered(listEvents<Named>(reading, 'ListRules', { EventBusName: bus }, 'Rules'))
  await Promise.all(
    rules.map(({ Name = '' }) => reading.attempt(() => readRule(reading, Name, bus), 'ResourceNotFoundException')),
  )
}

async function readRules(reading: Reading): Promise<void> {
  const buses = await gathered(listEvents<Named>(reading, 'ListEventBuses', {}, 'EventBuses'))
  await Promise.all(
    buses.map(({ Name = '' }) => reading.attempt(() => readBus(reading, Name), 'ResourceNotFoundException')),
  )
}

/** A schedule calls ECS by its own kind of target, or as any call of the API. */
const CLUSTER = /^arn:[^:]+:ecs:[^:]*:[^:]*:cluster\//
const RUN_TASK = /:aws-sdk:ecs:(?:runTask|startTask)$/i

const startsTask = ({ Target }: Summary): boolean => CLUSTER.test(Target?.Arn ?? '') || RUN_TASK.test(Target?.Arn ?? '')

function taskDefinitionOf({ EcsParameters, Input }: EcsTarget & { readonly Input?: string }): string | undefined {
  if (EcsParameters?.TaskDefinitionArn !== undefined) return EcsParameters.TaskDefinitionArn
  try {
    const { TaskDefinition } = JSON.parse(Input ?? '')
    return typeof TaskDefinition === 'string' ? TaskDefinition : undefined
  } catch {
    return undefined
  }
}

async function readSchedule(reading: Reading, { Name = '', GroupName = 'default' }: Summary): Promise<void> {
  const path = withQuery(`/schedules/${encodeURIComponent(Name)}`, { groupName: GroupName })
  const { Target } = await reading.rest('scheduler', 'GetSchedule', path)
  const name = taskDefinitionOf((Target ?? {}) as EcsTarget)
  const schedule = `EventBridge schedule ${GroupName}/${Name}`
  if (name === undefined)
    throw new Refused('scheduler:GetSchedule', 'without a task definition', `see which task ${schedule} starts`)
  await useTaskDefinition(reading, name, schedule)
}

async function readSchedules(reading: Reading): Promise<void> {
  const ask = (NextToken: string | undefined) =>
    reading.rest('scheduler', 'ListSchedules', withQuery('/schedules', { MaxResults: String(LIMIT), NextToken }))
  for await (const page of pages(ask, 'NextToken')) {
    const schedules = listOf<Summary>(page, 'Schedules', 'scheduler:ListSchedules').filter(startsTask)
    await Promise.all(
      schedules.map((schedule) => reading.attempt(() => readSchedule(reading, schedule), 'ResourceNotFoundException')),
    )
  }
}

/**
 * ECS tasks that EventBridge starts: by the rules of every bus, and by schedules.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EcsParameters.html
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html
 */
export const scheduledTasks: SourceKind = {
  name: 'scheduled-tasks',
  async read(reading) {
    await Promise.all([reading.attempt(() => readRules(reading)), reading.attempt(() => readSchedules(reading))])
  },
}
