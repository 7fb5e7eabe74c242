import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { readInventory } from '../../functions/adapters/in-use.ts'
import { type GuardReport, guardRegistry } from '../../functions/clean-up/guard.ts'
import { createProtection } from '../../functions/domain/in-use/protection.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import type { Missing } from '../check/subjects.ts'
import type { Target } from '../check/target.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { columnsOf, painter } from '../terminal.ts'
import { inUsePolicy } from './clean-up-policy.ts'
import { type Guarded, guardJson, guardLines } from './guard-report.ts'
import { sourcesFor } from './in-use-sources.ts'
import { namedRepositories, oneRegistry, wholeTarget } from './named-repositories.ts'
import { AT_ONCE } from './options.ts'
import { readingProgress } from './reading-progress.ts'
import { exitOf, tellMissing } from './unread.ts'

const DAY = 86_400_000
/** Days that are looked ahead unless told otherwise. */
const WITHIN = 2

export type GuardOptions = Values<typeof AWS_OPTIONS> & {
  readonly config: string | undefined
  readonly within: number | undefined
  readonly json: boolean
}

type Read = { readonly report: GuardReport; readonly blocks: readonly string[]; readonly missing: readonly Missing[] }

async function read(session: Session, targets: readonly Target[], options: GuardOptions, io: Io): Promise<Read> {
  const { registry, aws } = session
  const policy = inUsePolicy(options.config, io)
  const missing: Missing[] = []
  const onMissing = (one: Missing): void => void missing.push(one)
  const named = new Set(targets.flatMap((target) => (target.kind === 'repository' ? [target.repository] : [])))
  const progress = readingProgress(io, options.verbose)
  try {
    const sources = sourcesFor(session, policy, options.config, io)
    const protection = createProtection(await readInventory(sources, io.now), policy.pins)
    const report = await guardRegistry({
      ...{ registry, holdings: ecrHoldings(aws, registry.region), protection, now: io.now() },
      ...{ within: (options.within ?? WITHIN) * DAY, atOnce: options.concurrency ?? AT_ONCE },
      ...(targets.length > 0 && { repositories: namedRepositories(session, targets, onMissing) }),
      onImages: progress.onImages,
      onRepository: progress.onRepository,
      onGone: ({ repository: name }) =>
        void (named.has(name) && onMissing({ name, problem: 'the repository is not there' })),
    })
    return { report, blocks: protection.blocks, missing }
  } finally {
    progress.end()
  }
}

function endOf({ report, blocks, missing }: Read, session: Session): Exit {
  if (report.endangered.length > 0) return 'fail'
  return exitOf({ missing, reasons: [...blocks, ...report.unread.map(({ why }) => why)] }, session)
}

/** Looks for images in use that the repositories' own lifecycle policies are about to remove. */
export async function cleanUpGuard(words: readonly string[], options: GuardOptions, io: Io): Promise<Exit> {
  const targets = words.map(wholeTarget)
  const session = await openSession({ ...options, ...oneRegistry(targets) }, io)
  const found = await read(session, targets, options, io)
  const guarded: Guarded = { ...found, now: io.now(), days: options.within ?? WITHIN, region: session.registry.region }
  const exit = endOf(found, session)
  if (options.json) io.stdout.write(`${JSON.stringify(guardJson(guarded, exit), null, 2)}\n`)
  else {
    const look = { paint: painter(io.stdout), width: columnsOf(io.stdout) }
    io.stdout.write(`${guardLines(guarded, look).join('\n')}\n`)
  }
  tellMissing(found.missing, session, io)
  return exit
}
