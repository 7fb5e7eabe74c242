import type { GateFinding, GateResult } from '../../../functions/domain/gate/result.ts'
import { type Severity, tally } from '../../../functions/domain/severity.ts'

/** What a format is shown with: no colours, a file, the usual Dockerfile. */
export const LOOK = { paint: (_format: unknown, text: string) => text, width: 120, source: 'Dockerfile' }

const digest = (letters: string): string => `sha256:${letters.repeat(32)}`

export const finding = (change: Partial<GateFinding> = {}): GateFinding => ({
  id: 'CVE-2026-0001',
  severity: 'HIGH',
  package: 'openssl',
  installed: '3.0.1',
  fixed: '3.0.15',
  url: 'https://security.example/CVE-2026-0001',
  score: 8.1,
  platforms: [],
  state: 'counts',
  over: false,
  ...change,
})

/** A result with nothing found, whose counts are those of the findings that it is given. */
export function gateResult(change: Partial<GateResult> = {}): GateResult {
  const findings = change.findings ?? []
  const counting = findings.filter(({ state }) => state === 'counts')
  return {
    schemaVersion: 1,
    kind: 'gate',
    verdict: 'pass',
    lenient: false,
    reasons: [],
    judgedAt: '2026-11-20T09:05:00.000Z',
    image: {
      account: '123456789012',
      region: 'ap-northeast-1',
      repository: 'prod/api',
      tag: '1.4.2',
      digest: digest('4a'),
      tags: ['1.4.2', 'stable'],
      uri: `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api@${digest('4a')}`,
      url: `https://ap-northeast-1.console.aws.amazon.com/ecr/repositories/private/123456789012/prod/api/_/image/${digest('4a')}/details`,
      pushedAt: '2026-11-20T09:00:00.000Z',
      sizeInBytes: 187_000_000,
      index: false,
    },
    scanning: 'basic',
    platforms: [
      {
        digest: digest('4a'),
        status: 'COMPLETE',
        scannedAt: '2026-11-20T09:01:00.000Z',
        os: 'DEBIAN_12',
        counts: tally(findings.map(({ severity }) => severity)),
      },
    ],
    limits: { CRITICAL: 0, HIGH: 0 },
    limitsFrom: 'default',
    fixableOnly: false,
    counts: tally(counting.map(({ severity }) => severity)),
    unlisted: {},
    findings,
    upgrades: [],
    rules: [],
    ...change,
  }
}

/** Basic scanning, which knows no fixed version: one critical and two high are over, one low is not. */
export const failing = (): GateResult =>
  gateResult({
    verdict: 'fail',
    reasons: ['1 critical, and there may be 0', '2 high, and there may be 0'],
    limitsFrom: 'steward.yaml line 12',
    findings: [
      basic({ id: 'CVE-2026-1111', severity: 'CRITICAL', package: 'zlib', score: 9.8, over: true }),
      basic({ id: 'CVE-2026-2222', package: 'openssl', over: true }),
      basic({ id: 'CVE-2026-3333', package: 'curl', installed: '7.88.1-10', score: 7.5, over: true }),
      basic({ id: 'CVE-2026-4444', severity: 'LOW', package: 'tar', installed: '1.34', score: 3.3 }),
    ],
  })

function basic(change: Partial<GateFinding>): GateFinding {
  const { fixed: _, ...rest } = finding({ url: `https://security.example/${change.id}`, ...change })
  return rest
}

/** An index of two images under enhanced scanning: nothing is over, and one finding is fixed by nothing. */
export const passing = (): GateResult => {
  const plain = gateResult()
  return gateResult({
    image: { ...plain.image, tags: ['1.4.2'], index: true },
    scanning: 'enhanced',
    limitsFrom: '--max-high',
    limits: { CRITICAL: 0, HIGH: 2, MEDIUM: 10 },
    fixableOnly: true,
    newSince: { name: '1.4.1', digest: digest('5b') },
    platforms: ['linux/amd64', 'linux/arm64'].map((platform, n) => ({
      digest: digest(n === 0 ? '6c' : '7d'),
      platform,
      status: 'ACTIVE',
      scannedAt: '2026-11-20T09:02:00.000Z',
      os: 'AMAZON_LINUX_2023',
      counts: n === 0 ? { HIGH: 2, MEDIUM: 1, UNDEFINED: 1 } : { HIGH: 1, UNDEFINED: 1 },
    })),
    findings: [
      finding({ platforms: ['linux/amd64', 'linux/arm64'], exploit: true, layer: digest('8e') }),
      finding({ id: 'CVE-2026-0002', platforms: ['linux/amd64'], state: 'known', package: 'glibc' }),
      finding({ id: 'CVE-2026-0003', severity: 'MEDIUM', platforms: ['linux/amd64'], package: 'openssl', score: 5.9 }),
      { ...unfixed, platforms: ['linux/amd64', 'linux/arm64'] },
    ],
    upgrades: [
      {
        ...{ package: 'openssl', installed: ['3.0.1'], to: '3.0.15', closes: 2, over: 0, severity: 'HIGH' },
        ids: ['CVE-2026-0001', 'CVE-2026-0003'],
      },
    ],
    rules: [
      {
        ...{ rule: 'non-root-user', outcome: 'pass', severity: 'HIGH', reason: 'It runs as app.', line: 20 },
        evidence: [{ name: 'User', value: 'app' }],
      },
      { rule: 'healthcheck', outcome: 'not-applicable', severity: 'LOW', reason: 'No.', evidence: [], line: 22 },
    ],
  })
}

const unfixed: GateFinding = {
  ...{ id: 'GHSA-aaaa-bbbb-cccc', severity: 'UNDEFINED', package: 'left-pad', platforms: [], over: false },
  state: 'not-fixable',
}

/** An index of which one platform was never scanned, and a rule that could not be read. */
export const unknown = (): GateResult => {
  const plain = gateResult()
  return gateResult({
    verdict: 'unknown',
    reasons: ['linux/arm64 was never scanned', 'signature could not be read: AccessDenied'],
    image: { ...plain.image, index: true },
    moved: digest('9f'),
    platforms: [
      { ...(plain.platforms[0] as GateResult['platforms'][number]), platform: 'linux/amd64', digest: digest('6c') },
      { digest: digest('7d'), platform: 'linux/arm64', counts: {}, problem: 'It was never scanned.' },
    ],
    rules: [
      {
        ...{ rule: 'base-image', outcome: 'unknown', severity: 'UNDEFINED', reason: 'AccessDenied', evidence: [] },
        ...{ fix: { text: 'Allow ecr:BatchGetImage.' }, line: 31 },
      },
    ],
  })
}

/** Passes because unknown may: `--on-unknown pass`. */
export const lenient = (): GateResult => ({ ...unknown(), lenient: true })

/** One finding is excepted, of another the exception has expired; one rule fails, another is excepted. */
export const excepted = (): GateResult => {
  const agreed = { reason: 'TLS ends before this service', owner: 'team-a', line: 14 }
  return gateResult({
    verdict: 'fail',
    reasons: ['1 high, and there may be 0', 'non-root-user: It runs as root.'],
    limitsFrom: 'steward.yaml line 12',
    findings: [
      finding({
        ...{ id: 'CVE-2026-6666', package: 'curl', over: true },
        exception: { ...agreed, state: 'expired', expires: '2026-11-01', line: 18 },
      }),
      finding({ state: 'excepted', exception: { ...agreed, state: 'excepted', expires: '2027-01-31' } }),
    ],
    upgrades: [
      {
        ...{ package: 'curl', installed: ['3.0.1'], to: '3.0.15', closes: 1, over: 1, severity: 'HIGH' },
        ids: ['CVE-2026-6666'],
      },
    ],
    rules: [
      {
        ...{ rule: 'non-root-user', outcome: 'fail', severity: 'HIGH', reason: 'It runs as root.', line: 20 },
        evidence: [{ name: 'User', value: 'root' }],
        fix: { text: 'Name a user in the Dockerfile.', command: 'echo "USER app" >> Dockerfile' },
      },
      {
        ...{ rule: 'required-labels', outcome: 'fail', severity: 'LOW', reason: 'No label says who.', line: 24 },
        ...{ evidence: [], fix: { text: 'Label it.' } },
        exception: { ...agreed, state: 'excepted', expires: '2027-01-31', line: 26 },
      },
    ],
  })
}

/** More than ECR lists: two high that it counts alone. */
export const unlisted = (): GateResult =>
  gateResult({
    verdict: 'fail',
    reasons: ['3 high, and there may be 0'],
    findings: [finding({ over: true })],
    counts: { HIGH: 3 },
    unlisted: { HIGH: 2 },
  })

/** Everything that somebody may try: formulas, HTML, Markdown, ANSI, workflow commands, ends of XML, letters that are none. */
export const HOSTILE = [
  '=HYPERLINK("http://evil.example","x")<script>alert(1)</script><img src=x onerror=alert(1)>',
  '**bold** [link](javascript:alert(1)) ![i](http://evil.example/i.png) `code` | cell | @team #1 ~~~ </details>',
  '\u001b[31mred\u001b]8;;http://evil.example\u0007\r\n::error file=x::told\n::set-output name=x::y\n##[group]told',
  '"quoted","cells"\t\']]></failure>--><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;&amp;&#0;',
  '\u0000\u0008\ufffe\uffff\ud800lone\udfff\u202eright\u2028line\u0085next',
].join('')

const FIXED = new Set(['kind', 'verdict', 'judgedAt', 'pushedAt', 'scannedAt', 'expires'])
for (const key of ['severity', 'state', 'scanning', 'outcome']) FIXED.add(key)

/** The same with `text` before every text that comes from outside, and behind every address. */
export function everywhere<T>(text: string, value: T, key = ''): T {
  if (typeof value === 'string' && !FIXED.has(key))
    return (value.startsWith('https://') ? `${value}${text}` : `${text}${value}`) as T
  if (Array.isArray(value)) return value.map((one) => everywhere(text, one, key)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, everywhere(text, one, name)])) as T
}

/** Every part that a result may have: to be filled with `everywhere`. */
export const full = (): GateResult => ({
  ...excepted(),
  image: { ...excepted().image, index: true },
  moved: digest('9f'),
  newSince: passing().newSince,
  platforms: unknown().platforms,
  findings: [...excepted().findings, ...passing().findings],
  upgrades: passing().upgrades,
  rules: [...excepted().rules, ...unknown().rules, ...passing().rules],
})

export const hostile = (): GateResult => everywhere(HOSTILE, full())

const WORST_FIRST: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL']

/** So many findings, a fifth of each severity; the critical and the high are over. */
export const many = (count = 10_000): GateResult =>
  gateResult({
    verdict: 'fail',
    reasons: [`${count / 5} critical, and there may be 0`, `${count / 5} high, and there may be 0`],
    scanning: 'enhanced',
    findings: Array.from({ length: count }, (_, n) => {
      const severity = WORST_FIRST[Math.floor((n * 5) / count)] as Severity
      const id = `CVE-2026-${String(n).padStart(5, '0')}`
      return finding({
        ...{ id, severity, package: `package-${n % 500}`, url: `https://security.example/${id}` },
        ...{ score: 10 - Math.floor((n * 5) / count) * 2, over: severity === 'CRITICAL' || severity === 'HIGH' },
      })
    }),
  })

/** Each of them by its name: what every format has to stand. */
export const RESULTS: Readonly<Record<string, () => GateResult>> = {
  ...{ failing, passing, unknown, lenient, excepted, unlisted, hostile, nothing: gateResult },
  scan: () => ({ ...failing(), kind: 'scan', verdict: 'pass', reasons: [], limits: {} }),
}
