import { describe, expect, test } from 'vitest'
import { lifecyclePolicy } from '../../../functions/domain/rules/lifecycle-policy.ts'
import { judge, remedyOf } from './facts.ts'

const untagged = {
  rulePriority: 1,
  selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
  action: { type: 'expire' },
}
const POLICY = JSON.stringify({ rules: [untagged] })

const cases: readonly (readonly [string, string | undefined, readonly string[], string])[] = [
  ['a policy', POLICY, [], 'pass'],
  ['no policy', undefined, [], 'fail'],
  ['a policy that bounds what it has to', POLICY, ['untagged'], 'pass'],
  ['a policy that bounds half of it', POLICY, ['untagged', 'tagged'], 'fail'],
  ['a policy that is not JSON', '{', [], 'unknown'],
  ['a policy that is something else', '[]', [], 'unknown'],
  ['a policy without rules', '{"rules":{}}', [], 'unknown'],
  ['a rule that is none', '{"rules":[null]}', [], 'unknown'],
  ['a rule without selection', '{"rules":[{"rulePriority":1,"action":{"type":"expire"}}]}', [], 'unknown'],
  [
    'patterns that are no list',
    '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"tagged","tagPatternList":"*"},"action":{}}]}',
    [],
    'unknown',
  ],
]

describe('lifecycle-policy', () => {
  test.each(cases)('%s', (_, text, mustExpire, outcome) => {
    const parameters = { mustExpire }
    expect(judge(lifecyclePolicy, { lifecyclePolicy: text }, { parameters })).toMatchObject({ outcome })
  })

  test('where there is none puts one on untagged images, and takes it away', () => {
    const values = { lifecyclePolicy: undefined }
    const lifecyclePolicyText = JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          description: 'untagged images expire after 14 days',
          selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
          action: { type: 'expire' },
        },
      ],
    })
    const parameters = { untaggedDays: 14 }
    expect(remedyOf(lifecyclePolicy, { values, parameters })).toEqual({
      what: 'Put a lifecycle policy: untagged images expire after 14 days',
      write: { operation: 'PutLifecyclePolicy', input: { repositoryName: 'prod/api', lifecyclePolicyText } },
      undo: { operation: 'DeleteLifecyclePolicy', input: { repositoryName: 'prod/api' } },
    })
    expect(judge(lifecyclePolicy, values, { parameters })).toMatchObject({
      fix: {
        command: `aws ecr put-lifecycle-policy --region ap-northeast-1 --repository-name prod/api --lifecycle-policy-text '${lifecyclePolicyText}'`,
      },
    })
  })

  test('never replaces a policy, and never expires tagged images', () => {
    const parameters = { mustExpire: ['untagged', 'tagged'] }
    expect(remedyOf(lifecyclePolicy, { values: { lifecyclePolicy: POLICY }, parameters })).toBeUndefined()
    expect(remedyOf(lifecyclePolicy, { values: { lifecyclePolicy: undefined }, parameters })).toBeUndefined()
    expect(judge(lifecyclePolicy, { lifecyclePolicy: undefined }, { parameters })).toMatchObject({
      fix: { command: expect.stringContaining('"tagPatternList":["*"]') },
    })
  })

  test('offers the policy with what it lacks, to look at as a change', () => {
    const parameters = { mustExpire: ['untagged', 'tagged'], keepTagged: 50 }
    const judgement = judge(lifecyclePolicy, { lifecyclePolicy: POLICY }, { parameters })
    const added = {
      rulePriority: 2,
      description: 'of the tagged images the newest 50 stay',
      selection: { tagStatus: 'tagged', tagPatternList: ['*'], countType: 'imageCountMoreThan', countNumber: 50 },
      action: { type: 'expire' },
    }
    expect(judgement).toMatchObject({
      reason: 'The lifecycle policy lets tagged images grow for ever.',
      evidence: [{ name: 'Lifecycle rules', value: '1' }],
      fix: {
        command: expect.stringContaining(JSON.stringify({ rules: [untagged, added] })),
        change: {
          before: JSON.stringify({ rules: [untagged] }, null, 2),
          after: JSON.stringify({ rules: [untagged, added] }, null, 2),
        },
      },
    })
  })

  test('offers nothing that would have no effect', () => {
    const archiving = JSON.stringify({ rules: [{ ...untagged, action: { type: 'transition' } }] })
    const judgement = judge(
      lifecyclePolicy,
      { lifecyclePolicy: archiving },
      { parameters: { mustExpire: ['untagged'] } },
    )
    expect(judgement).toMatchObject({ outcome: 'fail', fix: { text: expect.stringContaining('by hand') } })
    expect(judgement).not.toHaveProperty('fix.command')
  })
})
