import { afterEach, expect, test, vi } from 'vitest'
import { pushCheckConfig } from '../functions/push-check/contract.ts'
import { scanAlertConfig } from '../functions/scan-alert/contract.ts'
import { watchConfig } from '../functions/watch/contract.ts'
import { exception, policy } from './builders.ts'

afterEach(() => void vi.unstubAllGlobals())

test.each(['scan-alert', 'push-check', 'watch'])(
  'the configuration of %s is what the bundler put there',
  async (name) => {
    const baked = { alerts: [policy()], exceptions: [] }
    vi.stubGlobal('STEWARD_CONFIG', baked)
    expect((await import(`../functions/${name}/config.ts`)).config).toBe(baked)
  },
)

test('the exceptions that are built in are those on what the function looks at', () => {
  const [onFinding, onRule] = [exception({ finding: 'CVE-1' }), exception({ rule: 'tag-immutability' })]
  const all = { alerts: [policy()], policy: [], registry: { rules: [], slack: [] }, exceptions: [onRule, onFinding] }
  expect(scanAlertConfig(all)).toEqual({ alerts: [policy()], exceptions: [onFinding] })
  expect(pushCheckConfig(all)).toEqual({ alerts: [policy()], policy: [], exceptions: [onRule] })
  const sweep = { accounts: ['222222222222'], regions: [] }
  expect(scanAlertConfig({ ...all, sweep })).toMatchObject({ sweep })
  const parameters = { repositories: ['base/node'] }
  const policyWithBases = [
    { repositories: ['**'], rules: [{ rule: 'base-image', mode: 'report' as const, parameters, line: 1 }] },
  ]
  expect(scanAlertConfig({ ...all, policy: policyWithBases })).toMatchObject({ bases: ['base/node'] })
  const members = { enforce: ['222222222222'] }
  expect(pushCheckConfig({ ...all, sweep, members })).toMatchObject({ sweep, members })
  expect(watchConfig({ ...all, sweep, members })).toMatchObject({ sweep, members })
  expect(watchConfig(all)).toEqual({ ...all, exceptions: [onRule] })
})
