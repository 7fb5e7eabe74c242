import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Ajv } from 'ajv'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import schema from '../../../docs/doctor.schema.json' with { type: 'json' }
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { lifecycle } from '../../clean-up/registry.ts'
import { steward } from '../cli.ts'

const CONFIG = `alerts: [{ repositories: ["**"], to: [slack:security, sns] }]
channels:
  security: { slack-webhook: { secret: ecr-steward/slack/security } }
policy:
  - repositories: ["**"]
    rules: { tag-immutability: report }
`
const SECRET = 'ecr-steward/slack/security'
const STACK = 'arn:aws:cloudformation:ap-northeast-1:123456789012:stack/Steward/0f0e0d0c'
const OLD = { tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 30 }

let aws: LocalAws
let folder: string
let env: NodeJS.ProcessEnv

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

// The local AWS loads the shapes of a service when it is first asked for: longer than a question may take on a busy machine.
beforeAll(async () => {
  const first = await startLocalAws()
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' }
  await steward(['doctor'], { env: { ...credentials, AWS_ENDPOINT_URL: first.url, AWS_REGION: first.region } })
  await first.close()
}, 60_000)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-doctor-'))
  write('steward.yaml', CONFIG)
  aws = await startLocalAws()
  aws.clock.set(Date.now())
  aws.ecr.createRepository({ repositoryName: 'prod/api' })
  aws.call('ecr', 'PutLifecyclePolicy', { repositoryName: 'prod/api', lifecyclePolicyText: lifecycle(OLD) })
  aws.secrets.put(SECRET, 'https://hooks.slack.example/T000/B000/never-shown')
  env = {
    ...{ AWS_ENDPOINT_URL: aws.url, AWS_REGION: aws.region },
    ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'top-secret' },
  }
})

afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

type Change = { readonly env?: NodeJS.ProcessEnv; readonly now?: Date; readonly columns?: number }

const run = async (line = '', change: Change = {}) => {
  const words = line.split(' ').filter(Boolean)
  const { code, out, err } = await steward(['doctor', ...words], {
    ...{ cwd: folder, env: { ...env, ...change.env }, now: () => change.now ?? new Date() },
    ...(change.columns !== undefined && { columns: change.columns }),
  })
  return { code, err, out: stripVTControlCharacters(out) }
}

type Json = {
  readonly findings: readonly {
    area: string
    state: string
    what: string
    found: string
    fix: { text?: string; command?: string }[]
  }[]
  readonly permissions: readonly {
    command: string
    actions: { action: string; state: string; when?: string; why?: string }[]
  }[]
  readonly statements: readonly object[]
  readonly outcome: string
}

const looked = async (line = '', change: Change = {}) => {
  const { code, out } = await run(`${line} --json`, change)
  const json: Json = JSON.parse(out)
  const find = (area: string, what: string) =>
    json.findings.find((finding) => finding.area === area && finding.what === what)
  const stateOf = (action: string) =>
    json.permissions.flatMap(({ actions }) => actions).find((asked) => asked.action === action)?.state
  return { code, json, find, stateOf }
}

const deny = (pattern: RegExp, reason = ''): void => {
  aws.authorize = ({ action, resource }) =>
    pattern.test(`${action} ${resource}`) ? { allowed: false, reason } : { allowed: true }
}

describe('doctor', () => {
  test('says of every area what it found', async () => {
    aws.stacks.set(STACK, { status: 'CREATE_COMPLETE', outputs: { Version: '0.1.0' } })
    const { code, out, err } = await run('', { columns: 120, now: new Date(aws.clock.now()) })
    const stable = out
      .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
      .replace(/in \d+ ms/, 'in N ms')
      .replace(/Node: .*/, 'Node: …')
    expect([code, err]).toEqual([0, ''])
    expect(stable).toMatchInlineSnapshot(`
      "TOOL
      ✓ ok       ecr-steward: version 0.1.0
      ✓ ok       Node: …

      CONFIGURATION
      ✓ ok       steward.yaml: the nearest one; valid

      REGION
      ✓ ok       region: ap-northeast-1, of AWS_REGION
      ! warning  AWS_ENDPOINT_URL: EVERY CALL GOES TO HOST, NOT TO AWS
          $ unset AWS_ENDPOINT_URL

      CONNECTION
      ✓ ok       HOST: it answers, in N ms
      ✓ ok       clock: it agrees with that of AWS

      CREDENTIALS
      ✓ ok       source: the environment: AWS_ACCESS_KEY_ID
      ✓ ok       expiry: they do not end: an access key of a user
          In CI a role taken with OIDC needs no key that somebody could take: examples/pipelines/README.md
      ✓ ok       caller: arn:aws:iam::123456789012:user/AKIDEXAMPLE
      ✓ ok       registry login: a docker login made now lasts 12 h: log in again in each job, rather than keep one

      PERMISSIONS
      ✓ ok       init: all 14 actions are allowed
      ✓ ok       check: all 16 actions are allowed
      ✓ ok       gate: all 9 actions are allowed
      ✓ ok       scan: all 6 actions are allowed
      ✓ ok       images: all 6 actions are allowed
      ✓ ok       release: 3 of 4 actions are allowed; not known: ecr:PutImage, since where the registry creates repositories
                 on push, asking might create one
      ✓ ok       verify: all 5 actions are allowed
      ✓ ok       sweep: all 40 actions are allowed
      ✓ ok       repository create: 9 of 10 actions are allowed; not known: ecr:CreateRepository, since asking would create
                 one
      ✓ ok       repository list: all 5 actions are allowed
      ✓ ok       repository delete: all 36 actions are allowed
      ✓ ok       lifecycle preview: all 6 actions are allowed
      ✓ ok       lifecycle diff: all 4 actions are allowed
      ✓ ok       lifecycle apply: all 5 actions are allowed
      ✓ ok       lifecycle show: all 2 actions are allowed
      ✓ ok       lifecycle delete: all 3 actions are allowed
      ✓ ok       clean-up plan: all 31 actions are allowed
      ✓ ok       clean-up apply: 32 of 33 actions are allowed; not known: ecr:PutImage, since where the registry creates
                 repositories on push, asking might create one
      ✓ ok       clean-up undo: 2 of 3 actions are allowed; not known: ecr:PutImage, since where the registry creates
                 repositories on push, asking might create one
      ✓ ok       clean-up in-use: all 29 actions are allowed
      ✓ ok       clean-up guard: all 30 actions are allowed

      SCANNING
      ✓ ok       registry: BASIC
      ✓ ok       basic scanning: version AWS_NATIVE
      ! warning  scan on push: left out: prod/api; 1 of 1 repository
          A scanning rule of the registry for all repositories:
          $ aws ecr put-registry-scanning-configuration --region ap-northeast-1 --scan-type BASIC --rules '[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"*","filterType":"WILDCARD"}]}]'

      STACK
      ✓ ok       Steward: deployed, version 0.1.0, as here

      CHANNELS
      ✓ ok       slack:security: its secret ecr-steward/slack/security is there; nothing was sent, and its value was not read

      2 warnings, 35 ok
      "
    `)
  })

  test('changes nothing, reads no secret, and shows none', async () => {
    const { out } = await run('--json')
    const { out: text } = await run()
    const writes = aws.calls.filter(({ operation }) => !/^(?:Batch)?(?:Get|Describe|List)/.test(operation))
    expect(new Set(writes.map(({ operation }) => operation))).toEqual(
      new Set([
        ...['StartLifecyclePolicyPreview', 'PutLifecyclePolicy', 'DeleteLifecyclePolicy'],
        ...['BatchDeleteImage', 'UpdateImageStorageClass', 'StartImageScan'],
        ...['DeleteRepository', 'SetRepositoryPolicy', 'TagResource'],
      ]),
    )
    expect(writes.map(({ error }) => error)).toEqual(writes.map(() => 'RepositoryNotFoundException'))
    expect(aws.calls.map(({ operation }) => operation)).not.toContain('GetSecretValue')
    expect(aws.ecr.repository('prod/api')?.lifecyclePolicyText).toBe(lifecycle(OLD))
    const token = Buffer.from('AWS:local').toString('base64')
    for (const secret of ['top-secret', 'never-shown', token, '"authorizationToken"'])
      expect([out.includes(secret), text.includes(secret)]).toEqual([false, false])
  })

  test('as JSON is what the published schema says', async () => {
    deny(/ecr:GetRegistryPolicy/)
    const { json } = await looked()
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
    expect([validate(json), validate.errors]).toEqual([true, null])
  })
})

describe('permissions', () => {
  test('what is missing is told by command, with the statement that gives it, and ends with 4', async () => {
    deny(/ecr:DescribeImages|ecs:ListClusters/)
    const { code, out } = await run('--for clean-up')
    expect(code).toBe(4)
    expect(out).toContain('✗ problem  clean-up undo: not allowed: ecr:DescribeImages\n')
    expect(out).toContain('✗ problem  clean-up plan: not allowed: ecr:DescribeImages, ecs:ListClusters\n')
    expect(out).toContain('ask with --repository NAME')
    expect(out).toContain(
      '{"Effect":"Allow","Action":["ecr:DescribeImages"],"Resource":"arn:aws:ecr:ap-northeast-1:123456789012:repository/*"}',
    )
    expect(out).toContain('{"Effect":"Allow","Action":["ecs:ListClusters"],"Resource":"*"}')
    expect(out).not.toContain('check:')
  })

  test('what only some options need is a warning', async () => {
    deny(/ecr:PutLifecyclePolicy/)
    const { code, find, stateOf, json } = await looked('--for lifecycle')
    expect(code).toBe(0)
    expect(find('permissions', 'lifecycle apply')).toMatchObject({
      state: 'warning',
      found: 'not allowed: ecr:PutLifecyclePolicy (with --yes)',
    })
    expect([stateOf('ecr:PutLifecyclePolicy'), stateOf('ecr:DeleteLifecyclePolicy')]).toEqual(['denied', 'allowed'])
    expect(json.permissions.map(({ command }) => command)).toEqual(
      ['preview', 'diff', 'apply', 'show', 'delete'].map((name) => `lifecycle ${name}`),
    )
  })

  test('what is forbidden outright no statement gives', async () => {
    deny(/ecr:DescribeImages/, 'with an explicit deny in a service control policy')
    const { json } = await looked('--for check')
    expect(json.statements).toEqual([])
    expect((await run('--for check')).out).toContain('forbidden outright: ecr:DescribeImages')
  })

  test('with --repository reads are asked of it, and what is refused beside it is not known', async () => {
    aws.authorize = ({ action, resource }) =>
      action.startsWith('ecr:') && resource !== '*' && !resource.endsWith(':repository/prod/api')
        ? { allowed: false, reason: '' }
        : { allowed: true }
    const without = await looked('--for lifecycle')
    expect([without.code, without.stateOf('ecr:GetLifecyclePolicy')]).toEqual([4, 'denied'])
    const { code, stateOf, find } = await looked('--for lifecycle --repository prod/api')
    expect([stateOf('ecr:GetLifecyclePolicy'), stateOf('ecr:PutLifecyclePolicy')]).toEqual(['allowed', 'unknown'])
    expect([code, find('permissions', 'lifecycle apply')?.state]).toEqual([3, 'unknown'])
    expect(find('permissions', 'lifecycle show')?.state).toBe('ok')
    const asked = aws.calls.filter(({ operation }) => operation === 'PutLifecyclePolicy').at(-1)
    expect(asked?.input).toMatchObject({
      repositoryName: expect.stringMatching(/^prod\/ecr-steward-doctor\/[\da-f]{24}$/),
    })
  })

  test('a name that is not there is told', async () => {
    const { code, find } = await looked('--for check --repository prod/apu')
    expect(find('permissions', 'prod/apu')).toMatchObject({ state: 'problem', found: 'there is no such repository' })
    expect(code).toBe(4)
  })

  test('where every name may come from upstream, nothing is asked for that might import it', async () => {
    aws.call('ecr', 'CreatePullThroughCacheRule', {
      ...{ ecrRepositoryPrefix: 'ROOT', upstreamRegistryUrl: 'public.ecr.aws' },
    })
    const { stateOf, find, code } = await looked('--for lifecycle')
    expect([stateOf('ecr:BatchGetImage'), stateOf('ecr:DescribeImages')]).toEqual(['unasked', 'allowed'])
    expect(find('permissions', 'lifecycle diff')?.found).toContain('pull-through cache for every name')
    expect(code).toBe(0)
    expect(aws.calls.map(({ operation }) => operation)).not.toContain('BatchGetImage')
  })

  test('Inspector that is switched off is not a missing permission', async () => {
    const error = { code: 'AccessDeniedException', message: 'Invoking account is not enabled.', status: 403 }
    aws.faults.inject({ service: 'inspector2', operation: 'ListCoverage', error })
    const { stateOf, code } = await looked('--for sweep')
    expect([stateOf('inspector2:ListCoverage'), code]).toEqual(['unasked', 0])
  })

  test('what does not answer is unknown', async () => {
    aws.faults.inject({
      service: 'ecr',
      operation: 'DescribeImages',
      error: { drop: true },
      times: Number.POSITIVE_INFINITY,
    })
    const { code, find } = await looked('--for check')
    const found = 'cannot be known: ecr:DescribeImages (no answer)'
    expect([code, find('permissions', 'check')]).toMatchObject([3, { state: 'unknown', found }])
  })

  test('a command that there is not is a fault of the line', async () => {
    const { code, err } = await run('--for celan-up')
    expect([code, err]).toEqual([2, expect.stringContaining('--for celan-up: no such command')])
  })
})

describe('credentials', () => {
  test('none at all are a problem, and the rest is looked at without them', async () => {
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true', HOME: folder }
    const { code, find } = await looked('', { env: none })
    expect(code).toBe(4)
    expect(find('credentials', 'source')).toMatchObject({
      state: 'problem',
      found: expect.stringContaining('No AWS credentials'),
    })
    expect(find('credentials', 'the account')).toMatchObject({ state: 'unknown' })
    expect(find('configuration', 'steward.yaml')?.state).toBe('ok')
  })

  test.each([
    [-60_000, 'problem', 4],
    [10 * 60_000, 'warning', 0],
    [200 * 60_000, 'ok', 0],
  ])('that end in %i ms are a %s', async (left, state, exit) => {
    const now = new Date()
    const AWS_CREDENTIAL_EXPIRATION = new Date(now.getTime() + left).toISOString()
    const { code, find } = await looked('--for check', {
      now,
      env: { AWS_CREDENTIAL_EXPIRATION, AWS_SESSION_TOKEN: 't' },
    })
    expect([code, find('credentials', 'expiry')?.state]).toEqual([exit, state])
  })

  test('of a session that says no end are told so', async () => {
    const { find } = await looked('--for check', { env: { AWS_SESSION_TOKEN: 't' } })
    expect(find('credentials', 'expiry')?.found).toContain('nothing here says when')
  })

  test('of a profile are told with how it has them, and when they end', async () => {
    const Expiration = new Date(Date.now() + 90.5 * 60_000).toISOString()
    const found = { Version: 1, AccessKeyId: 'AKIDEXAMPLE', SecretAccessKey: 's', SessionToken: 't', Expiration }
    const process = write('credentials.json', JSON.stringify(found))
    const config = write('config', `[profile prod]\nregion = ap-northeast-1\ncredential_process = cat ${process}\n`)
    const profile = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_REGION: '' }
    for (const [name, value] of Object.entries(profile)) vi.stubEnv(name, value)
    const { find } = await looked('--for check --profile prod', { env: profile })
    vi.unstubAllEnvs()
    expect(find('credentials', 'source')?.found).toBe('the profile prod: a process that the profile starts')
    expect(find('credentials', 'expiry')?.found).toMatch(/^they end in 1 h 30 min, at /)
    expect(find('region', 'region')?.found).toBe('ap-northeast-1, of the profile prod')
  })

  test.each([
    ['InvalidClientTokenId', 'AWS does not know the access key (InvalidClientTokenId)'],
    ['SignatureDoesNotMatch', 'AWS does not accept the signature (SignatureDoesNotMatch)'],
    ['ExpiredToken', 'The AWS credentials have expired (ExpiredToken)'],
  ])('that AWS refuses with %s are a problem', async (code, found) => {
    const error = { code, message: 'no', status: 403 }
    aws.faults.inject({ service: 'sts', error, times: Number.POSITIVE_INFINITY })
    const { code: exit, find, json } = await looked()
    expect([exit, find('credentials', 'caller')?.found, json.permissions]).toEqual([4, found, []])
  })

  test('that AWS takes elsewhere are in a region that is switched off', async () => {
    aws.disableRegion('af-south-1')
    const { code, find } = await looked('--region af-south-1')
    expect(code).toBe(4)
    expect(find('credentials', 'caller')).toMatchObject({
      found: expect.stringContaining('the region is not switched on'),
      fix: [{ command: 'aws account enable-region --region-name af-south-1' }],
    })
  })

  test('of whom nobody knows the name, the rest is asked all the same', async () => {
    aws.faults.inject({ service: 'sts', error: { drop: true }, times: Number.POSITIVE_INFINITY })
    const { code, find, stateOf } = await looked('--for check')
    expect([code, find('credentials', 'caller')?.state, stateOf('ecr:DescribeImages')]).toEqual([
      3,
      'unknown',
      'allowed',
    ])
  })

  test('of the root user are a warning', async () => {
    const body = '<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:root</Arn></GetCallerIdentityResult>'
    aws.faults.inject({ service: 'sts', error: { body } })
    expect((await looked('--for check')).find('credentials', 'caller')?.state).toBe('warning')
  })

  test('without the right to log in a docker is a warning', async () => {
    deny(/GetAuthorizationToken/)
    const { code, find } = await looked('--for check')
    expect([code, find('credentials', 'registry login')?.state]).toEqual([0, 'warning'])
  })

  test('lets docker log in for twelve hours', async () => {
    const { find } = await looked('--for check')
    expect(find('credentials', 'registry login')?.found).toMatch(/^a docker login made now lasts 1[12] h/)
  })
})

describe('region and connection', () => {
  test('without a region the rest is looked at', async () => {
    const { code, find } = await looked('', { env: { AWS_REGION: '', HOME: folder } })
    expect([code, find('region', 'region')?.state, find('configuration', 'steward.yaml')?.state]).toEqual([
      2,
      'problem',
      'ok',
    ])
    expect(aws.calls).toEqual([])
  })

  test('an endpoint that is no address is a problem, and one of a service is not read', async () => {
    const { code, find } = await looked('', {
      env: { AWS_ENDPOINT_URL: 'localhost', AWS_ENDPOINT_URL_ECR: 'http://x' },
    })
    expect([code, find('region', 'AWS_ENDPOINT_URL')?.state]).toEqual([2, 'problem'])
    expect(find('region', 'AWS_ENDPOINT_URL_ECR')?.state).toBe('warning')
  })

  test('without a way to AWS says so, once, and ends with 3', async () => {
    const { code, json, find } = await looked('', {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://proxy:3128' },
    })
    expect(code).toBe(3)
    expect(find('connection', '127.0.0.1:9')).toMatchObject({
      state: 'unknown',
      found: expect.stringMatching(/ECONNREFUSED/),
    })
    expect(find('connection', '127.0.0.1:9')?.fix.at(-1)?.command).toBe('export NODE_USE_ENV_PROXY=1')
    expect(json.findings.filter(({ state }) => state === 'unknown')).toHaveLength(2)
  })

  test('waits for what never answers only so long', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    const { code, find } = await looked('', { env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` } })
    silent.close()
    expect([code, find('connection', `127.0.0.1:${port}`)?.found]).toEqual([
      3,
      'it cannot be reached (no answer within 3000 ms)',
    ])
  })

  test.each([
    [91_000, 'warning', /^it is 9\d seconds ahead of that of AWS$/, 0],
    [-600_000, 'problem', /^it is 10 minutes behind that of AWS, so AWS refuses what is signed by it$/, 4],
  ])('a clock that is %i ms off is a %s', async (off, state, found, exit) => {
    const { code, find } = await looked('--for check', { now: new Date(Date.now() + off) })
    expect([code, find('connection', 'clock')?.state]).toEqual([exit, state])
    expect(find('connection', 'clock')?.found).toMatch(found)
  })
})

describe('configuration', () => {
  test('faults are a problem each, and warnings are none', async () => {
    write('steward.yaml', CONFIG.replace('tag-immutability: report', 'tag-imutability: report').replace('sns]', 'sms]'))
    const { code, json } = await looked()
    const found = json.findings.filter(({ area, state }) => area === 'configuration' && state === 'problem')
    expect([code, found.length]).toEqual([2, 3])
    expect(found[0]).toMatchObject({
      found: 'the nearest one; it has 2 faults',
      fix: [{ command: 'ecr-steward config validate' }],
    })
    expect(found[1]?.what).toMatch(/^steward\.yaml:\d+:\d+$/)
  })

  test('an exception that ends soon is a warning, and what looks like a variable of ours is another', async () => {
    const expires = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
    write(
      'steward.yaml',
      `${CONFIG}exceptions:\n  - { rule: tag-immutability, repositories: ["prod/**"], reason: soon, owner: me, expires: ${expires} }\n`,
    )
    const { code, json, find } = await looked('', { env: { ECR_STEWARD_CONFG: 'x.yaml' } })
    expect([code, find('configuration', 'ECR_STEWARD_CONFG')?.state]).toEqual([0, 'warning'])
    const found = expect.stringContaining('exceptions[0].expires: ends in 3 days')
    expect(json.findings).toContainEqual(expect.objectContaining({ state: 'warning', found }))
  })

  test('a trusted root that signers by identity are verified with tells its age', async () => {
    const signers = 'signers: { web: { identity: ci@acme.example, issuer: https://accounts.google.com } }\n'
    write('steward.yaml', `${CONFIG}${signers}`)
    const now = new Date('2030-01-01T00:00:00Z')
    const { find } = await looked('', { env: { AWS_REGION: '' }, now })
    expect(find('configuration', 'trusted root')).toMatchObject({
      state: 'warning',
      fix: [{ command: 'ecr-steward trusted-root --refresh trusted_root.json' }],
    })
  })

  test('none is no problem, one that is not there is', async () => {
    rmSync(join(folder, 'steward.yaml'))
    expect((await looked()).find('configuration', 'steward.yaml')?.state).toBe('note')
    const { code, json } = await looked('--config other.yaml')
    expect([code, json.findings.find(({ area }) => area === 'configuration')?.state]).toEqual([2, 'problem'])
  })
})

describe('the account', () => {
  test.each([
    [
      { status: 'UPDATE_COMPLETE', outputs: { Version: '0.0.9' } },
      'warning',
      'deployed in version 0.0.9, and here is 0.1.0',
    ],
    [{ status: 'UPDATE_ROLLBACK_FAILED', outputs: {} }, 'warning', 'it is UPDATE_ROLLBACK_FAILED'],
    [
      { status: 'CREATE_COMPLETE', outputs: {} },
      'warning',
      'deployed, of a version before 0.1.0: it does not say which',
    ],
  ])('a stack that is %j is told', async (stack, state, found) => {
    aws.stacks.set(STACK, stack)
    expect((await looked('--for check')).find('stack', 'Steward')).toMatchObject({ state, found })
  })

  test('no stack, and one that may not be seen, are no problem', async () => {
    expect((await looked('--for check')).find('stack', 'Steward')?.state).toBe('note')
    deny(/cloudformation:/)
    const { code, find } = await looked('--for check')
    expect([code, find('stack', 'Steward')?.state]).toEqual([0, 'note'])
  })

  test('how the registry scans is told with what is not scanned', async () => {
    const { find } = await looked('--for check')
    expect(find('scanning', 'registry')?.found).toBe('BASIC')
    expect(find('scanning', 'basic scanning')?.found).toBe('version AWS_NATIVE')
    expect(find('scanning', 'scan on push')).toMatchObject({
      state: 'warning',
      found: 'left out: prod/api; 1 of 1 repository',
    })
    const rules = [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: 'prod', filterType: 'WILDCARD' }] }]
    aws.call('ecr', 'PutRegistryScanningConfiguration', { scanType: 'BASIC', rules })
    aws.faults.inject({ service: 'ecr', operation: 'GetAccountSetting', error: { body: '{"value":"CLAIR"}' } })
    const again = await looked('--for check')
    expect(again.find('scanning', 'scan on push')?.found).toBe(
      'every repository that there is is scanned, and the next one may not be',
    )
    expect(again.find('scanning', 'basic scanning')?.fix[0]?.command).toContain('--value AWS_NATIVE')
    deny(/ScanningConfiguration/)
    expect((await looked('--for lifecycle')).find('scanning', 'registry')?.state).toBe('unknown')
  })

  test.each([
    ['{"DeletedDate":1}', 'problem', 'is marked for deletion', 2],
    ['{"KmsKeyId":"arn:aws:kms:eu-west-1:123456789012:key/1"}', 'warning', 'has a key of its own', 0],
  ])('a secret that is %s is told', async (body, state, found, exit) => {
    aws.faults.inject({ service: 'secretsmanager', error: { body } })
    const { code, find } = await looked('--for check')
    expect(find('channels', 'slack:security')).toMatchObject({ state, found: expect.stringContaining(found) })
    expect(code).toBe(exit)
  })

  test('a secret that is not there is a problem, one that may not be seen is none', async () => {
    write('steward.yaml', CONFIG.replace('secret: ecr-steward/slack/security', 'secret: ecr-steward/none'))
    const { code, find } = await looked('--for check')
    expect([code, find('channels', 'slack:security')?.fix.at(-1)?.command]).toEqual([
      2,
      'aws secretsmanager create-secret --region ap-northeast-1 --name ecr-steward/none --secret-string file://webhook-url.txt',
    ])
    deny(/secretsmanager/)
    expect((await looked('--for check')).find('channels', 'slack:security')?.state).toBe('note')
  })
})
