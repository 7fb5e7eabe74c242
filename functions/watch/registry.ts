import type { Result } from '../batch.ts'
import { isPatient } from '../delivery.ts'
import { registryRulesOf } from '../domain/policy.ts'
import { registryKey } from '../domain/registry.ts'
import { fixedSince, NOTHING_TOLD, rememberLook } from '../domain/repository-state.ts'
import { against, isNew } from '../domain/told-verdicts.ts'
import { underClaim } from '../memory.ts'
import { judge } from '../policy/judge.ts'
import { tellNews } from '../policy/tell.ts'
import { causeOf, whyQuiet } from './cause.ts'
import type { JobOf } from './job.ts'
import type { Deps } from './ports.ts'

/** What it means for repositories is for the sweep: there may be thousands. */
function withSweep({ deliveries }: JobOf<'registry'>, result: Result): Result {
  const isScanning = deliveries.some(({ event }) => event.call === 'PutRegistryScanningConfiguration')
  if (!isScanning) return result
  const reason = result.reason.replace(/\.$/, '')
  return { ...result, reason: `${reason}; what it means for repositories is left to the sweep` }
}

/**
 * Judges the registry after somebody changed it, and tells what has begun to fail.
 * @throws {Later} while another invocation looks at it, or an answer of AWS may come later
 */
export function watchRegistry(job: JobOf<'registry'>, { ports, config, ...deps }: Deps): Promise<Result> {
  const { ref } = job
  const now = deps.now()
  const rules = registryRulesOf(config.registry)
  const judging = { reader: ports.registry, rules, exceptions: [], now, isPatient: isPatient(job) }
  return underClaim(ports.memory, `registry#${registryKey(ref)}`, judge(ref, judging), async (claim, judged) => {
    const state = claim.told ?? NOTHING_TOLD
    const { verdicts } = judged
    const items = against(state.told, verdicts)
    const rings = items.some(isNew)
    const telling = { ...causeOf(job), subject: { ...ref, tags: [] }, slack: config.registry.slack, notices: [], now }
    const all = [...items, ...fixedSince(state, verdicts)]
    const [told = whyQuiet(items)] = await tellNews(telling, ports.alerts, { items: all, rings, outcomes: [] })
    const look = { verdicts, items, enforcement: {}, inForce: rules.map(({ rule }) => rule.id), now }
    await claim.mark(rememberLook(state, look, { isTold: true, isShown: rings }))
    return withSweep(job, told)
  })
}
