import { afterEach, describe, expect, test, vi } from 'vitest'
import { credentialsOf } from '../../cli/aws/credentials.ts'
import { resourceOf, statementsFor } from '../../cli/aws/permission.ts'
import { regionIn } from '../../cli/aws/profile.ts'

const registry = { account: '123456789012', region: 'eu-central-1' }
const arn = (repository: string) => `arn:aws:ecr:eu-central-1:123456789012:repository/${repository}`

describe('the region of a profile', () => {
  const CONFIG = `
# region = us-west-1
[default]
region = eu-central-1

[profile prod]
role_arn = arn:aws:iam::123456789012:role/reader
region=ap-northeast-1
[profile "with space"]
region = us-east-1
[sso-session prod]
sso_region = us-east-2
[profile none]
output = json
`
  test.each([
    ['default', 'eu-central-1'],
    ['prod', 'ap-northeast-1'],
    ['with space', 'us-east-1'],
    ['none', undefined],
    ['nobody', undefined],
  ])('%s', (profile, region) => {
    expect(regionIn(CONFIG, profile)).toBe(region)
  })
})

describe('the resource of a call', () => {
  test.each([
    [{ repositoryName: 'prod/api' }, arn('prod/api')],
    [{ repositoryNames: ['prod/api'] }, arn('prod/api')],
    [{ resourceArn: arn('x') }, arn('x')],
    [{ maxResults: 1_000 }, '*'],
  ])('%j', (input, resource) => {
    expect(resourceOf(input, registry)).toBe(resource)
  })

  test('is in the partition of its region', () => {
    expect(resourceOf({ repositoryName: 'api' }, { ...registry, region: 'cn-north-1' })).toMatch(/^arn:aws-cn:/)
  })
})

describe('the statement that is missing', () => {
  const denial = (action: string, resource: string) => ({ action, resource, isForbidden: false })

  test('names one repository, or all where several are meant', () => {
    const denials = [
      denial('ecr:GetLifecyclePolicy', arn('a')),
      denial('ecr:GetLifecyclePolicy', arn('b')),
      denial('ecr:ListTagsForResource', arn('b')),
      denial('ecr:DescribeRegistry', '*'),
      denial('ecr:GetRepositoryPolicy', arn('b')),
      denial('ecr:GetRepositoryPolicy', arn('a')),
    ]
    expect(statementsFor(denials, registry)).toEqual([
      { Effect: 'Allow', Action: ['ecr:DescribeRegistry'], Resource: '*' },
      { Effect: 'Allow', Action: ['ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy'], Resource: arn('*') },
      { Effect: 'Allow', Action: ['ecr:ListTagsForResource'], Resource: arn('b') },
    ])
  })
})

describe('credentials', () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: '' }
  afterEach(() => vi.unstubAllEnvs())

  test('of the environment are taken as they are, and an empty token is none', async () => {
    expect(await credentialsOf(undefined, 'eu-central-1', env)()).toEqual({
      ...{ accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: undefined },
    })
  })

  test.each([
    ['nobody', 'The profile nobody brings no AWS credentials.'],
    [undefined, 'No AWS credentials were found.'],
  ])('of profile %s, where there are none, are a fault with the next step', async (profile, message) => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    vi.stubEnv('HOME', '/nowhere')
    const credentials = credentialsOf(profile, 'eu-central-1', profile ? env : {})
    await expect(credentials()).rejects.toMatchObject({ exit: 'access', message: expect.stringContaining(message) })
  })
})
