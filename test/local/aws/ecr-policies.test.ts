import {
  DeleteRegistryPolicyCommand,
  DeleteRepositoryPolicyCommand,
  GetRegistryPolicyCommand,
  GetRepositoryPolicyCommand,
  PutRegistryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { errorOf, withLocalAws } from './clients.ts'

const repositoryName = 'app'
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
const ARN = 'arn:aws:ecr:ap-northeast-1:123456789012:repository/*'

const statement = (change: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::987654321098:root' },
  Action: PULL,
  ...change,
})
const policy = (...statements: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements })

describe('a repository policy', () => {
  test('is given back laid out anew, its elements in one order and accounts by their ARN', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName })
      const condition = { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] } }
      const policyText = JSON.stringify({
        Statement: {
          Action: 'ecr:*',
          Condition: condition,
          Principal: { AWS: ['987654321098'] },
          Effect: 'Allow',
          Sid: '',
        },
      })
      await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }))
      const read = await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))
      expect(read.policyText).toMatchInlineSnapshot(`
        "{
          "Version" : "2008-10-17",
          "Statement" : [ {
            "Sid" : "",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : [ "arn:aws:iam::987654321098:root" ]
            },
            "Action" : "ecr:*",
            "Condition" : {
              "StringEquals" : {
                "aws:PrincipalOrgID" : [ "o-a1b2c3d4e5" ]
              }
            }
          } ]
        }"
      `)
    }))

  test('goes, and is then not found', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName })
      await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: policy(statement()) }))
      await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }))
      const none = ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))
      expect((await errorOf(none)).name).toBe('RepositoryPolicyNotFoundException')
    }))

  test.each([
    ['everybody', { Principal: '*' }],
    ['everybody, spelt longer', { Principal: { AWS: '*' } }],
    ['an account by its id', { Principal: { AWS: '987654321098' } }],
    ['a role with a path', { Principal: { AWS: 'arn:aws:iam::987654321098:role/ci/Push' } }],
    ['a session of a role', { Principal: { AWS: 'arn:aws:sts::987654321098:assumed-role/Push/build-7' } }],
    ['a role that is gone, by its unique id', { Principal: { AWS: 'AROAEXAMPLEEXAMPLE01' } }],
    ['a service', { Principal: { Service: 'lambda.amazonaws.com' } }],
    ['all but an account', { Principal: undefined, NotPrincipal: { AWS: '987654321098' }, Effect: 'Deny' }],
    ['all but an action', { Action: undefined, NotAction: 'ecr:DeleteRepository' }],
    ['a condition', { Condition: { 'ForAnyValue:StringLikeIfExists': { 'aws:PrincipalOrgPaths': ['o-1/*'] } } }],
  ])('may name %s', (_, change) =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName })
      await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: policy(statement(change)) }))
    }),
  )

  test.each([
    ['no JSON', '{"Version"'],
    ['a list', '[]'],
    ['without a statement', '{"Version":"2012-10-17","Statement":[]}'],
    ['of another version', JSON.stringify({ Version: '2020-01-01', Statement: statement() })],
    ['with an element that is none', JSON.stringify({ Version: '2012-10-17', Rules: [], Statement: statement() })],
    ['with an unknown element in a statement', policy(statement({ Note: 'x' }))],
    ['with a resource, which is the repository itself', policy(statement({ Resource: ARN }))],
    ['with an effect that is none', policy(statement({ Effect: 'Maybe' }))],
    ['without a principal', policy(statement({ Principal: undefined }))],
    ['with a principal and its opposite', policy(statement({ NotPrincipal: '*' }))],
    ['with all users of an account', policy(statement({ Principal: { AWS: 'arn:aws:iam::987654321098:*' } }))],
    ['with an account of 11 digits', policy(statement({ Principal: { AWS: '98765432109' } }))],
    ['with a principal of an unknown kind', policy(statement({ Principal: { Group: 'x' } }))],
    ['with a principal called constructor', policy(statement({ Principal: { constructor: 'x' } }))],
    ['with an action of another service', policy(statement({ Action: 's3:GetObject' }))],
    ['with a condition that nobody knows', policy(statement({ Condition: { StringMatches: { a: 'b' } } }))],
    [
      'with a qualifier of conditions that is none',
      policy(statement({ Condition: { 'ForAnyValues:StringLike': {} } })),
    ],
    ['with a Sid that is a number', policy(statement({ Sid: 7 }))],
  ])('%s is refused', (_, policyText) =>
    withLocalAws(async (aws, { ecr }) => {
      aws.ecr.createRepository({ repositoryName })
      expect(await errorOf(ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText })))).toMatchObject({
        name: 'InvalidParameterException',
        message: "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
      })
      expect(aws.ecr.repository(repositoryName)?.policyText).toBeUndefined()
    }),
  )
})

describe('the registry policy', () => {
  test('is put, read and deleted', () =>
    withLocalAws(async (_, { ecr }) => {
      const policyText = policy(statement({ Resource: ARN }))
      expect((await ecr.send(new PutRegistryPolicyCommand({ policyText }))).registryId).toBe('123456789012')
      const read = await ecr.send(new GetRegistryPolicyCommand({}))
      expect(JSON.parse(read.policyText ?? '')).toEqual(JSON.parse(policyText))
      await ecr.send(new DeleteRegistryPolicyCommand({}))
      for (const command of [new GetRegistryPolicyCommand({}), new DeleteRegistryPolicyCommand({})])
        expect(await errorOf(ecr.send(command as GetRegistryPolicyCommand))).toMatchObject({
          name: 'RegistryPolicyNotFoundException',
          message: "Registry policy does not exist in the registry with id '123456789012'",
        })
    }))

  test('must say which repositories it is about', () =>
    withLocalAws(async (_, { ecr }) => {
      const call = ecr.send(new PutRegistryPolicyCommand({ policyText: policy(statement()) }))
      expect((await errorOf(call)).message).toContain('Invalid registry policy provided')
    }))
})
