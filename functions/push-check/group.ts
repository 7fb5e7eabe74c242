import { type Delivery, receivesOf } from '../delivery.ts'
import { type AlertPolicy, policyFor } from '../domain/alert-policy.ts'
import type { PushEvent, StewardEvent } from '../domain/event.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { type ImageRef, imageKey } from '../domain/image.ts'
import { type ActiveRule, rulesFor } from '../domain/policy.ts'
import { isRead } from '../elsewhere.ts'
import type { Outcome } from '../outcome.ts'
import { isJudgedOnPush, type PushCheckConfig } from './contract.ts'

/** The rules that a push is judged by. */
export type Rules = {
  readonly image: readonly ActiveRule[]
  readonly repository: readonly ActiveRule[]
  /** Names of all rules on the repository, also of those that are left to others. */
  readonly inForce: readonly string[]
}

/** All that one batch says about pushes of one image. */
export type Group = {
  /** With every tag that was pushed. */
  readonly image: ImageRef
  readonly deliveries: readonly Delivery<PushEvent>[]
  readonly rules: Rules
  /** Who is told; undefined: nobody. */
  readonly policy: AlertPolicy | undefined
}

export type Worthy = { readonly delivery: Delivery<PushEvent>; readonly rules: Rules }

type Sorted = { readonly push: PushEvent; readonly rules: Rules } | { readonly outcome: Outcome }

export function rulesOnPush({ policy }: PushCheckConfig, repository: string): Rules {
  const all = rulesFor(policy, repository, 'repository')
  return {
    image: rulesFor(policy, repository, 'image').filter(({ rule }) => isJudgedOnPush(rule)),
    repository: all.filter(({ rule }) => isJudgedOnPush(rule)),
    inForce: all.map(({ rule }) => rule.id),
  }
}

const drop = (event: StewardEvent, outcome: string, reason: string): Sorted => ({
  outcome: { outcome, reason, event: event.id },
})

const nameOf = ({ account, region }: RegistryRef): string => `registry ${account} in ${region}`

/** Whether a push is to be judged; needs nothing but the event and the configuration. */
export function judge(event: StewardEvent, config: PushCheckConfig, home: RegistryRef): Sorted {
  if (event.type !== 'push')
    return drop(event, 'no-consumer', `${event.detailType} is nothing that push-check looks at`)
  const { repository } = event.image
  if (!isRead(event.image, home, config.sweep))
    return drop(
      event,
      'elsewhere',
      `about ${nameOf(event.image)}, not about ours, ${nameOf(home)}, nor one that is swept`,
    )
  const rules = rulesOnPush(config, repository)
  if (rules.image.length + rules.repository.length > 0) return { push: event, rules }
  return drop(event, 'quiet', `no rule of policy is in force for repository ${repository}`)
}

/** One group per image, oldest event first, whatever the order of delivery. */
export function groupByImage(worthy: readonly Worthy[], { alerts }: PushCheckConfig): Group[] {
  const sorted = worthy.toSorted((a, b) => a.delivery.event.time.localeCompare(b.delivery.event.time))
  return [...Map.groupBy(sorted, ({ delivery }) => imageKey(delivery.event.image)).values()].flatMap((members) => {
    const [first] = members
    if (!first) return []
    const deliveries = members.map(({ delivery }) => delivery)
    const tags = [...new Set(deliveries.flatMap(({ event }) => event.image.tags))]
    const { image } = first.delivery.event
    return [{ image: { ...image, tags }, deliveries, rules: first.rules, policy: policyFor(alerts, image.repository) }]
  })
}

/** Whether ECR itself says that it only refers to an image. */
export const isReferrer = ({ deliveries }: Group): boolean => deliveries.every(({ event }) => event.isReferrer)

/** Whether rules on images are to judge it. */
export const isJudgedAsImage = (group: Group): boolean => group.rules.image.length > 0 && !isReferrer(group)

/** The platforms of an index are pushed before it, without a tag: each of them waits once for the index. */
export const mayBePlatform = (group: Group): boolean =>
  group.image.tags.length === 0 &&
  isJudgedAsImage(group) &&
  receivesOf(group) === 1 &&
  group.deliveries.every(({ event }) => event.attached === undefined)

/** Whether some rule on images brings what fails it into quarantine. */
export const hasQuarantine = ({ rules }: Pick<Group, 'rules'>): boolean =>
  rules.image.some(({ quarantine }) => quarantine)
