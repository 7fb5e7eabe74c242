import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { hasMoto, startMoto, withMoto } from '../local/aws/moto.ts'
import { imageManifest } from '../policy/image/manifests.ts'
import { bundled } from './cli.ts'
import { CONFIG, startRegistry } from './registry.ts'

const here = startRegistry()
const cli = bundled()
// moto keeps no layers, so nothing is asked of what is in an image but its manifest.
const config = here.write(
  'moto.yaml',
  CONFIG.replaceAll(
    'non-root-user: report',
    'tag-naming: report\n      repository-policy: report\n      required-tags: { mode: report, keys: [owner] }',
  ),
)

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
})
const EVERYTHING = { scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }

/** Without the hour, which is the only thing that may differ. */
const resultOf = (out: string) => ({ ...JSON.parse(out), judgedAt: undefined })

describe.skipIf(!hasMoto)(withMoto('check says of moto what it says of the local AWS'), () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  beforeAll(async () => {
    moto = await startMoto()
  }, 30_000)
  afterAll(() => moto.close())

  const both = async (...argv: readonly string[]) => {
    const run = (url: string) => cli.run(['check', '--config', config, ...argv], { ...here.env, AWS_ENDPOINT_URL: url })
    return Promise.all([run(here.aws.url), run(moto.url)])
  }
  const everywhere = async (operation: string, input: Readonly<Record<string, unknown>>): Promise<void> => {
    for (const AWS_ENDPOINT_URL of [here.aws.url, moto.url])
      await signedAws({ ...here.env, AWS_ENDPOINT_URL })('ecr', operation, input)
  }

  test.each([
    ['CreateRepository', { repositoryName: 'moto/api' }],
    ['PutImageTagMutability', { repositoryName: 'moto/api', imageTagMutability: 'IMMUTABLE' }],
    ['CreateRepository', { repositoryName: 'moto/web', imageTagMutability: 'IMMUTABLE' }],
    ['SetRepositoryPolicy', { repositoryName: 'moto/web', policyText: POLICY }],
    ['PutRegistryScanningConfiguration', { scanType: 'BASIC', rules: [EVERYTHING] }],
  ] as const)('after %s', async (operation, input) => {
    await everywhere(operation, input)
    const [ours, theirs] = await both('moto/**', '--json')
    expect([theirs.code, theirs.err]).toEqual([ours.code, ours.err])
    expect(resultOf(theirs.out)).toEqual(resultOf(ours.out))
    const [registry, other] = await both('--rule', 'registry-scanning', '--json')
    expect(resultOf(other.out).subjects[0]).toEqual(resultOf(registry.out).subjects[0])
  })

  test('after PutImage, but that moto changes manifests: what has another digest than it should is unknown', async () => {
    await everywhere('PutImage', {
      repositoryName: 'moto/api',
      imageManifest: imageManifest().text,
      imageTag: 'whatever',
    })
    const [ours, theirs] = await both('moto/api:whatever')
    expect([ours.code, ours.out]).toEqual([1, expect.stringMatching(/^fail\tLOW\ttag-naming\tmoto\/api:whatever\t/)])
    expect([theirs.code, theirs.out]).toEqual([3, expect.stringMatching(/^unknown\t.*digest/)])
  })

  test.each([['moto/apu'], ['moto/api:9'], [`moto/api@sha256:${'0'.repeat(64)}`], ['nothing/*']])(
    'that %s is not there',
    async (name) => {
      const [ours, theirs] = await both(name)
      expect([ours.code, theirs]).toEqual([3, ours])
    },
  )
})
