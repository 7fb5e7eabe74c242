import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RegistryRecord } from '../domain/sweep/record.ts'
import { policyOf } from '../judging/policy.ts'
import { judge } from '../policy/judge.ts'
import type { SweepDeps } from './judging.ts'
import { createRuleTally, recordedVerdicts } from './recorded.ts'
import { createUnread } from './unread.ts'

/** Judges the registry itself. What cannot be read is said in `unread`. */
export async function judgeRegistry(
  { account, region }: RegistryRef,
  { config, readers, now }: Pick<SweepDeps, 'config' | 'readers' | 'now'>,
): Promise<RegistryRecord> {
  const ref = { account, region }
  const rules = policyOf(config, []).rulesOn({ kind: 'registry', ref })
  const judging = { reader: readers.registry, rules, exceptions: config.exceptions, now, isPatient: false }
  const { facts, verdicts } = await judge(ref, judging)
  const [tally, unread] = [createRuleTally(), createUnread()]
  tally.add(verdicts)
  unread.addFacts(facts)
  return {
    ...{ kind: 'registry', ...ref, verdicts: recordedVerdicts(verdicts), rules: tally.end() },
    unread: unread.end(),
  }
}
