import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../../config/load.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../../adapters/env.ts'
import { hasMoto, startMoto, withMoto } from '../../local/aws/moto.ts'
import { bundled } from '../cli.ts'

const cli = bundled()
const folder = mkdtempSync(join(tmpdir(), 'steward-empty-'))
let aws: LocalAws

beforeAll(async () => {
  aws = await startLocalAws()
})
afterAll(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

const init = (name: string, change: Readonly<Record<string, string>> = {}) =>
  cli.run(['init', '--output', join(folder, name)], { ...(envOf(aws) as Record<string, string>), ...change })
const load = (name: string) => loadConfig(join(folder, name), (line) => expect.fail(line))

test('the bundle, as a process, writes a file to begin with for an empty registry, without colours in a pipe', async () => {
  const { code, out, err } = await init('empty.yaml')
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('The registry is empty: this is a file to begin with.')
  expect(out).not.toContain('\u001b')
  expect(load('empty.yaml').policy.flatMap(({ rules }) => rules.map(({ rule }) => rule))).toContain('scan-on-push')
  expect(readFileSync(join(folder, 'empty.yaml'), 'utf8')).toMatch(
    /which has no repository yet\.\n[\s\S]*# There is no repository yet\.[\s\S]*# - replication: it has to be given destinations, and the account shows none\.\n/,
  )
})

describe.skipIf(!hasMoto)(withMoto('init reads moto as it reads the local AWS'), () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  beforeAll(async () => {
    moto = await startMoto()
    for (const AWS_ENDPOINT_URL of [moto.url, aws.url])
      for (const repositoryName of ['prod/api', 'prod/web', 'my-app'])
        await signedAws({ ...envOf(aws), AWS_ENDPOINT_URL })('ecr', 'CreateRepository', {
          repositoryName,
          imageTagMutability: repositoryName.startsWith('prod/') ? 'IMMUTABLE' : 'MUTABLE',
        })
  }, 30_000)
  afterAll(() => moto.close())

  test('and writes the same of repositories', async () => {
    await init('moto.yaml', { AWS_ENDPOINT_URL: moto.url })
    await init('local.yaml')
    const policyIn = (name: string) =>
      load(name).policy.map(({ repositories, rules }) => [repositories, rules.map(({ rule }) => rule)])
    expect(policyIn('moto.yaml')).toEqual(policyIn('local.yaml'))
    expect(policyIn('moto.yaml')[0]).toEqual([['prod/**'], ['tag-immutability']])
  })
})
