import * as v from 'valibot'
import { show } from '../../config/fault.ts'
import type { StewardConfig } from '../../config/load.ts'
import { SweepSchema } from '../../config/schema/sweep.ts'
import { toSweep } from '../../config/sweep.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { SweepPolicy } from '../../functions/domain/sweep/policy.ts'
import { targetsOf } from '../../functions/domain/sweep/target.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { painter } from '../terminal.ts'

const ACCOUNT = /^\d{12}$/
const REGION = /^[a-z]{2,4}(?:-[a-z0-9]+){1,4}$/

/** What steward.yaml says of a sweep where it says nothing. */
const USUAL = toSweep(v.parse(SweepSchema, { to: ['sns'] }))

export const sweepPolicy = ({ sweep = USUAL }: Pick<StewardConfig, 'sweep'>): SweepPolicy => sweep

type Named = { readonly accounts: readonly string[]; readonly regions: readonly string[] }

/** `a,b c` of options that may be given several times. @throws {CommandError} */
function wordsOf(given: readonly string[], form: RegExp, what: string): readonly string[] {
  const words = given.flatMap((text) => text.split(/[\s,]+/).filter(Boolean))
  const wrong = words.find((word) => !form.test(word))
  if (wrong === undefined) return words
  throw new CommandError('usage', `${show(wrong, 60)} is no ${what}.`, 'Give several separated by commas.')
}

/**
 * The registries to go through, the one of the session first.
 * @throws {CommandError} for what is no account or region
 */
export function wantedTargets(
  home: RegistryRef,
  given: Named,
  policy: SweepPolicy,
  { stderr }: Io,
): readonly RegistryRef[] {
  const accounts = wordsOf(given.accounts, ACCOUNT, 'account, which has 12 digits')
  const regions = wordsOf(given.regions, REGION, 'region, which looks like eu-central-1')
  const { targets, repeated } = targetsOf(
    home,
    given.accounts.length > 0 ? accounts : policy.accounts,
    given.regions.length > 0 ? regions : policy.regions,
  )
  for (const { account, region } of repeated)
    stderr.write(`${painter(stderr)('yellow', 'warning:')} ${account} in ${region} is named twice, and swept once.\n`)
  return targets
}
