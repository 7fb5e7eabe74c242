import { describe, expect, test } from 'vitest'
import { kindOf, layersOf } from '../../../functions/policy/image/kind.ts'
import { layer, OCI_CONFIG, OCI_INDEX, OCI_MANIFEST } from './manifests.ts'

const config = (mediaType?: string) => ({ config: { mediaType }, layers: [layer('base'), layer('app')] })
const oci = { mediaType: OCI_CONFIG }

describe('what a manifest is of', () => {
  test.each([
    ['an OCI image', config(OCI_CONFIG), 'image'],
    ['a Docker image', config('application/vnd.docker.container.image.v1+json'), 'image'],
    ['an image of an old builder', config('application/octet-stream'), 'image'],
    ['an image whose configuration has no type', config(), 'image'],
    ['a Docker image of schema 1', { schemaVersion: 1, fsLayers: [{ blobSum: 'sha256:a' }] }, 'image'],
    ['an image without layers', { config: oci }, 'image'],
    ['an image that says to be an artifact', { artifactType: 'text/sbom', ...config(OCI_CONFIG) }, 'image'],
    [
      'an image with an attestation among its layers',
      { config: oci, layers: [layer('a', 'application/vnd.in-toto+json'), layer('b')] },
      'image',
    ],
    ['an image whose fields are spelt in another case', { Config: { MediaType: OCI_CONFIG }, LAYERS: [] }, 'image'],
    ['an index', { manifests: [{ mediaType: OCI_MANIFEST }] }, 'index'],
    ['an empty index', { manifests: [] }, 'index'],
    [
      'an index with a cache among its manifests',
      {
        manifests: [{ mediaType: OCI_MANIFEST }, { mediaType: 'application/vnd.buildkit.cacheconfig.v0' }],
      },
      'index',
    ],
  ] as const)('%s', (_, manifest, kind) => {
    expect(kindOf(manifest)).toEqual({ kind })
  })

  test.each([
    ['a Helm chart', config('application/vnd.cncf.helm.config.v1+json')],
    ['a signature', { artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json', config: oci, layers: [] }],
    ['a signature', { config: oci, layers: [layer('a', 'application/vnd.dev.cosign.simplesigning.v1+json')] }],
    ['a signature', { artifactType: 'application/vnd.cncf.notary.signature', config: oci }],
    ['a signature', config('application/vnd.dev.sigstore.bundle.v0.3+json')],
    ['an attestation', { config: oci, layers: [layer('a', 'application/vnd.in-toto+json')] }],
    ['an attestation', { config: oci, layers: [layer('a', 'application/vnd.dsse.envelope.v1+json')] }],
    ['an SBOM', { config: oci, layers: [layer('a', 'text/spdx+json')] }],
    ['an SBOM', { artifactType: 'application/vnd.cyclonedx+json', blobs: [] }],
    ['a SOCI index', config('application/vnd.amazon.soci.index.v1+json')],
    ['a build cache', config('application/vnd.buildkit.cacheconfig.v0')],
    [
      'a build cache',
      {
        manifests: [
          { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' },
          { mediaType: 'application/vnd.buildkit.cacheconfig.v0' },
        ],
      },
    ],
    ['an artifact of type application/vnd.wasm.config.v0+json', config('application/vnd.wasm.config.v0+json')],
    ['an artifact', { artifactType: '<script>' }],
    ['an artifact', {}],
  ])('%s is none of an image', (what, manifest) => {
    expect(kindOf(manifest)).toEqual({ kind: 'artifact', what })
  })

  test.each([
    ['both of an index and of an image', { manifests: [], ...config(OCI_CONFIG) }, 'of an image and of an index'],
    ['an index that says to be an image', { mediaType: OCI_MANIFEST, manifests: [] }, 'not what its media type says'],
    ['an image that says to be an index', { mediaType: OCI_INDEX, ...config(OCI_CONFIG) }, 'not what its media type'],
    ['with layers twice', { ...config(OCI_CONFIG), Layers: [] }, 'says layers twice'],
    ['with a number as its type', { config: { mediaType: 1 } }, 'mediaType of its manifest is not a text'],
  ])('is not told of one that is %s', (_, manifest, message) => {
    expect(() => kindOf(manifest)).toThrow(message)
  })
})

test('the layers are those of the manifest, the lowest first', () => {
  expect(layersOf(config(OCI_CONFIG))).toEqual([layer('base').digest, layer('app').digest])
  expect(layersOf({ layers: [{ size: 1 }, 'no layer'] })).toEqual([])
  expect(layersOf({ config: oci })).toEqual([])
})
