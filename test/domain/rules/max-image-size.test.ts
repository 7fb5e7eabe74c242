import { describe, expect, test } from 'vitest'
import { maxImageSize } from '../../../functions/domain/rules/max-image-size.ts'
import { index, judge, judgeUnread, platform } from './facts.ts'

const GB = 1_000_000_000
const image = (sizeInBytes: number) => ({ kind: 'image', platforms: [platform({ sizeInBytes })] })

describe('max-image-size', () => {
  test.each([
    ['as large as it may be', GB, 'pass'],
    ['a byte larger', GB + 1, 'fail'],
    ['small', 20_000_000, 'pass'],
  ])('an image that is %s', (_, size, outcome) => {
    expect(judge(maxImageSize, { manifest: image(size) }).outcome).toBe(outcome)
  })

  test('says how large it is, and how large it may be', () => {
    expect(judge(maxImageSize, { manifest: image(1.4 * GB) }, { parameters: { limit: 0.5 * GB } })).toMatchObject({
      reason: 'It has 1.4 GB, more than 500 MB.',
      evidence: [{ name: 'Size', value: '1.4 GB' }],
    })
  })

  test('judges each platform by itself', () => {
    const manifest = index({ sizeInBytes: 0.6 * GB }, { sizeInBytes: 0.7 * GB })
    expect(judge(maxImageSize, { manifest }).outcome).toBe('pass')
    expect(judge(maxImageSize, { manifest: index({}, { sizeInBytes: 2 * GB }) })).toMatchObject({
      outcome: 'fail',
      reason: 'linux/arm64: It has 2 GB, more than 1 GB.',
    })
  })

  test('does not speak of charts, and is unknown without a manifest', () => {
    expect(judge(maxImageSize, { manifest: { kind: 'artifact', what: 'a Helm chart' } }).outcome).toBe('not-applicable')
    expect(judgeUnread(maxImageSize, 'manifest').outcome).toBe('unknown')
  })
})
