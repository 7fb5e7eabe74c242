import type { InUsePolicy } from '../domain/clean-up/policy.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { InUseReport, Inventory } from '../domain/in-use/use.ts'
import { roleArn } from '../domain/registry.ts'
import { READ_ROLE } from '../in-use/contract.ts'
import type { InUseSource } from '../in-use/source.ts'
import { appRunner } from './in-use/app-runner.ts'
import { batch } from './in-use/batch.ts'
import { codebuild } from './in-use/codebuild.ts'
import { ecs } from './in-use/ecs.ts'
import { eks } from './in-use/eks.ts'
import { lambda } from './in-use/lambda.ts'
import { roleCredentials } from './in-use/read-role.ts'
import { readSource } from './in-use/reading.ts'
import { scheduledTasks } from './in-use/scheduled-tasks.ts'
import type { Site, SourceKind } from './in-use/site.ts'
import { createPace } from './pace.ts'
import { AwsError, type Patience, signedAws, signedPost, signedRest } from './signed-aws.ts'

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
  readonly caller?: { readonly account: string; readonly externalId?: string | undefined } & Pick<
    Patience,
    'credentials'
  >
  readonly policy: Pick<InUsePolicy, 'taskDefinitions' | 'regions' | 'accounts' | 'ignoreSources'>
  readonly now?: () => Date
}

/** How an account is read, and why it cannot be. */
type Access = { readonly patience: Patience; readonly problem: () => Promise<string | undefined> }

/** As whoever assumes roles calls AWS. */
const calling = ({ patience = {}, caller }: InUseOptions): Patience => {
  const { credentials: _, ...rest } = patience
  if (!caller) return patience
  return caller.credentials ? { ...rest, credentials: caller.credentials } : rest
}

function accessTo(account: string, options: InUseOptions): Access {
  const { env, patience = {}, registry, caller, now = () => new Date() } = options
  const own = async (): Promise<undefined> => undefined
  if (account === registry.account) return { patience, problem: own }
  if (account === caller?.account) return { patience: calling(options), problem: own }
  const post = signedPost({ ...env, AWS_REGION: registry.region }, TIMEOUT, calling(options))
  const arn = roleArn({ ...registry, account }, READ_ROLE)
  const session = `ecr-steward-in-use-for-${registry.account}`
  const credentials = roleCredentials(post, { arn, session, externalId: caller?.externalId }, now)
  const problem = async (): Promise<string | undefined> => {
    try {
      await credentials()
      return undefined
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      return `${error.code} for sts:AssumeRole of ${arn}: it has to be there and to trust the role that reads (docs/in-use.md); or take ${account} out of clean-up.in-use.accounts`
    }
  }
  return { patience: { ...patience, credentials }, problem }
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

type Open = { readonly site: Site; readonly problem: Access['problem'] }

/** Every region of every account. */
function sitesOf(options: InUseOptions): readonly Open[] {
  const { registry: own, policy, patience = {} } = options
  const home = siteAt(own, patience, options)
  return [...new Set([own.account, ...policy.accounts])].flatMap((account) => {
    const { patience: there, problem } = accessTo(account, options)
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
