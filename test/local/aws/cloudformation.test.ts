import { expect, test } from 'vitest'
import { stackStatus } from '../../../functions/adapters/cloudformation.ts'
import { signedPost } from '../../../functions/adapters/signed-aws.ts'
import { withLocalAws } from './clients.ts'

const STACK = 'arn:aws:cloudformation:ap-northeast-1:123456789012:stack/shop/0f0e0d0c-1111-2222-3333-444455556666'

test('the status of a stack is told, of one that is there, to whom IAM lets', () =>
  withLocalAws(async (aws) => {
    const env = { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'AKIDME', AWS_SECRET_ACCESS_KEY: 'x' }
    const status = stackStatus(signedPost(env))
    await expect(status(STACK)).rejects.toThrow('ValidationError')
    aws.stacks.set(`${STACK}-other`, 'CREATE_COMPLETE')
    aws.stacks.set(STACK, 'UPDATE_ROLLBACK_IN_PROGRESS')
    expect(await status(STACK)).toBe('UPDATE_ROLLBACK_IN_PROGRESS')
    const asked: string[] = []
    aws.authorize = ({ action, resource }) => {
      asked.push(`${action} ${resource}`)
      return { allowed: false, reason: '' }
    }
    await expect(status(STACK)).rejects.toThrow('AccessDenied')
    expect(asked).toEqual([`cloudformation:DescribeStacks ${STACK}`])
  }))

test('a stack is told by its name too, with its outputs', () =>
  withLocalAws(async (aws) => {
    const env = { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'AKIDME', AWS_SECRET_ACCESS_KEY: 'x' }
    aws.stacks.set(STACK, { status: 'CREATE_COMPLETE', outputs: { Version: '1.2.3' } })
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const answer = await signedPost(env)('cloudformation', form, 'Action=DescribeStacks&StackName=shop')
    expect(answer).toContain('<StackStatus>CREATE_COMPLETE</StackStatus>')
    expect(answer).toContain('<OutputKey>Version</OutputKey><OutputValue>1.2.3</OutputValue>')
  }))
