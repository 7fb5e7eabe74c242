import type { ImageContent, ImageDetail, ImageScan, PlatformImage } from '../functions/domain/facts/image-facts.ts'
import type { Finding } from '../functions/domain/finding.ts'
import { rulesFor } from '../functions/domain/policy.ts'
import { known } from '../functions/domain/rule/fact.ts'
import type { AnyFacts } from '../functions/domain/rule/rule.ts'
import { RULES } from '../functions/domain/rulebook.ts'
import { judgeAll } from '../functions/domain/verdict.ts'

const IMAGES = 2_000
const ROUNDS = 41
const WARM_UP = 5

const NOW = new Date('2026-11-20T09:00:00Z')
const DAY = 86_400_000

/** Numbers that look like chance, and are the same in every run. */
function* chances(): Generator<number, never> {
  for (let state = 42; ; ) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    yield state / 0x7fffffff
  }
}

const chance = chances()
const upTo = (most: number): number => Math.floor(chance.next().value * most)
const oneOf = <T>(values: readonly T[]): T => values[upTo(values.length)] as T
const digest = (): string =>
  `sha256:${Array.from({ length: 8 }, () =>
    upTo(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('')}`
const daysAgo = (days: number): string => new Date(NOW.getTime() - days * DAY).toISOString()

const BASES = Array.from({ length: 50 }, (_, n) => ({ name: `base/node:${n}`, layers: [digest(), digest()] }))
const NAMES = [
  'node:22-slim',
  'docker.io/library/node',
  'gcr.io/distroless/static-debian12:nonroot',
  'debian:12',
  'base/java:21',
]

const labels = (): Record<string, string> => ({
  ...(upTo(2) && { 'org.opencontainers.image.source': 'https://example.com/team/app' }),
  ...(upTo(2) && { 'org.opencontainers.image.revision': digest().slice(7, 47) }),
  ...(upTo(3) && { 'org.opencontainers.image.base.name': oneOf(NAMES) }),
})

const platform = (name: string): PlatformImage => ({
  digest: digest(),
  platform: name,
  sizeInBytes: upTo(2_000_000_000),
  layers: [...oneOf(BASES).layers, digest(), digest()],
  annotations: {},
  config: {
    user: oneOf(['', 'root', 'app', '1000:1000', '0']),
    labels: labels(),
    hasHealthcheck: upTo(2) === 0,
    suspects: upTo(10) ? [] : [{ where: 'ENV DB_PASSWORD', name: 'DB_PASSWORD', what: 'a name that says password' }],
    created: daysAgo(upTo(200)),
  },
})

const finding = (): Finding => ({
  id: `CVE-2026-${upTo(10_000)}`,
  severity: oneOf(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']),
  package: oneOf(['openssl', 'zlib', 'glibc', 'curl']),
  ...(upTo(2) && { fixed: '1.2.3' }),
})

/** One image in five has two platforms; half of them have findings. */
function facts(): AnyFacts {
  const platforms = (upTo(5) ? ['linux/amd64'] : ['linux/amd64', 'linux/arm64']).map(platform)
  const content: ImageContent = { kind: 'image', platforms }
  const detail: ImageDetail = {
    tags: oneOf([[], ['latest'], ['1.4.2'], ['v1.2.3', 'git-abc123def', 'latest'], ['dev', 'release-7']]),
    pushedAt: daysAgo(upTo(100)),
    sizeInBytes: upTo(2_000_000_000),
  }
  const scans = platforms.map(({ digest: of, platform: name }) => {
    const findings = upTo(2) ? Array.from({ length: upTo(20) }, finding) : []
    return {
      digest: of,
      platform: name,
      status: 'COMPLETE',
      outcome: 'complete' as const,
      counts: {},
      findings,
      saysFixes: true,
    }
  })
  const scan: ImageScan = { platforms: scans }
  return {
    detail: known(detail),
    manifest: known(content),
    content: known(content),
    scan: known(scan),
    bases: known(BASES),
  }
}

/** Images that all rules on images, with their defaults, judge in a second; of rounds in turn, the median. */
export function imagesPerSecond(): number {
  const settings = RULES.filter(({ about }) => about === 'image').map(({ id, parameters }) => ({
    rule: id,
    mode: 'report' as const,
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, one]) => [name, one.default])),
    line: 1,
  }))
  const rules = rulesFor([{ repositories: ['**'], rules: settings }], 'prod/api', 'image')
  const ref = { account: '123456789012', region: 'ap-northeast-1', repository: 'prod/api', digest: digest(), tags: [] }
  const images = Array.from({ length: IMAGES }, facts)
  const round = (): number => {
    const began = performance.now()
    for (const one of images) judgeAll(rules, one, { ref, now: NOW })
    return performance.now() - began
  }
  for (let n = 0; n < WARM_UP; n++) round()
  const times = Array.from({ length: ROUNDS }, round).sort((a, b) => a - b)
  return Math.round((IMAGES * 1_000) / (times[ROUNDS >> 1] as number))
}

if (import.meta.main) console.log(`${imagesPerSecond()} images/s, each by every rule on images`)
