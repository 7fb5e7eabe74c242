import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, test } from 'vitest'
import { errorOf, withLocalAws } from './clients.ts'

describe('Secrets Manager over HTTP', () => {
  test('a new value becomes AWSCURRENT and the one before AWSPREVIOUS', () =>
    withLocalAws(async (_, { secrets }) => {
      const { ARN } = await secrets.send(new CreateSecretCommand({ Name: 'team/hook', SecretString: 'one' }))
      expect(ARN).toMatch(/^arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:team\/hook-[0-9a-f]{6}$/)
      await secrets.send(new PutSecretValueCommand({ SecretId: 'team/hook', SecretString: 'two' }))
      const value = async (VersionStage?: string) =>
        (await secrets.send(new GetSecretValueCommand({ SecretId: ARN, VersionStage }))).SecretString
      expect([await value(), await value('AWSCURRENT'), await value('AWSPREVIOUS')]).toEqual(['two', 'two', 'one'])
      const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'team/hook' }))
      expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']])
    }))

  test('a secret can be bytes', () =>
    withLocalAws(async (_, { secrets }) => {
      await secrets.send(new CreateSecretCommand({ Name: 'key', SecretBinary: new Uint8Array([1, 2]) }))
      const { SecretBinary } = await secrets.send(new GetSecretValueCommand({ SecretId: 'key' }))
      expect([...(SecretBinary ?? [])]).toEqual([1, 2])
    }))

  test('a secret that is not there is not found, in the words of AWS', () =>
    withLocalAws(async (_, { secrets }) => {
      expect(await errorOf(secrets.send(new GetSecretValueCommand({ SecretId: 'none' })))).toMatchObject({
        name: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
      })
    }))

  test('a secret without a value says which label is missing', () =>
    withLocalAws(async (_, { secrets }) => {
      await secrets.send(new CreateSecretCommand({ Name: 'empty' }))
      expect((await errorOf(secrets.send(new GetSecretValueCommand({ SecretId: 'empty' })))).message).toBe(
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      )
    }))

  test('a deleted secret cannot be read, and is gone when deleted by force', () =>
    withLocalAws(async (aws, { secrets }) => {
      aws.secrets.put('a', 'v')
      aws.secrets.put('b', 'v')
      await secrets.send(new DeleteSecretCommand({ SecretId: 'a' }))
      const marked = errorOf(secrets.send(new GetSecretValueCommand({ SecretId: 'a' })))
      expect((await marked).name).toBe('InvalidRequestException')
      await secrets.send(new DeleteSecretCommand({ SecretId: 'b', ForceDeleteWithoutRecovery: true }))
      expect(aws.secrets.names()).toEqual(['a'])
    }))

  test('the same name twice is refused', () =>
    withLocalAws(async (aws, { secrets }) => {
      aws.secrets.put('a', 'v')
      const again = secrets.send(new CreateSecretCommand({ Name: 'a', SecretString: 'w' }))
      expect((await errorOf(again)).name).toBe('ResourceExistsException')
    }))
})
