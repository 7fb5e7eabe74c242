import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { awsCommand, shellWord } from '../../functions/domain/rule/aws-command.ts'

test('a call of ECR is a line of the AWS CLI', () => {
  expect(
    awsCommand('TagResource', { resourceArn: 'arn:aws:ecr:x', tags: [{ Key: 'owner', Value: "it's" }] }, 'eu-west-1'),
  ).toBe(
    `aws ecr tag-resource --region eu-west-1 --resource-arn arn:aws:ecr:x --tags '[{"Key":"owner","Value":"it'\\''s"}]'`,
  )
})

test('a shell reads each word back as it was', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((word) => !word.includes('\0'))
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (words) => {
      const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`
      const read = execFileSync('sh', ['-c', script]).toString('utf8')
      expect(read).toBe(words.map((word) => `${Buffer.from(word).toString()}\0`).join(''))
    }),
    { numRuns: 30 },
  )
})
