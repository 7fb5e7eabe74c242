import pLimit from 'p-limit'
import * as v from 'valibot'
import { show } from '../../config/fault.ts'
import { Unreadable } from '../../functions/faults.ts'
import { type BegunSweep, type EndedSweep, KEYS } from '../../functions/sweep/contract.ts'
import { CommandError } from '../command-error.ts'
import { isSweepId, type SweepStore } from './stores.ts'

/** A sweep that is in a store. */
export type Sweep = {
  readonly id: string
  readonly at: SweepStore
  readonly ended: EndedSweep | undefined
}

const BegunSchema = v.object({
  execution: v.string(),
  at: v.pipe(v.string(), v.isoTimestamp()),
  targets: v.array(v.object({ account: v.string(), region: v.string() })),
})

const EndedSchema = v.object({
  ...{ endedAt: v.pipe(v.string(), v.isoTimestamp()), score: v.number() },
  verdict: v.picklist(['pass', 'fail', 'unknown']),
  ...{ listed: v.number(), judged: v.number(), complete: v.boolean() },
})

/** How many are asked about side by side. */
const AT_ONCE = 20

/** @throws {Unreadable} where it is not what a sweep writes */
async function readAs<T>(
  { store }: SweepStore,
  key: string,
  schema: v.GenericSchema<unknown, T>,
): Promise<T | undefined> {
  const stored = await store.read(key)
  if (stored === undefined) return undefined
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), stored.text)
  if (parsed.success) return parsed.output
  throw new Unreadable(`${store.name}/${key} is not what a sweep writes`, true, parsed.issues)
}

/** How a sweep began; undefined where it is not known. @throws {Unreadable} */
export const readBegun = (at: SweepStore, id: string): Promise<BegunSweep | undefined> =>
  readAs(at, KEYS.begun(id), BegunSchema)

const readSweep = async (at: SweepStore, id: string): Promise<Sweep> => ({
  ...{ id, at },
  ended: await readAs(at, KEYS.ended(id), EndedSchema),
})

type Named = { readonly id: string; readonly at: SweepStore }

const newestFirst = async (stores: readonly SweepStore[]): Promise<readonly Named[]> => {
  const all = await Promise.all(stores.map(async (at) => (await at.ids()).map((id) => ({ id, at }))))
  return all.flat().toSorted((one, other) => (one.id > other.id ? -1 : 1))
}

/** All sweeps of the stores, newest first. @throws {Unreadable} */
export async function allSweeps(stores: readonly SweepStore[]): Promise<readonly Sweep[]> {
  const limit = pLimit(AT_ONCE)
  return Promise.all((await newestFirst(stores)).map(({ id, at }) => limit(() => readSweep(at, id))))
}

/** The newest sweep of a store that did not end, and whether none is newer. @throws {Unreadable} */
export async function unendedSweep(
  at: SweepStore,
): Promise<{ readonly id: string; readonly isNewest: boolean } | undefined> {
  for (const [index, { id }] of (await newestFirst([at])).entries()) {
    const { ended } = await readSweep(at, id)
    if (!ended) return { id, isNewest: index === 0 }
  }
  return undefined
}

const NEXT = ['ecr-steward sweep makes one; --store says where another one is, as s3://BUCKET of the stack.']

const namesOf = (stores: readonly SweepStore[], place: string): string =>
  stores.map(({ store }) => store.name).join(', ') || place

/**
 * The newest sweep that ended.
 * @param place what the stores are called where there are none
 * @throws {CommandError} where there is none
 * @throws {Unreadable}
 */
export async function latestSweep(stores: readonly SweepStore[], place: string): Promise<Sweep> {
  const all = await newestFirst(stores)
  for (const { id, at } of all) {
    const sweep = await readSweep(at, id)
    if (sweep.ended) return sweep
  }
  const where = namesOf(stores, place)
  if (all.length === 0) throw new CommandError('usage', `There is no sweep in ${where}.`, ...NEXT)
  throw new CommandError(
    'usage',
    `No sweep in ${where} has ended: the newest is ${all[0]?.id}.`,
    'It still runs, or was interrupted: ecr-steward sweep --resume goes on with one of this machine.',
  )
}

/**
 * @throws {CommandError} where there is none of that id, or it did not end
 * @throws {Unreadable}
 */
export async function sweepNamed(id: string, stores: readonly SweepStore[], place: string): Promise<Sweep> {
  if (!isSweepId(id))
    throw new CommandError(
      'usage',
      `${show(id, 60)} is no id of a sweep.`,
      'They look like 2026-11-24t21: ecr-steward report --list has those that there are.',
    )
  const found = (await newestFirst(stores)).find((one) => one.id === id)
  if (!found)
    throw new CommandError(
      'usage',
      `There is no sweep ${id} in ${namesOf(stores, place)}.`,
      'ecr-steward report --list has those that there are.',
    )
  const sweep = await readSweep(found.at, id)
  if (sweep.ended) return sweep
  throw new CommandError(
    'usage',
    `The sweep ${id} has not ended, so there is no report.`,
    'It still runs, or was interrupted: ecr-steward sweep --resume goes on with one of this machine.',
  )
}
