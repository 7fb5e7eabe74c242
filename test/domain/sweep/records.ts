import type {
  ImageRecord,
  RecordedException,
  RecordedFinding,
  RecordedVerdict,
  RegistryRecord,
  RepositoryRecord,
} from '../../../functions/domain/sweep/record.ts'
import { DIGEST, finding } from '../../builders.ts'

export const PLACE = { account: '222222222222', region: 'eu-west-1' }

export const recordedVerdict = (change: Partial<RecordedVerdict> = {}): RecordedVerdict => ({
  ...{ rule: 'scan-on-push', outcome: 'fail', severity: 'HIGH', mode: 'report', reason: 'Nothing scans it.' },
  fix: { text: 'Turn on scan on push.', command: 'aws ecr put-image-scanning-configuration …' },
  ...change,
})

export const recordedFinding = (change: Partial<RecordedFinding> = {}): RecordedFinding => ({
  ...finding(),
  firstSeen: '2026-10-01T21:00:00.000Z',
  ...change,
})

export const recordedException = (change: Partial<RecordedException> = {}): RecordedException => ({
  ...{ state: 'excepted', reason: 'TLS ends before it', owner: 'team-a', expires: '2027-01-31', line: 12 },
  ...change,
})

export const imageRecord = (change: Partial<ImageRecord> = {}): ImageRecord => ({
  ...{ digest: DIGEST, tags: ['1.4.2'], pushedAt: '2026-11-01T08:00:00.000Z', sizeBytes: 80_000_000 },
  ...{ scan: 'complete', findings: [], verdicts: [] },
  ...change,
})

export const repositoryRecord = (change: Partial<RepositoryRecord> = {}): RepositoryRecord => ({
  ...{ ...PLACE, kind: 'repository', repository: 'prod/api', owner: 'team-a', judged: 1 },
  ...{ verdicts: [], rules: [], lints: [], images: [], unread: [] },
  stored: { images: 1, untagged: 0, archived: 0, bytes: 80_000_000, archivedBytes: 0 },
  ...change,
})

export const registryRecord = (change: Partial<RegistryRecord> = {}): RegistryRecord => ({
  ...{ ...PLACE, kind: 'registry', verdicts: [], rules: [], unread: [] },
  ...change,
})
