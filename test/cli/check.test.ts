import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { steward } from './cli.ts'
import { CONFIG, startRegistry } from './registry.ts'

const here = startRegistry()
const check = (argv: readonly string[], columns?: number) =>
  steward(['check', ...argv], { cwd: here.folder, env: here.env, ...(columns !== undefined && { columns }) })

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/check.schema.json'), 'utf8'))
const isValid = new Ajv({ allErrors: true }).compile(schema)

/** The fields of each line. */
const fields = (out: string): string[][] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))

describe('check', () => {
  test('of everything shows people what to see to, the worst first', async () => {
    const { code, out, err } = await check(['--images'], 120)
    expect([code, err]).toEqual([1, ''])
    expect(stripVTControlCharacters(out)).toMatchInlineSnapshot(`
      "HIGH  non-root-user  1 image
        prod/web:5.0.0  It runs as root.
            USER: root
        → In the last stage of the Dockerfile, after what needs root, write: USER 10001. Kubernetes can only check a number.

      HIGH  registry-scanning  1 registry
        registry 123456789012 in ap-northeast-1  No rule has every repository scanned: SCAN_ON_PUSH.
            Registry scanning: BASIC
        → Add a scanning rule with the filter * for all repositories.
          $ aws ecr put-registry-scanning-configuration --region ap-northeast-1 --scan-type BASIC --rules '[{"scanFrequency":"SCAN_ON_PUSH","repositoryFilters":[{"filter":"*","filterType":"WILDCARD"}]}]'
          CDK CfnRegistryScanningConfiguration: scanType: 'BASIC', rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }]

      MEDIUM  lifecycle-policy  1 repository
        prod/web  There is no lifecycle policy.
        → Put a lifecycle policy; preview it first, since it expires images within a day.
          $ aws ecr put-lifecycle-policy --region ap-northeast-1 --repository-name prod/web --lifecycle-policy-text '{"rules":[{"rulePriority":1,"description":"untagged images expire after 30 days","selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":30},"action":{"type":"expire"}}]}'
          CDK lifecycleRules: [{ tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(30) }]

      MEDIUM  tag-immutability  1 repository
        prod/web  Tags can be moved to another image.
            Tag mutability: MUTABLE
        → Make the tags of the repository immutable.
          $ aws ecr put-image-tag-mutability --region ap-northeast-1 --repository-name prod/web --image-tag-mutability IMMUTABLE
          CDK imageTagMutability: TagMutability.IMMUTABLE

      EXCEPTED
        tag-immutability  team-a/worker  until 2027-01-31  team-a: tags move until the new pipeline (line 15)

      1 registry, 4 repositories, 2 images: 3 fail, 1 excepted, 2 pass, 1 without a rule
      Why, and more on what mends it: ecr-steward explain non-root-user
      "
    `)
  })

  test.each([60, 80, 120, 200])(
    'has no longer lines than a terminal of %i columns, but what is to be copied',
    async (columns) => {
      const lines = stripVTControlCharacters((await check(['--images'], columns)).out).split('\n')
      const prose = lines.filter((line) => !/^ +(?:\$|CDK) /.test(line))
      expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 120))
    },
  )

  test('in a pipe is a line for each fail and exception, and the closing line is on stderr', async () => {
    const { code, out, err } = await check(['--images'])
    expect(code).toBe(1)
    expect(fields(out).map((line) => line.slice(0, 5))).toMatchInlineSnapshot(`
      [
        [
          "fail",
          "HIGH",
          "registry-scanning",
          "registry 123456789012 in ap-northeast-1",
          "No rule has every repository scanned: SCAN_ON_PUSH.",
        ],
        [
          "fail",
          "MEDIUM",
          "tag-immutability",
          "prod/web",
          "Tags can be moved to another image.",
        ],
        [
          "fail",
          "MEDIUM",
          "lifecycle-policy",
          "prod/web",
          "There is no lifecycle policy.",
        ],
        [
          "fail",
          "HIGH",
          "non-root-user",
          "prod/web:5.0.0",
          "It runs as root.",
        ],
        [
          "excepted",
          "MEDIUM",
          "tag-immutability",
          "team-a/worker",
          "Tags can be moved to another image.",
        ],
      ]
    `)
    expect(new Set(fields(out).map(({ length }) => length))).toEqual(new Set([6]))
    expect(err).toMatchInlineSnapshot(`
      "1 registry, 4 repositories, 2 images: 3 fail, 1 excepted, 2 pass, 1 without a rule
      "
    `)
  })

  test('as JSON has every verdict, as the published schema says', async () => {
    const { code, out } = await check(['--images', '--json'])
    const result = JSON.parse(out)
    expect(isValid(result) || isValid.errors).toBe(true)
    expect([code, result.outcome]).toEqual([1, 'fail'])
    expect(result.subjects.map(({ kind, repository }: never) => [kind, repository])).toEqual([
      ['registry', undefined],
      ['repository', 'prod/api'],
      ['image', 'prod/api'],
      ['repository', 'prod/web'],
      ['image', 'prod/web'],
      ['repository', 'scratch/x'],
      ['repository', 'team-a/worker'],
    ])
    expect(result.totals).toMatchObject({ registry: 1, repository: 4, image: 2, excepted: 1, unasked: 1 })
    const [worker] = result.subjects.slice(-1)
    expect(worker.verdicts[0]).toMatchObject({
      ...{ rule: 'tag-immutability', outcome: 'fail', line: 8 },
      exception: { state: 'excepted', owner: 'team-a', expires: '2027-01-31', line: 15 },
    })
  })

  test('of what passes is a pass', async () => {
    const { code, out } = await check(['prod/api', 'prod/api:1.4.2'], 80)
    expect(code).toBe(0)
    expect(stripVTControlCharacters(out)).toBe('1 repository, 1 image: 2 pass\n')
  })

  test('of what is excepted is a pass that says so', async () => {
    const { code, out } = await check(['team-a/worker'])
    expect(code).toBe(0)
    expect(out).toMatch(/^excepted\tMEDIUM\ttag-immutability\tteam-a\/worker\t.*\n$/)
  })

  test('counts again what an exception does not cover any more, and says why', async () => {
    const config = here.write('expired.yaml', CONFIG.replace('2027-01-31', '2026-11-24'))
    const { code, out, err } = await steward(['check', 'team-a/worker', '--config', config], {
      ...{ cwd: here.folder, env: here.env, columns: 200 },
    })
    expect(code).toBe(1)
    expect(out).toContain('The exception of line 15 ended on 2026-11-24.')
    expect(err).toContain('warning:')
  })

  test.each([
    [['prod/**'], ['prod/web']],
    [['*/web', 'prod/api'], ['prod/web']],
    [['prod/web', 'prod/**'], ['prod/web']],
    [['--rule', 'lifecycle-policy'], ['prod/web']],
  ])('takes %j', async (argv, failing) => {
    const { out } = await check(argv)
    expect([...new Set(fields(out).map((line) => line[3]))]).toEqual(failing)
  })

  test('of an image judges the image alone, whether by tag, digest or URI', async () => {
    const { digest } = [...(here.aws.ecr.repository('prod/web')?.images.values() ?? [])][0] ?? { digest: '' }
    const uri = `${here.aws.account}.dkr.ecr.${here.aws.region}.amazonaws.com/prod/web:5.0.0`
    for (const name of ['prod/web:5.0.0', `prod/web@${digest}`, uri]) {
      const { code, out } = await check([name])
      expect(code).toBe(1)
      expect(fields(out).map((line) => line.slice(0, 4))).toEqual([['fail', 'HIGH', 'non-root-user', 'prod/web:5.0.0']])
    }
  })

  test('names an image by the tag that it was asked for by', async () => {
    const [image] = here.aws.ecr.repository('prod/web')?.images.values() ?? []
    here.aws.ecr.putImage({ repositoryName: 'prod/web', imageManifest: image?.manifest ?? '', imageTag: '0-first' })
    expect(fields((await check(['prod/web:5.0.0'])).out)[0]?.[3]).toBe('prod/web:5.0.0')
    expect(fields((await check(['prod/web:0-first'])).out)[0]?.[3]).toBe('prod/web:0-first')
    here.aws.call('ecr', 'BatchDeleteImage', { repositoryName: 'prod/web', imageIds: [{ imageTag: '0-first' }] })
  })

  test('of a URI needs neither a region nor a call for the account', async () => {
    const before = here.aws.calls.length
    const uri = `${here.aws.account}.dkr.ecr.${here.aws.region}.amazonaws.com/prod/api`
    const { AWS_REGION: _, ...env } = here.env
    const { code } = await steward(['check', uri], { cwd: here.folder, env })
    expect(code).toBe(0)
    expect(here.aws.calls.slice(before).map(({ operation }) => operation)).not.toContain('GetCallerIdentity')
  })

  test('of a thousand repositories asks for no settings one by one', async () => {
    const before = here.aws.calls.length
    await check([])
    const operations = here.aws.calls.slice(before).map(({ operation }) => operation)
    expect(operations.filter((operation) => operation === 'DescribeRepositories')).toHaveLength(1)
    expect(operations.filter((operation) => operation === 'GetLifecyclePolicy')).toHaveLength(3)
  })

  test('shows every call on stderr with -v', async () => {
    const { err } = await check(['prod/web', '-v'])
    expect(err).toMatch(/^sts:GetCallerIdentity +\d+ ms$/m)
    expect(err).toMatch(/^ecr:GetLifecyclePolicy +\d+ ms {2}prod\/web {2}LifecyclePolicyNotFoundException$/m)
  })
})

describe('what is not there', () => {
  test.each([
    [['prod/apu'], 'not judged: prod/apu: the repository is not there. Did you mean prod/api?'],
    [['prod/api:9.9'], 'not judged: prod/api:9.9: the image is not there'],
    [[`prod/api@sha256:${'0'.repeat(64)}`], 'the image is not there'],
    [['nothing/**'], 'not judged: nothing/**: no repository matches it'],
  ])('%j is told, and is no pass', async (argv, message) => {
    const { code, out, err } = await check([...argv, 'prod/api', '--json'])
    expect(code).toBe(3)
    expect(err).toContain(message)
    expect(JSON.parse(out)).toMatchObject({ outcome: 'unknown', missing: [{ name: argv[0] }], totals: { pass: 1 } })
  })

  test('does not hide a fail beside it', async () => {
    expect((await check(['prod/apu', 'prod/web'])).code).toBe(1)
  })

  test('a rule that is in force nowhere is a question that asks nothing', async () => {
    const { code, err } = await check(['--rule', 'encryption'])
    expect(code).toBe(2)
    expect(err).toContain('No rule is in force for it')
  })
})

test('what tags and names contain does not move the cursor', async () => {
  here.aws.faults.inject({
    ...{ service: 'ecr', operation: 'DescribeRepositories' },
    error: {
      body: JSON.stringify({
        repositories: [{ repositoryName: 'a\u001b[2J\r\nb\u202e', imageTagMutability: 'MUTABLE' }],
      }),
    },
  })
  const inPipe = await check(['--rule', 'tag-immutability'])
  expect(inPipe.out.replaceAll(/[\t\n]/g, '')).toMatch(/^[^\p{Cc}\p{Cf}]+$/u)
  expect(inPipe.out.split('\n')).toHaveLength(2)
})

test('repositories of several registries are told apart', async () => {
  const uri = (region: string) => `${here.aws.account}.dkr.ecr.${region}.amazonaws.com/prod/web`
  here.aws.at({ region: 'eu-west-1' }).ecr.createRepository({ repositoryName: 'prod/web' })
  const { out } = await check([uri(here.aws.region), uri('eu-west-1'), '--rule', 'tag-immutability'])
  expect(fields(out).map((line) => line[3])).toEqual([
    `prod/web (${here.aws.account}, ${here.aws.region})`,
    `prod/web (${here.aws.account}, eu-west-1)`,
  ])
})
