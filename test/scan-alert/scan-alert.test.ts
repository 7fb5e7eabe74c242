import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Later, Unreadable } from '../../functions/faults.ts'
import { alertOnBatch } from '../../functions/scan-alert/scan-alert.ts'
import { finding, policy } from '../builders.ts'
import { basicScan, enhancedScan, inspectorFinding } from './events.ts'
import { record, scanResult, world } from './fakes.ts'

const config = { alerts: [policy()], exceptions: [] }
const openssl = finding({ id: 'CVE-1', severity: 'CRITICAL' })
const zlib = finding({ id: 'CVE-2', package: 'zlib' })
const denied = new Unreadable('ECR answered AccessDeniedException', true, undefined)
const throttled = new Unreadable('ECR answered ThrottlingException', false, undefined)

const told = (outcomes: readonly { outcome: string }[]) => outcomes.map(({ outcome }) => outcome)

describe('a scan that has nothing to tell', () => {
  test.each([
    ['nothing at or above the threshold', basicScan({ MEDIUM: 3 }), 'quiet', 'nothing at HIGH or above: 3 medium'],
    ['no findings at all', basicScan({}), 'quiet', 'nothing at HIGH or above: no findings'],
    ['a scan that goes on', basicScan({}, { status: 'IN_PROGRESS' }), 'quiet', 'the scan is still IN_PROGRESS'],
    [
      'a finding that was closed',
      inspectorFinding('CVE-1', 'HIGH', { status: 'CLOSED' }),
      'quiet',
      'the finding is CLOSED',
    ],
    ['a mild finding', inspectorFinding('CVE-1', 'LOW'), 'quiet', 'nothing at HIGH or above: the finding is LOW'],
    [
      'an event for another use case',
      {
        ...basicScan({}),
        'detail-type': 'ECR Image Action',
        detail: {
          result: 'SUCCESS',
          'action-type': 'PUSH',
          'repository-name': 'prod/api',
          'image-digest': `sha256:${'0'.repeat(64)}`,
        },
      },
      'no-consumer',
      'ECR Image Action is nothing that scan-alert looks at',
    ],
    [
      'a scan of a Lambda function',
      { ...enhancedScan({ HIGH: 1 }), resources: ['arn:aws:lambda:ap-northeast-1:123456789012:function:x:$LATEST'] },
      'foreign',
      'about lambda, not an image in ECR',
    ],
  ])('%s ends without a call', async (_, event, outcome, reason) => {
    const { state, deps } = world()
    const { outcomes, again } = await alertOnBatch([record(event)], config, deps)
    expect(outcomes).toMatchObject([{ outcome, reason: expect.stringContaining(reason) }])
    expect(again).toEqual([])
    expect(state.calls).toEqual([])
  })

  test('a repository that no entry matches ends there too', async () => {
    const { state, deps } = world()
    const { outcomes } = await alertOnBatch(
      [record(basicScan({ HIGH: 1 }))],
      { alerts: [policy({ repositories: ['dev/*'] })], exceptions: [] },
      deps,
    )
    expect(outcomes).toMatchObject([{ outcome: 'quiet', reason: 'no entry of alerts matches repository prod/api' }])
    expect(state.calls).toEqual([])
  })
})

describe('a vulnerable image', () => {
  test('is told with what ECR knows, not with what the event says', async () => {
    const { state, deps } = world({
      scan: scanResult({
        counts: { CRITICAL: 1, HIGH: 1, LOW: 4 },
        findings: [zlib, openssl, finding({ id: 'low', severity: 'LOW' })],
      }),
    })
    state.now = new Date('2026-11-20T10:00:00Z')
    const { outcomes, again } = await alertOnBatch([record(basicScan({ HIGH: 99 }))], config, deps)
    expect(again).toEqual([])
    expect(state.published).toHaveLength(1)
    expect(state.published[0]).toMatchObject({
      title: '1 critical, 1 high in prod/api:1.4.2',
      subject: { tags: ['1.4.2', 'stable'] },
      counts: { CRITICAL: 1, HIGH: 1, LOW: 4 },
      events: ['scan-1'],
    })
    expect(outcomes).toMatchObject([
      { outcome: 'alerted', event: 'scan-1', alert: state.published[0]?.id, kind: 'vulnerabilities' },
    ])
  })

  test('is told once, however often the event comes, and whatever its tags', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    await alertOnBatch([record(basicScan({ HIGH: 1 })), record(basicScan({ HIGH: 1 }))], config, deps)
    await alertOnBatch([record(basicScan({ HIGH: 1 }, { tags: ['another'] }))], config, deps)
    const { outcomes } = await alertOnBatch(
      [record(basicScan({ HIGH: 1 }, { id: 'daily', time: '2026-11-21T09:00:00Z' }))],
      config,
      deps,
    )
    expect(state.published).toHaveLength(1)
    expect(outcomes).toMatchObject([{ outcome: 'known', reason: 'nothing new: told before' }])
    expect(state.held.size).toBe(0)
  })

  test('is told again with what is new, what is gone and what is known', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    await alertOnBatch([record(basicScan({ CRITICAL: 1 }))], config, deps)
    state.scan = scanResult({ findings: [zlib] })
    await alertOnBatch([record(basicScan({ HIGH: 1 }, { id: 'scan-2' }))], config, deps)
    expect(state.published[1]?.summary).toBe('+1 new, −1 fixed')
  })

  test('is one message for a scan and all its findings, even the other way round', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl, zlib] }) })
    const batch = [
      record(inspectorFinding('CVE-1', 'CRITICAL')),
      record(inspectorFinding('CVE-2', 'HIGH')),
      record(enhancedScan({ CRITICAL: 1, HIGH: 1 })),
    ]
    const { outcomes } = await alertOnBatch(batch, config, deps)
    expect(told(outcomes)).toEqual(['alerted', 'grouped', 'grouped'])
    expect(state.published).toHaveLength(1)
    expect(state.published[0]?.items[0]?.notes).toEqual(['exploit known', 'EPSS 30 %'])
    expect(state.published[0]?.events).toEqual(['finding-CVE-1', 'finding-CVE-2', 'scan-1'])
  })

  test('lets findings that come first wait for their scan, and tells them if it never comes', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    const first = await alertOnBatch([record(inspectorFinding('CVE-1', 'CRITICAL'))], config, deps)
    expect(told(first.outcomes)).toEqual(['retry'])
    expect(first.again).toHaveLength(1)
    expect(state.held.size).toBe(0)
    const second = await alertOnBatch([record(inspectorFinding('CVE-1', 'CRITICAL'), 2)], config, deps)
    expect(told(second.outcomes)).toEqual(['alerted'])
  })

  test('is told of a new CVE days later at once', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [zlib] }) })
    await alertOnBatch([record(enhancedScan({ HIGH: 1 }))], config, deps)
    state.scan = scanResult({ findings: [zlib, openssl] })
    const { outcomes } = await alertOnBatch([record(inspectorFinding('CVE-1', 'CRITICAL'))], config, deps)
    expect(told(outcomes)).toEqual(['alerted'])
    expect(state.published[1]?.summary).toBe('+1 new, 1 known')
  })

  const layered = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      finding({ id: `CVE-${n}`, layer: n === 0 ? 'sha256:debian' : 'sha256:node' }),
    )
  const manifest = {
    what: 'image' as const,
    described: { layers: ['sha256:debian', 'sha256:node', 'sha256:own'], base: 'docker.io/library/node:20' },
  }
  const bases = [
    { name: 'base/node:20', layers: ['sha256:debian', 'sha256:node'] },
    { name: 'base/node:20.14', layers: ['sha256:debian', 'sha256:node'] },
    { name: 'base/other:1', layers: ['sha256:other'] },
  ]

  test('says which findings come from the base image, by its layers in the registry', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: layered(5) }), manifest, bases })
    await alertOnBatch([record(enhancedScan({ HIGH: 5 }))], config, deps)
    expect(state.published[0]).toMatchObject({
      todo: 'Rebuild on a newer base image: 5 of 5 come from base/node:20.14 (the 2 lowest layers), 5 with a published fix.',
      facts: expect.arrayContaining([{ name: 'From the base', value: '5 of 5, base/node:20.14' }]),
    })
  })

  test('does not read the images of base repositories for a few findings, and is told where they cannot be read', async () => {
    const few = world({ scan: scanResult({ findings: layered(1) }), manifest, bases })
    const refused = world({ scan: scanResult({ findings: layered(5) }), manifest, bases: denied })
    for (const [{ deps }, count] of [
      [few, 1],
      [refused, 5],
    ] as const)
      await alertOnBatch([record(enhancedScan({ HIGH: count }))], config, deps)
    expect(few.state.calls.join()).not.toContain('bases')
    expect(few.state.published[0]?.todo).toBe(
      'Rebuild on a newer base image: 1 of 1 comes from the lowest layer, which is of node:20, 1 with a published fix.',
    )
    const { facts = [] } = refused.state.published[0] ?? {}
    expect(facts).toContainEqual({ name: 'From the base', value: '1 of 5, node:20' })
  })

  test('claims nothing of a base where the scanner does not say which layer brings what', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl, zlib] }), manifest, bases })
    await alertOnBatch([record(basicScan({ HIGH: 2 }))], config, deps)
    expect(state.calls.join()).not.toMatch(/manifest|bases/)
    expect(JSON.stringify(state.published)).not.toContain('From the base')
  })

  test('is told without what is only good to have', async () => {
    const { state, deps } = world({
      scan: scanResult({ findings: [finding({ layer: 'x' })] }),
      detail: denied,
      manifest: denied,
    })
    await alertOnBatch([record(basicScan({ HIGH: 1 }))], config, deps)
    expect(state.published[0]?.subject.tags).toEqual(['1.4.2'])
  })

  test('is looked at by one invocation at a time', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    state.held.add(`found#123456789012/ap-northeast-1/prod/api@sha256:${'4a'.repeat(32)}`)
    const { outcomes, again } = await alertOnBatch([record(basicScan({ HIGH: 1 }))], config, deps)
    expect(outcomes).toMatchObject([{ outcome: 'retry', reason: 'another invocation is at work on it' }])
    expect(again).toHaveLength(1)
  })
})

describe('findings that cannot be read', () => {
  test('are told from the counts of the event at once when asking again will not help', async () => {
    const { state, deps } = world({ scan: denied })
    await alertOnBatch([record(basicScan({ CRITICAL: 2, LOW: 1 }))], config, deps)
    expect(state.published[0]).toMatchObject({
      title: '2 critical in prod/api:1.4.2',
      notices: ['The findings could not be read: ECR answered AccessDeniedException. This is what the event says.'],
    })
    await alertOnBatch([record(basicScan({ CRITICAL: 2, LOW: 1 }))], config, deps)
    expect(state.published).toHaveLength(1)
  })

  test('are waited for while ECR is busy, and told from the event at the third time', async () => {
    const { state, deps } = world({ scan: throttled })
    const outcomes = []
    for (const receives of [1, 2, 3]) {
      outcomes.push(...(await alertOnBatch([record(basicScan({ HIGH: 1 }), receives)], config, deps)).outcomes)
    }
    expect(told(outcomes)).toEqual(['retry', 'retry', 'alerted'])
    expect(state.published).toHaveLength(1)
  })

  test('are told from the finding event itself, with all that it says', async () => {
    const { state, deps } = world({ scan: denied })
    await alertOnBatch([record(inspectorFinding('CVE-1', 'CRITICAL'), 2)], config, deps)
    expect(state.published[0]?.items).toMatchObject([{ id: 'CVE-1', text: '3.0.1 → 3.0.15' }])
  })

  test('are quietly remembered once they can be read and nothing has grown', async () => {
    const { state, deps } = world({ scan: denied })
    await alertOnBatch([record(basicScan({ HIGH: 1 }))], config, deps)
    state.scan = scanResult({ findings: [zlib] })
    const { outcomes } = await alertOnBatch([record(basicScan({ HIGH: 1 }, { id: 'scan-2' }))], config, deps)
    expect(told(outcomes)).toEqual(['known'])
    expect([...state.told.values()]).toEqual([{ findings: { 'CVE-2|zlib': 'HIGH' } }])
  })
})

describe('an event that ECR does not confirm', () => {
  test('comes again while it is young, and is dropped when it is old', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [], counts: {} }) })
    const young = await alertOnBatch([record(basicScan({ HIGH: 1 }))], config, deps)
    expect(young.outcomes).toMatchObject([{ outcome: 'retry', reason: 'ECR does not show yet what the event says' }])
    state.now = new Date('2026-11-20T09:16:00Z')
    const old = await alertOnBatch([record(basicScan({ HIGH: 1 }), 3)], config, deps)
    expect(told(old.outcomes)).toEqual(['unconfirmed'])
    expect(state.published).toEqual([])
  })

  test('is waited for when the finding of the event is not among those that ECR shows', async () => {
    const { deps } = world({ scan: scanResult({ findings: [zlib] }) })
    await alertOnBatch([record(enhancedScan({ HIGH: 1 }))], config, deps)
    const { outcomes } = await alertOnBatch([record(inspectorFinding('CVE-NEW', 'CRITICAL'))], config, deps)
    expect(told(outcomes)).toEqual(['retry'])
  })

  test('is waited for while ECR shows fewer findings than it counts, or milder ones', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [zlib] }) })
    for (const counts of [{ HIGH: 2 }, { CRITICAL: 1 }]) {
      const { outcomes } = await alertOnBatch([record(basicScan(counts))], config, deps)
      expect(told(outcomes)).toEqual(['retry'])
    }
    expect(state.published).toEqual([])
    state.scan = scanResult({ findings: [{ ...zlib, severity: 'CRITICAL' }] })
    await alertOnBatch([record(basicScan({ HIGH: 1 }))], config, deps)
    expect(state.published).toHaveLength(1)
  })

  test.each(['PENDING', 'FAILED', 'FINDINGS_UNAVAILABLE'])(
    'is told from its counts while ECR says %s',
    async (status) => {
      const outcome = status === 'PENDING' ? 'pending' : 'failed'
      const { state, deps } = world({ scan: scanResult({ outcome, status, counts: {} }) })
      const outcomes = []
      for (const receives of [1, 2, 3])
        outcomes.push(...(await alertOnBatch([record(basicScan({ HIGH: 1 }), receives)], config, deps)).outcomes)
      expect(told(outcomes)).toEqual(['retry', 'retry', 'alerted'])
      expect(state.published[0]?.notices).toEqual([
        `The findings could not be read: ECR says that the scan is ${status}. This is what the event says.`,
      ])
    },
  )

  test('is waited for while ECR says that the scan goes on', async () => {
    const { deps } = world({ scan: scanResult({ outcome: 'pending', status: 'IN_PROGRESS' }) })
    const { outcomes } = await alertOnBatch([record(basicScan({ HIGH: 1 }))], config, deps)
    expect(outcomes).toMatchObject([{ outcome: 'retry', reason: 'ECR says that the scan is IN_PROGRESS' }])
  })

  test('is looked up when it names no counts at all: unknown is not clean', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    const { detail, ...rest } = basicScan({})
    const { 'finding-severity-counts': _, ...uncounted } = detail
    await alertOnBatch([record({ ...rest, detail: uncounted })], config, deps)
    expect(state.published).toHaveLength(1)
    state.scan = scanResult({ findings: [], counts: {} })
    const other = { ...uncounted, 'image-digest': `sha256:${'b'.repeat(64)}` }
    const { outcomes } = await alertOnBatch([record({ ...rest, id: 'clean', detail: other })], config, deps)
    expect(told(outcomes)).toEqual(['quiet'])
  })
})

describe('a scan that failed', () => {
  const failed = basicScan({}, { status: 'FAILED' })
  const now = scanResult({ outcome: 'failed', status: 'FAILED', description: 'Unsupported operating system.' })

  test('is told as its own kind, once per image', async () => {
    const { state, deps } = world({ scan: now })
    await alertOnBatch([record(failed)], config, deps)
    expect(state.published).toMatchObject([{ kind: 'scan-failed', title: 'Not scanned: prod/api:1.4.2' }])
    expect(state.published[0]?.facts).toContainEqual({ name: 'Scanner says', value: 'Unsupported operating system.' })
    const { outcomes } = await alertOnBatch([record({ ...failed, id: 'again' })], config, deps)
    expect(told(outcomes)).toEqual(['known'])
    expect(state.published).toHaveLength(1)
  })

  test.each([
    ['index', 'an image index: its platforms are scanned one by one'],
    ['artifact', 'an artifact, not an image'],
  ] as const)('is not told of an %s', async (what, reason) => {
    const { state, deps } = world({ scan: now, manifest: { what } })
    const { outcomes } = await alertOnBatch([record(failed)], config, deps)
    expect(outcomes).toMatchObject([{ outcome: 'not-an-image', reason }])
    expect(state.published).toEqual([])
    expect(state.held.size).toBe(0)
  })

  test('is not told when a later scan is complete by now', async () => {
    const { state, deps } = world({ scan: scanResult() })
    const young = await alertOnBatch([record(failed)], config, deps)
    expect(young.outcomes).toMatchObject([{ outcome: 'retry', reason: 'ECR does not show yet what the event says' }])
    state.now = new Date('2026-11-20T09:16:00Z')
    const { outcomes } = await alertOnBatch([record(failed)], config, deps)
    expect(told(outcomes)).toEqual(['unconfirmed'])
    expect(state.published).toEqual([])
  })

  test('is told even where nothing about the image can be read', async () => {
    const { state, deps } = world({ scan: denied, manifest: denied, detail: denied })
    await alertOnBatch([record(failed)], config, deps)
    expect(state.published[0]?.notices).toEqual(['The image could not be read: ECR answered AccessDeniedException.'])
  })
})

describe('what goes wrong', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))
  afterEach(() => void vi.restoreAllMocks())

  test('with one record leaves the others unharmed', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    const bad = [record('{"not": '), record({ ...basicScan({}), detail: { 'image-digest': 7 } })]
    const { outcomes, again } = await alertOnBatch(
      [bad[0], record(basicScan({ HIGH: 1 })), bad[1]] as never,
      config,
      deps,
    )
    expect(told(outcomes)).toEqual(['invalid', 'invalid', 'alerted'])
    expect(outcomes[1]?.reason).toContain('detail.image-digest: expected a digest')
    expect(again).toEqual(bad.map(({ messageId }) => messageId))
    expect(state.published).toHaveLength(1)
  })

  test('slowly is begun only while there is time: the rest comes again, and what was done is done', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    const records = Array.from({ length: 10 }, (_, n) =>
      record(basicScan({ HIGH: 1 }, { id: `scan-${n}`, digest: `sha256:${String(n).repeat(64)}` })),
    )
    state.deadline = state.now.getTime()
    const publish = deps.ports.alerts.publish
    deps.ports.alerts.publish = async (alert) => {
      state.now = new Date(state.deadline + 1)
      await publish(alert)
    }
    const { outcomes, again } = await alertOnBatch(records, config, deps)
    expect(told(outcomes)).toEqual([...Array(8).fill('alerted'), 'retry', 'retry'])
    expect(outcomes.at(-1)?.reason).toBe('no time is left for it in this invocation')
    expect(again).toEqual(records.slice(8).map(({ messageId }) => messageId))
  })

  test('unexpectedly with one record leaves the others unharmed too', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    const bare = { ...record(basicScan({ HIGH: 1 })), attributes: undefined }
    const { outcomes, again } = await alertOnBatch([bare as never, record(basicScan({ HIGH: 1 }))], config, deps)
    expect(outcomes).toMatchObject([{ outcome: 'invalid', reason: 'unexpected: TypeError' }, { outcome: 'alerted' }])
    expect(again).toEqual([bare.messageId])
    expect(state.published).toHaveLength(1)
  })

  test('unexpectedly is given back to the queue, logged, and not remembered as told', async () => {
    const { state, deps } = world({ scan: scanResult({ findings: [openssl] }) })
    state.refuse = new TypeError('socket hang up')
    const first = await alertOnBatch([record(basicScan({ HIGH: 1 }))], config, deps)
    expect(first.outcomes).toMatchObject([{ outcome: 'retry', reason: 'unexpected: TypeError' }])
    expect(first.again).toHaveLength(1)
    expect(console.error).toHaveBeenCalledWith(state.refuse)
    state.refuse = undefined
    await alertOnBatch([record(basicScan({ HIGH: 1 }), 2)], config, deps)
    expect(state.published).toHaveLength(1)
  })

  test('while reading is not mistaken for a refusal of ECR', async () => {
    for (const broken of [{ scan: new TypeError('x') }, { detail: new TypeError('x') }, { scan: new Later('y') }]) {
      const { state, deps } = world(broken)
      const { again } = await alertOnBatch([record(basicScan({ HIGH: 1 }))], config, deps)
      expect(again).toHaveLength(1)
      expect(state.held.size).toBe(0)
    }
  })
})
