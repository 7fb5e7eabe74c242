import { describe, expect, it } from 'vitest'
import { readInventory } from '../../../functions/adapters/in-use.ts'
import { roleCredentials } from '../../../functions/adapters/role-credentials.ts'
import { signedPost } from '../../../functions/adapters/signed-aws.ts'
import { SOURCE_NAMES } from '../../../functions/domain/in-use/source-names.ts'
import { type Answer, awsOf, EMPTY, envOf, FULL, NOW, OWN, Refusal, sourcesAt, usesOf, type World } from './aws.ts'

const OTHER = '222222222222'
const ROLE = `arn:aws:iam::${OTHER}:role/ecr-steward-read`

const session = (key: string, expiration: string): string =>
  `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${key}</AccessKeyId>` +
  `<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration>` +
  '</Credentials></AssumeRoleResult></AssumeRoleResponse>'

const assume: Answer = () => session('OTHERKEY', '2026-11-28T10:00:00Z')

/** Answers of the other account where its key is used, and of the own one otherwise. */
const byKey = (own: World, other: World): World =>
  Object.fromEntries(
    [...new Set([...Object.keys(own), ...Object.keys(other)])].map((operation) => [
      operation,
      (input, call) => (call.key === 'OTHERKEY' ? other : own)[operation]?.(input, call),
    ]),
  )

const project = (image: string): World => ({
  ...EMPTY,
  'codebuild:ListProjects': () => ({ projects: ['api'] }),
  'codebuild:BatchGetProjects': () => ({ projects: [{ name: 'api', environment: { image } }] }),
})

const HOST = `${OWN}.dkr.ecr.us-east-1.amazonaws.com`

describe('other accounts', () => {
  it('are read with a role there, in a session that says who reads and why', async () => {
    const { url, calls } = await awsOf({
      ...byKey(project(`${HOST}/a:1`), project(`${HOST}/b:2`)),
      'sts:AssumeRole': assume,
    })
    const { reports } = await readInventory(sourcesAt(url, { accounts: [OTHER, OWN] }), () => NOW)
    expect(reports.flatMap(usesOf)).toEqual([
      'a:1 ← CodeBuild project api',
      'b:2 ← CodeBuild project api in 222222222222, us-east-1',
    ])
    expect(reports.map(({ registry, incomplete }) => [registry.account, incomplete])).toEqual([
      ...SOURCE_NAMES.map(() => [OWN, undefined]),
      ...SOURCE_NAMES.map(() => [OTHER, undefined]),
    ])
    const assumed = calls.filter(({ operation }) => operation === 'sts:AssumeRole')
    expect(assumed.map(({ input }) => input)).toEqual([
      expect.objectContaining({ RoleArn: ROLE, RoleSessionName: `ecr-steward-in-use-for-${OWN}` }),
    ])
  })

  it('are not known at all where the role cannot be assumed: every source there says so, and the own account is read', async () => {
    const { url } = await awsOf({ ...project(`${HOST}/a:1`), 'sts:AssumeRole': () => new Refusal('AccessDenied', 403) })
    const { reports } = await readInventory(sourcesAt(url, { accounts: [OTHER] }), () => NOW)
    const [own, other] = [reports.slice(0, SOURCE_NAMES.length), reports.slice(SOURCE_NAMES.length)]
    expect(own.flatMap(usesOf)).toEqual(['a:1 ← CodeBuild project api'])
    expect(other.map(({ source }) => source)).toEqual(SOURCE_NAMES)
    for (const { incomplete, uses } of other) {
      expect(uses).toEqual([])
      expect(incomplete).toBe(
        `the role ${ROLE} cannot be assumed: AccessDenied; deploy the member stack in account 222222222222 (docs/members.md), or take it out of clean-up.in-use.accounts`,
      )
    }
  })

  it('are asked for again at the next reading, once the role is there', async () => {
    const { url } = await awsOf({
      ...byKey(EMPTY, project(`${HOST}/b:2`)),
      'sts:AssumeRole': (input, call) =>
        call.nth <= SOURCE_NAMES.length ? new Refusal('AccessDenied', 403) : assume(input, call),
    })
    const sources = sourcesAt(url, { accounts: [OTHER] })
    for (const source of sources) await source.read()
    const { reports } = await readInventory(sources, () => NOW)
    expect(reports.every(({ incomplete }) => incomplete === undefined)).toBe(true)
    expect(reports.flatMap(usesOf)).toHaveLength(1)
  })

  it('are not known whole where the role cannot be assumed again in the midst of it', async () => {
    let now = NOW
    const { url } = await awsOf({
      ...byKey(EMPTY, {
        ...project(`${HOST}/b:2`),
        'codebuild:ListProjects': () => {
          now = new Date('2026-11-28T11:00:00Z')
          return { projects: ['api'] }
        },
      }),
      'sts:AssumeRole': (input, call) => (call.nth === 1 ? assume(input, call) : new Refusal('AccessDenied', 403)),
    })
    const sources = sourcesAt(
      url,
      { accounts: [OTHER], ignoreSources: SOURCE_NAMES.filter((one) => one !== 'codebuild') },
      () => now,
    )
    const { reports } = await readInventory(sources, () => now)
    expect(reports.map(({ incomplete }) => incomplete)).toEqual([
      undefined,
      expect.stringContaining('AccessDenied for codebuild:BatchGetProjects'),
    ])
  })
})

describe('other regions', () => {
  it('are read in every account, each with the calls of its own region', async () => {
    const { url, calls } = await awsOf({ ...EMPTY, 'sts:AssumeRole': assume })
    const options = { accounts: [OTHER], regions: ['eu-west-1', 'us-east-1'] }
    const { reports } = await readInventory(sourcesAt(url, options), () => NOW)
    const sites = reports.map(({ registry: { account, region } }) => `${account} ${region}`)
    expect([...new Set(sites)]).toEqual([
      `${OWN} us-east-1`,
      `${OWN} eu-west-1`,
      `${OTHER} us-east-1`,
      `${OTHER} eu-west-1`,
    ])
    expect(sites).toHaveLength(4 * SOURCE_NAMES.length)
    const regions = calls
      .filter(({ operation }) => operation === 'batch:DescribeJobDefinitions')
      .map(({ region }) => region)
    expect(regions.toSorted()).toEqual(['eu-west-1', 'eu-west-1', 'us-east-1', 'us-east-1'])
  })
})

describe('credentials of a role', () => {
  const role = { arn: ROLE, session: 'why' }

  it('are kept until shortly before they expire, then asked for once by all', async () => {
    const { url, calls } = await awsOf({
      'sts:AssumeRole': (_, { nth }) =>
        session(`KEY${nth}`, nth === 1 ? '2026-11-28T10:00:00Z' : '2026-11-28T12:00:00Z'),
    })
    let now = NOW
    const credentials = roleCredentials(signedPost(envOf(url)), role, () => now)
    const keys = async () => (await Promise.all([1, 2, 3].map(credentials))).map(({ accessKeyId }) => accessKeyId)
    expect(await keys()).toEqual(['KEY1', 'KEY1', 'KEY1'])
    now = new Date('2026-11-28T09:56:00Z')
    expect(await keys()).toEqual(['KEY2', 'KEY2', 'KEY2'])
    expect(calls).toHaveLength(2)
  })

  it('are none where the answer has none', async () => {
    const { url } = await awsOf({ 'sts:AssumeRole': () => '<html></html>' })
    await expect(roleCredentials(signedPost(envOf(url)), role, () => NOW)()).rejects.toThrow('without AccessKeyId')
  })
})

describe('EKS elsewhere', () => {
  const clusters = (names: readonly string[], world: World): World => ({
    ...world,
    'eks:ListClusters': () => ({ clusters: names }),
  })
  const eksOf = async (world: World) => {
    const { url, calls } = await awsOf({ ...world, 'sts:AssumeRole': assume })
    const { reports } = await readInventory(sourcesAt(url, { accounts: [OTHER] }), () => NOW)
    return { eks: reports.filter(({ source }) => source === 'eks'), calls }
  }

  it('is known where Inspector watches there and where the images come from', async () => {
    const { eks } = await eksOf(
      byKey(
        clusters([], FULL),
        clusters(['blue'], { ...FULL, 'inspector2:ListCoverage': () => ({ coveredResources: [] }) }),
      ),
    )
    expect(eks.map(({ incomplete }) => incomplete)).toEqual([undefined, undefined])
    // Inspector tells of an image in the account that it belongs to.
    expect(eks.map(({ uses }) => uses.length)).toEqual([0, 3])
  })

  it('is not known where Inspector does not watch the registry that the images come from', async () => {
    const off: Answer = () => ({ accounts: [{ accountId: OWN, resourceState: { ecr: { status: 'DISABLED' } } }] })
    const { eks } = await eksOf(
      byKey({ ...clusters([], FULL), 'inspector2:BatchGetAccountStatus': off }, clusters(['blue'], FULL)),
    )
    expect(eks[0]?.incomplete).toBeUndefined()
    expect(eks[1]?.incomplete).toContain(
      `nothing tells what runs in EKS cluster blue: turn on Inspector's ECR scanning in ${OWN}, us-east-1`,
    )
  })
})
