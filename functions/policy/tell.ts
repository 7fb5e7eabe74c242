import type { AlertSender } from '../alert-sender.ts'
import type { Result } from '../batch.ts'
import type { Telling } from '../domain/compose.ts'
import { counted } from '../domain/counted.ts'
import { composeEnforcement } from '../domain/enforcement-alert.ts'
import { composePolicy } from '../domain/policy-alert.ts'
import type { News } from './repository.ts'

/** Why what fails or is unknown is not told again. */
export const toldBefore = (open: number): string =>
  `nothing new: ${counted(open, 'rule')} that ${open === 1 ? 'fails or is unknown was' : 'fail or are unknown were'} told before`

/** Publishes what has to be told of verdicts and of remedies: at most an alert for each, with a line of its own. */
export async function tellNews(
  telling: Telling,
  alerts: AlertSender,
  { items, rings, outcomes }: Pick<News, 'items' | 'rings' | 'outcomes'>,
): Promise<readonly Result[]> {
  const told: Result[] = []
  if (rings) {
    const alert = composePolicy(telling, items)
    await alerts.publish(alert)
    told.push({ outcome: 'alerted', reason: alert.summary, alert })
  }
  if (outcomes.length > 0) {
    const alert = composeEnforcement(telling, outcomes)
    await alerts.publish(alert)
    told.push({ outcome: 'enforced', reason: alert.summary, alert })
  }
  return told
}
