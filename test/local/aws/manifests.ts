import { digestOf, OCI_INDEX, OCI_MANIFEST } from '../../../local/aws/ecr/manifest.ts'

const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'

/** A manifest of its own for each name: 100 bytes of configuration and 32,000 of layers. */
export const manifestOf = (name: string): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: CONFIG, size: 100, digest: digestOf(name) },
    layers: [
      { mediaType: LAYER, size: 2000, digest: digestOf(`${name} 1`) },
      { mediaType: LAYER, size: 30_000, digest: digestOf(`${name} 2`) },
    ],
  })

/** An index that lists the given manifests. */
export const indexOf = (...manifests: string[]): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: manifests.map((text) => ({ mediaType: OCI_MANIFEST, size: text.length, digest: digestOf(text) })),
  })
