import type { AsffFinding } from '../domain/sweep/asff.ts'
import type { ImportAnswer, ImportFailure, SecurityHub } from '../sweep/ports.ts'
import { AwsError, type RestCall } from './signed-aws.ts'

/** What one call takes. @see https://docs.aws.amazon.com/securityhub/latest/partnerguide/batchimportfindings-guidelines.html */
const FINDINGS = 100
/** A little below the 6 MB that a call may have. Bytes. */
const BYTES = 5_900_000

/** In their order. */
function batchesOf(findings: readonly AsffFinding[]): readonly (readonly AsffFinding[])[] {
  const batches: AsffFinding[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const finding of findings) {
    const size = Buffer.byteLength(JSON.stringify(finding)) + 1
    const last = batches.at(-1)
    if (last && last.length < FINDINGS && bytes + size <= BYTES) {
      last.push(finding)
      bytes += size
    } else {
      batches.push([finding])
      bytes = size
    }
  }
  return batches
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function failuresIn(answer: Readonly<Record<string, unknown>>): ImportFailure[] {
  const failed = Array.isArray(answer.FailedFindings) ? (answer.FailedFindings as Record<string, unknown>[]) : []
  return failed.map(({ Id, ErrorCode, ErrorMessage }) => ({
    ...{ id: text(Id), code: text(ErrorCode), message: text(ErrorMessage) },
  }))
}

const WORDS: Readonly<Record<string, string>> = {
  InvalidAccessException: 'Security Hub is not enabled in this account and region',
  AccessDeniedException: 'securityhub:BatchImportFindings is not allowed',
  LimitExceededException: 'Security Hub takes no more for now',
  Unreachable: 'Security Hub cannot be reached',
}

/** Why nothing more is sent. */
function problemOf(error: unknown): string {
  if (!(error instanceof AwsError)) throw error
  const said = text(error.detail.Message ?? error.detail.message)
  return WORDS[error.code] ?? `Security Hub answered ${error.code}${said === '' ? '' : `: ${said.slice(0, 300)}`}`
}

/** One call, and another for those that were not taken. @throws {AwsError} */
async function importBatch(rest: RestCall, batch: readonly AsffFinding[]): Promise<readonly ImportFailure[]> {
  const call = (Findings: readonly AsffFinding[]) => rest('securityhub', 'POST', '/findings/import', { Findings })
  const failed = new Set(failuresIn(await call(batch)).map(({ id }) => id))
  return failed.size === 0 ? [] : failuresIn(await call(batch.filter(({ Id }) => failed.has(Id))))
}

/**
 * Findings into Security Hub, a hundred a call. What it does not take is sent once more; where it takes nothing at all, that is
 * an answer in words, and no more is sent.
 * @param rest with time for megabytes: a call of half a minute is none too long
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 */
export const securityHub = (rest: RestCall): SecurityHub => ({
  async import(findings): Promise<ImportAnswer> {
    const [imported, failed]: [string[], ImportFailure[]] = [[], []]
    for (const batch of batchesOf(findings))
      try {
        const refused = await importBatch(rest, batch)
        const ids = new Set(refused.map(({ id }) => id))
        imported.push(...batch.map(({ Id }) => Id).filter((id) => !ids.has(id)))
        failed.push(...refused)
      } catch (error) {
        return { imported, failed, problem: problemOf(error) }
      }
    return { imported, failed }
  },
})
