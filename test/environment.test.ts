import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { environment } from '../functions/environment.ts'
import { homeOf } from '../functions/home.ts'

describe('the environment of a function', () => {
  beforeEach(() => {
    vi.stubEnv('STEWARD_TABLE', 'table')
    vi.stubEnv('STEWARD_TOPIC', 'arn:aws:sns:eu-west-1:123456789012:alerts')
    vi.stubEnv('AWS_REGION', 'eu-west-1')
  })
  afterEach(() => void vi.unstubAllEnvs())

  test('is what the stack and Lambda set', () => {
    expect(environment()).toEqual({
      table: 'table',
      topic: 'arn:aws:sns:eu-west-1:123456789012:alerts',
      region: 'eu-west-1',
    })
  })

  test('names everything that is missing', () => {
    vi.stubEnv('STEWARD_TABLE', '')
    vi.stubEnv('AWS_REGION', '')
    expect(environment).toThrow('missing environment variables: STEWARD_TABLE, AWS_REGION')
  })
})

describe('the registry of a function', () => {
  test('is that of its account and region', () => {
    const invokedFunctionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:push-check'
    expect(homeOf({ invokedFunctionArn })).toEqual({ account: '123456789012', region: 'eu-west-1' })
  })

  test('is not guessed', () => {
    expect(() => homeOf({ invokedFunctionArn: 'push-check' })).toThrow('names no account and region')
  })
})
