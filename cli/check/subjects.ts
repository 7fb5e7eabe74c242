import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { matches } from '../../functions/domain/pattern.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { inOrder } from '../../functions/judging/in-order.ts'
import type { Policy } from '../../functions/judging/policy.ts'
import type { Subject } from '../../functions/judging/subject.ts'
import type { Readers } from './readers.ts'
import type { Target } from './target.ts'

type Repository = Extract<Subject, { readonly kind: 'repository' }>

/** What was asked for and cannot be judged: it is not there, or cannot be listed. */
export type Missing = { readonly name: string; readonly problem: string }

export type Walk = {
  readonly registry: RegistryRef
  readonly readers: Readers
  readonly policy: Policy
  /** Whether the tagged images of the repositories are judged too. */
  readonly images: boolean
  readonly onMissing: (missing: Missing) => void
}

/** Repositories whose first page of images is read side by side. */
const LISTED_AT_ONCE = 10

/**
 * What comes until AWS does not go on; that is told, and all that came counts. What is gone meanwhile is no more to be judged.
 * @returns whether all of it came
 */
async function* asFarAsReadable<T>(items: AsyncIterable<T>, name: string, walk: Walk): AsyncGenerator<T, boolean> {
  try {
    yield* items
    return true
  } catch (error) {
    if (error instanceof Gone) return true
    if (!(error instanceof Unreadable)) throw error
    walk.onMissing({ name, problem: error.message })
    return false
  }
}

/** The repositories that match one of the patterns; a pattern that none matches is told, where all could be listed. */
async function* matching(walk: Walk, patterns: readonly string[]): AsyncGenerator<Repository> {
  const unmatched = new Set(patterns)
  const { registry, readers } = walk
  const pages = asFarAsReadable(readers.repositories.listRepositories(registry), 'the list of repositories', walk)
  let page = await pages.next()
  for (; !page.done; page = await pages.next())
    for (const { ref, settings } of page.value) {
      const matched = patterns.filter((pattern) => matches(pattern, ref.repository))
      for (const pattern of matched) unmatched.delete(pattern)
      if (matched.length > 0) yield { kind: 'repository', ref, settings }
    }
  if (page.value) for (const name of unmatched) walk.onMissing({ name, problem: 'no repository matches it' })
}

async function* all(walk: Walk): AsyncGenerator<Repository> {
  const { registry, readers } = walk
  const pages = readers.repositories.listRepositories(registry)
  for await (const page of asFarAsReadable(pages, 'the list of repositories', walk))
    for (const { ref, settings } of page) yield { kind: 'repository', ref, settings }
}

/** The repositories that the targets name, and those that their patterns match beside them. */
async function* named(walk: Walk, targets: readonly Target[]): AsyncGenerator<Repository> {
  const names = new Set(targets.flatMap((target) => (target.kind === 'repository' ? [target.repository] : [])))
  for (const repository of names) yield { kind: 'repository', ref: { ...walk.registry, repository } }
  const patterns = targets.flatMap((target) => (target.kind === 'pattern' ? [target.pattern] : []))
  if (patterns.length === 0) return
  for await (const repository of matching(walk, patterns)) if (!names.has(repository.ref.repository)) yield repository
}

/** A repository, and the pages of its images, of which the first is being read. */
async function withImages(walk: Walk, repository: Repository) {
  const { repository: name } = repository.ref
  if (!walk.policy.asksOfImages(name)) return { repository }
  const pages = asFarAsReadable(walk.readers.list.listTagged(repository.ref), `the images of ${name}`, walk)
  return { repository, pages, first: await pages.next() }
}

async function* andTheirImages(walk: Walk, repositories: AsyncIterable<Repository>): AsyncGenerator<Subject> {
  const opened = inOrder(repositories, LISTED_AT_ONCE, (repository) => withImages(walk, repository))
  for await (const { repository, pages, first } of opened) {
    yield repository
    for (let page = first; page && !page.done; page = await pages?.next())
      for (const { ref, detail } of page.value) yield { kind: 'image', ref, detail }
  }
}

type Image = Extract<Target, { readonly kind: 'image' }>

/** An image under the tag that it was asked for by. */
async function find({ registry, readers }: Walk, { repository, ...name }: Image): Promise<Subject> {
  const { ref, detail } = await readers.list.find({ ...registry, repository }, name)
  const { tag } = name
  return { kind: 'image', detail, ref: tag === undefined ? ref : { ...ref, tags: [...new Set([tag, ...ref.tags])] } }
}

async function* images(walk: Walk, targets: readonly Target[]): AsyncGenerator<Subject> {
  for (const target of targets) {
    if (target.kind !== 'image') continue
    const { repository, tag, digest } = target
    try {
      yield await find(walk, target)
    } catch (error) {
      if (!(error instanceof Gone || error instanceof Unreadable)) throw error
      const name = digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`
      walk.onMissing({ name, problem: error.message })
    }
  }
}

/**
 * Everything in a registry that the targets mean, in the order in which ECR lists it; the registry itself and all of its
 * repositories without any. Pages are read when their turn comes: nothing is held whole.
 */
export async function* subjectsOf(walk: Walk, targets: readonly Target[]): AsyncGenerator<Subject> {
  const registry: Subject = { kind: 'registry', ref: walk.registry }
  const isEverything = targets.length === 0
  if (isEverything && walk.policy.rulesOn(registry).length > 0) yield registry
  const repositories = isEverything ? all(walk) : named(walk, targets)
  yield* walk.images ? andTheirImages(walk, repositories) : repositories
  yield* images(walk, targets)
}
