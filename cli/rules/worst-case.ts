import type { ImageValues, PlatformImage } from '../../functions/domain/facts/image-facts.ts'
import type { RegistryValues } from '../../functions/domain/facts/registry-facts.ts'
import type { RepositoryValues } from '../../functions/domain/facts/repository-facts.ts'
import { known } from '../../functions/domain/rule/fact.ts'
import type { AnyFacts, Context, SubjectKind } from '../../functions/domain/rule/rule.ts'

const REGISTRY = { account: '123456789012', region: 'ap-northeast-1' }
const REPOSITORY = { ...REGISTRY, repository: 'prod/api' }

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`

const PUBLIC = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Everybody', Effect: 'Allow', Principal: '*', Action: 'ecr:*' }],
})

const scanning = { scanType: 'BASIC', rules: [] } as const

const repository: RepositoryValues = {
  settings: { tagMutability: 'MUTABLE', exclusions: [], scanOnPush: false, encryption: { type: 'AES256' } },
  lifecyclePolicy: undefined,
  policy: PUBLIC,
  tags: {},
  scanning,
}

const registry: RegistryValues = {
  scanning,
  policy: PUBLIC,
  replication: [],
  cacheRules: [{ prefix: 'docker-hub', upstream: 'registry-1.docker.io' }],
}

const platform: PlatformImage = {
  digest: digest('a'),
  platform: 'linux/s390x',
  sizeInBytes: 5_400_000_000,
  layers: [digest('b')],
  annotations: { 'org.opencontainers.image.base.name': 'docker.io/library/ubuntu:14.04' },
  config: {
    user: 'root',
    labels: {},
    hasHealthcheck: false,
    suspects: [{ where: 'ENV DB_PASSWORD', name: 'DB_PASSWORD', what: 'a name that says password' }],
    created: '2024-01-13T02:00:00Z',
  },
}

const manifest = { kind: 'image', platforms: [platform] } as const

const scanOf = (status: string | undefined): ImageValues['scan'] => ({
  platforms: [
    {
      digest: platform.digest,
      status,
      outcome: status === undefined ? 'never' : 'complete',
      counts: status === undefined ? {} : { CRITICAL: 9, HIGH: 40 },
      findings: [],
      saysFixes: false,
    },
  ],
})

const image = (scan: ImageValues['scan'], tag: string): ImageValues => ({
  detail: { tags: [tag], pushedAt: '2024-01-13T02:10:00.000Z', sizeInBytes: 5_400_000_000 },
  manifest,
  content: manifest,
  scan,
  bases: [],
  evidence: { isIndex: false, manifests: [{ digest: platform.digest, signatures: [], attestations: [], unread: 0 }] },
  sboms: { isIndex: false, manifests: [{ digest: platform.digest, sboms: [], unread: 0 }] },
})

const factsOf = (values: Readonly<Record<string, unknown>>): AnyFacts =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, known(value)]))

export type Case = { readonly facts: AnyFacts; readonly context: Context }

const now = new Date('2026-11-20T09:00:00Z')

const worstImage = (status: string | undefined, tag: string): Case => ({
  facts: factsOf(image(scanOf(status), tag)),
  context: { ref: { ...REPOSITORY, digest: platform.digest, tags: [tag] }, now },
})

/**
 * A repository, a registry and images with everything wrong that a rule speaks of: what a rule says of them, and would do
 * about them, is its example in the documentation.
 */
export const WORST: Readonly<Record<SubjectKind, readonly Case[]>> = {
  repository: [{ facts: factsOf(repository), context: { ref: REPOSITORY, now } }],
  registry: [{ facts: factsOf(registry), context: { ref: REGISTRY, now } }],
  image: [worstImage('COMPLETE', 'latest'), worstImage(undefined, 'latest'), worstImage('COMPLETE', 'fix-it-now')],
}
