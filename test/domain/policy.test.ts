import { describe, expect, test } from 'vitest'
import {
  needsOf,
  type PolicyEntry,
  quarantinedIn,
  type RuleSetting,
  registryRulesOf,
  rulesFor,
  writesFor,
} from '../../functions/domain/policy.ts'

const setting = (change: Partial<RuleSetting> = {}): RuleSetting => ({
  rule: 'tag-immutability',
  mode: 'report',
  parameters: { exclusions: [] },
  line: 1,
  ...change,
})

const entry = (repositories: readonly string[], ...rules: readonly RuleSetting[]): PolicyEntry => ({
  repositories,
  rules,
})

describe('the rules of a repository', () => {
  test('come from the first entry that matches it and names the rule', () => {
    const policy = [entry(['prod/**'], setting({ mode: 'enforce', line: 3 })), entry(['**'], setting({ line: 7 }))]
    expect(rulesFor(policy, 'prod/api', 'repository')).toMatchObject([{ mode: 'enforce', line: 3 }])
    expect(rulesFor(policy, 'dev/api', 'repository')).toMatchObject([{ mode: 'report', line: 7 }])
  })

  test('may be switched off by a narrower entry', () => {
    const policy = [entry(['sandbox/**'], setting({ mode: 'off' })), entry(['**'], setting())]
    expect(rulesFor(policy, 'sandbox/demo', 'repository')).toEqual([])
  })

  test('are those on repositories, or those on images', () => {
    expect(rulesFor([entry(['**'], setting())], 'prod/api', 'image')).toEqual([])
  })

  test('have the severity of the rule unless the entry gives another', () => {
    expect(rulesFor([entry(['**'], setting())], 'a', 'repository')).toMatchObject([{ severity: 'MEDIUM' }])
    expect(rulesFor([entry(['**'], setting({ severity: 'LOW' }))], 'a', 'repository')).toMatchObject([
      { severity: 'LOW' },
    ])
  })

  test('of a rule that this version does not know are none', () => {
    expect(rulesFor([entry(['**'], setting({ rule: 'no-such-rule' }))], 'a', 'repository')).toEqual([])
  })

  test('say what has to be read', () => {
    expect([...needsOf(rulesFor([entry(['**'], setting())], 'a', 'repository'))]).toEqual(['settings'])
  })
})

test('the rules of the registry are all those that are not off', () => {
  const rules = [setting(), setting({ mode: 'off' })]
  expect(registryRulesOf({ rules, slack: [] })).toHaveLength(1)
})

describe('what enforcing needs to be allowed', () => {
  const enforced = setting({ mode: 'enforce' })

  test('is nothing while no rule is in enforce', () => {
    const policy = [
      entry(['**'], setting(), setting({ mode: 'off' }), setting({ rule: 'no-such-rule', mode: 'enforce' })),
    ]
    expect([...writesFor(policy)]).toEqual([])
  })

  test('is what the remedies of such rules write, on the repositories of their entries', () => {
    const policy = [entry(['prod/**'], enforced), entry(['prod/**', 'team-a/*'], enforced), entry(['**'], setting())]
    expect([...writesFor(policy)]).toEqual([['PutImageTagMutability', ['prod/**', 'team-a/*']]])
  })
})

test('images may come into quarantine in the repositories of entries that ask for it', () => {
  const asked = setting({ rule: 'non-root-user', quarantine: true })
  expect(quarantinedIn([entry(['prod/**', 'a'], asked), entry(['a'], asked), entry(['**'], setting())])).toEqual([
    'prod/**',
    'a',
  ])
  expect(quarantinedIn([entry(['**'], { ...asked, mode: 'off' })])).toEqual([])
  expect(rulesFor([entry(['**'], asked)], 'a', 'image')).toMatchObject([{ quarantine: true }])
})
