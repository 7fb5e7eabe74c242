import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'
import { signedPost } from '../../../functions/adapters/signed-aws.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { configOf, errorOf, withLocalAws } from './clients.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const ROLE = 'arn:aws:iam::222222222222:role/team/ecr-steward-read'

const textOf = (xml: string, name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(xml)?.[1] ?? ''

function ask(aws: LocalAws, accessKeyId: string, input: Record<string, string>): Promise<string> {
  const env = { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'x' }
  return signedPost(env)('sts', FORM, new URLSearchParams({ Version: '2011-06-15', ...input }).toString())
}

const assume = (aws: LocalAws, RoleArn: string = ROLE) =>
  ask(aws, 'AKIDME', { Action: 'AssumeRole', RoleArn, RoleSessionName: 'me', DurationSeconds: '900' })

test('who assumes a role is a session of it, in its account, and is judged as such', () =>
  withLocalAws(async (aws) => {
    aws.principals.createRole('ecr-steward-read', '222222222222')
    const answer = await assume(aws)
    const key = textOf(answer, 'AccessKeyId')
    expect(Date.parse(textOf(answer, 'Expiration')) - aws.clock.now()).toBeGreaterThan(890_000)
    const who = await ask(aws, key, { Action: 'GetCallerIdentity' })
    expect([textOf(who, 'Arn'), textOf(who, 'Account')]).toEqual([
      'arn:aws:sts::222222222222:assumed-role/ecr-steward-read/me',
      '222222222222',
    ])
    aws.authorize = ({ accessKeyId, action }) =>
      accessKeyId === key && action === 'lambda:ListFunctions' ? { allowed: true } : { allowed: false, reason: '' }
    const list = (id: string) => new LambdaClient(configOf(aws.url, aws.region, id)).send(new ListFunctionsCommand({}))
    expect((await list(key)).Functions).toEqual([])
    expect(await errorOf(list('AKIDME'))).toMatchObject({ name: 'AccessDeniedException' })
  }))

test('a role is assumed by whom IAM lets, and only where it is one', () =>
  withLocalAws(async (aws) => {
    await expect(assume(aws, 'arn:aws:iam::222222222222:user/me')).rejects.toThrow('ValidationError')
    await expect(assume(aws)).rejects.toThrow('AccessDenied')
    const asked: string[] = []
    aws.authorize = ({ action, resource }) => {
      asked.push(`${action} ${resource}`)
      return { allowed: false, reason: '' }
    }
    await expect(assume(aws)).rejects.toThrow('AccessDenied')
    expect(asked).toEqual([`sts:AssumeRole ${ROLE}`])
  }))

test('a role that wants an external id is assumed by whoever says it', () =>
  withLocalAws(async (aws) => {
    aws.principals.createRole('ecr-steward-read', '222222222222', 'ours')
    const ofRole = { Action: 'AssumeRole', RoleArn: ROLE, RoleSessionName: 'me' }
    await expect(ask(aws, 'AKIDME', ofRole)).rejects.toThrow('AccessDenied')
    await expect(ask(aws, 'AKIDME', { ...ofRole, ExternalId: 'theirs' })).rejects.toThrow('AccessDenied')
    expect(await ask(aws, 'AKIDME', { ...ofRole, ExternalId: 'ours' })).toContain('<AccessKeyId>ASIA')
  }))
