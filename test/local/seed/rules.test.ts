import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ecrRegistry } from '../../../functions/adapters/registry-reader.ts'
import { ecrRepositories } from '../../../functions/adapters/repository-reader.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import type { Context } from '../../../functions/domain/rule/rule.ts'
import { ruleOf } from '../../../functions/domain/rulebook.ts'
import { judge } from '../../../functions/policy/judge.ts'
import type { Reader, RegistryReader, RepositoryReader } from '../../../functions/policy/reader.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { seed } from '../../../local/seed/seed.ts'
import { envOf } from '../../adapters/env.ts'

const STORY = Date.parse('2026-11-20T00:00:00Z')

let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws({ clock: createClock(STORY) })
  await seed(aws, STORY)
})
afterAll(() => aws.close())

type Given = Readonly<Record<string, unknown>>

/** What a rule says with its own defaults, but for what is given. */
async function outcomeOf<V, R extends Context['ref']>(reader: Reader<V, R>, ref: R, id: string, given: Given = {}) {
  const rule = ruleOf(id)
  if (!rule) throw new Error(`No rule ${id}`)
  const defaults = Object.entries(rule.parameters).map(([name, { default: value }]) => [name, value])
  const parameters = { ...Object.fromEntries(defaults), ...given }
  const active = { rule, mode: 'report' as const, severity: rule.severity, parameters, line: 1 }
  const judging = { reader, rules: [active], exceptions: [], now: new Date(STORY), isPatient: false }
  return (await judge(ref, judging)).verdicts[0]?.outcome
}

type Example = { readonly rule: string; readonly fails: string; readonly passes?: string; readonly given?: Given }

/** Of each rule, a repository that fails and one that passes, with the parameters that differ from the rule's own. */
const REPOSITORIES: readonly Example[] = [
  { rule: 'tag-immutability', fails: 'prod/gateway', passes: 'prod/api' },
  { rule: 'tag-immutability', fails: 'prod/gateway', passes: 'team-b/firmware', given: { exclusions: ['latest'] } },
  { rule: 'scan-on-push', fails: 'ml/trainer', passes: 'prod/storefront' },
  { rule: 'scan-on-push', fails: 'sandbox/demo', passes: 'team-a/worker' },
  // The registry has basic scanning until the story changes it.
  { rule: 'enhanced-scanning', fails: 'prod/payments' },
  { rule: 'encryption', fails: 'team-a/worker', passes: 'prod/payments' },
  { rule: 'lifecycle-policy', fails: 'sandbox/demo', passes: 'prod/api' },
  { rule: 'lifecycle-policy', fails: 'team-a/worker', passes: 'prod/api', given: { 'must-expire': ['tagged'] } },
  { rule: 'repository-naming', fails: 'my-app', passes: 'prod/api' },
  { rule: 'required-tags', fails: 'sandbox/demo', passes: 'team-a/worker' },
]

/** There is one registry: of each rule, parameters that it fails and, where there are some, parameters that it passes. */
const REGISTRY: readonly { readonly rule: string; readonly fails: Given; readonly passes?: Given }[] = [
  { rule: 'registry-scanning', fails: {} },
  {
    rule: 'replication',
    fails: { destinations: ['ap-southeast-1'] },
    passes: { destinations: ['us-east-1'], prefixes: ['prod/'] },
  },
  { rule: 'pull-through-cache', fails: {} },
]

describe('of each rule, the seeded registry has an example', () => {
  it.each(REPOSITORIES)('$rule: $fails fails, $passes passes', async ({ rule, fails, passes, given }) => {
    const reader: RepositoryReader = ecrRepositories(signedAws(envOf(aws)), aws.region)
    const of = (repository: string) => ({ account: aws.account, region: aws.region, repository })
    expect(await outcomeOf(reader, of(fails), rule, given)).toBe('fail')
    if (passes) expect(await outcomeOf(reader, of(passes), rule, given)).toBe('pass')
  })

  it.each(REGISTRY)('$rule: $fails fails, $passes passes', async ({ rule, fails, passes }) => {
    const reader: RegistryReader = ecrRegistry(signedAws(envOf(aws)), aws.region)
    const registry = { account: aws.account, region: aws.region }
    expect(await outcomeOf(reader, registry, rule, fails)).toBe('fail')
    if (passes) expect(await outcomeOf(reader, registry, rule, passes)).toBe('pass')
  })
})
