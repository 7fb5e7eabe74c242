import type { Judged } from '../../functions/judging/subject.ts'
import type { Summary } from './tally.ts'

/** Where results go as they come. */
export type Report = {
  add(judged: Judged): void
  end(summary: Summary): void
}
