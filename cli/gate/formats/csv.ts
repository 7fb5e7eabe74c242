import { csvLine } from '../../../functions/domain/csv.ts'
import type { Agreed, GateFinding, GatePlatform, GateResult, GateRule } from '../../../functions/domain/gate/result.ts'
import type { Format } from '../format.ts'
import { unlistedOf } from './unlisted.ts'

/** Of every line: what it is about, and what is said of it. */
const COLUMNS = [
  ...['repository', 'tag', 'digest', 'type', 'name', 'severity', 'state', 'over', 'package', 'installed', 'fixed'],
  ...['platforms', 'score', 'exploit', 'layer', 'url', 'reason', 'fix', 'line'],
  ...['exception', 'exceptionReason', 'owner', 'expires', 'exceptionLine'],
] as const

type Row = { readonly type: string } & { readonly [column in (typeof COLUMNS)[number]]?: string | number | boolean }

const agreed = (exception: Agreed | undefined): Partial<Row> =>
  exception === undefined
    ? {}
    : {
        exception: exception.state,
        exceptionReason: exception.reason,
        owner: exception.owner,
        expires: exception.expires,
        exceptionLine: exception.line,
      }

const ofFinding = ({ id, platforms, exception, ...finding }: GateFinding): Row => ({
  ...{ type: 'finding', name: id, platforms: platforms.join(' ') },
  ...finding,
  ...agreed(exception),
})

const ofRule = ({ rule, severity, outcome, reason, fix, line, exception }: GateRule): Row => ({
  ...{ type: 'rule', name: rule, severity, state: outcome, reason, line },
  fix: [fix?.text, fix?.command].filter((part) => part !== undefined).join(' '),
  ...agreed(exception),
})

const ofPlatform = ({ digest, platform, status, problem }: GatePlatform): Row => ({
  type: 'platform',
  name: digest,
  platforms: platform ?? '',
  state: problem === undefined ? 'scanned' : 'unknown',
  reason: problem ?? status ?? '',
})

function rowsOf(result: GateResult): readonly Row[] {
  const { image, verdict, reasons, findings, rules, platforms } = result
  return [
    { type: 'image', name: image.uri, state: verdict, url: image.url, reason: reasons.join('; ') },
    ...platforms.map(ofPlatform),
    ...rules.map(ofRule),
    ...unlistedOf(result).map(({ severity, over, text }) => ({
      ...{ type: 'unlisted', severity, state: 'counts', over, reason: text },
    })),
    ...findings.map(ofFinding),
  ]
}

/**
 * As RFC 4180 has it: a line for the image and its verdict, one for each platform, rule and finding, and one for each
 * severity of which ECR counts more than it lists. What is not known is left empty.
 */
export const format: Format = (result) => {
  const { repository, tag = '', digest } = result.image
  const lineOf = (row: Row): string =>
    csvLine([
      ...[repository, tag, digest],
      ...COLUMNS.slice(3).map((column) => {
        const value = row[column] ?? ''
        return typeof value === 'boolean' ? String(value) : value
      }),
    ])
  return csvLine(COLUMNS) + rowsOf(result).map(lineOf).join('')
}
