import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createLine } from '../../../cli/repository/create-line.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { policyText } from '../../../functions/domain/lifecycle/policy-text.ts'
import { newRepository, PRESET_NAMES, PRESETS } from '../../../functions/domain/new-repository/new-repository.ts'
import { RULES } from '../../../functions/domain/rulebook.ts'
import { envOf } from '../../adapters/env.ts'
import { manifestOf, NOW, push } from '../../clean-up/registry.ts'
import { rule } from '../../domain/lifecycle/lints/policies.ts'
import { hasMoto, startMoto, withMoto } from '../../local/aws/moto.ts'
import { hasCli, withCli } from '../../reliability/aws-cli.ts'
import { steward } from '../cli.ts'
import { repositoryWorld } from './world.ts'

const here = repositoryWorld()

const URI = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team-a/web'
const ARN = 'arn:aws:ecr:ap-northeast-1:123456789012:repository/team-a/web'
const CI = 'arn:aws:iam::111122223333:role/ci'
const DEFAULTS = ['create', 'team-a/web', '--owner', 'team-a']
const SHARED = [...DEFAULTS, '--pull-from', '210987654321', '--push-from', CI]

const stored = () => here.aws.ecr.repository('team-a/web')
const writes = () => here.calls().filter((name) => /^(?:Create|Put|Set)/.test(name))

/** Every rule on repositories, with its default parameters. */
const EVERY_RULE = RULES.filter(({ about }) => about === 'repository').map(({ id }) => id)
const STEWARD = `alerts: [{ repositories: ["**"], to: [sns] }]
policy:
  - repositories: ["**"]
    rules:
${EVERY_RULE.map((id) => `      ${id}: report`).join('\n')}
`

describe('repository create', () => {
  test('makes a repository that passes every rule, and says how to push to it', async () => {
    const { code, out, err } = await here.run(DEFAULTS)
    expect([code, out]).toEqual([0, `created\t${URI}\t${ARN}\n`])
    expect(err).toMatchInlineSnapshot(`
      "Its images are scanned on push.
      To push to it:
        aws ecr get-login-password --region ap-northeast-1 | docker login --username AWS --password-stdin 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com
        docker push 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team-a/web:TAG
      "
    `)
    const rules = [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }]
    here.aws.call('ecr', 'PutRegistryScanningConfiguration', { scanType: 'ENHANCED', rules })
    here.write('steward.yaml', STEWARD)
    const checked = await steward(['check', 'team-a/web', '--json'], { cwd: here.folder, env: envOf(here.aws) })
    const [{ verdicts }] = JSON.parse(checked.out).subjects
    expect(verdicts.map(({ rule, outcome }: { rule: string; outcome: string }) => [rule, outcome])).toEqual(
      EVERY_RULE.map((id) => [id, 'pass']),
    )
    // What was made is as asked when it is asked for again, and steward.yaml has its say.
    const again = await here.run(DEFAULTS, 100)
    expect([again.code, again.out]).toEqual([0, `team-a/web  unchanged\n  URI  ${URI}\n  ARN  ${ARN}\n`])
    expect(again.err).toContain(`By steward.yaml ${EVERY_RULE.length} rules pass.\n`)
    expect(again.err).toContain('The scanning rules of the registry decide: its images are scanned on push.\n')
    expect(again.err).toContain('It is as asked already: nothing was done.\n')
    expect(writes()).toEqual(['CreateRepository', 'PutLifecyclePolicy'])
  })

  test('puts what the options say, in the texts of the domain', async () => {
    const own = policyText([rule({ patterns: ['dev-'] })])
    here.write('own.json', own)
    const key = 'arn:aws:kms:ap-northeast-1:123456789012:key/12345678-1234-1234-1234-123456789012'
    const options = [
      ...['--environment', 'prod', '--project', 'shop', '--tag', 'cost=a=b', '--mutable', '--tag-exclusion', 'v*'],
      ...['--kms-key', key, '--lifecycle', 'own.json', '--pull-from', 'o-a1b2c3d4e5', '--no-scan-on-push'],
    ]
    const { code, err, out } = await here.run([...SHARED, ...options, '--json'])
    expect([code, JSON.parse(out)]).toEqual([
      0,
      expect.objectContaining({ state: 'created', uri: URI, arn: ARN, lacks: [] }),
    ])
    expect(err).toContain('warning: --lifecycle, rule 1: ')
    expect(err).toContain('Its images are not scanned when they are pushed.\n')
    const { create, ...texts } = newRepository({
      ...{ repositoryName: 'team-a/web', tagMutability: 'MUTABLE', tagExclusions: ['v*'], kmsKey: key },
      ...{ lifecycle: { text: own }, scanOnPush: false },
      access: [
        { may: 'pull', account: '210987654321' },
        { may: 'pull', organisation: 'o-a1b2c3d4e5' },
        { may: 'push', role: CI },
      ],
      tags: { Owner: 'team-a', Environment: 'prod', Project: 'shop', cost: 'a=b' },
    })
    const called = here.aws.calls.filter(({ service }) => service === 'ecr').map(({ input }) => input)
    expect(called).toContainEqual({ registryId: here.aws.account, ...create })
    const ref = { registryId: here.aws.account, repositoryName: 'team-a/web' }
    expect(called).toContainEqual({ ...ref, lifecyclePolicyText: own })
    expect(called).toContainEqual({ ...ref, policyText: texts.policyText })
  })

  test('tells everything that is wrong at once, by option, and calls nothing', async () => {
    const { code, err } = await here.run([
      ...['create', 'Team', '--tag', 'x', '--tag', 'a=1', '--tag', 'a=2', '--environment', '<b>'],
      ...['--lifecycle', 'relases', '--encryption', 'AES256', '--kms-key', 'foo', '--tag-exclusion', '***'],
      ...['--pull-from', 'bob', '--pull-from', '123', '--push-from', '123456789012'],
    ])
    expect([code, here.aws.calls]).toEqual([2, []])
    expect(err).toMatchInlineSnapshot(`
      "error: No such repository can be made:
        NAME: "Team" is no name of a repository. Write lower-case letters and digits, with one of . _ - or with __ or several - between them, and / between namespaces: team-a/web.
        --tag-exclusion: "***" has more than 2 wildcards. Write fewer of them.
        --kms-key: encryption is AES256, which has no key of KMS. Write encryption KMS, or no key.
        --environment: "<b>" is no value of a tag. Write at most 256 letters, digits, spaces and _ . : / = + - @.
        --owner: nobody is named who answers for it. Write --owner TEAM.
        --tag: "x" has no value. Write KEY=VALUE.
        --tag: the tag "a" is given as "1" and as "2". Write one of them.
        --pull-from: "bob" is none. Write an account (twelve digits), the ARN of a role, or the id of an organisation (o-a1b2c3d4e5).
        --pull-from: "123" is none. Write twelve digits.
        --push-from: "123456789012" is none. Write arn:aws:iam::123456789012:role/NAME.
        --lifecycle: "relases" cannot be read (ENOENT). Write untagged, releases, environments, branches, pull-requests, none, or a file with a policy.
      "
    `)
    const owners = await here.run(['create', 'a/b', '--owner', 'a', '--tag', 'Owner=b', '--tag', 'aws:x=y'])
    expect(owners.err).toMatchInlineSnapshot(`
      "error: No such repository can be made:
        --tag: "aws:x" is no key of a tag. Write letters, digits, spaces and _ . : / = + - @.
        --owner: the tag "Owner" is given as "a" and as "b". Write one of them.
      "
    `)
    expect((await here.run(['create', 'a/b', '--tag', 'Owner=b', '--dry-run'])).code).toBe(0)
  })

  test('shows the calls with --dry-run, also where there is nothing to do', async () => {
    const { code, out, err } = await here.run([...SHARED, '--dry-run'])
    expect([code, out.split('\n').map((line) => line.split(' ')[2])]).toEqual([
      0,
      ['create-repository', 'put-lifecycle-policy', 'set-repository-policy', undefined],
    ])
    const line = `ecr-steward repository create team-a/web --owner team-a --pull-from 210987654321 --push-from ${CI}`
    expect(err).toContain(`Nothing was made. To make it: ${line}\n`)
    expect(writes()).toEqual([])
    await here.run(DEFAULTS)
    const again = await here.run([...DEFAULTS, '--dry-run', '--json'])
    expect(JSON.parse(again.out)).toMatchObject({ state: 'unchanged', calls: [] })
  })

  test('leaves alone what is otherwise than asked, and says what changes it', async () => {
    here.aws.ecr.createRepository({ repositoryName: 'team-a/web', tags: [{ Key: 'Owner', Value: 'team-b' }] })
    push(here.aws, 'team-a/web', manifestOf('a'), 1, 'a')
    const { code, err } = await here.run(SHARED)
    expect(code).toBe(2)
    expect(err).toMatchInlineSnapshot(`
      "error: team-a/web is there already, and is otherwise than asked. It is left as it is:
        tag mutability: MUTABLE; asked: IMMUTABLE
        scan on push: off; asked: on
        encryption: AES256; asked: KMS
        tag Owner: "team-b"; asked: "team-a"
        lifecycle policy: none, and images; asked: one
        What changes it:
          aws ecr put-image-tag-mutability --region ap-northeast-1 --repository-name team-a/web --image-tag-mutability IMMUTABLE
          aws ecr put-image-scanning-configuration --region ap-northeast-1 --repository-name team-a/web --image-scanning-configuration '{"scanOnPush":true}'
          It can never be changed: make a repository of another name, and copy the images.
          aws ecr tag-resource --region ap-northeast-1 --resource-arn arn:aws:ecr:ap-northeast-1:123456789012:repository/team-a/web --tags '[{"Key":"Owner","Value":"team-a"}]'
          ecr-steward lifecycle apply FILE team-a/web, where FILE holds {"rules":[{"rulePriority":1,"description":"untagged images expire after 30 days","selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":30},"action":{"type":"expire"}}]}
        What the policy says of it: ecr-steward check team-a/web
      "
    `)
    expect(writes()).toEqual([])
    await here.run(['create', 'team-a/api', '--owner', 'team-a', '--push-from', CI])
    const other = ['create', 'team-a/api', '--owner', 'team-a', '--lifecycle', 'releases']
    const access = [...other, '--push-from', `${CI}-2`, '--tag-exclusion', 'b*', '--tag-exclusion', 'a*']
    expect((await here.run(access)).err).toMatchInlineSnapshot(`
      "error: team-a/api is there already, and is otherwise than asked. It is left as it is:
        tag mutability: IMMUTABLE; asked: IMMUTABLE_WITH_EXCLUSION (a*, b*)
        lifecycle policy: one; asked: another one
        repository policy: one; asked: another one
        What changes it:
          aws ecr put-image-tag-mutability --region ap-northeast-1 --repository-name team-a/api --image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters '[{"filterType":"WILDCARD","filter":"b*"},{"filterType":"WILDCARD","filter":"a*"}]'
          ecr-steward lifecycle apply FILE team-a/api --replace, where FILE holds {"rules":[{"rulePriority":1,"description":"of v* the newest 50 stay","selection":{"tagStatus":"tagged","tagPrefixList":["v"],"countType":"imageCountMoreThan","countNumber":50},"action":{"type":"expire"}},{"rulePriority":2,"description":"untagged images expire after 7 days","selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":7},"action":{"type":"expire"}}]}
          aws ecr set-repository-policy --region ap-northeast-1 --repository-name team-a/api --policy-text '{"Version":"2012-10-17","Statement":[{"Sid":"PushFromCi","Effect":"Allow","Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:CompleteLayerUpload","ecr:GetDownloadUrlForLayer","ecr:InitiateLayerUpload","ecr:PutImage","ecr:UploadLayerPart"],"Principal":{"AWS":"arn:aws:iam::111122223333:role/ci-2"}}]}'
        What the policy says of it: ecr-steward check team-a/api
      "
    `)
    expect((await here.run([...other, '--lifecycle', 'none'])).err).toMatch(
      /lifecycle delete team-a\/api\n.*aws ecr delete-repository-policy /,
    )
  })

  test('adds a lifecycle policy that is lacking only where there is no image yet', async () => {
    here.aws.ecr.createRepository({ repositoryName: 'team-a/web', tags: [{ Key: 'Owner', Value: 'team-a' }] })
    const asIs = [...DEFAULTS, '--mutable', '--no-scan-on-push', '--encryption', 'AES256']
    expect((await here.run(asIs)).out).toMatch(/^completed\t/)
    here.aws.call('ecr', 'DeleteLifecyclePolicy', { repositoryName: 'team-a/web' })
    push(here.aws, 'team-a/web', manifestOf('a'), 1)
    const { code, err } = await here.run(asIs)
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('ecr-steward lifecycle apply FILE team-a/web, where FILE holds {'),
    ])
  })
})

describe('where a call fails', () => {
  test('a throttle is waited for', async () => {
    const error = { code: 'ThrottlingException' }
    here.aws.faults.inject({ service: 'ecr', operation: 'PutLifecyclePolicy', times: 2, error })
    expect((await here.run(DEFAULTS)).code).toBe(0)
  })

  test('what is made stays, and the same command finishes it', async () => {
    here.deny('ecr:PutLifecyclePolicy')
    const { code, out, err } = await here.run(SHARED)
    expect([code, out]).toEqual([4, ''])
    expect(err).toContain(
      'error: team-a/web is made, and lacks its lifecycle policy: ECR answered AccessDeniedException to PutLifecyclePolicy.\n',
    )
    expect(err).toContain(`{"Effect":"Allow","Action":["ecr:PutLifecyclePolicy"],"Resource":"${ARN}"}`)
    expect(stored()?.policyText).toBeDefined()
    const [, line = ''] = /The same command finishes it: ecr-steward repository (.*)/.exec(err) ?? []
    const asJson = await here.run([...line.split(' '), '--json'])
    expect(JSON.parse(asJson.out)).toMatchObject({ state: 'incomplete', lacks: ['lifecycle policy'] })
    here.deny()
    expect((await here.run(line.split(' '))).out).toMatch(/^completed\t/)
    expect(stored()?.lifecyclePolicyText).toBeDefined()
  })

  test('nothing is made where CreateRepository is refused, or where it cannot be seen what there is', async () => {
    here.deny('ecr:CreateRepository')
    const refused = await here.run(DEFAULTS)
    expect([refused.code, refused.err]).toEqual([
      4,
      expect.stringContaining('team-a/web was not made: ECR answered AccessDenied'),
    ])
    here.deny('ecr:DescribeRepositories')
    const unseen = await here.run(DEFAULTS)
    expect([unseen.code, unseen.err]).toEqual([4, expect.stringContaining('so nothing was made: ECR answered')])
    here.deny()
    here.aws.faults.inject({ service: 'ecr', operation: 'CreateRepository', error: { code: 'LimitExceededException' } })
    expect((await here.run(DEFAULTS)).code).toBe(3)
    expect(stored()).toBeUndefined()
  })

  test('an answer that is lost, or somebody who was faster, is no failure where it is as asked', async () => {
    const { create } = newRepository({ repositoryName: 'team-a/web', tags: { Owner: 'team-a' } })
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'CreateRepository', error: { drop: true } },
      // It is there, whoever made it.
      when: () => here.aws.ecr.createRepository(create as never) !== undefined,
    })
    const { code, out } = await here.run(DEFAULTS)
    expect([code, out.split('\t')[0]]).toEqual([0, 'completed'])
    expect(stored()?.lifecyclePolicyText).toBeDefined()
  })

  test('how the registry scans is not promised where it cannot be read, or where none of its rules covers it', async () => {
    const rules = [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: 'prod', filterType: 'WILDCARD' }] }]
    here.aws.call('ecr', 'PutRegistryScanningConfiguration', { scanType: 'BASIC', rules })
    expect((await here.run(DEFAULTS)).err).toContain('No scanning rule of the registry covers it')
    here.deny('ecr:GetRegistryScanningConfiguration')
    const { code, err } = await here.run(DEFAULTS)
    expect([code, err]).toEqual([0, expect.stringContaining('Whether its images are scanned is not known')])
  })
})

test('docs/repository.md has every preset with what it does', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/repository.md'), 'utf8')
  for (const name of PRESET_NAMES) expect(text).toContain(`| \`${name}\` | ${PRESETS[name].about} |`)
})

test('the line to repeat is safe to paste', () => {
  const nothing = { environment: undefined, project: undefined, encryption: undefined, kmsKey: undefined }
  const line = createLine('a/b', {
    ...{
      ...nothing,
      owner: "it's",
      lifecycle: 'my policy.json',
      tag: ['a=b c'],
      tagExclusion: ['dev-*'],
      pullFrom: [],
    },
    ...{ pushFrom: [], mutable: true, noScanOnPush: true, region: undefined, profile: 'ops', config: undefined },
  })
  expect(line).toBe(
    `ecr-steward repository create a/b --owner 'it'\\''s' --lifecycle 'my policy.json' --profile ops --tag 'a=b c' --tag-exclusion 'dev-*' --mutable --no-scan-on-push`,
  )
})

describe.skipIf(!hasCli)(withCli('the AWS CLI'), () => {
  test('reads back what was made, and makes the same by the line of --dry-run', async () => {
    const env = { ...envOf(here.aws), AWS_DEFAULT_REGION: here.aws.region, PATH: process.env.PATH, HOME: here.folder }
    const shell = async (line: string) => (await promisify(execFile)('sh', ['-c', line], { env })).stdout
    const options = ['--owner', 'team-a', '--pull-from', '210987654321', '--push-from', CI, '--tag-exclusion', 'dev-*']
    await here.run(['create', 'team-a/ours', ...options])
    const { out } = await here.run(['create', 'team-a/theirs', ...options, '--dry-run'])
    // The other lines put what this one has shown that a shell reads back: texts of JSON.
    await shell(out.split('\n', 1).join())
    expect((await here.run(['create', 'team-a/theirs', ...options])).out).toMatch(/^completed\t/)
    const { repositories } = JSON.parse(await shell('aws ecr describe-repositories'))
    const settings = {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS' },
    }
    expect(repositories).toEqual(
      ['team-a/ours', 'team-a/theirs'].map((repositoryName) =>
        expect.objectContaining({ repositoryName, ...settings }),
      ),
    )
  }, 120_000)
})

describe.skipIf(!hasMoto)(withMoto('moto'), () => {
  test('keeps what was made as the local AWS does', async () => {
    const moto = await startMoto()
    try {
      const env = { ...envOf(here.aws), AWS_ENDPOINT_URL: moto.url }
      const create = () => steward(['repository', ...SHARED], { cwd: here.folder, env, now: () => NOW })
      expect((await create()).out).toBe(`created\t${URI}\t${ARN}\n`)
      const aws = signedAws(env)
      const asked = newRepository({
        repositoryName: 'team-a/web',
        access: [
          { may: 'pull', account: '210987654321' },
          { may: 'push', role: CI },
        ],
      })
      const kept = await aws('ecr', 'GetRepositoryPolicy', { repositoryName: 'team-a/web' })
      expect(JSON.parse(String(kept.policyText))).toEqual(JSON.parse(asked.policyText ?? ''))
      expect((await create()).out).toMatch(/^unchanged\t/)
    } finally {
      await moto.close()
    }
  }, 120_000)
})
