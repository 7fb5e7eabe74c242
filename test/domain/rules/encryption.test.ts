import { describe, expect, test } from 'vitest'
import { encryption } from '../../../functions/domain/rules/encryption.ts'
import { judge, settings } from './facts.ts'

const KEY = 'arn:aws:kms:ap-northeast-1:123456789012:key/1a2b3c4d'

const cases: readonly (readonly [string, { type: string; kmsKey?: string }, object, string])[] = [
  ['AES256', { type: 'AES256' }, {}, 'fail'],
  ['AES256 where that is allowed', { type: 'AES256' }, { types: ['AES256'] }, 'pass'],
  ['AES256 where that and a key are allowed', { type: 'AES256' }, { types: ['AES256', 'KMS'], keys: [KEY] }, 'pass'],
  ['a key of KMS', { type: 'KMS', kmsKey: KEY }, {}, 'pass'],
  ['two layers of KMS', { type: 'KMS_DSSE', kmsKey: KEY }, {}, 'pass'],
  ['a key that is allowed', { type: 'KMS', kmsKey: KEY }, { keys: [KEY] }, 'pass'],
  ['another key', { type: 'KMS', kmsKey: `${KEY}f` }, { keys: [KEY] }, 'fail'],
  ['a key that ECR does not name', { type: 'KMS' }, { keys: [KEY] }, 'fail'],
  ['a type that this version does not know', { type: 'KMS_TRIPLE' }, {}, 'fail'],
]

describe('encryption', () => {
  test.each(cases)('%s', (_, used, parameters, outcome) => {
    const values = { settings: settings({ encryption: used }) }
    expect(judge(encryption, values, { parameters: { ...parameters } })).toMatchObject({ outcome })
  })

  test('cannot be changed, so the way is another repository', () => {
    const judgement = judge(encryption, { settings: settings() })
    expect(judgement).toMatchObject({
      reason: 'Encryption is AES256, and not KMS or KMS_DSSE.',
      evidence: [{ name: 'Encryption', value: 'AES256' }],
      fix: { text: expect.stringContaining('create a repository anew') },
    })
    expect(judge(encryption, { settings: settings() }, { parameters: { types: ['KMS_DSSE'] } })).toMatchObject({
      fix: { cdk: 'encryption: RepositoryEncryption.KMS_DSSE' },
    })
  })

  test('with another key says which', () => {
    const values = { settings: settings({ encryption: { type: 'KMS', kmsKey: `${KEY}f` } }) }
    expect(judge(encryption, values, { parameters: { keys: [KEY] } })).toMatchObject({
      reason: 'The key is none of those that are allowed.',
      evidence: [{ name: 'Encryption', value: `KMS with ${KEY}f` }],
    })
  })
})
