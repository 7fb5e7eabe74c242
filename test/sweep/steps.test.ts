import { afterEach, expect, test, vi } from 'vitest'
import { tellRan } from '../../functions/sweep/steps.ts'

afterEach(() => void vi.restoreAllMocks())

const AT = new Date('2026-11-28T21:00:05Z')
const outcome = { outcome: 'begun', reason: 'registries to sweep: 1', event: '2026-11-28t21' }
const answer = { begun: true, id: '2026-11-28t21', targets: [] } as const

test('what became of a step is logged, with its metrics in a line of their own, and the machine gets the answer alone', () => {
  const said = vi.spyOn(console, 'info').mockReturnValue(undefined)
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  expect(tellRan({ answer, outcome, metrics: { SweepSkipped: { value: 0, unit: 'Count' } } }, AT)).toBe(answer)
  expect(said.mock.calls).toEqual([[outcome]])
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)) as object)
  expect(lines).toMatchObject([{ SweepSkipped: 0, _aws: { Timestamp: AT.getTime() } }])
})

test('a step without metrics writes none', () => {
  vi.spyOn(console, 'info').mockReturnValue(undefined)
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  tellRan({ answer, outcome }, AT)
  expect(written).not.toHaveBeenCalled()
})
