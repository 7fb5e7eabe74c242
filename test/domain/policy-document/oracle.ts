import assert from 'node:assert'
import fc from 'fast-check'
import type { Rule } from '../../../functions/domain/rule/rule.ts'
import { deletionSafety } from '../../../functions/domain/rules/deletion-safety.ts'
import { repositoryPolicy } from '../../../functions/domain/rules/repository-policy.ts'
import { judge } from '../rules/facts.ts'
import { CALLERS, type Caller, isLetIn, NETWORK, ORG, OTHER, PULL, PULLER, PUSH, PUSHER } from './callers.ts'
import { perimeters, policies } from './policies.ts'

const ALLOWED = {
  accounts: [PULLER],
  pushAccounts: [PUSHER],
  organisations: [ORG],
  networks: [NETWORK],
  services: ['codebuild.amazonaws.com'],
}
const DESTRUCTIVE = ['ecr:DeleteRepository', 'ecr:BatchDeleteImage', 'ecr:SetRepositoryPolicy']

/** Everybody with everything that they may not do. */
const forbidden = (actions: readonly string[], may: (caller: Caller) => readonly string[]) =>
  CALLERS.flatMap((caller) =>
    actions.filter((action) => !may(caller).includes(action)).map((action) => ({ caller, action })),
  )

type Deeds = ReturnType<typeof forbidden>

/** Somebody whom IAM lets in although the rule passes; policies that are not valid let nobody in. */
async function intruder(policy: object, deeds: Deeds): Promise<string | undefined> {
  for (const { caller, action } of deeds)
    if (await isLetIn(policy, caller, action)) return `${JSON.stringify(caller)} may ${action}`
  return undefined
}

async function hunt(
  rule: Rule,
  parameters: Record<string, unknown>,
  made: fc.Arbitrary<object>,
  deeds: Deeds,
  numRuns: number,
) {
  const seen = { pass: 0, other: 0 }
  const property = fc.asyncProperty(made, async (policy) => {
    const { outcome } = judge(rule, { policy: JSON.stringify(policy) }, { parameters })
    seen[outcome === 'pass' ? 'pass' : 'other']++
    if (outcome === 'pass') assert.equal(await intruder(policy, deeds), undefined)
  })
  await fc.assert(property, { numRuns })
  // A rule that never passes, or always, would not be shown to be right by it.
  assert(Math.min(seen.pass, seen.other) > numRuns / 20, JSON.stringify(seen))
}

const beyond = forbidden([...PULL, ...PUSH, ...OTHER], ({ may }) => may)

const HUNTS: Readonly<Record<string, () => Promise<void>>> = {
  'nobody allowed': () => hunt(repositoryPolicy, ALLOWED, policies, beyond, 800),
  'no fence': () => hunt(repositoryPolicy, ALLOWED, perimeters, beyond, 1_000),
  'may delete': () =>
    hunt(
      deletionSafety,
      {},
      policies,
      forbidden(DESTRUCTIVE, () => []),
      500,
    ),
}

/** One of them, as the command line names it. */
await HUNTS[process.argv[2] ?? '']?.()
