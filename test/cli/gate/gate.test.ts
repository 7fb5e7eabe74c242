import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, enhanced, REPOSITORY, startGateRegistry } from '../../gate/registry.ts'
import { type Ended, steward } from '../cli.ts'

const here = startGateRegistry()
const folder = mkdtempSync(join(tmpdir(), 'steward-gate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ALERTS = 'alerts:\n  - { repositories: ["**"], to: [sns] }\n'
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const gate = (image: string, ...argv: readonly string[]): Promise<Ended> =>
  steward(['gate', image, '--timeout', '0', ...argv], { cwd: folder, env: here.env })
const json = async (image: string, ...argv: readonly string[]) => {
  const { code, out } = await gate(image, '--output', 'json', ...argv)
  return { code, result: JSON.parse(out) }
}

let clean: string
let bad: string
beforeAll(() => {
  clean = here.image('clean', 'clean')
  here.scan(clean)
  bad = here.image('bad', 'root')
  here.scan(bad, basic('CVE-2026-0001', 'CRITICAL'), basic('CVE-2026-0002', 'HIGH'), basic('CVE-2026-0003', 'MEDIUM'))
  here.image('unscanned', 'unscanned')
})

describe('the exit code', () => {
  test('is 0 for an image that passes, 1 for one that does not', async () => {
    expect(await gate('prod/api:clean')).toMatchObject({ code: 0, err: '', out: expect.stringContaining(clean) })
    expect(await gate('prod/api:bad')).toMatchObject({
      code: 1,
      err: '',
      out: expect.stringContaining('CVE-2026-0001'),
    })
    expect((await gate(`prod/api@${bad}`)).code).toBe(1)
  })

  test('is 3 for one that is not scanned, and 0 only where that is asked for, loudly', async () => {
    expect((await gate('prod/api:unscanned')).code).toBe(3)
    const { code, err } = await gate('prod/api:unscanned', '--on-unknown', 'pass')
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^LET THROUGH WITHOUT BEING JUDGED: --on-unknown pass\. It is not scanned/),
    ])
    expect((await gate('prod/api:bad', '--on-unknown', 'pass')).code).toBe(1)
  })

  test('is 3 where the image or the repository is not there', async () => {
    expect(await gate('prod/api:nothing')).toEqual({
      code: 3,
      out: '',
      err: 'error: Nothing was judged: prod/api has no image with the tag nothing.\n',
    })
    expect(await gate('prod/ap:1')).toEqual({
      ...{ code: 3, out: '' },
      err: 'error: Nothing was judged: there is no prod/ap in ap-northeast-1 of account 123456789012. Did you mean prod/api?\n',
    })
    expect((await gate('something/else:1', '--on-unknown', 'pass')).err).toMatch(/of account 123456789012\.\n$/)
  })

  test('is 3 where ECR throttles to the end, or is not to be reached', async () => {
    here.aws.faults.inject({
      service: 'ecr',
      operation: 'DescribeImageScanFindings',
      error: { code: 'ThrottlingException' },
      times: 99,
    })
    const throttled = await steward(['gate', 'prod/api:bad', '--timeout', '0'], {
      cwd: folder,
      env: { ...here.env, AWS_MAX_ATTEMPTS: '2' },
    })
    expect([throttled.code, throttled.out]).toEqual([3, expect.stringContaining('ThrottlingException')])
    here.aws.faults.clear()
    const dead = { ...here.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }
    const image = `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/${REPOSITORY}:bad`
    const unreachable = await steward(['gate', image], { cwd: folder, env: dead })
    expect([unreachable.code, unreachable.err]).toEqual([
      3,
      expect.stringMatching(/^error: Nothing was judged: ECR answered Unreachable to DescribeImages\.\n/),
    ])
  })

  test('is 4 where a permission is missing, with the statement to add, whatever is said of what is unknown', async () => {
    const allow = (denied: string) => {
      here.aws.authorize = ({ action }) =>
        action === denied ? { allowed: false, reason: 'not allowed' } : { allowed: true }
    }
    allow('ecr:DescribeImages')
    expect(await gate('prod/api:clean')).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringContaining('"Action":["ecr:DescribeImages"]'),
    })
    allow('ecr:DescribeImageScanFindings')
    for (const word of ['fail', 'pass'])
      expect(await gate('prod/api:clean', '--on-unknown', word)).toMatchObject({
        code: 4,
        err: expect.stringContaining('"Action":["ecr:DescribeImageScanFindings"]'),
      })
  })

  test.each([
    [['prod/api'], /names a repository, not an image\.\n {2}Add :TAG or @sha256/],
    [['prod/**'], /names a pattern of repositories, not an image/],
    [['public.ecr.aws/nginx/nginx:1'], /is not in a private registry of ECR/],
    [['12345.dkr.ecr.us-east-1.amazonaws.com/x:1'], /is not in a private registry of ECR/],
    [['docker.io/library/nginx:1'], /is not in a private registry of ECR/],
    [['prod/api:bad', '--output', 'tabel'], /"tabel" is no format\. Did you mean table\?\n {2}Expected table/],
    [['prod/api:bad', '--output', 'pdf'], /"pdf" is no format\.\n/],
    [['prod/api:bad', '--output', 'json='], /names no file/],
    [['prod/api:bad', '-o', 'json', '-o', 'table'], /Two formats would be mixed on standard output/],
    [['prod/api:bad', '-o', 'json=a', '-o', 'table=a'], /Two formats would go to "a"/],
    [['prod/api:bad', '--max-high', '-1'], /Expected a whole number, or any/],
    [['prod/api:bad', '--timeout', '1d'], /Expected a time such as 90s, 10m or 1h, 1h at most/],
    [['prod/api:bad', '--timeout', '2h'], /1h at most/],
    [['prod/api:bad', '--on-unknown', 'maybe'], /Expected fail or pass/],
    [['prod/api:bad', '--new-since', 'a b'], /is neither a tag nor a digest/],
    [['prod/api:bad', '--rules'], /There is no steward\.yaml here/],
    [['prod/api:bad', '--config', 'nothing.yaml'], /nothing\.yaml/],
    [[], /missing required argument/],
  ])('is 2 for %j, and nothing is asked of AWS', async (argv, message) => {
    const calls = here.aws.calls.length
    const { code, out, err } = await steward(['gate', ...argv], { cwd: folder, env: here.env })
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(message)])
    expect(here.aws.calls.length).toBe(calls)
  })

  test('is 2 for a steward.yaml that cannot be read', async () => {
    const broken = write('broken.yaml', `${ALERTS}exceptions:\n  - finding: CVE-2026-0001\n`)
    const { code, err } = await gate('prod/api:bad', '--config', broken)
    expect([code, err]).toEqual([2, expect.stringContaining('broken.yaml:4')])
  })

  test('is 3 where the result or the digest cannot be written', async () => {
    for (const option of ['--output=json=no/such/folder', '--digest-file=no/such/folder'])
      expect(await gate('prod/api:clean', option)).toMatchObject({
        code: 3,
        err: expect.stringContaining('could not be written'),
      })
  })
})

describe('limits', () => {
  const policy = (rule: string): string =>
    write(
      'limits.yaml',
      `${ALERTS}policy:\n  - repositories: ["prod/**"]\n    rules:\n      vulnerabilities: ${rule}\n`,
    )

  test('come from the options, then from steward.yaml, then are none critical and none high', async () => {
    expect((await json('prod/api:bad')).result).toMatchObject({
      limits: { CRITICAL: 0, HIGH: 0 },
      limitsFrom: 'default',
    })
    const config = policy('{ mode: report, limits: { CRITICAL: 1, HIGH: 1 } }')
    expect(await json('prod/api:bad', '--config', config)).toMatchObject({
      code: 0,
      result: { limitsFrom: 'limits.yaml line 6' },
    })
    expect(await json('prod/api:bad', '--config', config, '--max-medium', '0')).toMatchObject({
      ...{
        code: 1,
        result: { limits: { CRITICAL: 1, HIGH: 1, MEDIUM: 0 }, limitsFrom: '--max-medium, limits.yaml line 6' },
      },
    })
    expect((await json('prod/api:bad', '--max-critical', 'any', '--max-high', 'any')).result).toMatchObject({
      verdict: 'pass',
      limits: {},
    })
  })

  test('that steward.yaml excepts need not hold, unless the command line says what may be', async () => {
    const config = policy('report')
    const agreed =
      'exceptions:\n  - { rule: vulnerabilities, repositories: ["prod/api"], reason: replaced in May, owner: team-a, expires: 2027-01-31 }\n'
    writeFileSync(config, readFileSync(config, 'utf8') + agreed)
    const { code, out } = await gate('prod/api:bad', '--config', config)
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/vulnerabilities\s+until 2027-01-31, team-a: replaced in May/),
    ])
    expect((await gate('prod/api:bad', '--config', config, '--max-high', '0')).code).toBe(1)
  })

  test('of a rule that is off, or of others, are none', async () => {
    expect((await json('prod/api:bad', '--config', policy('off'))).result.limitsFrom).toBe('default')
  })

  test('count what can be fixed alone where steward.yaml or the option says so', async () => {
    const digest = here.image('fixable', 'fixable')
    here.scanEnhanced(digest, enhanced('CVE-2026-0001', 'CRITICAL'))
    expect((await json('prod/api:fixable')).code).toBe(1)
    expect((await json('prod/api:fixable', '--fixable-only')).code).toBe(0)
    expect(
      (await json('prod/api:fixable', '--config', policy('{ mode: report, fixable-only: true }'))).result.fixableOnly,
    ).toBe(true)
  })
})

test('exceptions of steward.yaml are heeded, and shown with who agreed and until when', async () => {
  const agreed = (id: string) =>
    `  - { finding: ${id}, repositories: ["prod/*"], reason: not reachable, owner: team-a, expires: 2027-01-31 }\n`
  const config = write('agreed.yaml', `${ALERTS}exceptions:\n${agreed('CVE-2026-0001')}${agreed('CVE-2026-0002')}`)
  const { code, result } = await json('prod/api:bad', '--config', config)
  expect([code, result.findings[0]]).toEqual([
    0,
    expect.objectContaining({ state: 'excepted', exception: expect.objectContaining({ owner: 'team-a', line: 4 }) }),
  ])
  expect((await gate('prod/api:bad', '--config', config)).out).toMatch(/not reachable/)
})

test('--rules judges the rules on images too, but for those that the gate is itself', async () => {
  const rules =
    'policy:\n  - repositories: ["**"]\n    rules: { non-root-user: report, vulnerabilities: report, scanned: report, healthcheck: off }\n'
  const config = write('rules.yaml', ALERTS + rules)
  const asked = ['--config', config, '--max-critical', '9', '--max-high', '9']
  expect((await json('prod/api:bad', ...asked)).code).toBe(0)
  const { code, result } = await json('prod/api:bad', ...asked, '--rules')
  expect([code, result.reasons]).toEqual([1, ['non-root-user: It runs as root.']])
  expect(result.rules.map(({ rule }: { rule: string }) => rule)).toEqual(['non-root-user'])
})

describe('the digest for the deploy step', () => {
  test('is there where the image passes, and gone where it does not', async () => {
    const file = join(folder, 'digest.txt')
    expect((await gate('prod/api:clean', '--digest-file', 'digest.txt')).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(`${clean}\n`)
    expect((await gate('prod/api:bad', '--digest-file', 'digest.txt')).code).toBe(1)
    expect(existsSync(file)).toBe(false)
    expect((await gate('prod/api:unscanned', '--digest-file', 'digest.txt')).code).toBe(3)
    expect(existsSync(file)).toBe(false)
  })

  test('of before goes before anything can go wrong', async () => {
    const file = write('stale.txt', 'sha256:old\n')
    expect((await gate('prod/api:nothing', '--digest-file', 'stale.txt')).code).toBe(3)
    expect(existsSync(file)).toBe(false)
  })
})

test('several formats come of one judgement, each in its place', async () => {
  const calls = here.aws.calls.length
  const { code, out } = await gate('prod/api:bad', '-o', 'json=gate.json', '-o', 'table', '-o', 'ndjson=gate.ndjson')
  expect([code, here.aws.calls.length - calls]).toEqual([1, 3])
  expect(out).toContain('CVE-2026-0001')
  expect(out).not.toContain('\u001b')
  expect(JSON.parse(readFileSync(join(folder, 'gate.json'), 'utf8')).verdict).toBe('fail')
  expect(readFileSync(join(folder, 'gate.ndjson'), 'utf8').split('\n').length).toBeGreaterThan(4)
})

test('the URI of an image says account and region: it takes two calls then, and none is made elsewhere', async () => {
  const calls = here.aws.calls.length
  const { code } = await gate(
    `123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/${REPOSITORY}:clean`,
    '--region',
    'us-east-1',
  )
  expect([code, here.aws.calls.length - calls]).toEqual([0, 2])
  const other = await gate(`999999999999.dkr.ecr.ap-northeast-1.amazonaws.com/${REPOSITORY}:clean`)
  expect([other.code, other.err]).toEqual([3, expect.stringContaining('of account 999999999999')])
})

test('what is waited for is said once, and a tag that moves meanwhile', async () => {
  const first = here.image('moving', 'first')
  here.aws.onAnswered = ({ operation }) => {
    if (operation !== 'DescribeImageScanFindings') return
    here.aws.onAnswered = undefined
    here.image('moving', 'second')
    here.scan(first)
  }
  const { code, err } = await steward(['gate', 'prod/api:moving', '--timeout', '30s'], {
    cwd: folder,
    env: here.env,
    now: () => new Date(),
  })
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(
      /^waiting: no scan yet \(0 s\)\nmoved: prod\/api:moving names sha256:\w{12} by now; sha256:\w{12} was judged\.\n$/,
    ),
  ])
})

test('--new-since counts what is new', async () => {
  const next = here.image('next', 'next')
  here.scan(next, basic('CVE-2026-0001', 'CRITICAL'), basic('CVE-2026-0002', 'HIGH'))
  expect(await json('prod/api:next', '--new-since', 'bad')).toMatchObject({
    code: 0,
    result: { newSince: { name: 'bad', digest: bad } },
  })
})

test('10,000 findings are all judged and all written', async () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    basic(`CVE-2026-${10_000 + index}`, 'LOW', `package-${index}`),
  )
  here.scan(here.image('many', 'many'), ...many, basic('CVE-2025-1', 'CRITICAL'))
  const { code, result } = await json('prod/api:many')
  expect([code, result.findings.length, result.findings[0].id]).toEqual([1, 10_001, 'CVE-2025-1'])
  expect((await gate('prod/api:many')).out.split('\n').length).toBeLessThan(100)
})

describe('scan', () => {
  const scan = (image: string, ...argv: readonly string[]) =>
    steward(['scan', image, '--timeout', '20s', ...argv], { cwd: folder, env: here.env, now: () => new Date() })

  test('starts one, waits for it, and shows what it found; it judges nothing', async () => {
    const digest = here.image('manual', 'manual')
    here.scan(digest, basic('CVE-2026-0001', 'CRITICAL'))
    here.aws.onAnswered = ({ operation }) => {
      if (operation === 'StartImageScan') here.aws.clock.advanceTo(here.aws.clock.now() + 5_000)
    }
    const { code, out, err } = await scan('prod/api:manual', '-o', 'json')
    here.aws.onAnswered = undefined
    expect([code, err]).toEqual([0, expect.stringMatching(/^waiting: a scan was started \(0 s\)\n/)])
    expect(JSON.parse(out)).toMatchObject({ kind: 'scan', verdict: 'pass', limits: {}, counts: { CRITICAL: 1 } })
    expect((await scan('prod/api:manual')).err).toMatch(/that scan counts/)
  })

  test('is 3 where nothing is known', async () => {
    here.aws.ecr.putScan(REPOSITORY, here.image('odd', 'odd'), { status: { status: 'UNSUPPORTED_IMAGE' } })
    here.aws.faults.inject({
      service: 'ecr',
      operation: 'StartImageScan',
      error: { code: 'UnsupportedImageTypeException' },
    })
    expect((await scan('prod/api:odd')).code).toBe(3)
  })
})

describe('in a CI system', () => {
  const inActions = (...argv: readonly string[]) => {
    const summary = join(folder, 'summary.md')
    rmSync(summary, { force: true })
    const env = { ...here.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }
    return { summary, ended: steward(['gate', 'prod/api:bad', '--timeout', '0', ...argv], { cwd: folder, env }) }
  }

  test('GitHub Actions gets a job summary and annotations by itself, on stderr, and not with --no-ci', async () => {
    const { summary, ended } = inActions()
    const { code, out, err } = await ended
    expect([code, out]).toEqual([1, expect.not.stringContaining('::error')])
    expect([err, readFileSync(summary, 'utf8')]).toEqual([
      expect.stringContaining('::error'),
      expect.stringContaining('CVE-2026-0001'),
    ])
    const without = inActions('--no-ci')
    expect(await without.ended).toMatchObject({ code: 1, err: '' })
    expect(existsSync(without.summary)).toBe(false)
  })
})
