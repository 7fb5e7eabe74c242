import { beforeEach, describe, expect, test } from 'vitest'
import { newRepository } from '../../../functions/domain/new-repository/new-repository.ts'
import { manifestOf, push } from '../../clean-up/registry.ts'
import { repositoryWorld } from './world.ts'

const here = repositoryWorld()

const HOST = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'
const made = (name: string) => here.aws.ecr.repository(name)?.settings.createdAt?.toISOString()

/** `team-a/web` as `repository create` makes it, `team-a/old` as the API does without options, and `team-b/x` with exclusions. */
beforeEach(() => {
  const { create, lifecyclePolicyText } = newRepository({ repositoryName: 'team-a/web', tags: { owner: 'team-a' } })
  here.aws.ecr.createRepository(create as never)
  here.aws.call('ecr', 'PutLifecyclePolicy', { repositoryName: 'team-a/web', lifecyclePolicyText })
  here.aws.ecr.createRepository({ repositoryName: 'team-a/old' })
  push(here.aws, 'team-a/old', manifestOf('a'), 1, 'a')
  push(here.aws, 'team-a/old', manifestOf('b'), 1)
  const excluded = newRepository({ repositoryName: 'team-b/x', tagExclusions: ['latest'], encryption: 'AES256' })
  here.aws.ecr.createRepository(excluded.create as never)
})

describe('repository list', () => {
  test('is a table on a terminal', async () => {
    const { code, out, err } = await here.run(['list', '--images'], 120)
    expect([code, err]).toEqual([0, '3 repositories.\n'])
    expect(out).toMatchInlineSnapshot(`
      "REPOSITORY  TAGS                  SCAN     ENCRYPTION  LIFECYCLE  OWNER   IMAGES  SIZE
      team-a/old  mutable               no       AES256      no         -       2       4.19 kB
      team-a/web  immutable             on push  KMS         yes        team-a  0       0 B
      team-b/x    immutable but latest  on push  AES256      no         -       0       0 B
      "
    `)
    const { out: quick } = await here.run(['list', '--quick'], 120)
    expect(quick.split('\n')[0]).toBe('REPOSITORY  TAGS                  SCAN     ENCRYPTION')
  })

  test('is a line for each in a pipe, and only what is shown is asked for', async () => {
    const { out } = await here.run(['list', 'team-a/*'])
    expect(out.split('\n')).toEqual([
      `team-a/old\t${HOST}/team-a/old\tMUTABLE\tno\tAES256\tno\t-\t${made('team-a/old')}\t-\t-`,
      `team-a/web\t${HOST}/team-a/web\tIMMUTABLE\ton push\tKMS\tyes\tteam-a\t${made('team-a/web')}\t-\t-`,
      '',
    ])
    const before = here.calls().length
    expect((await here.run(['list', '--quick'])).out).toContain('\tIMMUTABLE_WITH_EXCLUSION\ton push\tAES256\t-\t-\t')
    expect(here.calls().slice(before)).toEqual(['GetRegistryScanningConfiguration', 'DescribeRepositories'])
  })

  test('is JSON, also of nothing', async () => {
    const { code, out } = await here.run(['list', `${HOST}/team-a/old`, '--images', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      ...{ schemaVersion: 1, missing: [], outcome: 'pass' },
      repositories: [
        {
          ...{
            account: here.aws.account,
            region: here.aws.region,
            repository: 'team-a/old',
            uri: `${HOST}/team-a/old`,
          },
          arn: `arn:aws:ecr:${here.aws.region}:${here.aws.account}:repository/team-a/old`,
          ...{
            tagMutability: 'MUTABLE',
            exclusions: [],
            scanOnPush: false,
            scan: 'no',
            encryption: { type: 'AES256' },
          },
          ...{
            createdAt: made('team-a/old'),
            lifecyclePolicy: false,
            owner: null,
            images: 2,
            bytes: expect.any(Number),
            problems: [],
          },
        },
      ],
    })
    expect(JSON.parse((await here.run(['list', 'nothing/*', '--json'])).out)).toMatchObject({ repositories: [] })
  })

  test('the rules of the registry say what is scanned, where it has some', async () => {
    const rules = [
      { scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*old', filterType: 'WILDCARD' }] },
    ]
    here.aws.call('ecr', 'PutRegistryScanningConfiguration', { scanType: 'ENHANCED', rules })
    const { out } = await here.run(['list', '--quick'])
    expect(out.split('\n').map((line) => line.split('\t')[3])).toEqual(['continuous', 'no', 'no', undefined])
  })

  test('what cannot be read is a question mark, each reason once, and never a pass', async () => {
    here.deny(
      'ecr:GetLifecyclePolicy',
      'ecr:ListTagsForResource',
      'ecr:GetRegistryScanningConfiguration',
      'ecr:DescribeImages',
    )
    const { code, out, err } = await here.run(['list', '--images'])
    expect([code, out.split('\n')[0]]).toEqual([
      4,
      `team-a/old\t${HOST}/team-a/old\tMUTABLE\t?\tAES256\t?\t?\t${made('team-a/old')}\t?\t?`,
    ])
    expect(err.match(/3 repositories: ECR answered AccessDeniedException/g)).toHaveLength(3)
    expect((await here.run(['list', '--images'], 120)).out).toMatch(
      /^team-a\/old +mutable +\? +AES256 +\? +\? +\? +\?$/m,
    )
    here.deny()
    here.aws.faults.inject({
      service: 'ecr',
      operation: 'DescribeRepositories',
      error: { code: 'InvalidParameterException' },
    })
    expect((await here.run(['list', 'team-a/web'])).code).toBe(3)
  })

  test('what is named and is not there is told, with the name that was meant', async () => {
    const { code, err } = await here.run(['list', 'team-a/wep'])
    expect([code, err]).toEqual([3, expect.stringContaining('Did you mean team-a/web?')])
    expect((await here.run(['list', 'team-a/web:1'])).code).toBe(2)
  })

  test('pages are streamed: more than a thousand in their order', async () => {
    for (let n = 0; n < 1_100; n++)
      here.aws.ecr.createRepository({ repositoryName: `many/${String(n).padStart(4, '0')}` })
    const { out } = await here.run(['list', 'many/**', '--quick'])
    const names = out
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[0])
    expect([names.length, names[0], names.at(-1)]).toEqual([1_100, 'many/0000', 'many/1099'])
  })
})
