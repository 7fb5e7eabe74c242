import type * as client from '@aws-sdk/client-scheduler'
import { AwsError } from './error.ts'
import { pageOf } from './listing.ts'
import { sdkService } from './sdk-service.ts'
import type { Handler, Service, Surroundings } from './service.ts'

type NewSchedule = {
  name: string
  group?: string
  expression?: string
  state?: client.ScheduleState
  target: client.Target
}
type Schedule = Required<NewSchedule>

export type SchedulerState = {
  /** Creates a schedule, or takes its place. Nothing is started by it. */
  putSchedule(schedule: NewSchedule): void
  deleteSchedule(name: string, group?: string): void
}

const DEFAULT = 'default'
const PAGE = 100

const pathOf = (group: string, name: string): string => `${group}/${name}`

/** Schedules as they are read. */
export class Schedules implements SchedulerState {
  readonly all = new Map<string, Schedule>()
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  putSchedule({ group = DEFAULT, expression = 'rate(1 day)', state = 'ENABLED', ...rest }: NewSchedule): void {
    const schedule = { group, expression, state, ...rest }
    this.all.set(pathOf(group, rest.name), schedule)
  }

  deleteSchedule(name: string, group: string = DEFAULT): void {
    this.all.delete(pathOf(group, name))
  }

  arnOf(name: string, group: string): string {
    const { region, account } = this.#around
    return `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`
  }
}

const handlersOf = (schedules: Schedules): Record<string, Handler> => ({
  ListSchedules(input: client.ListSchedulesInput) {
    const { GroupName, NamePrefix = '', State, MaxResults = PAGE, NextToken: token } = input
    const wanted = [...schedules.all.values()].filter(
      ({ name, group, state }) =>
        group === (GroupName ?? group) && name.startsWith(NamePrefix) && state === (State ?? state),
    )
    const size = Math.min(MaxResults, PAGE)
    const keyOf = ({ group, name }: Schedule): string => pathOf(group, name)
    const { items, next } = pageOf(wanted, { keyOf, size, token, wrong: 'ValidationException' })
    return {
      Schedules: items.map(({ name, group, state, target }) => ({
        ...{ Name: name, GroupName: group, Arn: schedules.arnOf(name, group), State: state },
        Target: { Arn: target.Arn },
      })),
      NextToken: next,
    }
  },
  GetSchedule({ Name = '', GroupName = DEFAULT }: client.GetScheduleInput) {
    const found = schedules.all.get(pathOf(GroupName, Name))
    if (!found) throw new AwsError('ResourceNotFoundException', `Schedule ${Name} does not exist.`, 404)
    return {
      ...{ Name, GroupName, Arn: schedules.arnOf(Name, GroupName), State: found.state, Target: found.target },
      ...{ ScheduleExpression: found.expression, FlexibleTimeWindow: { Mode: 'OFF' } },
    }
  },
})

/** What is read of EventBridge Scheduler. @see https://docs.aws.amazon.com/scheduler/latest/APIReference/Welcome.html */
export const schedulerService = (schedules: Schedules): Service =>
  sdkService({
    name: 'scheduler',
    protocol: 'rest-json',
    client: '@aws-sdk/client-scheduler',
    handlers: handlersOf(schedules),
    requires: (operation, { Name, GroupName = DEFAULT }) => [
      {
        action: `scheduler:${operation}`,
        resource: Name === undefined ? '*' : schedules.arnOf(String(Name), String(GroupName)),
      },
    ],
  })
