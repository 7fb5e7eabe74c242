import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
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

  test('verifies, with what only that needs', async () => {
    const suite = join(ROOT, 'test/signing/conformance')
    const key = join(suite, 'managed-key-happy-path')
    const by = ['verify', '--bundle', join(key, 'bundle.sigstore.json'), '--key', join(key, 'key.pub')]
    expect(await cli.run([...by, join(suite, 'a.txt')])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Verified/),
    })
    expect(await cli.run([...by, `sha256:${'0'.repeat(64)}`])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^Refused/),
    })
    expect(readFileSync(join(cli.folder, 'run.cjs'), 'utf8')).not.toContain('rfc3161Timestamps')
  })

  test.skipIf(!OLDER)(`runs on the Node of the machine too${OLDER ? '' : ': none was found'}`, async () => {
    const [ours, theirs] = [await check(['--images']), await check(['--images'], {}, OLDER)]
    expect(theirs).toEqual(ours)
  })
})

describe('the exit code of a process', () => {
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

test.skipIf(!existsSync('/dev/full'))('a result that cannot be written is 3 (where there is /dev/full)', () => {
  const full = openSync('/dev/full', 'w')
  const { status, stderr } = spawnSync(process.execPath, [cli.file, 'rules'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  })
  closeSync(full)
  expect([status, stderr]).toEqual([
    3,
    'error: the result could not be written: ENOSPC: no space left on device, write\n',
  ])
})

describe('colours', () => {
  test('are there where they are forced, and gone with NO_COLOR and in a pipe', async () => {
    const forced = await cli.run(['--help'], { FORCE_COLOR: '1' })
    expect(forced.out).toContain('\u001b[1m')
    expect((await cli.run(['--help'], { NO_COLOR: '1' })).out).not.toContain('\u001b')
    expect((await cli.run(['--help'])).out).not.toContain('\u001b')
  })
})

/** A project that has installed the package and the CDK, and prints what kinds of resources it would make. */
const CDK_APP = `
import { App, Stack } from 'aws-cdk-lib'
import { Repository } from 'aws-cdk-lib/aws-ecr'
import { DeploymentGate, type DeploymentGateProps } from 'ecr-steward/cdk'

const app = new App({ analyticsReporting: false })
const stack = new Stack(app, 'Shop')
const props: DeploymentGateProps = { repository: new Repository(stack, 'Images'), tag: '1.4.2', limits: { CRITICAL: 0 } }
new DeploymentGate(stack, 'Gate', props)
const resources: object = app.synth().getStackByName('Shop').template.Resources
const types = Object.values(resources).map(({ Type }) => Type)
console.log(types.filter((type) => /::(Repository|Function|EcrStewardGate)$/.test(type)).sort().join(' '))
`

describe('the package that npm makes', () => {
  const folder = join(here.folder, 'packed')
  const app = join(folder, 'app')
  const npm = (words: readonly string[], cwd: string) =>
    spawnSync('npm', [...words, '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd, encoding: 'utf8' })
  type Packed = {
    readonly filename: string
    readonly size: number
    readonly files: readonly { readonly path: string }[]
  }
  let packed: Packed

  beforeAll(() => {
    mkdirSync(app, { recursive: true })
    const { stdout } = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    packed = JSON.parse(stdout.slice(stdout.indexOf('[')))[0]
    writeFileSync(join(app, 'package.json'), '{}')
    npm(['install', join(folder, packed.filename)], app)
  })

  test('has what it needs and nothing else, and is small', () => {
    const [types, others] = [true, false].map((isType) =>
      packed.files.map(({ path }) => path).filter((path) => path.startsWith('dist/types/') === isType),
    ) as [string[], string[]]
    expect(types).toContain('dist/types/infra/constructs.d.ts')
    expect(types.filter((path) => /test|local|node_modules/.test(path))).toEqual([])
    expect(others.toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'dist/NOTICES.txt',
      'dist/cdk.cjs',
      'dist/complete.cjs',
      'dist/ecr-steward.cjs',
      'dist/evidence.cjs',
      'dist/functions/account-settings/index.js',
      'dist/functions/gate/index.js',
      'dist/list-repositories.cjs',
      'dist/provider-chain.cjs',
      'dist/re2js.cjs',
      'dist/refresh-root.cjs',
      'dist/run.cjs',
      'dist/verifier.cjs',
      'package.json',
    ])
    expect(packed.size).toBeLessThan(1_000_000)
  })

  test('pulls nothing along and runs nothing while it is installed', () => {
    expect(readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['ecr-steward'])
    const about = JSON.parse(readFileSync(join(app, 'node_modules/ecr-steward/package.json'), 'utf8'))
    expect(about).not.toHaveProperty('dependencies')
    expect(Object.keys(about.scripts).filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([])
    expect(about.keywords.length).toBeGreaterThan(5)
  })

  test.each([process.execPath, ...(OLDER ? [OLDER] : [])])('has a command that runs on %s', (node) => {
    const command = join(app, 'node_modules/.bin/ecr-steward')
    const run = (...words: readonly string[]) => spawnSync(node, [command, ...words], { cwd: app, encoding: 'utf8' })
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${VERSION}\n` })
    expect(run('explain', 'tag-immutability')).toMatchObject({ status: 0, stderr: '' })
  })

  test('has constructs for projects of both kinds of modules, with their types', { timeout: 120_000 }, () => {
    for (const name of ['aws-cdk-lib', 'constructs', '@types'])
      symlinkSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name))
    const sources = ['app.mts', 'app.cts'].map((name) => join(app, name))
    for (const file of sources) writeFileSync(file, CDK_APP)
    const tsc = join(ROOT, 'node_modules/.bin/tsc')
    const flags = ['--strict', '--skipLibCheck', '--types', 'node', '--module', 'NodeNext', '--target', 'ES2022']
    const { status, stdout } = spawnSync(tsc, [...flags, ...sources], { cwd: app, encoding: 'utf8' })
    expect([status, stdout]).toEqual([0, ''])
    for (const file of sources) {
      const made = spawnSync(process.execPath, [file.replace(/ts$/, 'js')], { cwd: app, encoding: 'utf8' })
      expect(made.stdout).toBe('AWS::ECR::Repository AWS::Lambda::Function Custom::EcrStewardGate\n')
    }
  })
})
