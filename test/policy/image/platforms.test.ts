import { describe, expect, test } from 'vitest'
import { openManifest } from '../../../functions/policy/image/manifest.ts'
import { platformIn } from '../../../functions/policy/image/platform.ts'
import { imagesOf, manifestOf, membersToRead } from '../../../functions/policy/image/platforms.ts'
import { attestation, configuration, imageManifest, indexManifest, layer, member, type Stored } from './manifests.ts'

const arm = { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } }
const amd64 = imageManifest()
const arm64 = imageManifest(configuration({ architecture: 'arm64' }))
const buildKit = member(attestation(), { platform: { os: 'unknown', architecture: 'unknown' } })

const textsOf = (...all: readonly Stored[]) => new Map(all.map(({ digest, text }) => [digest, text]))

function images(members: readonly unknown[], texts: ReadonlyMap<string, string>) {
  const { text, digest } = indexManifest(members)
  const opened = openManifest(text, digest)
  if (opened.kind !== 'index') throw new Error('no index')
  return imagesOf(membersToRead(opened.members), texts)
}

describe('an index', () => {
  test('stands for the image of each platform', () => {
    const opened = images([member(amd64), member(arm64, arm), buildKit], textsOf(amd64, arm64))
    expect(manifestOf(opened)).toMatchObject({
      kind: 'image',
      platforms: [
        { platform: 'linux/amd64', digest: amd64.digest },
        { platform: 'linux/arm64', digest: arm64.digest },
      ],
    })
    expect(JSON.stringify(manifestOf(opened))).not.toContain('configuration')
  })

  test('leaves out an attestation that says to be of a platform, by what it is', () => {
    const told = attestation()
    const opened = images([member(amd64), member(told)], textsOf(amd64, told))
    expect(opened).toMatchObject({ images: [{ digest: amd64.digest }] })
  })

  test('does not leave out an image that says to be an attestation', () => {
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' }
    expect(images([member(amd64, { annotations })], textsOf(amd64))).toMatchObject({
      images: [{ digest: amd64.digest }],
    })
  })

  test('of artifacts alone is one', () => {
    const signature = attestation()
    expect(images([member(signature)], textsOf(signature))).toEqual({ kind: 'artifact', what: 'an index of artifacts' })
  })

  const nested = indexManifest([member(amd64)])
  test.each([
    ['without a member', [], textsOf(), 'its index lists no platform'],
    ['of attestations alone', [buildKit], textsOf(), 'its index lists no platform'],
    ['of more than 100', Array(101).fill(member(amd64)), textsOf(amd64), 'more than 100 manifests'],
    ['of a huge one', [member(amd64, { size: 4_194_305 })], textsOf(amd64), 'a manifest of more than 4 MiB'],
    [
      'of many large ones',
      Array(5).fill(member(amd64, { size: 4_194_304 })),
      textsOf(amd64),
      'more than 16 MiB together',
    ],
    ['of another index', [member(nested)], textsOf(nested), 'linux/amd64 of its index is an index itself'],
    ['of one that is not there', [member(amd64)], textsOf(), 'linux/amd64 of its index is not in the repository'],
    [
      'of one that is another',
      [member(amd64)],
      new Map([[amd64.digest, arm64.text]]),
      'its manifest does not have its digest',
    ],
  ])('%s is not read', (_, members, texts, message) => {
    expect(() => images(members, texts)).toThrow(message)
  })

  test('may have its members a moment later', () => {
    expect(() => images([member(amd64, { platform: undefined })], textsOf())).toThrow(
      expect.objectContaining({ permanent: false, message: expect.stringContaining(amd64.digest.slice(0, 19)) }),
    )
  })
})

describe('a platform', () => {
  test.each([
    [{ os: 'linux', architecture: 'amd64' }, 'linux/amd64'],
    [{ os: 'linux', architecture: 'arm64', variant: 'v8' }, 'linux/arm64'],
    [{ os: 'linux', architecture: 'arm64', variant: 'v9' }, 'linux/arm64/v9'],
    [{ os: 'linux', architecture: 'arm' }, 'linux/arm/v7'],
    [{ os: 'linux', architecture: 'arm', variant: 'v6' }, 'linux/arm/v6'],
    [{ os: 'windows', architecture: 'amd64', 'os.version': '10.0' }, 'windows/amd64'],
  ])('%j is written as runtimes write it', (platform, text) => {
    expect(platformIn(platform, 'it')).toBe(text)
  })

  test.each([{}, { os: 'linux' }, { os: 'a/b', architecture: 'x' }, { os: 'linux', architecture: 'x\n' }])(
    '%j is none',
    (platform) => {
      expect(() => platformIn(platform, 'it')).toThrow('it names a platform that is none')
    },
  )
})

test('an artifact stays one', () => {
  const artifact = { kind: 'artifact', what: 'a Helm chart', subject: layer('x').digest } as const
  expect(manifestOf(artifact)).toEqual(artifact)
})
