import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { loadConfig, type StewardConfig } from '../../config/load.ts'
import { stewardApp } from '../../infra/steward-app.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export type Resource = {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly Metadata: Readonly<Record<string, string>>
  readonly DeletionPolicy?: string
}

export type Synthesised = {
  readonly outdir: string
  readonly resources: Readonly<Record<string, Resource>>
  readonly outputs: Readonly<Record<string, { readonly Value: unknown; readonly Description: string }>>
  /** Logical ids and resources of a type. */
  ofType(type: string): readonly (readonly [string, Resource])[]
  /** Logical id of the construct at a path below the stack: `ScanAlert/Worker/Queue`. */
  idOf(path: string): string
  at(path: string): Resource
}

export const config: StewardConfig = {
  alerts: [{ repositories: ['**'], threshold: 'HIGH', slack: ['security'] }],
  channels: { security: { secret: 'ecr-steward/slack/security' } },
  policy: [],
  registry: { rules: [], slack: [] },
  signers: [],
  exceptions: [],
  operations: { email: ['platform@example.com'] },
}

export const shippedConfig = (): StewardConfig => loadConfig(join(import.meta.dirname, '../../steward.yaml'))

/** The template of the whole stack. The folder is there until the tests of the file are over. */
export function synthesise(stewardConfig: StewardConfig = config): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'steward-synth-'))
  afterAll(() => rmSync(outdir, { recursive: true }))
  stewardApp(stewardConfig, outdir).app.synth()
  const { Resources: resources, Outputs: outputs } = JSON.parse(
    readFileSync(join(outdir, 'Steward.template.json'), 'utf8'),
  )
  const entries = Object.entries(resources as Record<string, Resource>)
  const found = (path: string): readonly [string, Resource] => {
    const entry = entries.find(([, { Metadata }]) => Metadata['aws:cdk:path'] === `Steward/${path}/Resource`)
    if (!entry) throw new Error(`no resource at Steward/${path}`)
    return entry
  }
  return {
    outdir,
    resources,
    outputs,
    ofType: (type) => entries.filter(([, resource]) => resource.Type === type),
    idOf: (path) => found(path)[0],
    at: (path) => found(path)[1],
  }
}

export type Statement = {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Principal?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export const statementsOf = ({ Properties }: Resource): readonly Statement[] =>
  (Properties.PolicyDocument as { Statement: readonly Statement[] }).Statement

export const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T])

export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })
export const refTo = (logicalId: string) => ({ Ref: logicalId })
