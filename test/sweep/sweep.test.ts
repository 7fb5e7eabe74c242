import * as v from 'valibot'
import { describe, expect, test, vi } from 'vitest'
import { type Alert, AlertSchema } from '../../functions/domain/alert.ts'
import type { ApiCallEvent, ScanEvent } from '../../functions/domain/event.ts'
import { SweepReportSchema } from '../../functions/domain/sweep/report.ts'
import { parseEvent } from '../../functions/events/parse.ts'
import { Unreadable } from '../../functions/faults.ts'
import { type EndedSweep, KEYS, type SweepConfig } from '../../functions/sweep/contract.ts'
import { basic } from './local-sweep.ts'
import { MEMBER, STRANGER, stack, sweepConfigOf } from './world.ts'

const { all, home, store, stepsOf, run, objects, report, messages, published, push } = stack()

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `ci/r${String(at).padStart(2, '0')}`)

/** Thirty repositories, of which every third has an image with a CRITICAL and a LOW, and the member account has one more. */
function seed(): void {
  for (const [at, repositoryName] of names(30).entries()) {
    all.aws.ecr.createRepository({ repositoryName })
    if (at % 3 === 0) push(repositoryName, '1.0', [basic('CVE-1', 'CRITICAL'), basic('CVE-2', 'LOW')])
  }
  all.aws.principals.createRole('ecr-steward-read', MEMBER)
  const member = all.aws.at({ account: MEMBER })
  member.ecr.createRepository({ repositoryName: 'theirs/app' })
  push('theirs/app', '2.0', [basic('CVE-1', 'HIGH')], member.ecr)
}

const tomorrow = (): void => {
  all.now = new Date(all.now.getTime() + 86_400_000)
}

const digests = (): Alert[] =>
  published().map((message) => v.parse(AlertSchema, JSON.parse(JSON.parse(message).default)))

/** Events on the queues, by what they are about. */
const sent = () => {
  const imagesIn = (queue: string): string[] =>
    messages(queue).map((message) => {
      const { image } = parseEvent(message) as ScanEvent
      return `${image.repository}:${image.tags[0]}`
    })
  return {
    scans: imagesIn('scan-alert').toSorted(),
    pushes: imagesIn('push-check'),
    changes: messages('watch').map((message) => (parseEvent(message) as ApiCallEvent).repository),
  }
}

const config = () => {
  const base = sweepConfigOf()
  return { ...base, sweep: { ...base.sweep, accounts: [MEMBER] } }
}

describe('a sweep of two accounts', () => {
  test('reports what a recount of the registries comes to, in every format, and tells it once', async () => {
    seed()
    const { id, ran } = await run(config())
    const made = v.parse(SweepReportSchema, report(id))

    const registries = [all.aws.ecr, all.aws.at({ account: MEMBER }).ecr].map((ecr) => ecr.repositories())
    const images = registries.flat().flatMap((repository) => [...repository.images.values()])
    expect(made.coverage).toMatchObject({ listed: registries.flat().length, judged: 31, complete: true, notJudged: [] })
    expect(made.totals).toMatchObject({
      ...{ repositories: 31, images: images.length, fails: 31 },
      findings: { CRITICAL: 10, HIGH: 1, LOW: 10 },
    })
    expect(made.targets).toEqual([
      { ...home(), listed: 30, judged: 30, problem: null },
      { account: MEMBER, region: home().region, listed: 1, judged: 1, problem: null },
    ])
    expect(ran).toMatchObject({
      answer: { listed: 31, judged: 31, complete: true, verdict: 'fail' },
      metrics: {
        ...{ SweepCoverage: { value: 100 }, SweepRepositories: { value: 31 }, SweepCritical: { value: 10 } },
        ...{ SweepFindings: { value: 21 }, SweepFails: { value: 31 } },
      },
    })
    const files = objects()
    expect(files[`sweep/${id}/report.html`]).toMatch(/^<!doctype html>/i)
    expect(files[`sweep/${id}/report.md`]).toContain('ci/r00')
    expect(files[`sweep/${id}/report.csv`]?.trim().split('\n').length).toBeGreaterThan(31)
    expect(JSON.parse(files[`sweep/${id}/ended.json`] ?? '')).toEqual(ran.answer)

    const [message = '', ...more] = published()
    const alert = v.parse(AlertSchema, JSON.parse(JSON.parse(message).default))
    expect(more).toEqual([])
    expect(alert).toMatchObject({ kind: 'digest', channels: ['security'], events: [id] })
    expect(alert.links[0]?.url).toContain(`/s3/object/sweeps?region=${home().region}&prefix=sweep/${id}/report.html`)
  })

  test('tells by its digest what it finds first, and from then on what is new to those that tell, once', async () => {
    seed()
    await run(config())
    expect(sent()).toEqual({ scans: [], pushes: [], changes: [] })
    expect(digests()).toMatchObject([
      {
        summary: expect.stringContaining(
          'First look at 123456789012/ap-northeast-1, 222222222222/ap-northeast-1: 11 images in 11 repositories have findings ' +
            'that your alerts would tell, 31 images and repositories have rules that fail or are unknown. From now on',
        ),
      },
    ])
    expect(
      digests()[0]?.items.filter(({ subject }) => subject === 'First look, worst first: 10 of 11 images'),
    ).toHaveLength(10)

    tomorrow()
    push('ci/r01', '2.0', [basic('CVE-3', 'CRITICAL')])
    push('theirs/app', '3.0', [basic('CVE-4', 'HIGH')], all.aws.at({ account: MEMBER }).ecr)
    all.aws.ecr.createRepository({ repositoryName: 'ci/empty' })
    const { id } = await run(config())
    expect(sent()).toEqual({ scans: ['ci/r01:2.0', 'theirs/app:3.0'], pushes: [], changes: ['ci/empty'] })
    expect(report(id)).toMatchObject({ since: { newFails: 1, fixedFails: 0, newFindings: { CRITICAL: 1, HIGH: 1 } } })
    expect(report(id).trend).toHaveLength(2)
    expect(digests()[1]?.summary).toMatch(/^Verdict: /)

    tomorrow()
    await run(config())
    expect(Object.values(sent()).flat()).toHaveLength(3)
  })

  test('tells of a registry that comes later by the digest too, and of the others as before', async () => {
    seed()
    await run(sweepConfigOf())
    tomorrow()
    push('ci/r01', '2.0', [basic('CVE-3', 'CRITICAL')])
    await run(config())
    expect(sent()).toEqual({ scans: ['ci/r01:2.0'], pushes: [], changes: [] })
    expect(digests()[1]?.summary).toMatch(
      /^First look at 222222222222\/ap-northeast-1: 1 image in 1 repository has findings/,
    )
  })

  test('is the same after each of its steps was repeated', async () => {
    seed()
    const { id, step } = await run(config())
    const before = objects()
    const target = home()
    expect(
      (await step({ step: 'begin', scheduledTime: all.now.toISOString(), execution: 'arn:execution' })).answer,
    ).toMatchObject({ begun: true })
    expect(await step({ step: 'begin', scheduledTime: all.now.toISOString(), execution: 'another' })).toMatchObject({
      ...{
        answer: { begun: false, targets: [] },
        outcome: { outcome: 'skipped' },
        metrics: { SweepSkipped: { value: 1 } },
      },
    })
    await step({ step: 'list', id, target })
    await step({ step: 'judge', batch: { BatchInput: { id, target }, Items: [{ n: 0, repository: 'ci/r00' }] } })
    expect((await step({ step: 'report', id })).outcome).toMatchObject({ outcome: 'known' })
    expect(objects()).toEqual(before)
    expect([published().length, Object.values(sent()).flat()]).toEqual([1, []])
  })

  test('that is cut off before its end makes the same report again', async () => {
    seed()
    const broken = { publish: () => Promise.reject(new Error('SNS is down')) }
    await expect(run(config(), { alerts: broken })).rejects.toThrow('SNS is down')
    const id = '2026-11-28t21'
    expect(await store().read(KEYS.ended(id))).toBeUndefined()
    const first = report(id)

    await stepsOf(config())({ step: 'report', id })
    expect(report(id)).toEqual(first)
    expect(digests().map(({ summary }) => summary.slice(0, 10))).toEqual(['First look'])
  })

  test('that never ends has told nothing: the next one is the first', async () => {
    seed()
    const broken = { publish: () => Promise.reject(new Error('SNS is down')) }
    await expect(run(config(), { alerts: broken })).rejects.toThrow('SNS is down')
    tomorrow()
    await run(config())
    expect(digests().map(({ summary }) => summary.slice(0, 10))).toEqual(['First look'])
    expect(Object.values(sent()).flat()).toEqual([])
  })
})

describe('what could not be judged', () => {
  test('is a line where a batch never ran, and coverage is below 100 percent', async () => {
    seed()
    const { id, ran } = await run(config(), { skip: (batch, target) => batch === 1 && target.account !== MEMBER })
    expect(ran).toMatchObject({
      answer: { listed: 31, judged: 26, complete: false },
      metrics: { SweepCoverage: { value: 83.8 } },
    })
    expect(report(id).coverage.notJudged).toHaveLength(5)
    expect(report(id).coverage.notJudged[0]).toMatchObject({ repository: 'ci/r25', why: 'its batch did not end' })
    expect(published()[0]).toContain('26 of 31')
  })

  test('is told of by the digest that can, and what was told of by events again', async () => {
    seed()
    await run(config(), { skip: (batch, target) => batch === 1 && target.account !== MEMBER })
    tomorrow()
    push('ci/r01', '2.0', [basic('CVE-3', 'CRITICAL')])
    push('ci/r28', '2.0', [basic('CVE-3', 'CRITICAL')])
    await run(config())
    expect(digests()[1]?.summary).toMatch(
      /^First look at 123456789012\/ap-northeast-1: 2 images in 2 repositories have/,
    )
    expect(
      digests()[1]
        ?.items.slice(0, 2)
        .map(({ id }) => id),
    ).toEqual(['ci/r27:1.0', 'ci/r28:2.0'])
    expect(sent()).toEqual({ scans: ['ci/r01:2.0'], pushes: [], changes: [] })

    tomorrow()
    push('ci/r29', '2.0', [basic('CVE-3', 'CRITICAL')])
    await run(config())
    expect(digests()[2]?.summary).toMatch(/^Verdict/)
    expect(sent().scans).toEqual(['ci/r01:2.0', 'ci/r29:2.0'])
  })

  test('is a line for a role that is not there, a region that is off, and a listing that never ended', async () => {
    all.aws.disableRegion('us-east-1')
    all.aws.ecr.createRepository({ repositoryName: 'ci/web' })
    const base = sweepConfigOf()
    const sweep = { ...base.sweep, accounts: [STRANGER], regions: ['us-east-1'] }
    const { id, ran } = await run({ ...base, sweep })
    const problems = report(id).targets.map(({ account, region, problem }) => [account, region, problem])
    expect(problems).toEqual([
      [home().account, home().region, null],
      [home().account, 'us-east-1', expect.stringContaining('us-east-1 may not be enabled in account')],
      [STRANGER, home().region, expect.stringContaining('deploy the member stack in account 333333333333')],
      [STRANGER, 'us-east-1', expect.stringContaining('cannot be assumed: AccessDenied')],
    ])
    expect(ran).toMatchObject({ answer: { complete: false }, metrics: { SweepCoverage: { value: 99.9 } } })
    expect(report(id).verdict).not.toBe('pass')
  })

  test('is all of it where no listing ended', async () => {
    const config = sweepConfigOf()
    const step = stepsOf(config)
    const { answer } = await step({ step: 'begin', scheduledTime: all.now.toISOString(), execution: 'arn' })
    const { id } = answer as { readonly id: string }
    const ran = await step({ step: 'report', id })
    expect(report(id).targets).toMatchObject([{ listed: 0, problem: 'its listing did not end' }])
    expect(ran).toMatchObject({
      answer: { verdict: 'unknown', complete: false },
      metrics: { SweepCoverage: { value: 0 } },
    })
  })

  test('is named where it was deleted while the sweep ran, and nothing is missing', async () => {
    for (const repositoryName of ['ci/a', 'ci/b']) all.aws.ecr.createRepository({ repositoryName })
    const step = stepsOf(sweepConfigOf())
    const { id } = (await step({ step: 'begin', scheduledTime: all.now.toISOString(), execution: 'arn' }))
      .answer as EndedSweep & { id: string }
    const target = home()
    await step({ step: 'list', id, target })
    all.aws.call('ecr', 'DeleteRepository', { repositoryName: 'ci/a' })
    const Items = ['ci/a', 'ci/b'].map((repository, n) => ({ n, repository }))
    await step({ step: 'judge', batch: { BatchInput: { id, target }, Items } })
    const { answer } = await step({ step: 'report', id })
    expect(answer).toMatchObject({ listed: 2, judged: 1, complete: true })
  })
})

describe('a store that takes nothing', () => {
  test('is told of by what it did not take, and the sweep has not ended', async () => {
    seed()
    const real = store()
    const full = {
      ...real,
      create: (key: string, text: string) =>
        key.endsWith('report.html')
          ? Promise.reject(new Unreadable('S3 answered AccessDenied to PutObject', true, undefined))
          : real.create(key, text),
    }
    await expect(run(config(), { store: full })).rejects.toThrow(
      '2026-11-28t21/report.html cannot be written to s3://sweeps/sweep: S3 answered AccessDenied to PutObject. The sweep has not ended: what was judged is kept',
    )
    expect(await real.read(KEYS.ended('2026-11-28t21'))).toBeUndefined()
    expect(published()).toEqual([])
  })

  test('has no report of a sweep that never began', async () => {
    await expect(stepsOf(sweepConfigOf())({ step: 'report', id: '2026-01-01t00' })).rejects.toThrow(
      'no sweep 2026-01-01t00 was begun in s3://sweeps/sweep',
    )
  })
})

test.each([
  [
    'a time that is none',
    { step: 'begin', scheduledTime: 'noon', execution: 'arn' },
    'scheduledTime is "noon", expected',
  ],
  ['a step that there is none of', { step: 'sweep' }, 'no such step: {"step":"sweep"}'],
])('%s is refused', async (_, event, words) => {
  await expect(stepsOf(sweepConfigOf())(event as never)).rejects.toThrow(words)
})

describe('Security Hub, where it is switched on', () => {
  const toHub = (config: SweepConfig): SweepConfig => ({ ...config, sweep: { ...config.sweep, securityHub: true } })
  const findings = () =>
    [...all.aws.securityHub.findings().values()].map(({ Title, RecordState }) => `${Title}: ${RecordState}`).toSorted()

  test('gets what fails, and hears the end of what is mended or gone, with the next sweep', async () => {
    for (const repositoryName of ['ci/a', 'ci/b']) all.aws.ecr.createRepository({ repositoryName })
    push('ci/a', '1.0', [basic('CVE-1', 'CRITICAL')])
    await run(toHub(config()))
    expect(findings()).toEqual([
      'CVE-1 in ci/a:1.0: ACTIVE',
      'ci/a fails tag-immutability: ACTIVE',
      'ci/b fails tag-immutability: ACTIVE',
    ])

    all.aws.call('ecr', 'DeleteRepository', { repositoryName: 'ci/b' })
    all.now = new Date(all.now.getTime() + 86_400_000)
    await run(toHub(config()))
    expect(findings()).toContain('ci/b fails tag-immutability: ARCHIVED')
    expect(findings()).toContain('ci/a fails tag-immutability: ACTIVE')
  })

  test('that takes nothing stops no sweep: what is left comes with the next', async () => {
    all.aws.ecr.createRepository({ repositoryName: 'ci/a' })
    all.aws.faults.inject({
      service: 'securityhub',
      times: Infinity,
      error: { code: 'InvalidAccessException', status: 401 },
    })
    const told = vi.spyOn(console, 'info').mockImplementation(() => {})
    const { ran } = await run(toHub(sweepConfigOf()))
    expect(ran.answer).toMatchObject({ complete: true })
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ outcome: 'hub-left', left: 1 }))
    told.mockRestore()

    all.aws.faults.clear()
    all.now = new Date(all.now.getTime() + 86_400_000)
    await run(toHub(sweepConfigOf()))
    expect(findings()).toEqual(['ci/a fails tag-immutability: ACTIVE'])
  })
})
