import { describe, expect, test } from 'vitest'
import { requiredTags } from '../../../functions/domain/rules/required-tags.ts'
import { judge, remedyOf } from './facts.ts'

const cases: readonly (readonly [string, Record<string, string>, readonly string[], string, string])[] = [
  ['the tag', { owner: 'team-a' }, ['owner'], 'pass', 'The tags are there.'],
  ['nothing asked for', {}, [], 'pass', 'The tags are there.'],
  ['no tags', {}, ['owner'], 'fail', 'A tag is missing: owner.'],
  ['an empty value', { owner: ' ' }, ['owner'], 'fail', 'A tag is missing: owner.'],
  ['a key in other case', { Owner: 'a' }, ['owner'], 'fail', 'A tag is missing: owner; Owner is another key.'],
  ['two missing', { app: 'x' }, ['owner', 'cost'], 'fail', 'Tags are missing: owner, cost.'],
  ['a key that every object has', {}, ['constructor'], 'fail', 'A tag is missing: constructor.'],
]

const ARN = 'arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/api'

describe('required-tags', () => {
  test.each(cases)('%s', (_, tags, keys, outcome, reason) => {
    expect(judge(requiredTags, { tags }, { parameters: { keys } })).toMatchObject({ outcome, reason })
  })

  test('asks for an owner unless told otherwise, and shows keys alone', () => {
    expect(judge(requiredTags, { tags: { app: 'x', cost: '42' } })).toMatchObject({
      reason: 'A tag is missing: Owner.',
      evidence: [{ name: 'Tags', value: 'app, cost' }],
      fix: { text: 'Set the tag.', cdk: "Tags.of(repository).add('Owner', '…')" },
    })
  })

  test('has a command where the value is known', () => {
    expect(judge(requiredTags, { tags: {} })).not.toHaveProperty('fix.command')
    expect(judge(requiredTags, { tags: {} }, { parameters: { values: { Owner: "o'neill" } } })).toMatchObject({
      fix: {
        command: `aws ecr tag-resource --region ap-northeast-1 --resource-arn ${ARN} --tags '[{"Key":"Owner","Value":"o'\\''neill"}]'`,
      },
    })
  })

  test('sets what is missing, and takes away what it set', () => {
    const parameters = { keys: ['owner', 'cost'], values: { owner: 'team-a', cost: '42' } }
    expect(remedyOf(requiredTags, { values: { tags: { cost: '1' } }, parameters })).toEqual({
      what: 'Set the tag owner',
      write: { operation: 'TagResource', input: { resourceArn: ARN, tags: [{ Key: 'owner', Value: 'team-a' }] } },
      undo: { operation: 'UntagResource', input: { resourceArn: ARN, tagKeys: ['owner'] } },
    })
    expect(remedyOf(requiredTags, { values: { tags: {} }, parameters })).toMatchObject({
      what: 'Set the tags owner, cost',
    })
  })

  test('does nothing where it would not be enough, or where somebody left a value empty', () => {
    const parameters = { keys: ['owner', 'cost'], values: { owner: 'team-a' } }
    expect(remedyOf(requiredTags, { values: { tags: {} }, parameters })).toBeUndefined()
    expect(remedyOf(requiredTags, { values: { tags: { owner: '', cost: '1' } }, parameters })).toBeUndefined()
    expect(remedyOf(requiredTags, { values: { tags: { owner: 'x', cost: '1' } }, parameters })).toBeUndefined()
  })
})
