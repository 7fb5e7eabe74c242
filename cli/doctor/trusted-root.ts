import type { StewardConfig } from '../../config/load.ts'
import { rootAge, rootInUse } from '../verify/root-age.ts'
import { type Finding, type Fix, findingsOf } from './finding.ts'

const { ok, warning } = findingsOf('configuration')

const REFRESH = 'ecr-steward trusted-root --refresh'

const PINNED: Fix = {
  text: 'The current one is fetched so; name its file as trusted-root in steward.yaml, commit it, and deploy:',
  command: `${REFRESH} trusted_root.json`,
}
const OWN: Fix = {
  text: `${REFRESH} FILE fetches the current one, with --mirror that of a Sigstore of your own; commit it, and deploy.`,
}

/** How old the root is that signers by identity are verified with; nothing where there is no such signer. */
export function trustedRootFindings({ signers, trustedRoot }: StewardConfig, now: Date): readonly Finding[] {
  if (!signers.some(({ by }) => by === 'identity')) return []
  const { root, of } = rootInUse(trustedRoot)
  const age = rootAge(root, now)
  const found = `${of}${age ? `; ${age.words}` : ''}`
  return [age?.isOld ? warning('trusted root', found, trustedRoot ? OWN : PINNED) : ok('trusted root', found)]
}
