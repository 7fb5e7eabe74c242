import { join } from 'node:path'
import { loadConfig, type StewardConfig } from '../config/load.ts'

type Sweep = StewardConfig['sweep']
type Tell = Parameters<typeof loadConfig>[1]

/** What the seed asks of its repositories that are signed. */
export const SEED_CONFIG = 'local/seed/steward.yaml'

/** The sweep of the checkout, with the index of packages of the seed. Whoever gets the digest is told of what it watches for. */
const withPackages = (own: Sweep, seeded: Sweep): Sweep =>
  own && {
    ...own,
    packages: own.packages ?? seeded?.packages,
    watchFor: [...(own.watchFor ?? []), ...(seeded?.watchFor ?? []).map((watch) => ({ ...watch, slack: own.slack }))],
  }

/**
 * What the local run goes by: the `steward.yaml` of the checkout, and before its own policy what the seed asks of the
 * repositories that are signed, which are nobody's outside of it, and of the packages that their SBOMs name.
 * @param tell is told of warnings about the `steward.yaml` of the checkout
 * @throws ConfigError
 */
export function localConfig(root: string, tell?: Tell): StewardConfig {
  const own = loadConfig(join(root, 'steward.yaml'), tell)
  const seeded = loadConfig(join(root, SEED_CONFIG), () => {})
  const trustedRoot = own.trustedRoot ?? seeded.trustedRoot
  return {
    ...own,
    policy: [...seeded.policy, ...own.policy],
    signers: [...own.signers, ...seeded.signers],
    sweep: withPackages(own.sweep, seeded.sweep),
    ...(trustedRoot && { trustedRoot }),
  }
}
