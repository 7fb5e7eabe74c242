import { SIGNER } from '../../functions/domain/supply-chain/signer.ts'
import { type Path, show } from '../fault.ts'
import { MOST } from '../schema/words.ts'
import type { PathFault } from '../shape.ts'
import { didYouMean, oneOf } from '../suggest.ts'
import { isMapping, items, member } from './walk.ts'

export const signersIn = (file: unknown): readonly (readonly [string, unknown])[] => {
  const signers = member(file, 'signers')
  return isMapping(signers) ? Object.entries(signers).slice(0, MOST) : []
}

/** A rule that names signers. */
type Asking = {
  readonly path: Path
  readonly rule: string
  readonly setting: unknown
  readonly names: readonly string[]
}

const askingIn = (file: unknown): readonly Asking[] =>
  items(member(file, 'policy')).flatMap((entry, index) => {
    const rules = member(entry, 'rules')
    if (!isMapping(rules)) return []
    return Object.entries(rules).flatMap(([rule, setting]): Asking[] => {
      const signedBy = items(member(setting, 'signed-by'))
      const names = signedBy.map((name) => (typeof name === 'string' ? name : ''))
      return names.length === 0 ? [] : [{ path: ['policy', index, 'rules', rule], rule, setting, names }]
    })
  })

/** Whoever rules name under `signed-by`. */
export const namedSigners = (file: unknown): ReadonlySet<string> =>
  new Set(askingIn(file).flatMap(({ names }) => names))

/** Names that `signers` does not have. */
function unknownIn({ path, names }: Asking, signers: readonly string[]): PathFault[] {
  const known = signers.length === 0 ? 'a signer under the key signers, which has none yet' : oneOf(signers)
  return names.flatMap((name, place): PathFault[] => {
    if (name === '' || signers.includes(name)) return []
    const message = `found signer ${show(name)}, expected ${known}${didYouMean(name, signers)}`
    return [{ path: [...path, 'signed-by', place], at: 'value', message }]
  })
}

/** More than there are could never have signed. */
function tooManyNeeded({ path, setting, names }: Asking): PathFault[] {
  const needed = member(setting, 'needed')
  const most = new Set(names).size
  if (typeof needed !== 'number' || needed <= most) return []
  const message = `found ${needed}, and signed-by names ${most}, expected no more than that: no image could ever pass`
  return [{ path: [...path, 'needed'], at: 'value', message }]
}

/** ECR signs images, and attests nothing. */
function profilesAlone({ path, rule, names }: Asking, profiles: ReadonlySet<string>): PathFault[] {
  if (rule === 'signature' || !names.every((name) => profiles.has(name))) return []
  const message = `found none but signers with a signing-profile, expected one with key, kms or identity too: ECR signs images with a profile, and attests nothing`
  return [{ path: [...path, 'signed-by'], at: 'value', message }]
}

/** What is wrong with whom rules name. */
export function signedByFaults(file: unknown): PathFault[] {
  const signers = signersIn(file)
  const names = signers.flatMap(([name]) => (SIGNER.test(name) ? [name] : []))
  const profiles = new Set(
    signers.filter(([, signer]) => member(signer, 'signing-profile') !== undefined).map(([name]) => name),
  )
  return askingIn(file).flatMap((asking) => [
    ...unknownIn(asking, names),
    ...tooManyNeeded(asking),
    ...profilesAlone(asking, profiles),
  ])
}
