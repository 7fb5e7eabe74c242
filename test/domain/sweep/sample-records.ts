import { layerId } from '../../../functions/domain/ancestry/lineage.ts'
import type { Exception } from '../../../functions/domain/exception.ts'
import type { RegistryRef } from '../../../functions/domain/facts/registry-facts.ts'
import type { Severity } from '../../../functions/domain/severity.ts'
import type { ListedTarget } from '../../../functions/domain/sweep/coverage.ts'
import type {
  ImageRecord,
  RecordedException,
  RecordedFinding,
  RecordedVerdict,
  RepositoryRecord,
  SweepRecord,
} from '../../../functions/domain/sweep/record.ts'

const DAY = 86_400_000
const GB = 1_000_000_000

/** When the sample sweep was over what it reports on. */
export const SAMPLE_NOW = new Date('2026-11-24T21:05:00.000Z')

export const HOME: RegistryRef = { account: '123456789012', region: 'ap-northeast-1' }
const OVERSEAS: RegistryRef = { account: '123456789012', region: 'us-east-1' }
const UNREACHED: RegistryRef = { account: '222222222222', region: 'ap-northeast-1' }

export const SAMPLE_TARGETS: readonly ListedTarget[] = [
  { ...HOME, listed: 9, problem: null },
  { ...OVERSEAS, listed: 4, problem: null },
  {
    ...UNREACHED,
    listed: 0,
    problem: 'arn:aws:iam::222222222222:role/ecr-steward-read may not be assumed: AccessDenied',
  },
]

/** Texts as somebody may write them who wants to be seen: names, versions and reasons come from outside. */
export const HOSTILE = {
  tag: '"><img src=x onerror=alert(1)>',
  package: '<script>alert("package")</script>',
  owner: `O'Brien & "Söhne" <b>GmbH</b>`,
  reason: '=cmd|\' /C calc\'!A0 "quoted", and\n## a heading | a cell <!channel>',
  formula: '=HYPERLINK("https://example.com","click")',
} as const

export const SAMPLE_EXCEPTIONS: readonly Exception[] = [
  {
    ...{ finding: 'CVE-2023-45853', package: 'zlib', repositories: ['prod/**'] },
    ...{ reason: 'minizip is not built', owner: 'payments', expires: '2027-03-31', line: 41 },
  },
  {
    ...{ rule: 'tag-immutability', repositories: ['sandbox/*'] },
    ...{ reason: HOSTILE.reason, owner: HOSTILE.owner, expires: '2026-12-01', line: 47 },
  },
  {
    ...{ rule: 'non-root-user', repositories: ['web/nginx-edge'], tags: ['1.*'] },
    ...{ reason: 'port 80 until the load balancer moves', owner: 'web', expires: '2026-11-10', line: 52 },
  },
  {
    ...{ finding: 'CVE-2021-44228', repositories: ['data/*'] },
    ...{ reason: 'log4j is patched by hand', owner: 'data', expires: '2027-06-30', line: 58 },
  },
]

const recorded = (line: number, state: RecordedException['state']): RecordedException => {
  const { reason, owner, expires } = SAMPLE_EXCEPTIONS.find((one) => one.line === line) as Exception
  return { state, reason, owner, expires, line }
}

const digestOf = (seed: string): string => `sha256:${Buffer.from(seed.padEnd(32, '.')).subarray(0, 32).toString('hex')}`

/** Layers of bases that many images share. */
const NODE_BASE = digestOf('node:20-bookworm')
const PYTHON_BASE = digestOf('python:3.11')

/** Layers of a base, or of what is built upon it. */
const lineageOf = (...layers: readonly string[]): ImageRecord['lineage'] => ({ platforms: [layers.map(layerId)] })

type Seen = { from: number; until?: number }

/** A finding that was there from so many days ago, until so many days ago. */
type Lasting = { readonly finding: RecordedFinding; readonly seen: Seen }

function lasting(
  [id, severity, name, installed, fixed]: readonly [string, Severity, string, string, string?],
  { from, until }: Seen,
  more: Partial<RecordedFinding> = {},
): Lasting {
  const firstSeen = new Date(SAMPLE_NOW.getTime() - from * DAY).toISOString()
  const url = `https://nvd.nist.gov/vuln/detail/${id}`
  return {
    finding: {
      ...{ id, severity, package: name, installed, url, firstSeen },
      ...(fixed !== undefined && { fixed }),
      ...more,
    },
    seen: { from, ...(until !== undefined && { until }) },
  }
}

const nodeBase = (from: number): readonly Lasting[] => [
  lasting(
    ['CVE-2024-5535', 'CRITICAL', 'openssl', '3.0.11-1~deb12u2', '3.0.15-1~deb12u1'],
    { from },
    { layer: NODE_BASE, score: 9.1, epss: 0.04 },
  ),
  lasting(
    ['CVE-2024-0727', 'MEDIUM', 'openssl', '3.0.11-1~deb12u2', '3.0.13-1~deb12u1'],
    { from },
    { layer: NODE_BASE, score: 5.5 },
  ),
  lasting(
    ['CVE-2023-52425', 'HIGH', 'expat', '2.5.0-1', '2.5.0-1+deb12u1'],
    { from: from + 20 },
    { layer: NODE_BASE, score: 7.5 },
  ),
  lasting(
    ['CVE-2024-33599', 'HIGH', 'glibc', '2.36-9+deb12u4', '2.36-9+deb12u7'],
    { from: from + 12 },
    { layer: NODE_BASE, score: 8.1 },
  ),
  lasting(['CVE-2011-3374', 'LOW', 'apt', '2.6.1'], { from: from + 100 }, { layer: NODE_BASE }),
]

const pythonBase = (from: number): readonly Lasting[] => [
  lasting(
    ['CVE-2024-6345', 'HIGH', 'setuptools', '65.5.1', '70.0.0'],
    { from },
    { layer: PYTHON_BASE, score: 8.8, exploit: true },
  ),
  lasting(['CVE-2024-37891', 'MEDIUM', 'urllib3', '1.26.16', '1.26.19'], { from }, { layer: PYTHON_BASE }),
]

const express = lasting(['CVE-2024-45590', 'HIGH', 'body-parser', '1.20.1', '1.20.3'], { from: 0 })
const lodash = lasting(['CVE-2021-23337', 'HIGH', 'lodash', '4.17.20', '4.17.21'], { from: 200 })
const xz = lasting(
  ['CVE-2024-3094', 'CRITICAL', 'xz-utils', '5.6.0', '5.6.2'],
  { from: 16, until: 0 },
  { exploit: true, epss: 0.85 },
)
const zlib = lasting(
  ['CVE-2023-45853', 'CRITICAL', 'zlib', '1:1.2.13.dfsg-1'],
  { from: 190 },
  { exception: recorded(41, 'excepted') },
)
const hostile = lasting(
  ['CVE-2026-31337', 'HIGH', HOSTILE.package, HOSTILE.formula, '"9.9.9"'],
  { from: 9 },
  { url: 'javascript:alert(1)' },
)

const nonRoot: RecordedVerdict = {
  ...{ rule: 'non-root-user', outcome: 'fail', severity: 'HIGH', mode: 'report' },
  reason: 'It runs as root.',
  fix: { text: 'Name a user by USER in the last stage of the Dockerfile.' },
}
const base: RecordedVerdict = {
  ...{ rule: 'base-image', outcome: 'fail', severity: 'MEDIUM', mode: 'report' },
  reason: 'It is built upon node:latest, which is discouraged.',
  fix: { text: 'Build it upon one of these: gcr.io/distroless/**, **:*-slim*.' },
}
const unscanned: RecordedVerdict = {
  ...{ rule: 'scanned', outcome: 'unknown', severity: 'UNDEFINED', mode: 'report' },
  reason: 'ecr:DescribeImageScanFindings is not allowed.',
}
const movable = (repository: string): RecordedVerdict => ({
  ...{ rule: 'tag-immutability', outcome: 'fail', severity: 'MEDIUM', mode: 'enforce' },
  reason: 'Tags can be moved to another image.',
  fix: {
    text: 'Make the tags of the repository immutable.',
    command: `aws ecr put-image-tag-mutability --repository-name ${repository} --image-tag-mutability IMMUTABLE`,
  },
})

type Built = Partial<ImageRecord> & { readonly lasting?: readonly Lasting[] }

function image(tag: string, { lasting: some = [], ...change }: Built, daysAgo: number): ImageRecord {
  const isThere = ({ seen: { from, until = -1 } }: Lasting): boolean => daysAgo <= from && daysAgo > until
  const [base] = some.flatMap(({ finding: { layer } }) => layer ?? [])
  return {
    digest: digestOf(`image ${tag}`),
    ...{ tags: [tag], pushedAt: '2026-11-02T08:15:30.000Z', sizeBytes: 187_400_000, scan: 'complete', verdicts: [] },
    findings: some.filter(isThere).map(({ finding }) => finding),
    ...(base !== undefined && { lineage: lineageOf(base, digestOf(tag.split('').reverse().join(''))) }),
    ...change,
  }
}

type Stored = {
  readonly images?: number
  readonly gb?: number
  readonly archivedGb?: number
  readonly removableGb?: number
}

/** Rules of a repository, counted from its verdicts; nine more subjects pass. */
function ruleCounts(verdicts: readonly RecordedVerdict[]): RepositoryRecord['rules'] {
  const names = ['base-image', 'non-root-user', 'scanned', 'tag-immutability']
  return names.map((rule) => {
    const some = verdicts.filter((verdict) => verdict.rule === rule)
    const excepted = some.filter(({ exception }) => exception?.state === 'excepted').length
    const unknown = some.filter(({ outcome }) => outcome === 'unknown').length
    return { rule, pass: 9, fail: some.length - excepted - unknown, unknown, excepted }
  })
}

function repository(
  name: string,
  owner: string,
  {
    images,
    stored = {},
    ...change
  }: Partial<Omit<RepositoryRecord, 'stored'>> & { images: readonly ImageRecord[]; stored?: Stored },
): RepositoryRecord {
  const { images: all = 40, gb = 12, archivedGb = 0, removableGb = 0 } = stored
  const verdicts = [...(change.verdicts ?? []), ...images.flatMap((one) => one.verdicts)]
  return {
    ...{
      ...HOME,
      kind: 'repository',
      repository: name,
      owner,
      verdicts: [],
      lints: [],
      unread: [],
      judged: images.length,
    },
    rules: ruleCounts(verdicts),
    stored: {
      images: all,
      untagged: Math.floor(all / 4),
      archived: 0,
      bytes: Math.round(gb * GB),
      archivedBytes: archivedGb * GB,
    },
    ...(removableGb > 0 && { removable: { images: Math.floor(all / 3), bytes: removableGb * GB } }),
    images: images.filter(
      ({ scan, findings, verdicts: some }) => scan !== 'complete' || findings.length + some.length > 0,
    ),
    ...change,
  }
}

const payments = (ago: number): RepositoryRecord[] => [
  repository('prod/payments-api', 'payments', {
    images: [
      image(
        '2.14.0',
        {
          lasting: [...nodeBase(24), express, zlib, xz],
          users: ['ECS task definition payments:118'],
          verdicts: [base],
        },
        ago,
      ),
      image('2.13.4', { lasting: [...nodeBase(24), lodash, zlib], verdicts: [base, nonRoot] }, ago),
    ],
    verdicts: [movable('prod/payments-api')],
    lints: ['Rule 2 of the lifecycle policy matches nothing that rule 1 leaves.'],
    stored: { images: 310, gb: 96.4 - ago * 0.3, removableGb: 31 },
  }),
  repository('prod/ledger', 'payments', {
    images: [
      image(
        '7.0.1',
        { lasting: [...nodeBase(24), zlib], users: ['Lambda function ledger-close'], verdicts: ago > 0 ? [base] : [] },
        ago,
      ),
    ],
    stored: { images: 75, gb: 20.5 },
  }),
  repository('prod/fraud-scoring', 'payments', {
    images: [image('2026.11.1', { lasting: pythonBase(45), verdicts: [nonRoot] }, ago)],
    stored: { images: 52, gb: 140 - ago * 0.9, archivedGb: 30, removableGb: 44 },
  }),
]

const web = (ago: number): RepositoryRecord[] => [
  repository('web/storefront', 'web', {
    images: [
      image(
        'release-881',
        { lasting: [...nodeBase(18), express], users: ['EKS pod storefront-7c9 (cluster web)'] },
        ago,
      ),
      image('release-880', { lasting: [...nodeBase(18), express, lodash] }, ago),
      image(HOSTILE.tag, { lasting: [hostile], verdicts: [base] }, ago),
    ],
    stored: { images: 820, gb: 233 - ago, removableGb: 120 },
  }),
  repository('web/nginx-edge', 'web', {
    images: [image('1.27.2', { verdicts: [{ ...nonRoot, exception: recorded(52, 'expired') }] }, ago)],
    stored: { images: 12, gb: 1.1 },
  }),
  repository('web/assets', 'web', { images: [image('2026-11-20', {}, ago)], stored: { images: 9, gb: 0.4 } }),
]

const data = (ago: number): RepositoryRecord[] => [
  repository('data/etl', 'data', {
    ...OVERSEAS,
    images: [
      image('nightly', { lasting: pythonBase(120), verdicts: [nonRoot, base] }, ago),
      image('nightly-2026-11-23', { lasting: pythonBase(120), verdicts: [nonRoot, base] }, ago),
    ],
    verdicts: [movable('data/etl')],
    stored: { images: 1_400, gb: 610 - ago * 2, archivedGb: 200, removableGb: 300 },
  }),
  repository('data/notebooks', 'data', {
    ...OVERSEAS,
    images: [image('lab', { scan: 'unread', verdicts: [unscanned, nonRoot] }, ago)],
    unread: ['ecr:DescribeImageScanFindings is not allowed on data/notebooks.'],
    stored: { images: 33, gb: 88 },
  }),
  repository('data/models', 'data', {
    ...OVERSEAS,
    images: [image('v12', { scan: 'unsupported' }, ago)],
    stored: { images: 4, gb: 61 },
  }),
]

const others = (ago: number): RepositoryRecord[] => [
  repository('sandbox/demo', HOSTILE.owner, {
    images: [image('latest', { lasting: [hostile], verdicts: ago > 0 ? [] : [nonRoot] }, ago)],
    verdicts: [{ ...movable('sandbox/demo'), exception: recorded(47, 'excepted') }],
    stored: { images: 3, gb: 0.9 },
  }),
  repository('base/node', 'platform', {
    images: [
      image('20-bookworm', { lasting: nodeBase(60), lineage: lineageOf(NODE_BASE) }, ago),
      image(
        '22-bookworm',
        { lasting: nodeBase(2).slice(-1), lineage: lineageOf(digestOf('22')), pushedAt: '2026-11-22T05:10:00.000Z' },
        ago,
      ),
    ],
    stored: { images: 26, gb: 7 },
  }),
  repository('tools', 'platform', { images: [], stored: { images: 0, gb: 0 } }),
]

const scanning: RecordedVerdict = {
  ...{ rule: 'registry-scanning', outcome: 'fail', severity: 'HIGH', mode: 'report' },
  reason: 'Images of data/** are scanned when somebody asks for it alone.',
  fix: {
    text: 'Scan all repositories on push.',
    command: 'aws ecr put-registry-scanning-configuration --scan-type ENHANCED',
  },
}

const registry = (ref: RegistryRef, verdicts: readonly RecordedVerdict[]): SweepRecord => ({
  ...{ ...ref, kind: 'registry', verdicts, unread: [] },
  rules: [{ rule: 'registry-scanning', pass: 1 - verdicts.length, fail: verdicts.length, unknown: 0, excepted: 0 }],
})

/** What the sweep of so many days ago recorded: twelve repositories of five owners, one more that was not judged. */
export const sampleRecords = (daysAgo = 0): readonly SweepRecord[] => [
  registry(HOME, []),
  registry(OVERSEAS, [scanning]),
  ...[...payments(daysAgo), ...web(daysAgo), ...data(daysAgo), ...others(daysAgo)],
  { ...OVERSEAS, kind: 'not-judged', repository: 'data/archive-2019', why: 'it was deleted while it was judged' },
]
