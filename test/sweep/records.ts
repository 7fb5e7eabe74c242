import type {
  ImageRecord,
  RecordedFinding,
  RecordedVerdict,
  RepositoryRecord,
} from '../../functions/domain/sweep/record.ts'
import { DIGEST } from '../builders.ts'

export const HOME = { account: '123456789012', region: 'ap-northeast-1' }
export const ID = '2026-11-28t21'
export const NOW = new Date('2026-11-28T21:00:05Z')

export const foundFinding = (change: Partial<RecordedFinding> = {}): RecordedFinding => ({
  ...{ id: 'CVE-2024-6119', severity: 'CRITICAL', package: 'openssl', installed: '3.0.14' },
  firstSeen: '2026-11-20T21:00:00.000Z',
  ...change,
})

export const openVerdict = (change: Partial<RecordedVerdict> = {}): RecordedVerdict => ({
  ...{ rule: 'non-root-user', outcome: 'fail', severity: 'HIGH', mode: 'report', reason: 'it runs as root' },
  ...change,
})

export const imageRecord = (change: Partial<ImageRecord> = {}): ImageRecord => ({
  ...{ digest: DIGEST, tags: ['1.4.2'], pushedAt: '2026-11-20T00:02:11.123Z', sizeBytes: 1_000 },
  ...{ scan: 'complete', findings: [foundFinding()], verdicts: [] },
  ...change,
})

export const repositoryRecord = (change: Partial<RepositoryRecord> = {}): RepositoryRecord => ({
  ...{ ...HOME, kind: 'repository', repository: 'prod/api', owner: 'prod', verdicts: [], rules: [], judged: 1 },
  stored: { images: 1, untagged: 0, archived: 0, bytes: 1_000, archivedBytes: 0 },
  ...{ lints: [], images: [imageRecord()], unread: [] },
  ...change,
})
