import type { StewardConfig } from '../../config/load.ts'
import { counted } from '../../functions/domain/counted.ts'
import { SEVERITIES } from '../../functions/domain/severity.ts'
import { ownerByName } from '../../functions/domain/sweep/owner.ts'
import type { SweepPolicy } from '../../functions/domain/sweep/policy.ts'
import type { Row } from '../table.ts'

const row = (name: string, text: string): Row => [{ text: name, format: 'bold' }, { text }]

/** The registries: every account in every region. */
const where = ({ accounts, regions }: SweepPolicy): string =>
  `${['the account of the stack', ...accounts].join(', ')}; in ${['its region', ...regions].join(', ')}`

const told = ({ slack }: SweepPolicy): string =>
  [...slack.map((name) => `slack:${name}`), 'the alerts topic'].join(', ')

/** Severities without days never come to be overdue. */
const overdue = ({ sla }: SweepPolicy): string =>
  SEVERITIES.flatMap((severity) => {
    const days = sla[severity]
    return days === undefined ? [] : [`${severity} after ${counted(days, 'day')}`]
  }).join(', ')

/** What the sweep goes by in a repository. */
export function sweepRows({ sweep }: StewardConfig, repository: string): readonly Row[] {
  if (!sweep) return []
  const { schedule, ownerTag, rate, packages, securityHub } = sweep
  return [
    row('schedule', `${schedule} in UTC`),
    row('registries', where(sweep)),
    row('digest to', told(sweep)),
    row('owner', `the tag ${ownerTag} of the repository, otherwise ${ownerByName(repository)}`),
    row('overdue', overdue(sweep) || 'never'),
    row('rate', rate === undefined ? 'as many calls as AWS grants' : `${counted(rate, 'call')} a second and operation`),
    ...(packages === undefined ? [] : [row('packages', 'in an index, of the SBOMs that are attached')]),
    row('Security Hub', securityHub ? 'gets what fails' : 'gets nothing'),
  ]
}

/** What the roles of other accounts are told, and where they are there for more than reading. */
export const memberRows = ({ members }: StewardConfig): readonly Row[] =>
  members
    ? [
        row('external id', members.externalId ?? 'none'),
        row('enforce in', members.enforce.join(', ') || 'no other account'),
      ]
    : []
