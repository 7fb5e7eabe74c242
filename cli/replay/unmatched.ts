import type { StewardConfig } from '../../config/load.ts'
import type { StewardEvent } from '../../functions/domain/event.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { InvalidEvent } from '../../functions/events/invalid-event.ts'
import { parseEvent } from '../../functions/events/parse.ts'
import type { Outcome } from '../../functions/outcome.ts'
import { pushCheckConfig } from '../../functions/push-check/contract.ts'
import { judge as judgePush } from '../../functions/push-check/group.ts'
import { judge as judgeScan } from '../../functions/scan-alert/group.ts'
import { watchConfig } from '../../functions/watch/contract.ts'
import { sort } from '../../functions/watch/job.ts'

type Said = Pick<Outcome, 'outcome' | 'reason'>

/** What each use case says of an event at first sight; undefined where it would get to work. */
type FirstSight = (event: StewardEvent, config: StewardConfig, home: RegistryRef) => Said | undefined

const FIRST_SIGHT: Readonly<Record<string, FirstSight>> = {
  'scan-alert'(event, { alerts }) {
    const verdict = judgeScan(event, alerts)
    return verdict.worth ? undefined : verdict.outcome
  },
  'push-check'(event, config, home) {
    const sorted = judgePush(event, pushCheckConfig(config), home)
    return 'outcome' in sorted ? sorted.outcome : undefined
  },
  watch(event, config, home) {
    const sorted = sort({ event, messageId: '', receives: 1 }, watchConfig(config), home)
    return 'outcome' in sorted ? sorted : undefined
  },
}

/** For an event that no rule lets through: what the code would say of it, without running any. */
export function unmatched(event: unknown, config: StewardConfig, home: RegistryRef): Said {
  try {
    const parsed = parseEvent(event)
    const sights = Object.entries(FIRST_SIGHT).map(([name, look]) => ({ name, said: look(parsed, config, home) }))
    const keen = sights.find(({ said }) => said === undefined)
    if (keen) return { outcome: 'no-rule', reason: `${keen.name} would look at it, but no rule lets it through` }
    const nobody = { outcome: 'no-consumer', reason: `no use case looks at ${parsed.detailType} of this kind` }
    return sights.find(({ said }) => said?.outcome !== 'no-consumer')?.said ?? nobody
  } catch (error) {
    if (error instanceof InvalidEvent) return { outcome: 'invalid', reason: error.message }
    throw error
  }
}
