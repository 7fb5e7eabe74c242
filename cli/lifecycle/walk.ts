import type { Holdings } from '../../functions/planning/ports.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import type { Part } from '../check/parts.ts'
import { tellUnjudged } from '../check/rest.ts'
import type { Missing } from '../check/subjects.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { showProgress } from '../progress.ts'
import { openRegistries, type Repository, readIn } from './repositories.ts'

/** Repositories that are read side by side: each may have a hundred thousand images. */
const AT_ONCE = 2

/** What is at hand while a repository is read. */
export type Reading = {
  readonly repository: Repository
  readonly holdings: Holdings
  readonly part: Part
  /** Shown to whoever waits. */
  readonly onStep: (step: string) => void
}

/** A value, or why there is none. */
export type Found<T> = { readonly value: T } | { readonly problem: string }

type Walk<T> = {
  readonly read: (reading: Reading) => Promise<Found<T>>
  /** One after another, in the order of the repositories. */
  readonly take: (value: T) => Promise<void>
}

export type Walked = { readonly missing: readonly Missing[]; readonly parts: readonly Part[] }

/** Whether words name one repository: a pattern may be about any number. */
export const isOneRepository = (words: readonly string[]): boolean => words.length === 1 && !words[0]?.includes('*')

/**
 * Reads every repository that the words name or match. What cannot be read is told at the end; of one that was matched by a
 * pattern alone, it is no matter that it has nothing.
 */
export async function walk<T>(
  words: readonly string[],
  options: Pick<Values<typeof AWS_OPTIONS>, 'concurrency' | 'verbose'> & Parameters<typeof openRegistries>[1],
  io: Io,
  { read, take }: Walk<T>,
): Promise<Walked> {
  const parts = await openRegistries(words, options, io)
  const missing: Missing[] = []
  const onMissing = (one: Missing): void => void missing.push(one)
  let shown = 'reading'
  const onStep = (step: string): void => {
    shown = step
  }
  const endProgress = options.verbose ? () => {} : showProgress(io.stderr, () => shown)
  const atOnce = options.concurrency ?? AT_ONCE
  try {
    for (const part of parts) {
      const one = async (repository: Repository, holdings: Holdings) => ({
        name: repository.ref.repository,
        isNamed: repository.isNamed,
        found: await read({ repository, holdings, part, onStep }),
      })
      for await (const { name, isNamed, found } of readIn(part, { atOnce, onMissing, read: one })) {
        if ('value' in found) await take(found.value)
        else if (isNamed) onMissing({ name, problem: found.problem })
      }
    }
  } finally {
    endProgress()
  }
  return { missing, parts }
}

export const tellMissing = ({ missing, parts }: Walked, io: Io): void => tellUnjudged(missing, parts, io)
