import { App, Duration, Stack } from 'aws-cdk-lib'
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr'
import { OidcProviderNative } from 'aws-cdk-lib/aws-iam'
import { describe, expect, it } from 'vitest'
import { GitHubActionsRole, type GitHubActionsRoleProps } from '../../infra/github-actions-role.ts'
import { compileConditions } from '../../local/runtime/iam/conditions.ts'
import { compileRole } from '../../local/runtime/iam.ts'
import { stackOf } from './stack-of.ts'
import { list, type Statement, statementsOf } from './synth.ts'

const SHOP = 'arn:aws:ecr:ap-northeast-1:123456789012:repository/shop'
const shop = (stack: Stack): IRepository => Repository.fromRepositoryArn(stack, 'Shop', SHOP)

type Given = Partial<Omit<GitHubActionsRoleProps, 'repositories'>>
const main: Given = { gitHubRepository: 'acme/shop', subjects: [{ branch: 'main' }] }

const roleIn = (stack: Stack, props: Given = {}, repositories = [shop(stack)]): GitHubActionsRole =>
  new GitHubActionsRole(stack, 'GitHub', { ...main, ...props, repositories } as GitHubActionsRoleProps)

const synthesised = (props: Given = {}) => stackOf((stack) => void roleIn(stack, props))

const trustOf = (props: Given) => {
  const { AssumeRolePolicyDocument } = synthesised(props).one('AWS::IAM::Role').Properties
  return (AssumeRolePolicyDocument as { Statement: readonly Statement[] }).Statement
}

/** Whether a token with a subject gets the role. */
const takenBy = (props: Given) => {
  const issuer = 'token.actions.githubusercontent.com'
  const conditions = trustOf(props).map(({ Condition }) => compileConditions(Condition))
  return (sub: string, aud = 'sts.amazonaws.com'): boolean => {
    const facts = new Map([
      [`${issuer}:sub`, sub],
      [`${issuer}:aud`, aud],
    ])
    return conditions.some((holds) => holds(facts) === true)
  }
}

describe('who takes the role', () => {
  it('is one branch of one repository, by its whole subject', () => {
    expect(trustOf({})).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: { Ref: expect.stringMatching(/^GitHubProvider/) } },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': ['repo:acme/shop:ref:refs/heads/main'],
          },
        },
      },
    ])
  })

  const several = takenBy({
    subjects: [{ branch: 'main' }, { environment: 'production' }, { tag: 'v*' }, { branch: 'release/?.x' }],
  })
  it.each([
    ['repo:acme/shop:ref:refs/heads/main', true],
    ['repo:acme/shop:environment:production', true],
    ['repo:acme/shop:ref:refs/tags/v1.2', true],
    ['repo:acme/shop:ref:refs/heads/release/3.x', true],
    ['repo:acme/shop:ref:refs/heads/release/13.x', false],
    ['repo:acme/shop:ref:refs/heads/v1', false],
    ['repo:acme/shop:ref:refs/heads/main2', false],
    ['repo:acme/shop:environment:staging', false],
    ['repo:acme/shop:pull_request', false],
    ['repo:acme/shop2:ref:refs/heads/main', false],
    ['repo:evil/shop:ref:refs/tags/v1.2', false],
    ['repo:acme/shop/x:ref:refs/heads/main', false],
    ['repo:Acme/shop:ref:refs/heads/main', false],
    ['repo:acme@1/shop@2:ref:refs/heads/main', false],
  ])('of branches, an environment and tags, %s: %s', (sub, expected) => {
    expect(several(sub)).toBe(expected)
  })

  it('is nobody with a token for somebody else', () => {
    expect(several('repo:acme/shop:ref:refs/heads/main', 'https://github.com/acme')).toBe(false)
    expect(several('repo:acme/shop:ref:refs/tags/v1', 'https://github.com/acme')).toBe(false)
  })

  it('is known by numbers that are never given again, where the repository has immutable subjects', () => {
    const taken = takenBy({ ids: { owner: 123_456, repository: 456_789 } })
    expect(taken('repo:acme@123456/shop@456789:ref:refs/heads/main')).toBe(true)
    expect(taken('repo:acme@999/shop@456789:ref:refs/heads/main')).toBe(false)
    expect(taken('repo:acme/shop:ref:refs/heads/main')).toBe(false)
  })

  it('is a pull request where that was asked for twice', () => {
    const taken = takenBy({ subjects: [{ pullRequests: true }], trustPullRequests: true })
    expect(taken('repo:acme/shop:pull_request')).toBe(true)
    expect(taken('repo:acme/shop:ref:refs/heads/main')).toBe(false)
  })
})

describe('what is refused at synthesis', () => {
  it.each<[string, Given, RegExp]>([
    ['any repository of an owner', { gitHubRepository: 'acme/*' }, /gitHubRepository: it is "acme\/\*".*'acme\/shop'/],
    ['any owner', { gitHubRepository: '*/shop' }, /nobody thought of could take the role.*OWNER\/NAME/],
    ['a name that hides a subject', { gitHubRepository: 'acme/shop:ref:refs/heads/x' }, /OWNER\/NAME/],
    ['an owner alone', { gitHubRepository: 'acme' }, /it is "acme"\. Write one repository/],
    ['a variable of IAM', { gitHubRepository: `acme/$\{aws:username}` }, /OWNER\/NAME/],
    ['nobody', { subjects: [] }, /subjects: it is empty.*branch: 'main'/],
    [
      'pull requests by the way',
      { subjects: [{ branch: 'main' }, { pullRequests: true }] },
      /subjects\[1\]\.pullRequests: .*trustPullRequests: true/,
    ],
    ['a whole ref', { subjects: [{ branch: 'refs/heads/main' }] }, /subjects\[0\]\.branch: .*the branch alone: 'main'/],
    [
      'a subject for a name',
      { subjects: [{ environment: 'a:ref:refs/heads/x' }] },
      /subjects\[0\]\.environment: .*%3A/,
    ],
    ['an empty name', { subjects: [{ tag: '' }] }, /subjects\[0\]\.tag: it is ""/],
    ['a variable in a branch', { subjects: [{ branch: `$\{aws:userid}` }] }, /subjects\[0\]\.branch/],
    [
      'a short session',
      { maxSessionDuration: Duration.minutes(15) },
      /maxSessionDuration: it is 900 seconds.*Duration\.hours\(1\)/,
    ],
    ['a long session', { maxSessionDuration: Duration.hours(13) }, /IAM takes 1 to 12 hours/],
  ])('%s', (_, props, message) => {
    const stack = new Stack(new App(), 'User')
    expect(() => roleIn(stack, props)).toThrow(message)
    expect(() => roleIn(new Stack(new App(), 'User'), props)).toThrow(/^User\/GitHub: /)
  })

  it('a role that could push nowhere', () => {
    expect(() => roleIn(new Stack(new App(), 'User'), {}, [])).toThrow(/^User\/GitHub: repositories: it is empty/)
  })
})

describe('what it may do', () => {
  const actionsOn = (props: Given, resource: string): readonly string[] =>
    statementsOf(synthesised(props).one('AWS::IAM::Policy'))
      .filter(({ Resource }) => Resource === resource)
      .flatMap(({ Action }) => list(Action))

  it('is to push to its repositories and to read what the gate reads, and nothing else', () => {
    expect(actionsOn({}, SHOP)).toEqual([
      ...['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload'],
      ...['ecr:DescribeImageScanFindings', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'],
      ...['ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'],
    ])
    expect(actionsOn({}, '*')).toEqual([
      ...['ecr:GetAuthorizationToken', 'inspector2:ListCoverage', 'inspector2:ListFindings'],
    ])
    expect(statementsOf(synthesised().one('AWS::IAM::Policy'))).toHaveLength(2)
  })

  it('is to start scans where that is asked for', () => {
    expect(actionsOn({ startScans: true }, SHOP)).toContain('ecr:StartImageScan')
    expect(actionsOn({}, SHOP)).not.toContain('ecr:StartImageScan')
  })

  it('is nothing in another repository, and no deletion in its own', () => {
    const { PolicyDocument } = synthesised().one('AWS::IAM::Policy').Properties
    const role = compileRole([PolicyDocument])
    const may = (action: string, resource: string) => role.decide({ action, resource }).allowed
    expect(may('ecr:PutImage', SHOP)).toBe(true)
    expect(may('ecr:PutImage', `${SHOP}2`)).toBe(false)
    for (const action of ['ecr:BatchDeleteImage', 'ecr:DeleteRepository', 'ecr:SetRepositoryPolicy', 'iam:PassRole'])
      expect(may(action, SHOP)).toBe(false)
  })
})

describe('the provider', () => {
  it('is made for tokens that are meant for AWS', () => {
    expect(synthesised().one('AWS::IAM::OIDCProvider').Properties).toMatchObject({
      Url: 'https://token.actions.githubusercontent.com',
      ClientIdList: ['sts.amazonaws.com'],
    })
  })

  it('is the one of the account where it has one', () => {
    const arn = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'
    const found = stackOf((stack) => {
      const provider = OidcProviderNative.fromOidcProviderArn(stack, 'Provider', arn)
      expect(roleIn(stack, { provider, roleName: 'ci' }).provider).toBe(provider)
    })
    expect(found.ofType('AWS::IAM::OIDCProvider')).toEqual([])
    const { AssumeRolePolicyDocument, RoleName } = found.one('AWS::IAM::Role').Properties
    expect(JSON.stringify(AssumeRolePolicyDocument)).toContain(`{"Federated":"${arn}"}`)
    expect(RoleName).toBe('ci')
  })
})

it('tells the ARN for the workflow, and lets it last an hour unless asked for more', () => {
  const { outputs, one } = synthesised({ maxSessionDuration: Duration.hours(3) })
  expect(Object.values(outputs)).toEqual([
    {
      Value: { 'Fn::GetAtt': [expect.stringMatching(/^GitHubRole/), 'Arn'] },
      Description: 'role-to-assume of aws-actions/configure-aws-credentials in acme/shop',
    },
  ])
  expect(one('AWS::IAM::Role').Properties.MaxSessionDuration).toBe(10_800)
  expect(synthesised().one('AWS::IAM::Role').Properties.MaxSessionDuration).toBe(3_600)
})
