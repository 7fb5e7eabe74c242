import { describe, expect, test } from 'vitest'
import type { Exception } from '../../functions/domain/exception.ts'
import { Unreadable } from '../../functions/faults.ts'
import { alertOnBatch } from '../../functions/scan-alert/scan-alert.ts'
import { exception, finding, policy } from '../builders.ts'
import { basicScan, inspectorFinding } from './events.ts'
import { record, scanResult, world } from './fakes.ts'

const openssl = finding({ id: 'CVE-1', severity: 'CRITICAL' })
const zlib = finding({ id: 'CVE-2', package: 'zlib' })
const both = { scan: scanResult({ findings: [openssl, zlib] }) }

type World = ReturnType<typeof world>

/** What becomes of a scan of two findings, with these exceptions. */
async function scan({ deps }: World, ...exceptions: Exception[]) {
  const { outcomes } = await alertOnBatch(
    [record(basicScan({ CRITICAL: 1, HIGH: 1 }))],
    { alerts: [policy()], exceptions },
    deps,
  )
  return outcomes[0]
}

const items = ({ state }: World, index: number) =>
  state.published[index]?.items.map(({ id, change }) => `${id} ${change}`)

describe('an excepted finding', () => {
  const onZlib = exception({ finding: 'CVE-2' })
  const onBoth = [exception({ finding: 'CVE-1' }), onZlib]

  test('is shown with the others, and does not ring by itself', async () => {
    const here = world(both)
    expect(await scan(here, onZlib)).toMatchObject({
      outcome: 'alerted',
      reason: '1 at HIGH or above, 1 with a fix, 1 excepted',
    })
    expect(items(here, 0)).toEqual(['CVE-1 new', 'CVE-2 excepted'])
    expect(await scan(here, onZlib)).toMatchObject({ outcome: 'known' })
  })

  test('leaves an image quiet that has no other', async () => {
    const here = world(both)
    expect(await scan(here, ...onBoth)).toMatchObject({
      outcome: 'quiet',
      reason: 'all 2 findings are excepted, the first until 2027-01-31',
    })
    expect(here.state.published).toEqual([])
    expect(here.state.held.size).toBe(0)
  })

  test('is not told as mended where it was told before', async () => {
    const here = world(both)
    await scan(here)
    here.state.scan = scanResult({ findings: [openssl, zlib, finding({ id: 'CVE-3', package: 'curl' })] })
    expect(await scan(here, onZlib)).toMatchObject({ reason: '+1 new, 1 known, 1 excepted' })
    expect(items(here, 1)).toEqual(['CVE-3 new', 'CVE-1 known', 'CVE-2 excepted'])
  })

  test('is news once the exception is withdrawn', async () => {
    const here = world(both)
    await scan(here)
    expect(await scan(here, onZlib)).toMatchObject({ outcome: 'known' })
    expect(await scan(here)).toMatchObject({ outcome: 'alerted', reason: '+1 new, 1 known' })
    expect(items(here, 1)).toEqual(['CVE-2 new', 'CVE-1 known'])
  })

  test('is news once the exception ends, which is named, also where nothing came meanwhile', async () => {
    const here = world(both)
    const until = exception({ finding: 'CVE-2', expires: '2026-11-20' })
    await scan(here)
    here.state.now = new Date('2026-11-21T00:00:00Z')
    expect(await scan(here, until)).toMatchObject({ outcome: 'alerted', reason: '+1 new, 1 known' })
    expect(here.state.published[1]?.items[0]).toMatchObject({
      id: 'CVE-2',
      change: 'new',
      notes: expect.arrayContaining([expect.stringContaining('the exception of team-a expired on 2026-11-20')]),
    })
    expect(await scan(here, until)).toMatchObject({ outcome: 'known' })
  })

  test('is one of the image that the exception names: by its tags as ECR has them', async () => {
    expect(await scan(world(both), ...onBoth.map((one) => ({ ...one, tags: ['stable'] })))).toMatchObject({
      outcome: 'quiet',
    })
    expect(await scan(world(both), ...onBoth.map((one) => ({ ...one, tags: ['9.*'] })))).toMatchObject({
      outcome: 'alerted',
    })
  })
})

describe('where the findings cannot be read', () => {
  const denied = { scan: new Unreadable('ECR answered AccessDeniedException', true, undefined) }

  test('all that are counted count, and the message says so', async () => {
    const here = world(denied)
    expect(await scan(here, exception({ finding: 'CVE-1' }))).toMatchObject({ outcome: 'alerted' })
    expect(here.state.published[0]?.notices).toContain('Exceptions are not applied: the event has counts alone.')
  })

  test('nothing is said of exceptions elsewhere', async () => {
    const here = world(denied)
    await scan(here, exception({ finding: 'CVE-1', repositories: ['dev/*'] }))
    expect(here.state.published[0]?.notices).toHaveLength(1)
  })

  test('a finding that its event names can be excepted', async () => {
    const { deps } = world(denied)
    const { outcomes } = await alertOnBatch(
      [record(inspectorFinding('CVE-1', 'CRITICAL'), 2)],
      { alerts: [policy()], exceptions: [exception({ finding: 'CVE-1', package: 'openssl' })] },
      deps,
    )
    expect(outcomes[0]).toMatchObject({ outcome: 'quiet', reason: 'the only finding is excepted until 2027-01-31' })
  })
})
