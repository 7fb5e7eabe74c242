import type { Exception } from '../../../functions/domain/exception.ts'
import type {
  ImageConfig,
  ImageDetail,
  ImageScan,
  PlatformImage,
  PlatformScan,
} from '../../../functions/domain/facts/image-facts.ts'
import type { RegistryRef } from '../../../functions/domain/facts/registry-facts.ts'
import type {
  RegistryScanning,
  RepositoryRef,
  RepositorySettings,
} from '../../../functions/domain/facts/repository-facts.ts'
import { type Fact, known, unread } from '../../../functions/domain/rule/fact.ts'
import type { Judgement } from '../../../functions/domain/rule/judgement.ts'
import type { Context, Rule } from '../../../functions/domain/rule/rule.ts'
import { DIGEST, image } from '../../builders.ts'

export const NOW = new Date('2026-11-20T09:00:00Z')

export const registry: RegistryRef = { account: '123456789012', region: 'ap-northeast-1' }
export const repository: RepositoryRef = { ...registry, repository: 'prod/api' }

const REFS = { repository, registry, image: image() }

export const settings = (change: Partial<RepositorySettings> = {}): RepositorySettings => ({
  tagMutability: 'IMMUTABLE',
  exclusions: [],
  scanOnPush: true,
  encryption: { type: 'AES256' },
  createdAt: '2026-01-13T02:00:00.000Z',
  ...change,
})

export const scanning = (change: Partial<RegistryScanning> = {}): RegistryScanning => ({
  scanType: 'BASIC',
  rules: [],
  ...change,
})

export const detail = (change: Partial<ImageDetail> = {}): ImageDetail => ({
  tags: ['1.4.2'],
  pushedAt: '2026-11-20T08:55:12.000Z',
  sizeInBytes: 123_000_000,
  ...change,
})

export const config = (change: Partial<ImageConfig> = {}): ImageConfig => ({
  user: 'app',
  labels: {},
  hasHealthcheck: true,
  suspects: [],
  created: '2026-11-20T08:50:00Z',
  ...change,
})

export const platform = (change: Partial<PlatformImage> = {}): PlatformImage => ({
  digest: DIGEST,
  platform: 'linux/amd64',
  sizeInBytes: 123_000_000,
  layers: [`sha256:${'1'.repeat(64)}`],
  annotations: {},
  config: config(),
  ...change,
})

export const content = (...platforms: readonly PlatformImage[]) => ({
  kind: 'image' as const,
  platforms: platforms.length > 0 ? platforms : [platform()],
})

export const platformScan = (change: Partial<PlatformScan> = {}): PlatformScan => ({
  digest: DIGEST,
  status: 'COMPLETE',
  outcome: 'complete',
  counts: {},
  findings: [],
  saysFixes: false,
  ...change,
})

export const scan = (...platforms: readonly Partial<PlatformScan>[]): ImageScan => ({
  platforms: (platforms.length > 0 ? platforms : [{}]).map(platformScan),
})

/** The members of an index, one broken thing in the last. */
export const index = (...changes: readonly Partial<PlatformImage>[]) =>
  content(
    ...changes.map((change, n) =>
      platform({
        digest: `sha256:${String(n).repeat(64)}`,
        platform: ['linux/amd64', 'linux/arm64', 'linux/s390x'][n] ?? `linux/${n}`,
        ...change,
      }),
    ),
  )

/** What a rule takes where `steward.yaml` says nothing of its parameters. */
export const defaultsOf = ({ parameters }: Rule): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, parameter.default]))

type Judged = {
  readonly parameters?: Record<string, unknown>
  readonly now?: Date
  readonly ref?: Context['ref']
  readonly exceptions?: readonly Exception[]
}

/** What a rule says where these values were read, and everything else could not be; that an image is one goes without saying. */
export function judge(rule: Rule, values: Readonly<Record<string, unknown>>, judged: Judged = {}): Judgement {
  const read = values.content ? { manifest: values.content, ...values } : { manifest: content(), ...values }
  const facts: Record<string, Fact<unknown>> = Object.fromEntries(
    Object.entries(rule.about === 'image' ? read : values).map(([name, value]) => [name, known(value)]),
  )
  const { parameters = {}, now = NOW, ref = REFS[rule.about], exceptions = [] } = judged
  return rule.judge(facts, { ...defaultsOf(rule), ...parameters }, { ref, now, exceptions })
}

/** The same, where AWS refuses to tell one of them. */
export const judgeUnread = (rule: Rule, need: string): Judgement =>
  rule.judge({ [need]: unread('ECR answered AccessDeniedException') }, defaultsOf(rule), {
    ref: REFS[rule.about],
    now: NOW,
  })

type Remedied = Judged & { readonly values: Readonly<Record<string, unknown>> }

/** What a rule would do about these values. */
export function remedyOf(rule: Rule, { values, parameters = {}, now = NOW, ref = REFS[rule.about] }: Remedied) {
  const facts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, known(value)]))
  return rule.remedy(facts, { ...defaultsOf(rule), ...parameters }, { ref, now })
}
