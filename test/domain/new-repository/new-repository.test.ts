import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lintPolicy } from '../../../functions/domain/lifecycle/lint.ts'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import { isRepositoryName, nameRefusal } from '../../../functions/domain/new-repository/name.ts'
import {
  judgeRepository,
  judgeSettings,
  newRepository,
  PRESET_NAMES,
  PRESETS,
  type RepositoryWanted,
} from '../../../functions/domain/new-repository/new-repository.ts'

const WEB: RepositoryWanted = { repositoryName: 'team-a/web' }
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d-0000-0000-0000-000000000000'
const ROLE = 'arn:aws:iam::111222333444:role/ci/push'

const refusalsOf = (wanted: Partial<RepositoryWanted>) =>
  judgeRepository({ ...WEB, ...wanted }).refusals.map(({ prop, why, write }) => `${prop}: ${why}. Write ${write}.`)

describe('a new repository', () => {
  it('scans, is immutable, is encrypted with a key, and expires what has no tag, unless another thing is asked for', () => {
    const { create, lifecyclePolicyText, policyText: policy } = newRepository(WEB)
    expect(create).toEqual({
      repositoryName: 'team-a/web',
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS' },
    })
    expect(lifecyclePolicyText).toBe(policyText(PRESETS.untagged.rules))
    expect(policy).toBeUndefined()
    expect(judgeRepository(WEB)).toEqual({ refusals: [], warnings: [] })
  })

  it('is what is asked for', () => {
    const made = newRepository({
      ...{
        ...WEB,
        scanOnPush: false,
        tagMutability: 'MUTABLE',
        tagExclusions: ['v*'],
        encryption: 'KMS_DSSE',
        kmsKey: KEY,
      },
      ...{ lifecycle: 'none', tags: { owner: 'team-a' } },
    })
    expect(made.create).toEqual({
      repositoryName: 'team-a/web',
      imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'v*' }],
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'KMS_DSSE', kmsKey: KEY },
      tags: [{ Key: 'owner', Value: 'team-a' }],
    })
    expect(made.lifecyclePolicyText).toBeUndefined()
  })

  it('lets those in who are named, a statement for each kind, in their partition', () => {
    const { policyText: text = '' } = newRepository(
      {
        ...WEB,
        access: [
          { may: 'pull', account: '987654321098' },
          { may: 'pull', account: '987654321098' },
          { may: 'pull', account: '111222333444' },
          { may: 'pull', role: 'arn:aws-cn:iam::987654321098:role/run' },
          { may: 'pull', organisation: 'o-a1b2c3d4e5' },
          { may: 'push', role: ROLE },
        ],
      },
      { partition: 'aws-cn' },
    )
    const { Version, Statement } = JSON.parse(text)
    const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
    const push = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart']
    const accounts = ['arn:aws-cn:iam::987654321098:root', 'arn:aws-cn:iam::111222333444:root']
    expect(Version).toBe('2012-10-17')
    expect(Statement).toEqual([
      { Sid: 'PullFromAccounts', Effect: 'Allow', Principal: { AWS: accounts }, Action: pull },
      {
        ...{ Sid: 'PullFromRoles', Effect: 'Allow', Action: pull },
        Principal: { AWS: 'arn:aws-cn:iam::987654321098:role/run' },
      },
      {
        ...{ Sid: 'PullFromOrganizations', Effect: 'Allow', Principal: '*', Action: pull },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      },
      { Sid: 'PushFromCi', Effect: 'Allow', Principal: { AWS: ROLE }, Action: [...pull, ...push].toSorted() },
    ])
  })

  it('has a policy of its own, which is as it was written', () => {
    const text = policyText(PRESETS.releases.rules, 2)
    expect(newRepository({ ...WEB, lifecycle: { text } }).lifecyclePolicyText).toBe(text)
  })
})

describe('what is refused', () => {
  it.each<[string, Partial<RepositoryWanted>, string]>([
    ['a capital letter', { repositoryName: 'Team/web' }, 'repositoryName: "Team/web" is no name of a repository.'],
    ['one character', { repositoryName: 'a' }, 'repositoryName: "a" has 1 characters. Write 2 to 256 of them.'],
    ['257 characters', { repositoryName: 'a'.repeat(257) }, `repositoryName: "${'a'.repeat(79)}…" has 257 characters.`],
    [
      'six exclusions',
      { tagExclusions: ['a', 'b', 'c', 'd', 'e', 'f'] },
      'tagExclusions: there are 6. Write at most 5.',
    ],
    ['a space in one', { tagExclusions: ['a b'] }, 'tagExclusions: "a b" is no filter of tags.'],
    ['three wildcards', { tagExclusions: ['*a*b*'] }, 'tagExclusions: "*a*b*" has more than 2 wildcards.'],
    [
      'a key beside AES256',
      { encryption: 'AES256', kmsKey: KEY },
      'kmsKey: encryption is AES256, which has no key of KMS.',
    ],
    ['a word for encryption', { encryption: 'SSE' } as never, 'encryption: "SSE" is none. Write one of KMS, KMS_DSSE,'],
    ['a word for tags', { tagMutability: 'FIXED' } as never, 'tagMutability: "FIXED" is none. Write one of IMMUTABLE,'],
    ['no preset', { lifecycle: 'relases' } as never, 'lifecycle: "relases" is none. Write one of untagged, releases,'],
    ['what is no key', { kmsKey: 'mine!' }, 'kmsKey: "mine!" is no key of KMS. Write its ARN.'],
    ['text that is no policy', { lifecycle: { text: 'x'.repeat(100) } }, 'lifecycle: the text is no JSON:'],
    [
      'too long a policy',
      { lifecycle: { text: ' '.repeat(30_721) } },
      'lifecycle: the text has 30,721 characters. Write 100 to 30,720',
    ],
    [
      'an account',
      { access: [{ may: 'pull', account: '1234' }] },
      'access.account: "1234" is none. Write twelve digits.',
    ],
    [
      'a role',
      { access: [{ may: 'push', role: 'ci' }] },
      'access.role: "ci" is none. Write arn:aws:iam::123456789012:role/NAME.',
    ],
    ['an organisation', { access: [{ may: 'pull', organisation: 'acme' }] }, 'access.organisation: "acme" is none.'],
    ['nobody', { access: [{ may: 'pull' } as never] }, 'access: it names nobody. Write account, role or organisation'],
    [
      'no rules',
      { lifecycle: { text: `{"rules": []}${' '.repeat(100)}` } },
      'lifecycle: rules: there are none. Write at least one rule.',
    ],
    [
      'half a rule',
      {
        lifecycle: {
          text: JSON.stringify({
            rules: [{ rulePriority: 7, selection: { tagStatus: 'untagged' }, action: { type: 'expire' } }],
          }),
        },
      },
      'lifecycle: rule 7, selection.countType: it is missing',
    ],
    ['a key of AWS', { tags: { 'aws:x': '1' } }, 'tags: "aws:x" is no key of a tag.'],
    ['a value', { tags: { owner: 'a<b' } }, 'tags.owner: "a<b" is no value of a tag.'],
  ])('%s', (_, wanted, message) => {
    const refusals = refusalsOf(wanted)
    expect(refusals.find((line) => line.startsWith(message))).toBeDefined()
  })

  it('more tags than AWS takes', () => {
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, 'x']))
    expect(refusalsOf({ tags })).toEqual(['tags: there are 51. Write at most 50.'])
  })

  it('a policy that ECR would take, and that is certainly wrong: the rule that the guide has for releases', () => {
    const rule = (rulePriority: number, selection: object) => ({ rulePriority, selection, action: { type: 'expire' } })
    const text = JSON.stringify({
      rules: [
        rule(4, {
          tagStatus: 'tagged',
          tagPrefixList: ['v', 'release-'],
          countType: 'imageCountMoreThan',
          countNumber: 100,
        }),
        rule(5, { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 90 }),
      ],
    })
    const { refusals, warnings } = judgeRepository({ ...WEB, lifecycle: { text } })
    expect(refusals.map(({ why }) => why)).toEqual([expect.stringContaining('(needs-all-tags)')])
    expect(warnings.map(({ code }) => code)).toContain('expires-latest')
  })

  it('nothing that is known only at deployment', () => {
    const token = '<known later>'
    const wanted: RepositoryWanted = {
      ...{ repositoryName: token, kmsKey: token, tags: { owner: token } },
      ...{ tagExclusions: [token], lifecycle: { text: token } },
      access: [{ may: 'pull', account: token }],
    }
    expect(judgeRepository(wanted, { isKnown: (text) => text !== token }).refusals).toEqual([])
    const props = new Set(judgeSettings(wanted).refusals.map(({ prop }) => prop))
    expect([...props]).toEqual(['tagExclusions', 'kmsKey', 'lifecycle', 'access.account', 'tags.owner'])
  })
})

describe('names', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,8}$/)
  const separator = fc.constantFrom('.', '_', '__', '-', '---', '/')

  it('are parts with separators between them', () => {
    fc.assert(
      fc.property(part, separator, part, (a, between, b) => {
        expect(nameRefusal(`${a}${between}${b}`)).toBeUndefined()
        expect(isRepositoryName(`${a}${between}`)).toBe(false)
        expect(isRepositoryName(`${between}${b}`)).toBe(false)
      }),
    )
  })
})

describe('the presets', () => {
  it.each(PRESET_NAMES)('%s is a policy that ECR takes, with nothing that may be meant otherwise', (name) => {
    const { rules = [] } = parsePolicy(policyText(PRESETS[name].rules))
    expect(rules).toHaveLength(PRESETS[name].rules.length)
    expect(lintPolicy(rules).filter(({ level }) => level !== 'note')).toEqual([])
  })
})
