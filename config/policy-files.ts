import { parsePolicy } from '../functions/domain/lifecycle/parse-policy.ts'
import type { ParsedPolicy, PolicyFault, Rule } from '../functions/domain/lifecycle/rule.ts'
import { show } from './fault.ts'
import type { TextFile } from './text-file.ts'

/** Reads a file that the configuration names. */
export type ReadFile = (name: string) => TextFile

/** Rules of a policy file; none where it has faults. */
export type RulesOf = (name: string) => readonly Rule[]

export type Policies = {
  readonly rulesOf: RulesOf
  /** All that is wrong with a policy file, in words. */
  faultsOf(name: string): readonly string[]
}

const where = (name: string, { rule, field }: PolicyFault): string =>
  [show(name), ...(rule === undefined ? [] : [`rule ${rule}`]), ...(field === undefined ? [] : [field])].join(', ')

const inWords = (name: string, fault: PolicyFault): string =>
  `${where(name, fault)}: ${fault.problem}; ${fault.instead}`

type Read = { readonly parsed: ParsedPolicy } | Exclude<TextFile, { readonly text: string }>

/** Said of a file that is not there. */
export const HOW_PATHS_ARE_SEEN = '. A path is seen from the folder of this file'

/** The lifecycle policies that a configuration names; each file is read once. */
export function createPolicies(readFile: ReadFile): Policies {
  const known = new Map<string, Read>()
  const read = (name: string): Read => {
    const before = known.get(name)
    if (before) return before
    const file = readFile(name)
    const result = 'text' in file ? { parsed: parsePolicy(file.text) } : file
    known.set(name, result)
    return result
  }
  return {
    rulesOf(name) {
      const result = read(name)
      return ('parsed' in result && result.parsed.rules) || []
    },
    faultsOf(name) {
      const result = read(name)
      if ('problem' in result) return [`${show(name)}: ${result.problem}${result.isMissing ? HOW_PATHS_ARE_SEEN : ''}`]
      return (result.parsed.faults ?? []).map((fault) => inWords(name, fault))
    },
  }
}
