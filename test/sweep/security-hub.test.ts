import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { s3Store } from '../../functions/adapters/s3-store.ts'
import { securityHub } from '../../functions/adapters/security-hub.ts'
import { signedRest, signedSend } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRecord, RepositoryRecord } from '../../functions/domain/sweep/record.ts'
import type { Store } from '../../functions/planning/store.ts'
import { archiveGone, type ImportDeps, importRecord } from '../../functions/sweep/security-hub.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import {
  imageRecord,
  PLACE,
  recordedFinding,
  recordedVerdict,
  registryRecord,
  repositoryRecord,
} from '../domain/sweep/records.ts'

const DAY = 86_400_000
let aws: LocalAws
let now: number
let store: Store

beforeEach(async () => {
  aws = await startLocalAws()
  aws.s3.createBucket('steward')
  store = s3Store(signedSend(envOf(aws)), 'steward', 'sweep')
  now = Date.parse('2026-11-27T21:03:00Z')
})
afterEach(() => aws.close())

const deps = (change: Partial<ImportDeps> = {}): ImportDeps => ({
  hub: securityHub(signedRest(envOf(aws), 60_000)),
  home: { account: aws.account, region: aws.region },
  store,
  scanning: async () => 'BASIC',
  now: () => new Date(now),
  ...change,
})

const send = (record: RepositoryRecord | RegistryRecord) => importRecord(record, deps())
const states = () =>
  [...aws.securityHub.findings().values()].map(({ Title, RecordState }) => `${Title}: ${RecordState}`)
const imports = () => aws.calls.filter(({ service }) => service === 'securityhub').length
const writes = () => aws.calls.filter(({ service, operation }) => service === 's3' && operation !== 'GetObject').length

const failing = repositoryRecord({
  verdicts: [recordedVerdict()],
  images: [imageRecord({ findings: [recordedFinding()] })],
})
const ONE = { archived: 0, unchanged: 0, left: 0, failed: [] }

describe('a record', () => {
  test('is sent once, and as long as nothing changes costs neither a call nor a write', async () => {
    expect(await send(failing)).toEqual({ ...ONE, sent: 2 })
    const [calls, written] = [imports(), writes()]
    now += DAY
    expect(await send(failing)).toEqual({ ...ONE, sent: 0, unchanged: 2 })
    expect([imports(), writes()]).toEqual([calls, written])
    expect(await store.list('')).toEqual(['security-hub/222222222222/eu-west-1/prod/api.json'])
  })

  test('is sent again before Security Hub forgets it', async () => {
    await send(failing)
    now += 30 * DAY
    expect(await send(failing)).toMatchObject({ sent: 2, unchanged: 0 })
  })

  test('is updated where it changes, archived where it is fixed, and there again when it comes back', async () => {
    await send(failing)
    const [id] = aws.securityHub.findings().keys()
    aws.securityHub.setWorkflow(String(id), 'NOTIFIED')
    now += DAY
    const changed = repositoryRecord({ verdicts: [recordedVerdict({ reason: 'Another.' })] })
    expect(await send(changed)).toMatchObject({ sent: 1, archived: 1 })
    expect(states()).toEqual(['prod/api fails scan-on-push: ACTIVE', 'CVE-2026-0001 in prod/api:1.4.2: ARCHIVED'])
    now += DAY
    expect(await send(repositoryRecord())).toEqual({ ...ONE, sent: 0, archived: 1 })
    expect(await store.list('')).toEqual([])
    now += DAY
    expect(await send(failing)).toMatchObject({ sent: 2 })
    expect(aws.securityHub.findings().get(String(id))).toMatchObject({
      RecordState: 'ACTIVE',
      Workflow: { Status: 'NOTIFIED' },
    })
  })

  test('of a registry is kept beside those of its repositories', async () => {
    await send(registryRecord({ verdicts: [recordedVerdict({ rule: 'replication' })] }))
    expect(await store.list('')).toEqual(['security-hub/222222222222/eu-west-1/.registry.json'])
  })

  test('without a fault leaves nothing behind', async () => {
    const written = writes()
    expect(await send(repositoryRecord())).toEqual({ ...ONE, sent: 0 })
    expect(imports()).toBe(0)
    expect(writes()).toBe(written)
  })
})

describe('what Security Hub does not take', () => {
  test('is told, and tried again by the next sweep', async () => {
    await send(failing)
    const [id] = aws.securityHub.findings().keys()
    now += DAY
    aws.securityHub.refuse(String(id), 2)
    expect(await send(repositoryRecord())).toMatchObject({
      archived: 1,
      left: 0,
      failed: [{ id, code: 'InternalError' }],
    })
    now += DAY
    expect(await send(repositoryRecord())).toMatchObject({ archived: 1, failed: [] })
    expect(states().every((state) => state.endsWith('ARCHIVED'))).toBe(true)
  })

  test('since it is not enabled is left, and stops nobody', async () => {
    aws.securityHub.setEnabled(false)
    expect(await send(failing)).toEqual({
      ...{ ...ONE, sent: 0, left: 2 },
      problem: 'Security Hub is not enabled in this account and region',
    })
    expect(await store.list('')).toEqual([])
  })

  test('is sent once more where the memory is broken, or another one wrote it', async () => {
    await store.create('security-hub/222222222222/eu-west-1/prod/api.json', '{')
    expect(await send(failing)).toMatchObject({ sent: 2 })
    const racing = { ...store, replace: async () => false }
    expect(await importRecord(repositoryRecord(), deps({ store: racing }))).toMatchObject({ archived: 2 })
  })

  test('at once is left to the next sweep, the worst having gone first', async () => {
    const severities = ['LOW', 'CRITICAL'] as const
    const findings = Array.from({ length: 2_100 }, (_, index) =>
      recordedFinding({ id: `CVE-${index}`, severity: severities[index % 2] ?? 'LOW' }),
    )
    const many = repositoryRecord({ images: [imageRecord({ findings })] })
    expect(await send(many)).toMatchObject({ sent: 2_000, left: 100 })
    const labels = Object.groupBy(aws.securityHub.findings().values(), ({ Severity }) => Severity.Label)
    expect(labels.CRITICAL).toHaveLength(1_050)
    now += DAY
    expect(await send(many)).toMatchObject({ sent: 100, left: 0, unchanged: 2_000 })
  })
})

describe('repositories that are gone', () => {
  test('have their findings archived; those that are there, and the registry, keep theirs', async () => {
    await send(failing)
    await send(repositoryRecord({ repository: 'prod/web', verdicts: [recordedVerdict()] }))
    await send(registryRecord({ verdicts: [recordedVerdict({ rule: 'replication' })] }))
    now += DAY
    expect(await archiveGone(PLACE, new Set(['prod/web']), deps())).toEqual({ ...ONE, sent: 0, archived: 2 })
    expect(states().filter((state) => state.endsWith('ARCHIVED'))).toHaveLength(2)
    expect([...aws.securityHub.findings().values()]).toContainEqual(
      expect.objectContaining({ Description: 'The repository is gone.', RecordState: 'ARCHIVED' }),
    )
    expect(await store.list('')).toHaveLength(2)
  })

  test('are still known where Security Hub takes nothing', async () => {
    await send(failing)
    await send(repositoryRecord({ repository: 'prod/web', verdicts: [recordedVerdict()] }))
    aws.securityHub.setEnabled(false)
    expect(await archiveGone(PLACE, new Set(), deps())).toMatchObject({
      archived: 0,
      left: 3,
      problem: expect.stringContaining('not enabled'),
    })
    expect(await store.list('')).toHaveLength(2)
  })
})

const script = path.join(import.meta.dirname, '../local/aws/botocore-asff.py')
const botocore = (findings: readonly unknown[]) =>
  spawnSync('python3', [script], { encoding: 'utf8', input: JSON.stringify(findings) })
const hasBotocore = botocore([]).status === 0

describe.skipIf(!hasBotocore)(`botocore's model${hasBotocore ? '' : ' (skipped: no botocore here)'}`, () => {
  test('has nothing against what is sent, and much against what is wrong', async () => {
    await send(failing)
    await send(registryRecord({ verdicts: [recordedVerdict({ rule: 'replication' })] }))
    now += DAY
    await send(repositoryRecord())
    const sent = aws.calls.flatMap(({ service, input }) =>
      service === 'securityhub' ? (input as { Findings: object[] }).Findings : [],
    )
    expect(sent).toHaveLength(5)
    expect(JSON.parse(botocore(sent).stdout)).toEqual([])
    const [first] = sent
    const wrong = [
      { ...first, Title: ' ' },
      { ...first, RecordState: 'GONE' },
      { ...first, Titel: 'x' },
    ]
    expect(JSON.parse(botocore(wrong).stdout)).toHaveLength(3)
  })
})
