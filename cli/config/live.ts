import type { StewardConfig } from '../../config/load.ts'
import { type Exception, isExpired, isIn } from '../../functions/domain/exception.ts'
import { matchedAt, reportOn, type Sighting } from '../../functions/domain/exception-report.ts'
import type { ImageScan } from '../../functions/domain/facts/image-facts.ts'
import type { Fact } from '../../functions/domain/rule/fact.ts'
import { ruleOf } from '../../functions/domain/rulebook.ts'
import { type Policy, policyOf } from '../../functions/judging/policy.ts'
import { type Judged, subjectName } from '../../functions/judging/subject.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession } from '../aws/session.ts'
import type { Part } from '../check/parts.ts'
import { tellUnjudged } from '../check/rest.ts'
import { AT_ONCE, judgedIn, type Run } from '../check/run.ts'
import type { Missing } from '../check/subjects.ts'
import { createTally, type Tally, totalsInWords } from '../check/tally.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'

/** Whether an exception can only be met at an image. */
const isOnImages = ({ rule, tags, digest }: Exception): boolean =>
  rule === undefined || ruleOf(rule)?.about === 'image' || tags !== undefined || digest !== undefined

/** Of the policy, what the exceptions are about: nothing else is read. */
function policyOn(exceptions: readonly Exception[], config: StewardConfig): Policy {
  const policy = policyOf(config, [])
  const here = (repository: string): readonly Exception[] =>
    exceptions.filter((exception) => isIn(exception, repository))
  return {
    ...policy,
    rulesOn: (subject) => {
      if (subject.kind === 'registry') return []
      const rules = new Set(here(subject.ref.repository).map(({ rule }) => rule))
      return policy.rulesOn(subject).filter(({ rule }) => rules.has(rule.id))
    },
    asksOfImages: (repository) => here(repository).some(isOnImages),
    readsScanOf: ({ repository }) => here(repository).some(({ finding }) => finding !== undefined),
  }
}

/** What was found at a subject; undefined where not all of it could be read. */
function sightingOf({ subject: { ref }, facts, verdicts }: Judged): Sighting | undefined {
  if (!('repository' in ref)) return undefined
  const scan = facts.scan as Fact<ImageScan> | undefined
  if (scan && 'unread' in scan) return undefined
  return {
    place: ref,
    findings: scan?.value.platforms.flatMap(({ findings }) => findings) ?? [],
    rules: verdicts.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown').map(({ rule }) => rule),
  }
}

type Looked = { readonly matched: ReadonlySet<string>; readonly missing: readonly Missing[] }

/** Looks at every repository, and at every tagged image, that an exception may be about. */
async function look(
  exceptions: readonly Exception[],
  part: Part,
  run: Omit<Run, 'onMissing'>,
  io: Io,
): Promise<Looked> {
  const [matched, missing, tally]: [Set<string>, Missing[], Tally] = [new Set(), [], createTally()]
  const endProgress = showProgress(io.stderr, () => totalsInWords({ totals: tally.totals(), missing }))
  try {
    for await (const judged of judgedIn(part, { ...run, onMissing: (one) => missing.push(one) })) {
      tally.add(judged)
      const sighting = sightingOf(judged)
      if (sighting) for (const key of matchedAt(exceptions, sighting)) matched.add(key)
      else missing.push({ name: `the scan of ${subjectName(judged.subject)}`, problem: 'it could not be read' })
    }
  } finally {
    endProgress()
  }
  return { matched, missing }
}

/** Exceptions that hold and that nothing needs, and how well one could look. */
export type Live = { readonly unneeded: readonly Exception[]; readonly exit: Exit }

export type LiveOptions = Values<typeof AWS_OPTIONS>

/**
 * Looks for exceptions that hold and that nothing needs any more. Where not everything could be looked at, none is named:
 * what an exception covers may be what was not seen.
 */
export async function lookAround(config: StewardConfig, options: LiveOptions, io: Io): Promise<Live> {
  const now = io.now()
  const holding = config.exceptions.filter((exception) => !isExpired(exception, now))
  if (holding.length === 0) return { unneeded: [], exit: 'pass' }
  const part: Part = { session: await openSession(options, io), targets: [{ kind: 'pattern', pattern: '**' }] }
  const run = {
    ...{ policy: policyOn(holding, config), exceptions: [], images: holding.some(isOnImages), now },
    atOnce: options.concurrency ?? AT_ONCE,
  }
  const { matched, missing } = await look(holding, part, run, io)
  tellUnjudged(missing, [part], io)
  if (missing.length > 0) return { unneeded: [], exit: part.session.denials.length > 0 ? 'access' : 'unknown' }
  return { unneeded: reportOn(holding, now, matched).unmatched ?? [], exit: 'pass' }
}
