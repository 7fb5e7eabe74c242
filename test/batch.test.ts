import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readBatch, respond, together, workOnEach } from '../functions/batch.ts'
import type { Delivered } from '../functions/delivery.ts'
import { Later } from '../functions/faults.ts'
import { alert } from './builders.ts'
import { basicScan } from './scan-alert/events.ts'
import { record } from './scan-alert/fakes.ts'

const deliveries = (...ids: string[]): Delivered => readBatch(ids.map((id) => record(basicScan({}, { id }), 2)))

const NOW = new Date('2026-11-20T09:00:00Z')

const about = (work: (group: Delivered) => Promise<{ outcome: string; reason: string }>, deadline = NOW.getTime()) => ({
  work,
  grouped: 'with another',
  now: () => NOW,
  deadline,
})

describe('a batch', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))
  afterEach(() => void vi.restoreAllMocks())

  test('is read record by record, with how often each came', () => {
    const { deliveries: read, refused } = readBatch([
      record(basicScan({}), 3),
      record('{'),
      { ...record('{}'), body: '7' },
    ])
    expect(read).toMatchObject([{ receives: 3, event: { type: 'scan' } }])
    expect(refused.outcomes.map(({ outcome }) => outcome)).toEqual(['invalid', 'invalid'])
    expect(refused.outcomes[0]?.reason).toBe('body: expected JSON, found other text')
    expect(refused.again).toHaveLength(2)
  })

  test('has one outcome for each event: the last speaks for its group', async () => {
    const { outcomes, again } = await workOnEach(
      [deliveries('a', 'b'), deliveries('c')],
      about(async () => ({ outcome: 'quiet', reason: 'all passes' })),
    )
    expect(outcomes).toEqual([
      { outcome: 'quiet', reason: 'all passes', event: 'b' },
      { outcome: 'grouped', reason: 'with another', with: 'b', event: 'a' },
      { outcome: 'quiet', reason: 'all passes', event: 'c' },
    ])
    expect(again).toEqual([])
  })

  test('has a line for what else came of a group, with its alert', async () => {
    const done = { outcome: 'enforced', reason: 'Made tags immutable.', alert: alert() }
    const { outcomes } = await workOnEach(
      [deliveries('a')],
      about(async () => ({ outcome: 'quiet', reason: 'all passes', more: [done] })),
    )
    expect(outcomes[1]).toEqual({
      outcome: 'enforced',
      reason: 'Made tags immutable.',
      event: 'a',
      alert: alert().id,
      kind: alert().kind,
      severity: alert().severity,
      repository: alert().subject.repository,
    })
  })

  test.each([
    ['must wait', new Later('ECR is busy'), 'ECR is busy', 0],
    ['fails unexpectedly', new TypeError('x'), 'unexpected: TypeError', 1],
    ['fails with no error at all', 'x', 'unexpected: string', 1],
  ])('gives back every event of a group that %s', async (_, error, reason, logged) => {
    const groups = [deliveries('a', 'b')]
    const { outcomes, again } = await workOnEach(
      groups,
      about(() => Promise.reject(error)),
    )
    expect(outcomes).toEqual(['a', 'b'].map((event) => ({ outcome: 'retry', reason, event })))
    expect(again).toEqual(groups[0]?.deliveries.map(({ messageId }) => messageId))
    expect(console.error).toHaveBeenCalledTimes(logged)
  })

  test('begins no group once its time is up', async () => {
    const work = vi.fn()
    const { outcomes } = await workOnEach([deliveries('a')], about(work, NOW.getTime() - 1))
    expect(outcomes).toMatchObject([{ outcome: 'retry', reason: 'no time is left for it in this invocation' }])
    expect(work).not.toHaveBeenCalled()
  })

  test('ends with a line for each outcome, and the records that must come again', () => {
    const info = vi.spyOn(console, 'info').mockReturnValue(undefined)
    const outcome = { outcome: 'quiet', reason: 'x', event: 'a' }
    expect(respond({ outcomes: [outcome], again: ['m'] })).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] })
    expect(info).toHaveBeenCalledExactlyOnceWith(outcome)
  })

  test('is the sum of its parts', () => {
    const one = { outcomes: [{ outcome: 'quiet', reason: 'x', event: 'a' }], again: ['m'] }
    expect(together([one, { outcomes: [], again: ['n'] }])).toEqual({ ...one, again: ['m', 'n'] })
  })
})
