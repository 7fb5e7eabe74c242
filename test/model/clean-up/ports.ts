import type { ApplyDeps } from '../../../functions/clean-up/going.ts'
import { SKEW } from '../../../functions/clean-up/lease.ts'
import { type Hands, type ImageId, LayersGone, type RemovalAnswer } from '../../../functions/clean-up/ports.ts'
import { aboutOf } from '../../../functions/domain/clean-up/image-graph.ts'
import type { Plan, PlanItem } from '../../../functions/domain/clean-up/plan.ts'
import type { RepositoryRef } from '../../../functions/domain/facts/repository-facts.ts'
import type { Inventory } from '../../../functions/domain/in-use/use.ts'
import { Gone, Unreadable } from '../../../functions/faults.ts'
import type { Store, Stored } from '../../../functions/planning/store.ts'
import type { Effect, Image, Repository } from './registry.ts'
import type { Actor } from './stepper.ts'
import { DAY, PINS, REGISTRY, type Running, type Universe } from './universe.ts'

/** What a run of the clean-up has seen, and when: a wrong deletion is one that it could have known to be wrong. */
export type Seen = {
  inventory: { at: number; running: readonly Running[]; isComplete: boolean } | undefined
  /** Steps. */
  listed: number
  described: number
  named: number
  isStopped: boolean
}

/** A removal by us, for the checks at rest. */
export type Removed = { readonly plan: string; readonly image: Image; readonly action: 'delete' | 'archive' }
/** A tag that a removal took from an image that is there still, or that it took along. */
export type Taken = { readonly image: Image; readonly tag: string; readonly isAnswered: boolean }

/** What we did to the registry. */
export class Deeds {
  readonly removed: Removed[] = []
  readonly taken = new Map<string, Taken>()
}

export type Acting = {
  readonly universe: Universe
  readonly actor: Actor
  readonly plan: Plan
  /** Step at which it was made. */
  readonly plannedAt: number
  readonly deeds: Deeds
}

/** Longest that a call is on its way: nothing in the model waits longer. Milliseconds. */
export const LATENCY = 15_000

export const INFRA_CALLS = /^(?:remove|archive)/

export function createPorts({ universe, actor, plan, plannedAt, deeds }: Acting): ApplyDeps & { readonly seen: Seen } {
  const { registry, stepper, clock, files } = universe
  const seen: Seen = { inventory: undefined, listed: -1, described: -1, named: -1, isStopped: false }
  const items = new Map(plan.items.map((item) => [`${item.repository}@${item.digest}`, item]))
  const ask = <T>(name: string, effect: (isAnswered: boolean) => T): Promise<T> =>
    stepper.call(actor, name, effect, () => new Unreadable(`no answer to ${name}`, false, undefined))
  const of = ({ repository }: RepositoryRef): Repository => {
    const found = registry.repositories.get(repository)
    if (!found) throw new Gone('the repository is not there')
    return found
  }
  const itemOf = (image: Image): PlanItem | undefined => items.get(`${image.repository}@${image.digest}`)
  /** Tags that the run can have seen on an image. */
  const oldTags = (image: Image, tags: readonly string[]): readonly string[] =>
    tags.filter((tag) => (registry.tagged.get(`${image.repository}:${tag}`) ?? -1) < seen.described)

  const isUsed = (repository: string, digest: string, tags: readonly string[]): boolean =>
    (seen.inventory?.running ?? []).some(
      (use) =>
        use.digest === digest || (use.repository === repository && use.tag !== undefined && tags.includes(use.tag)),
    )

  /** Everything that must not be, at the instant at which an image goes. */
  function checkGoing(image: Image, tags: readonly string[], action: 'delete' | 'archive'): void {
    const wrong = (what: string): void =>
      universe.violate(`${what}: ${action} of ${image.repository}@${image.digest.slice(-4)} by ${actor.name}`)
    const item = itemOf(image)
    const repository = registry.repositories.get(image.repository) as Repository
    const known = oldTags(image, tags)
    if (item?.action !== action) wrong('I11 not in the plan')
    if (!seen.inventory?.isComplete) wrong('I9 by an inventory that is not complete')
    if (clock.at - (seen.inventory?.at ?? 0) > 5 * 60_000 + LATENCY) wrong('I9 by an inventory that is too old')
    if (seen.isStopped) wrong('the stop switch was seen')
    if (clock.at >= Date.parse(plan.expiresAt) + 4 * LATENCY) wrong('I11 after the plan expired')
    if (isUsed(image.repository, image.digest, known)) wrong('I5 in use')
    else if (universe.running.some((use) => use.digest === image.digest || tags.includes(use.tag ?? '')))
      universe.window('began to be used after it was read what is')
    if (known.some((tag) => tag.startsWith('v'))) wrong('I6 pinned')
    if (image.bornAt >= seen.described) {
      universe.window('pushed again while it was removed')
      return
    }
    if (clock.at - image.pushedAt < DAY) wrong('I6 younger than a day')
    if (item && known.some((tag) => !item.tags.includes(tag))) wrong('I6 it has other tags')
    if (item && action === 'delete' && image.pulledStep >= plannedAt && image.pulledStep < seen.described)
      wrong('pulled since the plan')
    if (item && image.status !== item.status && image.statusStep < seen.described) wrong('its status changed')
    // Nothing is started by an archived index, and nobody can read what it lists.
    for (const child of image.status === 'ACTIVE' ? (image.children ?? []) : []) {
      const below = repository.images.get(child)
      if (below && isUsed(repository.name, child, oldTags(below, [...below.tags]))) wrong('I5 a child is in use')
    }
    // A referrer goes soon after what it is about: with this image, or with one that is archived.
    const stays = (other: Image | undefined): boolean => {
      const wasSeen = other !== undefined && Math.max(other.bornAt, other.statusStep) < seen.listed
      const isThere = wasSeen && other.status === 'ACTIVE' && other.digest !== image.digest
      const isArchivedToo = action === 'archive' && repository.images.get(other?.subject ?? '')?.status === 'ARCHIVED'
      return isThere && other.subject !== image.digest && !isArchivedToo
    }
    for (const tag of known) if (stays(repository.images.get(aboutOf(tag) ?? ''))) wrong('I5 what it is about is there')
    if (stays(repository.images.get(image.subject ?? ''))) wrong('I5 its subject is there')
    for (const other of repository.images.values())
      if (
        other.subject === image.digest &&
        other.bornAt < seen.listed &&
        isUsed(repository.name, other.digest, oldTags(other, [...other.tags]))
      )
        wrong('I5 a referrer is in use')
  }

  function checkIntent(image: Image): void {
    if (universe.isWiped) return
    const isMeant = [...files].some(
      ([key, { text }]) =>
        key.startsWith(`journal/${plan.id}/`) && key.endsWith('-intent.json') && text.includes(image.digest),
    )
    if (!isMeant) universe.violate(`I10 no intent for ${image.digest}`)
  }

  function checkHolder(): void {
    if (universe.isWiped) return
    const { run } = JSON.parse(files.get('lease.json')?.text ?? '{}')
    if (run !== actor.name) universe.violate(`two runs at once: ${actor.name} removes while ${run} has the lease`)
  }

  /** What is told to be deleted was not there when the run looked last. */
  function checkTold(key: string, text: string): void {
    const { outcomes = [] } = JSON.parse(text)
    const { repository: name = '' } = JSON.parse(files.get(key.replace('outcome', 'intent'))?.text ?? '{}')
    for (const { digest, end } of outcomes) {
      const image = registry.repositories.get(name)?.images.get(digest)
      if (end === 'deleted' && image && image.bornAt < seen.described) universe.violate(`I10 ${digest} is told deleted`)
    }
  }

  /** Nobody's lease is written over before its time is over by any clock. */
  function checkTakeover(): void {
    const { run, until } = JSON.parse(files.get('lease.json')?.text ?? '{}')
    if (run !== actor.name && clock.at <= Date.parse(until) + SKEW)
      universe.violate(`${actor.name} takes the lease from ${run} before its time is over`)
  }

  function look(effects: readonly Effect[], isAnswered: boolean): void {
    for (const effect of effects) {
      const { image } = effect
      const item = itemOf(image)
      if (effect.kind === 'untagged') {
        if (!item?.tags.includes(effect.tag)) universe.violate(`I11 a tag that is not in the plan: ${effect.tag}`)
        deeds.taken.set(`${image.repository}:${effect.tag}`, { image, tag: effect.tag, isAnswered: true })
      } else if (effect.kind === 'refused') {
        const repository = registry.repositories.get(image.repository) as Repository
        const index = registry
          .listing(repository, image.digest)
          .find(
            ({ bornAt, status, statusStep }) => bornAt < seen.listed && status === 'ACTIVE' && statusStep < seen.listed,
          )
        if (index) universe.violate(`I7 relies on ECR to keep ${image.digest}`)
        else universe.window('an index lists it that nobody could see')
      } else {
        checkGoing(image, effect.tags, 'delete')
        deeds.removed.push({ plan: plan.id, image, action: 'delete' })
        for (const tag of item?.tags ?? []) deeds.taken.delete(`${image.repository}:${tag}`)
        for (const tag of effect.tags.filter((each) => !item?.tags.includes(each)))
          deeds.taken.set(`${image.repository}:${tag}`, { image, tag, isAnswered })
      }
    }
  }

  const holdings: ApplyDeps['holdings'] = {
    repositoryPolicy: (ref) => ask('repository-policy', () => void of(ref)),
    async *images(ref) {
      const all = await ask('images', () => {
        seen.listed = clock.step
        return [...of(ref).images.values()].map((image) => registry.stored(image))
      })
      const half = Math.ceil(all.length / 2)
      yield all.slice(0, half)
      yield all.slice(half)
    },
    describe: (ref, digests) =>
      ask('describe', () => {
        const { images } = of(ref)
        seen.described = clock.step
        return digests.flatMap((digest) => images.get(digest) ?? []).map((image) => registry.stored(image))
      }),
    children: (ref, indexes) =>
      ask('children', () => {
        const { images } = of(ref)
        const found = indexes.flatMap((digest) => images.get(digest) ?? [])
        return new Map(
          found.flatMap(({ digest, children, status }) =>
            children && status === 'ACTIVE' ? [[digest, children]] : [],
          ),
        )
      }),
  }

  const hands: Hands = {
    manifests: (ref, digests) =>
      ask('manifests', () =>
        digests.filter((digest) => of(ref).images.has(digest)).map((digest) => registry.manifest(digest)),
      ),
    named: (ref, tags) =>
      ask('named', () => {
        seen.named = clock.step
        // Somebody else has given it back before the run could: it owes nothing any more.
        for (const tag of tags) if (of(ref).tags.has(tag)) deeds.taken.delete(`${ref.repository}:${tag}`)
        return new Map(tags.flatMap((tag) => (of(ref).tags.has(tag) ? [[tag, of(ref).tags.get(tag) as string]] : [])))
      }),
    remove: (ref, ids) =>
      ask('remove', (isAnswered): RemovalAnswer => {
        checkHolder()
        if (ids.length > 100) universe.violate(`${ids.length} ids in one call`)
        for (const id of ids) checkId(ref, id)
        const isPartial = !isAnswered && universe.random.chance(0.5)
        const taken = isPartial ? ids.slice(0, universe.random.int(ids.length + 1)) : ids
        const isSick = universe.random.chance(universe.faults * 0.3)
        const { answer, effects } = registry.remove(of(ref), isSick ? taken.slice(1) : taken)
        look(effects, isAnswered)
        const sick = isSick && taken[0] ? [{ ...taken[0], code: 'KmsError', reason: 'the key is gone' }] : []
        return { removed: answer.removed, failures: [...answer.failures, ...sick] }
      }),
    archive: (ref, digest) =>
      ask('archive', () => {
        checkHolder()
        const image = of(ref).images.get(digest)
        if (!image) throw new Gone('the image is not there')
        checkIntent(image)
        checkGoing(image, [...image.tags], 'archive')
        image.status = 'ARCHIVED'
        deeds.removed.push({ plan: plan.id, image, action: 'archive' })
      }),
    activate: (ref, digest) =>
      ask('activate', () => {
        const image = of(ref).images.get(digest)
        if (image) image.status = 'ACTIVE'
      }),
    put: (ref, { digest }, tag) =>
      ask('put', () => {
        const repository = of(ref)
        const names = tag === undefined ? undefined : repository.tags.get(tag)
        if (names !== undefined && names !== digest) {
          if ((registry.tagged.get(`${repository.name}:${tag}`) ?? -1) < seen.named)
            universe.violate(`the tag ${tag} is taken from ${names}`)
          else universe.window('a tag was pushed between the look and the put')
        }
        const { children = [] } = registry.known.get(digest) ?? {}
        if (!children.every((child) => repository.images.has(child))) throw new LayersGone('its children are gone')
        const image = registry.push(repository, { digest })
        if (tag === undefined) return
        registry.setTag(repository, image, tag)
        deeds.taken.delete(`${repository.name}:${tag}`)
      }),
  }

  function checkId(ref: RepositoryRef, { digest, tag }: ImageId): void {
    const image = of(ref).images.get(digest)
    const item = items.get(`${ref.repository}@${digest}`)
    if (image) checkIntent(image)
    if (item?.action !== 'delete') universe.violate(`I11 asks for what is not in the plan: ${digest}`)
    if (tag === undefined && item && item.tags.length > 0)
      universe.violate(`asks for a tagged image by digest alone: ${digest}`)
  }

  const store: Store = {
    name: 'model',
    read: (key) =>
      ask(`read ${key}`, () => {
        if (key === 'stop.json') seen.isStopped = files.has(key)
        return files.get(key)
      }),
    create: (key, text) =>
      ask(`create ${key}`, () => {
        if (files.has(key)) return (files.get(key) as Stored).text === text
        if (key.endsWith('-outcome.json')) checkTold(key, text)
        universe.write(key, text)
        return true
      }),
    replace: (key, text, version) =>
      ask(`replace ${key}`, () => {
        if (files.get(key)?.version !== version) return false
        if (key === 'lease.json') checkTakeover()
        universe.write(key, text)
        return true
      }),
    remove: (key, version) =>
      ask(`remove-file ${key}`, () => {
        if (files.get(key)?.version === version) files.delete(key)
        return !files.has(key)
      }),
    list: (prefix) => ask(`list ${prefix}`, () => [...files.keys()].filter((key) => key.startsWith(prefix)).toSorted()),
  }

  async function readInventory(): Promise<Inventory> {
    const at = clock.at
    const { running, isComplete } = await ask('inventory', () => ({
      running: [...universe.running],
      isComplete: universe.isComplete,
    }))
    seen.inventory = { at, running, isComplete }
    const uses = running.map(({ repository, tag, digest }) => ({
      image: { ...REGISTRY, repository, tag, digest },
      by: 'a task',
    }))
    const report = { source: 'ecs', registry: REGISTRY, uses, incomplete: isComplete ? undefined : 'denied' }
    return { at, reports: [report] }
  }

  return {
    ...{
      registry: REGISTRY,
      store,
      holdings,
      hands,
      readInventory,
      registryPolicy: async () => undefined,
      inUse: { pins: PINS, accounts: [], ignoreAccounts: [] },
      seen,
    },
    ...{ who: `role/${actor.name}`, run: actor.name, now: () => new Date(clock.at) },
  }
}
