import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createRate, progressInWords, sweepProgress } from '../../../cli/sweep/progress.ts'
import { recorder } from '../cli.ts'

const FAR = { listed: 10_000, judged: 1_204, images: 34_000, isListed: true }

describe('how far a sweep is', () => {
  test.each([
    [
      { ...FAR, listed: 0, judged: 0, images: 0, isListed: false },
      undefined,
      'listing the repositories, and what is in use',
    ],
    [{ ...FAR, listed: 0, judged: 0, images: 0 }, undefined, 'writing the report'],
    [FAR, undefined, '1,204 of 10,000 repositories judged, 34,000 images'],
    [FAR, 81.4, '1,204 of 10,000 repositories judged, 34,000 images, 81 a second, about 2 min left'],
    [FAR, 0.4, '1,204 of 10,000 repositories judged, 34,000 images, 0.4 a second, about 6.1 h left'],
    [FAR, 0, '1,204 of 10,000 repositories judged, 34,000 images, 0.0 a second'],
    [
      { ...FAR, judged: 9_990, images: 1 },
      5,
      '9,990 of 10,000 repositories judged, 1 image, 5.0 a second, about 2 s left',
    ],
    [{ ...FAR, isListed: false }, 81.4, '1,204 of 10,000 repositories or more judged, 34,000 images, 81 a second'],
    [{ ...FAR, listed: 1, judged: 1 }, 81.4, '1 of 1 repository judged, 34,000 images, writing the report'],
  ])('%j at %s a second is %s', (far, rate, words) => {
    expect(progressInWords(far, rate)).toBe(words)
  })
})

describe('a rate', () => {
  test('is not known within the first second', () => {
    const rate = createRate()
    expect([rate.of(100, 0), rate.of(120, 999), rate.of(120, 1_000)]).toEqual([undefined, undefined, 20])
  })

  test('is that of the last twenty seconds, and counts nothing that was there before', () => {
    const rate = createRate()
    rate.of(5_000, 0)
    expect(rate.of(5_100, 10_000)).toBe(10)
    expect(rate.of(5_500, 20_000)).toBe(25)
    expect(rate.of(5_500, 30_000)).toBe(20)
    expect(rate.of(5_500, 60_000)).toBeUndefined()
  })
})

describe('the line of a sweep', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('counts up on a terminal, and is gone in the end', () => {
    const { stream, text } = recorder(120)
    const io = { stdout: stream, stderr: stream, env: {}, cwd: '/', now: () => new Date() }
    const progress = sweepProgress(io, false)
    progress.listed(40)
    progress.allListed()
    vi.advanceTimersByTime(100)
    progress.judged(10, 55)
    vi.advanceTimersByTime(2_000)
    progress.end()
    expect(text()).toContain('0 of 40 repositories judged, 0 images\r')
    expect(text()).toContain('10 of 40 repositories judged, 55 images, 5.0 a second, about 6 s left')
    expect(text().endsWith('\r\u001b[2K')).toBe(true)
  })

  test('is not there in a pipe, nor where the calls are shown', () => {
    const [pipe, terminal] = [recorder(), recorder(120)]
    for (const [{ stream }, isVerbose] of [
      [pipe, false],
      [terminal, true],
    ] as const) {
      const io = { stdout: stream, stderr: stream, env: {}, cwd: '/', now: () => new Date() }
      const progress = sweepProgress(io, isVerbose)
      progress.listed(40)
      vi.advanceTimersByTime(1_000)
      progress.end()
    }
    expect([pipe.text(), terminal.text()]).toEqual(['', ''])
  })
})
