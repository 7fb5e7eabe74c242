import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Stack, Validations } from 'aws-cdk-lib'
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll } from 'vitest'
import type { Resource } from './synth.ts'

export type StackOf = {
  readonly outdir: string
  /** Of the template. */
  readonly file: string
  readonly resources: Readonly<Record<string, Resource>>
  readonly outputs: Readonly<Record<string, { readonly Value: unknown; readonly Description: string }>>
  /** The only resource of a type. @throws {Error} where there are none or several */
  one(type: string): Resource
  ofType(type: string): readonly Resource[]
}

/**
 * The template of a user's stack with these constructs in it, as cdk-nag passes it. The folder is there until the tests of the file are over.
 * @param others findings of cdk-nag that are on what is in the stack beside them
 */
export function stackOf(build: (stack: Stack) => void, others: readonly string[] = []): StackOf {
  const outdir = mkdtempSync(join(tmpdir(), 'steward-user-'))
  afterAll(() => rmSync(outdir, { recursive: true }))
  const context = { ...featureFlags, 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true }
  const app = new App({ outdir, analyticsReporting: false, context })
  const stack = new Stack(app, 'User')
  build(stack)
  for (const id of others) Validations.of(stack).acknowledge({ id, reason: 'It is of what stands around in a test.' })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  app.synth()
  const file = join(outdir, stack.templateFile)
  const { Resources: resources, Outputs: outputs = {} } = JSON.parse(readFileSync(file, 'utf8'))
  const ofType = (type: string) => Object.values<Resource>(resources).filter(({ Type }) => Type === type)
  return {
    ...{ outdir, file, resources, outputs, ofType },
    one(type) {
      const found = ofType(type)
      const [resource] = found
      if (!resource || found.length > 1) throw new Error(`${found.length} resources are ${type}`)
      return resource
    },
  }
}
