import { fail, pass } from '../rule/judgement.ts'
import { choices, texts } from '../rule/parameter.ts'
import { repositoryRule } from '../rule/rule.ts'

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/

const CDK_NAMES = { AES256: 'AES_256', KMS: 'KMS', KMS_DSSE: 'KMS_DSSE' } as const

export const encryption = repositoryRule({
  id: 'encryption',
  severity: 'LOW',
  summary: 'Images are encrypted with a key of AWS KMS.',
  why: 'A key of your own can be watched, restricted and revoked; the keys behind AES256 are those of S3.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html',
  needs: ['settings'],
  parameters: {
    types: choices(['AES256', 'KMS', 'KMS_DSSE'], {
      about: 'The types that are allowed.',
      default: ['KMS', 'KMS_DSSE'],
      example: '[KMS_DSSE]',
    }),
    keys: texts(KEY_ARN, 'the ARN of a KMS key', {
      about: 'ARNs of the keys that KMS may use; without any, every key will do.',
      default: [],
      example: '["arn:aws:kms:ap-northeast-1:123456789012:key/1a2b3c4d-0000-0000-0000-000000000000"]',
    }),
  },
  judge({ settings: { encryption: used } }, { types, keys }) {
    const evidence = [{ name: 'Encryption', value: used.kmsKey ? `${used.type} with ${used.kmsKey}` : used.type }]
    const isType = types.some((type) => type === used.type)
    const isKey = used.type === 'AES256' || keys.length === 0 || keys.includes(used.kmsKey ?? '')
    if (isType && isKey) return pass(`Images are encrypted: ${used.type}.`, evidence)
    const reason = isType
      ? 'The key is none of those that are allowed.'
      : `Encryption is ${used.type}, and not ${types.join(' or ')}.`
    const fix = {
      text: 'Encryption cannot be changed: create a repository anew, copy the images with their tags, deploy from there, and delete this one.',
      cdk: `encryption: ${types.map((type) => `RepositoryEncryption.${CDK_NAMES[type]}`).join(' or ')}`,
    }
    return fail(reason, fix, evidence)
  },
})
