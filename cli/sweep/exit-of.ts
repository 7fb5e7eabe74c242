import type { SweepReport } from '../../functions/domain/sweep/report.ts'
import type { Exit } from '../exit.ts'
import type { Registries } from './access.ts'

/** Why something could not be judged tells of a permission, also where that was found out before it was gone on with. */
const DENIED = /AccessDenied|not authorized|UnauthorizedOperation|cannot be assumed/i

function isDenied({ targets, coverage, repositories }: SweepReport): boolean {
  const whys = [
    ...targets.flatMap(({ problem }) => problem ?? []),
    ...coverage.notJudged.map(({ why }) => why),
    ...repositories.flatMap(({ unread }) => unread),
  ]
  return whys.some((why) => DENIED.test(why))
}

/** A fail is certain, so nothing unknown hides it; and nothing unknown is a pass. */
export function exitOf(report: SweepReport, { denied }: Pick<Registries, 'denied'>): Exit {
  if (report.verdict !== 'unknown') return report.verdict
  return denied.some(({ denials }) => denials.length > 0) || isDenied(report) ? 'access' : 'unknown'
}
