import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../cli/replay/pattern/matcher.ts'
import { matches } from '../../functions/domain/pattern.ts'
import type { Mode, PolicyEntry } from '../../functions/domain/policy.ts'
import { pushPatterns } from '../../functions/push-check/patterns.ts'

const entry = (repositories: readonly string[], rule = 'tag-immutability', mode: Mode = 'report'): PolicyEntry => ({
  repositories,
  rules: [{ rule, mode, parameters: {}, line: 1 }],
})

const push = (repository: string, change: object = {}, type = 'ECR Image Action') => ({
  source: 'aws.ecr',
  'detail-type': type,
  resources: [],
  detail: { 'action-type': 'PUSH', result: 'SUCCESS', 'repository-name': repository, ...change },
})

const lets = (event: object, ...policy: readonly PolicyEntry[]): boolean =>
  pushPatterns(policy).some(({ pattern }) => compilePattern(pattern)(event))

const nameFilter = (...patterns: string[]): unknown =>
  pushPatterns([entry(patterns)])[0]?.pattern.detail['repository-name']

describe('the rule of push-check', () => {
  it('lets through what was pushed, images and what refers to them', () => {
    expect(lets(push('prod/api'), entry(['**']))).toBe(true)
    expect(lets(push('prod/api', {}, 'ECR Referrer Action'), entry(['**']))).toBe(true)
  })

  it('stops what was deleted, archived, or not pushed after all', () => {
    expect(lets(push('prod/api', { 'action-type': 'DELETE' }), entry(['**']))).toBe(false)
    expect(lets(push('prod/api', { 'action-type': 'UPDATE_STORAGE_CLASS' }), entry(['**']))).toBe(false)
    expect(lets(push('prod/api', { result: 'FAILURE' }), entry(['**']))).toBe(false)
    expect(lets(push('prod/api', {}, 'ECR Image Scan'), entry(['**']))).toBe(false)
  })

  it('stops pushes to repositories that no rule is in force for', () => {
    expect(lets(push('dev/api'), entry(['prod/**']))).toBe(false)
    expect(lets(push('prod/api'), entry(['prod/**']), entry(['dev/**']))).toBe(true)
    expect(lets(push('prod/api'), entry(['prod/**'], 'tag-immutability', 'off'), entry(['dev/*']))).toBe(false)
  })

  it('is not there where nothing is judged on a push', () => {
    expect(pushPatterns([])).toEqual([])
    expect(pushPatterns([entry(['**'], 'tag-immutability', 'off')])).toEqual([])
    expect(pushPatterns([entry(['**'], 'required-tags')])).toEqual([])
    expect(pushPatterns([entry(['**'], 'a-rule-of-tomorrow')])).toEqual([])
  })

  it.each([
    [['prod/api'], ['prod/api']],
    [
      ['prod/**', 'dev*'],
      [{ prefix: 'dev' }, { prefix: 'prod/' }],
    ],
    [['*/api'], [{ wildcard: '*/api' }]],
    [['**'], undefined],
    [Array.from({ length: 21 }, (_, n) => `team-${n}/api`), undefined],
    [['a*/b*/c', 'd*/e*/f', 'g*/h*/i'], undefined],
  ])('asks for %j as %j', (patterns, expected) => {
    expect(nameFilter(...patterns)).toEqual(expected)
  })

  it('lets through every push to a repository that the pattern means', () => {
    const piece = fc.constantFrom('a', 'prod', '/', '-')
    const pattern = fc.array(fc.oneof(piece, fc.constantFrom('*', '**')), { minLength: 1, maxLength: 6 })
    const name = fc.array(piece, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), name, (patterns, pieces) => {
        const written = patterns.map((one) => one.join(''))
        const repository = pieces.join('')
        fc.pre(written.some((one) => matches(one, repository)))
        expect(lets(push(repository), entry(written))).toBe(true)
      }),
    )
  })
})
