import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { type Evidence, type Lint, lintPolicy } from '../../functions/domain/lifecycle/lint.ts'
import { mendPolicy } from '../../functions/domain/lifecycle/mend.ts'
import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import type { PolicyFault, Rule } from '../../functions/domain/lifecycle/rule.ts'

/** One thing that is said of a policy: a lint, or what ECR would refuse. */
export type Said = Omit<Lint, 'mend' | 'rule' | 'field'> & {
  readonly rule: number | undefined
  readonly field: string | undefined
}

/** A policy with all that is said of it. */
export type Linted = {
  /** Of the file, or of the repository. */
  readonly name: string
  readonly registry?: RegistryRef | undefined
  /** Undefined where ECR would refuse it. */
  readonly rules: readonly Rule[] | undefined
  readonly said: readonly Said[]
  readonly mended: readonly Rule[] | undefined
}

/** A word begins with a capital, a name of the API stays as it is. */
const sentence = (text: string): string => {
  const first = /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
  return /[.!?]$/.test(first) ? first : `${first}.`
}

const refused = ({ rule, field, problem, instead }: PolicyFault): Said => ({
  ...{ code: 'refused-by-ecr', level: 'error', rule, field },
  ...{ problem: sentence(problem), instead: sentence(instead) },
})

/** Lints the text of a policy; the images of a repository tell more. */
export function linted(name: string, text: string, registry?: RegistryRef, evidence?: Evidence): Linted {
  const { rules, faults } = parsePolicy(text)
  if (!rules) return { name, registry, rules, said: faults.map(refused), mended: undefined }
  const lints = lintPolicy(rules, evidence)
  const said = lints.map(({ mend: _, ...lint }) => lint)
  return { name, registry, rules, said, mended: mendPolicy(rules, evidence) }
}

/** Whether something has to be done about it: a note is for reading. */
export const isDoubtful = ({ level }: Pick<Said, 'level'>): boolean => level !== 'note'
