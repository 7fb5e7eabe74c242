import { describe, expect, test } from 'vitest'
import { tagImmutability } from '../../../functions/domain/rules/tag-immutability.ts'
import { defaultsOf, judge, NOW, repository, settings } from './facts.ts'

const cases = [
  ['immutable tags', { tagMutability: 'IMMUTABLE' }, [], 'pass'],
  ['mutable tags', { tagMutability: 'MUTABLE' }, [], 'fail'],
  [
    'exclusions that are allowed',
    { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest'] },
    ['latest'],
    'pass',
  ],
  [
    'exclusions that nobody allowed',
    { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['v*'] },
    ['latest'],
    'fail',
  ],
  [
    'an exclusion wider than what is allowed',
    { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['*'] },
    ['latest'],
    'fail',
  ],
  [
    'an exclusion narrower than what is allowed',
    { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['dev-1*'] },
    ['dev-*'],
    'pass',
  ],
  [
    'mutable tags with immutable exceptions',
    { tagMutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['v*'] },
    ['v*'],
    'fail',
  ],
] as const

describe('tag-immutability', () => {
  test.each(cases)('%s', (_, change, exclusions, outcome) => {
    expect(judge(tagImmutability, { settings: settings(change) }, { parameters: { exclusions } })).toMatchObject({
      outcome,
    })
  })

  test('names the exclusion that may move, and the command that ends it', () => {
    const mutable = settings({ tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['v*', 'latest'] })
    const judgement = judge(tagImmutability, { settings: mutable }, { parameters: { exclusions: ['latest'] } })
    expect(judgement).toMatchObject({
      reason: 'Tags that match v* can be moved.',
      evidence: [{ name: 'Tag mutability', value: 'IMMUTABLE_WITH_EXCLUSION (v*, latest)' }],
      fix: {
        command:
          'aws ecr put-image-tag-mutability --region ap-northeast-1 --repository-name prod/api ' +
          `--image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters '[{"filterType":"WILDCARD","filter":"latest"}]'`,
      },
    })
  })

  test('is put right without letting a tag move that does not move now', () => {
    const excluded = settings({ tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['v*', 'dev-1*'] })
    const parameters = { exclusions: ['dev-*', 'latest'] }
    const remedy = tagImmutability.remedy({ settings: { value: excluded } }, parameters, { ref: repository, now: NOW })
    expect(remedy?.write.input).toMatchObject({
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-1*' }],
    })
  })

  test('is put right with what is allowed, and taken back to what was there', () => {
    const facts = { settings: { value: settings({ tagMutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['v*'] }) } }
    expect(tagImmutability.remedy(facts, defaultsOf(tagImmutability), { ref: repository, now: NOW })).toEqual({
      what: 'Make tags immutable',
      write: {
        operation: 'PutImageTagMutability',
        input: { repositoryName: 'prod/api', imageTagMutability: 'IMMUTABLE' },
      },
      undo: {
        operation: 'PutImageTagMutability',
        input: {
          repositoryName: 'prod/api',
          imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
          imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'v*' }],
        },
      },
    })
  })
})
