import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { scanAlertConfig } from '../../functions/scan-alert/contract.ts'
import { exception, policy } from '../builders.ts'

const load = () => import('../../functions/scan-alert/config.ts')

describe('the configuration of scan-alert', () => {
  beforeEach(() => {
    vi.stubGlobal('STEWARD_CONFIG', {
      alerts: [{ repositories: ['**'], threshold: 'HIGH', slack: [] }],
      exceptions: [],
    })
    vi.stubEnv('STEWARD_TABLE', 'table')
    vi.stubEnv('STEWARD_TOPIC', 'arn:aws:sns:eu-west-1:123456789012:alerts')
    vi.stubEnv('AWS_REGION', 'eu-west-1')
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.unstubAllEnvs()
  })

  test('is what the bundler put there, and what the stack sets', async () => {
    const { config, environment } = await load()
    expect(config.alerts[0]?.threshold).toBe('HIGH')
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

test('the exceptions that are built in are those on findings', () => {
  const [onFinding, onRule] = [exception({ finding: 'CVE-1' }), exception({ rule: 'tag-immutability' })]
  expect(scanAlertConfig({ alerts: [policy()], exceptions: [onRule, onFinding] })).toEqual({
    alerts: [policy()],
    exceptions: [onFinding],
  })
})
