import { matches } from '../../functions/domain/pattern.ts'
import type { NamedFiles } from '../named-files.ts'
import { isPath } from '../schema/signers.ts'
import type { PathFault } from '../shape.ts'
import type { StewardConfig } from '../steward-config.ts'
import { namedSigners, signedByFaults, signersIn } from './signed-by.ts'
import { isMapping, member } from './walk.ts'

const KINDS = ['key', 'kms', 'identity', 'identity-pattern', 'signing-profile'] as const

/** Which way a signer is known is said once. A key that nobody knows is a fault of its own, and may be the one that is missing. */
function kindFault(signer: Readonly<Record<string, unknown>>): string | undefined {
  const kinds = KINDS.filter((kind) => Object.hasOwn(signer, kind))
  const [kind, other] = kinds
  const isKeyless = kinds.some((one) => one.startsWith('identity'))
  const hasIssuer = Object.hasOwn(signer, 'issuer')
  if (kind === undefined && Object.keys(signer).some((key) => key !== 'issuer')) return undefined
  if (kind === undefined)
    return hasIssuer
      ? 'found issuer alone, expected identity or identity-pattern beside it: an issuer vouches for everybody that it knows'
      : `found none of ${KINDS.join(', ')}, expected one, such as key: keys/ci.pub`
  if (other !== undefined) return `found ${kind} beside ${other}, expected one of the two: make it two signers`
  if (isKeyless && !hasIssuer)
    return `found ${kind} without issuer, expected issuer: https://token.actions.githubusercontent.com beside it: another issuer could vouch for the same name`
  return !isKeyless && hasIssuer
    ? `found issuer beside ${kind}, expected it beside identity alone: leave it out`
    : undefined
}

function signerFaults(name: string, signer: unknown, { keys }: NamedFiles): PathFault[] {
  if (!isMapping(signer)) return []
  const path = ['signers', name]
  const kind = kindFault(signer)
  const key = isPath(signer.key) ? keys.faultOf(signer.key) : undefined
  return [
    ...(kind === undefined ? [] : [{ path, at: 'value' as const, message: kind }]),
    ...(key === undefined ? [] : [{ path: [...path, 'key'], at: 'value' as const, message: key }]),
  ]
}

function rootFaults(file: unknown, { roots }: NamedFiles): PathFault[] {
  const name = member(file, 'trusted-root')
  const message = isPath(name) ? roots.faultOf(name) : undefined
  return message === undefined ? [] : [{ path: ['trusted-root'], at: 'value', message }]
}

/** What is wrong with the signers beyond the shape of each key; also with the files that they name. */
export const signersFaults = (file: unknown, files: NamedFiles): PathFault[] => [
  ...signersIn(file).flatMap(([name, signer]) => signerFaults(name, signer, files)),
  ...signedByFaults(file),
  ...rootFaults(file, files),
]

/** An address and a workflow of nobody: what takes both takes everybody. */
const STRANGERS = ['stranger@example.invalid', 'https://example.invalid/stranger/.github/workflows/a.yml@refs/heads/b']

/** Signers that are valid and yet need a look. */
export function doubtfulSigners(file: unknown, { signers, trustedRoot }: StewardConfig): PathFault[] {
  const used = namedSigners(file)
  const unused = signers
    .filter(({ name }) => !used.has(name))
    .map(
      ({ name }): PathFault => ({
        path: ['signers', name],
        at: 'key',
        message: `no rule asks for it. Add ${name} to a list "signed-by", or remove it`,
      }),
    )
  const open = signers.flatMap((signer): PathFault[] => {
    if (signer.by !== 'identity' || !('pattern' in signer.identity)) return []
    const { pattern } = signer.identity
    if (!STRANGERS.every((stranger) => matches(pattern, stranger))) return []
    const message =
      'takes everybody that its issuer knows. Name the owner of the workflow, or the domain of the address'
    return [{ path: ['signers', signer.name, 'identity-pattern'], at: 'value', message }]
  })
  const isIdle = trustedRoot !== undefined && !signers.some(({ by }) => by === 'identity')
  const idle: PathFault = {
    path: ['trusted-root'],
    at: 'key',
    message:
      'no signer is keyless, so nothing is verified with it. Add a signer with identity and issuer, or remove it',
  }
  return [...unused, ...open, ...(isIdle ? [idle] : [])]
}
