import { describe, expect, test } from 'vitest'
import { type Exception, isExpired, onFinding, onRule } from '../../functions/domain/exception.ts'
import { exception, finding, image } from '../builders.ts'

const NOW = new Date('2026-11-20T09:00:00Z')

const onCve = (change: Partial<Exception> = {}) => exception({ finding: 'CVE-2026-0001', ...change })
const onTags = (change: Partial<Exception> = {}) => exception({ rule: 'tag-immutability', ...change })

describe('an exception on a finding', () => {
  test.each([
    ['holds for the finding in a repository that it names', onCve(), 'excepted'],
    ['is about that finding alone', onCve({ finding: 'CVE-2026-9999' }), undefined],
    ['is about the repositories that it names', onCve({ repositories: ['dev/*'] }), undefined],
    ['may name the package', onCve({ package: 'openssl' }), 'excepted'],
    ['is about that package alone', onCve({ package: 'zlib' }), undefined],
    ['may name tags', onCve({ tags: ['1.*'] }), 'excepted'],
    ['is about images with such a tag alone', onCve({ tags: ['2.*'] }), undefined],
    ['may name the digest', onCve({ digest: image().digest }), 'excepted'],
    ['is about that digest alone', onCve({ digest: 'sha256:0' }), undefined],
    ['ends', onCve({ expires: '2026-11-19' }), 'expired'],
  ] as const)('%s', (_, given, state) => {
    expect(onFinding([given], finding(), image(), NOW)?.state).toBe(state)
  })

  test('that holds goes before one that has ended', () => {
    const [ended, holding] = [onCve({ expires: '2026-01-01', line: 1 }), onCve({ line: 2 })]
    expect(onFinding([ended, holding], finding(), image(), NOW)?.exception.line).toBe(2)
  })

  test('that ended last is the one that is named', () => {
    const given = [onCve({ expires: '2026-01-01', line: 1 }), onCve({ expires: '2026-02-01', line: 2 })]
    expect(onFinding(given, finding(), image(), NOW)?.exception.line).toBe(2)
  })
})

test('an exception holds until the end of its last day, in UTC', () => {
  const last = exception({ expires: '2026-11-20' })
  expect(isExpired(last, new Date('2026-11-20T23:59:59.999Z'))).toBe(false)
  expect(isExpired(last, new Date('2026-11-21T00:00:00Z'))).toBe(true)
})

describe('an exception on a rule', () => {
  test('holds for a repository', () => {
    expect(onRule([onTags()], 'tag-immutability', { repository: 'prod/api' }, NOW)?.state).toBe('excepted')
  })

  test('with tags is about images alone', () => {
    expect(onRule([onTags({ tags: ['*'] })], 'tag-immutability', { repository: 'prod/api' }, NOW)).toBeUndefined()
  })
})
