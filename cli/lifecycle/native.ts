import type { NativeMark } from '../../functions/adapters/native-preview.ts'
import type { Verdicts } from '../../functions/domain/lifecycle/evaluation.ts'
import type { Action } from './sums.ts'

type Mark = { readonly action: Action; readonly rule: number | null }

/** An image of which ECR says something else than we do. */
export type Difference = {
  readonly digest: string
  readonly tags: readonly string[]
  readonly ours: Mark
  readonly native: Mark
}

const KEPT: Mark = { action: 'keep', rule: null }

/** Whether the days of its rule were over between our look and ECR's: both are right. */
function isBetween(dueAt: string | null, from: Date, to: Date): boolean {
  const due = dueAt === null ? Number.NaN : Date.parse(dueAt)
  return due > from.getTime() && due <= to.getTime()
}

/**
 * Where our answer and ECR's differ: in what is done, or by which rule.
 * @param from when our evaluation was, `to` when ECR's was over
 */
export function differencesOf(
  verdicts: Verdicts,
  marks: readonly NativeMark[],
  { from, to }: { readonly from: Date; readonly to: Date },
): readonly Difference[] {
  const native = new Map(marks.map((mark) => [mark.digest, mark]))
  const found: Difference[] = []
  for (let row = 0; row < verdicts.size; row++) {
    const digest = verdicts.digestOf(row)
    const action = verdicts.actionOf(row)
    const ours = action === 'keep' ? KEPT : { action, rule: verdicts.ruleOf(row) }
    const { action: theirs, rule } = native.get(digest) ?? KEPT
    native.delete(digest)
    const isSame = ours.action === theirs && ours.rule === rule
    if (isSame || isBetween(verdicts.dueAtOf(row), from, to)) continue
    found.push({ digest, tags: verdicts.tagsOf(row), ours, native: { action: theirs, rule } })
  }
  // Pushed since we read them.
  for (const { digest, tags, action, rule } of native.values())
    found.push({ digest, tags, ours: KEPT, native: { action, rule } })
  return found
}
