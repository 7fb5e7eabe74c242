import { describe, expect, test } from 'vitest'
import { advise } from '../../functions/domain/advice.ts'
import type { Ancestor } from '../../functions/domain/ancestry/ancestor.ts'
import { finding } from '../builders.ts'

const layers = (base: number, own: number) => [
  ...Array.from({ length: base }, (_, n) => finding({ id: `B${n}`, layer: 'sha256:base' })),
  ...Array.from({ length: own }, (_, n) => finding({ id: `O${n}`, package: `own${n}`, layer: 'sha256:own' })),
]

const lowest: Ancestor = { layers: ['sha256:base'], isWhole: false }
const whole: Ancestor = { layers: ['sha256:below', 'sha256:base'], name: 'base/node:22.11', isWhole: true }

describe('what to do', () => {
  test.each([
    ['nothing is known', [], undefined, 'Open the image in the console to see its findings.'],
    ['one finding has a fix', [finding()], undefined, 'It is fixed by upgrading 1 package: openssl.'],
    [
      'one finding has none',
      [finding({ fixed: undefined })],
      undefined,
      'It has no published fix yet: judge whether it can be reached, and rebuild when a fix is out.',
    ],
    [
      'none has a fix',
      [finding({ fixed: undefined }), finding({ id: 'B', fixed: undefined })],
      undefined,
      'None of the 2 has a published fix yet: judge whether they can be reached, and rebuild when a fix is out.',
    ],
    [
      'packages are many: the most helpful upgrade first',
      ['a', 'b', 'c', 'd', 'e', 'f', 'f'].map((name, n) => finding({ id: `${n}`, package: name })),
      undefined,
      '7 of 7 are fixed by upgrading 6 packages: f, a, b, c, d and 1 more.',
    ],
    [
      'most come from the base image',
      layers(3, 1),
      lowest,
      'Rebuild on a newer base image: 3 of 4 come from the lowest layer, 3 with a published fix. Of the others, 1 is fixed by upgrading 1 package: own0.',
    ],
    [
      'most come from the base image, and several others have fixes',
      layers(3, 2),
      { ...lowest, name: 'node:22' },
      'Rebuild on a newer base image: 3 of 5 come from the lowest layer, which is of node:22, 3 with a published fix. Of the others, 2 are fixed by upgrading 2 packages: own0, own1.',
    ],
    [
      'the only one comes from the base image',
      layers(1, 0),
      { ...whole, layers: ['sha256:base'] },
      'Rebuild on a newer base image: 1 of 1 comes from base/node:22.11 (the lowest layer), 1 with a published fix.',
    ],
    [
      'all come from the base image, and nothing fixes them',
      layers(2, 0).map((one) => ({ ...one, fixed: undefined })),
      whole,
      'Rebuild on a newer base image: 2 of 2 come from base/node:22.11 (the 2 lowest layers), none with a published fix.',
    ],
    [
      'few come from the base image',
      layers(1, 2),
      lowest,
      '3 of 3 are fixed by upgrading 3 packages: openssl, own0, own1.',
    ],
  ])('when %s', (_, findings, ancestor, sentence) => {
    expect(advise(findings, { fixesKnown: true, ancestor })).toBe(sentence)
  })

  test('when the scanner does not say what fixes them', () => {
    const findings = ['a', 'b', 'b'].map((name, n) => finding({ id: `${n}`, package: name, fixed: undefined }))
    expect(advise(findings, { fixesKnown: false })).toBe(
      'Rebuild on a newer base image, or upgrade b, a. Basic scanning does not say which version fixes what.',
    )
  })
})
