import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from './user-error.ts'

/** All that the synthesised stack is made from. */
const SOURCES = [
  'infra/**/*.ts',
  'functions/**/*.ts',
  'config/**/*.ts',
  'steward.yaml',
  'local/{app,config}.ts',
  'local/seed/steward.yaml',
  'local/seed/signed/*',
  'lifecycle/**/*.json',
  'cdk.json',
  'package-lock.json',
]

function fingerprint(root: string): string {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

const markOf = (assembly: string): string => join(assembly, '.sources')

const isFresh = (assembly: string, mark: string): boolean =>
  existsSync(join(assembly, 'manifest.json')) &&
  existsSync(markOf(assembly)) &&
  readFileSync(markOf(assembly), 'utf8') === mark

/** The CDK app alone, without the CLI, by the configuration of the local run. */
function synthesise(root: string, assembly: string): Promise<void> {
  const app = spawn(process.execPath, [join(root, 'local/app.ts')], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: assembly },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  app.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  return new Promise((resolve, reject) => {
    app.on('error', reject)
    app.on('exit', (code) =>
      code === 0 ? resolve() : reject(new UserError(complaint.trim() || `the CDK app ended with exit code ${code}`)),
    )
  })
}

/** @throws {UserError} where it may not be written */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    throw new UserError(`${folder}: cannot be written${code}; run from a checkout that you may write to`)
  }
}

/**
 * The cloud assembly of the stack as the local run has it, apart from what `npm run synth` writes: synthesised anew when a source has changed, otherwise the one that is there.
 * @returns its folder, and whether it had to be made
 */
export async function ensureAssembly(root: string): Promise<{ readonly folder: string; readonly made: boolean }> {
  const folder = join(root, 'cdk.out/local')
  const mark = fingerprint(root)
  if (isFresh(folder, mark)) return { folder, made: false }
  makeFolder(folder)
  await synthesise(root, folder)
  // In Lambda the bundles lie alone and are CommonJS; here they lie below a package of ES modules.
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n')
  writeFileSync(markOf(folder), mark)
  return { folder, made: true }
}
