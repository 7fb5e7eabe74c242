import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { targetOf } from '../../cli/check/target.ts'

const DIGEST = `sha256:${'0a'.repeat(32)}`
const here = { account: '123456789012', region: 'eu-central-1' }

describe('an argument of check', () => {
  test.each([
    ['prod/api', { kind: 'repository', repository: 'prod/api' }],
    ['a-b__c.d/e', { kind: 'repository', repository: 'a-b__c.d/e' }],
    ['prod/**', { kind: 'pattern', pattern: 'prod/**' }],
    ['*', { kind: 'pattern', pattern: '*' }],
    ['prod/api:1.4.2', { kind: 'image', repository: 'prod/api', tag: '1.4.2' }],
    [`prod/api@${DIGEST}`, { kind: 'image', repository: 'prod/api', digest: DIGEST }],
    [`prod/api:1.4.2@${DIGEST}`, { kind: 'image', repository: 'prod/api', tag: '1.4.2', digest: DIGEST }],
    [
      '123456789012.dkr.ecr.eu-central-1.amazonaws.com/prod/api',
      { ...here, kind: 'repository', repository: 'prod/api' },
    ],
    [
      'https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/a/b:1',
      { ...here, kind: 'image', repository: 'a/b', tag: '1' },
    ],
    ['123456789012.dkr-ecr.eu-central-1.on.aws/prod/**', { ...here, kind: 'pattern', pattern: 'prod/**' }],
    [
      `123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/api@${DIGEST}`,
      { account: '123456789012', region: 'us-gov-west-1', kind: 'image', repository: 'api', digest: DIGEST },
    ],
    [
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/api:1',
      { account: '123456789012', region: 'cn-north-1', kind: 'image', repository: 'api', tag: '1' },
    ],
  ])('%s is read', (text, target) => {
    expect(targetOf(text)).toEqual(target)
  })

  test.each([
    ['', 'is no name of a repository'],
    ['Prod/api', 'is no name of a repository'],
    ['prod/', 'is no name of a repository'],
    ['prod/api:', 'has no valid tag'],
    ['prod/api:-x', 'has no valid tag'],
    [`prod/api:${'x'.repeat(129)}`, 'has no valid tag'],
    ['prod/api@sha256:abc', 'has no valid digest'],
    ['prod/*:latest', 'has a pattern and a tag'],
    ['Prod/*', 'is no pattern of repositories'],
    ['\u001b[2J', 'is no name of a repository'],
    ['\u{1d173}', '"\\u{1d173}" is no name of a repository'],
  ])('%j is refused', (text, why) => {
    expect(() => targetOf(text)).toThrow(why)
  })

  test('is never repeated with what moves the cursor', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        try {
          targetOf(text)
        } catch (error) {
          expect((error as Error).message).toMatch(/^[^\p{Cc}\p{Cf}]*$/u)
        }
      }),
    )
  })
})
