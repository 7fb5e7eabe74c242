import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasMoto, startMoto, withMoto } from '../../local/aws/moto.ts'
import { bundled } from '../cli.ts'
import { startRegistry } from '../registry.ts'

const here = startRegistry()
const cli = bundled()

const doctor = async (words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
  const ended = await cli.run(['doctor', '--config', `${here.folder}/steward.yaml`, ...words], { ...here.env, ...env })
  return { ...ended, out: ended.out.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST') }
}

test('the bundle ends with 0 where at most there are warnings', async () => {
  const { code, out, err } = await doctor(['--for', 'check'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('✓ ok       check: all 16 actions are allowed\n')
  expect(out).not.toContain('\u001b')
})

test('a read-only caller is told what is missing, and of which commands', async () => {
  here.aws.authorize = ({ action }) =>
    /:(?:Get|Describe|List|BatchGet)/.test(action) ? { allowed: true } : { allowed: false, reason: '' }
  const { code, out } = await doctor(['--for', 'lifecycle'])
  expect(code).toBe(0)
  expect(out).toContain('! warning  lifecycle apply: not allowed: ecr:PutLifecyclePolicy (with --yes)\n')
  expect(out).toContain('"ecr:PutLifecyclePolicy"')
})

test.each([
  ['no way to AWS', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 3],
  ['no region', { AWS_REGION: '', HOME: '/nonexistent' }, 2],
  ['credentials that have ended', { AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' }, 4],
])('%s: the exit says so', async (_, env, code) => {
  expect((await doctor(['--for', 'check'], env)).code).toBe(code)
})

describe.skipIf(!hasMoto)(withMoto('moto is looked at as the local AWS is'), () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  const words = ['--for', 'lifecycle', '--for', 'check']
  const look = () => doctor(words, { AWS_ENDPOINT_URL: moto.url })

  // moto loads a service when it is first asked for: longer than a question may take.
  beforeAll(async () => {
    moto = await startMoto()
    for (let times = 0; times < 8 && (await look()).out.includes('no answer'); times++);
  }, 90_000)
  afterAll(() => moto.close())

  test('credentials, the login, scanning and the permissions that it knows', async () => {
    const { out } = await look()
    expect(out).toMatch(/caller: arn:aws:\w+::123456789012:/)
    // Its token has always ended.
    expect(out).toContain(
      '! warning  registry login: by the clock of this machine, a token that ECR makes now ended at',
    )
    expect(out).toContain('✓ ok       lifecycle show: all 2 actions are allowed\n')
    expect(out).toContain('· note     Steward: it is not deployed in this account and region\n')
  })
})
