import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Exception } from '../../functions/domain/exception.ts'
import { explainPolicy } from '../../functions/domain/explain-policy.ts'
import { MODES, type PolicyEntry, type RuleSetting, rulesFor } from '../../functions/domain/policy.ts'
import { RULES } from '../../functions/domain/rulebook.ts'
import { exception } from '../builders.ts'

const NOW = new Date('2026-11-20T09:00:00Z')

const setting = (change: Partial<RuleSetting> = {}): RuleSetting => ({
  rule: 'tag-immutability',
  mode: 'report',
  parameters: { exclusions: [] },
  line: 1,
  ...change,
})

const entry = (pattern: string, ...rules: RuleSetting[]): PolicyEntry => ({ repositories: [pattern], rules })

const explain = (policy: readonly PolicyEntry[], exceptions: readonly Exception[] = []) =>
  explainPolicy({ policy, exceptions }, 'prod/api', NOW)

describe('a rule of a repository', () => {
  test('may bring images that fail it into quarantine', () => {
    const [rule] = explain([entry('**', setting({ rule: 'non-root-user', quarantine: true }))]).rules
    expect(rule).toMatchObject({ quarantine: true })
  })

  test('is decided by the first entry that matches and names it; later ones are overridden', () => {
    const policy = [
      entry('dev/*', setting({ line: 1, mode: 'off' })),
      entry('prod/*', setting({ line: 2, mode: 'enforce', severity: 'HIGH', parameters: { exclusions: ['latest'] } })),
      entry('**', setting({ line: 3 }), setting({ line: 4, rule: 'scan-on-push', parameters: {} })),
    ]

    expect(explain(policy).rules).toEqual([
      {
        rule: expect.objectContaining({ id: 'tag-immutability' }),
        entry: 1,
        line: 2,
        mode: 'enforce',
        severity: 'HIGH',
        parameters: { exclusions: ['latest'] },
        overridden: [{ entry: 2, line: 3, mode: 'report' }],
        exceptions: [],
      },
      expect.objectContaining({ entry: 2, line: 4, mode: 'report', overridden: [] }),
    ])
  })

  test('has the severity of the rule where the entry gives none', () => {
    expect(explain([entry('**', setting())]).rules[0]?.severity).toBe('MEDIUM')
  })

  test('is shown where it is off', () => {
    expect(explain([entry('**', setting({ mode: 'off' }))]).rules[0]?.mode).toBe('off')
  })

  test('that no entry names is said to be unnamed, but for rules on the registry', () => {
    expect(explain([entry('**', setting())]).unnamed.map(({ id }) => id)).toEqual(
      RULES.filter(({ id, about }) => id !== 'tag-immutability' && about !== 'registry').map(({ id }) => id),
    )
  })

  test('has the exceptions that may apply, also those of some tags and those that have ended', () => {
    const exceptions = [
      exception({ rule: 'tag-immutability', line: 20 }),
      exception({ rule: 'tag-immutability', expires: '2026-01-01', line: 21 }),
      exception({ rule: 'tag-immutability', repositories: ['dev/*'], line: 22 }),
      exception({ finding: 'CVE-2026-0001', tags: ['1.*'], line: 23 }),
    ]
    const { rules, exceptionsOnFindings } = explain([entry('**', setting())], exceptions)

    expect(rules[0]?.exceptions.map(({ exception: { line }, isExpired }) => [line, isExpired])).toEqual([
      [20, false],
      [21, true],
    ])
    expect(exceptionsOnFindings.map(({ exception: { line } }) => line)).toEqual([23])
  })
})

test('what is explained is what is judged', () => {
  const ids = RULES.filter(({ about }) => about !== 'registry').map(({ id }) => id)
  const rules = fc.uniqueArray(
    fc.record({ rule: fc.constantFrom(...ids), mode: fc.constantFrom(...MODES), line: fc.nat(99) }),
    { selector: ({ rule }) => rule, maxLength: 5 },
  )
  const policies = fc.array(
    fc.record({
      repositories: fc.constantFrom(['**'], ['prod/*'], ['dev/*', 'prod/api'], ['*']),
      rules: rules.map((some) => some.map((one) => setting(one))),
    }),
    { maxLength: 4 },
  )

  fc.assert(
    fc.property(policies, (policy) => {
      const judged = [...rulesFor(policy, 'prod/api', 'repository'), ...rulesFor(policy, 'prod/api', 'image')]
      const plain = ({ rule, mode, severity, line }: (typeof judged)[number]) => [rule.id, mode, severity, line]
      const explained = explain(policy).rules.flatMap((one) => (one.mode === 'off' ? [] : [{ ...one, mode: one.mode }]))
      expect(explained.map(plain).sort()).toEqual(judged.map(plain).sort())
    }),
  )
})
