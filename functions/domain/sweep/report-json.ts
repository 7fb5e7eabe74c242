import * as v from 'valibot'
import { type SweepReport, SweepReportSchema } from './report.ts'

/** Fields of a repository, and of what is open in it, that are left out where they are 0, false or empty. */
const SHORT: ReadonlySet<string> = new Set([
  ...['losses', 'unread', 'images', 'unscanned', 'bytes', 'dollarsPerMonth', 'removableBytes', 'findings', 'overdue'],
  ...['fails', 'unknowns', 'excepted', 'verdicts', 'lints', 'omitted', 'tags', 'users', 'counts'],
])

const isNothing = (value: unknown): boolean =>
  value === 0 || value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

/** JSON of repositories, or of one, or of a part of one. */
export const shortJson = (value: object): string =>
  JSON.stringify(value, (name, field) => (SHORT.has(name) && isNothing(field) ? undefined : field))

/**
 * What `report.json` holds, on one line: of 10,000 repositories the fields that say nothing are a megabyte.
 * `parseReport` reads it.
 */
export function reportJson({ repositories, ...rest }: SweepReport): string {
  const head = JSON.stringify(rest)
  return `${head.slice(0, -1)},"repositories":${shortJson(repositories)}}\n`
}

/** The report again, with what was left out. @throws {v.ValiError} where it is none, or of another version */
export const parseReport = (text: string): SweepReport => v.parse(SweepReportSchema, JSON.parse(text))
