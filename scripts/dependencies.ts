import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { ROOT } from './step.ts'

/** `from` may use `to`; what no rule speaks of is free. Paths from the root; packages by name. */
type Rule = {
  readonly why: string
  readonly from: (file: string) => boolean
  readonly allows: (target: string, file: string) => boolean
}

const inFolder =
  (...folders: readonly string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path.startsWith(`${folder}/`))

const isOurs = inFolder('functions', 'infra', 'config', 'local', 'cli', 'scripts', 'test', 'bench', 'action')
const isDomain = inFolder('functions/domain')
const isAdapter = inFolder('functions/adapters')
const isHandler = (file: string): boolean => file.endsWith('/handler.ts')

/** Packages and modules of Node that reach out of the process. */
const REACHES_OUT = /^(?:@aws-sdk\/|@smithy\/|aws4$|node:(?:https?|http2|net|tls|dgram|dns|child_process)\b|undici$)/

/** `functions/notify/` of a file of the use case notify, also deeper in. */
const useCaseOf = (file: string): string => file.split('/').slice(0, 2).join('/')

/** Folders of what several use cases do alike. */
const SHARED_WORK = ['functions/policy', 'functions/judging', 'functions/planning']

/** What every use case may use of functions/ beside its own folder: the domain, events, judging, planning, words shared by all. */
const isShared = (target: string): boolean =>
  inFolder('functions/domain', 'functions/events', 'functions/in-use', ...SHARED_WORK)(target) ||
  /^functions\/[^/]+\.ts$/.test(target)

export const RULES: readonly Rule[] = [
  {
    why: 'the domain is pure: it knows itself, valibot, hashes, expressions that cannot hang, and what reads package URLs, licences and versions',
    from: isDomain,
    allows: (target) =>
      isDomain(target) ||
      [
        'valibot',
        'node:crypto',
        're2js',
        'packageurl-js',
        'spdx-expression-parse',
        'semver',
        '@renovatebot/pep440',
      ].includes(target),
  },
  {
    why: 'reading events needs the domain and valibot alone',
    from: inFolder('functions/events'),
    allows: (target) => inFolder('functions/events', 'functions/domain')(target) || target === 'valibot',
  },
  {
    why: 'functions know nothing of what deploys, runs or tests them',
    from: inFolder('functions'),
    allows: (target) => !isOurs(target) || inFolder('functions')(target),
  },
  {
    why: 'SDK clients and connections belong in functions/adapters',
    from: (file) => inFolder('functions')(file) && !isAdapter(file),
    allows: (target) => !REACHES_OUT.test(target),
  },
  {
    why: 'handlers alone wire adapters in',
    from: (file) => inFolder('functions')(file) && !isAdapter(file) && !isHandler(file),
    allows: (target) => !isAdapter(target),
  },
  {
    why: 'judging and planning are for every use case: they know none',
    from: inFolder(...SHARED_WORK),
    allows: (target) => !inFolder('functions')(target) || isShared(target),
  },
  {
    why: 'a use case does not know another',
    from: (file) => inFolder('functions')(file) && !isAdapter(file) && file.split('/').length > 2,
    allows: (target, file) =>
      !inFolder('functions')(target) || isShared(target) || isAdapter(target) || useCaseOf(target) === useCaseOf(file),
  },
  {
    why: 'adapters implement ports: they know the domain, ports.ts, store.ts and contract.ts, not a use case',
    from: isAdapter,
    allows: (target) =>
      !inFolder('functions')(target) ||
      isAdapter(target) ||
      isShared(target) ||
      /\/(?:ports|contract|store|webhook)\.ts$/.test(target) ||
      target.startsWith('functions/notify/message/'),
  },
  {
    why: 'the stack reads contract.ts, patterns.ts and the domain of functions, and nothing that runs locally',
    from: inFolder('infra'),
    allows: (target) =>
      !isOurs(target) ||
      inFolder('infra', 'config', 'functions/domain')(target) ||
      /^functions\/(?:[^/]+\/)?(?:contract|patterns)\.ts$/.test(target),
  },
  {
    why: 'commands wire use cases, adapters and the configuration: they know nothing of what deploys or emulates',
    from: inFolder('cli'),
    allows: (target) => !isOurs(target) || inFolder('cli', 'functions', 'config')(target),
  },
  {
    why: 'the action runs a command: it knows nothing of what deploys or emulates',
    from: inFolder('action'),
    allows: (target) => !isOurs(target) || inFolder('action', 'cli', 'functions', 'config')(target),
  },
  {
    why: 'the configuration knows the domain alone',
    from: inFolder('config'),
    allows: (target) => !isOurs(target) || inFolder('config', 'functions/domain')(target),
  },
]

const IMPORT = /(?:^|\n)\s*(?:import|export)\b[^;'"]*?\bfrom\s+'([^']+)'|\bimport\s*\(?\s*'([^']+)'/g

/** What a file imports, also types: paths from the root, or names of packages. */
export function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, from, called]) => {
    const target = from ?? called ?? ''
    return target.startsWith('.') ? normalize(join(dirname(file), target)).replaceAll('\\', '/') : target
  })
}

/** One line for each import that goes the wrong way. */
export const violations = (file: string, text: string): string[] =>
  importsOf(file, text).flatMap((target) =>
    RULES.filter((rule) => rule.from(file) && !rule.allows(target, file)).map(
      ({ why }) => `${file} imports ${target}: ${why}`,
    ),
  )

function main(): number {
  const files = globSync('{functions,infra,config,cli,action}/**/*.ts', { cwd: ROOT }).map((file) =>
    file.replaceAll('\\', '/'),
  )
  const found = files.flatMap((file) => violations(file, readFileSync(join(ROOT, file), 'utf8')))
  for (const line of found.toSorted()) console.error(line)
  if (found.length === 0) console.log(`${files.length} files import in the right direction.`)
  return found.length === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = main()
