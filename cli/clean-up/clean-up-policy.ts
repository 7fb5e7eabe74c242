import { resolve } from 'node:path'
import * as v from 'valibot'
import { toCleanUp } from '../../config/clean-up.ts'
import { show } from '../../config/fault.ts'
import { CleanUpSchema } from '../../config/schema/clean-up.ts'
import { readText } from '../../config/text-file.ts'
import type { CleanUpPolicy } from '../../functions/domain/clean-up/policy.ts'
import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import type { PolicyFault, Rule } from '../../functions/domain/lifecycle/rule.ts'
import { CommandError } from '../command-error.ts'
import { findConfiguration, readConfiguration } from '../configuration.ts'
import type { Io } from '../io.ts'

/** What steward.yaml says of a clean-up where it says nothing. */
const USUAL = toCleanUp(
  v.parse(CleanUpSchema, { to: ['sns'] }),
  () => [],
  () => 0,
)

const faultInWords = ({ rule, field, problem, instead }: PolicyFault): string =>
  `${[rule === undefined ? 'the policy' : `rule ${rule}`, ...(field === undefined ? [] : [field])].join(', ')}: ${problem}; ${instead}`

/** Rules of a file with a lifecycle policy. @throws {CommandError} with all that ECR would refuse */
export function rulesOfFile(path: string, { cwd }: Io): readonly Rule[] {
  const file = readText(resolve(cwd, path))
  if ('problem' in file) throw new CommandError('usage', `${show(path)}: ${file.problem}.`)
  const { rules, faults = [] } = parsePolicy(file.text)
  if (rules) return rules
  throw new CommandError('usage', `ECR would refuse the policy in ${show(path)}:`, ...faults.map(faultInWords))
}

/** Of steward.yaml, where there is one and it has the section. */
function configured(given: string | undefined, io: Io): CleanUpPolicy | undefined {
  if (findConfiguration(given, io) === undefined) return undefined
  return readConfiguration(given, io).config.cleanUp
}

const NO_POLICY =
  'Add clean-up: policies: to it (docs/configuration.md shows how), or try a policy with --policy FILE REPOSITORY.'

/**
 * What goes by, and what is in use: of steward.yaml. A policy that is given takes the place of its policies, and limits, pins
 * and sources are its own or the usual ones.
 * @throws {CommandError} where there is no policy
 */
export function cleanUpPolicy(
  given: { readonly config?: string | undefined; readonly policy?: string | undefined },
  io: Io,
): CleanUpPolicy {
  if (given.policy !== undefined) {
    const rules = rulesOfFile(given.policy, io)
    const entries = [{ repositories: ['**'], policy: given.policy, rules, line: 0 }]
    return { ...(configured(given.config, io) ?? USUAL), entries }
  }
  const { config, path } = readConfiguration(given.config, io)
  if (config.cleanUp && config.cleanUp.entries.length > 0) return config.cleanUp
  throw new CommandError('usage', `${path} names no policy to clean up by.`, NO_POLICY)
}

/** Where images run, and what is pinned. Without a section that says it, the usual sources. */
export const inUsePolicy = (given: string | undefined, io: Io): CleanUpPolicy['inUse'] =>
  (configured(given, io) ?? USUAL).inUse
