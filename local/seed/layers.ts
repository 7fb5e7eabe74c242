const MB = 1_000_000

/** The layer of a build of the shop. */
export const shopLayer = (build: number): string => `shop-${build}`

const shopLayers = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [shopLayer(index + 1), (46 + ((index * 7) % 9)) * MB]),
)

/** Bytes of each layer as it is stored, compressed. */
export const LAYER_BYTES: Readonly<Record<string, number>> = {
  debian: 28.2 * MB,
  'debian-june': 29.1 * MB,
  'node-20': 41.6 * MB,
  'node-22': 44.9 * MB,
  'java-21': 88.4 * MB,
  distroless: 2.1 * MB,
  alpine: 3.6 * MB,
  'api-apt': 19.7 * MB,
  'api-1.4.1': 33.1 * MB,
  'api-1.4.2': 33.4 * MB,
  web: 52.8 * MB,
  'web-rc': 53.0 * MB,
  gateway: 17.3 * MB,
  'gateway-2.9.0': 17.6 * MB,
  'worker-dangling': 61.0 * MB,
  'worker-3f2c9d1': 61.2 * MB,
  'worker-experimental': 61.9 * MB,
  'batch-19': 11.4 * MB,
  'batch-20': 11.5 * MB,
  firmware: 8.8 * MB,
  'edge-amd64': 14.9 * MB,
  'edge-arm64': 14.1 * MB,
  'trainer-cuda': 4_870 * MB,
  'trainer-models': 9_610 * MB,
  payments: 73.5 * MB,
  storefront: 58.2 * MB,
  demo: 1.2 * MB,
  ubuntu: 29.7 * MB,
  'my-app': 412.6 * MB,
  'builder-2026.05': 611.4 * MB,
  'builder-2026.08': 640.2 * MB,
  'builder-2026.11': 655.9 * MB,
  'ledger-api': 21.3 * MB,
  'ledger-batch': 12.7 * MB,
  'ledger-vault': 48.9 * MB,
  'ledger-web': 16.2 * MB,
  'shop-amd64': 50.3 * MB,
  'shop-arm64': 48.8 * MB,
  ...shopLayers,
}
