import type { Alert } from '../../functions/domain/alert.ts'
import type { Exception } from '../../functions/domain/exception.ts'
import type { ImageManifest, ImageValues } from '../../functions/domain/facts/image-facts.ts'
import type { RepositoryValues } from '../../functions/domain/facts/repository-facts.ts'
import type { ImageRef } from '../../functions/domain/image.ts'
import type { PolicyEntry, RuleSetting } from '../../functions/domain/policy.ts'
import type { RepositoryState } from '../../functions/domain/repository-state.ts'
import { ruleOf } from '../../functions/domain/rulebook.ts'
import type { PushCheckConfig } from '../../functions/push-check/contract.ts'
import type { ImageState } from '../../functions/push-check/image-state.ts'
import type { Deps, TagMemory } from '../../functions/push-check/ports.ts'
import { checkBatch } from '../../functions/push-check/push-check.ts'
import { policy as alertPolicy, DIGEST } from '../builders.ts'
import { config, content, defaultsOf, detail, platform, registry } from '../domain/rules/facts.ts'
import { fakeMemory, repositoryWorld } from '../policy/fakes.ts'
import { tagWorld } from '../policy/quarantine/tags.ts'
import { record } from '../scan-alert/fakes.ts'

export const NOW = Date.parse('2026-11-20T09:00:00Z')

/** A rule as steward.yaml has it, with the parameters that it has by default. */
export function setting(id: string, mode: RuleSetting['mode'] = 'report'): RuleSetting {
  const rule = ruleOf(id)
  if (!rule) throw new Error(`no rule ${id}`)
  return { rule: id, mode, parameters: defaultsOf(rule), line: 7 }
}

export const entryOf = (...rules: readonly RuleSetting[]): PolicyEntry => ({ repositories: ['**'], rules })

type Change = {
  readonly repository?: Partial<RepositoryValues>
  readonly policy?: readonly PolicyEntry[]
  readonly alerts?: PushCheckConfig['alerts']
  readonly exceptions?: readonly Exception[]
  readonly sweep?: PushCheckConfig['sweep']
  /** Default: at home. */
  readonly mayWrite?: boolean
}

/** Where tags were, in a map: the last push by time counts. */
function fakeTags(): TagMemory {
  const last = new Map<string, { digest: string; event: string; from?: string | undefined; time: string }>()
  return {
    async pushed(_, { tag, digest, event, time }) {
      const known = last.get(tag)
      if (known?.event === event) return known.from ? { tag, from: known.from, event } : undefined
      if (known && (known.time > time || known.digest === digest)) return undefined
      last.set(tag, { digest, event, from: known?.digest, time })
      return known ? { tag, from: known.digest, event } : undefined
    },
  }
}

/** A repository with one image, which runs as root, and a registry, memories and a topic that live in variables. */
export function world(change: Change = {}) {
  const { state: repository, reader, hands } = repositoryWorld(change.repository)
  const imageStates = fakeMemory<ImageState>()
  const repositories = fakeMemory<RepositoryState>()
  const tags = tagWorld()
  const values: { -readonly [K in keyof ImageValues]: ImageValues[K] } = {
    detail: detail(),
    manifest: { kind: 'image', platforms: [platform()] },
    content: content(platform({ config: config({ user: 'root' }) })),
    scan: { platforms: [] },
    bases: [],
    evidence: { isIndex: false, manifests: [] },
    sboms: { isIndex: false, manifests: [] },
  }
  const state = {
    repository,
    images: imageStates,
    repositories,
    values,
    /** What differs in one image, by its digest. */
    of: new Map<string, Partial<ImageValues>>(),
    refused: {} as { -readonly [K in keyof ImageValues]?: Error },
    /** Runs before a value is read, and may refuse it. */
    onRead: undefined as (() => void) | undefined,
    /** How often ECR does not know the image yet. */
    unknown: 0,
    gone: new Error('set by the test'),
    now: NOW,
    deadline: Number.POSITIVE_INFINITY,
    published: [] as Alert[],
    onPublish: undefined as (() => void | Promise<void>) | undefined,
    calls: [] as string[],
    /** Those that something was read in. */
    registries: new Set<string>(),
  }
  const read =
    <K extends keyof ImageValues>(name: K) =>
    async ({ digest }: ImageRef): Promise<ImageValues[K]> => {
      state.calls.push(name)
      state.onRead?.()
      if (name === 'detail' && state.unknown > 0) {
        state.unknown -= 1
        throw state.gone
      }
      const error = state.refused[name]
      if (error) throw error
      return (state.of.get(digest) as ImageValues | undefined)?.[name] ?? values[name]
    }
  const images = {
    detail: read('detail'),
    manifest: read('manifest'),
    content: read('content'),
    scan: read('scan'),
    bases: read('bases'),
    evidence: read('evidence'),
    sboms: read('sboms'),
  }
  const deps: Deps = {
    home: registry,
    now: () => new Date(state.now),
    get deadline() {
      return state.deadline
    },
    config: {
      alerts: change.alerts ?? [alertPolicy()],
      policy: change.policy ?? [entryOf(setting('non-root-user'), setting('tag-naming'), setting('tag-immutability'))],
      exceptions: change.exceptions ?? [],
      sweep: change.sweep,
    },
    ports: {
      registries: ({ account, region }) => {
        state.registries.add(`${account}/${region}`)
        return {
          images,
          tags: tags.hands,
          repositories: reader,
          hands,
          mayWrite: change.mayWrite ?? account === registry.account,
        }
      },
      pause: hands.pause,
      table: 'state',
      imageMemory: imageStates.memory,
      repositoryMemory: repositories.memory,
      tags: fakeTags(),
      alerts: {
        async publish(alert) {
          await state.onPublish?.()
          state.published.push(alert)
        },
      },
    },
  }
  /** Handles pushes as one batch. */
  const check = (...events: readonly object[]) =>
    checkBatch(
      events.map((event) => record(event)),
      deps,
    )
  /** The same event, received so many times before. */
  const again = (event: object, receives: number) => checkBatch([record(event, receives)], deps)
  return { state, deps, check, again, tags }
}

type Pushed = {
  readonly id?: string
  readonly digest?: string
  readonly tag?: string | undefined
  readonly at?: number
  readonly type?: string
  readonly account?: string
  readonly region?: string
}

/** A push of prod/api:1.4.2, a minute before `NOW`. */
export const push = ({ type = 'ECR Image Action', ...change }: Pushed = {}) => {
  const { id = 'push-1', digest = DIGEST, at = NOW - 60_000, account, region } = change
  const tag = 'tag' in change ? change.tag : '1.4.2'
  return {
    version: '0',
    id,
    'detail-type': type,
    source: 'aws.ecr',
    account: account ?? registry.account,
    time: new Date(at).toISOString(),
    region: region ?? registry.region,
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': 'prod/api',
      'image-digest': digest,
      'action-type': 'PUSH',
      ...(tag !== undefined && { 'image-tag': tag }),
    },
  }
}

export const INDEX = `sha256:${'1d'.repeat(32)}`
export const CHILDREN = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`)

/** An index of two platforms. */
export const index = (): ImageManifest => ({
  kind: 'image',
  platforms: CHILDREN.map((digest) => platform({ digest })),
})
