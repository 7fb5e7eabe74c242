import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { isRecord } from '../record.ts'
import { type Plan, type PlanDraft, PlanSchema } from './plan.ts'
import { PlanError } from './plan-error.ts'

const VERSION = 1
const AGAIN = 'Make a new one: ecr-steward clean-up plan'

type Json = Readonly<Record<string, unknown>>

/** The same text for the same values, whatever the order of the keys and the spaces between them. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value)
  const keys = Object.keys(value).toSorted()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

const hashOf = (draft: Json): string => createHash('sha256').update(canonical(draft)).digest('hex')

/** Closes a plan: whatever is changed in it afterwards is seen. */
export const sealPlan = (draft: PlanDraft): Plan => ({ ...draft, hash: hashOf(draft) })

/** A plan as it is written to a file or a store. */
export const planText = (plan: Plan): string => `${JSON.stringify(plan, null, 2)}\n`

function parsed(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new PlanError('It is not JSON, or only a part of a plan.', AGAIN)
  }
  if (isRecord(value) && 'version' in value && 'hash' in value) return value
  throw new PlanError('It is JSON, but no plan of a clean-up.', 'Name what ecr-steward clean-up plan wrote.')
}

/**
 * Reads a plan that was written down. Whether it has expired, and is of this account and region, is for whoever applies it.
 * @throws {PlanError} where it is none, of another version, or not as it was sealed
 */
export function openPlan(text: string): Plan {
  const { hash, ...draft } = parsed(text)
  if (draft.version !== VERSION)
    throw new PlanError(
      `It is of version ${JSON.stringify(draft.version)}, and this ecr-steward knows ${VERSION} alone.`,
      'Apply it with the ecr-steward that made it, or make a new one: ecr-steward clean-up plan',
    )
  if (hash !== hashOf(draft))
    throw new PlanError('It is not as it was made: its hash does not fit, so somebody has edited it.', AGAIN)
  const read = v.safeParse(PlanSchema, { ...draft, hash })
  if (read.success) return read.output
  throw new PlanError(`It is not as a plan has to be: ${v.getDotPath(read.issues[0])}.`, AGAIN)
}

/**
 * What a plan is called: `2026-11-28t03-00-00z-k3j9`. Two plans of one instant are told apart by their letters.
 * @param letters a few small letters and digits, at random or out of a hash
 */
export const planId = (now: Date, letters: string): string =>
  `${now.toISOString().slice(0, 19).replaceAll(':', '-').toLowerCase()}z-${letters}`
