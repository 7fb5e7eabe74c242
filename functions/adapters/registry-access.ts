import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { baseRepositoriesOf } from '../policy/image/bases.ts'
import type { SweepConfig } from '../sweep/contract.ts'
import type { OpenRegistry, RegistryAccess } from '../sweep/ports.ts'
import type { EvidenceReading } from './evidence-reading.ts'
import { inUseSources, readInventory } from './in-use.ts'
import { createPace } from './pace.ts'
import { type Caller, credentialsIn, problemWith } from './registry-calls.ts'
import { ecrRepositories } from './repository-reader.ts'
import { type SbomDestination, sbomExporter } from './sbom-exports.ts'
import { type AwsCall, type Patience, signedAws, signedRest } from './signed-aws.ts'
import { sweepReaders } from './sweep-readers.ts'

/** Milliseconds of one attempt: a page of a thousand images takes its time. */
const TIMEOUT = 20_000
/** How often a throttle is tried. */
const ATTEMPTS = 10

export type AccessOptions = Pick<Caller, 'env' | 'home' | 'externalId' | 'credentials'> & {
  /** Calls per second and operation; undefined: as many as AWS grants. */
  readonly rate?: number | undefined
  /** It names the repositories whose images others are built upon, and what may run images. */
  readonly config: Pick<SweepConfig, 'policy' | 'cleanUp'>
  readonly now: () => Date
  /** Undefined where nothing asks for signatures or SBOMs. */
  readonly evidence?: EvidenceReading | undefined
  /** Where Inspector puts SBOMs that it is asked for; undefined where it is not asked. */
  readonly exports?: SbomDestination | undefined
  /** The calls of a registry as somebody watches them. */
  readonly watch?: (aws: AwsCall, registry: RegistryRef) => AwsCall
}

/** What runs in the account and region of the registry, in those of whoever sweeps, and where the configuration says. */
function inventoryReader(registry: RegistryRef, patience: Patience, options: AccessOptions) {
  const { env, home, externalId, credentials, config, now } = options
  if (!config.cleanUp) return undefined
  const { inUse } = config.cleanUp
  const caller = { ...home, externalId, ...(credentials && { credentials }) }
  const policy = { ...inUse, accounts: [home.account, ...inUse.accounts], regions: [home.region, ...inUse.regions] }
  // Other services grant other rates than the one that is set for ECR.
  const { pace: _, ...own } = patience
  const sources = inUseSources({ env, patience: own, registry, caller, policy, now })
  return () => readInventory(sources, now)
}

function accessTo(registry: RegistryRef, credentials: Patience['credentials'], options: AccessOptions): RegistryAccess {
  const { region } = registry
  const { env, home, rate, config, evidence, exports, watch = (aws: AwsCall) => aws } = options
  const patience = { attempts: ATTEMPTS, pace: createPace(rate), ...(credentials && { credentials }) }
  const there = { ...env, AWS_REGION: region }
  const aws = watch(signedAws(there, TIMEOUT, patience), registry)
  const repositories = ecrRepositories(aws, region)
  return {
    // What is wrong with its own credentials, the calls of its own account tell.
    problem: async () => (registry.account === home.account ? undefined : problemWith(credentials)),
    async *list() {
      for await (const page of repositories.listRepositories(registry))
        yield page.map(({ ref, settings }) => ({ ...ref, settings }))
    },
    readers: sweepReaders(aws, {
      ...{ region, endpoint: env.AWS_ENDPOINT_URL, bases: baseRepositoriesOf(config.policy), evidence },
    }),
    readInventory: inventoryReader(registry, patience, options),
    exporter:
      exports && region === home.region
        ? sbomExporter(signedRest(there, TIMEOUT, { ...(credentials && { credentials }) }), registry, exports)
        : undefined,
  }
}

/**
 * Registries of all accounts and regions: each is called with its own credentials and at its own pace, and opened once for a
 * sweep, however many batches are judged in it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function registryAccess(options: AccessOptions): OpenRegistry {
  const credentialsOf = credentialsIn({ ...options, attempts: ATTEMPTS })
  const opened = new Map<string, RegistryAccess>()
  return (registry, id) => {
    const key = `${id} ${registry.account} ${registry.region}`
    const access = opened.get(key) ?? accessTo(registry, credentialsOf(registry.account, `sweep-${id}`), options)
    opened.set(key, access)
    return access
  }
}
