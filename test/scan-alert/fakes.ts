import type { SQSRecord } from 'aws-lambda'
import type { Alert } from '../../functions/domain/alert.ts'
import type { BaseImage } from '../../functions/domain/facts/image-facts.ts'
import { type ImageRef, imageKey } from '../../functions/domain/image.ts'
import { tally } from '../../functions/domain/severity.ts'
import type { Told } from '../../functions/domain/triage.ts'
import { Later } from '../../functions/faults.ts'
import type { Deps, ImageDetail, Manifest, ScanResult } from '../../functions/scan-alert/ports.ts'

type Answer<T> = T | Error

export const scanResult = (change: Partial<ScanResult> = {}): ScanResult => ({
  status: 'COMPLETE',
  outcome: 'complete',
  scannedAt: '2026-11-20T08:59:30.000Z',
  counts: change.findings ? tally(change.findings.map(({ severity }) => severity)) : { HIGH: 1 },
  findings: [],
  ...change,
})

/** A registry, a memory and a topic that live in a few variables. */
export function world(
  change: {
    scan?: Answer<ScanResult>
    detail?: Answer<ImageDetail>
    manifest?: Answer<Manifest>
    bases?: Answer<readonly BaseImage[]>
  } = {},
) {
  const state = {
    scan: change.scan ?? scanResult(),
    detail: change.detail ?? { tags: ['1.4.2', 'stable'], pushedAt: '2026-11-20T08:55:12.000Z' },
    manifest: change.manifest ?? { what: 'image' as const },
    bases: change.bases ?? [],
    now: new Date('2026-11-20T09:01:00Z'),
    deadline: Number.POSITIVE_INFINITY,
    told: new Map<string, Told>(),
    held: new Set<string>(),
    published: [] as Alert[],
    calls: [] as string[],
    refuse: undefined as Error | undefined,
  }
  const read = <T>(name: string, image: ImageRef, answer: Answer<T>): Promise<T> => {
    state.calls.push(`${name} ${imageKey(image)}`)
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  const deps: Deps = {
    now: () => state.now,
    get deadline() {
      return state.deadline
    },
    ports: {
      images: {
        scanResult: (image) => read('scan', image, state.scan),
        detail: (image) => read('detail', image, state.detail),
        manifest: (image) => read('manifest', image, state.manifest),
        bases: (image) => read('bases', image, state.bases),
      },
      memory: {
        async claim(subject) {
          state.calls.push(`claim ${subject}`)
          if (state.held.has(subject)) throw new Later('another invocation is at work on it')
          state.held.add(subject)
          return {
            told: state.told.get(subject),
            keep: async (told) => void state.told.set(subject, told),
            mark: async (told) => {
              state.told.set(subject, told)
              state.held.delete(subject)
            },
            release: async () => {
              state.held.delete(subject)
            },
          }
        },
      },
      alerts: {
        async publish(alert) {
          if (state.refuse) throw state.refuse
          state.published.push(alert)
        },
      },
    },
  }
  return { state, deps }
}

export const record = (body: unknown, receives = 1): SQSRecord => ({
  messageId: `message-${Math.random()}`,
  receiptHandle: 'handle',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '0',
    SenderId: 'x',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:ap-northeast-1:123456789012:scan-alert',
  awsRegion: 'ap-northeast-1',
})
