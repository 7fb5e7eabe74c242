import { type Closings, createClosings, createParts, NOTHING } from './closing.ts'
import { isOpen } from './counting.ts'
import type { RecordedVerdict, RegistryRecord, RepositoryRecord } from './record.ts'
import { verdictPoints } from './score.ts'

/** Rules that are kept: more than there are. */
const LIMIT = 500

/** Texts of fixes that are counted for a rule. */
const TEXTS = 20

/** How a rule is met, as its verdicts say. */
type Remedies = {
  readonly rule: string
  /** How often each text is said. */
  readonly texts: ReadonlyMap<string, number>
  /** Null where not all say the same. */
  readonly command: string | null
}

function merge(a: Remedies, b: Remedies): Remedies {
  const texts = new Map(a.texts)
  for (const [text, count] of b.texts)
    if (texts.has(text) || texts.size < TEXTS) texts.set(text, (texts.get(text) ?? 0) + count)
  return { rule: a.rule, texts, command: a.command === b.command ? a.command : null }
}

const remediesOf = ({ rule, fix }: RecordedVerdict): Remedies => ({
  rule,
  texts: new Map(fix ? [[fix.text, 1]] : []),
  command: fix?.command ?? null,
})

/** What would be closed by meeting rules. What is not known closes nothing: it has to be made readable first. */
export const createRuleFixes = (): Closings<Remedies> => createClosings(LIMIT, merge)

function add(
  closings: Closings<Remedies>,
  repository: string | null,
  some: readonly (readonly [verdict: RecordedVerdict, images: number])[],
): void {
  const parts = createParts(repository, merge)
  for (const [verdict, images] of some) {
    if (!isOpen(verdict, 'fail')) continue
    const { severity } = verdict
    parts.add(
      verdict.rule,
      { ...NOTHING, fails: 1, images, weight: verdictPoints(severity), severity },
      remediesOf(verdict),
    )
  }
  for (const [rule, part] of parts.entries()) closings.add(rule, part)
}

export const addRuleFixes = (closings: Closings<Remedies>, { repository, verdicts, images }: RepositoryRecord): void =>
  add(closings, repository, [
    ...verdicts.map((verdict) => [verdict, 0] as const),
    ...images.flatMap((image) => image.verdicts.map((verdict) => [verdict, 1] as const)),
  ])

export const addRegistryFixes = (closings: Closings<Remedies>, { verdicts }: RegistryRecord): void =>
  add(
    closings,
    null,
    verdicts.map((verdict) => [verdict, 0] as const),
  )
