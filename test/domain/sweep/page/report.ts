import type {
  BaseReport,
  FindingReport,
  ImageReport,
  RepositoryReport,
  Sums,
  SweepReport,
  VerdictReport,
} from '../../../../functions/domain/sweep/report.ts'

export const sums = (change: Partial<Sums> = {}): Sums => ({
  repositories: 1,
  images: 2,
  unscanned: 0,
  bytes: 4_200_000_000,
  dollarsPerMonth: 0.42,
  removableBytes: 1_000_000_000,
  removableDollarsPerMonth: 0.1,
  findings: { CRITICAL: 1, HIGH: 2 },
  overdue: { CRITICAL: 1 },
  fails: 1,
  unknowns: 0,
  excepted: 1,
  ...change,
})

export const finding = (change: Partial<FindingReport> = {}): FindingReport => ({
  id: 'CVE-2026-31789',
  severity: 'CRITICAL',
  package: 'openssl',
  installed: '3.0.1',
  fixed: '3.0.15',
  url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-31789',
  days: 12,
  overdue: true,
  ...change,
})

export const verdict = (change: Partial<VerdictReport> = {}): VerdictReport => ({
  rule: 'tag-immutability',
  outcome: 'fail',
  severity: 'MEDIUM',
  reason: 'Tags can be overwritten.',
  fix: 'Turn on tag immutability',
  command: 'aws ecr put-image-tag-mutability --repository-name prod/api --image-tag-mutability IMMUTABLE',
  ...change,
})

export const image = (change: Partial<ImageReport> = {}): ImageReport => ({
  digest: `sha256:${'4a'.repeat(32)}`,
  tags: ['1.4.2', 'latest'],
  pushedAt: '2026-11-01T08:00:00.000Z',
  sizeBytes: 412_000_000,
  users: ['ECS service web'],
  scan: 'complete',
  counts: { CRITICAL: 1, HIGH: 1 },
  verdicts: [verdict({ rule: 'no-root', severity: 'HIGH', reason: 'It runs as root.' })],
  findings: [
    finding(),
    finding({
      id: 'CVE-2026-2',
      severity: 'HIGH',
      package: 'zlib',
      installed: undefined,
      fixed: undefined,
      url: undefined,
      days: 1,
      overdue: false,
      excepted: 'not reachable',
    }),
  ],
  omitted: 3,
  ...change,
})

const { repositories: _one, removableDollarsPerMonth: _derived, ...own } = sums()

export const repository = (change: Partial<RepositoryReport> = {}): RepositoryReport => ({
  account: '123456789012',
  region: 'ap-northeast-1',
  repository: 'prod/api',
  owner: 'team-api',
  score: 42.4,
  losses: [
    { why: '4 critical findings, overdue', points: 52.6 },
    { why: '1 medium fail', points: 5 },
  ],
  ...own,
  unread: [],
  details: {
    verdicts: [verdict()],
    lints: ['Rule 1 never matches: no tag begins with v.'],
    images: [
      image(),
      image({
        digest: `sha256:${'5b'.repeat(32)}`,
        tags: [],
        users: [],
        scan: 'never',
        counts: {},
        verdicts: [],
        findings: [],
        omitted: 0,
      }),
    ],
    omitted: 1,
  },
  ...change,
})

const dayOf = (n: number): string => `2026-11-${String(n).padStart(2, '0')}T21:00:00.000Z`

const TREND = Array.from({ length: 24 }, (_, n) => ({
  at: dayOf(n + 1),
  score: 52 + n + (n % 5) * 2,
  ...sums({ repositories: 40, fails: 60 - n, bytes: 1_400_000_000_000 + n * 9_000_000_000 }),
}))

const OWNERS = ['team-api', 'web', 'data', 'batch', 'platform', 'mobile', 'unowned'].map((owner, n) => ({
  owner,
  score: 41 + n * 9,
  ...(n !== 3 && { change: n - 2.5 }),
  losses: [{ why: `${12 - n} critical findings`, points: 22 - n * 2 }],
  ...sums({
    repositories: 4 + n,
    bytes: 620_000_000_000 / (n + 1),
    dollarsPerMonth: 62 / (n + 1),
    removableBytes: 210_000_000_000 / (n + 2),
    removableDollarsPerMonth: 21 / (n + 2),
    findings: { CRITICAL: 12 - n, HIGH: 40 - 3 * n },
    overdue: n < 3 ? { CRITICAL: 3 - n } : {},
    fails: 9 - n,
  }),
}))

const FIXES: SweepReport['fixes'] = [
  {
    kind: 'base',
    title: 'Rebuild on a newer base/node',
    severity: 'CRITICAL',
    closes: { findings: 214, fails: 0, images: 31, repositories: 12 },
    repositories: ['prod/api', 'prod/web', 'prod/checkout', 'prod/search', 'prod/login', 'prod/mail'],
  },
  {
    kind: 'package',
    title: 'Upgrade openssl to 3.0.15',
    severity: 'CRITICAL',
    closes: { findings: 96, fails: 0, images: 48, repositories: 20 },
    repositories: ['prod/api', 'data/etl'],
  },
  {
    kind: 'rule',
    title: 'Turn on scan on push',
    command: 'aws ecr put-registry-scanning-configuration --scan-type BASIC',
    severity: 'HIGH',
    closes: { findings: 0, fails: 7, images: 0, repositories: 7 },
    repositories: ['batch/nightly'],
  },
]

export const base = (change: Partial<BaseReport> = {}): BaseReport => ({
  ...{ name: 'base/node:20.14-bookworm-slim', isRead: true, layers: 5, top: '4a5b6c7d8e9f0a1b', images: 31 },
  ...{ repositories: 12, named: ['prod/api', 'prod/web', 'prod/admin', 'team-a/worker', 'team-b/batch'] },
  ...{ findings: { CRITICAL: 31, HIGH: 62, MEDIUM: 900 }, fixable: 930 },
  rebuild: { on: 'base/node:22.11-bookworm-slim', fixes: 899, adds: 1 },
  ...change,
})

const { rebuild: _, ...unread } = base()

const BASES: SweepReport['ancestry']['bases'] = [
  base(),
  {
    ...unread,
    name: 'python:3.11',
    isRead: false,
    images: 4,
    repositories: 2,
    named: ['ml/a', 'ml/b'],
    findings: { HIGH: 140 },
    fixable: 0,
  },
  {
    ...unread,
    name: null,
    isRead: false,
    layers: 1,
    images: 1,
    repositories: 2,
    named: [],
    findings: { LOW: 1 },
    fixable: 1,
  },
]

/** A sweep with something of everything, with gaps. */
export const report = (change: Partial<SweepReport> = {}): SweepReport => ({
  schemaVersion: 1,
  id: '2026-11-24t21',
  startedAt: '2026-11-24T21:00:00.000Z',
  endedAt: '2026-11-24T21:14:00.000Z',
  targets: [
    { account: '123456789012', region: 'ap-northeast-1', listed: 40, judged: 39, problem: null },
    {
      account: '222222222222',
      region: 'us-east-1',
      listed: 0,
      judged: 0,
      problem: 'AccessDenied: the role ecr-steward-read cannot be assumed',
    },
  ],
  coverage: {
    listed: 40,
    judged: 39,
    notWhole: 1,
    complete: false,
    notJudged: [
      { account: '123456789012', region: 'ap-northeast-1', repository: 'prod/huge', why: 'its batch did not end' },
    ],
    omitted: 0,
  },
  verdict: 'fail',
  score: 74.6,
  losses: [
    { why: '12 critical findings', points: 14.5 },
    { why: '37 fails of rules', points: 8 },
    { why: '1 repository not judged', points: 2.5 },
  ],
  totals: sums({
    repositories: 39,
    images: 412,
    bytes: 1_607_000_000_000,
    dollarsPerMonth: 160.7,
    removableBytes: 403_000_000_000,
    removableDollarsPerMonth: 40.3,
    findings: { CRITICAL: 57, HIGH: 212, MEDIUM: 801, LOW: 94, UNDEFINED: 2 },
    overdue: { CRITICAL: 12, HIGH: 9 },
    fails: 37,
    unknowns: 4,
    excepted: 11,
    unscanned: 6,
  }),
  since: {
    at: '2026-11-23T21:00:00.000Z',
    score: 3,
    newFails: 4,
    fixedFails: 10,
    newFindings: { CRITICAL: 2, HIGH: 10 },
    fixedFindings: { HIGH: 30 },
    bytes: -12_300_000_000,
    dollarsPerMonth: -1.23,
  },
  trend: TREND,
  owners: OWNERS,
  ownersOmitted: 0,
  fixes: FIXES,
  ancestry: { bases: BASES, omitted: 3, inherited: 1_134, own: 20, unplaced: 12 },
  rules: [
    { rule: 'tag-immutability', pass: 30, fail: 8, unknown: 1, excepted: 0 },
    { rule: 'scan-on-push', pass: 35, fail: 4, unknown: 0, excepted: 1 },
    { rule: 'base-image', pass: 400, fail: 4, unknown: 8, excepted: 0 },
    { rule: 'no-root', pass: 380, fail: 25, unknown: 3, excepted: 2 },
  ],
  ages: [
    { severity: 'CRITICAL', sla: 7, buckets: [45, 9, 2, 1], overdue: 12 },
    { severity: 'HIGH', sla: 30, buckets: [120, 83, 7, 2], overdue: 9 },
    { severity: 'MEDIUM', sla: 90, buckets: [500, 201, 100, 0], overdue: 0 },
    { severity: 'LOW', sla: null, buckets: [60, 30, 4, 0], overdue: 0 },
  ],
  exceptions: [
    {
      what: 'CVE-2026-1 in prod/*',
      owner: 'team-api',
      reason: 'TLS ends before',
      expires: '2027-01-31',
      line: 12,
      uses: 9,
      state: 'holds',
    },
    {
      what: 'no-root in batch/*',
      owner: 'batch',
      reason: 'moves next quarter',
      expires: '2026-11-20',
      line: 19,
      uses: 2,
      state: 'expired',
    },
    {
      what: 'CVE-2025-7 in data/*',
      owner: 'data',
      reason: 'not reachable',
      expires: '2026-12-01',
      line: 26,
      uses: 0,
      state: 'expires-soon',
    },
    {
      what: 'CVE-2024-3 in old/*',
      owner: 'web',
      reason: 'gone with v2',
      expires: '2027-03-01',
      line: 33,
      uses: 0,
      state: 'unused',
    },
  ],
  registries: [
    {
      account: '123456789012',
      region: 'ap-northeast-1',
      verdicts: [
        verdict({ rule: 'enhanced-scanning', reason: 'Scanning is basic.', fix: undefined, command: undefined }),
      ],
    },
  ],
  repositories: [
    repository(),
    repository({
      repository: 'prod/web',
      owner: 'web',
      score: 61,
      unread: ['its lifecycle policy: AccessDenied'],
      details: undefined,
    }),
    ...Array.from({ length: 37 }, (_, n) =>
      repository({
        repository: `data/job-${String(n).padStart(2, '0')}`,
        owner: n % 2 ? 'data' : 'batch',
        score: 62 + n,
        losses: [],
        ...sums({
          findings: n % 3 ? {} : { MEDIUM: n },
          overdue: {},
          fails: n % 4 ? 0 : 1,
          excepted: 0,
          removableBytes: 0,
          removableDollarsPerMonth: 0,
          bytes: n * 7_000_000_000,
          dollarsPerMonth: n * 0.7,
        }),
        details: {
          verdicts: [],
          lints: [],
          images: [image({ tags: [`v${n}`], counts: {}, findings: [], verdicts: [], omitted: 0 })],
          omitted: 0,
        },
      }),
    ),
  ],
  ...change,
})

/** A sweep in which all was judged and nothing is open. */
export const pass = (change: Partial<SweepReport> = {}): SweepReport =>
  report({
    targets: [{ account: '123456789012', region: 'ap-northeast-1', listed: 1, judged: 1, problem: null }],
    coverage: { listed: 1, judged: 1, notWhole: 0, complete: true, notJudged: [], omitted: 0 },
    verdict: 'pass',
    score: 100,
    losses: [],
    totals: sums({ findings: {}, overdue: {}, fails: 0, excepted: 0 }),
    since: null,
    trend: [{ at: dayOf(24), score: 100, ...sums() }],
    owners: [{ owner: 'team-api', score: 100, losses: [], ...sums({ findings: {}, overdue: {}, fails: 0 }) }],
    fixes: [],
    ancestry: { bases: [], omitted: 0, inherited: 0, own: 0, unplaced: 0 },
    rules: [],
    ages: [{ severity: 'CRITICAL', sla: 7, buckets: [0, 0, 0, 0], overdue: 0 }],
    exceptions: [],
    registries: [],
    repositories: [
      repository({
        score: 100,
        losses: [],
        ...sums({ findings: {}, overdue: {}, fails: 0, removableBytes: 0 }),
        details: undefined,
      }),
    ],
    ...change,
  })

/** There is no repository at all, and nobody could look. */
export const empty = (): SweepReport =>
  pass({
    coverage: { listed: 0, judged: 0, notWhole: 0, complete: false, notJudged: [], omitted: 0 },
    targets: [{ account: '123456789012', region: 'ap-northeast-1', listed: 0, judged: 0, problem: 'AccessDenied' }],
    verdict: 'unknown',
    score: 0,
    totals: sums({
      repositories: 0,
      images: 0,
      bytes: 0,
      dollarsPerMonth: 0,
      findings: {},
      overdue: {},
      fails: 0,
      excepted: 0,
      removableBytes: 0,
      removableDollarsPerMonth: 0,
    }),
    trend: [],
    owners: [],
    ages: [],
    repositories: [],
  })
