import pLimit from 'p-limit'
import type { Result } from '../batch.ts'
import { eventsOf, isPatient } from '../delivery.ts'
import { type AlertPolicy, policyFor } from '../domain/alert-policy.ts'
import { composeIncident, type WeakenedScanning } from '../domain/incident-alert.ts'
import { rulesFor } from '../domain/policy.ts'
import { enhancedScanning } from '../domain/rules/enhanced-scanning.ts'
import { scanOnPush } from '../domain/rules/scan-on-push.ts'
import { Gone } from '../faults.ts'
import type { JobOf } from './job.ts'
import { once } from './once.ts'
import type { Deps } from './ports.ts'
import { lookAt } from './repository.ts'
import { weakenedIn } from './weakened.ts'

/** Repositories that are judged after one event; of a change of the whole registry the sweep judges the rest. */
const MOST_LOOKS = 25
/** Repositories looked at side by side. */
const AT_ONCE = 8

/** Rules that say once more what the alert on weakened scanning says. */
const ON_SCANNING = [scanOnPush.id, enhancedScanning.id]

type JobOfScanning = JobOf<'scanning-change'>

const weakenedBy = ({ deliveries }: JobOfScanning): readonly WeakenedScanning[] =>
  deliveries.slice(-1).flatMap(({ event }) => weakenedIn(event))

/** One alert for each entry of `alerts`, on all of its repositories. */
async function tellWeakened(job: JobOfScanning, { ports, config, home, ...deps }: Deps): Promise<readonly Result[]> {
  const now = deps.now()
  const told: Result[] = []
  const byPolicy = Map.groupBy(weakenedBy(job), ({ repository }) => policyFor(config.alerts, repository))
  const entries = [...byPolicy].filter((entry): entry is [AlertPolicy, WeakenedScanning[]] => entry[0] !== undefined)
  for (const [{ slack }, repositories] of entries) {
    const [only] = repositories
    const subject = { ...home, ...(only && repositories.length === 1 && { repository: only.repository }), tags: [] }
    const telling = { subject, slack, facts: [], notices: [], events: eventsOf(job), now }
    const alert = composeIncident(telling, { kind: 'scanning-weakened', repositories })
    await ports.alerts.publish(alert)
    told.push({ outcome: 'alerted', reason: alert.summary, alert })
  }
  return told
}

/** A repository that is gone has nothing to be told of. */
const lookIfThere = (repository: string, job: JobOfScanning, deps: Deps): Promise<Result> =>
  lookAt(
    {
      ref: { ...deps.home, repository },
      cause: { events: eventsOf(job), facts: [] },
      isPatient: isPatient(job),
      spokenOf: ON_SCANNING,
    },
    deps,
  ).catch((error: unknown) => {
    if (error instanceof Gone) return { outcome: 'gone', reason: error.message }
    throw error
  })

/** All of them have ended when this ends. @throws {Later} where one of them cannot be looked at now */
async function lookAtEach(repositories: readonly string[], job: JobOfScanning, deps: Deps): Promise<readonly Result[]> {
  const limit = pLimit(AT_ONCE)
  const looks = await Promise.allSettled(
    repositories.map((repository) => limit(() => lookIfThere(repository, job, deps))),
  )
  return looks.flatMap((look) => {
    if (look.status === 'rejected') throw look.reason
    return [look.value, ...(look.value.more ?? [])]
  })
}

const isAlert = ({ alert }: Result): boolean => alert !== undefined

/**
 * Tells which repositories are scanned less than before, and judges them.
 * @throws {Later} while a repository cannot be looked at
 */
export async function watchScanning(job: JobOfScanning, deps: Deps): Promise<Result> {
  const [event = ''] = eventsOf(job)
  const about = { subject: `scanning#${event}`, cause: event, now: deps.now() }
  const told = (await once(deps.ports.incidents, about, () => tellWeakened(job, deps))) ?? []
  const names = weakenedBy(job).map(({ repository }) => repository)
  const judged = names.filter((repository) => rulesFor(deps.config.policy, repository, 'repository').length > 0)
  const looks = await lookAtEach(judged.slice(0, MOST_LOOKS), job, deps)
  const left = Math.max(0, judged.length - MOST_LOOKS)
  const less = names.length === 1 ? 'repository is scanned less' : 'repositories are scanned less'
  const reason = `${names.length} ${less}: told before, or nobody is told of ${names.length === 1 ? 'it' : 'them'}`
  const [first = { outcome: 'known', reason }, ...more] = [...told, ...looks.filter(isAlert)]
  return { ...first, reason: left > 0 ? `${first.reason}; ${left} are left to the sweep` : first.reason, more }
}
