import { App, CfnParameter, Stack } from 'aws-cdk-lib'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import { Alias, Key } from 'aws-cdk-lib/aws-kms'
import { describe, expect, it } from 'vitest'
import { newRepository } from '../../../functions/domain/new-repository/new-repository.ts'
import { type CreationTemplate, creationTemplates } from '../../../infra/registry/creation-templates.ts'
import { stackOf } from '../stack-of.ts'
import { statementsOf } from '../synth.ts'
import { HERE, refusalOf } from './refusals.ts'

const caches = ['docker-hub']
const TEMPLATE = 'AWS::ECR::RepositoryCreationTemplate'
const untagged = String(newRepository({ repositoryName: 'a/b' }).lifecyclePolicyText)

const usual = stackOf((made) => creationTemplates(made, { owner: 'platform-team' }, caches))
const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/1a2b3c4d'

const asked = stackOf(
  (made) => {
    const { valueAsString: project } = new CfnParameter(made, 'Project', { default: 'shop' })
    const templates: readonly CreationTemplate[] = [
      { prefix: 'ROOT', appliedFor: ['REPLICATION'], encryption: 'AES256', lifecycle: 'none', owner: 'a' },
      { prefix: 'docker-hub/library/', owner: 'base-images', project, tags: { team: 'a' } },
      {
        ...{
          prefix: `${project}/web`,
          encryption: 'KMS_DSSE',
          encryptionKey: Key.fromKeyArn(made, 'Given', keyArn),
          lifecycle: 'releases',
        },
        ...{ tagExclusions: ['dev-*'], access: [{ may: 'pull', organisation: 'o-a1b2c3d4e5' }] },
      },
      { prefix: 'team', encryptionKey: new Key(made, 'Key', { enableKeyRotation: true }) },
    ]
    creationTemplates(made, { owner: project, creationTemplates: templates }, caches)
  },
  ['AwsSolutions-KMS5'],
)

const templatesOf = ({ ofType }: typeof usual) => ofType(TEMPLATE).map(({ Properties }) => Properties)
const templateOf = (prefix: unknown) =>
  templatesOf(asked).find(({ Prefix }) => JSON.stringify(Prefix) === JSON.stringify(prefix))

const CustomRoleArn = { 'Fn::GetAtt': [expect.stringMatching(/^CreationTemplatesRole/), 'Arn'] }
const own = (Prefix: string, change: Readonly<Record<string, unknown>> = {}) => ({
  Prefix,
  AppliedFor: ['REPLICATION'],
  CustomRoleArn,
  EncryptionConfiguration: { EncryptionType: 'KMS' },
  ImageTagMutability: 'IMMUTABLE',
  LifecyclePolicy: untagged,
  ResourceTags: [{ Key: 'Owner', Value: 'platform-team' }],
  ...change,
})

describe('by default', () => {
  it('there is a template for all that is replicated, and one for each cache, whose tags move', () => {
    expect(templatesOf(usual)).toEqual([
      own('ROOT'),
      own('docker-hub', { AppliedFor: ['PULL_THROUGH_CACHE'], ImageTagMutability: 'MUTABLE' }),
    ])
  })

  it('ECR has a role that makes repositories, and the key that every account has', () => {
    expect(usual.one('AWS::IAM::Role').Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 'ecr.amazonaws.com' } }],
    })
    const [make, key] = statementsOf(usual.one('AWS::IAM::Policy'))
    expect(make?.Action).toEqual(['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'])
    expect(JSON.stringify(make?.Resource)).toMatch(/":repository\/\*"\]\]\}$/)
    expect(key?.Action).toEqual(['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'])
    expect(key?.Condition).toEqual({
      StringEquals: {
        'kms:ViaService': { 'Fn::Join': ['', ['ecr.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] },
      },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/aws/ecr' },
    })
  })

  it('a template is made when its role has its rights', () => {
    const [template] = usual.ofType(TEMPLATE)
    expect(template).toMatchObject({
      DependsOn: [expect.stringMatching(/^CreationTemplatesRoleDefaultPolicy/), expect.any(String)],
    })
  })
})

describe('a template that is asked for', () => {
  it('stands in place of the one of its prefix, beside the others', () => {
    expect(templatesOf(asked).map(({ Prefix }) => Prefix)).toEqual([
      ...['ROOT', 'docker-hub/library', { 'Fn::Join': ['', [{ Ref: 'Project' }, '/web']] }, 'team', 'docker-hub'],
    ])
    const { LifecyclePolicy: _, ...rest } = own('ROOT', { AppliedFor: ['REPLICATION'] })
    expect(templateOf('ROOT')).toEqual({
      ...rest,
      EncryptionConfiguration: { EncryptionType: 'AES256' },
      ResourceTags: [{ Key: 'Owner', Value: 'a' }],
    })
  })

  it('is one for caches inside of one', () => {
    expect(templateOf('docker-hub/library')).toMatchObject({
      ...{ AppliedFor: ['PULL_THROUGH_CACHE'], ImageTagMutability: 'MUTABLE' },
      ResourceTags: [
        { Key: 'Owner', Value: 'base-images' },
        { Key: 'Project', Value: { Ref: 'Project' } },
        { Key: 'team', Value: 'a' },
      ],
    })
  })

  it('has the texts of a repository', () => {
    const text = newRepository({ repositoryName: 'a/b', lifecycle: 'releases' }).lifecyclePolicyText
    expect(templateOf({ 'Fn::Join': ['', [{ Ref: 'Project' }, '/web']] })).toMatchObject({
      EncryptionConfiguration: { EncryptionType: 'KMS_DSSE', KmsKey: keyArn },
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: [
        { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'dev-*' },
      ],
      LifecyclePolicy: text,
      RepositoryPolicy: expect.stringContaining('"aws:PrincipalOrgID":"o-a1b2c3d4e5"'),
    })
  })

  it('gives the role the keys that it names', () => {
    const keys = statementsOf(asked.one('AWS::IAM::Policy')).filter(({ Action }) => Action.includes('kms:CreateGrant'))
    expect(keys.map(({ Resource }) => Resource)).toEqual([
      expect.arrayContaining([keyArn, { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] }]),
      expect.objectContaining({ 'Fn::Join': expect.anything() }),
    ])
  })
})

describe('a stack', () => {
  const inStack = (templates: readonly CreationTemplate[]) => {
    const made = new Stack(new App(), 'User', { env: HERE })
    creationTemplates(made, { owner: 'platform-team', creationTemplates: templates }, caches)
    return made
  }

  it('has none where none is to be', () => {
    const made = new Stack(new App(), 'User')
    creationTemplates(made, { creationTemplates: 'none' }, caches)
    expect(made.node.children).toEqual([])
  })

  it('keeps logical ids wherever a template stands in the list', () => {
    const ids = (templates: readonly CreationTemplate[]) => {
      const made = inStack(templates)
      const resources = made.node
        .findAll()
        .flatMap((one) => ('logicalId' in one ? [String(made.resolve(one.logicalId))] : []))
      return resources.toSorted()
    }
    expect(ids([{ prefix: 'team-a' }, { prefix: 'team-b/x' }])).toMatchInlineSnapshot(`
      [
        "CreationTemplatesROOT61F2E214",
        "CreationTemplatesRoleAD6613D7",
        "CreationTemplatesRoleDefaultPolicyE5580AF2",
        "CreationTemplatesdockerhub9AB2CF55",
        "CreationTemplatesteamaB2CD8A6E",
        "CreationTemplatesteambxDCF065C4",
      ]
    `)
    expect(ids([{ prefix: 'team-b/x' }, { prefix: 'ROOT' }, { prefix: 'team-a' }])).toEqual(
      ids([{ prefix: 'team-a' }, { prefix: 'team-b/x' }]),
    )
  })

  it('is warned of a lifecycle policy that may not do what was meant', () => {
    const selection = {
      tagStatus: 'tagged',
      tagPrefixList: ['a', 'b'],
      countType: 'imageCountMoreThan',
      countNumber: 5,
    }
    const text = JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] })
    const warnings = Annotations.fromStack(inStack([{ prefix: 'team-a', lifecycle: { text } }])).findWarning(
      '*',
      Match.anyValue(),
    )
    expect(warnings.map(({ entry }) => String(entry.data))).toContainEqual(
      expect.stringMatching(/^lifecycle: rule 1, /),
    )
  })
})

describe('refuses', () => {
  const refusal = (templates: readonly unknown[], owner: string | undefined = 'platform-team') =>
    refusalOf((made) =>
      creationTemplates(made, { owner, creationTemplates: templates as readonly CreationTemplate[] }, caches),
    )

  it.each([
    [
      'nobody for an owner',
      [],
      ' ',
      "owner: it is missing, and the repositories that ECR makes would be nobody’s. Write a name, such as 'platform-team', or creationTemplates: 'none'.",
    ],
    [
      'an owner that is no tag',
      [],
      'a?',
      'owner: "a?" is no value of a tag. Write at most 256 letters, digits, spaces and _ . : / = + - @.',
    ],
    [
      'an owner who is said twice',
      [{ prefix: 'a', owner: 'a', tags: { Owner: 'b' } }],
      'a',
      'creationTemplates[0].tags.Owner: owner says it, too. Write the one or the other.',
    ],
    [
      'one prefix twice',
      [{ prefix: 'a' }, { prefix: 'b' }, { prefix: 'a/' }],
      'a',
      'creationTemplates[2].prefix: "a" is the prefix of creationTemplates[0], too. Write one template for it.',
    ],
    [
      'a prefix that begins no name',
      [{ prefix: 'Team' }],
      'a',
      'creationTemplates[0].prefix: "Team" begins no name of a repository. Write lower-case letters and digits, with one of . _ - between them, and / between namespaces: cache/docker-hub.',
    ],
    [
      'a template for nothing',
      [{ prefix: 'a', appliedFor: [] }],
      'a',
      'creationTemplates[0].appliedFor: it is for nothing. Write one or more of CREATE_ON_PUSH, PULL_THROUGH_CACHE, REPLICATION.',
    ],
    [
      'an occasion that there is not',
      [{ prefix: 'a', appliedFor: ['PUSH'] }],
      'a',
      'creationTemplates[0].appliedFor: "PUSH" makes no repository. Write one or more of CREATE_ON_PUSH, PULL_THROUGH_CACHE, REPLICATION.',
    ],
    [
      'one for caches and for others that does not say whether tags move',
      [{ prefix: 'a', appliedFor: ['PULL_THROUGH_CACHE', 'REPLICATION'] }],
      'a',
      'creationTemplates[0].tagMutability: the template is for cached images, whose tags have to move, and for others, whose tags should not. Write which it is to be, or two templates of different prefixes.',
    ],
    [
      'what ECR refuses of a repository',
      [{ prefix: 'a' }, { prefix: 'b', tagExclusions: ['a b'] }],
      'a',
      'creationTemplates[1].tagExclusions: "a b" is no filter of tags. Write 1 to 128 letters, digits and . _ * -, such as dev-*.',
    ],
  ])('%s', (_, templates, owner, message) => {
    expect(refusal(templates, owner)).toBe(`Registry: ${message}`)
  })

  it.each([
    [
      'a key by its alias',
      {},
      (made: Stack) => Alias.fromAliasName(made, 'Key', 'alias/images'),
      'it is known by an alias, and a role is given rights on a key by its ARN. Write Key.fromKeyArn, or Key.fromLookup.',
    ],
    [
      'a key of KMS for AES256',
      { encryption: 'AES256' as const },
      (made: Stack) => Key.fromKeyArn(made, 'Key', keyArn),
      'encryption is AES256, which has no key of KMS. Write encryption KMS, or no key.',
    ],
  ])('%s', (_, settings, keyIn, message) => {
    const said = refusalOf((made) => {
      const template = { prefix: 'a', encryptionKey: keyIn(made), ...settings }
      creationTemplates(made, { owner: 'a', creationTemplates: [template] }, caches)
    })
    expect(said).toBe(`Registry: creationTemplates[0].encryptionKey: ${message}`)
  })

  it('not a template for both that says whether tags move', () => {
    expect(
      refusal([{ prefix: 'a', appliedFor: ['PULL_THROUGH_CACHE', 'REPLICATION'], tagMutability: 'IMMUTABLE' }]),
    ).toBeUndefined()
  })
})
