import { describe, expect, test } from 'vitest'
import { whatIs } from '../../functions/adapters/manifest.ts'

const OCI = 'application/vnd.oci.image.config.v1+json'
const layer = (digest: string, mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip') => ({ mediaType, digest })

describe('what a manifest is of', () => {
  test.each([
    [
      'an OCI image',
      { config: { mediaType: OCI }, layers: [layer('sha256:base'), layer('sha256:app')] },
      'image',
      'sha256:base',
    ],
    [
      'a Docker image',
      { config: { mediaType: 'application/vnd.docker.container.image.v1+json' }, layers: [layer('sha256:base')] },
      'image',
      'sha256:base',
    ],
    ['a Docker image of schema 1', { schemaVersion: 1, fsLayers: [{ blobSum: 'sha256:a' }] }, 'image', undefined],
    ['an image without layers', { config: { mediaType: OCI } }, 'image', undefined],
    ['an index', { manifests: [{ digest: 'sha256:a' }] }, 'index', undefined],
    ['an empty index', { manifests: [] }, 'index', undefined],
    [
      'a Helm chart',
      { config: { mediaType: 'application/vnd.cncf.helm.config.v1+json' }, layers: [] },
      'artifact',
      undefined,
    ],
    [
      'a signature',
      { artifactType: 'application/vnd.dev.cosign', config: { mediaType: OCI }, layers: [] },
      'artifact',
      undefined,
    ],
    [
      'an attestation of BuildKit',
      { config: { mediaType: OCI }, layers: [layer('sha256:a', 'application/vnd.in-toto+json')] },
      'artifact',
      undefined,
    ],
    [
      'a signature of cosign under a tag',
      { config: { mediaType: OCI }, layers: [layer('sha256:a', 'application/vnd.dev.cosign.simplesigning.v1+json')] },
      'artifact',
      undefined,
    ],
    ['an empty object', {}, 'artifact', undefined],
    ['null', null, 'artifact', undefined],
  ])('%s', (_, manifest, what, baseLayer) => {
    expect(whatIs(JSON.stringify(manifest))).toEqual(baseLayer ? { what, baseLayer } : { what })
  })
})
