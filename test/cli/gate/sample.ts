import type { GateFinding, GateResult } from '../../../functions/domain/gate/result.ts'
import { type Severity, tally } from '../../../functions/domain/severity.ts'
import { gateResult } from './results.ts'

const BOTH = ['linux/amd64', 'linux/arm64']
const url = (id: string): string => `https://security-tracker.debian.org/tracker/${id}`

type Line = readonly [
  id: string,
  severity: Severity,
  name: string,
  installed: string,
  fixed: string | undefined,
  score: number,
]

const LINES: readonly Line[] = [
  ['CVE-2026-31789', 'CRITICAL', 'openssl', '3.0.11-1~deb12u2', '3.0.15-1~deb12u1', 9.8],
  ['CVE-2026-28012', 'CRITICAL', 'zlib1g', '1:1.2.13.dfsg-1', '1:1.3.1.dfsg-2', 9.1],
  ['CVE-2026-30555', 'HIGH', 'openssl', '3.0.11-1~deb12u2', '3.0.15-1~deb12u1', 8.1],
  ['CVE-2026-29140', 'HIGH', 'libcurl4', '7.88.1-10+deb12u5', '7.88.1-10+deb12u8', 7.5],
  ['CVE-2026-27311', 'HIGH', 'openssl', '3.0.11-1~deb12u2', '3.0.15-1~deb12u1', 7.5],
  ['CVE-2026-24990', 'HIGH', 'libxml2', '2.9.14+dfsg-1.3', undefined, 7.1],
]

const over = LINES.map(
  ([id, severity, name, installed, fixed, score], n): GateFinding => ({
    ...{ id, severity, package: name, installed, fixed, score, url: url(id), exploit: n === 0 },
    ...{ platforms: BOTH, state: 'counts', over: true },
  }),
)

const medium = Array.from({ length: 14 }, (_, n): GateFinding => {
  const id = `CVE-2026-1${String(4_000 + n * 37)}`
  return {
    ...{
      id,
      severity: n < 9 ? 'MEDIUM' : 'LOW',
      package: n % 2 === 0 ? 'openssl' : 'libc6',
      url: url(id),
      score: 5.9 - n / 4,
    },
    ...{
      installed: n % 2 === 0 ? '3.0.11-1~deb12u2' : '2.36-9+deb12u4',
      platforms: BOTH,
      state: 'counts',
      over: false,
    },
    ...(n % 2 === 0 && { fixed: '3.0.15-1~deb12u1' }),
  }
})

const excepted: GateFinding = {
  ...{ id: 'CVE-2026-20011', severity: 'HIGH', package: 'git', installed: '1:2.39.2-1.1', platforms: BOTH },
  ...{ url: url('CVE-2026-20011'), state: 'excepted', over: false, score: 7.8 },
  exception: {
    ...{ state: 'excepted', reason: 'git is used at build time alone', owner: 'team-platform' },
    ...{ expires: '2027-01-31', line: 41 },
  },
}

const findings = [...over, ...medium, excepted]
const scanned = tally(findings.map(({ severity }) => severity))

/** An image as there are many: what the pictures of the documents show. */
export function sample(): GateResult {
  const plain = gateResult({ findings })
  return {
    ...plain,
    verdict: 'fail',
    reasons: ['2 critical, 0 allowed', '4 high, 0 allowed', 'non-root-user fails'],
    image: { ...plain.image, index: true },
    scanning: 'enhanced',
    limitsFrom: 'steward.yaml line 12',
    platforms: BOTH.map((platform, n) => ({
      digest: `sha256:${(n === 0 ? '6c' : '7d').repeat(32)}`,
      ...{ platform, status: 'ACTIVE', scannedAt: '2026-11-20T09:02:00.000Z', os: 'DEBIAN_12', counts: scanned },
    })),
    upgrades: [
      {
        ...{ package: 'openssl', installed: ['3.0.11-1~deb12u2'], to: '3.0.15-1~deb12u1', closes: 10, over: 3 },
        ...{ severity: 'CRITICAL', ids: ['CVE-2026-31789', 'CVE-2026-30555', 'CVE-2026-27311'] },
      },
      {
        ...{ package: 'zlib1g', installed: ['1:1.2.13.dfsg-1'], to: '1:1.3.1.dfsg-2', closes: 1, over: 1 },
        ...{ severity: 'CRITICAL', ids: ['CVE-2026-28012'] },
      },
      {
        ...{ package: 'libcurl4', installed: ['7.88.1-10+deb12u5'], to: '7.88.1-10+deb12u8', closes: 1, over: 1 },
        ...{ severity: 'HIGH', ids: ['CVE-2026-29140'] },
      },
    ],
    rules: [
      {
        ...{ rule: 'non-root-user', outcome: 'fail', severity: 'HIGH', reason: 'It runs as root.', line: 20 },
        ...{
          evidence: [{ name: 'User', value: 'root' }],
          fix: { text: 'End the Dockerfile with USER and a user that is not root.' },
        },
      },
      { rule: 'healthcheck', outcome: 'pass', severity: 'LOW', reason: 'It has one.', evidence: [], line: 22 },
    ],
  }
}
