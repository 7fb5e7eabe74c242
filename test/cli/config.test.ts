import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frameOf } from '../../cli/config/frame.ts'
import { POLICY } from '../config/read.ts'
import { steward } from './cli.ts'
import { CONFIG, startRegistry } from './registry.ts'

const here = startRegistry()
const plain = (_: unknown, text: string): string => text
const run = async (argv: readonly string[], columns?: number) => {
  const ended = await steward(argv, { cwd: here.folder, env: here.env, ...(columns !== undefined && { columns }) })
  return { ...ended, out: stripVTControlCharacters(ended.out) }
}
const validate = (name: string, text: string, ...more: readonly string[]) =>
  run(['config', 'validate', '--config', here.write(name, text), ...more])

describe('config validate', () => {
  test('of a valid file says so', async () => {
    expect(await run(['config', 'validate'])).toEqual({
      ...{ code: 0, err: '' },
      out: 'steward.yaml is valid: 7 rules in 2 entries and the registry, 1 exception.\n',
    })
  })

  test('of a clean-up says in which mode it is, and what is wrong with a policy', async () => {
    const cleanUp = `${CONFIG}clean-up: { to: [sns], policies: [{ repositories: ["ci/**"], policy: ci.json }] }\n`
    expect((await validate('clean-up.yaml', cleanUp)).out).toContain('"ci.json": not found in')
    here.write('ci.json', POLICY)
    expect((await validate('clean-up.yaml', cleanUp)).out).toBe(
      'clean-up.yaml is valid: 7 rules in 2 entries and the registry, 1 exception, clean-up in mode dry-run.\n',
    )
  })

  test('of a sweep says how many registries it goes through, and when', async () => {
    const sweep = 'sweep: { to: [sns], accounts: ["222222222222"], regions: [us-east-1, eu-west-1] }\n'
    expect((await validate('sweep.yaml', CONFIG + sweep)).out).toBe(
      'sweep.yaml is valid: 7 rules in 2 entries and the registry, 1 exception, sweep of 6 registries at cron(0 21 * * ? *).\n',
    )
    expect((await validate('own.yaml', `${CONFIG}sweep: { to: [sns], schedule: rate(1 day) }\n`)).out).toContain(
      'sweep of 1 registry at rate(1 day).',
    )
  })

  test('shows every fault with the lines that it is in, and ends with 2', async () => {
    const text = CONFIG.replace('lifecycle-policy: report', 'lifecycle-policy: reprt').replace(
      '    owner: team-a\n',
      '',
    )
    const { code, out } = await validate('faulty.yaml', text)
    expect(code).toBe(2)
    expect(out).toMatchInlineSnapshot(`
      "fault faulty.yaml:9:25  policy[1].rules.lifecycle-policy
        found "reprt", expected one of off, report, enforce. Did you mean report?
           8 │       tag-immutability: report
        >  9 │       lifecycle-policy: reprt
             │                         ^
          10 │       non-root-user: report

      fault faulty.yaml:15:5  exceptions[0].owner
        missing, expected owner: team-a
          14 │ exceptions:
        > 15 │   - rule: tag-immutability
             │     ^
          16 │     repositories: ["team-a/**"]

      faulty.yaml has 2 faults.
      "
    `)
  })

  test('warns of exceptions that have expired or soon will, which is no fault', async () => {
    const { code, out } = await validate('soon.yaml', CONFIG.replace('2027-01-31', '2026-12-01'))
    expect(code).toBe(0)
    expect(out).toContain('warning soon.yaml:19:14  exceptions[0].expires\n  ends in 6 days')
    expect(out).toContain('soon.yaml is valid, with 1 warning')
    const expired = await validate('ended.yaml', CONFIG.replace('2027-01-31', '2026-11-01'))
    expect(expired.out).toContain('expired on 2026-11-01')
  })

  test('shows no secret that found its way into the file', async () => {
    const secret = 'https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnop'
    const { out } = await validate(
      'secret.yaml',
      `${CONFIG}channels:\n  security: { slack-webhook: { secret: "${secret}" } }\n`,
    )
    expect(out).toContain('fault secret.yaml:21:40')
    expect(out).not.toContain('abcdefghijklmnop')
  })

  test('of no YAML at all shows where it stops making sense', async () => {
    const { code, out } = await validate('none.yaml', 'alerts: [\n')
    expect(code).toBe(2)
    expect(out).toMatch(/^fault none\.yaml:\d+:\d+/)
  })
})

describe('config validate --live', () => {
  const live = (name: string, text: string) => validate(name, text, '--live')
  const exception = (about: string, more = '') =>
    `${CONFIG}  - ${about}\n    repositories: ["prod/*"]${more}\n    reason: known\n    owner: team-a\n    expires: 2027-01-31\n`

  test('names no exception that something needs', async () => {
    for (const text of [
      CONFIG,
      exception('rule: lifecycle-policy'),
      exception('rule: non-root-user', '\n    tags: ["5.*"]'),
    ]) {
      const { code, out } = await live('needed.yaml', text)
      expect(out).not.toContain('warning')
      expect(code).toBe(0)
    }
  })

  test.each([
    ['a rule that fails nowhere there', exception('rule: lifecycle-policy').replace('prod/*', 'prod/api')],
    ['repositories that are gone', exception('rule: lifecycle-policy').replace('prod/*', 'old/*')],
    ['images that pass', exception('rule: non-root-user', '\n    tags: ["1.*"]')],
    ['a finding that no scan has', exception('finding: CVE-2026-0001')],
  ])('names an exception on %s', async (_, text) => {
    const { code, out } = await live('unneeded.yaml', text)
    expect(code).toBe(0)
    expect(out).toMatch(
      /^warning unneeded\.yaml:20:5\n {2}nothing that it covers fails any more in the account: remove it$/m,
    )
  })

  test('finds the findings of scans', async () => {
    const image = [...(here.aws.ecr.repository('prod/web')?.images.values() ?? [])][0]
    here.aws.ecr.putScan('prod/web', image?.digest ?? '', {
      status: { status: 'COMPLETE' },
      findings: [{ name: 'CVE-2026-0001', severity: 'HIGH', attributes: [{ key: 'package_name', value: 'openssl' }] }],
    })
    expect((await live('found.yaml', exception('finding: CVE-2026-0001'))).out).not.toContain('warning')
    expect((await live('other.yaml', exception('finding: CVE-2026-0002'))).out).toContain('warning other.yaml:20:5')
  })

  test('names none where it could not look at everything', async () => {
    here.aws.authorize = ({ action }) =>
      action === 'ecr:DescribeImageScanFindings' ? { allowed: false, reason: 'no policy' } : { allowed: true }
    const { code, out, err } = await live('unseen.yaml', exception('finding: CVE-2026-0002'))
    expect(code).toBe(4)
    expect(out).not.toContain('warning')
    expect(err).toContain('not judged: the scan of prod/api:1.4.2')
    expect(err).toContain('"ecr:DescribeImageScanFindings"')
  })
})

describe('config show', () => {
  test('shows people what applies to a repository, from which line', async () => {
    const { code, out } = await run(['config', 'show', 'team-a/worker'], 100)
    expect(code).toBe(0)
    expect(out).toContain(`Rules for team-a/worker in steward.yaml
  line 8   tag-immutability  MEDIUM  report
  line 9   lifecycle-policy  MEDIUM  report  untagged-days: 30, keep-tagged: 100
  line 10  non-root-user     HIGH    report

Exceptions that may apply
  line 15  tag-immutability    until 2027-01-31  team-a: tags move until the new pipeline

Not asked for
  scan-on-push, `)
  })

  test('shows what an entry overrides', async () => {
    const { out } = await run(['config', 'show', 'scratch/x'], 100)
    expect(out).toContain('line 5  tag-immutability    off  before line 8 (report)')
  })

  test('in a pipe is a line for each', async () => {
    const { out } = await run(['config', 'show', 'team-a/worker'])
    expect(out.split('\n').map((line) => line.split('\t').slice(0, 3))).toEqual([
      ['rule', '8', 'tag-immutability'],
      ['rule', '9', 'lifecycle-policy'],
      ['rule', '10', 'non-root-user'],
      ['exception', '15', 'tag-immutability'],
      [''],
    ])
  })

  test('says what the clean-up goes by there, and that it leaves the rest alone', async () => {
    here.write('ci.json', POLICY)
    const config = here.write(
      'clean.yaml',
      `${CONFIG}clean-up:
  to: [sns]
  policies: [{ repositories: ["ci/**"], policy: ci.json }]
  in-use:
    pins: [{ repositories: ["ci/a"], tags: ["v1.*"], reason: contract with a customer }]
`,
    )
    const show = (repository: string, columns?: number) =>
      run(['config', 'show', repository, '--config', config], columns)

    expect((await show('ci/a', 100)).out).toContain(`Clean-up
  line 22  ci.json  dry-run  1 rule
  line 24  v1.*     pinned   contract with a customer
`)
    expect((await show('ci/b')).out).toMatch(/^clean-up\t22\tci\.json\tdry-run\t1 rule$/m)
    expect((await show('prod/a', 100)).out).toContain('Clean-up\n  No entry matches: nothing is ever removed.')
  })

  test('says what the sweep goes by there, and what the roles of other accounts are told', async () => {
    const show = (name: string, more: string, repository: string, columns?: number) =>
      run(['config', 'show', repository, '--config', here.write(name, CONFIG + more)], columns)
    const whole = `channels: { security: { slack-webhook: { secret: a } } }
members: { external-id: steward-7, enforce: ["222222222222"] }
sweep:
  to: [slack:security]
  accounts: ["222222222222"]
  regions: [us-east-1]
  owner-tag: Team
  sla: { CRITICAL: 1 day, LOW: 365 days }
  rate: 50
  security-hub: true
`
    expect((await show('whole.yaml', whole, 'prod/api', 100)).out).toContain(`Sweep
  schedule      cron(0 21 * * ? *) in UTC
  registries    the account of the stack, 222222222222; in its region, us-east-1
  digest to     slack:security, the alerts topic
  owner         the tag Team of the repository, otherwise prod
  overdue       CRITICAL after 1 day, HIGH after 30 days, MEDIUM after 90 days, LOW after 365 days
  rate          50 calls a second and operation
  Security Hub  gets what fails

Member stacks
  external id  steward-7
  enforce in   222222222222
`)
    const usual = (await show('usual.yaml', 'sweep: { to: [sns] }\n', 'api')).out
    expect(usual.split('\n').filter((line) => line.startsWith('sweep\t'))).toEqual([
      'sweep\tschedule\tcron(0 21 * * ? *) in UTC',
      'sweep\tregistries\tthe account of the stack; in its region',
      'sweep\tdigest to\tthe alerts topic',
      'sweep\towner\tthe tag Owner of the repository, otherwise unowned',
      'sweep\toverdue\tCRITICAL after 7 days, HIGH after 30 days, MEDIUM after 90 days',
      'sweep\trate\tas many calls as AWS grants',
      'sweep\tSecurity Hub\tgets nothing',
    ])
    expect(usual).not.toContain('members')
    expect((await show('none.yaml', '', 'api', 100)).out).not.toContain('Sweep')
  })

  test('takes one repository', async () => {
    const { code, err } = await run(['config', 'show', 'prod/**'])
    expect([code, err]).toEqual([2, expect.stringContaining('One repository is shown at a time')])
  })
})

test('config schema writes the schema of the repository', async () => {
  const { code, out } = await run(['config', 'schema'])
  const schema = readFileSync(join(import.meta.dirname, '../../steward.schema.json'), 'utf8')
  expect([code, JSON.parse(out)]).toEqual([0, JSON.parse(schema)])
})

describe('the configuration', () => {
  test('is the nearest one upwards, to the root of the git repository', async () => {
    const deep = join(here.folder, 'a/b')
    mkdirSync(deep, { recursive: true })
    const alone = await steward(['config', 'show', 'x/y'], { cwd: deep })
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('There is no steward.yaml here')])
    mkdirSync(join(here.folder, '.git'))
    expect((await steward(['config', 'show', 'x/y'], { cwd: deep })).code).toBe(0)
    mkdirSync(join(here.folder, 'a/.git'))
    expect((await steward(['config', 'show', 'x/y'], { cwd: deep })).code).toBe(2)
  })

  test('of the option goes before that of the environment', async () => {
    const [one, other] = [here.write('one.yaml', CONFIG), here.write('other.yaml', 'nonsense')]
    const surroundings = { cwd: here.folder, env: { ECR_STEWARD_CONFIG: other } }
    expect((await steward(['config', 'validate'], surroundings)).code).toBe(2)
    expect((await steward(['config', 'validate', '--config', one], surroundings)).code).toBe(0)
  })
})

test('a frame has its caret below the place, however long or hostile the line is', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(texts, fc.nat(4), fc.nat(299), (text, index, place) => {
      const line = Math.min(index, text.length - 1) + 1
      const column = Math.min(place, (text[line - 1] ?? '').length) + 1
      const frame = frameOf(text, { line, column }, plain)
      expect(frame.join('')).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u)
      expect(frame.filter((shown) => shown.startsWith('>'))).toHaveLength(1)
      expect(frame.filter((shown) => /^ +│ +\^$/.test(shown))).toHaveLength(1)
    }),
  )
})
