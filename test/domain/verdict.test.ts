import { describe, expect, test } from 'vitest'
import type { Exception } from '../../functions/domain/exception.ts'
import { registryRulesOf, rulesFor } from '../../functions/domain/policy.ts'
import { known, unread } from '../../functions/domain/rule/fact.ts'
import { isOpen, judgeAll } from '../../functions/domain/verdict.ts'
import { image } from '../builders.ts'
import { content, detail, NOW, registry, repository, settings } from './rules/facts.ts'

const rules = rulesFor(
  [
    {
      repositories: ['**'],
      rules: [{ rule: 'tag-immutability', mode: 'report', parameters: { exclusions: [] }, line: 4 }],
    },
  ],
  'prod/api',
  'repository',
)
const mutable = { settings: known(settings({ tagMutability: 'MUTABLE' })) }

const exception = (expires: string): Exception => ({
  rule: 'tag-immutability',
  repositories: ['prod/api'],
  reason: 'moves until the release',
  owner: 'team-a',
  expires,
  line: 20,
})

const verdictOn = (facts: Parameters<typeof judgeAll>[1], exceptions: readonly Exception[] = []) => {
  const [verdict] = judgeAll(rules, facts, { ref: repository, now: NOW }, exceptions)
  if (!verdict) throw new Error('no verdict')
  return verdict
}

describe('a verdict', () => {
  test('says which line of the configuration asked for it', () => {
    expect(verdictOn(mutable)).toMatchObject({ rule: 'tag-immutability', outcome: 'fail', severity: 'MEDIUM', line: 4 })
  })

  test('on what could not be read is unknown, without a severity, and open', () => {
    const verdict = verdictOn({ settings: unread('ECR answered AccessDeniedException') })
    expect(verdict).toMatchObject({
      outcome: 'unknown',
      severity: 'UNDEFINED',
      reason: 'ECR answered AccessDeniedException',
    })
    expect(isOpen(verdict)).toBe(true)
  })

  test('that is excepted stays a fail, and is not open', () => {
    const verdict = verdictOn(mutable, [exception('2027-01-01')])
    expect(verdict).toMatchObject({ outcome: 'fail', exception: { state: 'excepted', exception: { line: 20 } } })
    expect(isOpen(verdict)).toBe(false)
  })

  test('whose exception has expired is open, and names the exception', () => {
    const verdict = verdictOn(mutable, [exception('2026-11-01')])
    expect(verdict.exception).toMatchObject({ state: 'expired', exception: { owner: 'team-a' } })
    expect(isOpen(verdict)).toBe(true)
  })

  test('that passes needs no exception', () => {
    const verdict = verdictOn({ settings: known(settings()) }, [exception('2027-01-01')])
    expect(verdict.exception).toBeUndefined()
    expect(isOpen(verdict)).toBe(false)
  })
})

test('a verdict on the registry has no repository, so no exception is on it', () => {
  const rules = registryRulesOf({
    slack: [],
    rules: [{ rule: 'registry-scanning', mode: 'report', parameters: {}, line: 4 }],
  })
  const everywhere = { ...exception('2027-01-01'), rule: 'registry-scanning', repositories: ['**'] }
  const [verdict] = judgeAll(rules, { scanning: unread('no') }, { ref: registry, now: NOW }, [everywhere])
  expect(verdict).toMatchObject({ outcome: 'unknown' })
  expect(verdict).not.toHaveProperty('exception')
})

describe('a verdict on an image', () => {
  const parameters = { kinds: ['semver'], patterns: [], allowed: [] }
  const rules = rulesFor(
    [{ repositories: ['**'], rules: [{ rule: 'tag-naming', mode: 'report', parameters, line: 4 }] }],
    'prod/api',
    'image',
  )
  const onDev: Exception = { ...exception('2027-01-01'), rule: 'tag-naming', tags: ['dev'] }

  test('is excepted by the tags that it has now, not by those that it was asked about with', () => {
    const judgeTags = (tags: readonly string[]) => {
      const facts = { manifest: known(content()), detail: known(detail({ tags })) }
      return judgeAll(rules, facts, { ref: image({ tags: ['dev'] }), now: NOW }, [onDev])[0]
    }
    expect(judgeTags(['dev'])?.exception?.state).toBe('excepted')
    expect(judgeTags(['other'])?.outcome).toBe('fail')
    expect(judgeTags(['other'])?.exception).toBeUndefined()
  })
})
