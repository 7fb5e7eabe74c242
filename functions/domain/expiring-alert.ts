import type { Alert, AlertItem } from './alert.ts'
import { envelope, minute, type Telling } from './compose.ts'
import type { RepositoryRef } from './facts/repository-facts.ts'
import type { LifecycleVerdict } from './lifecycle/verdict.ts'
import { listed } from './listed.ts'
import { shortName } from './registry.ts'
import { awsCommand } from './rule/aws-command.ts'
import type { Severity } from './severity.ts'

/** An image in use that a repository's own lifecycle policy is about to remove or archive. */
export type Expiring = Pick<LifecycleVerdict, 'digest' | 'tags' | 'action' | 'rule' | 'reason' | 'dueAt'> & {
  readonly usedBy: readonly string[]
}

/** Images that a message carries; more are counted, not listed. */
const ITEMS = 100
const USERS = 4

/** ECR acts within a day of the condition: one that holds, or depends on no day, can be acted upon at any moment. */
const isDue = ({ dueAt }: Expiring, now: Date): boolean => dueAt === null || Date.parse(dueAt) <= now.getTime()

const severityOf = (expiring: Expiring, now: Date): Severity => (isDue(expiring, now) ? 'CRITICAL' : 'HIGH')

const whenIn = (expiring: Expiring, now: Date): string =>
  isDue(expiring, now) || expiring.dueAt === null ? 'at any moment' : `from ${minute(expiring.dueAt)}`

const toItem =
  (repository: RepositoryRef, now: Date) =>
  (expiring: Expiring): AlertItem => ({
    id: shortName({ ...repository, digest: expiring.digest, tags: expiring.tags }),
    severity: severityOf(expiring, now),
    change: 'new',
    subject: expiring.digest,
    text: `${expiring.action === 'archive' ? 'archived' : 'expires'} ${whenIn(expiring, now)}: ${expiring.reason}`,
    notes: [`in use by ${listed(expiring.usedBy, USERS)}`],
  })

const first = (expiring: readonly Expiring[], now: Date): readonly Expiring[] =>
  expiring.toSorted(
    (a, b) =>
      Number(isDue(b, now)) - Number(isDue(a, now)) ||
      (a.dueAt ?? '').localeCompare(b.dueAt ?? '') ||
      (a.digest < b.digest ? -1 : 1),
  )

const KEEP = 'Let the lifecycle policy keep them before ECR acts'

/** Longer, nobody would read it before it is pasted. */
const LONGEST_COMMAND = 900

/** What stops ECR: the policy with rules that keep them, or none until somebody has written one. */
function stop({ repository, region }: RepositoryRef, keeping: string | undefined): { todo: string; command: string } {
  const put = { repositoryName: repository, lifecyclePolicyText: keeping }
  const command = awsCommand('PutLifecyclePolicy', put, region)
  if (keeping !== undefined && command.length <= LONGEST_COMMAND)
    return { todo: `${KEEP}: the command puts a rule for each of them before the others.`, command }
  return {
    todo: `${KEEP}: a rule of its own before the others, or a larger count. The command stops ECR at once, and prints the policy so that it can be put back.`,
    command: awsCommand('DeleteLifecyclePolicy', { repositoryName: repository }, region),
  }
}

/** `2 at any moment, 1 within two days`: without what is none. */
const whenAll = (due: number, later: number): string =>
  [...(due > 0 ? [`${due} at any moment`] : []), ...(later > 0 ? [`${later} within two days`] : [])].join(', ')

/**
 * The alert on images in use that ECR is about to expire by the repository's own policy.
 * @param expiring at least one
 * @param keeping text of the policy with which they would stay, where there is one
 */
export function composeExpiring(
  telling: Telling,
  repository: RepositoryRef,
  expiring: readonly Expiring[],
  keeping?: string,
): Alert {
  const { now } = telling
  const items = first(expiring, now).map(toItem(repository, now))
  const due = expiring.filter((one) => isDue(one, now)).length
  const [one] = items
  const content = {
    kind: 'expiring-in-use',
    severity: due > 0 ? 'CRITICAL' : 'HIGH',
    title:
      items.length === 1 && one
        ? `In use and about to expire: ${one.id}`
        : `${items.length} images in use are about to expire in ${repository.repository}`,
    summary: `${whenAll(due, items.length - due)}. Whatever restarts then cannot pull its image.`,
    items: items.slice(0, ITEMS),
    omitted: Math.max(0, items.length - ITEMS),
    ...stop(repository, keeping),
  } as const
  return envelope(telling, content, [expiring.map(({ digest, rule }) => [digest, rule]).toSorted()])
}
