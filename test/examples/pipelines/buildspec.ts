import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { parse } from 'yaml'
import type { Machine } from './machine.ts'

const FILE = resolve(import.meta.dirname, '../../../examples/pipelines/codebuild/buildspec.yml')
export const buildspecText = readFileSync(FILE, 'utf8')

const texts = v.pipe(v.array(v.string()), v.minLength(1))
const yesOrNo = v.picklist(['yes', 'no'])
const REPORTS = [
  ...(['CUCUMBERJSON', 'JUNITXML', 'NUNITXML', 'NUNIT3XML', 'TESTNGXML', 'VISUALSTUDIOTRX'] as const),
  ...(['CLOVERXML', 'COBERTURAXML', 'JACOCOXML', 'SIMPLECOV'] as const),
]
const phase = v.strictObject({
  'run-as': v.optional(v.string()),
  'on-failure': v.optional(v.pipe(v.string(), v.regex(/^(?:ABORT|CONTINUE|RETRY(?:-\d+)?(?:-.+)?)$/))),
  commands: texts,
  finally: v.optional(texts),
})

/**
 * The keys that a buildspec may have, as AWS documents them. No linter of buildspecs is on npm, and a key that is misspelt is not
 * told of by CodeBuild before it runs.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export const BuildspecSchema = v.strictObject({
  version: v.literal(0.2),
  'run-as': v.optional(v.string()),
  env: v.optional(
    v.strictObject({
      shell: v.optional(v.picklist(['bash', '/bin/sh', 'powershell.exe', 'cmd.exe'])),
      variables: v.optional(v.record(v.string(), v.string())),
      'parameter-store': v.optional(v.record(v.string(), v.string())),
      'secrets-manager': v.optional(v.record(v.string(), v.string())),
      'exported-variables': v.optional(texts),
      'git-credential-helper': v.optional(yesOrNo),
    }),
  ),
  proxy: v.optional(v.strictObject({ 'upload-artifacts': v.optional(yesOrNo), logs: v.optional(yesOrNo) })),
  phases: v.strictObject({
    install: v.optional(
      v.strictObject({
        ...phase.entries,
        'runtime-versions': v.optional(v.record(v.string(), v.union([v.string(), v.number()]))),
      }),
    ),
    pre_build: v.optional(phase),
    build: v.optional(phase),
    post_build: v.optional(phase),
  }),
  reports: v.optional(
    v.record(
      v.string(),
      v.strictObject({
        files: texts,
        'base-directory': v.optional(v.string()),
        'discard-paths': v.optional(yesOrNo),
        'file-format': v.optional(v.picklist(REPORTS)),
      }),
    ),
  ),
  artifacts: v.optional(
    v.strictObject({
      files: texts,
      name: v.optional(v.string()),
      'discard-paths': v.optional(yesOrNo),
      'base-directory': v.optional(v.string()),
      'exclude-paths': v.optional(texts),
      'enable-symlinks': v.optional(yesOrNo),
      's3-prefix': v.optional(v.string()),
    }),
  ),
  cache: v.optional(v.strictObject({ paths: texts })),
})

export type Buildspec = v.InferOutput<typeof BuildspecSchema>
export const buildspec: Buildspec = v.parse(BuildspecSchema, parse(buildspecText))

const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const

/** Set by CodeBuild. @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html */
const GIVEN = {
  AWS_REGION: 'eu-central-1',
  CODEBUILD_BUILD_ARN: 'arn:aws:codebuild:eu-central-1:123456789012:build/api:b1',
  CODEBUILD_RESOLVED_SOURCE_VERSION: '0123456789abcdef0123456789abcdef01234567',
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/**
 * Runs the phases as CodeBuild does: all commands in one shell, a phase ends with the first that fails, and after `build` comes
 * `post_build` also where it failed, unless `on-failure` is taken at its word.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
 * @returns phases that were run, and the first that failed
 */
export async function runBuildspec(machine: Machine, env: Readonly<Record<string, string>> = {}, isAborting = true) {
  const script = PHASES.map((name) => {
    const { commands = [], 'on-failure': onFailure } = buildspec.phases[name] ?? {}
    const goesOn = name === 'build' && !(isAborting && onFailure === 'ABORT')
    return [
      `echo ${name} >> ../phases`,
      `run ${commands.map(quoted).join(' ')} || { echo ${name} >> ../failed; CODEBUILD_BUILD_SUCCEEDING=0; ${goesOn ? '' : 'exit 1'}; }`.replace(
        '; ; }',
        '; }',
      ),
    ].join('\n')
  })
  const file = join(machine.work, '../build.sh')
  writeFileSync(
    file,
    `run() { local one; for one; do eval "$one" || return 1; done; }
CODEBUILD_BUILD_SUCCEEDING=1
${script.join('\n')}
exit $((1 - CODEBUILD_BUILD_SUCCEEDING))\n`,
  )
  writeFileSync(join(machine.work, '../failed'), '')
  const ended = await machine.bash([file], { ...GIVEN, ...buildspec.env?.variables, ...env })
  const lines = (name: string): string[] => machine.left(name).split('\n').filter(Boolean)
  return { ...ended, phases: lines('phases'), failed: lines('failed'), calls: machine.calls() }
}
