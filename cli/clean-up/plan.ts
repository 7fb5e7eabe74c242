import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { readInventory } from '../../functions/adapters/in-use.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { planCleanUp } from '../../functions/clean-up/plan.ts'
import type { Plan } from '../../functions/domain/clean-up/plan.ts'
import type { CleanUpPolicy } from '../../functions/domain/clean-up/policy.ts'
import { planId, planText } from '../../functions/domain/clean-up/seal.ts'
import type { Store } from '../../functions/planning/store.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import type { Missing } from '../check/subjects.ts'
import type { Target } from '../check/target.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { columnsOf, oneLine, painter } from '../terminal.ts'
import { cleanUpPolicy } from './clean-up-policy.ts'
import { sourcesFor } from './in-use-sources.ts'
import { namedRepositories, oneRegistry, wholeTarget } from './named-repositories.ts'
import { openStore } from './open-store.ts'
import { AT_ONCE } from './options.ts'
import { readingProgress } from './reading-progress.ts'
import { summaryLines } from './summary.ts'
import { exitOf, tellMissing } from './unread.ts'

/** Where the plan is written unless told otherwise. */
const FILE = 'clean-up-plan.json'

export type PlanOptions = Values<typeof AWS_OPTIONS> & {
  readonly config: string | undefined
  readonly policy: string | undefined
  readonly out: string | undefined
  readonly store: string | undefined
  readonly json: boolean
}

type Made = { readonly plan: Plan; readonly missing: readonly Missing[] }

async function made(
  session: Session,
  targets: readonly Target[],
  policy: CleanUpPolicy,
  options: PlanOptions,
  io: Io,
): Promise<Made> {
  const { registry, aws } = session
  const missing: Missing[] = []
  const onMissing = (one: Missing): void => void missing.push(one)
  const named = new Set(targets.flatMap((target) => (target.kind === 'repository' ? [target.repository] : [])))
  const tell = (problem: string) => (one: { readonly repository: string }) =>
    named.has(one.repository) && onMissing({ name: one.repository, problem })
  const sources = sourcesFor(session, policy.inUse, options.config, io)
  const progress = readingProgress(io, options.verbose)
  try {
    const plan = await planCleanUp({
      ...{ registry, policy, holdings: ecrHoldings(aws, registry.region), now: io.now() },
      readInventory: () => readInventory(sources, io.now),
      registryPolicy: () => ecrRegistry(aws, registry.region).policy(registry),
      id: planId(io.now(), randomBytes(2).toString('hex')),
      atOnce: options.concurrency ?? AT_ONCE,
      ...(targets.length > 0 && { repositories: namedRepositories(session, targets, onMissing) }),
      onImages: progress.onImages,
      onRepository: progress.onRepository,
      onGone: tell('the repository is not there'),
      onUncovered: tell('no entry of clean-up.policies is about it, so it is never cleaned'),
    })
    return { plan, missing }
  } finally {
    progress.end()
  }
}

/** Keeps the plan where it can be applied from. @returns what apply is to be given */
async function keep(plan: Plan, store: Store | undefined, { out, json }: PlanOptions, io: Io): Promise<string> {
  await store?.create(`plans/${plan.id}.json`, planText(plan))
  const file = out ?? (store || json ? undefined : FILE)
  if (file !== undefined) await written(resolve(io.cwd, file), planText(plan))
  return file ?? plan.id
}

async function written(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError(
      'usage',
      `The plan cannot be written to ${show(path, 200)} (${code}).`,
      'Name a file with --out.',
    )
  }
}

const quoted = (word: string): string => (/^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** The command that applies it, as it is typed. */
const applyCommand = (what: string, { region }: Plan, { store, config }: PlanOptions): string =>
  [
    `ecr-steward clean-up apply ${quoted(what)}`,
    ...(store === undefined ? [] : [`--store ${quoted(store)}`]),
    ...(config === undefined ? [] : [`--config ${quoted(config)}`]),
    `--region ${region}`,
  ].join(' ')

/** Plans what goes from the repositories that the words name, or from all that the policies are about. */
export async function cleanUpPlan(words: readonly string[], options: PlanOptions, io: Io): Promise<Exit> {
  const targets = words.map(wholeTarget)
  if (options.policy !== undefined && targets.length === 0)
    throw new CommandError(
      'usage',
      '--policy needs the repositories that it is for.',
      `Name some, or write '**' for all.`,
    )
  const policy = cleanUpPolicy(options, io)
  const session = await openSession({ ...options, ...oneRegistry(targets) }, io)
  const store = options.store === undefined ? undefined : openStore(options.store, session, io)
  const { plan, missing } = await made(session, targets, policy, options, io)
  const kept = await keep(plan, store, options, io)
  if (options.json) io.stdout.write(planText(plan))
  else {
    const look = { paint: painter(io.stdout), width: columnsOf(io.stdout) }
    const apply = applyCommand(kept, plan, options)
    const lines = summaryLines(plan, { ...look, apply, entries: policy.entries })
    io.stdout.write(`${lines.join('\n')}\n`)
  }
  if (kept !== plan.id) io.stderr.write(`The plan is in ${oneLine(kept)}.\n`)
  tellMissing(missing, session, io)
  return exitOf({ missing, reasons: plan.blocked.map(({ why }) => why) }, session)
}
