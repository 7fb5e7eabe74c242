import { describe, expect, test } from 'vitest'
import { candidatesOf } from '../../../functions/domain/clean-up/candidates.ts'
import { imageGraph } from '../../../functions/domain/clean-up/image-graph.ts'
import type { StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import type { LifecycleVerdict } from '../../../functions/domain/lifecycle/verdict.ts'
import { about, childrenOf, digestOf, INDEX, image, marked } from './images.ts'

type World = {
  readonly images: readonly StoredImage[]
  readonly children?: Readonly<Record<string, readonly string[]>>
  readonly verdicts: readonly LifecycleVerdict[]
}

/** `name delete 1 reason` of all that would go. */
function going({ images, children = {}, verdicts }: World): readonly string[] {
  const names = new Map([...'abcdefg', 'index', 'other', 'leaf', 'inner', 'sign'].map((name) => [digestOf(name), name]))
  const inWords = (text: string): string => text.replace(/sha256:[0-9a-f]{64}/g, (digest) => names.get(digest) ?? '?')
  const found = candidatesOf(verdicts, imageGraph({ images, children: childrenOf(children) }))
  return [...found].map(
    ([digest, { action, rule, reason }]) => `${names.get(digest)} ${action} ${rule ?? '-'} ${inWords(reason)}`,
  )
}

const index = (name = 'index') => image(name, { mediaType: INDEX })
const leaf = (change: Partial<StoredImage> = {}) => ({ ...image('leaf', { tags: [] }), ...change })

test('what the rules mark goes; what is not there, and what they keep, does not', () => {
  const verdicts = [
    marked('a'),
    marked('b', { action: 'archive', rule: 7 }),
    marked('c', { action: 'keep' }),
    marked('d'),
  ]
  expect(going({ images: [image('a'), image('b'), image('c')], verdicts })).toEqual([
    'a delete 1 too old',
    'b archive 7 too old',
  ])
})

describe('what an index lists', () => {
  test('goes with it where it has no tag, also below an index that it lists', () => {
    const images = [index(), { ...index('inner'), tags: [] }, leaf(), image('a')]
    const children = { index: ['inner', 'a'], inner: ['leaf'] }
    expect(going({ images, children, verdicts: [marked('index')] })).toEqual([
      'index delete 1 too old',
      'inner delete - index index goes, which lists it',
      'leaf delete - index inner goes, which lists it',
    ])
  })

  test('stays where another index lists it that stays', () => {
    const images = [index(), index('other'), leaf()]
    const children = { index: ['leaf'], other: ['leaf'] }
    expect(going({ images, children, verdicts: [marked('index')] })).toEqual(['index delete 1 too old'])
    expect(going({ images, children, verdicts: [marked('index'), marked('other')] })).toHaveLength(3)
  })

  test('goes to the archive where one of its indexes does, and not away', () => {
    const images = [index(), index('other'), leaf()]
    const children = { index: ['leaf'], other: ['leaf'] }
    const verdicts = [marked('index'), marked('other', { action: 'archive' })]
    expect(going({ images, children, verdicts }).at(-1)).toBe('leaf archive - index index goes, which lists it')
  })

  test.each([
    ['ARCHIVED', 'archive'],
    ['ACTIVATING', 'expire'],
  ] as const)('and is %s is left where the index would %s', (status, action) => {
    const verdicts = [marked('index', { action })]
    expect(going({ images: [index(), leaf({ status })], children: { index: ['leaf'] }, verdicts })).toHaveLength(1)
  })
})

test('what an index lists and is not there goes nowhere', () => {
  expect(going({ images: [index()], children: { index: ['leaf'] }, verdicts: [marked('index')] })).toHaveLength(1)
})

describe('what is about an image', () => {
  test('goes with it where cosign stored it, and follows it by ECR where it says so by its subject', () => {
    const images = [
      image('a'),
      image('sign', { tags: [about('a'), about('a', '.att')] }),
      image('b', { subject: 'a' }),
      image('c', { subject: 'a' }),
      image('d', { subject: 'sign' }),
    ]
    expect(going({ images, verdicts: [marked('a')] })).toEqual([
      'a delete 1 too old; 2 artifacts that are about it follow within a day, by ECR',
      'sign delete - a goes, which it is about; what is about it follows within a day, by ECR',
    ])
  })

  test('stays where it is about another image that stays, or has a name of its own', () => {
    const verdicts = [marked('a')]
    const both = image('sign', { tags: [about('a'), about('b')] })
    expect(going({ images: [image('a'), image('b'), both], verdicts })).toHaveLength(1)
    expect(going({ images: [image('a'), both], verdicts })).toHaveLength(2)
    expect(going({ images: [image('a'), image('sign', { tags: [about('a'), 'keep-me'] })], verdicts })).toHaveLength(1)
  })
})
