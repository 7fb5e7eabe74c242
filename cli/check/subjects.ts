import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { matches } from '../../functions/domain/pattern.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { inOrder } from './in-order.ts'
import type { Policy } from './policy.ts'
import type { Readers } from './readers.ts'
import type { Subject } from './subject.ts'
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

/** What comes until AWS does not go on; that is told, and all that came counts. What is gone meanwhile is no more to be judged. */
async function* asFarAsReadable<T>(items: AsyncIterable<T>, name: string, { onMissing }: Walk): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    if (error instanceof Unreadable) onMissing({ name, problem: error.message })
    else if (!(error instanceof Gone)) throw error
  }
}

async function* listed(walk: Walk, patterns: readonly string[]): AsyncGenerator<Repository> {
  const { registry, readers } = walk
  const pages = asFarAsReadable(readers.repositories.listRepositories(registry), 'the list of repositories', walk)
  for await (const page of pages)
    for (const { ref, settings } of page)
      if (patterns.some((pattern) => matches(pattern, ref.repository))) yield { kind: 'repository', ref, settings }
}

/** The repositories that a target means, each with its images where they are asked for. */
async function* repositoriesOf(walk: Walk, targets: readonly Target[]): AsyncGenerator<Repository> {
  const names = new Set(targets.flatMap((target) => (target.kind === 'repository' ? [target.repository] : [])))
  for (const repository of names) yield { kind: 'repository', ref: { ...walk.registry, repository } }
  const patterns = targets.flatMap((target) => (target.kind === 'pattern' ? [target.pattern] : []))
  const unmatched = new Set(patterns)
  if (patterns.length === 0) return
  for await (const repository of listed(walk, patterns)) {
    const { repository: name } = repository.ref
    for (const pattern of unmatched) if (matches(pattern, name)) unmatched.delete(pattern)
    if (!names.has(name)) yield repository
  }
  for (const name of unmatched) walk.onMissing({ name, problem: 'no repository matches it' })
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

async function* imagesOf(walk: Walk, targets: readonly Target[]): AsyncGenerator<Subject> {
  for (const target of targets) {
    if (target.kind !== 'image') continue
    const { repository, tag, digest } = target
    try {
      yield { kind: 'image', ...(await walk.readers.list.find({ ...walk.registry, repository }, target)) }
    } catch (error) {
      if (!(error instanceof Gone)) throw error
      walk.onMissing({
        name: digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`,
        problem: error.message,
      })
    }
  }
}

/**
 * Everything in a registry that the targets mean, in the order in which ECR lists it; the registry itself and all of its
 * repositories without any. Pages are read when their turn comes: nothing is held whole.
 */
export async function* subjectsOf(walk: Walk, targets: readonly Target[]): AsyncGenerator<Subject> {
  const registry: Subject = { kind: 'registry', ref: walk.registry }
  if (targets.length === 0 && walk.policy.rulesOn(registry).length > 0) yield registry
  const wanted: readonly Target[] = targets.length === 0 ? [{ kind: 'pattern', pattern: '**' }] : targets
  const repositories = repositoriesOf(targets.length === 0 ? { ...walk, onMissing: () => {} } : walk, wanted)
  yield* walk.images ? andTheirImages(walk, repositories) : repositories
  yield* imagesOf(walk, wanted)
}
