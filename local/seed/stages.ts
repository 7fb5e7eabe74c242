import type { LocalAws } from '../aws/server.ts'
import { changes } from './changes.ts'
import { putScan } from './put-scan.ts'
import { SCANS, type ScanName } from './scans.ts'

/** A scan result that comes into force with an event of `events/`. */
export type Stage = {
  readonly file: string
  /** Id of the event. */
  readonly event: string
  /** ISO 8601 instant of the event. */
  readonly time: string
  readonly scan: ScanName
}

const table: readonly (readonly [event: string, time: string, file: string, scan: ScanName])[] = [
  ['202767aa-c98b-5ed2-a036-5097e84a87db', '2026-11-20T00:03:05Z', 'basic-scan-critical', 'api'],
  ['adf99e67-241e-fec3-744b-26de5e4f1aaf', '2026-11-20T00:10:30Z', 'basic-scan-index-child', 'edgeAmd64'],
  ['d5dad95c-a82b-2421-a580-8bce4472e0d8', '2026-11-20T00:10:40Z', 'basic-scan-unsupported-index', 'edge'],
  ['25f18f9c-7b4f-0e56-e49b-52b4c7ba1908', '2026-11-20T00:14:12Z', 'basic-scan-high-only', 'web'],
  ['7778b763-2836-c17c-5cfe-49c14d2f7b48', '2026-11-20T00:16:02Z', 'basic-scan-clean', 'batch'],
  ['208501fd-862e-687e-a4d8-164779e206e5', '2026-11-20T00:18:55Z', 'basic-scan-medium-only', 'base'],
  ['eee93f81-ce4b-8a17-c4d8-8951a1af1f5d', '2026-11-20T00:21:17Z', 'basic-scan-tags-empty', 'dangling'],
  ['0ddbbc05-ad10-c253-985e-7dc93e178382', '2026-11-20T00:23:40Z', 'basic-scan-tags-absent', 'worker'],
  ['30abcc2b-ddec-f044-1028-c3b4e4cf6d95', '2026-11-20T00:26:08Z', 'basic-scan-several-tags', 'gateway'],
  ['4e980076-14d8-ba28-1f9b-ab6f3b9b2cc0', '2026-11-20T00:31:31Z', 'basic-scan-failed', 'experimental'],
  ['c844a92c-fdc3-8ffd-e9eb-95daadaf824c', '2026-11-20T00:33:02Z', 'basic-scan-unsupported-image', 'firmware'],
  ['fa787f43-8824-a448-7a62-2e9953352088', '2026-11-20T00:34:20Z', 'basic-scan-unsupported-helm-chart', 'chart'],
  ['8e1b8323-d85c-3b99-6e12-8f911e3ff6b2', '2026-11-20T00:35:49Z', 'basic-scan-unsupported-signature', 'signature'],
  ['e41a962c-2110-96b5-b491-c7349afe0658', '2026-11-20T00:37:26Z', 'basic-scan-limit-exceeded', 'trainer'],
  ['d452098b-2645-a2c4-a488-1f7f24b3d290', '2026-11-20T00:38:14Z', 'basic-scan-in-progress', 'inProgress'],
  ['00261bc6-9582-ac3b-293a-432a964b460f', '2026-11-20T00:41:00Z', 'basic-scan-counts-absent', 'batchBefore'],
  ['853381e8-7499-6d9c-e662-78bb43422b8d', '2026-11-20T00:43:37Z', 'basic-scan-unusual-severities', 'cache'],
  ['1fdfe74b-323b-e37c-1af2-a460d7bd0c2b', '2026-11-20T00:52:09Z', 'basic-scan-hostile-text', 'demo'],
  ['b4afbd70-f4ef-bc13-9f94-ac42c810d758', '2026-11-21T00:03:10Z', 'basic-rescan-same-findings', 'api'],
  ['bf93c3ac-b50a-d830-35ec-96bad37ffc5b', '2026-11-22T00:03:08Z', 'basic-rescan-new-and-fixed', 'apiLater'],
  ['6678fb82-9e60-b3c5-e7f9-b94aad75cf47', '2026-11-23T03:10:02Z', 'enhanced-scan-and-findings', 'payments'],
  ['be84514c-9084-2b27-8906-49a3574e5a19', '2026-11-23T03:12:20Z', 'enhanced-scan-clean', 'batchEnhanced'],
  ['ec2e82db-54f3-e701-d123-dbac5f74ace6', '2026-11-23T03:20:09Z', 'enhanced-scan-inherited-from-base', 'storefront'],
  ['26409490-d8b1-9b50-30c3-7339a7e7a12c', '2026-11-23T03:25:30Z', 'enhanced-finding-of-2021-shape', 'payments'],
  ['5c0e7b1d-9a3f-4d62-8e17-2b6f0c9d4a85', '2026-11-24T00:14:09Z', 'basic-rescan-exception-ended', 'web'],
  ['42fcf60d-265e-d17f-599c-d55f6ecb8901', '2026-11-24T02:14:55Z', 'enhanced-finding-new-cve', 'paymentsNew'],
  ['ee6c957d-dc67-791b-12ef-6c5913705fc6', '2026-11-24T02:40:12Z', 'enhanced-finding-closed', 'paymentsClosed'],
  ['95f8786c-d932-11cf-39c5-74e03e9dac5b', '2026-11-24T02:45:40Z', 'enhanced-finding-suppressed', 'paymentsSuppressed'],
]

/** In the order of the story. Of a file with several events, the first brings the result. */
export const scanStages: readonly Stage[] = table.map(([event, time, file, scan]) => ({
  file: `${file}.json`,
  event,
  time,
  scan,
}))

/**
 * Brings into force the scan result or the change that an event speaks of, as of the clock's now. Nothing where it speaks
 * of none.
 * @param event the event, or its id
 */
export function applyStage(aws: LocalAws, event: object | string): void {
  const id = typeof event === 'string' ? event : 'id' in event ? event.id : undefined
  const stage = scanStages.find((one) => one.event === id)
  if (stage) putScan(aws, SCANS[stage.scan], aws.clock.now())
  changes.find((one) => one.event === id)?.apply(aws)
}
