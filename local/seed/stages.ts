import type { ScanName } from './scans.ts'

/** What becomes true in the registry with an event: a scan result, a push, a deletion. */
export type Stage = {
  /** Of `events/`. */
  readonly file: string
  /** Id of the event. */
  readonly event: string
  /** The scan result that comes into force. */
  readonly scan?: ScanName
  /** Name of the image that is there from now on. */
  readonly pushed?: string
  /** Name of the image that is gone from now on. */
  readonly removed?: string
}

const scans: readonly (readonly [file: string, event: string, scan: ScanName])[] = [
  ['basic-scan-critical.json', '202767aa-c98b-5ed2-a036-5097e84a87db', 'api'],
  ['basic-scan-index-child.json', 'adf99e67-241e-fec3-744b-26de5e4f1aaf', 'edgeAmd64'],
  ['basic-scan-unsupported-index.json', 'd5dad95c-a82b-2421-a580-8bce4472e0d8', 'edge'],
  ['basic-scan-high-only.json', '25f18f9c-7b4f-0e56-e49b-52b4c7ba1908', 'web'],
  ['basic-scan-clean.json', '7778b763-2836-c17c-5cfe-49c14d2f7b48', 'batch'],
  ['basic-scan-medium-only.json', '208501fd-862e-687e-a4d8-164779e206e5', 'base'],
  ['basic-scan-tags-empty.json', 'eee93f81-ce4b-8a17-c4d8-8951a1af1f5d', 'dangling'],
  ['basic-scan-tags-absent.json', '0ddbbc05-ad10-c253-985e-7dc93e178382', 'worker'],
  ['basic-scan-several-tags.json', '30abcc2b-ddec-f044-1028-c3b4e4cf6d95', 'gateway'],
  ['basic-scan-failed.json', '4e980076-14d8-ba28-1f9b-ab6f3b9b2cc0', 'experimental'],
  ['basic-scan-unsupported-image.json', 'c844a92c-fdc3-8ffd-e9eb-95daadaf824c', 'firmware'],
  ['basic-scan-unsupported-helm-chart.json', 'fa787f43-8824-a448-7a62-2e9953352088', 'chart'],
  ['basic-scan-unsupported-signature.json', '8e1b8323-d85c-3b99-6e12-8f911e3ff6b2', 'signature'],
  ['basic-scan-limit-exceeded.json', 'e41a962c-2110-96b5-b491-c7349afe0658', 'trainer'],
  ['basic-scan-in-progress.json', 'd452098b-2645-a2c4-a488-1f7f24b3d290', 'inProgress'],
  ['basic-scan-counts-absent.json', '00261bc6-9582-ac3b-293a-432a964b460f', 'batchBefore'],
  ['basic-scan-unusual-severities.json', '853381e8-7499-6d9c-e662-78bb43422b8d', 'cache'],
  ['basic-scan-hostile-text.json', '1fdfe74b-323b-e37c-1af2-a460d7bd0c2b', 'demo'],
  ['basic-rescan-same-findings.json', 'b4afbd70-f4ef-bc13-9f94-ac42c810d758', 'api'],
  ['basic-rescan-new-and-fixed.json', 'bf93c3ac-b50a-d830-35ec-96bad37ffc5b', 'apiLater'],
  ['enhanced-scan-and-findings.json', '6678fb82-9e60-b3c5-e7f9-b94aad75cf47', 'payments'],
  ['enhanced-scan-clean.json', 'be84514c-9084-2b27-8906-49a3574e5a19', 'batchEnhanced'],
  ['enhanced-scan-inherited-from-base.json', 'ec2e82db-54f3-e701-d123-dbac5f74ace6', 'storefront'],
  ['enhanced-finding-of-2021-shape.json', '26409490-d8b1-9b50-30c3-7339a7e7a12c', 'payments'],
  ['enhanced-finding-new-cve.json', '42fcf60d-265e-d17f-599c-d55f6ecb8901', 'paymentsNew'],
  ['enhanced-finding-closed.json', 'ee6c957d-dc67-791b-12ef-6c5913705fc6', 'paymentsClosed'],
  ['enhanced-finding-suppressed.json', '95f8786c-d932-11cf-39c5-74e03e9dac5b', 'paymentsSuppressed'],
]

/** In story order. Of a file with several events, the first brings the result. */
export const scanStages: readonly Stage[] = [
  { file: 'push-with-tag.json', event: '08b9c9d3-938d-6b19-a582-367613d50e31', pushed: 'prod/api:1.4.2' },
  { file: 'push-of-signature.json', event: '562b7ee5-bb00-4804-2641-4534ae374043', pushed: 'prod/api@signature' },
  { file: 'push-of-referrer.json', event: '3ca48c41-5881-fd4d-915e-bbde58a3448c', pushed: 'prod/api@sbom' },
  { file: 'push-without-tag.json', event: '3c5820e5-5358-0c78-7942-60a86a320bc0', pushed: 'prod/edge@amd64' },
  { file: 'image-deleted.json', event: 'd16066f9-1f63-2cfb-c262-54491bf20dbd', removed: 'prod/api:1.4.1' },
  ...scans.map(([file, event, scan]) => ({ file, event, scan })),
]
