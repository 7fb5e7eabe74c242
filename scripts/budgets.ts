import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleCli } from './bundle-cli.ts'
import { ROOT } from './step.ts'

const KIB = 1_024
const CLI = 'ecr-steward'

/**
 * Most KiB of code of the command line, and per function: see docs/adr/007-infra.md. The rules of push-check bring what finds secrets in images,
 * and expressions that cannot hang; sweep has all rules too, what clean-up plans with, and the report as a page. The command line has
 * every use case: what counts there is what a command loads, which `bench/start-up.ts` measures.
 */
export const BUDGETS: Readonly<Record<string, number>> = {
  notify: 40,
  'account-settings': 20,
  'clean-up': 200,
  'push-check': 450,
  sweep: 520,
  [CLI]: 2_250,
}
/** For every other function. */
export const BUDGET = 300

export type Bundle = { readonly name: string; readonly files: Readonly<Record<string, number>> }

type Resource = {
  readonly Type: string
  readonly Properties?: { readonly Description?: string }
  readonly Metadata?: { readonly 'aws:asset:path'?: string }
}

/** Bytes of each file in the assets of the functions of a synthesised template. */
export function bundlesOf(assembly: string): readonly Bundle[] {
  const { Resources } = JSON.parse(readFileSync(join(assembly, 'Steward.template.json'), 'utf8')) as {
    Resources: Record<string, Resource>
  }
  return Object.values(Resources).flatMap(({ Type, Properties, Metadata }) => {
    const asset = Metadata?.['aws:asset:path']
    if (Type !== 'AWS::Lambda::Function' || asset === undefined) return []
    const sizes = readdirSync(join(assembly, asset)).map((file) => [file, statSync(join(assembly, asset, file)).size])
    return [{ name: (Properties?.Description ?? asset).split(':')[0] ?? asset, files: Object.fromEntries(sizes) }]
  })
}

const kib = (bytes: number): string => (bytes / KIB).toFixed(1)

const totalOf = ({ files }: Bundle): number => Object.values(files).reduce((sum, bytes) => sum + bytes, 0)

const budgetOf = ({ name }: Bundle): number => BUDGETS[name] ?? BUDGET

/** Names of the bundles that are over their budget. */
export const overBudget = (bundles: readonly Bundle[]): readonly string[] =>
  bundles.filter((bundle) => totalOf(bundle) > budgetOf(bundle) * KIB).map(({ name }) => name)

/** `notify   34.2 KiB of 40   index.js 34.2` */
export const table = (bundles: readonly Bundle[]): readonly string[] =>
  bundles.map((bundle) => {
    const files = Object.entries(bundle.files).map(([file, bytes]) => `${file} ${kib(bytes)}`)
    const total = `${kib(totalOf(bundle)).padStart(6)} KiB of ${String(budgetOf(bundle)).padStart(4)}`
    return `${bundle.name.padEnd(12)}${total}   ${files.join(', ')}`
  })

/** Bytes of each file of the command line. */
export async function cliBundle(): Promise<Bundle> {
  const outdir = mkdtempSync(join(tmpdir(), 'steward-budgets-'))
  try {
    await bundleCli(outdir)
    const files = readdirSync(outdir).map((file) => [file, statSync(join(outdir, file)).size])
    return { name: CLI, files: Object.fromEntries(files) }
  } finally {
    rmSync(outdir, { recursive: true })
  }
}

async function main(): Promise<number> {
  const bundles = [...bundlesOf(join(ROOT, 'cdk.out')), await cliBundle()]
  for (const line of table(bundles)) console.log(line)
  const over = overBudget(bundles)
  if (over.length > 0) console.error(`Over budget: ${over.join(', ')}. What is new in the bundle?`)
  return over.length > 0 ? 1 : 0
}

if (import.meta.main) process.exitCode = await main()
