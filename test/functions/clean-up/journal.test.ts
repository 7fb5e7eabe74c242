import { expect, test } from 'vitest'
import {
  beginUndo,
  endUndo,
  type Intent,
  readJournal,
  Superseded,
  unsettled,
  writeIntent,
  writeOutcome,
} from '../../../functions/clean-up/journal.ts'
import { Unreadable } from '../../../functions/faults.ts'
import { DIGEST } from '../../builders.ts'
import { memoryStore } from './memory-store.ts'

const intent = (change: Partial<Intent> = {}): Intent => ({
  ...{ version: 1, plan: 'plan-0001', hash: 'ab'.repeat(32), number: 1, run: 'run-1', by: 'role/clean-up' },
  ...{ at: '2026-11-28T03:00:00.000Z', action: 'delete', repository: 'ci/app' },
  items: [
    {
      ...{ digest: DIGEST, tags: ['old'], manifest: { text: '{}', mediaType: 'application/json' } },
      ...{ policy: 'ci.json', rule: 1, reason: 'older than 14 days', sizeBytes: 7 },
    },
  ],
  ...change,
})
const NOW = new Date('2026-11-28T04:00:00.000Z')
const closing = {
  ...{ run: 'run-1', by: 'role/clean-up', at: '2026-11-28T03:00:01.000Z' },
  outcomes: [{ digest: DIGEST, end: 'deleted' as const }],
}

test('an intent and its outcome are kept, in the order of their numbers', async () => {
  const { store, files } = memoryStore()
  await writeIntent(store, intent({ number: 10_000 }))
  await writeIntent(store, intent({ number: 2 }))
  await writeOutcome(store, intent({ number: 2 }), closing)
  expect([...files.keys()]).toEqual([
    'journal/plan-0001/10000-intent.json',
    'journal/plan-0001/0002-intent.json',
    'journal/plan-0001/0002-outcome.json',
  ])
  expect(await readJournal(store, 'plan-0001')).toEqual({
    entries: [
      { intent: intent({ number: 2 }), outcomes: closing.outcomes },
      { intent: intent({ number: 10_000 }), outcomes: undefined },
    ],
    ...{ last: 10_000, isUndone: false },
  })
  expect(await readJournal(store, 'plan-0002')).toEqual({ entries: [], last: 0, isUndone: false })
})

test('nobody writes over what another run has written', async () => {
  const { store } = memoryStore()
  await writeIntent(store, intent())
  await expect(writeIntent(store, intent({ run: 'run-2' }))).rejects.toThrow(Superseded)
  await writeOutcome(store, intent(), closing)
  await expect(writeOutcome(store, intent(), closing)).rejects.toThrow(
    'Another run has settled batch 1 of plan plan-0001.',
  )
})

test('intents without an outcome are found, of whichever plan', async () => {
  const { store } = memoryStore()
  await writeIntent(store, intent({ plan: 'plan-0002' }))
  await writeIntent(store, intent())
  await writeOutcome(store, intent(), closing)
  await writeIntent(store, intent({ number: 2 }))
  await beginUndo(store, 'plan-0003', {})
  expect((await unsettled(store, NOW)).map(({ plan, number }) => [plan, number])).toEqual([
    ['plan-0001', 2],
    ['plan-0002', 1],
  ])
})

test('an intent of more than 30 days ago is not settled: its outcome may be gone, and its tags are old', async () => {
  const { store } = memoryStore()
  await writeIntent(store, intent({ at: '2026-10-29T04:00:00.000Z' }))
  await writeIntent(store, intent({ number: 2, at: '2026-10-29T03:59:59.999Z' }))
  expect((await unsettled(store, NOW)).map(({ number }) => number)).toEqual([1])
})

test('a journal that is damaged is not read as if nothing had been done', async () => {
  const { store, set, files } = memoryStore()
  set('journal/plan-0001/0001-intent.json', '{"version":1')
  await expect(readJournal(store, 'plan-0001')).rejects.toThrow(Unreadable)
  await expect(unsettled(store, NOW)).rejects.toThrow(
    'journal/plan-0001/0001-intent.json in memory cannot be read as a part of the journal',
  )
  files.clear()
  await writeIntent(store, intent())
  set('journal/plan-0001/0001-outcome.json', '{"outcomes":[{"end":"eaten"}]}')
  await expect(readJournal(store, 'plan-0001')).rejects.toThrow(Unreadable)
  const vanishing = { ...store, read: async () => undefined }
  await expect(readJournal(vanishing, 'plan-0001')).rejects.toThrow('is gone from memory')
})

test('a number is not used again where its intent is lost', async () => {
  const { store, files } = memoryStore()
  await writeIntent(store, intent({ number: 3 }))
  await writeOutcome(store, intent({ number: 3 }), closing)
  files.delete('journal/plan-0001/0003-intent.json')
  expect(await readJournal(store, 'plan-0001')).toEqual({ entries: [], last: 3, isUndone: false })
})

test('each undo has a number of its own', async () => {
  const { store, files } = memoryStore()
  expect(await beginUndo(store, 'plan-0001', { by: 'alice' })).toBe(1)
  await endUndo(store, 'plan-0001', 1, { results: [] })
  expect(await beginUndo(store, 'plan-0001', { by: 'bob' })).toBe(2)
  expect([...files.keys()]).toEqual([
    'journal/plan-0001/undo-0001-intent.json',
    'journal/plan-0001/undo-0001-outcome.json',
    'journal/plan-0001/undo-0002-intent.json',
  ])
  expect(await readJournal(store, 'plan-0001')).toEqual({ entries: [], last: 0, isUndone: true })
})
