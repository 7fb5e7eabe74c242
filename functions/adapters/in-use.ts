import type { InUsePolicy } from '../domain/clean-up/policy.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { InUseReport, Inventory } from '../domain/in-use/use.ts'
import type { InUseSource } from '../in-use/source.ts'
import { appRunner } from './in-use/app-runner.ts'
import { batch } from './in-use/batch.ts'
import { codebuild } from './in-use/codebuild.ts'
import { ecs } from './in-use/ecs.ts'
import { eks } from './in-use/eks.ts'
import { lambda } from './in-use/lambda.ts'
import { readSource } from './in-use/reading.ts'
import { scheduledTasks } from './in-use/scheduled-tasks.ts'
import type { Site, SourceKind } from './in-use/site.ts'
import { createPace } from './pace.ts'
import { type Caller, credentialsIn, problemWith } from './registry-calls.ts'
import { type Patience, signedAws, signedRest } from './signed-aws.ts'

/** Everything that is known to run images: a new kind is its file and a line here. */
const KINDS: readonly SourceKind[] = [ecs, scheduledTasks, lambda, eks, appRunner, codebuild, batch]

/** Milliseconds for one attempt: a page of a hundred job definitions takes its time. */
const TIMEOUT = 10_000
/** How often a throttle is tried: ECS grants some twenty descriptions a second, and an account has thousands of revisions. */
const ATTEMPTS = 10

export type InUseOptions = {
  readonly env: NodeJS.ProcessEnv
  /** Whatever it leaves out is that of a long run. */
  readonly patience?: Patience
  /** Whose images are asked about: its account is read with the credentials of `patience`. */
  readonly registry: RegistryRef
  /** Who assumes the roles of other accounts, and reads its own, where that is not the account of the registry. */
  readonly caller?: RegistryRef & Pick<Caller, 'externalId' | 'credentials'>
  readonly policy: Pick<InUsePolicy, 'taskDefinitions' | 'regions' | 'accounts' | 'ignoreSources'>
  readonly now?: () => Date
}

/** How accounts are read, each with the credentials that it asks for. */
function patienceIn(options: InUseOptions): (account: string) => Patience {
  const { env, patience = {}, registry, now } = options
  const { credentials: own, ...rest } = patience
  const { externalId, credentials, ...home } = options.caller ?? {
    ...registry,
    externalId: undefined,
    credentials: own,
  }
  const credentialsOf = credentialsIn({
    ...{ env, home, externalId, credentials, attempts: patience.attempts ?? ATTEMPTS },
    ...{ listedIn: 'clean-up.in-use.accounts', ...(now && { now }) },
  })
  return (account) => {
    if (account === registry.account) return patience
    const there = credentialsOf(account, `in-use-for-${registry.account}`)
    return { ...rest, ...(there && { credentials: there }) }
  }
}

function siteAt(registry: RegistryRef, patience: Patience, options: InUseOptions): Site {
  const { env, policy, now = () => new Date() } = options
  const there = { ...env, AWS_REGION: registry.region }
  const how = { attempts: ATTEMPTS, pace: createPace(), ...patience }
  return {
    ...{ registry, now, taskDefinitions: policy.taskDefinitions, known: new Map() },
    aws: signedAws(there, TIMEOUT, how),
    rest: signedRest(there, TIMEOUT, how),
  }
}

/** A place that is read, and why it cannot be. */
type Open = { readonly site: Site; readonly problem: () => Promise<string | undefined> }

/** Every region of every account. */
function sitesOf(options: InUseOptions): readonly Open[] {
  const { registry: own, caller, policy } = options
  const patienceOf = patienceIn(options)
  const home = siteAt(own, patienceOf(own.account), options)
  const isOurs = (account: string): boolean => account === own.account || account === caller?.account
  return [...new Set([own.account, ...policy.accounts])].flatMap((account) => {
    const there = patienceOf(account)
    const problem = async () => (isOurs(account) ? undefined : problemWith(there.credentials))
    return [...new Set([own.region, ...policy.regions])].map((region) => {
      const isHome = account === own.account && region === own.region
      return { site: isHome ? home : { ...siteAt({ account, region }, there, options), home }, problem }
    })
  })
}

const sourceOf = (kind: SourceKind, { site, problem }: Open): InUseSource => ({
  name: kind.name,
  async read(): Promise<InUseReport> {
    const incomplete = await problem()
    if (incomplete === undefined) return readSource(kind, site)
    return { source: kind.name, registry: site.registry, uses: [], incomplete }
  },
})

/**
 * What may run images of a registry: every kind of source in every region and account, without those that the configuration
 * leaves out. They remember what can never change, so that reading them again costs less.
 */
export function inUseSources(options: InUseOptions): readonly InUseSource[] {
  const kinds = KINDS.filter(({ name }) => !options.policy.ignoreSources.includes(name))
  return sitesOf(options).flatMap((open) => kinds.map((kind) => sourceOf(kind, open)))
}

/** Reads all sources side by side. */
export async function readInventory(sources: readonly InUseSource[], now: () => Date): Promise<Inventory> {
  const at = now().getTime()
  return { at, reports: await Promise.all(sources.map((source) => source.read())) }
}
