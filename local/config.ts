import { join } from 'node:path'
import { loadConfig, type StewardConfig } from '../config/load.ts'

type Tell = Parameters<typeof loadConfig>[1]

/** What the seed asks of its repositories that are signed. */
export const SEED_CONFIG = 'local/seed/steward.yaml'

/**
 * What the local run goes by: the `steward.yaml` of the checkout, and before its own policy what the seed asks of the
 * repositories that are signed, which are nobody's outside of it.
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
    ...(trustedRoot && { trustedRoot }),
  }
}
