import type { GateResult } from '../../../../functions/domain/gate/result.ts'
import { unlistedOf } from '../unlisted.ts'
import type { Descriptor, Entry, Part } from './entry.ts'
import { securitySeverity } from './security-severity.ts'
import { imageName, plain, sentence } from './texts.ts'

const NOT_JUDGED: Descriptor = {
  id: 'not-judged',
  short: 'An image could not be judged',
  full: 'The findings of an image, or of one of its platforms, are not known. That is never a pass.',
  help: 'See why in the message. ecr-steward gate waits for a scan; with --start-scan it also starts one.',
  markdown: 'See why in the message. `ecr-steward gate` waits for a scan; with `--start-scan` it also starts one.',
}

/** What is not known: each scan with a problem, or else, where nothing else says it, the verdict. */
export function unjudgedPart(result: GateResult, elsewhere: boolean): Part {
  const { image, platforms, verdict, reasons } = result
  const entry = (platform: string, why: string): Entry => ({
    ...{ id: NOT_JUDGED.id, level: 'error', unjudged: true },
    text: `Image ${imageName(image)}${platform && ` for ${plain(platform)}`} could not be judged: ${sentence(why)}`,
    key: [NOT_JUDGED.id, platform],
    properties: { platform: plain(platform) },
  })
  const entries = platforms.flatMap(({ platform = '', problem }) =>
    problem === undefined ? [] : [entry(platform, problem)],
  )
  if (entries.length === 0 && verdict === 'unknown' && !elsewhere) entries.push(entry('', reasons.join('; ')))
  return { entries, descriptors: entries.length > 0 ? [NOT_JUDGED] : [] }
}

/** Findings that ECR counts and does not list: a result for each severity, since they may be what is over. */
export function unlistedPart(result: GateResult): Part {
  const unlisted = unlistedOf(result).map((one) => ({ ...one, id: `unlisted-${one.severity.toLowerCase()}` }))
  return {
    entries: unlisted.map(({ id, severity, over, text }) => ({
      ...{ id, level: over ? 'error' : 'warning', key: [id] },
      text: `${text} They are of image ${imageName(result.image)}.`,
      properties: { severity, over },
    })),
    descriptors: unlisted.map(({ id, severity, text }) => ({
      ...{ id, short: `Findings that are not listed (${severity.toLowerCase()})`, full: text },
      ...{ help: 'Its page in the console lists more.', markdown: 'Its page in the console lists more.' },
      securitySeverity: securitySeverity(severity, undefined),
    })),
  }
}
