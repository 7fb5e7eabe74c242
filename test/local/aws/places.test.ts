import { DescribeRepositoriesCommand, ECRClient, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { roleCredentials } from '../../../functions/adapters/role-credentials.ts'
import { signedAws, signedPost } from '../../../functions/adapters/signed-aws.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { configOf, errorOf, withLocalAws } from './clients.ts'

const MEMBER = '222222222222'
const ROLE = 'ecr-steward-read'

const envOf = (aws: LocalAws, region: string) => ({
  ...{ AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'ME', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: region },
})

/** Names of the repositories of an account in a region, asked for as a sweep does: its own account with its own credentials. */
async function repositoriesOf(aws: LocalAws, account: string, region: string): Promise<unknown> {
  const env = envOf(aws, region)
  const arn = `arn:aws:iam::${account}:role/${ROLE}`
  const credentials = roleCredentials(signedPost(envOf(aws, aws.region)), { arn, session: 'sweep' }, () => new Date())
  const call = signedAws(env, 5_000, account === aws.account ? {} : { credentials })
  const { repositories } = await call('ecr', 'DescribeRepositories', {})
  return (repositories as { repositoryUri: string }[]).map(({ repositoryUri }) => repositoryUri)
}

const keyOf = (aws: LocalAws, account: string): string => {
  aws.principals.assume(`KEY${account}`, ROLE, 'me', account)
  return `KEY${account}`
}

describe('accounts and regions', () => {
  test('each have a registry of their own, told by the credentials and by the region that is signed for', () =>
    withLocalAws(async (aws) => {
      aws.principals.createRole(ROLE, MEMBER)
      const places = [aws.account, MEMBER].flatMap((account) =>
        [aws.region, 'us-east-1'].map((region) => ({ account, region })),
      )
      for (const [n, place] of places.entries()) aws.at(place).ecr.createRepository({ repositoryName: `team/${n}` })
      for (const [n, { account, region }] of places.entries())
        expect(await repositoriesOf(aws, account, region)).toEqual([
          `${account}.dkr.ecr.${region}.amazonaws.com/team/${n}`,
        ])
      expect(aws.ecr.repositories().map(({ settings }) => settings.repositoryName)).toEqual(['team/0'])
      expect(aws.at({}).ecr).toBe(aws.ecr)
    }))

  test('have what runs images of their own', () =>
    withLocalAws(async (aws) => {
      aws.at({ region: 'us-east-1' }).lambda.createFunction({ name: 'resize' })
      const functions = async (region: string) => {
        const { Functions } = await new LambdaClient(configOf(aws.url, region)).send(new ListFunctionsCommand({}))
        return Functions?.map(({ FunctionArn }) => FunctionArn)
      }
      expect(await functions('us-east-1')).toEqual(['arn:aws:lambda:us-east-1:123456789012:function:resize'])
      expect(await functions(aws.region)).toEqual([])
    }))

  test('give layers of their own', () =>
    withLocalAws(async (aws) => {
      const there = aws.at({ account: MEMBER })
      for (const { ecr } of [aws, there]) ecr.createRepository({ repositoryName: 'api' })
      const { digest: layerDigest } = there.ecr.putBlob('api', '{"config":{}}')
      const ask = { repositoryName: 'api', layerDigest }
      const urlOf = async (key: string) =>
        (await new ECRClient(configOf(aws.url, aws.region, key)).send(new GetDownloadUrlForLayerCommand(ask)))
          .downloadUrl
      const url = (await urlOf(keyOf(aws, MEMBER))) ?? ''
      expect(await (await fetch(url)).text()).toBe('{"config":{}}')
      expect(await errorOf(urlOf('ME'))).toMatchObject({ name: 'LayersNotFoundException' })
      const mine = url.replace(MEMBER, aws.account)
      expect((await fetch(mine)).status).toBe(403)
    }))

  test('are asked for permission by their own names', () =>
    withLocalAws(async (aws) => {
      const asked: string[] = []
      aws.authorize = ({ resource }) => {
        asked.push(resource)
        return { allowed: true }
      }
      const client = new ECRClient(configOf(aws.url, 'eu-west-1', keyOf(aws, MEMBER)))
      const missing = errorOf(client.send(new DescribeRepositoriesCommand({ repositoryNames: ['api'] })))
      expect(await missing).toMatchObject({ name: 'RepositoryNotFoundException' })
      expect(asked).toEqual([`arn:aws:ecr:eu-west-1:${MEMBER}:repository/api`])
    }))

  test('an account without the role is not read', () =>
    withLocalAws(async (aws) => {
      await expect(repositoriesOf(aws, MEMBER, aws.region)).rejects.toMatchObject({ code: 'AccessDenied' })
      aws.principals.createRole(ROLE, '333333333333')
      await expect(repositoriesOf(aws, MEMBER, aws.region)).rejects.toMatchObject({ code: 'AccessDenied' })
      expect(await repositoriesOf(aws, '333333333333', aws.region)).toEqual([])
    }))
})

describe('a region that is not enabled', () => {
  const off = 'af-south-1'
  test.each([
    ['ECR', (config: object) => new ECRClient(config).send(new DescribeRepositoriesCommand({})), 'Unrecognized', 400],
    ['Lambda', (config: object) => new LambdaClient(config).send(new ListFunctionsCommand({})), 'Unrecognized', 403],
    [
      'S3',
      (config: object) =>
        new S3Client({ ...config, forcePathStyle: true }).send(new ListObjectsV2Command({ Bucket: 'b' })),
      'InvalidAccessKeyId',
      403,
    ],
  ])('does not know the credentials, says %s', async (_, call, name, status) => {
    const aws = await startLocalAws()
    aws.disableRegion(off)
    expect(await errorOf(call(configOf(aws.url, off)))).toMatchObject({ name: expect.stringContaining(name), status })
    aws.s3.createBucket('b')
    await call(configOf(aws.url))
    await aws.close()
  })

  test('has no STS either', () =>
    withLocalAws(async (aws) => {
      aws.disableRegion(off)
      const post = signedPost(envOf(aws, off))
      const asked = post('sts', {}, 'Action=GetCallerIdentity&Version=2011-06-15')
      await expect(asked).rejects.toMatchObject({ code: 'InvalidClientTokenId' })
    }))
})
