import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../cli/replay/pattern/matcher.ts'
import { matches } from '../../functions/domain/pattern.ts'
import { repositoryWildcards } from '../../functions/domain/repository-wildcards.ts'

describe('patterns of repositories as IAM and EventBridge write them', () => {
  it.each([
    [['**'], ['*']],
    [['*'], ['*']],
    [['prod/*'], ['prod/*']],
    [['prod/**'], ['prod/*']],
    [['prod**'], ['prod*']],
    [['team-*/api'], ['team-*/api']],
    [['prod/api', 'prod/api'], ['prod/api']],
    [
      ['prod/**', 'prod/api', 'dev'],
      ['dev', 'prod/*'],
    ],
    [['prod/*', '**'], ['*']],
    [
      ['prod*/a', 'prod*/a/b'],
      ['prod*/a', 'prod*/a/b'],
    ],
  ])('%j are %j', (patterns, expected) => {
    expect(repositoryWildcards(patterns)).toEqual(expected)
  })

  it('mean every repository that the pattern means', () => {
    const piece = fc.constantFrom('a', 'b', 'prod', '/', '-')
    const pattern = fc.array(fc.oneof(piece, fc.constantFrom('*', '**')), { minLength: 1, maxLength: 6 })
    const name = fc.array(piece, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), name, (patterns, pieces) => {
        const written = patterns.map((one) => one.join(''))
        const repository = pieces.join('')
        fc.pre(written.some((one) => matches(one, repository)))
        const isMeant = compilePattern({ name: repositoryWildcards(written).map((wildcard) => ({ wildcard })) })
        expect(isMeant({ name: repository })).toBe(true)
      }),
    )
  })
})
