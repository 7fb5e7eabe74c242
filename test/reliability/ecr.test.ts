import { describe, expect, test } from 'vitest'
import { flaws } from './events.ts'
import { useRig } from './rig.ts'

const THROTTLED = { code: 'ThrottlingException' }
const READ = { service: 'ecr', operation: 'DescribeImageScanFindings' }
const COULD_NOT = 'could not be read'

const rig = await useRig()

describe('an ECR that does not answer', () => {
  test('is asked again while it throttles for a while, and the findings are told', async () => {
    const image = rig.image(flaws(3))
    rig.world.aws.faults.inject({ ...READ, times: 5, error: THROTTLED })
    await rig.happens(rig.scan(image, flaws(3)))
    expect(rig.published(image).map(({ items, notices }) => [items.length, notices])).toEqual([[3, []]])
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('that throttles to the end costs the findings, not the alert, which says so', async () => {
    const image = rig.image(flaws(3))
    rig.world.aws.faults.inject({ ...READ, times: Number.POSITIVE_INFINITY, error: THROTTLED })
    await rig.happens(rig.scan(image, flaws(3)))
    const [alert, ...more] = rig.published(image)
    expect(alert?.counts).toEqual({ HIGH: 3 })
    expect(alert?.notices[0]).toContain(COULD_NOT)
    expect(more).toEqual([])
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.dead()).toEqual({})
  })

  test('that denies access is told of at once, without asking again', async () => {
    const image = rig.image(flaws(2))
    rig.world.aws.faults.inject({
      service: 'ecr',
      times: Number.POSITIVE_INFINITY,
      error: { code: 'AccessDeniedException' },
    })
    const before = rig.now
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.published(image).map(({ notices }) => notices[0])).toEqual([expect.stringContaining('AccessDenied')])
    expect(rig.now - before).toBeLessThan(60_000)
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('that fails on the second page of findings is not taken to have only the first', async () => {
    const found = flaws(1_200)
    const image = rig.image(found)
    rig.world.aws.faults.inject({ ...READ, error: { delayMs: 0 } })
    rig.world.aws.faults.inject({ ...READ, times: 3, error: { code: 'ServerException', status: 500 } })
    await rig.happens(rig.scan(image, found))
    expect(rig.published(image).map(({ items, omitted }) => items.length + omitted)).toEqual([1_200])
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('that drops every connection costs the findings, not the alert', async () => {
    const image = rig.image(flaws(2))
    rig.world.aws.faults.inject({ ...READ, times: Number.POSITIVE_INFINITY, error: { drop: true } })
    await rig.happens(rig.scan(image, flaws(2)))
    expect(rig.published(image)).toHaveLength(1)
  })

  test('does not make news of what was told when it answers again', async () => {
    const image = rig.image(flaws(4))
    rig.world.aws.faults.inject({ ...READ, times: Number.POSITIVE_INFINITY, error: { code: 'AccessDeniedException' } })
    await rig.happens(rig.scan(image, flaws(4)))
    rig.clear()
    rig.wait(86_400)
    await rig.happens(rig.scan(image, flaws(4)))
    expect(rig.messages(image)).toHaveLength(1)
  })
})

describe('finding events of an image that cannot be read', () => {
  const deny = () =>
    rig.world.aws.faults.inject({ ...READ, times: Number.POSITIVE_INFINITY, error: { code: 'AccessDeniedException' } })

  test('do not turn what was told before into what is fixed', async () => {
    const image = rig.image(flaws(3))
    await rig.happens(rig.scan(image, flaws(3)))
    rig.wait(86_400)
    deny()
    const [fresh] = flaws(1, 'CRITICAL', 50)
    await rig.happens(rig.finding(image, fresh as never))
    const [, second] = rig.published(image)
    expect(second?.items.map(({ id, change }) => [id, change])).toEqual([['CVE-2026-00050', 'new']])
    expect(second?.summary).not.toContain('fixed')
  })

  test('do not make what was told before news again once it can be read', async () => {
    const image = rig.image(flaws(3))
    await rig.happens(rig.scan(image, flaws(3)))
    rig.wait(86_400)
    deny()
    const [fresh] = flaws(1, 'CRITICAL', 50)
    await rig.happens(rig.finding(image, fresh as never))
    rig.clear()
    rig.wait(86_400)
    rig.shows(image, [...flaws(3), fresh as never])
    await rig.happens(rig.scan(image, [...flaws(3), fresh as never]))
    expect(rig.published(image)).toHaveLength(2)
  })

  test('are one message with their scan, however many batches they come in', async () => {
    const found = flaws(250)
    const image = rig.image(found)
    deny()
    await rig.happens(rig.scan(image, found), ...found.map((flaw) => rig.finding(image, flaw)))
    expect(rig.messages(image)).toHaveLength(1)
  })
})

describe('a scan that ECR takes back', () => {
  test.each(['FAILED', 'FINDINGS_UNAVAILABLE', 'SCAN_ELIGIBILITY_EXPIRED', 'PENDING'])(
    'to %s is unknown, not clean: the counts of the event are told',
    async (status) => {
      const image = rig.image(flaws(2))
      rig.shows(image, [], status)
      await rig.happens(rig.scan(image, flaws(2)))
      expect(rig.published(image).map(({ counts }) => counts)).toEqual([{ HIGH: 2 }])
      expect(rig.published(image)[0]?.notices[0]).toContain(status)
      expect(rig.dead()).toEqual({})
    },
  )

  test('to an earlier result, while its failure is announced, is asked again', async () => {
    const image = rig.image(flaws(2))
    rig.afterNext('scan-alert', () => rig.shows(image, [], 'FAILED'))
    await rig.happens(rig.scan(image, [], { status: 'FAILED' }))
    expect(rig.published(image).map(({ kind }) => kind)).toEqual(['scan-failed'])
  })
})
