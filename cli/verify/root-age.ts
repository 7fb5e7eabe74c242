import { PINNED_ROOT } from '../../functions/policy/evidence/sigstore/pinned-root.ts'
import { rootParts } from './root-parts.ts'

const DAY = 86_400_000

/** Days after which a root may well lack a log or an authority: a Sigstore takes up new ones from time to time. */
const OLD = 365

/** A trusted root that is verified with, and whose it is. */
export type RootInUse = { readonly root: object; readonly of: string }

/** @param own JSON of the root that steward.yaml names, where it names one */
export const rootInUse = (own: object | undefined): RootInUse =>
  own ? { root: own, of: 'trusted-root of steward.yaml' } : { root: PINNED_ROOT, of: 'that of this version' }

/** How old a root is: it says of itself no more than since when its parts count. Undefined where it says that of none. */
export function rootAge(root: object, now: Date): { readonly words: string; readonly isOld: boolean } | undefined {
  const newest = Date.parse(rootParts(root)[0]?.since ?? '')
  if (Number.isNaN(newest)) return undefined
  const days = Math.max(0, Math.floor((now.getTime() - newest) / DAY))
  const isOld = days > OLD
  return { words: `its newest part counts since ${days} days${isOld ? ', so there may be a newer one' : ''}`, isOld }
}
