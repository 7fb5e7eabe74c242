import { describe, expect, test } from 'vitest'
import type { ApiCallEvent, PushEvent, ScanEvent } from '../../functions/domain/event.ts'
import type { RepositoryRecord } from '../../functions/domain/sweep/record.ts'
import { parseEvent } from '../../functions/events/parse.ts'
import { judge as judgePush } from '../../functions/push-check/group.ts'
import { judge as judgeScan } from '../../functions/scan-alert/group.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import type { EventQueue, QueuedEvent } from '../../functions/sweep/ports.ts'
import { type Sending, sendChanged } from '../../functions/sweep/send-events.ts'
import { sort as sortChange } from '../../functions/watch/job.ts'
import { DIGEST, policy } from '../builders.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'
import { foundFinding, HOME, ID, imageRecord, NOW, openVerdict, repositoryRecord } from './records.ts'

const ALERTS = [policy({ repositories: ['prod/**'], threshold: 'HIGH' })]
const SECOND = `sha256:${'5b'.repeat(32)}`

function queue(): EventQueue & { readonly sent: QueuedEvent[] } {
  const sent: QueuedEvent[] = []
  return { sent, send: async (events) => void sent.push(...events) }
}

function world(change: Partial<Sending> = {}) {
  const { store, files } = memoryStore()
  const [scans, pushes, changes] = [queue(), queue(), queue()]
  const queues = { scans, pushes, changes }
  const sending: Sending = { id: ID, at: NOW.toISOString(), store, queues, alerts: ALERTS, ...change }
  return {
    ...{ files, scans: scans.sent, pushes: pushes.sent, changes: changes.sent },
    send: (record: RepositoryRecord, more: Partial<Sending> = {}) => sendChanged(record, { ...sending, ...more }),
  }
}

const PUSH_CHECK = {
  ...{ alerts: ALERTS, exceptions: [], sweep: { accounts: ['222222222222'], regions: ['us-east-1'] } },
  policy: [
    {
      repositories: ['**'],
      rules: [{ rule: 'non-root-user', mode: 'report', parameters: {}, line: 3 }],
    },
  ],
} as const

const NOBODY = { scans: undefined, pushes: undefined, changes: undefined }

const WATCH = {
  policy: [{ repositories: ['**'], rules: [{ rule: 'scan-on-push', mode: 'report', parameters: {}, line: 3 }] }],
  registry: { rules: [], slack: [] },
} as const

describe('what a sweep finds goes to those that tell', () => {
  test('as a scan that they parse and take up, with the findings that are worth it and that count', async () => {
    const { send, scans } = world()
    const image = imageRecord({
      findings: [
        foundFinding(),
        foundFinding({ id: 'CVE-2', severity: 'HIGH' }),
        foundFinding({ id: 'CVE-3', severity: 'MEDIUM' }),
        foundFinding({
          ...{ id: 'CVE-4', severity: 'CRITICAL' },
          exception: { state: 'excepted', reason: 'r', owner: 'o', expires: '2027-01-01', line: 1 },
        }),
      ],
    })
    expect(await send(repositoryRecord({ images: [image] }))).toBe(1)

    const event = parseEvent(scans[0]) as ScanEvent
    expect(event).toMatchObject({
      ...{ type: 'scan', scanner: 'basic', outcome: 'complete', counts: { CRITICAL: 1, HIGH: 1 } },
      image: { ...HOME, repository: 'prod/api', digest: DIGEST, tags: ['1.4.2'] },
      time: '2026-11-20T00:02:11Z',
      id: expect.stringMatching(/^sweep-[0-9a-f]{32}$/),
    })
    expect(judgeScan(event, ALERTS)).toEqual({ worth: true, policy: ALERTS[0] })
  })

  test('as one of Inspector where a finding says what only that knows, named by ARN', async () => {
    const { send, scans } = world()
    await send(repositoryRecord({ images: [imageRecord({ findings: [foundFinding({ fixed: '3.0.15' })] })] }))
    const event = parseEvent(scans[0]) as ScanEvent
    expect(event).toMatchObject({
      scanner: 'enhanced',
      outcome: 'complete',
      image: { ...HOME, repository: 'prod/api' },
    })
    expect(judgeScan(event, ALERTS).worth).toBe(true)
  })

  test.each([
    ['failed', 'FAILED'],
    ['unsupported', 'UNSUPPORTED_IMAGE'],
  ] as const)('as a scan that is %s', async (scan, status) => {
    const { send, scans } = world()
    await send(repositoryRecord({ images: [imageRecord({ scan, findings: [] })] }))
    const event = parseEvent(scans[0]) as ScanEvent
    expect(event).toMatchObject({ outcome: 'failed', status })
    expect(judgeScan(event, ALERTS).worth).toBe(true)
  })

  test('under the digests of the platforms of an index, as events of scans name them', async () => {
    const { send, scans } = world()
    await send(repositoryRecord({ images: [imageRecord({ scanned: [DIGEST, SECOND] })] }))
    expect(scans.map((event) => (parseEvent(event) as ScanEvent).image.digest)).toEqual([DIGEST, SECOND])
    expect(new Set(scans.map(({ id }) => id)).size).toBe(2)
  })

  test('as a push that they parse and judge, where a verdict is open', async () => {
    const { send, pushes } = world()
    expect(await send(repositoryRecord({ images: [imageRecord({ findings: [], verdicts: [openVerdict()] })] }))).toBe(1)
    const event = parseEvent(pushes[0]) as PushEvent
    expect(event).toMatchObject({ type: 'push', isReferrer: false, image: { digest: DIGEST, tags: ['1.4.2'] } })
    expect(judgePush(event, PUSH_CHECK, HOME)).toHaveProperty('push')
  })

  test.each([
    ['with images', [imageRecord({ findings: [] })]],
    ['that is empty', []],
  ])('as a look at the repository, where that itself has an open verdict: %s', async (_, images) => {
    const { send, pushes, changes } = world()
    expect(await send(repositoryRecord({ verdicts: [openVerdict({ rule: 'scan-on-push' })], images }))).toBe(1)
    expect(pushes).toEqual([])
    const event = parseEvent(changes[0]) as ApiCallEvent
    expect(event).toMatchObject({
      ...{ type: 'api-call', registry: HOME.account, region: HOME.region, repository: 'prod/api', by: 'ecr-steward' },
      ...{ time: '2026-11-28T21:00:05Z', error: undefined, id: expect.stringMatching(/^sweep-[0-9a-f]{32}$/) },
    })
    const watched = sortChange({ event, messageId: '1', receives: 1 }, { ...PUSH_CHECK, ...WATCH }, HOME)
    expect(watched).toMatchObject({ kind: 'repository', ref: { ...HOME, repository: 'prod/api' } })
  })

  test('of a repository as a push of its newest image where nobody looks at changes', async () => {
    const queues = { scans: undefined, pushes: queue(), changes: undefined }
    const images = [
      imageRecord({ digest: SECOND, pushedAt: '2026-11-22T00:00:00.000Z', findings: [], tags: [] }),
      imageRecord({ findings: [] }),
    ]
    const record = repositoryRecord({ verdicts: [openVerdict({ rule: 'scan-on-push' })], images })
    expect(await world({ queues }).send(record)).toBe(1)
    expect(queues.pushes.sent.map((event) => (parseEvent(event) as PushEvent).image)).toMatchObject([
      { digest: SECOND, tags: [] },
    ])
    expect(await world({ queues }).send({ ...record, images: [] })).toBe(0)
  })

  test.each([
    ['below the threshold', { findings: [foundFinding({ severity: 'MEDIUM' })] }],
    ['without a finding', { findings: [] }],
    ['that were never scanned', { findings: [], scan: 'never' }],
  ] as const)('not of images %s', async (_, change) => {
    const { send, files } = world()
    expect(await send(repositoryRecord({ images: [imageRecord(change)] }))).toBe(0)
    expect([...files]).toEqual([])
  })

  test('not of verdicts that are excepted', async () => {
    const exception = { state: 'excepted', reason: 'r', owner: 'o', expires: '2027-01-01', line: 1 } as const
    const image = imageRecord({ findings: [], verdicts: [openVerdict({ exception })] })
    expect(await world().send(repositoryRecord({ images: [image] }))).toBe(0)
  })

  test('not where nobody is to be told of the repository, or the use case is not there', async () => {
    const record = repositoryRecord({ images: [imageRecord({ verdicts: [openVerdict()] })] })
    expect(await world({ queues: NOBODY }).send(record)).toBe(0)
    expect(await world({ alerts: [] }).send({ ...record, images: [imageRecord()] })).toBe(0)
  })

  test('from another account, too: it is judged where it is', async () => {
    const { send, pushes, changes, scans } = world()
    const sweep = { accounts: ['222222222222'], regions: [] }
    const images = [imageRecord({ verdicts: [openVerdict()] })]
    await send(repositoryRecord({ account: '222222222222', verdicts: [openVerdict()], images }))
    expect([pushes.length, changes.length, scans.length]).toEqual([1, 1, 1])
    const [push, change] = [parseEvent(pushes[0]), parseEvent(changes[0])]
    expect(judgePush(push, { ...PUSH_CHECK, sweep }, HOME)).toHaveProperty('push')
    const delivery = { event: change, messageId: '1', receives: 1 }
    expect(sortChange(delivery, { ...PUSH_CHECK, ...WATCH, sweep }, HOME)).toMatchObject({
      ...{ kind: 'repository', ref: { account: '222222222222', repository: 'prod/api' } },
    })
  })
})

describe('what was sent once', () => {
  const record = repositoryRecord({
    verdicts: [openVerdict({ rule: 'scan-on-push' })],
    images: [imageRecord({ verdicts: [openVerdict()] })],
  })

  test('is not sent again while nothing changes, whatever the sweep', async () => {
    const { send, files } = world()
    expect(await send(record)).toBe(3)
    const kept = files.get(KEYS.sent({ ...HOME, repository: 'prod/api' }))
    expect(await send(record, { id: '2026-11-29t21' })).toBe(0)
    expect(files.get(KEYS.sent({ ...HOME, repository: 'prod/api' }))).toBe(kept)
  })

  test('has the same ids where it has to be sent again within a sweep, and others in the next', async () => {
    const idsIn = async (id: string): Promise<readonly string[]> => {
      const { send, scans, pushes, changes } = world()
      await send(record, { id })
      return [...scans, ...pushes, ...changes].map((event) => event.id)
    }
    expect(await idsIn(ID)).toEqual(await idsIn(ID))
    expect(await idsIn('2026-11-29t21')).not.toEqual(await idsIn(ID))
  })

  test('is sent again with what came to it, and as often as it comes back', async () => {
    const { send, scans } = world()
    const more = { ...record, images: [imageRecord({ findings: [foundFinding(), foundFinding({ id: 'CVE-9' })] })] }
    const none = { ...record, images: [imageRecord({ findings: [] })] }
    for (const one of [record, more, none, record]) await send(one)
    expect(scans.map((event) => (parseEvent(event) as ScanEvent).counts)).toEqual([
      ...[{ CRITICAL: 1 }, { CRITICAL: 2 }, { CRITICAL: 1 }],
    ])
  })

  test('is sent again when an exception has ended', async () => {
    const { send, scans } = world()
    const exception = { state: 'expired', reason: 'r', owner: 'o', expires: '2026-11-27', line: 1 } as const
    await send(record)
    await send({ ...record, images: [imageRecord({ findings: [foundFinding({ exception })] })] })
    expect(scans).toHaveLength(2)
  })

  test.each([
    ['its scan could not be read', { images: [imageRecord({ scan: 'unread', findings: [] })] }],
    ['something of the repository could not be read', { images: [], unread: ['ECR answered AccessDenied'] }],
    [
      'the record is not whole',
      { images: [], omitted: { images: 1, findings: [], fails: 0, unknowns: 0, excepted: 0 } },
    ],
  ])('is not forgotten where %s', async (_, change) => {
    const { send, scans } = world()
    const found = repositoryRecord()
    for (const one of [found, { ...found, ...change }, found]) await send(one)
    expect(scans).toHaveLength(1)
  })

  test('of the repository itself is forgotten when it is mended', async () => {
    const { send, changes } = world()
    const bare = { ...record, images: [] }
    for (const one of [bare, { ...bare, verdicts: [] }, bare]) await send(one)
    expect(changes).toHaveLength(2)
  })

  test('was not sent where the queue did not take it: all of it comes again', async () => {
    const { send, files, scans } = world()
    const broken: EventQueue = { send: () => Promise.reject(new Error('SQS is down')) }
    await expect(send(record, { queues: { ...NOBODY, scans: broken } })).rejects.toThrow('SQS is down')
    expect([...files]).toEqual([])
    await send(record)
    expect(scans).toHaveLength(1)
  })
})
