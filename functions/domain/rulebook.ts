import type { Rule } from './rule/rule.ts'
import { baseImage } from './rules/base-image.ts'
import { deletionSafety } from './rules/deletion-safety.ts'
import { encryption } from './rules/encryption.ts'
import { enhancedScanning } from './rules/enhanced-scanning.ts'
import { healthcheck } from './rules/healthcheck.ts'
import { lifecyclePolicy } from './rules/lifecycle-policy.ts'
import { maxImageAge } from './rules/max-image-age.ts'
import { maxImageSize } from './rules/max-image-size.ts'
import { noSecretsInImage } from './rules/no-secrets-in-image.ts'
import { nonRootUser } from './rules/non-root-user.ts'
import { notLatestOnly } from './rules/not-latest-only.ts'
import { platforms } from './rules/platforms.ts'
import { provenance } from './rules/provenance.ts'
import { pullThroughCache } from './rules/pull-through-cache.ts'
import { registryPolicy } from './rules/registry-policy.ts'
import { registryScanning } from './rules/registry-scanning.ts'
import { replication } from './rules/replication.ts'
import { repositoryNaming } from './rules/repository-naming.ts'
import { repositoryPolicy } from './rules/repository-policy.ts'
import { requiredLabels } from './rules/required-labels.ts'
import { requiredTags } from './rules/required-tags.ts'
import { sbom } from './rules/sbom.ts'
import { scanOnPush } from './rules/scan-on-push.ts'
import { scanned } from './rules/scanned.ts'
import { signature } from './rules/signature.ts'
import { tagImmutability } from './rules/tag-immutability.ts'
import { tagNaming } from './rules/tag-naming.ts'
import { vulnerabilities } from './rules/vulnerabilities.ts'

/** Every rule, in the order in which they are listed and judged: a new one is its file and a line here. */
export const RULES: readonly Rule[] = [
  tagImmutability,
  scanOnPush,
  enhancedScanning,
  encryption,
  lifecyclePolicy,
  repositoryPolicy,
  deletionSafety,
  repositoryNaming,
  requiredTags,
  registryPolicy,
  registryScanning,
  replication,
  pullThroughCache,
  tagNaming,
  notLatestOnly,
  maxImageSize,
  maxImageAge,
  platforms,
  scanned,
  vulnerabilities,
  nonRootUser,
  noSecretsInImage,
  baseImage,
  requiredLabels,
  healthcheck,
  signature,
  provenance,
  sbom,
]

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]))

export const ruleOf = (id: string): Rule | undefined => BY_ID.get(id)
