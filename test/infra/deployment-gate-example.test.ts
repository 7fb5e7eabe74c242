import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, describe, expect, it } from 'vitest'
import { shopApp } from '../../examples/deployment-gate/app.ts'
import { cfnLint, hasCfnLint } from './cfn-lint.ts'
import type { Resource } from './synth.ts'

const ROOT = join(import.meta.dirname, '../..')
const outdir = mkdtempSync(join(tmpdir(), 'steward-example-'))
afterAll(() => rmSync(outdir, { recursive: true }))

const app = new App({ outdir, analyticsReporting: false, context: featureFlags })
const stacks = Object.values(shopApp(app, '1.4.2'))
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
app.synth()

const files = stacks.map(({ templateFile }) => join(outdir, templateFile))
const resourcesIn = (file: string) => {
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Resource> }
  return Object.entries(Resources)
}
const [registry = [], shop = []] = files.map(resourcesIn)

describe('the example', () => {
  it('passes cdk-nag, as its synthesis would fail otherwise, and has a gate and a role', () => {
    const types = [...registry, ...shop].map(([, { Type }]) => Type)
    expect(types).toEqual(expect.arrayContaining(['Custom::EcrStewardGate', 'AWS::IAM::OIDCProvider']))
  })

  it('deploys the function by the digest that the gate has judged, and so after it', () => {
    const [gateId] = shop.find(([, { Type }]) => Type === 'Custom::EcrStewardGate') ?? []
    const [, api] = shop.find(([, { Properties }]) => Properties.PackageType === 'Image') ?? []
    const { ImageUri } = (api?.Properties.Code ?? {}) as { ImageUri?: unknown }
    expect(JSON.stringify(ImageUri)).toMatch(/@sha256:",\{"Fn::GetAtt":\["Gate\w+","DigestHex"\]\}\]\]\}$/)
    expect(JSON.stringify(ImageUri)).toContain(String(gateId))
  })

  it.skipIf(!hasCfnLint)('passes cfn-lint (skipped where there is none on PATH)', { timeout: 180_000 }, () => {
    expect(cfnLint(...files)).toBe('')
  })
})

describe('docs/deployment-gate.md', () => {
  const text = readFileSync(join(ROOT, 'docs/deployment-gate.md'), 'utf8')

  it.each([
    ['infra/deployment-gate.ts', 'infra/gated-image.ts'],
    ['infra/github-actions-role.ts', 'infra/github-actions-role.ts'],
  ])('has a row for each property of %s', (...sources) => {
    const source = [...new Set(sources)].map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n')
    const types = [
      ...source.matchAll(
        /export type (?:DeploymentGateProps|GitHubActionsRoleProps|ImageProps) = [^{]*\{([\s\S]*?)\n\}/g,
      ),
    ]
    const properties = types.flatMap(([, body]) =>
      [...String(body).matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => String(name)),
    )
    expect(properties.length).toBeGreaterThan(6)
    const rows = text.split('\n').filter((line) => line.startsWith('| `'))
    expect(
      properties.filter((name) => !rows.some((row) => row.includes(`\`${name}`) || row.includes(`\`${name}:`))),
    ).toEqual([])
  })

  it('has a row for each action of the gate', () => {
    const [, policy] =
      shop.find(
        ([, { Type, Properties }]) =>
          Type === 'AWS::IAM::Policy' && JSON.stringify(Properties).includes('DescribeStacks'),
      ) ?? []
    const actions = [
      ...JSON.stringify(policy?.Properties).matchAll(/"((?:ecr|inspector2|cloudformation|logs):\w+)"/g),
    ].map(([, action]) => action)
    expect(actions.length).toBeGreaterThan(6)
    expect(actions.filter((action) => !text.includes(`\`${action}\``))).toEqual([])
  })
})
