import type { Plan } from '../../functions/domain/clean-up/plan.ts'
import type { CleanUpEntry } from '../../functions/domain/clean-up/policy.ts'
import { minute } from '../../functions/domain/compose.ts'
import { counted } from '../../functions/domain/counted.ts'
import { oneLine, wrap } from '../terminal.ts'
import { goingLines, type Look } from './going-lines.ts'
import { blockedLines, heldBackLines, inventoryLines, protectedLines } from './staying-lines.ts'

function headLines({ id, account, region, expiresAt, population }: Plan, { paint, width }: Look): readonly string[] {
  const images = Object.values(population)
  const total = images.reduce((sum, one) => sum + one, 0)
  const read = `${counted(total, 'image')} in ${counted(images.length, 'repository', 'repositories')}`
  const line = `Registry ${account} in ${region}, ${read}. The plan may be applied until ${minute(expiresAt)}.`
  return [paint('bold', `Clean-up plan ${id}`), ...wrap(line, width)]
}

/** What the reader can do now. */
function closingLines({ items, blocked }: Plan, apply: string, { paint, width }: Look): readonly string[] {
  if (items.length > 0)
    return [
      ...wrap('Nothing is removed yet. Applying looks at each image again, and keeps what changed:', width),
      `${paint('dim', '$')} ${paint('cyan', oneLine(apply))}`,
    ]
  return blocked.length > 0
    ? wrap('Nothing is to be removed as long as that is blocked.', width)
    : wrap('There is nothing to remove.', width)
}

/**
 * A plan for a person: what goes, by repository and rule; what stays in spite of the rules, and why; and what to do next.
 * @param apply the command that carries it out
 * @param entries for the words of the rules; what is not among them is called by its number
 */
export function summaryLines(
  plan: Plan,
  { apply, entries, ...look }: Look & { readonly apply: string; readonly entries: readonly CleanUpEntry[] },
): readonly string[] {
  const sections = [
    headLines(plan, look),
    goingLines(plan, 'delete', entries, look),
    goingLines(plan, 'archive', entries, look),
    protectedLines(plan, look),
    heldBackLines(plan, look),
    blockedLines(plan, look),
    inventoryLines(plan, look),
    closingLines(plan, apply, look),
  ]
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))
}
