import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { hasMoto, startMoto, withMoto } from '../../local/aws/moto.ts'
import { imageManifest, layer } from '../../policy/image/manifests.ts'
import { bundled } from '../cli.ts'
import { REPOSITORY, startWorld } from './world.ts'

const here = startWorld()
const cli = bundled()

test('the bundle, as a process of its own, lists with verdicts by the configuration that is named', async () => {
  const argv = ['images', REPOSITORY, '--config', `${here.folder}/images.yaml`]
  const { code, out, err } = await cli.run(argv, here.env)
  expect([code, err]).toEqual([0, expect.stringMatching(/^12 images in shop\/api: \d+ fail, .*\.\n$/)])
  expect(out.split('\n')).toHaveLength(13)
  expect(out).toMatch(/\t6\.0,latest\t.*\t1 critical, 1 high, 1 low\tfail\tvulnerabilities\n/)
})

describe.skipIf(!hasMoto)(withMoto('images of moto'), () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  let env: Readonly<Record<string, string>>
  beforeAll(async () => {
    moto = await startMoto()
    env = { ...here.env, AWS_ENDPOINT_URL: moto.url }
    const call = signedAws(env, 20_000)
    await call('ecr', 'CreateRepository', { repositoryName: 'moto/api' })
    for (const imageTag of ['1.0', '2.0'])
      await call('ecr', 'PutImage', {
        ...{ repositoryName: 'moto/api', imageTag },
        imageManifest: imageManifest(undefined, { layers: [layer(imageTag)] }).text,
      })
  }, 30_000)
  afterAll(() => moto.close())

  test('are listed', async () => {
    const { code, out, err } = await cli.run(['images', 'moto/api', '--quick'], env)
    expect([code, err]).toEqual([0, '2 images in moto/api.\n'])
    expect(out.match(/^sha256:[0-9a-f]{64}\t[12]\.0\t\d+\t20\d\d-.*$/gm)).toHaveLength(2)
  })

  test('have no scan that is relied upon, since moto changes manifests: what has another digest is not known', async () => {
    const { code, out, err } = await cli.run(['images', 'moto/api', '--json'], env)
    expect([code, JSON.parse(out)]).toEqual([3, expect.objectContaining({ total: 2, outcome: 'unknown' })])
    expect(err).toContain('not read: 2 images: its manifest does not have its digest\n')
  })

  test('of a repository that is not there are an error that names one that is', async () => {
    const { code, out, err } = await cli.run(['images', 'moto/apo'], env)
    expect([code, out]).toEqual([3, ''])
    expect(err).toBe('error: moto/apo: the repository is not there. Did you mean moto/api?\n')
  })
})
