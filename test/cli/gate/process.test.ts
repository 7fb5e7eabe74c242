import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { basic, enhanced, REPOSITORY, startGateRegistry } from '../../gate/registry.ts'
import { hasMoto, startMoto, withMoto } from '../../local/aws/moto.ts'
import { imageManifest } from '../../policy/image/manifests.ts'
import { bundled } from '../cli.ts'

const here = startGateRegistry()
const cli = bundled()
const gate = (image: string, ...argv: readonly string[]) =>
  cli.run(['gate', image, '--timeout', '1s', ...argv], here.env)

beforeAll(() => {
  here.scan(here.image('clean', 'clean'))
  here.scan(here.image('bad', 'bad'), basic('CVE-2026-0001', 'CRITICAL'))
  here.scanEnhanced(here.image('enhanced', 'enhanced'), enhanced('CVE-2026-0001', 'CRITICAL', '3.0.15'))
  here.image('unscanned', 'unscanned')
  const [, amd, arm] = here.index('index')
  here.scan(amd)
  here.scan(arm, basic('CVE-2026-0002', 'HIGH'))
})

describe('the bundled gate, as a process', () => {
  test.each([
    ['clean', 0, /^PASS/],
    ['bad', 1, /^FAIL {2}1 critical in prod\/api:bad/],
    ['enhanced', 1, /Upgrade libssl3 to 3\.0\.15: closes 1/],
    ['index', 1, /linux\/arm64/],
    ['unscanned', 3, /^UNKNOWN/],
  ])('of %s ends with %i', async (tag, code, text) => {
    const ended = await gate(`prod/api:${tag}`)
    expect([ended.code, ended.out]).toEqual([code, expect.stringMatching(text)])
    expect(ended.out).not.toContain('\u001b')
  })

  test('has colours where they are forced', async () => {
    expect((await cli.run(['gate', 'prod/api:bad'], { ...here.env, FORCE_COLOR: '1' })).out).toContain('\u001b[')
  })

  test('is 130 on Ctrl-C while it waits, and leaves no digest', async () => {
    const { child, ended } = cli.start(['gate', 'prod/api:unscanned'], here.env)
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    expect(await ended).toEqual({
      code: 130,
      out: '',
      err: expect.stringMatching(/^waiting: no scan yet \(0 s\)\nInterrupted\.\n$/),
    })
  })
})

const MANIFEST = imageManifest()

describe.skipIf(!hasMoto)(withMoto('gate says of moto what it says of the local AWS'), () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  let env: Record<string, string>
  beforeAll(async () => {
    moto = await startMoto()
    env = { ...here.env, AWS_ENDPOINT_URL: moto.url }
    await signedAws(env)('ecr', 'CreateRepository', { repositoryName: REPOSITORY })
    const image = { repositoryName: REPOSITORY, imageManifest: MANIFEST.text, imageDigest: MANIFEST.digest }
    for (const where of [here.env, env]) await signedAws(where)('ecr', 'PutImage', { ...image, imageTag: 'moto' })
  }, 30_000)
  afterAll(() => moto.close())

  const both = async (...argv: readonly string[]) => {
    const run = (where: Readonly<Record<string, string>>) =>
      cli.run(['gate', 'prod/api:moto', '--timeout', '0', '--output', 'json', ...argv], where)
    const [ours, theirs] = await Promise.all([run(here.env), run(env)])
    return [ours, theirs].map(({ code, out }) => {
      const { verdict, counts, scanning, findings } = JSON.parse(out)
      return {
        code,
        verdict,
        counts,
        scanning,
        found: findings.map(({ id, fixed }: { id: string; fixed?: string }) => [id, fixed]),
      }
    })
  }

  /** What moto is to answer, as its own interface takes it. */
  const answer = (imageScanFindings: object) =>
    fetch(`${moto.url}/moto-api/static/ecr/scan-finding-results`, {
      method: 'POST',
      body: JSON.stringify({
        region: here.aws.region,
        results: [
          {
            ...{ registryId: here.aws.account, repositoryName: REPOSITORY, imageId: { imageDigest: MANIFEST.digest } },
            ...{ imageScanStatus: { status: 'COMPLETE' }, imageScanFindings },
          },
        ],
      }),
    })

  test('unknown without a scan', async () => {
    const [ours, theirs] = await both()
    expect([ours?.code, theirs]).toEqual([3, ours])
  })

  test('the same of basic and of enhanced findings', async () => {
    await signedAws(env)('ecr', 'StartImageScan', { repositoryName: REPOSITORY, imageId: { imageTag: 'moto' } })
    here.scan(MANIFEST.digest, basic('CVE-2026-0001', 'HIGH'))
    await answer({ findings: [basic('CVE-2026-0001', 'HIGH')], findingSeverityCounts: { HIGH: 1 } })
    const [ours, theirs] = await both()
    expect([ours?.code, theirs]).toEqual([1, ours])
  })

  test('what moto has found of itself is judged', async () => {
    const other = imageManifest(undefined, { annotations: { 'org.opencontainers.image.title': 'other' } })
    const image = { repositoryName: REPOSITORY, imageManifest: other.text, imageDigest: other.digest }
    await signedAws(env)('ecr', 'PutImage', { ...image, imageTag: 'other' })
    const { code, out } = await cli.run(['gate', 'prod/api:other', '--start-scan', '--timeout', '2s'], env)
    expect([code, out]).toEqual([1, expect.stringContaining('CVE-9999-9999')])
  })
})
