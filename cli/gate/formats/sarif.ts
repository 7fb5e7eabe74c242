import { createHash } from 'node:crypto'
import { grouped } from '../../../functions/domain/counted.ts'
import type { GateResult } from '../../../functions/domain/gate/result.ts'
import { VERSION } from '../../version.ts'
import type { Format } from '../format.ts'
import { movedText } from '../words.ts'
import { jsonText } from './json-text.ts'
import type { Descriptor, Entry } from './sarif/entry.ts'
import { findingsPart } from './sarif/findings.ts'
import { unjudgedPart, unlistedPart } from './sarif/gaps.ts'
import { rulesPart } from './sarif/rules.ts'
import { agreement, httpsAddress, imageName, plain, relativeUri } from './sarif/texts.ts'

/** Results that GitHub keeps of one run. @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning#file-compatibility */
const MOST = 5000

type Notification = { readonly level: 'error' | 'warning' | 'note'; readonly message: { readonly text: string } }

const note = (level: Notification['level'], text: string): Notification => ({ level, message: { text } })

const ruleOf = ({ id, short, full, help, markdown, helpUri, securitySeverity }: Descriptor) => ({
  id,
  shortDescription: { text: short },
  fullDescription: { text: full },
  help: { text: help, markdown },
  ...(helpUri && { helpUri }),
  properties: {
    tags: ['container', 'ecr', ...(securitySeverity === undefined ? [] : ['security'])],
    ...(securitySeverity !== undefined && { 'security-severity': securitySeverity.toFixed(1) }),
  },
})

/** The same for the same finding of the same repository, whatever its digest; GitHub reads this one alone. */
const fingerprint = (repository: string, key: readonly string[]): string =>
  `${createHash('sha256')
    .update(JSON.stringify([repository, ...key]))
    .digest('hex')
    .slice(0, 32)}:1`

function resultsOf(
  entries: readonly Entry[],
  descriptors: readonly Descriptor[],
  { image }: GateResult,
  source: string,
) {
  const indexes = new Map(descriptors.map(({ id }, index) => [id, index]))
  const name = imageName(image)
  const location = {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(source), uriBaseId: '%SRCROOT%' },
      region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
    },
    logicalLocations: [{ name, fullyQualifiedName: plain(image.uri), kind: 'resource' }],
  }
  const hostedViewerUri = httpsAddress(image.url)
  return entries.map(({ id, level, text, key, excepted, properties }) => ({
    ruleId: id,
    ruleIndex: indexes.get(id),
    level,
    message: { text },
    locations: [location],
    partialFingerprints: { primaryLocationLineHash: fingerprint(image.repository, key) },
    // Where one result has this list, all have to: an empty one says that nobody has agreed to it.
    suppressions: excepted ? [{ kind: 'external', status: 'accepted', justification: agreement(excepted) }] : [],
    ...(hostedViewerUri && { hostedViewerUri }),
    properties,
  }))
}

/** Up to the last slash it is the category, within which GitHub takes what is no longer found for fixed: a tag of each build would leave all open. */
const automationId = ({ repository, tag, digest }: GateResult['image']): string =>
  plain(`ecr-steward/${repository}/${(tag ?? digest).replaceAll('/', '_')}`)

function notificationsOf(result: GateResult, entries: readonly Entry[], omitted: number): readonly Notification[] {
  const moved = movedText(result)
  const most = grouped(MOST)
  return [
    ...entries.filter(({ unjudged }) => unjudged).map(({ level, text }) => note(level, text)),
    ...(omitted > 0
      ? [
          note(
            'warning',
            `${grouped(omitted)} findings are left out: GitHub keeps ${most} results. The worst are here.`,
          ),
        ]
      : []),
    ...(moved === undefined ? [] : [note('warning', plain(moved))]),
  ]
}

/** As `--on-unknown pass` asks: nothing is an error where nothing stops. */
const isLetThrough = ({ verdict, lenient }: GateResult): boolean => verdict === 'unknown' && lenient

const softer = (entry: Entry): Entry => (entry.level === 'error' ? { ...entry, level: 'warning' } : entry)

/** What our formats say elsewhere, and no field of SARIF does. */
const propertiesOf = ({ kind, verdict, lenient, reasons, limits, limitsFrom, counts, unlisted }: GateResult) => ({
  ...{ kind, verdict, lenient, reasons: reasons.map(plain), limits, limitsFrom: plain(limitsFrom), counts, unlisted },
})

/**
 * SARIF 2.1.0 with one run, for code scanning of GitHub and whatever else reads it: a result for each finding, for each rule
 * that fails or is unknown, and for whatever else is not known, at most 5,000. Where something is not known the run is one
 * that did not succeed.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export const format: Format = (result, { source }) => {
  const rules = rulesPart(result)
  const elsewhere = rules.entries.some(({ unjudged }) => unjudged)
  const first = [unjudgedPart(result, elsewhere), rules, unlistedPart(result)]
  const most = MOST - first.reduce((sum, { entries }) => sum + entries.length, 0)
  const parts = [...first, findingsPart(result, most)]
  const entries = parts.flatMap((part) => part.entries).map((entry) => (isLetThrough(result) ? softer(entry) : entry))
  const descriptors = [...new Map(parts.flatMap((part) => part.descriptors).map((one) => [one.id, one])).values()]
  const omitted = Math.max(0, result.findings.length - most)
  const run = {
    tool: {
      driver: { name: 'ecr-steward', version: VERSION, semanticVersion: VERSION, rules: descriptors.map(ruleOf) },
    },
    automationDetails: { id: automationId(result.image), description: { text: `Image ${imageName(result.image)}` } },
    invocations: [
      {
        executionSuccessful: !entries.some(({ unjudged }) => unjudged),
        endTimeUtc: result.judgedAt,
        toolExecutionNotifications: notificationsOf(result, entries, omitted),
      },
    ],
    results: resultsOf(entries, descriptors, result, source),
    columnKind: 'utf16CodeUnits',
    properties: { ...propertiesOf(result), omitted },
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${jsonText(log, 2)}\n`
}
