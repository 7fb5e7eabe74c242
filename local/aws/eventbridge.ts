import type * as client from '@aws-sdk/client-eventbridge'
import { AwsError } from './error.ts'
import { pageOf } from './listing.ts'
import { sdkService } from './sdk-service.ts'
import type { Handler, Service, Surroundings } from './service.ts'

type NewRule = { name: string; bus?: string; state?: client.RuleState; targets?: readonly client.Target[] }
type Rule = Required<NewRule>

export type EventsState = {
  createEventBus(name: string): void
  /** Creates a rule with its targets, or takes its place. */
  putRule(rule: NewRule): void
  deleteRule(name: string, bus?: string): void
}

const DEFAULT = 'default'
const PAGE = 100
const wrong = 'ValidationException'

/** Buses and rules as they are read; nothing is sent by them. */
export class Events implements EventsState {
  readonly buses = new Map<string, Map<string, Rule>>([[DEFAULT, new Map()]])
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  createEventBus(name: string): void {
    if (!this.buses.has(name)) this.buses.set(name, new Map())
  }

  putRule({ name, bus = DEFAULT, state = 'ENABLED', targets = [] }: NewRule): void {
    this.needBus(bus).set(name, { name, bus, state, targets })
  }

  deleteRule(name: string, bus: string = DEFAULT): void {
    this.needBus(bus).delete(name)
  }

  arnOf(resource: string): string {
    const { region, account } = this.#around
    return `arn:aws:events:${region}:${account}:${resource}`
  }

  ruleArn(name: string, bus: string): string {
    return this.arnOf(bus === DEFAULT ? `rule/${name}` : `rule/${bus}/${name}`)
  }

  /** @param given name or ARN @throws AwsError ResourceNotFoundException */
  needBus(given: string = DEFAULT): Map<string, Rule> {
    const name = given.split(':event-bus/').at(-1) ?? ''
    const bus = this.buses.get(name)
    if (!bus) throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`)
    return bus
  }
}

type Paged = { NextToken?: string; Limit?: number }

const listed = <T>(all: Iterable<T>, keyOf: (item: T) => string, { NextToken: token, Limit = PAGE }: Paged) =>
  pageOf(all, { keyOf, size: Math.min(Limit, PAGE), token, wrong })

const handlersOf = (events: Events): Record<string, Handler> => ({
  ListEventBuses({ NamePrefix = '', ...paged }: client.ListEventBusesRequest) {
    const all = [...events.buses.keys()].filter((name) => name.startsWith(NamePrefix))
    const { items, next } = listed(all, (name) => name, paged)
    return {
      EventBuses: items.map((Name) => ({ Name, Arn: events.arnOf(`event-bus/${Name}`) })),
      NextToken: next,
    }
  },
  ListRules({ NamePrefix = '', EventBusName, ...paged }: client.ListRulesRequest) {
    const all = [...events.needBus(EventBusName).values()].filter(({ name }) => name.startsWith(NamePrefix))
    const { items, next } = listed(all, ({ name }) => name, paged)
    const asRule = ({ name, bus, state }: Rule): client.Rule => ({
      ...{ Name: name, Arn: events.ruleArn(name, bus), State: state, EventBusName: bus },
    })
    return { Rules: items.map(asRule), NextToken: next }
  },
  ListTargetsByRule({ Rule: name = '', EventBusName, ...paged }: client.ListTargetsByRuleRequest) {
    const rule = events.needBus(EventBusName).get(name)
    if (!rule)
      throw new AwsError(
        'ResourceNotFoundException',
        `Rule ${name} does not exist on EventBus ${EventBusName ?? DEFAULT}.`,
      )
    const { items, next } = listed(rule.targets, ({ Id = '' }) => Id, paged)
    return { Targets: items, NextToken: next }
  },
})

/** What is read of EventBridge. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html */
export const eventsService = (events: Events): Service =>
  sdkService({
    name: 'events',
    protocol: 'json',
    client: '@aws-sdk/client-eventbridge',
    target: 'AWSEvents',
    faulty: wrong,
    handlers: handlersOf(events),
    requires: (operation, { Rule: rule, EventBusName = DEFAULT }) => [
      {
        action: `events:${operation}`,
        resource: rule === undefined ? '*' : events.ruleArn(String(rule), String(EventBusName)),
      },
    ],
  })
