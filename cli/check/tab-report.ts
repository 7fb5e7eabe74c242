import type { Judged, NameOf } from '../../functions/judging/subject.ts'
import { tabbed } from '../table.ts'
import type { Report } from './report.ts'
import { stateOf } from './tally.ts'

const SILENT = new Set(['pass', 'notApplicable'])

/** For other programs: a line for each fail, unknown and exception as it comes, its fields separated by tabs. */
export const tabReport = (stdout: NodeJS.WriteStream, nameOf: NameOf): Report => ({
  add({ subject, verdicts }: Judged) {
    for (const verdict of verdicts) {
      const state = stateOf(verdict)
      if (SILENT.has(state)) continue
      const { severity, rule, reason, fix } = verdict
      stdout.write(`${tabbed([state, severity, rule, nameOf(subject), reason, fix?.command ?? fix?.text ?? ''])}\n`)
    }
  },
  end: () => {},
})
