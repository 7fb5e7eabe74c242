import { describe, expect, test } from 'vitest'
import { openManifest } from '../../../functions/policy/image/manifest.ts'
import {
  attestation,
  configuration,
  imageManifest,
  indexManifest,
  layer,
  manifestJson,
  member,
  type Stored,
  stored,
} from './manifests.ts'

const open = ({ text, digest }: Stored) => openManifest(text, digest)

describe('a manifest', () => {
  test('of an image has its layers from below, its bytes, and where its configuration lies', () => {
    const config = configuration()
    const image = imageManifest(config)
    expect(open(image)).toEqual({
      kind: 'image',
      digest: image.digest,
      sizeInBytes: 2_000 + config.size,
      layers: [layer('base').digest, layer('app').digest],
      annotations: {},
      configuration: { digest: config.digest, size: config.size },
    })
  })

  test('keeps what it says of its base, and no other annotation', () => {
    const base = { 'org.opencontainers.image.base.name': 'docker.io/library/node:22-slim' }
    const annotations = { ...base, 'org.opencontainers.image.base.digest': 'a b', other: 'hunter2' }
    expect(open(imageManifest(undefined, { annotations }))).toMatchObject({ annotations: base })
  })

  test('of an index has its members with their platforms', () => {
    const image = imageManifest()
    const index = indexManifest([member(image), member(image, { platform: undefined })])
    expect(open(index)).toEqual({
      kind: 'index',
      members: [
        { digest: image.digest, size: image.size, platform: 'linux/amd64' },
        { digest: image.digest, size: image.size, platform: undefined },
      ],
    })
  })

  test('of an artifact says what it is, and of what', () => {
    const subject = { digest: layer('image').digest }
    const layers = [layer('a', 'application/vnd.dev.cosign.simplesigning.v1+json')]
    expect(open(imageManifest(undefined, { layers, subject }))).toEqual({
      kind: 'artifact',
      what: 'a signature',
      subject: subject.digest,
    })
    expect(open(attestation())).toEqual({ kind: 'artifact', what: 'an attestation', subject: undefined })
  })

  const digest = layer('x').digest
  test.each([
    ['is another one', stored({}).text, 'its manifest does not have its digest'],
    ['is no JSON', stored('<html>'), 'its manifest is not JSON'],
    ['is of more than 4 MiB', stored(' '.repeat(4_194_305)), 'its manifest has more than 4 MiB'],
    ["is of Docker's first format", stored({ schemaVersion: 1, fsLayers: [] }), "Docker's schema 1"],
    [
      'names no configuration',
      imageManifest(undefined, { config: { mediaType: '' } }),
      'a digest that is not of sha256',
    ],
    [
      'has a text as a layer',
      imageManifest(undefined, { layers: [layer('a'), 'x'] }),
      'something that is no descriptor',
    ],
    [
      'has layers of another hash',
      imageManifest(undefined, { layers: [{ ...layer('a'), digest: 'md5:1' }] }),
      'of sha256',
    ],
    [
      'has a layer of less than nothing',
      imageManifest(undefined, { layers: [{ ...layer('a'), size: -1 }] }),
      'a size that',
    ],
    [
      'has a layer of half a byte',
      imageManifest(undefined, { layers: [{ ...layer('a'), size: 0.5 }] }),
      'a size that is',
    ],
    [
      'has thousands of layers',
      imageManifest(undefined, { layers: Array(1_001).fill(layer('a')) }),
      'more than 1000 layers',
    ],
    ['lists what is no manifest', indexManifest([7]), 'something that is no descriptor'],
    ['has no such platform', indexManifest([{ digest, size: 1, platform: { os: '<b>' } }]), 'a platform that is none'],
    ['has its layers twice', stored({ ...manifestJson(), Layers: [] }), 'its manifest says layers twice'],
  ])('that %s is not read', (_, given, message) => {
    const { text, digest } = typeof given === 'string' ? { text: given, digest: layer('x').digest } : given
    expect(() => openManifest(text, digest)).toThrow(message)
  })
})
