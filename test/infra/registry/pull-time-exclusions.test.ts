import { App, Stack } from 'aws-cdk-lib'
import { CfnPullTimeUpdateExclusion } from 'aws-cdk-lib/aws-ecr'
import { type IRole, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { describe, expect, it } from 'vitest'
import { type PullTimeExclusion, pullTimeExclusions } from '../../../infra/registry/pull-time-exclusions.ts'
import { stackOf } from '../stack-of.ts'
import { HERE, refusalOf } from './refusals.ts'

const CI = 'arn:aws:iam::123456789012:role/ci/scanner'
const roleIn = (scope: Construct): IRole =>
  new Role(scope, 'Scanner', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') })

it('leaves out roles, users and ARNs, each of them once', () => {
  const { ofType } = stackOf((made) => {
    const role = roleIn(made)
    pullTimeExclusions(made, [
      CI,
      role,
      User.fromUserArn(made, 'Robot', 'arn:aws:iam::123456789012:user/robot'),
      CI,
      role,
    ])
  })
  expect(ofType('AWS::ECR::PullTimeUpdateExclusion').map(({ Properties }) => Properties.PrincipalArn)).toEqual([
    CI,
    { 'Fn::GetAtt': [expect.stringMatching(/^Scanner/), 'Arn'] },
    'arn:aws:iam::123456789012:user/robot',
  ])
})

it('keeps its logical ids wherever a principal stands in the list', () => {
  const ids = (of: (role: IRole) => readonly PullTimeExclusion[]) => {
    const made = new Stack(new App(), 'User')
    pullTimeExclusions(made, of(roleIn(made)))
    const exclusions = made.node.findAll().filter((one) => CfnPullTimeUpdateExclusion.isCfnPullTimeUpdateExclusion(one))
    return exclusions.map(({ logicalId }) => made.resolve(logicalId)).toSorted()
  }
  expect(ids((role) => [CI, role])).toMatchInlineSnapshot(`
    [
      "PullTimeExclusionsaf53562349685d838C99273D",
      "PullTimeExclusionsarnawsiam123456789012roleciscanner093681AC",
    ]
  `)
  expect(ids((role) => [role, CI])).toEqual(ids((role) => [CI, role]))
})

describe('refuses', () => {
  it.each([
    [
      ['arn:aws:sts::123456789012:assumed-role/scanner/session'],
      `pullTimeExclusions[0]: "arn:aws:sts::123456789012:assumed-role/scanner/session" is no ARN of a role or a user. Write 'arn:aws:iam::123456789012:role/scanner', without a session or a wildcard.`,
    ],
    [
      [CI, `arn:aws:iam::123456789012:role/${'r'.repeat(200)}`],
      'pullTimeExclusions[1]: it has 231 characters. Write an ARN of at most 200 of them.',
    ],
    [
      Array.from({ length: 101 }, (_, index) => `${CI}${index}`),
      'pullTimeExclusions: there are 101. Write at most 100.',
    ],
  ])('%j', (principals, message) => {
    expect(refusalOf((made) => pullTimeExclusions(made, principals))).toBe(`Registry: ${message}`)
  })

  const synthesised = (other: (app: App, role: IRole) => Stack) => {
    const app = new App({ analyticsReporting: false })
    const made = new Stack(app, 'User', { env: HERE })
    const role = roleIn(made)
    pullTimeExclusions(new Construct(made, 'Registry'), [CI, role])
    new CfnPullTimeUpdateExclusion(other(app, role), 'Ours', { principalArn: CI })
    return () => app.synth()
  }

  it('what another construct leaves out in the same registry, whichever comes first', () => {
    expect(synthesised((app) => new Stack(app, 'Steward', { env: HERE }))).toThrow(
      'User/Registry: pullTimeExclusions[0]: Steward/Ours leaves out the same principal, and ECR takes it once. Write the others alone.',
    )
  })

  it('not what is left out in another region', () => {
    const env = { ...HERE, region: 'eu-central-1' }
    expect(synthesised((app) => new Stack(app, 'Steward', { env }))).not.toThrow()
  })
})
