import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AccessOptions, registryAccess } from '../../functions/adapters/registry-access.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { cleanUp } from '../clean-up/registry.ts'
import { ID, NOW } from '../sweep/records.ts'
import { envOf } from './env.ts'

const OTHER = '222222222222'
let aws: LocalAws
beforeEach(async () => {
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: 'prod/api' })
})
afterEach(() => aws.close())

const home = () => ({ account: aws.account, region: aws.region })
const opener = (change: Partial<AccessOptions> = {}) =>
  registryAccess({ env: envOf(aws), home: home(), config: { policy: [] }, now: () => NOW, ...change })

const operations = (): readonly string[] => aws.calls.map(({ operation }) => operation)

describe('the registry of whoever sweeps', () => {
  test('is read with its own credentials, and opened once', async () => {
    const open = opener()
    const access = open(home(), ID)
    expect(await access.problem()).toBeUndefined()
    for await (const page of access.list())
      expect(page).toMatchObject([{ ...home(), repository: 'prod/api', settings: { tagMutability: 'MUTABLE' } }])
    expect(operations()).toEqual(['DescribeRepositories'])
    expect(open(home(), ID)).toBe(access)
    expect(open({ ...home(), region: 'us-east-1' }, ID)).not.toBe(access)
    expect(open(home(), '2026-11-29t21')).not.toBe(access)
  })

  test('is called as somebody watches it', async () => {
    const watched: string[] = []
    const open = opener({
      watch: (calls, registry) => (service, operation, input) => {
        watched.push(`${service}:${operation} in ${registry.region}`)
        return calls(service, operation, input)
      },
    })
    for await (const _ of open(home(), ID).list());
    expect(watched).toEqual([`ecr:DescribeRepositories in ${aws.region}`])
    expect(operations()).toEqual(['DescribeRepositories'])
  })

  test('says nothing of what is in use where nobody asks', () => {
    expect(opener()(home(), ID).readInventory).toBeUndefined()
  })

  test('says what is in use, in its account and region and where the configuration says', async () => {
    const config = { policy: [], cleanUp: cleanUp({ inUse: { ...cleanUp().inUse, regions: [aws.region] } }) }
    const { at, reports } = (await opener({ config })(home(), ID).readInventory?.()) ?? { at: 0, reports: [] }
    expect(at).toBe(NOW.getTime())
    expect(new Set(reports.map(({ registry }) => JSON.stringify(registry)))).toEqual(new Set([JSON.stringify(home())]))
  })
})

describe('a registry of another account', () => {
  const other = () => ({ ...home(), account: OTHER })

  test('is read with a role there, whose session tells the sweep, and that is told the external id', async () => {
    aws.principals.createRole('ecr-steward-read', OTHER)
    aws.at({ account: OTHER }).ecr.createRepository({ repositoryName: 'theirs' })
    const access = opener({ externalId: 'steward-7' })(other(), ID)
    expect(await access.problem()).toBeUndefined()
    for await (const page of access.list()) expect(page).toMatchObject([{ ...other(), repository: 'theirs' }])
    const [assumed] = aws.calls.filter(({ operation }) => operation === 'AssumeRole')
    expect(assumed?.input).toMatchObject({
      ...{ RoleArn: `arn:aws:iam::${OTHER}:role/ecr-steward-read`, ExternalId: 'steward-7' },
      RoleSessionName: `ecr-steward-sweep-${ID}`,
    })
  })

  test('says why it cannot be read, and what to do', async () => {
    expect(await opener()(other(), ID).problem()).toBe(
      `the role arn:aws:iam::${OTHER}:role/ecr-steward-read cannot be assumed: AccessDenied; deploy the member stack in account ${OTHER} (docs/members.md), or take it out of sweep.accounts`,
    )
  })

  test('is asked what is in use with that role, and the account of whoever sweeps with its own credentials', async () => {
    aws.principals.createRole('ecr-steward-read', OTHER)
    const credentials = async () => ({ accessKeyId: 'mine', secretAccessKey: 's' })
    const access = opener({ config: { policy: [], cleanUp: cleanUp() }, credentials })(other(), ID)
    const { reports } = (await access.readInventory?.()) ?? { reports: [] }
    expect(new Set(reports.map(({ registry }) => registry.account))).toEqual(new Set([OTHER, aws.account]))
    const keys = new Set(aws.calls.filter(({ service }) => service === 'ecs').map(({ accessKeyId }) => accessKeyId))
    expect([...keys].map((key) => aws.principals.arnOf(key)).toSorted()).toEqual([
      `arn:aws:iam::${aws.account}:user/mine`,
      `arn:aws:sts::${OTHER}:assumed-role/ecr-steward-read/ecr-steward-sweep-${ID}`,
    ])
  })

  test('lets a fault of ours be one', async () => {
    const credentials = () => Promise.reject(new TypeError('a fault of ours'))
    await expect(opener({ credentials })(other(), ID).problem()).rejects.toThrow(TypeError)
  })
})
