import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A fault that is put into the product on purpose: the model has to see it. */
type Mutant = { readonly name: string; readonly file: string; readonly from: string; readonly to: string }

const at =
  (file: string) =>
  (name: string, from: string, to: string): Mutant => ({
    ...{ name, from, to },
    file: `functions/clean-up/${file}.ts`,
  })
const [cleaning, removal, settling, going] = [at('clean-repository'), at('removal'), at('settle'), at('going')]

export const MUTANTS: readonly Mutant[] = [
  cleaning('nothing is looked at again just before', 'this.#settleUnlikePlan(next, view)', ''),
  cleaning('what has to stay is not asked', 'if (reasons) this.#settle', 'if (false) this.#settle'),
  cleaning(
    'the listing is not updated by what was asked again',
    'updated(listing, next, await holdings.describe(this.#repository, digestsOf(next)))',
    'listing',
  ),
  cleaning('the age of the inventory does not count', 'this.#now().getTime() - inventoryAt <= MOST_AGE', 'true'),
  cleaning('archived images lose tags that cannot be put back', 'this.#keepUnlessWhole(next, view)', ''),
  removal('by digest alone', 'tags.length === 0 ? [{ digest }] : tags.map((tag) => ({ digest, tag }))', '[{ digest }]'),
  removal('the intent after the removal', 'await writeIntent(store, intent)\n', ''),
  removal('no limit', 'count.check(repository.repository)', ''),
  removal(
    'the limit counts one run alone',
    'for (const { digest } of intent.items) of(intent.repository).add(digest)',
    '{}',
  ),
  removal('no outcome', 'await writeOutcome(store, intent, { run, by: who, at: now().toISOString(), outcomes })', ''),
  settling(
    'what is not answered is taken for done',
    "return failed('NotAnswered', fault)",
    "return { end: 'deleted' }",
  ),
  settling(
    'tags that were lost are not put back',
    'const missing = item.tags.filter((tag) => !image.tags.includes(tag))',
    'const missing: string[] = []',
  ),
  settling(
    'tags that nobody named are not put back',
    'const tags = takenAlong(item, answered)',
    'const tags: string[] = []',
  ),
  settling(
    'everything that was meant is taken for done',
    'return image ? remaining(item, image, answered, settling)',
    "return image ? { end: 'deleted' }",
  ),
  at('put-back')(
    'tags are put without looking',
    'const now = await namedNow(hands, repository, tags)',
    'const now = new Map<string, string>()',
  ),
  at('fresh')('an inventory that is not complete will do', 'blocks.length > 0', 'false'),
  going('the stop switch is not looked at', 'if (stop) throw', 'if (false) throw'),
  going('a plan does not expire while it is applied', 'now().getTime() >= Date.parse(plan.expiresAt)', 'false'),
  at('lease')(
    'a lease is taken from whoever has it',
    'if (theirs && now().getTime() <= Date.parse(theirs.until) + SKEW) throw takenBy(theirs)',
    '',
  ),
  at('lease')(
    'a lease is kept by whoever had it',
    'if (stored && written?.holder === holder) return stored',
    'if (stored) return stored',
  ),
  at('apply')('what was begun is not settled', 'await settleAll(', 'void ('),
  at('apply')(
    'what was done is done again',
    'plan.items.filter(({ repository, digest }) => !done.has(',
    'plan.items.filter(({ repository, digest }) => !new Set().has(',
  ),
  at('batch')('children go beside their indexes', 'mayFollow || waits(item.digest, graph, todo) ||', ''),
  at('undo')('undo in the order of the removal', 'removed.toReversed()', 'removed'),
  at('undo')(
    'undo forgets tags',
    'const missing = item.tags.filter((tag) => !image?.tags.includes(tag))',
    'const missing = item.tags.slice(1)',
  ),
]

/** @returns the seed that shows it; undefined where none of the runs does */
function caughtAt({ file, from, to }: Mutant, folder: string, runs: number): number | undefined {
  const [path, text] = [join(folder, file), readFileSync(file, 'utf8')]
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
  const { stdout, stderr, status } = spawnSync(process.execPath, ['test/model/clean-up/main.ts', String(runs), '1'], {
    cwd: folder,
    encoding: 'utf8',
  })
  writeFileSync(path, text)
  if (status === 0) return undefined
  const seed = /^seed (\d+): (.*)$/m.exec(stdout)
  if (!seed) throw new Error(stderr.slice(0, 2_000))
  console.log(`  ${seed[2]}`)
  return Number(seed[1])
}

function main(runs: number, only = ''): number {
  const folder = mkdtempSync(join(tmpdir(), 'steward-mutants-'))
  for (const part of ['functions', 'test/model', 'package.json']) cpSync(part, join(folder, part), { recursive: true })
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  let escaped = 0
  for (const mutant of MUTANTS.filter(({ name }) => name.includes(only))) {
    const seed = caughtAt(mutant, folder, runs)
    console.log(`${seed === undefined ? 'ESCAPED' : `seed ${seed}`}  ${mutant.name}`)
    if (seed === undefined) escaped += 1
  }
  rmSync(folder, { recursive: true })
  return escaped
}

if (import.meta.main) process.exitCode = main(Number(process.argv[2] ?? 3_000), process.argv[3])
