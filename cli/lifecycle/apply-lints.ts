import { LEVELS, type Lint, lintPolicy } from '../../functions/domain/lifecycle/lint.ts'
import { listed } from '../../functions/domain/listed.ts'
import type { Planned, Wanted } from './apply-plan.ts'
import type { Said } from './linted.ts'

const keyOf = ({ code, rule }: Pick<Lint, 'code' | 'rule'>): string => `${code} ${rule}`

/** Whether the images of a repository tell of the policy of the file. */
const isTelling = ({ step, impact }: Planned): boolean => step !== 'merge' && impact.images > 0

/** What the text says by itself, unless the images of some repository show otherwise. */
function ofText({ rules }: Wanted, planned: readonly Planned[]): readonly Lint[] {
  const telling = planned.filter(isTelling)
  const isDisproved = (lint: Lint): boolean =>
    telling.some(({ lints }) => !lints.some((one) => keyOf(one) === keyOf(lint)))
  return lintPolicy(rules).filter((lint) => !isDisproved(lint))
}

/** What only images show, once for all repositories that it is said of. What the images of others disprove is no error. */
function ofImages(planned: readonly Planned[], known: ReadonlySet<string>): readonly Said[] {
  const found = new Map<string, { readonly lint: Lint; readonly repositories: string[] }>()
  for (const { ref, lints } of planned.filter(isTelling))
    for (const lint of lints) {
      if (known.has(keyOf(lint))) continue
      const all = found.get(keyOf(lint)) ?? { lint, repositories: [] }
      all.repositories.push(ref.repository)
      found.set(keyOf(lint), all)
    }
  return [...found.values()].map(({ lint: { mend: _, ...lint }, repositories: [first = '', ...more] }) => ({
    ...lint,
    level: lint.level === 'error' ? 'warning' : lint.level,
    problem: `${first}: ${lint.problem}${more.length > 0 ? ` Likewise in ${listed(more, 3)}.` : ''}`,
  }))
}

/**
 * All that is said of a policy for many repositories, worst first. An error that the images of none disprove is one of the
 * policy itself.
 */
export function lintsOn(wanted: Wanted, planned: readonly Planned[]): readonly Said[] {
  const text = ofText(wanted, planned)
  const all = [...text.map(({ mend: _, ...lint }) => lint), ...ofImages(planned, new Set(text.map(keyOf)))]
  return all.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
}
