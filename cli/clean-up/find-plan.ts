import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import type { Plan } from '../../functions/domain/clean-up/plan.ts'
import { PlanError } from '../../functions/domain/clean-up/plan-error.ts'
import { openPlan } from '../../functions/domain/clean-up/seal.ts'
import type { Store } from '../../functions/planning/store.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'

const ID = /^[a-z0-9-]{8,64}$/
const OBJECT = /^(s3:\/\/.+)\/plans\/([a-z0-9-]{8,64})\.json$/

/** A plan as it is named on the command line: a file, or an id in a store. */
export type NamedPlan =
  | { readonly file: string; readonly shown: string }
  /** `place`: the store, where the name says it. */
  | { readonly id: string; readonly place?: string | undefined }

/** @throws {CommandError} where it is neither */
export function namedPlan(word: string, { cwd }: Io): NamedPlan {
  const file = resolve(cwd, word)
  const [, place, object] = OBJECT.exec(word) ?? []
  if (object !== undefined) return { id: object, place }
  if (existsSync(file) && statSync(file).isFile()) return { file, shown: show(word, 200) }
  if (ID.test(word)) return { id: word }
  throw new CommandError(
    'usage',
    `${show(word, 200)} is no file here, and no id of a plan.`,
    'Name the file that clean-up plan wrote, or the id of a plan in --store.',
  )
}

/** @throws {CommandError} where it is no id */
export function planIdOf(word: string): string {
  if (ID.test(word)) return word
  throw new CommandError('usage', `${show(word, 200)} is no id of a plan.`, 'clean-up plan and clean-up apply say it.')
}

/** What a plan that is not taken is for the person at the terminal. */
export const asUsage = (error: unknown): unknown =>
  error instanceof PlanError ? new CommandError('usage', error.message, error.next) : error

/**
 * Reads a plan.
 * @throws {CommandError} where there is none, or it was edited
 * @throws {Unreadable}
 */
export async function findPlan(named: NamedPlan, store: Store): Promise<Plan> {
  const text = 'file' in named ? readFileSync(named.file, 'utf8') : (await store.read(`plans/${named.id}.json`))?.text
  if (text === undefined)
    throw new CommandError(
      'usage',
      `There is no such plan in ${store.name}.`,
      'Say with --store where it was written to.',
    )
  try {
    return openPlan(text)
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    const where = 'file' in named ? named.shown : `Plan ${named.id}`
    throw new CommandError('usage', `${where}: ${error.message}`, error.next)
  }
}
