import { describe, expect, test } from 'vitest'
import { type Delivered, deliver } from '../../functions/notify/deliver.ts'
import { pacer } from '../../functions/notify/pace.ts'
import type { Claim, Deps, Posted } from '../../functions/notify/ports.ts'
import { Webhook } from '../../functions/notify/webhook.ts'
import { alert } from './alerts.ts'

const WEBHOOK = new Webhook('https://hooks.slack.com/services/T/B/x')

type Script = {
  readonly claim?: () => Promise<Claim>
  readonly posted?: () => Promise<Posted>
  readonly spacing?: number
  readonly mark?: () => Promise<void>
}

/** Everything around one delivery, on a clock that only sleeping moves, with a diary of what was done when. */
function world({ claim, posted, spacing = 0, mark = async () => {} }: Script = {}) {
  let now = 0
  const diary: string[] = []
  const note = (what: string): void => void diary.push(`${now} ${what}`)
  const claimed: Claim = {
    state: 'claimed',
    mark: async () => {
      note('mark')
      await mark()
    },
    release: async (reason) => note(`release: ${reason}`),
  }
  const deps: Deps = {
    webhooks: { read: async () => ({ webhook: WEBHOOK }) },
    slack: {
      post: async () => {
        note('post')
        return posted ? posted() : { kind: 'ok' }
      },
    },
    sent: { claim: claim ?? (async () => claimed) },
    queue: { delay: async () => {} },
    time: {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds
      },
    },
    pace: pacer(spacing, () => now),
  }
  const run = (changes: { receives?: number; deadline?: number } = {}): Promise<Delivered> =>
    deliver({ alert: alert(), channel: 'security', receives: 1, deadline: 30_000, ...changes }, deps)
  return { run, diary }
}

describe('a delivery', () => {
  test('is posted, then marked', async () => {
    const { run, diary } = world()
    expect((await run()).outcome).toMatchObject({ outcome: 'sent' })
    expect(diary).toEqual(['0 post', '0 mark'])
  })

  test('keeps two seconds from the one before', async () => {
    const { run, diary } = world({ spacing: 2_000 })
    await run()
    await run()
    await run()
    expect(diary.filter((line) => line.endsWith('post'))).toEqual(['0 post', '2000 post', '4000 post'])
  })

  test('whose turn comes too late is given back without a post', async () => {
    const { run, diary } = world({ spacing: 25_000 })
    await run()
    const late = await run()
    expect(late).toMatchObject({ again: 1, outcome: { outcome: 'retry' } })
    expect(diary.at(-1)).toBe('0 release: no time left for its turn in the channel')
  })

  test('that another invocation is at comes again when that one must be done', async () => {
    const { run, diary } = world({ claim: async () => ({ state: 'held', seconds: 33 }) })
    expect(await run()).toMatchObject({ again: 33, outcome: { outcome: 'retry' } })
    expect(diary).toEqual([])
  })

  test('that was posted but could not be marked is done with, and says so', async () => {
    const { run } = world({ mark: () => Promise.reject(new Error('ThrottlingException')) })
    const delivered = await run()
    expect(delivered.again).toBeUndefined()
    expect(delivered.outcome).toMatchObject({
      outcome: 'sent',
      reason: 'posted, not marked as sent: ThrottlingException',
    })
  })

  test('that was posted is marked although the table refuses once', async () => {
    let tries = 0
    const { run } = world({
      mark: async () => (tries++ === 0 ? Promise.reject(new Error('ThrottlingException')) : undefined),
    })
    expect((await run()).outcome).toMatchObject({ outcome: 'sent', reason: 'posted' })
    expect(tries).toBe(2)
  })

  test('that Slack may or may not have taken is given up, to be tried again', async () => {
    const { run, diary } = world({ posted: async () => ({ kind: 'transient', code: 'ECONNRESET' }) })
    expect(await run()).toMatchObject({ again: 30, outcome: { reason: 'Slack did not take it: ECONNRESET' } })
    expect(diary.at(-1)).toBe('0 release: Slack did not take it: ECONNRESET')
  })

  test('that fails in an unforeseen way comes again', async () => {
    const { run } = world({ posted: () => Promise.reject(new TypeError('unforeseen')) })
    expect(await run()).toMatchObject({ again: 30, outcome: { outcome: 'retry', reason: 'failed: unforeseen' } })
  })
})
