import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { VERSION } from '../../cli/version.ts'
import { bundled } from './cli.ts'
import { CONFIG, startRegistry } from './registry.ts'

const ROOT = join(import.meta.dirname, '../..')
const here = startRegistry()
const cli = bundled()
const config = here.write('policy.yaml', CONFIG)
const check = (argv: readonly string[] = [], change: Readonly<Record<string, string>> = {}, node?: string) =>
  cli.run(['check', '--config', config, ...argv], { ...here.env, ...change }, node)

/** Node of the machine, where it is another one. */
const OLDER = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path))

describe('the bundle', () => {
  test('runs by itself in a folder with nothing else', async () => {
    expect(await cli.run(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' })
    expect((await cli.run(['explain', 'tag-immutability'])).code).toBe(0)
    expect((await check(['--images'])).code).toBe(1)
  })

  test.skipIf(!OLDER)(`runs on the Node of the machine too${OLDER ? '' : ': none was found'}`, async () => {
    const [ours, theirs] = [await check(['--images']), await check(['--images'], {}, OLDER)]
    expect(theirs).toEqual(ours)
  })
})

describe('the exit code', () => {
  test('is 4 without credentials, and says where they come from', async () => {
    const { code, out, err } = await check([], { AWS_ACCESS_KEY_ID: '', AWS_EC2_METADATA_DISABLED: 'true' })
    expect([code, out]).toEqual([4, ''])
    expect(err).toMatch(/^error: No AWS credentials were found\..*\n {2}Set AWS_ACCESS_KEY_ID/)
  })

  test('is 4 for a profile that there is not', async () => {
    const { code, err } = await check(['--profile', 'nobody'], { AWS_EC2_METADATA_DISABLED: 'true', HOME: here.folder })
    expect(code).toBe(4)
    expect(err).toContain('error: The profile nobody brings no AWS credentials.')
  })

  test('is that of the verdict with the credentials of a profile, by whatever way it has them', async () => {
    const answer = { Version: 1, AccessKeyId: 'AKIDPROCESS', SecretAccessKey: 'secret' }
    here.write('answer.json', JSON.stringify(answer))
    const file = here.write(
      'profiles',
      `[profile program]\ncredential_process = cat ${join(here.folder, 'answer.json')}\n[profile fixed]\naws_access_key_id = AKIDFIXED\naws_secret_access_key = secret\n`,
    )
    const env = { AWS_ACCESS_KEY_ID: '', AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: file }
    for (const [profile, key] of [
      ['program', 'AKIDPROCESS'],
      ['fixed', 'AKIDFIXED'],
    ] as const) {
      const { code, err } = await check(['prod/api', '--profile', profile], { ...env, PATH: process.env.PATH ?? '' })
      expect([code, err]).toEqual([0, '1 repository: 1 pass\n'])
      expect(here.aws.calls.at(-1)?.accessKeyId).toBe(key)
    }
  })

  test.each([
    ['ExpiredToken', 'The AWS credentials have expired', 'aws sso login'],
    ['InvalidClientTokenId', 'AWS does not know the access key', 'aws sts get-caller-identity'],
    ['SignatureDoesNotMatch', 'AWS does not accept the signature', 'the clock of this machine'],
    ['AccessDenied', 'AWS answered AccessDenied, so the account is not known', ''],
  ])('is 4 for %s, with the next step', async (error, message, next) => {
    here.aws.faults.inject({ service: 'sts', error: { code: error, status: 403 } })
    const { code, out, err } = await check()
    expect([code, out]).toEqual([4, ''])
    expect(err).toContain(`error: ${message}`)
    expect(err).toContain(next)
  })

  test('is 4 for a token that expires on the way', async () => {
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'GetLifecyclePolicy', times: Number.POSITIVE_INFINITY },
      error: { code: 'ExpiredTokenException' },
    })
    const { code, err } = await check()
    expect(code).toBe(4)
    expect(err).toContain('The AWS credentials have expired')
  })

  test('is 4 where a permission is missing and nothing fails, with the statement to add', async () => {
    here.aws.authorize = ({ action }) =>
      action === 'ecr:GetLifecyclePolicy' ? { allowed: false, reason: 'no policy allows it' } : { allowed: true }
    const { code, out, err } = await check(['prod/api'])
    expect(code).toBe(4)
    expect(out).toMatch(
      /^unknown\tUNDEFINED\tlifecycle-policy\tprod\/api\t.*AccessDeniedException to GetLifecyclePolicy/,
    )
    expect(err).toContain('not allowed: ecr:GetLifecyclePolicy.')
    const statement = err.split('\n').find((line) => line.startsWith('  {')) ?? ''
    expect(JSON.parse(statement)).toEqual({
      ...{ Effect: 'Allow', Action: ['ecr:GetLifecyclePolicy'] },
      Resource: `arn:aws:ecr:${here.aws.region}:${here.aws.account}:repository/prod/api`,
    })
  })

  test('is 4 where the repositories cannot be listed', async () => {
    here.aws.authorize = ({ action }) =>
      action === 'ecr:DescribeRepositories' ? { allowed: false, reason: 'no policy allows it' } : { allowed: true }
    const { code, err } = await check(['prod/**'])
    expect(code).toBe(4)
    expect(err).toContain('not judged: the list of repositories: ECR answered AccessDeniedException')
    expect(err).toContain('"ecr:DescribeRepositories"')
  })

  test('is 1 where one fails and another may not be read', async () => {
    here.aws.authorize = ({ resource }) =>
      resource.endsWith('/prod/api') ? { allowed: false, reason: 'an explicit deny' } : { allowed: true }
    const { code, err } = await check(['prod/**'])
    expect(code).toBe(1)
    expect(err).toContain('forbidden outright: ')
  })

  test('is 2 without a region', async () => {
    const { code, err } = await check([], { AWS_REGION: '', HOME: here.folder })
    expect(code).toBe(2)
    expect(err).toContain('error: No region is given.\n  Name it with --region')
  })

  test('takes the region of the profile', async () => {
    const file = here.write('aws-config', `[default]\nregion = ${here.aws.region}\n`)
    expect((await check(['prod/api'], { AWS_REGION: '', AWS_CONFIG_FILE: file })).code).toBe(0)
  })

  test('is 3 without a network', async () => {
    const { code, err } = await check([], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })
    expect(code).toBe(3)
    expect(err).toContain('error: 127.0.0.1:1 cannot be reached (ECONNREFUSED), so the account is not known.')
  })

  test('is 3 where ECR fails to the end', async () => {
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'GetLifecyclePolicy', times: Number.POSITIVE_INFINITY },
      error: { drop: true },
    })
    const { code, out } = await check(['prod/api'])
    expect(code).toBe(3)
    expect(out).toContain('ECR answered Unreachable to GetLifecyclePolicy')
  })

  test('is 3 where ECR throttles to the end', async () => {
    here.aws.faults.limit({ service: 'ecr', operation: 'GetLifecyclePolicy', rate: 0, burst: 0 })
    const { code, out } = await check(['prod/api'], { AWS_MAX_ATTEMPTS: '3' })
    expect(code).toBe(3)
    expect(out).toContain('ECR answered ThrottlingException to GetLifecyclePolicy')
  })

  test('is 2 for an endpoint, a region or a configuration that is none', async () => {
    expect((await check([], { AWS_ENDPOINT_URL: 'nowhere' })).err).toContain('AWS_ENDPOINT_URL is "nowhere"')
    expect((await check(['--region', 'not a region'])).err).toContain('"not a region" is no region.')
    const wrong = here.write('wrong.yaml', CONFIG.replace('lifecycle-policy: report', 'lifecycle-polcy: report'))
    const { code, err } = await cli.run(['check', '--config', wrong], here.env)
    expect(code).toBe(2)
    expect(err).toMatch(/wrong\.yaml:9:7 .*Did you mean lifecycle-policy\?/)
  })

  test('is 2 without a configuration, or with one that asks nothing', async () => {
    const alone = await cli.run(['check'], here.env)
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('There is no steward.yaml here')])
    const idle = here.write('idle.yaml', CONFIG.slice(0, CONFIG.indexOf('policy:')))
    const { code, err } = await cli.run(['check'], { ...here.env, ECR_STEWARD_CONFIG: idle })
    expect([code, err]).toEqual([2, expect.stringContaining('puts no rule in force')])
  })

  test('is 130 on Ctrl-C', async () => {
    here.aws.faults.delay({ service: 'ecr', minMs: 60_000, maxMs: 60_000 })
    const { child, ended } = cli.start(['check', '--config', config, '-v'], here.env)
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, err: expect.stringMatching(/Interrupted\.\n$/) })
  })

  test('is 141, without a word, where the reader goes away', async () => {
    const { child, ended } = cli.start(['check', '--config', config, '--json'], here.env)
    child.stdout.destroy()
    expect(await ended).toMatchObject({ code: 141, err: '' })
  })
})

describe('colours', () => {
  test('are there where they are forced, and gone with NO_COLOR and in a pipe', async () => {
    const forced = await cli.run(['--help'], { FORCE_COLOR: '1' })
    expect(forced.out).toContain('\u001b[1m')
    expect((await cli.run(['--help'], { NO_COLOR: '1' })).out).not.toContain('\u001b')
    expect((await cli.run(['--help'])).out).not.toContain('\u001b')
  })
})

test('the package that npm makes has what it needs and nothing else, and its command runs', async () => {
  const folder = join(here.folder, 'packed')
  mkdirSync(folder)
  const npm = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' })
  const [{ filename, files }] = JSON.parse(npm.stdout.slice(npm.stdout.indexOf('[')))
  expect(files.map(({ path }: { path: string }) => path).toSorted()).toEqual([
    'LICENSE',
    'README.md',
    'dist/NOTICES.txt',
    'dist/ecr-steward.cjs',
    'dist/provider-chain.cjs',
    'dist/run.cjs',
    'package.json',
  ])
  spawnSync('tar', ['-xzf', filename], { cwd: folder })
  const command = join(
    folder,
    'package',
    JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).bin['ecr-steward'],
  )
  expect(spawnSync(process.execPath, [command, '--version'], { encoding: 'utf8' }).stdout).toBe(`${VERSION}\n`)
})
