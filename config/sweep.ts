import type { SweepPolicy } from '../functions/domain/sweep/policy.ts'
import { slackOf } from './schema/channels.ts'
import type { SweepSection } from './schema/sweep.ts'

/** Built into the functions as JSON, which knows no `undefined`. */
export const toSweep = ({
  schedule,
  regions,
  accounts,
  to,
  sla,
  rate,
  packages,
  ...rest
}: SweepSection): SweepPolicy => ({
  schedule,
  regions,
  accounts,
  slack: slackOf(to),
  ownerTag: rest['owner-tag'],
  sla,
  ...(rate !== undefined && { rate }),
  ...(packages !== undefined && { packages }),
  ...(rest['watch-for'] && {
    watchFor: rest['watch-for'].map(({ package: name, to: told, reason }) => ({
      ...{ package: name, slack: slackOf(told) },
      ...(reason !== undefined && { reason }),
    })),
  }),
  securityHub: rest['security-hub'],
})
