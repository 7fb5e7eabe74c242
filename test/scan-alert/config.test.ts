import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const load = () => import('../../functions/scan-alert/config.ts')

describe('the configuration of scan-alert', () => {
  beforeEach(() => {
    vi.stubGlobal('STEWARD_CONFIG', { alerts: [{ repositories: ['**'], threshold: 'HIGH', slack: [] }] })
    vi.stubEnv('STEWARD_TABLE', 'table')
    vi.stubEnv('STEWARD_TOPIC', 'arn:aws:sns:eu-west-1:123456789012:alerts')
    vi.stubEnv('AWS_REGION', 'eu-west-1')
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.unstubAllEnvs()
  })

  test('is what the bundler put there, and what the stack sets', async () => {
    const { alerts, environment } = await load()
    expect(alerts[0]?.threshold).toBe('HIGH')
    expect(environment()).toEqual({
      table: 'table',
      topic: 'arn:aws:sns:eu-west-1:123456789012:alerts',
      region: 'eu-west-1',
    })
  })

  test('names everything that is missing', async () => {
    vi.stubEnv('STEWARD_TABLE', '')
    vi.stubEnv('AWS_REGION', '')
    const { environment } = await load()
    expect(environment).toThrow('missing environment variables: STEWARD_TABLE, AWS_REGION')
  })
})
