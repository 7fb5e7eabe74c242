import { describe, expect, it, test } from 'vitest'
import { sbom as rule } from '../../../functions/domain/rules/sbom.ts'
import type { AttachedSbom, Check, ImageSboms } from '../../../functions/domain/supply-chain/attached.ts'
import type { Sbom, SbomPackage } from '../../../functions/domain/supply-chain/sbom.ts'
import { DIGEST } from '../../builders.ts'
import { refused, unchecked, verified } from './evidence.ts'
import { detail, judge } from './facts.ts'

const old = detail({ pushedAt: '2026-11-20T08:30:00Z' })
const young = detail({ pushedAt: '2026-11-20T08:45:00Z' })
const [ARM, AMD] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`]

const LOG4J: SbomPackage = {
  ...{ name: 'org.apache.logging.log4j/log4j-core', version: '2.14.1', ecosystem: 'maven' },
  licence: { id: 'Apache-2.0' },
}
const PAD: SbomPackage = { name: 'left-pad', version: '1.3.0', ecosystem: 'npm', licence: { id: 'WTFPL' } }
const ZLIB: SbomPackage = { name: 'zlib' }

const of = (
  packages: readonly SbomPackage[],
  change: Partial<Sbom> & { readonly check?: Check } = {},
): AttachedSbom => {
  const { check, ...sbom } = change
  return {
    ...{ digest: `sha256:${'5'.repeat(64)}`, format: 'document' },
    ...(check && { check }),
    sbom: { format: 'SPDX 2.3', about: [DIGEST], packages, ...sbom },
  }
}

const unreadable: AttachedSbom = { digest: ARM, format: 'document', refused: 'it is not JSON' }

type Values = Record<string, unknown>

const judgeImage = (sboms: ImageSboms, parameters: Values = {}, image = old) =>
  judge(rule, { sboms, detail: image }, { parameters })

const judgeAll = (sboms: readonly AttachedSbom[], parameters: Values = {}, unread = 0, image = old) =>
  judgeImage({ isIndex: false, manifests: [{ digest: DIGEST, sboms, unread }] }, parameters, image)

const FORBIDDEN = { forbidden: ['maven/log4j-core <2.17.1', 'zlib <1.2.12'] }
const SIGNED = { signedBy: ['ci', 'release'] }

describe('sbom', () => {
  test.each<[string, readonly AttachedSbom[], Values, string, string]>([
    ['one', [of([PAD])], {}, 'pass', 'Its SBOM lists 1 package, and none that may not be there.'],
    ['none', [], {}, 'fail', 'It has no SBOM that counts.'],
    [
      'one that lists nothing',
      [of([])],
      {},
      'fail',
      'Its SBOM lists no package, which no image with a program in it is made of.',
    ],
    [
      'one of another image',
      [of([PAD], { about: [ARM] })],
      {},
      'fail',
      'It has no SBOM that counts. 1 is there that is about sha256:aaaaaaaaaaaa.',
    ],
    [
      'one that does not say which image',
      [of([PAD], { about: [] })],
      {},
      'pass',
      'Its SBOM lists 1 package, and none that may not be there.',
    ],
    [
      'one that does not say it, and has to',
      [of([PAD], { about: [] })],
      { mustNameImage: true },
      'fail',
      'It has no SBOM that counts. 1 is there that does not say which image it is about.',
    ],
    [
      'one of another format',
      [of([PAD], { format: 'CycloneDX 1.6' })],
      { formats: ['spdx'] },
      'fail',
      'It has no SBOM that counts. 1 is there that is CycloneDX 1.6.',
    ],
    [
      'one that cannot be read',
      [unreadable],
      {},
      'unknown',
      'It has no SBOM that counts. 1 SBOM of it cannot be relied upon: it is not JSON.',
    ],
    [
      'what is forbidden',
      [of([PAD, LOG4J])],
      FORBIDDEN,
      'fail',
      'It holds what is forbidden: org.apache.logging.log4j/log4j-core 2.14.1 (maven/log4j-core <2.17.1).',
    ],
    [
      'what is forbidden in another version',
      [of([{ ...LOG4J, version: '2.17.1' }])],
      FORBIDDEN,
      'pass',
      'Its SBOM lists 1 package, and none that may not be there.',
    ],
    [
      'what may be forbidden',
      [of([ZLIB])],
      FORBIDDEN,
      'unknown',
      'Its SBOM does not tell whether something is forbidden: zlib (zlib <1.2.12).',
    ],
    [
      'a licence that is not allowed',
      [of([LOG4J, PAD, ZLIB])],
      { allowedLicences: ['Apache-2.0'] },
      'fail',
      'The licence of 1 package is not allowed: left-pad 1.3.0 (WTFPL).',
    ],
    [
      'a licence that is not said',
      [of([LOG4J, ZLIB])],
      { unlicensed: 'report' },
      'fail',
      'The licence of 1 package is not allowed: zlib (not said).',
    ],
    [
      'both',
      [of([LOG4J, PAD])],
      { ...FORBIDDEN, deniedLicences: ['WTF*'] },
      'fail',
      'It holds what is forbidden: org.apache.logging.log4j/log4j-core 2.14.1 (maven/log4j-core <2.17.1). The licence of 1 package is not allowed: left-pad 1.3.0 (WTFPL).',
    ],
    [
      'a range that cannot be compared',
      [of([PAD])],
      { forbidden: ['npm/left-pad <latest'] },
      'unknown',
      'What is forbidden cannot be read: "latest" is no version that can be compared.',
    ],
    [
      'a hostile name',
      [of([{ name: 'x'.repeat(400), version: '1' }])],
      { unlicensed: 'report' },
      'fail',
      `The licence of 1 package is not allowed: ${'x'.repeat(100)}… (not said).`,
    ],
  ])('%s', (_, sboms, parameters, outcome, reason) => {
    expect(judgeAll(sboms, parameters)).toMatchObject({ outcome, reason })
  })

  it('shows what it rests on', () => {
    const one = of([PAD], { about: [], tool: 'syft 1.33.0', created: '2026-11-20T08:00:00Z', check: verified('ci') })
    expect(judgeAll([one])).toMatchObject({
      evidence: [
        {
          name: 'SBOM',
          value: 'SPDX 2.3, 1 package, by syft 1.33.0, of 2026-11-20T08:00:00Z, does not say which image it is about',
        },
        { name: 'Attested by ci', value: 'key SHA256:ci' },
      ],
    })
    expect(judgeAll([of([PAD], { check: verified() })])).toMatchObject({
      evidence: [{ name: 'SBOM' }, { name: 'Attested by nobody who is named' }],
    })
  })

  it('names a command that attaches one', () => {
    expect(judgeAll([])).toMatchObject({ fix: { command: expect.stringMatching(/^cosign attest .*@sha256:/) } })
  })
})

describe('where nobody is named', () => {
  test.each<[string, AttachedSbom, string]>([
    ['one that holds what is forbidden', of([LOG4J]), 'fail'],
    ['one that cannot be read', unreadable, 'unknown'],
    ['one that lists nothing', of([]), 'fail'],
    ['one about another image', of([LOG4J], { about: [ARM] }), 'pass'],
  ])('a good SBOM does not help against %s', (_, other, outcome) => {
    for (const sboms of [
      [of([PAD]), other],
      [other, of([PAD])],
    ])
      expect(judgeAll(sboms, FORBIDDEN)).toMatchObject({ outcome })
  })

  it('is unknown where something was not read', () => {
    expect(judgeAll([of([PAD])], {}, 2)).toMatchObject({
      outcome: 'unknown',
      reason: 'Too much is attached to it: 2 things were not read.',
    })
    expect(judgeAll([of([LOG4J])], FORBIDDEN, 2)).toMatchObject({ outcome: 'fail' })
    expect(judgeAll([], {}, 1)).toMatchObject({ outcome: 'unknown' })
  })
})

describe('where somebody is named', () => {
  const good = of([PAD], { check: verified('ci') })
  test.each<[string, readonly AttachedSbom[], number, string]>([
    ['theirs', [good], 0, 'pass'],
    ["theirs beside anybody's", [of([LOG4J]), of([LOG4J], { check: refused() }), unreadable, good], 7, 'pass'],
    ["another's", [of([PAD], { check: verified('dev') })], 0, 'fail'],
    ["nobody's", [of([PAD])], 0, 'fail'],
    ['one that is refused', [of([PAD], { check: refused() })], 0, 'fail'],
    ['one that could not be checked', [of([PAD], { check: unchecked() })], 0, 'unknown'],
    ['none, with too much attached', [], 1, 'unknown'],
    ['theirs with what is forbidden', [good, of([LOG4J], { check: verified('release') })], 0, 'fail'],
    ['theirs that cannot be read', [{ ...unreadable, check: verified('ci') }], 0, 'fail'],
  ])('%s', (_, sboms, unread, outcome) => {
    expect(judgeAll(sboms, { ...SIGNED, ...FORBIDDEN }, unread)).toMatchObject({ outcome })
  })

  it('says whom it waits for', () => {
    expect(judgeAll([of([PAD])], SIGNED)).toMatchObject({
      reason: 'It has no SBOM by ci, release that counts. 1 is there that is not attested by them.',
    })
    expect(judgeAll([{ ...unreadable, check: unchecked('it has more than 16 MiB') }], SIGNED)).toMatchObject({
      reason: 'It has no SBOM by ci, release that counts. 1 SBOM of it cannot be relied upon: it has more than 16 MiB.',
    })
    expect(judgeAll([{ ...unreadable, check: verified('ci') }], SIGNED)).toMatchObject({
      reason: 'It has no SBOM by ci, release that counts. 1 is there that cannot be read: it is not JSON.',
    })
    expect(judgeAll([of([PAD], { check: unchecked('no key') })], SIGNED)).toMatchObject({
      reason: 'It has no SBOM by ci, release that counts. 1 SBOM of it cannot be relied upon: no key.',
    })
  })
})

describe('an index', () => {
  const index = (own: readonly AttachedSbom[], arm: readonly AttachedSbom[], amd: readonly AttachedSbom[]) => ({
    isIndex: true,
    manifests: [
      { digest: DIGEST, sboms: own, unread: 0 },
      { digest: ARM, platform: 'linux/arm64', sboms: arm, unread: 0 },
      { digest: AMD, platform: 'linux/amd64', sboms: amd, unread: 0 },
    ],
  })
  const [arm, amd] = [of([PAD], { about: [ARM] }), of([PAD], { about: [AMD] })]

  test.each<[string, ImageSboms, string]>([
    ['one for each platform', index([], [arm], [amd]), 'pass'],
    ['one for all', index([of([PAD])], [], []), 'pass'],
    ['those of its platforms, attached to it', index([arm, amd], [], []), 'pass'],
    ['one for a platform alone', index([], [arm], []), 'fail'],
    ['one of the other platform', index([], [arm], [arm]), 'fail'],
    ['no manifest', { isIndex: false, manifests: [] }, 'unknown'],
  ])('%s', (_, sboms, outcome) => {
    expect(judgeImage(sboms)).toMatchObject({ outcome })
  })

  it('says which platform it is', () => {
    expect(judgeImage(index([], [arm], [])).reason).toBe('linux/amd64: It has no SBOM that counts.')
  })

  it('waits for a platform, and not where another holds what is forbidden', () => {
    expect(judgeImage(index([], [arm], []), {}, young)).toMatchObject({ outcome: 'not-applicable' })
    const bad = index([], [of([LOG4J], { about: [ARM] })], [])
    expect(judgeImage(bad, FORBIDDEN, young)).toMatchObject({ outcome: 'fail' })
  })
})

describe('just pushed', () => {
  it('need not have one yet', () => {
    expect(judgeAll([], {}, 0, young)).toEqual({
      outcome: 'not-applicable',
      reason: 'It was pushed less than 30 minutes ago. So far: It has no SBOM that counts.',
    })
  })

  it('may not hold what is forbidden', () => {
    expect(judgeAll([of([LOG4J])], FORBIDDEN, 0, young)).toMatchObject({ outcome: 'fail' })
  })
})
