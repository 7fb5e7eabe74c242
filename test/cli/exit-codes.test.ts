import { describe, expect, test } from 'vitest'
import { bundled, type Ended, steward } from './cli.ts'
import { CONFIG, startRegistry } from './registry.ts'

const here = startRegistry()
const cli = bundled()
const config = here.write('policy.yaml', CONFIG)

type Run = (argv: readonly string[], env: Readonly<Record<string, string>>) => Promise<Ended>

describe.each<[string, Run]>([
  ['as a process of its own', (argv, env) => cli.run(argv, env)],
  ['in this process', (argv, env) => steward(argv, { env })],
])('the exit code, %s,', (_where, run) => {
  const check = (argv: readonly string[] = [], change: Readonly<Record<string, string>> = {}) =>
    run(['check', '--config', config, ...argv], { ...here.env, ...change })

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
    expect(err).not.toContain('no repository matches it')
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

  test.each([[[]], [['prod/**']], [['prod/api:1.4.2']], [['--images']]])(
    'is never a pass where nothing can be listed: check %j',
    async (argv) => {
      for (const operation of ['DescribeRepositories', 'DescribeImages'])
        here.aws.faults.inject({
          ...{ service: 'ecr', operation, times: Number.POSITIVE_INFINITY },
          error: { code: 'ServerException' },
        })
      const { code, err } = await check([...argv, '--rule', 'tag-immutability', '--rule', 'non-root-user'])
      expect(code).toBe(3)
      expect(err).toMatch(/^not judged: .*: ECR answered ServerException to Describe/)
    },
  )

  test('is 3 where the images of a repository cannot be listed', async () => {
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'DescribeImages', times: Number.POSITIVE_INFINITY },
      error: { code: 'ServerException' },
    })
    const { code, err } = await check(['prod/api', '--images'])
    expect(code).toBe(3)
    expect(err).toContain('not judged: the images of prod/api: ECR answered ServerException to DescribeImages')
  })

  test('is 3, not 4, for what is not there, whether or not one may list', async () => {
    here.aws.authorize = ({ action, resource }) =>
      action === 'ecr:DescribeRepositories' && resource === '*'
        ? { allowed: false, reason: 'no policy allows it' }
        : { allowed: true }
    const { code, err } = await check(['prod/apu'])
    expect([code, err]).toEqual([3, 'not judged: prod/apu: the repository is not there\nNothing was judged\n'])
  })

  test('is 3 where STS answers with something else', async () => {
    here.aws.faults.inject({ service: 'sts', error: { body: '<html>Sign in to the guest network</html>' } })
    const { code, err } = await check()
    expect([code, err]).toEqual([3, 'error: AWS answered without an account, so the account is not known.\n'])
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
    const { code, err } = await run(['check', '--config', wrong], here.env)
    expect(code).toBe(2)
    expect(err).toMatch(/wrong\.yaml:9:7 .*Did you mean lifecycle-policy\?/)
  })

  test('is 2 without a configuration, or with one that asks nothing', async () => {
    const alone = await run(['check'], here.env)
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('There is no steward.yaml here')])
    const idle = here.write('idle.yaml', CONFIG.slice(0, CONFIG.indexOf('policy:')))
    const { code, err } = await run(['check'], { ...here.env, ECR_STEWARD_CONFIG: idle })
    expect([code, err]).toEqual([2, expect.stringContaining('puts no rule in force')])
  })
})
