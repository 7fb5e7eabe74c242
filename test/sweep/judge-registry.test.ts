import { expect, test } from 'vitest'
import { judgeRegistry } from '../../functions/sweep/judge-registry.ts'
import { configOf, localSweep, rule } from './local-sweep.ts'

const local = localSweep()
const config = configOf([], { registry: { rules: [rule('registry-scanning'), rule('pull-through-cache')], slack: [] } })
const judged = (asked = config) => judgeRegistry({ ...local.ref('prod/api') }, local.deps(asked))

test('what the rules on the registry say is in its record', async () => {
  const record = await judged()
  expect(record).toMatchObject({ kind: 'registry', account: local.all.aws.account, unread: [] })
  expect(record).not.toHaveProperty('repository')
  expect(record.verdicts.map((one) => [one.rule, one.outcome])).toContainEqual(['registry-scanning', 'fail'])
  expect(record.rules).toEqual([{ rule: 'registry-scanning', pass: 0, fail: 1, unknown: 0, excepted: 0 }])
})

test('what cannot be read is said, and is no pass', async () => {
  local.all.aws.authorize = () => ({ allowed: false, reason: '' })
  const record = await judged()
  expect(record.unread).toContain(
    'how the registry scans: ECR answered AccessDeniedException to GetRegistryScanningConfiguration',
  )
  expect(record.verdicts[0]).toMatchObject({ rule: 'registry-scanning', outcome: 'unknown' })
})

test('without a rule nothing is asked of AWS', async () => {
  expect(await judged(configOf([]))).toMatchObject({ verdicts: [], rules: [], unread: [] })
  expect(local.calls()).toEqual({})
})
