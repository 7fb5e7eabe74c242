import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../functions/domain/lifecycle/evaluate.ts'
import { PRESETS, type PresetName } from '../../../functions/domain/new-repository/new-repository.ts'
import { image, NOW } from '../lifecycle/images.ts'

const YEAR = 365

/** Tags of the images that go, of images that are all a year old and older: the first is the newest. */
function gone(preset: PresetName, tagged: readonly (readonly string[])[]): readonly string[] {
  const images = tagged.map((tags, index) => image(tags, YEAR + index))
  const verdicts = evaluate(PRESETS[preset].rules, images, new Map(), NOW)
  return tagged.flatMap(([first = 'untagged'], index) => (verdicts[index]?.action === 'expire' ? [first] : []))
}

const many = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => [`${prefix}${index}`])

describe('environments, the five rules of the guide as they were meant', () => {
  it('keep releases however old they are, of both names, by a count of their own', () => {
    expect(gone('environments', [...many('v', 101), ...many('release-', 101)])).toEqual(['v100', 'release-100'])
  })

  it('keep an image that is a release and something else', () => {
    expect(gone('environments', [...many('dev-', 5), ['dev-old', 'v1.0.0'], ['stg-old', 'release-1']])).toEqual([])
  })

  it('keep the newest of the other environments', () => {
    expect(gone('environments', [...many('dev-', 6), ...many('stg-', 11)])).toEqual(['dev-5', 'stg-10'])
  })

  it('keep what latest names, and what cosign keeps under tags', () => {
    const signature = `sha256-${'a'.repeat(64)}.sig`
    expect(gone('environments', [['latest'], [signature], ['feature-x'], []])).toEqual(['feature-x', 'untagged'])
  })
})

describe('of old images, there go', () => {
  it.each<[PresetName, readonly string[]]>([
    ['untagged', ['untagged']],
    ['releases', ['untagged']],
    ['branches', ['pr-7', '1.4.2', 'untagged']],
    ['pull-requests', ['pr-7', 'untagged']],
  ])('by %s: %j', (preset, expected) => {
    expect(gone(preset, [['v1.0.0'], ['main-1'], ['pr-7'], ['1.4.2'], ['latest'], []])).toEqual(expected)
  })
})
