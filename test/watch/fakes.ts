import type { Alert } from '../../functions/domain/alert.ts'
import type { RegistryValues } from '../../functions/domain/facts/registry-facts.ts'
import type { RepositoryValues } from '../../functions/domain/facts/repository-facts.ts'
import type { RepositoryState } from '../../functions/domain/repository-state.ts'
import type { RegistryReader } from '../../functions/policy/reader.ts'
import type { WatchConfig } from '../../functions/watch/contract.ts'
import type { IncidentState } from '../../functions/watch/once.ts'
import type { Deps } from '../../functions/watch/ports.ts'
import { watchBatch } from '../../functions/watch/watch.ts'
import { policy as alertPolicy, DIGEST } from '../builders.ts'
import { registry, scanning } from '../domain/rules/facts.ts'
import { fakeMemory, repositoryWorld } from '../policy/fakes.ts'
import { entryOf, NOW, setting } from '../push-check/fakes.ts'
import { record } from '../scan-alert/fakes.ts'

/** A repository whose tags may move, a registry, memories and a topic that live in variables. */
export function world(change: { repository?: Partial<RepositoryValues>; config?: Partial<WatchConfig> } = {}) {
  const { state: repository, reader, hands } = repositoryWorld(change.repository)
  const memory = fakeMemory<RepositoryState>()
  const incidents = fakeMemory<IncidentState>()
  const values: { -readonly [K in keyof RegistryValues]: RegistryValues[K] } = {
    scanning: scanning({ rules: [{ frequency: 'SCAN_ON_PUSH', filters: ['*'] }] }),
    policy: undefined,
    replication: [],
    cacheRules: [],
  }
  const state = {
    repository,
    registry: values,
    refused: {} as { -readonly [K in keyof RegistryValues]?: Error },
    memory,
    incidents,
    now: NOW,
    deadline: Number.POSITIVE_INFINITY,
    published: [] as Alert[],
    onPublish: undefined as (() => void | Promise<void>) | undefined,
  }
  const readerOfRegistry = Object.fromEntries(
    (Object.keys(values) as (keyof RegistryValues)[]).map((name) => [
      name,
      async () => {
        const error = state.refused[name]
        if (error) throw error
        return values[name]
      },
    ]),
  ) as never as RegistryReader
  const deps: Deps = {
    home: registry,
    now: () => new Date(state.now),
    get deadline() {
      return state.deadline
    },
    config: {
      alerts: [alertPolicy()],
      policy: [entryOf(setting('tag-immutability'), setting('required-tags'))],
      registry: { rules: [setting('registry-scanning')], slack: ['platform'] },
      exceptions: [],
      ...change.config,
    },
    ports: {
      registries: ({ account }) => ({ repositories: reader, hands, mayWrite: account === registry.account }),
      registry: readerOfRegistry,
      memory: memory.memory,
      incidents: incidents.memory,
      alerts: {
        async publish(alert) {
          await state.onPublish?.()
          state.published.push(alert)
        },
      },
    },
  }
  /** Handles events as one batch. */
  const watch = (...events: readonly object[]) =>
    watchBatch(
      events.map((event) => record(event)),
      deps,
    )
  /** The same event, received so many times before. */
  const again = (event: object, receives: number) => watchBatch([record(event, receives)], deps)
  return { state, deps, watch, again }
}

type Head = { readonly id?: string; readonly at?: number; readonly account?: string; readonly region?: string }

const head = (type: string, { id = 'event-1', at = NOW - 60_000, account, region }: Head) => ({
  version: '0',
  id,
  'detail-type': type,
  source: 'aws.ecr',
  account: account ?? registry.account,
  time: new Date(at).toISOString(),
  region: region ?? registry.region,
  resources: [],
})

type Called = Head & { readonly by?: string; readonly error?: string; readonly asked?: object | null }

/** A call of ECR's API about prod/api by Admin/alice, as CloudTrail has it. */
export const call = (eventName: string, { by = 'Admin/alice', error, asked, ...about }: Called = {}) => ({
  ...head('AWS API Call via CloudTrail', about),
  detail: {
    eventSource: 'ecr.amazonaws.com',
    eventName,
    eventTime: new Date(about.at ?? NOW - 60_000).toISOString(),
    userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::${registry.account}:assumed-role/${by}` },
    sourceIPAddress: '203.0.113.7',
    requestParameters: asked === undefined ? { repositoryName: 'prod/api' } : asked,
    ...(error && { errorCode: error }),
  },
})

export const replication = (detail: object = {}, about: Head = {}) => ({
  ...head('ECR Replication Action', about),
  detail: {
    result: 'FAILED',
    'repository-name': 'prod/api',
    'image-digest': DIGEST,
    'image-tag': '1.4.2',
    'action-type': 'REPLICATE',
    'source-account': registry.account,
    'source-region': 'us-west-2',
    ...detail,
  },
})

export const cacheSync = (detail: object = {}, about: Head = {}) => ({
  ...head('ECR Pull Through Cache Action', about),
  detail: {
    'sync-status': 'FAILED',
    'ecr-repository-prefix': 'docker-hub',
    'repository-name': 'docker-hub/library/alpine',
    'upstream-registry-url': 'registry-1.docker.io',
    'image-tag': '3.20',
    'failure-code': 'UpstreamTooManyRequests',
    'failure-reason': 'The upstream registry answered 429.',
    ...detail,
  },
})

/** Scanning of repositories went from continuous to `now`. */
export const scanningChange = (repositories: readonly string[], now = 'MANUAL', about: Head = {}) => ({
  ...head('ECR Scan Resource Change', about),
  detail: {
    'action-type': 'SCAN_FREQUENCY_CHANGE',
    'scan-type': 'ENHANCED',
    repositories: repositories.map((name) => ({
      'repository-name': name,
      'scan-frequency': now,
      'previous-scan-frequency': 'CONTINUOUS_SCAN',
    })),
  },
})
