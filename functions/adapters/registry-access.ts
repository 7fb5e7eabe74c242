import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { roleArn } from '../domain/registry.ts'
import { READ_ROLE } from '../in-use/contract.ts'
import { baseRepositoriesOf } from '../policy/image/bases.ts'
import { SESSION_NAME, type SweepConfig } from '../sweep/contract.ts'
import type { OpenRegistry, RegistryAccess } from '../sweep/ports.ts'
import { roleCredentials } from './in-use/read-role.ts'
import { inUseSources, readInventory } from './in-use.ts'
import { createPace } from './pace.ts'
import { ecrRepositories } from './repository-reader.ts'
import { type AwsCall, AwsError, type Patience, signedAws, signedPost } from './signed-aws.ts'
import { sweepReaders } from './sweep-readers.ts'

/** Milliseconds of one attempt: a page of a thousand images takes its time. */
const TIMEOUT = 20_000
/** How often a throttle is tried. */
const ATTEMPTS = 10

export type AccessOptions = {
  readonly env: NodeJS.ProcessEnv
  /** Account and region of whoever sweeps: roles of other accounts are assumed from there. */
  readonly home: RegistryRef
  /** Calls per second and operation; undefined: as many as AWS grants. */
  readonly rate?: number | undefined
  /** What the roles of other accounts want to be told. */
  readonly externalId?: string | undefined
  /** Those of the environment otherwise. */
  readonly credentials?: Patience['credentials']
  /** It names the repositories whose images others are built upon, and what may run images. */
  readonly config: Pick<SweepConfig, 'policy' | 'cleanUp'>
  readonly now: () => Date
  /** The calls of a registry as somebody watches them. */
  readonly watch?: (aws: AwsCall, registry: RegistryRef) => AwsCall
}

type Calling = { readonly patience: Patience; readonly problem: () => Promise<string | undefined> }

/** With the credentials of whoever sweeps, or in another account with those of its role. */
function callingOf({ account }: RegistryRef, id: string, options: AccessOptions): Calling {
  const { env, home, rate, externalId, credentials: own, now } = options
  const patience = { attempts: ATTEMPTS, pace: createPace(rate) }
  const ours = own ? { credentials: own } : {}
  if (account === home.account) return { patience: { ...patience, ...ours }, problem: async () => undefined }
  const arn = roleArn({ ...home, account }, READ_ROLE)
  const post = signedPost({ ...env, AWS_REGION: home.region }, TIMEOUT, { attempts: ATTEMPTS, ...ours })
  const credentials = roleCredentials(post, { arn, session: `${SESSION_NAME}-${id}`, externalId }, now)
  const problem = async (): Promise<string | undefined> => {
    try {
      await credentials()
      return undefined
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      return `the role ${arn} cannot be assumed: ${error.code}; deploy the member stack in account ${account} (docs/members.md), or take it out of sweep.accounts`
    }
  }
  return { patience: { ...patience, credentials }, problem }
}

/** What runs in the account and region of the registry, in those of whoever sweeps, and where the configuration says. */
function inventoryReader(registry: RegistryRef, patience: Patience, options: AccessOptions) {
  const { env, home, externalId, credentials, config, now } = options
  if (!config.cleanUp) return undefined
  const { inUse } = config.cleanUp
  const caller = { account: home.account, externalId, ...(credentials && { credentials }) }
  const policy = { ...inUse, accounts: [home.account, ...inUse.accounts], regions: [home.region, ...inUse.regions] }
  // Other services grant other rates than the one that is set for ECR.
  const { pace: _, ...own } = patience
  const sources = inUseSources({ env, patience: own, registry, caller, policy, now })
  return () => readInventory(sources, now)
}

function accessTo(registry: RegistryRef, id: string, options: AccessOptions): RegistryAccess {
  const { region } = registry
  const { env, config, watch = (aws: AwsCall) => aws } = options
  const { patience, problem } = callingOf(registry, id, options)
  const aws = watch(signedAws({ ...env, AWS_REGION: region }, TIMEOUT, patience), registry)
  const repositories = ecrRepositories(aws, region)
  return {
    problem,
    async *list() {
      for await (const page of repositories.listRepositories(registry))
        yield page.map(({ ref, settings }) => ({ ...ref, settings }))
    },
    readers: sweepReaders(aws, { region, endpoint: env.AWS_ENDPOINT_URL, bases: baseRepositoriesOf(config.policy) }),
    readInventory: inventoryReader(registry, patience, options),
  }
}

/**
 * Registries of all accounts and regions: each is called with its own credentials and at its own pace, and opened once for a
 * sweep, however many batches are judged in it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function registryAccess(options: AccessOptions): OpenRegistry {
  const opened = new Map<string, RegistryAccess>()
  return (registry, id) => {
    const key = `${id} ${registry.account} ${registry.region}`
    const access = opened.get(key) ?? accessTo(registry, id, options)
    opened.set(key, access)
    return access
  }
}
