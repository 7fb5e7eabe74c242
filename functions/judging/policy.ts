import type { ImageRef } from '../domain/image.ts'
import { type ActiveRule, type RegistryPolicy, registryRulesOf, rulesFor } from '../domain/policy.ts'
import { type Vouching, type VouchingSections, vouchingIn } from '../domain/supply-chain/vouching.ts'
import { baseRepositoriesOf } from '../policy/image/bases.ts'
import type { Subject } from './subject.ts'

/** What `steward.yaml` asks of each subject, as far as whoever judges wants to know it. */
export type Policy = {
  rulesOn(subject: Subject): readonly ActiveRule[]
  /** Whether something is asked of the images of a repository. */
  asksOfImages(repository: string): boolean
  /** Whether the scans of an image are read, although no rule needs them. */
  readsScanOf?(image: ImageRef): boolean
  /** Repositories whose images others are built upon. */
  readonly bases: readonly string[]
  /** By what signatures are verified; undefined where no rule asks for them. */
  readonly vouching?: Vouching
}

/** The sections of steward.yaml that rules and those who may sign stand in. */
export type Sections = VouchingSections & { readonly registry: RegistryPolicy }

/** @param only names of the rules that are looked at; all without any */
export function policyOf({ registry, ...sections }: Sections, only: readonly string[]): Policy {
  const { policy } = sections
  const isWanted = ({ rule }: ActiveRule): boolean => only.length === 0 || only.includes(rule.id)
  const ofRegistry = registryRulesOf(registry).filter(isWanted)
  const known = new Map<string, readonly ActiveRule[]>()

  /** The policy is the same for every image of a repository, and matching patterns is not free. */
  function of(repository: string, about: 'repository' | 'image'): readonly ActiveRule[] {
    const key = `${about} ${repository}`
    const rules = known.get(key) ?? rulesFor(policy, repository, about).filter(isWanted)
    known.set(key, rules)
    return rules
  }

  return {
    bases: baseRepositoriesOf(policy),
    ...vouchingIn(sections),
    rulesOn: (subject) => (subject.kind === 'registry' ? ofRegistry : of(subject.ref.repository, subject.kind)),
    asksOfImages: (repository) => of(repository, 'image').length > 0,
  }
}
