import { artifact, entry, image, labelsOf, type SeedImage, well } from './build.ts'
import { CI_IMAGES } from './ci-images.ts'
import { FAKE_GITHUB_TOKEN, FAKE_NPM_TOKEN, FAKE_PASSWORD } from './fake-secrets.ts'
import { attestationManifest, type ImageSpec, indexManifest } from './manifests.ts'
import { SIGNED_BEFORE, SIGNED_LATER } from './signed-images.ts'

const base20 = image(
  'base/node:20',
  { tags: ['20.14-bookworm-slim'], pushed: '2026-06-11T05:20:00Z' },
  { layers: ['debian-june', 'node-20'], labels: labelsOf('base/node', '20.14') },
)

const node = (name: string, layers: readonly string[]): Omit<ImageSpec, 'created'> => ({
  ...well(name, [...base20.layers, ...layers], 'node', base20),
  env: ['NODE_ENV=production'],
})

const api = image(
  'prod/api:1.4.2',
  { tags: ['1.4.2'], pushed: '2026-11-20T00:02:11Z' },
  node('prod/api:1.4.2', ['api-apt', 'api-1.4.2']),
)

const edgePush = { tags: [], pushed: '2026-11-20T00:09:40Z' }
const edgeOn = (architecture: 'amd64' | 'arm64'): SeedImage =>
  image(`prod/edge@${architecture}`, edgePush, {
    ...well('prod/edge:3.1.0', ['debian-june', `edge-${architecture}`], 'edge'),
    architecture,
  })
const edge = { amd64: edgeOn('amd64'), arm64: edgeOn('arm64') }
const provenance = entry('prod/edge@provenance', edgePush, attestationManifest(edge.amd64))
const edgeIndex = entry('prod/edge:3.1.0', { ...edgePush, tags: ['3.1.0'] }, indexManifest(edge, provenance))

/** As the guide advises against: root, a password in the environment, the newest of everything, no tag but latest. */
const badly = (layers: readonly string[]): Omit<ImageSpec, 'created'> => ({
  layers,
  env: ['PYTHONUNBUFFERED=1', `DB_PASSWORD=${FAKE_PASSWORD}`],
  labels: { 'org.opencontainers.image.base.name': 'docker.io/library/ubuntu:latest' },
})

/** Children stand before the index that names them, images before what is about them. */
export const IMAGES: readonly SeedImage[] = [
  ...CI_IMAGES,
  base20,
  image(
    'base/node:22',
    { tags: ['22.11-bookworm-slim'], pushed: '2026-11-18T05:12:00Z' },
    { layers: ['debian', 'node-22'], labels: labelsOf('base/node', '22.11') },
  ),
  image(
    'docker-hub/library/alpine:3.20',
    { tags: ['3.20'], pushed: '2026-10-02T11:41:00Z' },
    { layers: ['alpine'], docker: true },
  ),
  artifact(
    'charts/api:0.9.1',
    { tags: ['0.9.1'], pushed: '2026-11-19T23:58:00Z' },
    {
      config: 'application/vnd.cncf.helm.config.v1+json',
      content: { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', text: 'chart api 0.9.1' },
    },
  ),
  image(
    'ml/trainer:cuda12',
    { tags: ['cuda12'], pushed: '2026-11-19T20:31:00Z' },
    { layers: ['debian', 'trainer-cuda', 'trainer-models'] },
  ),
  image('my-app:latest', { tags: ['latest'], pushed: '2026-02-02T02:20:00Z' }, badly(['ubuntu', 'my-app'])),
  image(
    'prod/api:1.4.1',
    { tags: ['1.4.1'], pushed: '2026-10-29T01:15:00Z' },
    node('prod/api:1.4.1', ['api-apt', 'api-1.4.1']),
  ),
  api,
  artifact(
    'prod/api@signature',
    { tags: [`${api.digest.replace(':', '-')}.sig`], pushed: '2026-11-20T00:02:40Z' },
    {
      config: 'application/vnd.oci.image.config.v1+json',
      content: { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', text: `signature of ${api.digest}` },
    },
  ),
  artifact(
    'prod/api@sbom',
    { tags: [], pushed: '2026-11-20T00:02:45Z' },
    {
      config: 'application/vnd.oci.empty.v1+json',
      content: { mediaType: 'application/spdx+json', text: `sbom of ${api.digest}` },
      artifactType: 'application/spdx+json',
      subject: api,
    },
  ),
  edge.amd64,
  edge.arm64,
  provenance,
  edgeIndex,
  image(
    'prod/gateway:2.8.0',
    { tags: ['2.8.0', '2.8', '2', 'stable'], pushed: '2026-11-19T08:44:00Z' },
    well('prod/gateway:2.8.0', ['debian-june', 'gateway'], 'envoy'),
  ),
  image(
    'prod/payments:7.3.0',
    { tags: ['7.3.0'], pushed: '2026-11-12T02:05:00Z' },
    well('prod/payments:7.3.0', ['debian-june', 'java-21', 'payments'], 'app'),
  ),
  image(
    'prod/storefront:3.0.0',
    { tags: ['3.0.0'], pushed: '2026-11-13T06:30:00Z' },
    node('prod/storefront:3.0.0', ['storefront']),
  ),
  image('prod/web:5.12.0', { tags: ['5.12.0'], pushed: '2026-11-19T07:02:00Z' }, node('prod/web:5.12.0', ['web'])),
  image(
    'prod/web:5.13.0-rc.1',
    { tags: ['5.13.0-rc.1'], pushed: '2026-11-19T23:50:00Z' },
    // No label says what it is built upon: its layers do.
    { ...node('prod/web:5.13.0-rc.1', ['web-rc']), labels: labelsOf('prod/web', '5.13.0-rc.1') },
  ),
  image(
    'sandbox/demo',
    { tags: ['demo'], pushed: '2026-11-19T22:10:00Z' },
    {
      layers: ['alpine', 'demo'],
      env: ['DEMO=<!channel>'],
      labels: { '<!here>': '<script>alert(1)</script>' },
      ran: [`npm config set //registry.npmjs.org/:_authToken=${FAKE_NPM_TOKEN} && npm ci`],
    },
  ),
  image(
    'team-a/worker@dangling',
    { tags: [], pushed: '2026-11-17T03:19:00Z' },
    { layers: ['debian-june', 'worker-dangling'], docker: true },
  ),
  image(
    'team-a/worker:sha-3f2c9d1',
    { tags: ['sha-3f2c9d1'], pushed: '2026-11-19T03:22:00Z' },
    { layers: ['debian-june', 'worker-3f2c9d1'], docker: true },
  ),
  image(
    'team-a/worker:experimental',
    { tags: ['experimental'], pushed: '2026-11-19T23:30:00Z' },
    {
      layers: ['debian-june', 'worker-experimental'],
      docker: true,
      labels: { 'com.example.build-token': FAKE_GITHUB_TOKEN },
    },
  ),
  image(
    'team-b/batch:2026.11.19',
    { tags: ['2026.11.19'], pushed: '2026-11-19T01:00:00Z' },
    well('team-b/batch:2026.11.19', ['distroless', 'batch-19'], 'nonroot'),
  ),
  image(
    'team-b/batch:2026.11.20',
    { tags: ['2026.11.20'], pushed: '2026-11-19T23:59:00Z' },
    well('team-b/batch:2026.11.20', ['distroless', 'batch-20'], 'nonroot'),
  ),
  image('team-b/firmware:0.3.0', { tags: ['0.3.0'], pushed: '2026-11-19T21:15:00Z' }, { layers: ['firmware'] }),
  ...SIGNED_BEFORE,
]

/** What is pushed in the midst of the story. */
export const LATER_IMAGES: readonly SeedImage[] = [
  image(
    'prod/gateway:2.9.0',
    { tags: ['2.9.0', 'stable'], pushed: '2026-11-20T03:10:00Z' },
    well('prod/gateway:2.9.0', ['debian-june', 'gateway-2.9.0'], 'envoy'),
  ),
  ...SIGNED_LATER,
]

/** The image of that name. Throws where the tables do not agree. */
export function seedImage(name: string): SeedImage {
  const found = [...IMAGES, ...LATER_IMAGES].find((one) => one.name === name)
  if (!found) throw new Error(`No image ${name} in the seed`)
  return found
}
