import type { Result } from '../batch.ts'
import { isPatient } from '../delivery.ts'
import { policyFor } from '../domain/alert-policy.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { rulesFor } from '../domain/policy.ts'
import { NOTHING_TOLD } from '../domain/repository-state.ts'
import { Gone, Later } from '../faults.ts'
import { underClaim } from '../memory.ts'
import { applied, forWhom, onlyRead } from '../policy/in-registry.ts'
import { judge } from '../policy/judge.ts'
import { type News, repositorySubject, settle } from '../policy/repository.ts'
import { tellNews } from '../policy/tell.ts'
import { type Cause, causeOf, whyQuiet } from './cause.ts'
import type { JobOf } from './job.ts'
import type { Deps } from './ports.ts'

export type Look = {
  readonly ref: RepositoryRef
  readonly cause: Cause
  /** Whether what cannot be read now may be asked again later. */
  readonly isPatient: boolean
  /** Rules of which another alert on the same events speaks already. */
  readonly spokenOf?: readonly string[]
}

/** Tells what is new of a repository to those who want to hear of it, and remembers it. */
async function tellAndMark(
  { ref, cause }: Look,
  { ports, config, home }: Deps,
  news: News,
  now: Date,
): Promise<Result> {
  const rules = rulesFor(config.policy, ref.repository, 'repository')
  const notices = [...onlyRead(rules, news.items, ports.registries(ref)), ...forWhom(ref, home, news)]
  const policy = policyFor(config.alerts, ref.repository)
  const telling = { ...cause, subject: { ...ref, tags: [] }, slack: policy?.slack ?? [], notices, now }
  const told = policy ? await tellNews(telling, ports.alerts, news) : []
  await news.mark({ isTold: policy !== undefined, isShown: policy !== undefined && news.rings })
  const unheard = `no entry of alerts matches repository ${ref.repository}: nobody is told what fails`
  const quiet = news.rings ? { outcome: 'quiet', reason: unheard } : whyQuiet(news.items)
  const [first = quiet, ...more] = told
  return { ...first, more }
}

/**
 * Judges a repository by all rules that are in force for it, and tells what has begun to fail.
 * @throws {Later} while another invocation looks at it, or an answer of AWS may come later
 * @throws {Gone} where it is not there
 */
export function lookAt(look: Look, deps: Deps): Promise<Result> {
  const { ports, config } = deps
  const { ref, cause } = look
  const now = deps.now()
  const there = ports.registries(ref)
  const rules = applied(rulesFor(config.policy, ref.repository, 'repository'), there)
  const { exceptions } = config
  const judging = { reader: there.repositories, rules, exceptions, now, isPatient: look.isPatient }
  return underClaim(ports.memory, repositorySubject(ref), judge(ref, judging), async (claim, judged) => {
    const inForce = rules.map(({ rule }) => rule.id)
    const news = await settle(claim, judged, {
      ...{ ref, judging, inForce, hands: there.hands },
      ...{ events: cause.events, spokenOf: look.spokenOf },
    })
    return tellAndMark(look, deps, news, now)
  })
}

/** What was told of it is of no use any more: a repository of the same name is another one. @throws {Later} */
async function forget(ref: RepositoryRef, { ports }: Deps): Promise<void> {
  const claim = await ports.memory.claim(repositorySubject(ref))
  await claim.mark(NOTHING_TOLD)
}

/**
 * Judges a repository that somebody changed. One that is not there is forgotten, if it was deleted, and otherwise waited
 * for: it may have been created a moment ago.
 * @throws {Later}
 */
export async function watchRepository(job: JobOf<'repository'>, deps: Deps): Promise<Result> {
  try {
    return await lookAt({ ref: job.ref, cause: causeOf(job), isPatient: isPatient(job) }, deps)
  } catch (error) {
    if (!(error instanceof Gone)) throw error
    const isDeleted = job.deliveries.some(({ event }) => event.call === 'DeleteRepository')
    if (!isDeleted && isPatient(job)) throw new Later(`not yet: ${error.message}`, { cause: error })
    await forget(job.ref, deps)
    return { outcome: 'gone', reason: error.message }
  }
}
